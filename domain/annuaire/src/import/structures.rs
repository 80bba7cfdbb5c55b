//! Lines made structures, for the lists that tell who is there and not what they do: town halls, EHPAD, France services…
//! Such lists come as they are: what can be mended or left aside is said and does not stop the file.

use std::collections::{HashMap, HashSet};

use kit::{Id, text};
use territoire::{Commune, Point, Territoire};

use super::geographie::{Ecrit, check_point, find_commune, strip_commune};
use super::lecture::Ligne;
use super::verification::{LONGUEUR_MAXIMALE, SOURCE};
use super::{Colonne, Probleme, Progress, Rapport, StructureSeule, Verification, nature};
use crate::doublons::{Candidat, SEUIL, find_paires};
use crate::rules::presentation::{COURRIEL_REFUSE, SITE_WEB_REFUSE, read_site_web};
use crate::rules::{horaires, siret};
use crate::{Contact, Lieu, Structure};

pub fn verify_lines(lignes: &[Ligne], fichier: &str, territoire: &Territoire, progress: Progress) -> Verification {
    let mut examen = Examen { fichier, territoire, problemes: vec![], ligne: 0, repeated: list_repeated(lignes) };
    let mut read: Vec<(u64, StructureSeule)> = vec![];
    let mut known: HashMap<Id, u64> = HashMap::new();
    for (done, ligne) in lignes.iter().enumerate() {
        examen.ligne = ligne.numero;
        if let Some(one) = examen.read_line(ligne) {
            match known.get(&one.structure.id) {
                Some(first) => examen.warn(
                    Colonne::Structure,
                    &one.structure.nom.clone(),
                    format!("cette structure est déjà à la ligne {first} : la première est retenue, supprimez l’autre"),
                ),
                None => {
                    known.insert(one.structure.id, ligne.numero);
                    read.push((ligne.numero, one));
                }
            }
        }
        if done % 1_000 == 0 {
            progress(done, lignes.len());
        }
    }
    examen.check_sirets(&read);
    examen.check_doublons(&read);
    progress(lignes.len(), lignes.len());
    let mut rapport = Rapport { lignes: lignes.len(), structures: read.len(), ..Rapport::default() };
    examen.problemes.sort_by_key(|probleme| probleme.ligne);
    examen.problemes.into_iter().for_each(|probleme| rapport.add(probleme));
    Verification { structures: read.into_iter().map(|(_, one)| one).collect(), rapport, ..Verification::default() }
}

/// Ids that several lines share: a SIRET used as an id, often. Alone, such an id would make one structure of several.
fn list_repeated(lignes: &[Ligne]) -> HashSet<(String, String)> {
    let (mut seen, mut repeated) = (HashSet::new(), HashSet::new());
    for ligne in lignes {
        let key = (ligne.case(Colonne::Source), ligne.case(Colonne::StructureId));
        if !key.1.is_empty() && !seen.insert(key.clone()) {
            repeated.insert(key);
        }
    }
    repeated
}

/// The reading of one file.
struct Examen<'a> {
    fichier: &'a str,
    territoire: &'a Territoire,
    problemes: Vec<Probleme>,
    ligne: u64,
    repeated: HashSet<(String, String)>,
}

