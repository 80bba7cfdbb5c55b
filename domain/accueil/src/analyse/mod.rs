//! The grid of the premier accueil social (seed 003, action 21: « analyse, repérage des besoins »): a few questions that the coordination
//! writes, without anything about health; answered on the page of the demande, encrypted, erased with the person.

pub mod rules;
pub mod storage;

use serde::{Deserialize, Serialize};

/// A question of a territoire, and what may be answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    pub libelle: String,
    pub choix: Vec<String>,
}

/// What was answered, in the words of that day: the grid may change since.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Constat {
    pub question: String,
    pub choix: String,
}
