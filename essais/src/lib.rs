//! Whole-program trials: what only shows when everything runs together.
//! `Programme` is the real binary in a process of its own; `site` is the router of the program on a given database;
//! `Disque` loses its power.
//! The trials themselves are in `tests/`; those of the browser in `navigateur/`.
#![allow(clippy::expect_used, clippy::panic, reason = "a trial that cannot start must stop there")]

mod client;
mod disque;
mod papier;
pub mod pdf;
mod preuve;
mod programme;
mod site;

pub use client::{Reponse, ask, get, post, pour, send};
pub use disque::Disque;
pub use papier::read_pdf;
pub use preuve::{leave, prove};
pub use programme::{Programme, binary};
pub use site::{COURRIEL, MOT_DE_PASSE, Site};

/// Whether the faults are tried at full length: `cargo xtask pannes` says so, the ordinary tests do not.
pub fn is_long() -> bool {
    std::env::var_os("MAILLAGE_PANNES").is_some()
}
