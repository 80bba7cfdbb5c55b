//! Lines made services: each cell read, each doubt said.

use std::collections::{HashMap, HashSet};

use kit::{Id, text};
use territoire::{Commune, Point, Referentiel, Territoire};

use super::lecture::Ligne;
use super::{Colonne, Probleme, Progress, Rapport, Verification};
use crate::aiguillage::Inscription;
use crate::besoin::{Reconnaissance, Taxonomie};
use crate::rules::presentation::{COURRIEL_REFUSE, SITE_WEB_REFUSE, read_site_web};
use crate::rules::{couverture, horaires, siret};
use crate::{Aide, Categorie, Contact, Creneau, Disponibilite, Frais, Intervention, Lieu, Modalites, Mode, Public, Service, Structure};

/// Which source the ids of a file belong to: the same file sent again under another name updates the same records.
pub(super) const SOURCE: &str = "import";
/// Free text of a record; beyond, it is no longer read by anybody.
pub(super) const LONGUEUR_MAXIMALE: usize = 5_000;

pub fn verify_lines(lignes: &[Ligne], fichier: &str, territoire: &Territoire, progress: Progress) -> Verification {
    let mut examen = Examen { fichier, territoire, rapport: Rapport::default(), ligne: 0, besoins: HashMap::new() };
    let mut inscriptions = Vec::with_capacity(lignes.len());
    let (mut services, mut structures) = (HashSet::new(), HashMap::new());
    for (done, ligne) in lignes.iter().enumerate() {
        examen.ligne = ligne.numero;
        if let Some(inscription) = examen.read_line(ligne) {
            examen.check_unique(&inscription, &mut services, &mut structures);
            inscriptions.push(inscription);
        }
        if done % 1_000 == 0 {
            progress(done, lignes.len());
        }
    }
    progress(lignes.len(), lignes.len());
    let Examen { mut rapport, .. } = examen;
    (rapport.lignes, rapport.services) = (lignes.len(), lignes.len());
    rapport.structures = structures.len();
    Verification { fichier: fichier.to_string(), inscriptions, rapport, ..Verification::default() }
}

/// The reading of one file.
struct Examen<'a> {
    fichier: &'a str,
    territoire: &'a Territoire,
    rapport: Rapport,
    ligne: u64,
    /// The same words come back on every line.
    besoins: HashMap<String, Result<Vec<String>, String>>,
}

