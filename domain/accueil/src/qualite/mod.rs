//! The call of quality: some days after, was a solution found, with whom, is the person satisfied? Only those who agreed to be called
//! back and left a number are called; only a part of them when the territoire says so. Who did not answer is counted beside who did.

pub mod rules;
pub mod storage;

use kit::{Id, codes};

codes! {
    /// Whether the person answered.
    pub enum ReponseQualite {
        Repondu = "repondu" => "a répondu",
        NeRepondPas = "ne_repond_pas" => "ne répond pas",
        NeSouhaitePas = "ne_souhaite_pas" => "ne souhaite pas répondre",
    }
}

codes! {
    /// Whether a solution was found.
    pub enum Solution {
        Oui = "oui" => "oui",
        EnPartie = "en_partie" => "en partie",
        Non = "non" => "non",
    }
}

/// What a call said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppelQualite {
    pub reponse: ReponseQualite,
    pub solution: Option<Solution>,
    /// One of the structures proposed; none: another, or nobody.
    pub structure: Option<Id>,
    /// From 1 to 5.
    pub satisfaction: Option<u8>,
    /// Without anything about health.
    pub commentaire: Option<String>,
}
