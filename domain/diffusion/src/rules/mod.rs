//! Decisions of what is published and how it is said; no database, no clock, no HTTP.

pub mod correspondance;
pub mod data_inclusion;
pub mod geojson;
pub mod hsds;
pub mod lieu;
pub mod retenue;
pub mod tableau;
pub mod zone;
