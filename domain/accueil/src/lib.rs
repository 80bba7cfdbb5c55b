//! The one act on which all else hangs: somebody says where they live and what they need, and is told which
//! structures really serve them (seed 002, « 1001 services »).

mod filtre;
mod model;
pub mod rules;
pub mod storage;
mod tours;

pub use filtre::{Filtre, FiltreInput, NOUVELLE};
pub use model::*;
pub use tours::Tours;
