//! One line per service, under the names that our own imports read: what leaves can come back.

use annuaire::storage::export::{ServiceDate, StructureDatee};
use annuaire::{Frais, Intervention};

use super::lieu::LieuSitue;
use crate::Producteur;

/// What a line is made of.
struct Ligne<'a> {
    producteur: &'a Producteur,
    datee: &'a StructureDatee,
    date: &'a ServiceDate,
    situe: LieuSitue<'a>,
}

type Cellule = fn(&Ligne<'_>) -> String;

const COLONNES: [(&str, Cellule); 34] = [
    ("structure_id", |one| one.datee.structure.id.to_string()),
    ("structure", |one| one.datee.structure.nom.clone()),
    ("categorie", |one| one.datee.structure.categorie.code().into()),
    ("siret", |one| text(&one.datee.structure.siret)),
    ("description", |one| text(&one.datee.structure.description)),
    ("adresse", |one| text(&one.date.service.lieu.adresse)),
    ("code_postal", |one| one.situe.code_postal().unwrap_or_default().into()),
    ("commune", |one| one.situe.nom_commune().unwrap_or_default().into()),
    ("code_insee", |one| one.situe.code_insee()),
    ("latitude", |one| one.date.service.lieu.point.map(|point| format!("{:.5}", point.lat())).unwrap_or_default()),
    ("longitude", |one| one.date.service.lieu.point.map(|point| format!("{:.5}", point.lon())).unwrap_or_default()),
    ("telephone", |one| text(&one.datee.structure.contact.telephone)),
    ("courriel", |one| text(&one.datee.structure.contact.courriel)),
    ("site_web", |one| text(&one.datee.structure.contact.site_web)),
    ("horaires", |one| text(&one.date.service.lieu.horaires)),
    ("service_id", |one| one.date.service.id.to_string()),
    ("service", |one| one.date.service.nom.clone()),
    ("service_description", |one| text(&one.date.service.description)),
    ("besoins", |one| one.date.service.besoins.join("|")),
    ("mode", |one| one.date.service.mode.code().into()),
    ("couverture", |one| one.date.service.couverture.to_string()),
    ("intervention", |one| join(one.date.service.intervention.iter().copied().map(Intervention::code))),
    ("creneaux", |one| join(one.date.service.creneaux.iter().map(|creneau| creneau.code()))),
    ("disponibilite", |one| one.date.service.disponibilite.code().into()),
    ("service_telephone", |one| text(&one.date.service.telephone)),
    ("tarif", |one| text(&one.date.service.tarif)),
    ("frais", |one| one.date.service.modalites.frais.map(Frais::code).unwrap_or_default().into()),
    ("aides", |one| join(one.date.service.modalites.aides.iter().map(|aide| aide.code()))),
    ("publics", |one| join(one.date.service.modalites.publics.iter().map(|public| public.code()))),
    ("conditions", |one| text(&one.date.service.modalites.conditions)),
    ("demarche", |one| text(&one.date.service.modalites.demarche)),
    ("exemple", |one| if one.datee.structure.exemple { "oui".into() } else { String::new() }),
    ("territoire", |one| one.producteur.territoire.slug.clone()),
    ("date_maj", |one| one.date.updated_at.max(one.datee.updated_at).day().to_string()),
];

/// The names of the columns.
pub fn titres() -> Vec<&'static str> {
    COLONNES.iter().map(|(titre, _)| *titre).collect()
}

/// The cells of a service, not yet shielded.
pub fn cells(producteur: &Producteur, datee: &StructureDatee, date: &ServiceDate) -> Vec<String> {
    let ligne = Ligne { producteur, datee, date, situe: LieuSitue::of(&date.service.lieu) };
    COLONNES.iter().map(|(_, cell)| cell(&ligne)).collect()
}

fn text(value: &Option<String>) -> String {
    value.clone().unwrap_or_default()
}

fn join<'a>(codes: impl Iterator<Item = &'a str>) -> String {
    codes.collect::<Vec<_>>().join("|")
}
