//! A map on paper: the drawing, its legend and its table, for a wall or a file.

use edition::Document;
use kit::{Instant, Result};
use serde_json::{Value, json};
use territoire::Territoire;
use territoire::contours::MENTION;

use super::work;
use crate::cartes::{Carte, Teinte, Trace};

const MODELE: &str = include_str!("../../../modeles/carte.typ");
/// Beyond, the paper says how many are missing: the page has them.
const LIGNES: usize = 1_000;

pub async fn write_pdf(carte: Carte, territoire: &Territoire, now: Instant) -> Result<Vec<u8>> {
    let (trace, carte) = work(move || (Trace::draw(&carte), carte)).await?;
    let donnees = write(&carte, territoire, now);
    edition::rediger(Document { modele: MODELE, donnees, dessins: trace.into_iter().map(|trace| trace.svg.into()).collect() }).await
}

fn write(carte: &Carte, territoire: &Territoire, now: Instant) -> Value {
    let (lignes, phrases) = (&carte.tableau.lignes, carte.phrases.join(" "));
    json!({
        "titre": carte.titre,
        "territoire": territoire.nom,
        "le": ui::format::date(now.day()),
        "phrases": carte.phrases,
        "alternative": format!("Carte. {phrases} Le tableau qui suit dit la même chose."),
        "legende": carte.legende().into_iter().map(|teinte| write_teinte(carte, teinte)).collect::<Vec<_>>(),
        "lieux": carte.legende_lieux(),
        "mention": MENTION,
        "intitule": carte.tableau.intitule,
        "colonnes": carte.tableau.colonnes,
        "lignes": lignes.iter().take(LIGNES).map(|ligne| &ligne.cellules).collect::<Vec<_>>(),
        "omises": lignes.len().saturating_sub(LIGNES) + carte.tableau.omises,
    })
}

fn write_teinte(carte: &Carte, teinte: Teinte) -> Value {
    let hachure = teinte.hachure().map(|(sens, couleur)| json!({"couleur": couleur, "montante": sens.is_montante()}));
    json!({"label": carte.label(teinte), "couleur": teinte.couleur(), "hachure": hachure})
}
