//! The accueil: its rules without database, its acts on both databases.

mod acte;
mod appel;
mod chiffrement;
mod conservation;
mod effacement;
mod equite;
pub mod monde;
mod orientation;
mod prise_en_charge;
mod proprietes;
mod saisie;
mod suites;
