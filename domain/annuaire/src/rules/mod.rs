//! Decisions of the annuaire, without database, clock or HTTP.

pub mod commune_dite;
pub mod couverture;
pub mod couverture_dite;
pub mod couverture_saisie;
pub mod horaires;
pub mod horaires_ligne;
pub mod horaires_saisie;
pub mod identifiant;
pub mod presentation;
pub mod saisie;
pub mod siret;
