//! How the printed edition reaches people: places where copies are left, how many, in which rounds, what came back, what it cost.
//! `rules` count and refuse, `feuille` prints the rounds, `pages` are under `equipe/repertoire`.

mod feuille;
mod model;
pub(crate) mod pages;
pub mod rules;
pub mod storage;
#[cfg(test)]
mod tests;

pub use model::*;
