//! The ligne unique as a line: when somebody answers, what the telephone says when nobody does, the messages that are left,
//! the SMS without Internet, and the queue of all those who wait for an answer (seed 002: « Un répondeur prend les demandes le
//! reste du temps »). What is asked, once understood, is a demande of `accueil`.
//! Public face: `Ligne`, `Telephonie`, `Signe`, `Repondeur`, `api`, `routes`, `storage`.

pub mod api;
mod boite;
pub mod file;
mod model;
mod pages;
pub mod repondeur;
pub mod rules;
pub mod sms;
pub mod storage;
pub mod telephonie;
#[cfg(test)]
mod tests;
mod trace;

use accueil::Accueil;
use axum::extract::FromRef;
use comptes::Comptes;
use kit::Db;
use kit::routes::Routes;

pub use boite::Boite;
pub use model::*;
pub use repondeur::Repondeur;
pub use telephonie::{Signe, Telephonie};

/// What this room needs to work; cloning shares it.
#[derive(Clone, Debug)]
pub struct Ligne {
    pub accueil: Accueil,
    /// None: no telephone platform calls this program.
    pub telephonie: Option<Telephonie>,
}

impl FromRef<Ligne> for Db {
    fn from_ref(ligne: &Ligne) -> Self {
        ligne.accueil.db.clone()
    }
}

impl FromRef<Ligne> for Comptes {
    fn from_ref(ligne: &Ligne) -> Self {
        ligne.accueil.comptes.clone()
    }
}

pub fn routes(room: Ligne) -> Routes {
    pages::routes(room.clone()).merge(api::routes(room.clone())).merge(file::routes(room.clone())).merge(telephonie::routes(room))
}
