//! Decisions about accounts, without database or clock.

pub mod droits;
pub mod mot_de_passe;
pub mod session;
