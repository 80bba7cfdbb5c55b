//! « Zones blanches »: for each need, where nobody goes.

use axum::extract::{Query, State};
use axum::response::Response;
use comptes::Autorise;
use comptes::permission::LireAnnuaire;
use kit::Result;
use serde::Deserialize;

use super::{Adresse, Filtre, Forme, find_besoin, respond, work};
use crate::Annuaire;
use crate::besoin::Taxonomie;
use crate::cartes::zones::{map_besoin, map_manques};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ZonesInput {
    besoin: String,
    forme: Forme,
}

pub async fn show_zones(
    equipier: Autorise<LireAnnuaire>,
    State(annuaire): State<Annuaire>,
    Query(input): Query<ZonesInput>,
) -> Result<Response> {
    let choisi = find_besoin(&input.besoin)?;
    let (aiguillage, territoire) = (annuaire.aiguillages.get(equipier.territoire.id), equipier.territoire.clone());
    let carte = work(move || match choisi {
        Some(besoin) => map_besoin(&aiguillage, &territoire, besoin),
        None => map_manques(&aiguillage, &territoire),
    })
    .await?;
    let filtre = Filtre { besoins: Taxonomie::get().iter().collect(), choisi, ..Filtre::default() };
    let ici = format!("/{}/equipe/annuaire/zones-blanches?besoin={}", equipier.territoire.slug, input.besoin);
    respond((&annuaire, &equipier), (carte, input.forme), (filtre, Adresse { ici, retour: None })).await
}
