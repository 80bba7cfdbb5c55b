//! Services of other directories made ours: needs, mode and coverage recognised, or said to be unknown; never invented.

use std::collections::{HashMap, HashSet};

use kit::{Id, text};
use territoire::{Point, Referentiel, Territoire};

use super::{LieuDit, ServiceDit};
use crate::aiguillage::Inscription;
use crate::besoin::{Reconnaissance, Taxonomie};
use crate::import::geographie::{Ecrit, check_point, find_commune};
use crate::import::verification::{LONGUEUR_MAXIMALE, find_code};
use crate::import::{Probleme, StructureSeule, Verification};
use crate::rules::couverture::{self, Couverture, Part};
use crate::rules::horaires;
use crate::{Disponibilite, Frais, Lieu, Modalites, Mode, Public, Service};

/// Puts the services of a catalogue under its structures, already verified; what cannot be is said in the report.
pub fn attach(services: &[ServiceDit], mut verification: Verification, (fichier, territoire): (&str, &Territoire)) -> Verification {
    let by_key: HashMap<(&str, &str), &StructureSeule> =
        verification.structures.iter().map(|one| ((one.structure.source.as_str(), one.structure.source_id.as_str()), one)).collect();
    let mut examen = Examen { fichier, territoire, service: 0, problemes: vec![] };
    let (mut inscriptions, mut known) = (vec![], HashSet::new());
    for said in services {
        examen.service = said.rang;
        let key = (said.structure.0.as_str(), said.structure.1.as_str());
        let Some(seule) = by_key.get(&key) else {
            examen.warn("structure_id", key.1, "aucune structure du fichier n’a cet identifiant : le service est laissé de côté");
            continue;
        };
        let Some(service) = examen.read(said, seule) else { continue };
        if !known.insert(service.id) {
            examen.warn("id", &said.id, "ce service est déjà plus haut dans le fichier : le premier est retenu");
            continue;
        }
        inscriptions.push(Inscription { structure: seule.structure.clone(), service });
    }
    let served: HashSet<Id> = inscriptions.iter().map(|one| one.structure.id).collect();
    verification.structures.retain(|one| !served.contains(&one.structure.id));
    (verification.rapport.services, verification.rapport.catalogue) = (inscriptions.len(), true);
    verification.rapport.lignes += services.len();
    verification.inscriptions = inscriptions;
    examen.problemes.into_iter().for_each(|probleme| verification.rapport.add(probleme));
    verification
}

/// The reading of the services of one file.
struct Examen<'a> {
    fichier: &'a str,
    territoire: &'a Territoire,
    service: u64,
    problemes: Vec<Probleme>,
}

