//! Why a text is not the code of a commune; each `Display` is the sentence shown.

use crate::{CodeInsee, CodePostal};

/// A code that leads to no commune, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CodeRefuse {
    #[error("« {0} » n’est pas un code commune\u{a0}: il faut cinq caractères, comme 26064 ou 2A004")]
    Forme(String),
    #[error("« {0} » n’a que quatre chiffres\u{a0}: le zéro du début s’est sans doute perdu dans un tableur, essayez 0{0}")]
    ZeroPerdu(String),
    #[error("{code} est un code postal, pas un code commune\u{a0}: il couvre {communes} communes, précisez laquelle")]
    CodePostal { code: CodePostal, communes: usize },
    #[error("{code} est un code postal, pas un code commune\u{a0}: il correspond à {nom}, dont le code commune est {commune}")]
    CodePostalUnique { code: CodePostal, nom: String, commune: CodeInsee },
    #[error("aucune commune n’a le code {0}\u{a0}: vérifiez la saisie, ou cherchez la commune par son nom")]
    Inconnu(CodeInsee),
}

/// What is shown back of a wrong input: enough to recognise it.
const SHOWN: usize = 20;

impl CodeRefuse {
    pub(crate) fn forme(texte: &str) -> Self {
        Self::Forme(texte.chars().take(SHOWN).collect())
    }

    pub(crate) fn zero_perdu(texte: &str) -> Self {
        Self::ZeroPerdu(texte.to_owned())
    }
}
