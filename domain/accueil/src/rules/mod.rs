//! Decisions of the accueil: whom to propose, in which order, and why. No database, no clock, no HTTP.

pub mod consentement;
pub mod conservation;
pub mod elargissement;
pub mod equite;
pub mod issue;
pub mod orientation;
pub mod plan;
pub mod raison;
pub mod recapitulatif;
