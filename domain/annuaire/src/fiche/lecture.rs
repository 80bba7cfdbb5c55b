//! A path of a record and its value, in words: « Ménage : communes desservies », « la CC du Val de Drôme ».

use kit::Id;
use territoire::{Referentiel, Territoire};

use super::{Fiche, NatureIdentifiant, NatureInformation, NatureRegime, Visibilite};
use crate::besoin::Taxonomie;
use crate::rules::couverture_dite::describe_couverture;
use crate::{Aide, Categorie, Creneau, Disponibilite, Frais, Intervention, Mode, Public};

/// What a path is about. The record gives the names of the services: that of before, for one that is gone.
pub fn label(chemin: &str, fiche: &Fiche) -> String {
    let parts: Vec<&str> = chemin.split('.').collect();
    let field = parts.last().copied().unwrap_or_default();
    match parts.as_slice() {
        ["services", id, ..] => format!("{} : {}", name_service(id, fiche), label_field(field)),
        ["interlocuteurs", id, ..] => {
            let nom = parse(id).and_then(|id| fiche.interlocuteurs.get(&id)).map_or("contact", |one| &one.nom);
            format!("{nom} : {}", label_field(field))
        }
        ["lieux", ..] => format!("lieu : {}", label_field(field)),
        ["regimes", ..] => format!("droit d’exercer : {}", label_field(field)),
        ["informations", ..] => format!("information temporaire : {}", label_field(field)),
        _ => label_field(field).to_string(),
    }
}

fn parse(id: &str) -> Option<Id> {
    id.parse().ok()
}

fn name_service(id: &str, fiche: &Fiche) -> String {
    parse(id).and_then(|id| fiche.services.get(&id)).map_or_else(|| "service".to_string(), |service| service.nom.clone())
}

fn label_field(field: &str) -> &str {
    match field {
        "categorie" => "nature",
        "siret" => "SIRET",
        "telephone" => "téléphone",
        "site_web" => "site",
        "reseaux" => "réseaux",
        "source_id" => "identifiant dans le fichier",
        "lat" => "latitude",
        "lon" => "longitude",
        "couverture" => "communes desservies",
        "creneaux" => "créneaux",
        "disponibilite" => "disponibilité",
        "tarif" => "prix",
        "demarche" => "comment demander",
        "delai_jours" => "délai, en jours",
        "capacite_at" => "capacité dite le",
        "visibilite" => "visible par",
        "activite" => "activité",
        "numero" => "numéro",
        "autorite" => "autorité",
        "departements" => "départements",
        "structure_id" | "id" => "identifiant",
        "du" => "depuis",
        "au" => "jusqu’au",
        other => other,
    }
}

/// The value of a path, as people read it; « rien » when there is none.
pub fn show(chemin: &str, valeur: &str, territoire: &Territoire) -> String {
    if valeur.is_empty() {
        return "rien".into();
    }
    let field = chemin.rsplit('.').next().unwrap_or_default();
    let words = |of: &dyn Fn(&str) -> Option<String>| {
        valeur.split(' ').map(|code| of(code).unwrap_or_else(|| code.to_string())).collect::<Vec<_>>().join(", ")
    };
    match field {
        "categorie" => words(&|code| Categorie::from_code(code).map(|one| one.label().into())),
        "mode" => words(&|code| Mode::from_code(code).map(|one| one.label().into())),
        "intervention" => words(&|code| Intervention::from_code(code).map(|one| one.label().into())),
        "creneaux" => words(&|code| Creneau::from_code(code).map(|one| one.label().into())),
        "disponibilite" => words(&|code| Disponibilite::from_code(code).map(|one| one.label().into())),
        "publics" | "public" => words(&|code| Public::from_code(code).map(|one| one.label().into())),
        "frais" => words(&|code| Frais::from_code(code).map(|one| one.label().into())),
        "aides" => words(&|code| Aide::from_code(code).map(|one| one.label().into())),
        "visibilite" => words(&|code| Visibilite::from_code(code).map(|one| one.label().into())),
        "nature" => words(&label_nature),
        "besoins" => words(&|code| Taxonomie::get().find(code).map(|besoin| besoin.libelle.to_string())),
        "couverture" => valeur.parse().map_or_else(|_| valeur.into(), |couverture| describe_couverture(&couverture, territoire)),
        "commune" => words(&|code| Referentiel::get().resolve_code(code).ok().map(|found| found.commune.nom.to_string())),
        "capacite_at" => valeur.parse().map_or_else(|_| valeur.into(), |at| ui::format::date(kit::Instant(at).day())),
        _ => valeur.into(),
    }
}

fn label_nature(code: &str) -> Option<String> {
    let regime = NatureRegime::from_code(code).map(NatureRegime::label);
    let information = NatureInformation::from_code(code).map(NatureInformation::label);
    regime.or(information).or(NatureIdentifiant::from_code(code).map(NatureIdentifiant::label)).map(Into::into)
}