impl Examen<'_> {
    /// Said by the rank of the service: such files have no lines that people look at.
    fn warn(&mut self, colonne: &str, valeur: &str, conseil: impl Into<String>) {
        let conseil = format!("service n° {} : {}", self.service, conseil.into());
        let (fichier, valeur) = (self.fichier.to_string(), valeur.chars().take(200).collect());
        self.problemes.push(Probleme { fichier, ligne: 0, colonne: colonne.to_string(), valeur, conseil, bloquant: false });
    }

    fn read(&mut self, said: &ServiceDit, seule: &StructureSeule) -> Option<Service> {
        if said.is_stopped {
            self.warn("status", &said.nom, "il n’est plus rendu, d’après le fichier : il est laissé de côté");
            return None;
        }
        let nom = text::some(&said.nom).filter(|nom| nom.chars().count() <= 200);
        if nom.is_none() {
            self.warn("nom", &said.nom, "il n’a pas de nom, ou un nom de plus de 200 signes : il est laissé de côté");
        }
        let besoins = list_besoins(said);
        if besoins.is_empty() {
            let themes = said.thematiques.join(", ");
            self.warn("thematiques", &themes, format!("aucun besoin de la liste n’y répond (« {} ») : il est laissé de côté", said.nom));
            return None;
        }
        let (nom, mode, lieu) = (nom?, find_mode(said), self.read_lieu(&said.lieu, seule));
        let source_id = text::some(&said.id).unwrap_or_else(|| text::fold(&nom).replace(' ', "-"));
        Some(Service {
            id: Id::from_name(&format!("{}/{source_id}", seule.structure.id)),
            structure_id: seule.structure.id,
            couverture: self.read_couverture(said, mode, &lieu),
            source_id,
            description: self.text("description", &said.description),
            besoins,
            mode,
            intervention: vec![],
            creneaux: vec![],
            disponibilite: Disponibilite::Inconnue,
            telephone: self.read_telephone(&said.telephone),
            tarif: self.text("frais", &said.tarif),
            modalites: Modalites {
                publics: list_publics(&said.publics),
                frais: Frais::from_code(&text::fold(&said.frais)),
                conditions: self.text("conditions_acces", &said.conditions),
                demarche: self.text("mobilisation", &said.demarche),
                places: said.places.parse().ok(),
                ..Modalites::default()
            },
            lieu,
            nom,
        })
    }

    fn text(&mut self, colonne: &str, written: &str) -> Option<String> {
        let tidy = text::some(written)?;
        if tidy.chars().count() <= LONGUEUR_MAXIMALE {
            return Some(tidy);
        }
        self.warn(colonne, &tidy, format!("le texte dépasse {LONGUEUR_MAXIMALE} caractères : sa fin n’est pas retenue"));
        Some(tidy.chars().take(LONGUEUR_MAXIMALE).collect())
    }

    fn read_telephone(&mut self, written: &str) -> Option<String> {
        let written = text::some(written)?;
        kit::telephone::read(&written).map_err(|why| self.warn("telephone", &written, format!("{why} ; il n’est pas retenu"))).ok()
    }

    /// Its own place when it says one, else that of its structure.
    fn read_lieu(&mut self, said: &LieuDit, seule: &StructureSeule) -> Lieu {
        if said.is_empty() {
            return seule.lieu.clone();
        }
        let degrees = |cell: &str| cell.parse::<f64>().ok();
        let point = degrees(&said.latitude).zip(degrees(&said.longitude)).and_then(|(lat, lon)| Point::new(lat, lon));
        let (code_insee, code_postal, commune) = (said.code_insee.as_str(), said.code_postal.as_str(), said.commune.as_str());
        let Ok(found) = find_commune(&Ecrit { code_insee, code_postal, commune, adresse: &said.adresse, point }) else {
            self.warn("commune", commune, "sa commune n’est pas reconnue : celle de la structure est retenue");
            return seule.lieu.clone();
        };
        let point = point.filter(|point| match check_point(*point, found.commune, false) {
            Some(why) => {
                self.warn("latitude", &format!("{} {}", said.latitude, said.longitude), why);
                false
            }
            None => true,
        });
        let (adresse, same) = (text::some(&said.adresse), &seule.lieu);
        if same.commune == found.commune.code && text::fold(same.adresse.as_deref().unwrap_or_default()) == text::fold(&said.adresse) {
            return same.clone();
        }
        let key = format!("{}/{}/{}", seule.structure.id, found.commune.code, text::fold(&said.adresse));
        let horaires = text::some(&said.horaires).filter(|written| horaires::check(written).is_ok());
        Lieu { id: Id::from_name(&key), adresse, commune: found.commune.code, point, horaires }
    }

    /// The zones that are understood. None: everywhere for what is done at a distance, else the commune of the place, and it is said.
    fn read_couverture(&mut self, said: &ServiceDit, mode: Mode, lieu: &Lieu) -> Couverture {
        let mut incluses: Vec<Part> = vec![];
        for zone in &said.zones {
            match self.read_zone(zone) {
                Some(part) => incluses.push(part),
                None => self.warn("zone_eligibilite", zone, "cette zone n’est pas comprise : elle n’est pas retenue"),
            }
        }
        incluses.dedup();
        if incluses.is_empty() && mode == Mode::ADistance {
            incluses.push(Part::France);
        }
        if incluses.is_empty() {
            self.warn(
                "zone_eligibilite",
                "",
                "les communes desservies ne sont pas dites : seule celle du lieu est retenue, complétez la fiche",
            );
            incluses.push(Part::Commune(lieu.commune));
        }
        Couverture { incluses, exclues: vec![] }
    }

    fn read_zone(&self, zone: &str) -> Option<Part> {
        let part: Part = text::fold(zone).parse().or_else(|_| zone.trim().parse()).ok()?;
        let alone = Couverture { incluses: vec![part.clone()], exclues: vec![] };
        couverture::resolve(&alone, self.territoire, Referentiel::get().communes().first()?.point).ok().map(|_| part)
    }
}

