//! What is asked, where, and how it ends: counted on the dated facts that the other rooms record; nobody depends on it.
//! First shape: demandes by commune and by need over a period, and the share without a solution.
//! Public face: `routes`.

mod pages;
mod storage;
#[cfg(test)]
mod tests;

pub use pages::routes;
pub use storage::{Compte, Periode, count_by_besoin, count_by_commune};
