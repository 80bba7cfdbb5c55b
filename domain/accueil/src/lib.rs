//! The one act on which all else hangs: somebody says where they live and what they need, and is told which
//! structures really serve them (seed 002, « 1001 services »).

mod model;
pub mod rules;

pub use model::*;
