//! What is printed, decided from values alone.

pub mod blocs;
pub mod cadre;
pub mod casse;
pub mod communes;
pub mod depart;
pub mod ecarts;
pub mod livre;
pub mod logo;
pub mod notice;
pub mod saisie;
pub mod texte;
pub mod zone;
