//! What is asked, where, and how it ends: counted on the dated facts that the other rooms record; nobody depends on it.
//! Demandes by commune and by need over a period, and the share without a solution; what is told of a finished year outside the
//! team (`publication`), and which territoires show theirs to the network (`reseau`); what is missing, followed until a service
//! opens (`pistes`); what changed, told without crying wolf (`alertes`).
//! `indicateurs` is the library of figures, computed on the monthly counters (`storage::cumul`).
//! Public face: `routes`, `Observatoire`, `api`, `alertes`, `bilan`, `indicateurs`, `pistes`,
//! `publication`, `reseau`, `keep_counted`.

pub mod alertes;
pub mod api;
pub mod bilan;
pub mod demandes;
pub mod indicateurs;
mod pages;
pub mod pistes;
pub mod publication;
pub mod reseau;
pub mod rules;
pub mod storage;
mod tenues;
#[cfg(test)]
mod tests;

use std::time::Duration;

use annuaire::aiguillage::Aiguillages;
use axum::extract::FromRef;
use chrono::NaiveDate;
use comptes::Comptes;
use kit::{Db, Id};
use pistes::manques::Lacune;
use publication::Publication;
use rules::mois::Mois;
use tenues::Tenues;

pub use pages::routes;
pub use storage::reseau::update_partage;
pub use storage::{Compte, Periode, count_by_besoin, count_by_commune};

/// What this room needs to work; cloning shares it.
#[derive(Clone, Debug)]
pub struct Observatoire {
    pub db: Db,
    pub comptes: Comptes,
    /// What the annuaire offers today.
    pub aiguillages: Aiguillages,
    pub tenu: Tenu,
}

/// What pages do not look for again while nothing it rests on has moved; cloning shares it.
#[derive(Clone, Debug, Default)]
pub struct Tenu {
    /// What lacks; it rests on the last lot counted, the revision of the annuaire and the day.
    lacunes: Tenues<Id, (i64, i64, NaiveDate), Vec<Lacune>>,
    /// What could be told of some months; it rests on the last lot counted and on the threshold.
    brouillons: Tenues<(Id, Mois, Mois), (i64, i64), Publication>,
}

impl FromRef<Observatoire> for Comptes {
    fn from_ref(observatoire: &Observatoire) -> Self {
        observatoire.comptes.clone()
    }
}

const COUNT_EVERY: Duration = Duration::from_secs(20);

/// Adds new facts to the counters every few seconds, for ever, so that no page has many to wait for.
pub async fn keep_counted(observatoire: Observatoire) {
    loop {
        for territoire in observatoire.comptes.territoires.list().iter() {
            if let Err(error) = storage::cumul::count_all(&observatoire.db, territoire.id).await {
                tracing::warn!(%error, territoire = territoire.slug, "facts are counted later");
            }
        }
        tokio::time::sleep(COUNT_EVERY).await;
    }
}
