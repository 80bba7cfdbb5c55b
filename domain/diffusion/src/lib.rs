//! What the annuaire gives to everybody: the public part of structures and services, in the forms that others read
//! (data·inclusion, HSDS, CSV, XLSX, GeoJSON), as files and as an API (seed 004: maps of the offer that others reuse).
//! Nothing that is of a person leaves: `rules::retenue` decides, before any form is written.
//! Each night that the annuaire has changed, an edition is frozen under a date (`publication`); those who subscribed are told of
//! each change (`annonce`); other sites carry the search.
//! Public face: `Diffusion`, `routes`, `api`, `publication`, `annonce`, `Format`, `Producteur`, `export`, `rules`.

pub mod annonce;
pub mod api;
mod export;
pub mod fichiers;
mod model;
mod pages;
mod portee;
pub mod publication;
mod reponse;
pub mod rules;
pub mod storage;
#[cfg(test)]
mod tests;

pub use export::{Bilan, export};
pub use model::{Abonnement, Edition, Format, Producteur};

use comptes::Comptes;
use kit::routes::Routes;
use kit::{Coffre, Db};
use sortant::Sortant;

/// What this room needs to work; cloning shares it.
#[derive(Clone, Debug)]
pub struct Diffusion {
    pub db: Db,
    pub comptes: Comptes,
    pub coffre: Coffre,
    /// None: this program calls nobody.
    pub sortant: Option<Sortant>,
}

pub fn routes(room: Diffusion) -> Routes {
    api::routes().merge(pages::routes()).with_state(room)
}
