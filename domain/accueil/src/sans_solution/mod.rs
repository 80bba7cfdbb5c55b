//! What has no solution, as work to do (seed 002: « toute demande infructueuse est listée »): grouped by need, commune and month; what
//! was promised, passed to a plan of action, closed; and raised when a service that answers it opens.

mod levee;
pub mod rules;
pub mod storage;

use kit::codes;

pub use levee::{Veille, raise};

codes! {
    /// What becomes of a demande without a solution.
    pub enum Suite {
        Ouverte = "ouverte" => "ouverte",
        Promise = "promise" => "rappel promis si un service s’ouvre",
        Transferee = "transferee" => "transférée au plan d’action",
        Close = "close" => "close",
    }
}
