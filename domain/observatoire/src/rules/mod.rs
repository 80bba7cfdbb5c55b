//! Decisions about figures: which periods are published, what is hidden. No database, no HTTP.

pub mod masque;
pub mod trimestre;
