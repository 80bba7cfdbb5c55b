//! What every capability stands on, without a word of the field: identifiers, the clock, the two databases behind one
//! handle, errors that people can read, form errors, folded text, texts encrypted in the database (`Coffre`), the registry of
//! routes, the journal, the messages to send (`envoi`), what is done once a day (`tache`), files for spreadsheets, and the dated
//! facts (`fait`) from which statistics live, money (`argent`).
//! Time and identifiers come in by the door: `Clock` and `Id` are made here and passed as values.
//! Public face: `Clock`, `Coffre`, `Db`, `Error`, `FieldErrors`, `Frein`, `Id`, `routes`, `reference`, `secret`, `sql`, `envoi`, `fait`, `journal`,
//! `tache`, `Tableur`, `argent`, `telephone`, `text`.

pub mod argent;
mod clock;
mod codes;
pub mod coffre;
mod db;
pub mod envoi;
mod error;
pub mod fait;
mod form;
mod frein;
mod id;
pub mod journal;
pub mod reference;
pub mod routes;
pub mod secret;
pub mod sql;
mod tableur;
pub mod tache;
pub mod telephone;
pub mod text;

/// For `codes!`.
#[doc(hidden)]
pub use serde;

pub use clock::{Clock, Instant};
pub use coffre::Coffre;
pub use db::{Db, Engine};
pub use error::{DATA_ONLY, Error, Failure, Problem, Result};
pub use form::{FieldError, FieldErrors};
pub use frein::{Appelant, Frein};
pub use id::Id;
pub use tableur::{Tableur, shield};
