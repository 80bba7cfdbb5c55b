//! Who offers what, where, and which communes each service really reaches.
//!
pub mod aiguillage;
pub mod besoin;
pub mod import;
mod model;
pub mod rules;
pub mod storage;
pub use model::*;
