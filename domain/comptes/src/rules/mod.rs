//! Decisions about accounts, without database or clock.

pub mod conservation;
pub mod droits;
pub mod mot_de_passe;
pub mod preuve;
pub mod second_facteur;
pub mod session;
