//! The répertoire on paper (seed 000: « un outil très apprécié », 8 000 copies every two years, by bassin de vie): who does what, for those
//! whom no screen reaches. An edition is prepared from the annuaire, read again by each structure, then frozen: what was printed never
//! changes. `rules` decide what is printed, `papier` lays it out, in every form, by one layout.
//! Public face: `Edition`, `Notice`, `rules::livre::compose`, `papier::write_pdf`, `storage`.

pub mod affiche;
pub mod apercu;
pub mod classeur;
pub mod contenu;
pub mod distribution;
pub mod epreuve;
pub mod facile;
#[cfg(test)]
mod formes_tests;
mod model;
pub mod odt;
mod pages;
pub mod papier;
pub mod rules;
pub mod storage;
#[cfg(test)]
mod tests;

use annuaire::Annuaire;
use axum::extract::FromRef;
use comptes::Comptes;
use kit::Db;

pub use model::*;
pub use pages::routes;

/// What this room needs to work; cloning shares it.
#[derive(Clone, Debug)]
pub struct Repertoire {
    pub db: Db,
    pub comptes: Comptes,
    /// Records are mended from the proof of what is printed of them.
    pub annuaire: Annuaire,
}

impl FromRef<Repertoire> for Comptes {
    fn from_ref(repertoire: &Repertoire) -> Self {
        repertoire.comptes.clone()
    }
}
