//! What the annuaire gives to everybody: the public part of structures and services, in the forms that others read
//! (data·inclusion, HSDS, CSV, XLSX, GeoJSON), as files and as an API (seed 004: maps of the offer that others reuse).
//! Nothing that is of a person leaves: `rules::retenue` decides, before any form is written.
//! Public face: `Format`, `Producteur`, `export`, `rules`.

mod export;
pub mod fichiers;
mod model;
pub mod rules;
#[cfg(test)]
mod tests;

pub use export::{Bilan, export};
pub use model::{Format, Producteur};
