//! What is known of a proof.

use kit::{Id, Instant, codes};

codes! {
    /// What a structure says of its entry.
    pub enum Avis {
        Bonne = "bonne" => "bonne à imprimer",
        ACorriger = "a_corriger" => "à corriger",
    }
}

codes! {
    /// By which way it said so.
    pub enum VoieReponse {
        Lien = "lien" => "par son lien",
        Telephone = "telephone" => "au téléphone",
    }
}

/// An answer, and the entry that it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dite {
    pub reponse: Avis,
    pub voie: VoieReponse,
    pub at: Instant,
    /// What is to be mended.
    pub remarque: Option<String>,
    /// Fingerprint of the entry as it stood.
    pub empreinte: String,
}

/// The proof of a structure in an edition; the default one was never written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Epreuve {
    /// Letters written, the last one at `ecrite_at`.
    pub lettres: i64,
    pub ecrite_at: Option<Instant>,
    pub vue_at: Option<Instant>,
    pub dite: Option<Dite>,
    /// Of one person's business: whether its telephone may be printed; none until it is said.
    pub telephone: Option<bool>,
}

codes! {
    /// Where a proof stands, for the coordination: what asks for a gesture first.
    pub enum Statut {
        ACorriger = "a_corriger" => "à corriger par vous",
        Changee = "changee" => "changée depuis sa réponse",
        SansAdresse = "sans_adresse" => "sans adresse : à appeler",
        Silencieuse = "silencieuse" => "sans réponse",
        AEcrire = "a_ecrire" => "pas encore écrite",
        Approuvee = "approuvee" => "approuvée",
    }
}

/// A structure of the edition, as the proof round sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relue {
    pub structure: Id,
    pub nom: String,
    /// One person's business: its telephone is that of a person.
    pub is_personne: bool,
    pub courriel: Option<String>,
    pub telephone: Option<String>,
    /// Fingerprint of the entry as it would print today.
    pub empreinte: String,
    pub epreuve: Epreuve,
    pub statut: Statut,
}
