//! Decisions about figures: which periods are published, where a fact is counted, what is hidden. No database, no HTTP.

pub mod cellules;
pub mod comparaison;
pub mod mois;
pub mod secret;
