//! The proof round: each structure reads its entry as it will print, by a link without an account, and approves it or mends it; who
//! did not answer is called. What it approved is void as soon as what would be printed changes.
//! Public face: `Epreuve`, `rules`, `lettres::send`.

pub mod lettres;
mod model;
pub(crate) mod pages;
pub mod rules;
pub mod storage;

pub use model::*;
