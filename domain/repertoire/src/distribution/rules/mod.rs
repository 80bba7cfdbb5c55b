//! What is proposed, counted and refused, decided from values alone.

pub mod argent;
pub mod compte;
pub mod fichier;
pub mod import;
pub mod mouvement;
pub mod proposition;
pub mod saisie;
pub mod tournee;