/// A theme that answers to more needs than this says none of them.
const THEME_LARGE: usize = 3;

/// Our own codes when they are there; else what the name says, within what its themes allow; else its themes, when they are narrow.
fn list_besoins(said: &ServiceDit) -> Vec<String> {
    let taxonomie = Taxonomie::get();
    let own: Vec<String> = said.besoins.iter().filter(|code| taxonomie.find(code).is_some()).cloned().collect();
    if !own.is_empty() {
        return own;
    }
    let themes: Vec<Vec<&str>> = said
        .thematiques
        .iter()
        .map(|theme| taxonomie.iter().filter(|one| one.thematique_di.as_deref() == Some(theme)).map(|one| &*one.code).collect())
        .collect();
    let named: Vec<&str> = match taxonomie.recognise(&said.nom) {
        Reconnaissance::Reconnu(besoins) => besoins.iter().map(|besoin| &*besoin.code).collect(),
        Reconnaissance::Ambigu(_) | Reconnaissance::Inconnu => vec![],
    };
    let allowed: Vec<&str> = named.iter().copied().filter(|code| themes.iter().flatten().any(|theme| theme == code)).collect();
    let narrow = || themes.iter().filter(|theme| theme.len() <= THEME_LARGE).flatten().copied().collect::<Vec<_>>();
    let kept = match (allowed.is_empty(), named.is_empty()) {
        (false, _) => allowed,
        (true, false) => named,
        (true, true) => narrow(),
    };
    let mut besoins: Vec<String> = kept.into_iter().map(str::to_string).collect();
    besoins.sort();
    besoins.dedup();
    besoins
}

/// Their vocabularies have no word for « at home »: the name and the description say it.
fn find_mode(said: &ServiceDit) -> Mode {
    let own = said.modes.iter().find_map(|word| find_code(word, Mode::ALL, Mode::code, Mode::label));
    let words = format!(" {} {} ", text::fold(&said.nom), text::fold(&said.description));
    let is_at_home = words.contains(" a domicile ") || words.contains(" au domicile ") || words.contains(" a votre domicile ");
    let is_met = said.modes.is_empty() || said.modes.iter().any(|word| text::fold(word).contains("presentiel"));
    match own {
        Some(Mode::ADistance) if is_met => Mode::SurPlace,
        Some(mode) => mode,
        None if is_at_home && is_met => Mode::ADomicile,
        None if is_met => Mode::SurPlace,
        None => Mode::ADistance,
    }
}

fn list_publics(words: &[String]) -> Vec<Public> {
    const INDICES: [(&str, Public); 6] = [
        ("senior", Public::PersonnesAgees),
        ("handicap", Public::Handicap),
        ("famille", Public::Familles),
        ("aidant", Public::Aidants),
        ("emploi", Public::DemandeursEmploi),
        ("jeune", Public::Jeunes),
    ];
    let said = |index: &str| words.iter().any(|word| text::fold(word).contains(index));
    INDICES.into_iter().filter(|(index, _)| said(index)).map(|(_, public)| public).collect()
}