impl Examen<'_> {
    fn refuse(&mut self, colonne: Colonne, valeur: &str, conseil: impl Into<String>) {
        self.add(colonne.code(), valeur, conseil.into(), true);
    }

    fn warn(&mut self, colonne: Colonne, valeur: &str, conseil: impl Into<String>) {
        self.add(colonne.code(), valeur, conseil.into(), false);
    }

    fn add(&mut self, colonne: &str, valeur: &str, conseil: String, bloquant: bool) {
        let valeur = valeur.chars().take(200).collect();
        self.rapport.add(Probleme { fichier: self.fichier.into(), ligne: self.ligne, colonne: colonne.into(), valeur, conseil, bloquant });
    }

    /// A service, as far as the line can be read; its problems are in the report.
    fn read_line(&mut self, ligne: &Ligne) -> Option<Inscription> {
        if ligne.is_broken() {
            let conseil = format!(
                "la ligne a {} cases au lieu de {} : elle est coupée, ou un séparateur est de trop (entourez de guillemets un texte qui en contient)",
                ligne.cells(),
                ligne.attendues
            );
            self.add("", "", conseil, true);
            return None;
        }
        self.check_lengths(ligne);
        let source_id = self.required(ligne, Colonne::StructureId);
        let nom = self.required(ligne, Colonne::Structure);
        let commune = self.read_commune(ligne);
        let besoins = self.read_besoins(ligne);
        let structure = self.read_structure(ligne, source_id?, nom?);
        let service = self.read_service(ligne, &structure, commune?, besoins?)?;
        Some(Inscription { structure, service })
    }

    fn check_lengths(&mut self, ligne: &Ligne) {
        for colonne in Colonne::ALL {
            let cell = ligne.case(*colonne);
            if cell.chars().count() > LONGUEUR_MAXIMALE {
                self.refuse(*colonne, &cell, format!("le texte dépasse {LONGUEUR_MAXIMALE} caractères : raccourcissez-le"));
            }
        }
    }

    fn required(&mut self, ligne: &Ligne, colonne: Colonne) -> Option<String> {
        let found = text::some(&ligne.case(colonne));
        if found.is_none() {
            self.refuse(colonne, "", "cette case est vide : remplissez-la");
        }
        found
    }

    fn read_structure(&mut self, ligne: &Ligne, source_id: String, nom: String) -> Structure {
        let categorie = text::some(&ligne.case(Colonne::Categorie));
        let categorie = categorie.map_or(Some(Categorie::Autre), |word| {
            find_code(&word, Categorie::ALL, Categorie::code, Categorie::label).or_else(|| {
                self.warn(
                    Colonne::Categorie,
                    &word,
                    format!("nature inconnue, « autre » sera retenu. Les natures sont : {}", Categorie::codes()),
                );
                Some(Categorie::Autre)
            })
        });
        let siret = text::some(&ligne.case(Colonne::Siret)).map(|siret| siret.replace(' ', ""));
        if let Some(doubtful) = siret.as_deref().filter(|siret| !siret::is_plausible(siret)) {
            self.warn(Colonne::Siret, doubtful, "ce numéro n’a pas la clé d’un SIRET : vérifiez ses quatorze chiffres");
        }
        Structure {
            id: Id::from_name(&format!("{}/{SOURCE}/{source_id}", self.territoire.id)),
            source: SOURCE.into(),
            source_id,
            nom,
            categorie: categorie.unwrap_or(Categorie::Autre),
            description: text::some(&ligne.case(Colonne::Description)),
            siret,
            contact: Contact {
                telephone: self.read_telephone(ligne, Colonne::Telephone),
                courriel: self.read_courriel(ligne),
                site_web: self.read_site_web(ligne),
            },
            exemple: matches!(text::fold(&ligne.case(Colonne::Exemple)).as_str(), "oui" | "1" | "vrai" | "x"),
        }
    }

    fn read_telephone(&mut self, ligne: &Ligne, colonne: Colonne) -> Option<String> {
        let written = text::some(&ligne.case(colonne))?;
        kit::telephone::read(&written).map_err(|conseil| self.refuse(colonne, &written, conseil)).ok()
    }

    fn read_courriel(&mut self, ligne: &Ligne) -> Option<String> {
        let written = text::some(&ligne.case(Colonne::Courriel))?;
        let is_plausible = text::is_courriel(&written);
        if !is_plausible {
            self.refuse(Colonne::Courriel, &written, COURRIEL_REFUSE);
        }
        is_plausible.then_some(written)
    }

    fn read_site_web(&mut self, ligne: &Ligne) -> Option<String> {
        let written = text::some(&ligne.case(Colonne::SiteWeb))?;
        let site = read_site_web(&written);
        if site.is_none() {
            self.refuse(Colonne::SiteWeb, &written, SITE_WEB_REFUSE);
        }
        site
    }

    fn read_commune(&mut self, ligne: &Ligne) -> Option<&'static Commune> {
        let national = Referentiel::get();
        let code = ligne.case(Colonne::CodeInsee);
        if !code.is_empty() {
            return match national.resolve_code(&code) {
                Ok(found) => Some(found.commune),
                Err(refusal) => {
                    self.refuse(Colonne::CodeInsee, &code, refusal.to_string());
                    None
                }
            };
        }
        let typed = format!("{} {}", ligne.case(Colonne::CodePostal), ligne.case(Colonne::Commune));
        let found = national.search_communes(&typed, None, 2);
        match found.as_slice() {
            [] => {
                self.refuse(
                    Colonne::Commune,
                    typed.trim(),
                    "cette commune n’est pas trouvée : donnez plutôt son code INSEE dans la colonne code_insee",
                );
                None
            }
            [first, second] if first.score == second.score => {
                let conseil = format!(
                    "plusieurs communes portent ce nom ({}, {}…) : ajoutez le code INSEE",
                    first.commune.nom_complet(),
                    second.commune.nom_complet()
                );
                self.refuse(Colonne::Commune, typed.trim(), conseil);
                None
            }
            [first, ..] => Some(first.commune),
        }
    }

    fn read_besoins(&mut self, ligne: &Ligne) -> Option<Vec<String>> {
        let cell = self.required(ligne, Colonne::Besoins)?;
        let mut codes: Vec<String> = vec![];
        let mut is_whole = true;
        for words in cell.split(['|', ';']).map(str::trim).filter(|words| !words.is_empty()) {
            match self.besoins.entry(words.to_string()).or_insert_with(|| recognise(words)).clone() {
                Ok(found) => codes.extend(found),
                Err(conseil) => {
                    self.refuse(Colonne::Besoins, words, conseil);
                    is_whole = false;
                }
            }
        }
        codes.dedup();
        is_whole.then_some(codes)
    }

    fn read_service(&mut self, ligne: &Ligne, structure: &Structure, commune: &Commune, besoins: Vec<String>) -> Option<Service> {
        let lieu = self.read_lieu(ligne, structure, commune);
        let mode = self.required(ligne, Colonne::Mode).and_then(|word| {
            let found = find_code(&word, Mode::ALL, Mode::code, Mode::label);
            if found.is_none() {
                self.refuse(Colonne::Mode, &word, format!("mode inconnu : écrivez {}", Mode::codes()));
            }
            found
        });
        let couverture = self.read_couverture(ligne, lieu.point.or(commune.point));
        let first = besoins.first().and_then(|code| Taxonomie::get().find(code));
        let nom = text::some(&ligne.case(Colonne::Service)).or_else(|| first.map(|besoin| besoin.libelle.to_string())).unwrap_or_default();
        let source_id = text::some(&ligne.case(Colonne::ServiceId)).unwrap_or_else(|| text::fold(&nom).replace(' ', "-"));
        Some(Service {
            id: Id::from_name(&format!("{}/{source_id}", structure.id)),
            structure_id: structure.id,
            lieu,
            source_id,
            nom,
            description: text::some(&ligne.case(Colonne::ServiceDescription)),
            besoins,
            mode: mode?,
            couverture: couverture?,
            intervention: self.read_list(
                ligne,
                Colonne::Intervention,
                |word| find_code(word, Intervention::ALL, Intervention::code, Intervention::label),
                &Intervention::codes(),
            ),
            creneaux: self.read_list(
                ligne,
                Colonne::Creneaux,
                |word| find_code(word, Creneau::ALL, Creneau::code, Creneau::label),
                &Creneau::codes(),
            ),
            disponibilite: self
                .read_list(
                    ligne,
                    Colonne::Disponibilite,
                    |word| find_code(word, Disponibilite::ALL, Disponibilite::code, Disponibilite::label),
                    &Disponibilite::codes(),
                )
                .first()
                .copied()
                .unwrap_or(Disponibilite::Inconnue),
            telephone: self.read_telephone(ligne, Colonne::ServiceTelephone),
            tarif: text::some(&ligne.case(Colonne::Tarif)),
            modalites: self.read_modalites(ligne),
        })
    }

    fn read_modalites(&mut self, ligne: &Ligne) -> Modalites {
        let publics =
            self.read_list(ligne, Colonne::Publics, |word| find_code(word, Public::ALL, Public::code, Public::label), &Public::codes());
        let frais = self.read_list(ligne, Colonne::Frais, |word| find_code(word, Frais::ALL, Frais::code, Frais::label), &Frais::codes());
        let aides = self.read_list(ligne, Colonne::Aides, |word| find_code(word, Aide::ALL, Aide::code, Aide::label), &Aide::codes());
        Modalites {
            publics,
            frais: frais.first().copied(),
            aides,
            conditions: text::some(&ligne.case(Colonne::Conditions)),
            demarche: text::some(&ligne.case(Colonne::Demarche)),
            ..Modalites::default()
        }
    }

    fn read_lieu(&mut self, ligne: &Ligne, structure: &Structure, commune: &Commune) -> Lieu {
        let adresse = text::some(&ligne.case(Colonne::Adresse));
        let written = text::some(&ligne.case(Colonne::Horaires));
        let horaires =
            written.filter(|written| horaires::check(written).map_err(|conseil| self.refuse(Colonne::Horaires, written, conseil)).is_ok());
        let key = format!("{}/{}/{}", structure.id, commune.code, text::fold(adresse.as_deref().unwrap_or_default()));
        Lieu { id: Id::from_name(&key), adresse, commune: commune.code, point: self.read_point(ligne), horaires }
    }

    fn read_point(&mut self, ligne: &Ligne) -> Option<Point> {
        let (latitude, longitude) = (ligne.case(Colonne::Latitude), ligne.case(Colonne::Longitude));
        if latitude.is_empty() && longitude.is_empty() {
            return None;
        }
        let degrees = |cell: &str| cell.replace(',', ".").parse::<f64>().ok();
        let point = degrees(&latitude).zip(degrees(&longitude)).and_then(|(latitude, longitude)| Point::new(latitude, longitude));
        if point.is_none() {
            self.refuse(
                Colonne::Latitude,
                &format!("{latitude} {longitude}"),
                "ce point n’est pas sur Terre : écrivez des degrés, comme 46.7015 et 1.2143",
            );
        }
        point
    }

    fn read_couverture(&mut self, ligne: &Ligne, lieu: Option<Point>) -> Option<couverture::Couverture> {
        let cell = self.required(ligne, Colonne::Couverture)?;
        let read = cell
            .parse()
            .and_then(|couverture| couverture::resolve(&couverture, self.territoire, lieu).map(|desserte| (couverture, desserte)));
        match read {
            Ok((couverture, desserte)) => {
                if !reaches(&desserte, self.territoire) {
                    self.warn(
                        Colonne::Couverture,
                        &cell,
                        format!("aucune commune de {} n’est desservie : ce service n’y sera jamais proposé", self.territoire.nom),
                    );
                }
                Some(couverture)
            }
            Err(refusal) => {
                self.refuse(Colonne::Couverture, &cell, refusal.to_string());
                None
            }
        }
    }

    fn read_list<T>(&mut self, ligne: &Ligne, colonne: Colonne, find: impl Fn(&str) -> Option<T>, known: &str) -> Vec<T> {
        let cell = ligne.case(colonne);
        let mut values = vec![];
        for word in cell.split(['|', ',', ';']).map(str::trim).filter(|word| !word.is_empty()) {
            match find(word) {
                Some(value) => values.push(value),
                None => self.refuse(colonne, word, format!("mot inconnu : écrivez {known}")),
            }
        }
        values
    }

    /// The same service twice, or one structure under two names: one of the two lines would silently win.
    fn check_unique(&mut self, inscription: &Inscription, services: &mut HashSet<Id>, structures: &mut HashMap<Id, String>) {
        let service = &inscription.service;
        if !services.insert(service.id) {
            self.refuse(
                Colonne::ServiceId,
                &service.source_id,
                "ce service est déjà plus haut dans le fichier : donnez un service_id différent à chacun",
            );
        }
        let known = structures.entry(inscription.structure.id).or_insert_with(|| inscription.structure.nom.clone()).clone();
        if known != inscription.structure.nom {
            self.refuse(
                Colonne::Structure,
                &inscription.structure.nom,
                format!("la même structure s’appelle « {known} » plus haut : gardez un seul nom, ou un autre structure_id"),
            );
        }
    }
}

