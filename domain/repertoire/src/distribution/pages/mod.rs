//! The distribution for those who run it: places, what is planned and printed, what was carried, the rounds on paper.

mod depot;
mod diffusion;
mod passage;
mod point;
mod tirage;
mod tournees;

use comptes::Equipier;
use kit::routes::Routes;
use kit::{Error, Id, Result};
use sea_orm::ConnectionTrait;

pub(super) use point::name_commune;

use super::Point;
use super::storage::find_point;
use crate::Repertoire;
use crate::pages::address;

pub(crate) fn routes() -> Routes<Repertoire> {
    Routes::new()
        .get("/{territoire}/equipe/repertoire/points", point::show_points)
        .post("/{territoire}/equipe/repertoire/points", point::create_point)
        .post("/{territoire}/equipe/repertoire/points/import", point::create_import)
        .post("/{territoire}/equipe/repertoire/points/fichier", point::create_fichier)
        .get("/{territoire}/equipe/repertoire/points/{point}", point::show_point)
        .post("/{territoire}/equipe/repertoire/points/{point}", point::change_point)
        .post("/{territoire}/equipe/repertoire/points/{point}/retrait", point::create_retrait)
        .post("/{territoire}/equipe/repertoire/points/{point}/remise", point::create_remise)
        .get("/{territoire}/equipe/repertoire/{id}/diffusion", diffusion::show_diffusion)
        .post("/{territoire}/equipe/repertoire/{id}/diffusion/budget", diffusion::update_budget)
        .post("/{territoire}/equipe/repertoire/{id}/diffusion/propositions", diffusion::create_propositions)
        .get("/{territoire}/equipe/repertoire/{id}/diffusion/tirages/{bassin}", tirage::show_tirage)
        .post("/{territoire}/equipe/repertoire/{id}/diffusion/tirages/{bassin}", tirage::update_tirage)
        .get("/{territoire}/equipe/repertoire/{id}/diffusion/tournees.pdf", tournees::show_tournees)
        .post("/{territoire}/equipe/repertoire/{id}/diffusion/tournees", depot::create_depot)
        .get("/{territoire}/equipe/repertoire/{id}/diffusion/points/{point}", passage::show_passage)
        .post("/{territoire}/equipe/repertoire/{id}/diffusion/points/{point}/prevision", passage::update_prevision)
        .post("/{territoire}/equipe/repertoire/{id}/diffusion/points/{point}/mouvements", passage::create_mouvement)
        .post("/{territoire}/equipe/repertoire/{id}/diffusion/points/{point}/mouvements/{mouvement}/annulation", passage::create_annulation)
}

/// Where the distribution of an edition is.
fn diffusion_address(equipier: &Equipier, edition: Id) -> String {
    format!("{}/diffusion", address(equipier, edition))
}

async fn need_point(db: &impl ConnectionTrait, territoire: Id, id: &str) -> Result<Point> {
    find_point(db, territoire, id.parse()?).await?.ok_or(Error::NotFound)
}
