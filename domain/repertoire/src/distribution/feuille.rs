//! Delivery rounds on paper: a sheet to load the van by, to tick and to have signed.

use chrono::NaiveDate;
use edition::{Document, rediger};
use kit::Result;
use kit::text::fold;
use serde_json::{Value, json};
use territoire::Territoire;
use ui::format::{compte, nombre};

use super::rules::tournee::{Etape, Tournee};
use super::{NaturePoint, Point};
use crate::distribution::pages::name_commune;
use crate::model::Edition;
use crate::rules::zone::list_livres;

const MODELE: &str = include_str!("../../modeles/tournees.typ");

/// Composes the sheets: each round begins a page.
pub async fn write_pdf(edition: &Edition, territoire: &Territoire, (tournees, le): (&[Tournee], NaiveDate)) -> Result<Vec<u8>> {
    let livrets = list_livres(territoire);
    let written: Vec<Value> = tournees.iter().filter(|one| one.reste() > 0).map(|one| write(one, &livrets)).collect();
    let donnees = json!({
        "titre": format!("Tournées, {} {}", edition.titre, edition.annee),
        "territoire": territoire.nom,
        "le": ui::format::date(le),
        "plusieurs": livrets.len() > 1,
        "tournees": written,
    });
    rediger(Document { modele: MODELE, donnees, dessins: vec![] }).await
}

fn write(tournee: &Tournee, livrets: &[(&str, String)]) -> Value {
    let name = |code: &str| livrets.iter().find(|(known, _)| *known == code).map(|(_, nom)| nom.clone()).unwrap_or_default();
    let charge: Vec<Value> = tournee.charge().into_iter().map(|(code, copies)| json!([name(code), nombre(copies)])).collect();
    let etapes = tournee.etapes.iter().filter(|one| one.reste() > 0);
    json!({
        "nom": tournee.titre(),
        "total": compte(tournee.reste(), "exemplaire", "exemplaires"),
        "points": compte(etapes.clone().count(), "point", "points"),
        "charge": charge,
        "etapes": etapes.enumerate().map(|(rang, one)| write_etape(rang + 1, one, name(&one.livret))).collect::<Vec<_>>(),
    })
}

fn write_etape(rang: usize, etape: &Etape, livret: String) -> Value {
    let commune = name_commune(etape.point.commune);
    let adresse = etape.point.adresse.as_ref().map_or_else(|| commune.clone(), |adresse| format!("{adresse}, {commune}"));
    let (nom, nature) = (&etape.point.nom, find_nature(&etape.point));
    json!({ "rang": rang, "nom": nom, "nature": nature, "adresse": adresse, "livret": livret, "exemplaires": nombre(etape.reste()) })
}

/// What a place is, when its name does not say so: « Mairie du Blanc » does.
fn find_nature(point: &Point) -> &'static str {
    let (nom, label) = (fold(&point.nom), point.nature.label());
    let is_said = fold(label).split(' ').any(|word| word.len() > 4 && nom.contains(word));
    if is_said || point.nature == NaturePoint::Autre { "" } else { label }
}