fn reaches(desserte: &couverture::Desserte, territoire: &Territoire) -> bool {
    let national = Referentiel::get();
    let is_reached = |rang: &u16| territoire.contains(*rang) && national.commune(*rang).is_some_and(|commune| desserte.covers(commune));
    desserte.zones.iter().any(|zone| match zone {
        couverture::Zone::Commune(rang) => territoire.contains(*rang),
        couverture::Zone::Epci(rang) => national.epci(*rang).is_some_and(|epci| epci.communes.iter().any(is_reached)),
        couverture::Zone::Departement(rang) => {
            national.departements().get(usize::from(*rang)).is_some_and(|departement| departement.communes.iter().any(is_reached))
        }
        couverture::Zone::France => territoire.communes.iter().any(is_reached),
    })
}

/// A code, or the words people read for it.
pub(super) fn find_code<T: Copy>(word: &str, all: &[T], code: fn(T) -> &'static str, label: fn(T) -> &'static str) -> Option<T> {
    let folded = text::fold(word);
    all.iter().copied().find(|value| text::fold(code(*value)) == folded || text::fold(label(*value)) == folded)
}

/// Codes of the needs that words designate, or what to write instead.
fn recognise(words: &str) -> Result<Vec<String>, String> {
    match Taxonomie::get().recognise(words) {
        Reconnaissance::Reconnu(besoins) => Ok(besoins.iter().map(|besoin| besoin.code.to_string()).collect()),
        Reconnaissance::Ambigu(trouves) => {
            let codes = trouves.iter().take(4).map(|trouve| &*trouve.besoin.code).collect::<Vec<_>>().join(", ");
            Err(format!("plusieurs besoins sont possibles, choisissez un code : {codes}"))
        }
        Reconnaissance::Inconnu => {
            Err("ce besoin n’est pas reconnu : écrivez un code de la liste des besoins, comme menage ou portage-repas".into())
        }
    }
}
