//! The one act on which all else hangs: somebody says where they live and what they need, and is told which
//! structures really serve them (seed 002, « 1001 services »).
//! `rules::orientation::orient` decides; `acte::record` writes the demande, what was proposed and its dated facts together.
//! Public face: `Accueil`, `api`, `pages`, `rules`, `Tours`.

mod acces;
pub mod acte;
pub mod analyse;
pub mod api;
mod complements;
pub mod conservation;
mod dossier;
pub mod en_ligne;
mod filtre;
mod imprime;
mod model;
pub mod mots;
pub mod pages;
pub mod prise_en_charge;
pub mod qualite;
pub mod question;
pub mod rules;
mod saisie;
pub mod sans_solution;
pub mod storage;
pub mod suivi;
#[cfg(test)]
mod tests;
mod tours;
mod trace;

use annuaire::aiguillage::Aiguillages;
use axum::extract::FromRef;
use comptes::Comptes;
use kit::{Clock, Coffre, Db};

pub use acces::CodeAcces;
pub use filtre::{Filtre, FiltreInput, NOUVELLE};
pub use model::*;
pub use saisie::{Circonstance, DemandeInput};
pub use tours::Tours;

/// What this room needs to work; cloning shares it.
#[derive(Clone, Debug)]
pub struct Accueil {
    pub db: Db,
    pub clock: Clock,
    /// Opens what is encrypted in the demandes.
    pub coffre: Coffre,
    pub comptes: Comptes,
    pub aiguillages: Aiguillages,
    pub tours: Tours,
    /// How often codes of follow-up may be tried.
    pub freins: suivi::Freins,
}

impl FromRef<Accueil> for Db {
    fn from_ref(accueil: &Accueil) -> Self {
        accueil.db.clone()
    }
}

impl FromRef<Accueil> for Comptes {
    fn from_ref(accueil: &Accueil) -> Self {
        accueil.comptes.clone()
    }
}
