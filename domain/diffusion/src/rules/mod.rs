//! Decisions of what is published and how it is said; no database, no clock, no HTTP.

pub mod changement;
pub mod correspondance;
pub mod data_inclusion;
pub mod filtre;
pub mod garde;
pub mod geojson;
pub mod hsds;
pub mod integration;
pub mod lieu;
pub mod pagination;
pub mod retenue;
pub mod tableau;
pub mod zone;
