//! What every capability stands on, without a word of the field: identifiers, the clock, the two databases behind one
//! handle, errors that people can read, form errors, folded text, and the dated facts (`fait`) from which statistics live.
//! Time and identifiers come in by the door: `Clock` and `Id` are made here and passed as values.
//! Public face: `Clock`, `Db`, `Error`, `FieldErrors`, `Id`, `reference`, `sql`, `fait`, `telephone`, `text`.

mod clock;
mod codes;
mod db;
mod error;
pub mod fait;
mod form;
mod id;
pub mod reference;
pub mod sql;
pub mod telephone;
pub mod text;

pub use clock::{Clock, Instant};
pub use db::{Db, Engine};
pub use error::{Error, Failure, Problem, Result};
pub use form::{FieldError, FieldErrors};
pub use id::Id;
