//! Who offers what, where, and which communes each service really reaches (seed 002: « une connaissance fine de l’offre »).
//! Coverage is resolved on write into a snapshot per territoire, the `aiguillage`: answering never searches.
//! Files come in through `import`, all or nothing; needs are named by the `besoin` taxonomy.
//! A record is one value with its history (`fiche`, `acte`, `retour`); structures keep it right (`recensement`, `suggestion`, `doublons`).
//! Public face: `Annuaire`, `fiche`, `aiguillage`, `besoin`, `import`, `cartes`, `recensement`, `retour`, `doublons`, `rules`, `api`, `pages`.

mod acces;
pub mod acte;
pub mod aiguillage;
pub mod api;
pub mod besoin;
pub mod cartes;
pub mod doublons;
pub mod fiche;
pub mod import;
pub mod logo;
pub mod lots;
mod model;
pub mod pages;
pub mod qualite;
pub mod recensement;
pub mod regime;
pub mod retour;
pub mod rules;
pub mod storage;
pub mod suggestion;
#[cfg(test)]
mod tests;

use aiguillage::Aiguillages;
use axum::extract::FromRef;
use comptes::Comptes;
use kit::Db;

pub use acces::StructureTenue;
pub use model::*;

/// What this room needs to work; cloning shares it.
#[derive(Clone, Debug)]
pub struct Annuaire {
    pub db: Db,
    pub comptes: Comptes,
    pub aiguillages: Aiguillages,
    pub avancements: lots::Avancements,
    pub doublons: doublons::Memoire,
    /// What the operator put under the maps, when they did.
    pub fond: Option<cartes::Fond>,
    pub qualites: qualite::rattrapage::Verrou,
}

impl Annuaire {
    pub fn new(db: Db, comptes: Comptes, aiguillages: Aiguillages) -> Self {
        Self {
            db,
            comptes,
            aiguillages,
            avancements: lots::Avancements::default(),
            doublons: doublons::Memoire::default(),
            fond: None,
            qualites: qualite::rattrapage::Verrou::default(),
        }
    }
}

impl FromRef<Annuaire> for Db {
    fn from_ref(annuaire: &Annuaire) -> Self {
        annuaire.db.clone()
    }
}

impl FromRef<Annuaire> for Comptes {
    fn from_ref(annuaire: &Annuaire) -> Self {
        annuaire.comptes.clone()
    }
}
