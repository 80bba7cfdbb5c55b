//! What is asked, where, and how it ends: counted on the dated facts that the other rooms record; nobody depends on it.
//! Demandes by commune and by need over a period, and the share without a solution; what the territoires that consent share
//! with the network, masked (`reseau`).
//! Public face: `routes`, `api`, `reseau`.

pub mod api;
mod pages;
pub mod reseau;
pub mod rules;
mod storage;
#[cfg(test)]
mod tests;

pub use pages::routes;
pub use storage::reseau::update_partage;
pub use storage::{Compte, Periode, count_by_besoin, count_by_commune};