impl Examen<'_> {
    fn warn(&mut self, colonne: Colonne, valeur: &str, conseil: impl Into<String>) {
        self.add(colonne.code(), valeur, conseil.into(), false);
    }

    fn add(&mut self, colonne: &str, valeur: &str, conseil: String, bloquant: bool) {
        let valeur = valeur.chars().take(200).collect();
        self.problemes.push(Probleme {
            fichier: self.fichier.into(),
            ligne: self.ligne,
            colonne: colonne.into(),
            valeur,
            conseil,
            bloquant,
        });
    }

    fn read_line(&mut self, ligne: &Ligne) -> Option<StructureSeule> {
        if ligne.is_broken() {
            let conseil = format!(
                "la ligne a {} cases au lieu de {} : elle est coupée, ou un séparateur est de trop (entourez de guillemets un texte qui en contient)",
                ligne.cells(),
                ligne.attendues
            );
            self.add("", "", conseil, true);
            return None;
        }
        let long = Colonne::ALL.iter().find(|colonne| ligne.case(**colonne).chars().count() > LONGUEUR_MAXIMALE);
        if let Some(colonne) = long {
            let conseil = format!("le texte dépasse {LONGUEUR_MAXIMALE} caractères : raccourcissez-le");
            self.add(colonne.code(), &ligne.case(*colonne), conseil, true);
            return None;
        }
        let Some(nom) = text::some(&ligne.case(Colonne::Structure)) else {
            self.add(Colonne::Structure.code(), "", "cette case est vide : remplissez-la".into(), true);
            return None;
        };
        let (commune, point) = self.read_place(ligne)?;
        let structure = self.read_structure(ligne, nom, commune);
        let lieu = self.read_lieu(ligne, &structure, (commune, point));
        Some(StructureSeule { structure, lieu })
    }

    fn read_place(&mut self, ligne: &Ligne) -> Option<(&'static Commune, Option<Point>)> {
        let point = self.read_point(ligne);
        let (code, postal, name) = (ligne.case(Colonne::CodeInsee), ligne.case(Colonne::CodePostal), ligne.case(Colonne::Commune));
        match find_commune(&Ecrit {
            code_insee: &code,
            code_postal: &postal,
            commune: &name,
            adresse: &ligne.case(Colonne::Adresse),
            point,
        }) {
            Ok(found) => {
                if let Some((colonne, advice)) = found.remarque {
                    let value = match colonne {
                        "commune" => &name,
                        "code_postal" => &postal,
                        _ => &code,
                    };
                    self.add(colonne, value, advice, false);
                }
                let is_said_wrong = text::fold(&ligne.case(Colonne::PointCoherent)) == "non";
                let kept = point.filter(|point| match check_point(*point, found.commune, is_said_wrong) {
                    Some(advice) => {
                        let written = format!("{} {}", ligne.case(Colonne::Latitude), ligne.case(Colonne::Longitude));
                        self.warn(Colonne::Latitude, &written, advice);
                        false
                    }
                    None => true,
                });
                Some((found.commune, kept))
            }
            Err((colonne, advice)) => {
                let value = if colonne == "commune" { format!("{postal} {name}") } else { code };
                self.add(colonne, value.trim(), advice, true);
                None
            }
        }
    }

    fn read_point(&mut self, ligne: &Ligne) -> Option<Point> {
        let (latitude, longitude) = (ligne.case(Colonne::Latitude), ligne.case(Colonne::Longitude));
        if latitude.is_empty() && longitude.is_empty() {
            if ligne.has(Colonne::Latitude) {
                self.warn(Colonne::Latitude, "", "aucun point : celui de la commune sera pris, les distances seront approchées");
            }
            return None;
        }
        let degrees = |cell: &str| cell.replace(',', ".").parse::<f64>().ok();
        let point = degrees(&latitude).zip(degrees(&longitude)).and_then(|(latitude, longitude)| Point::new(latitude, longitude));
        if point.is_none() {
            let advice = "ce point n’est pas sur Terre, il n’est pas retenu : écrivez des degrés, comme 46.7015 et 1.2143";
            self.warn(Colonne::Latitude, &format!("{latitude} {longitude}"), advice);
        }
        point
    }

    fn read_structure(&mut self, ligne: &Ligne, nom: String, commune: &Commune) -> Structure {
        let typed = ligne.case(Colonne::Categorie);
        let lue = nature::read(&typed, &nom);
        if let Some(advice) = lue.remarque {
            self.warn(Colonne::Categorie, &typed, advice);
        }
        let siret = text::some(&ligne.case(Colonne::Siret)).map(|siret| siret.replace(' ', ""));
        if let Some(doubtful) = siret.as_deref().filter(|siret| !siret::is_plausible(siret)) {
            self.warn(Colonne::Siret, doubtful, "ce numéro n’a pas la clé d’un SIRET : vérifiez ses quatorze chiffres");
        }
        let source = text::some(&ligne.case(Colonne::Source)).unwrap_or_else(|| SOURCE.into());
        let source_id = self.name_line(ligne, (&nom, lue.categorie.code()), commune);
        Structure {
            id: Id::from_name(&format!("{}/{source}/{source_id}", self.territoire.id)),
            source,
            source_id,
            nom,
            categorie: lue.categorie,
            description: text::some(&ligne.case(Colonne::Description)),
            siret,
            contact: self.read_contact(ligne),
            exemple: false,
        }
    }

    /// What finds the structure again in the next version of the file: its id there, else its name and commune.
    fn name_line(&self, ligne: &Ligne, (nom, categorie): (&str, &str), commune: &Commune) -> String {
        let key = (ligne.case(Colonne::Source), ligne.case(Colonne::StructureId));
        let named = text::fold(nom).replace(' ', "-");
        match key.1.as_str() {
            "" => format!("{named}-{}", commune.code),
            id if self.repeated.contains(&key) => format!("{id}-{categorie}-{named}"),
            id => id.to_string(),
        }
    }

    fn read_contact(&mut self, ligne: &Ligne) -> Contact {
        let written = text::some(&ligne.case(Colonne::Telephone));
        let telephone = written.as_deref().and_then(|written| {
            let read = kit::telephone::read(written);
            read.map_err(|conseil| self.warn(Colonne::Telephone, written, format!("{conseil} ; il n’est pas retenu"))).ok()
        });
        if written.is_none() && ligne.has(Colonne::Telephone) {
            self.warn(Colonne::Telephone, "", "aucun téléphone : la structure ne pourra pas être appelée, demandez-le-lui");
        }
        let courriel = text::some(&ligne.case(Colonne::Courriel)).filter(|written| {
            let is_right = text::is_courriel(written);
            if !is_right {
                self.warn(Colonne::Courriel, written, format!("{COURRIEL_REFUSE} ; elle n’est pas retenue"));
            }
            is_right
        });
        let site_web = text::some(&ligne.case(Colonne::SiteWeb)).and_then(|written| {
            let site = read_site_web(&written);
            if site.is_none() {
                self.warn(Colonne::SiteWeb, &written, format!("{SITE_WEB_REFUSE} ; elle n’est pas retenue"));
            }
            site
        });
        Contact { telephone, courriel, site_web }
    }

    fn read_lieu(&mut self, ligne: &Ligne, structure: &Structure, (commune, point): (&Commune, Option<Point>)) -> Lieu {
        let adresse = text::some(&ligne.case(Colonne::Adresse)).and_then(|written| text::some(&strip_commune(&written, commune)));
        let horaires = text::some(&ligne.case(Colonne::Horaires)).filter(|written| match horaires::check(written) {
            Ok(()) => true,
            Err(conseil) => {
                self.warn(Colonne::Horaires, written, format!("{conseil} ; ils ne sont pas retenus"));
                false
            }
        });
        Lieu { id: Id::from_name(&format!("{}/lieu", structure.id)), adresse, commune: commune.code, point, horaires }
    }

    /// One SIRET may hold several structures: it is worth a look, never an error.
    fn check_sirets(&mut self, read: &[(u64, StructureSeule)]) {
        let mut known: HashMap<&str, (u64, &str)> = HashMap::new();
        for (ligne, one) in read {
            let Some(siret) = one.structure.siret.as_deref() else { continue };
            match known.get(siret) {
                Some((first, nom)) => {
                    let advice = format!(
                        "le même SIRET est à la ligne {first} (« {nom} ») : c’est possible pour deux natures ou deux lieux, vérifiez"
                    );
                    self.ligne = *ligne;
                    self.warn(Colonne::Siret, siret, advice);
                }
                None => {
                    known.insert(siret, (*ligne, &one.structure.nom));
                }
            }
        }
    }

    fn check_doublons(&mut self, read: &[(u64, StructureSeule)]) {
        let candidats: Vec<Candidat> = read.iter().map(|(_, one)| candidat(one)).collect();
        let lines: HashMap<Id, (u64, &str)> =
            read.iter().map(|(ligne, one)| (one.structure.id, (*ligne, one.structure.nom.as_str()))).collect();
        for paire in find_paires(&candidats, SEUIL) {
            let Some((one, other)) = lines.get(&paire.premier).zip(lines.get(&paire.second)) else { continue };
            let (first, last) = if one.0 < other.0 { (one, other) } else { (other, one) };
            let why: Vec<&str> = paire.indices.iter().filter(|one| one.points > 0).map(|one| one.phrase.as_str()).collect();
            self.ligne = last.0;
            let advice = format!(
                "c’est sans doute la structure de la ligne {} (« {} »), {} points sur 100. {}",
                first.0,
                first.1,
                paire.score,
                why.join(" ")
            );
            self.warn(Colonne::Structure, last.1, advice);
        }
    }
}

fn candidat(one: &StructureSeule) -> Candidat {
    let StructureSeule { structure, lieu } = one;
    Candidat {
        id: structure.id,
        nom: structure.nom.clone(),
        categorie: structure.categorie,
        siret: structure.siret.clone(),
        telephone: structure.contact.telephone.clone(),
        courriel: structure.contact.courriel.clone(),
        site_web: structure.contact.site_web.clone(),
        adresse: lieu.adresse.clone(),
        commune: Some(lieu.commune),
        point: lieu.point,
        horaires: lieu.horaires.clone(),
    }
}
