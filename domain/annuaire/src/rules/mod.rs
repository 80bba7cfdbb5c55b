//! Decisions of the annuaire, without database, clock or HTTP.

pub mod couverture;
pub mod horaires;
pub mod presentation;
pub mod siret;
