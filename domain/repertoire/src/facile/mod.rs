//! Sheets that are easy to read (« facile à lire et à comprendre », rules of Inclusion Europe): a need on two pages. Such a text is only
//! called so once persons concerned have read it: a territoire mends the words with them, and keeps who read which words.
//! `mots` reads and advises, `reponses` finds whom to name, `fiche` lays out, `pages` are under `equipe/repertoire/fiches`.

mod fiche;
mod model;
pub(crate) mod mots;
pub(crate) mod pages;
mod reponses;
pub mod storage;

pub use fiche::{Fiche, find_besoin, write_fiche};
pub use model::*;
pub use reponses::{Reponse, list_reponses};
