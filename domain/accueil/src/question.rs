//! A commune and a need, as people and programs give them, made certain or refused with a sentence.

use annuaire::besoin::{Besoin, Reconnaissance, Taxonomie};
use kit::Error;
use territoire::{CodeRefuse, Commune, Referentiel};

/// A question that can be answered.
#[derive(Clone, Debug)]
pub struct Question {
    pub commune: &'static Commune,
    /// What was understood, the most important first.
    pub besoins: Vec<&'static Besoin>,
}

/// Why a question cannot be answered; the `Display` says what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QuestionRefusee {
    #[error("il manque la commune : ajoutez commune=CODE, le code INSEE à cinq caractères, par exemple commune=36173")]
    SansCommune,
    #[error("{0}")]
    Commune(CodeRefuse),
    #[error("il manque le besoin : ajoutez besoin=CODE, ou des mots, par exemple besoin=portage de repas")]
    SansBesoin,
    #[error("aucun besoin n’est reconnu dans « {0} » : dites-le autrement, ou choisissez un code de /api/v1/besoins")]
    Besoin(String),
}

impl QuestionRefusee {
    /// The part of the question to mend.
    pub fn field(&self) -> &'static str {
        match self {
            Self::SansCommune | Self::Commune(_) => "commune",
            Self::SansBesoin | Self::Besoin(_) => "besoin",
        }
    }
}

/// What programs are told: what cannot be read is told apart from what does not exist.
impl From<QuestionRefusee> for Error {
    fn from(refusal: QuestionRefusee) -> Self {
        let sentence = refusal.to_string();
        match refusal {
            QuestionRefusee::SansCommune | QuestionRefusee::SansBesoin => Self::Unreadable(sentence),
            QuestionRefusee::Commune(CodeRefuse::Forme(_) | CodeRefuse::ZeroPerdu(_)) => Self::Unreadable(sentence),
            QuestionRefusee::Commune(CodeRefuse::CodePostal { .. } | CodeRefuse::CodePostalUnique { .. } | CodeRefuse::Inconnu(_)) => {
                Self::Unknown(sentence)
            }
            QuestionRefusee::Besoin(_) => Self::Unknown(sentence),
        }
    }
}

impl Question {
    /// Reads a commune code, current or old, and a need by its code or in free words.
    pub fn read(commune: &str, besoin: &str) -> Result<Self, QuestionRefusee> {
        Ok(Self { commune: read_commune(commune)?, besoins: read_besoins(besoin)? })
    }

    pub fn rangs(&self) -> Vec<u8> {
        self.besoins.iter().map(|besoin| besoin.rang).collect()
    }
}

/// A commune by its code, current or old.
pub fn read_commune(code: &str) -> Result<&'static Commune, QuestionRefusee> {
    let code = code.trim();
    if code.is_empty() {
        return Err(QuestionRefusee::SansCommune);
    }
    Referentiel::get().resolve_code(code).map(|found| found.commune).map_err(QuestionRefusee::Commune)
}

/// Codes separated by commas, or words. Words that could mean several things are taken for the likeliest:
/// the answer names the need it understood.
pub fn read_besoins(text: &str) -> Result<Vec<&'static Besoin>, QuestionRefusee> {
    let taxonomie = Taxonomie::get();
    let text = text.trim();
    if text.is_empty() {
        return Err(QuestionRefusee::SansBesoin);
    }
    let codes: Option<Vec<_>> = text.split(',').map(|code| taxonomie.find(code.trim())).collect();
    if let Some(mut besoins) = codes {
        besoins.dedup();
        return Ok(besoins);
    }
    match taxonomie.recognise(text) {
        Reconnaissance::Reconnu(besoins) => Ok(besoins),
        Reconnaissance::Ambigu(trouves) => Ok(trouves.into_iter().take(1).map(|trouve| trouve.besoin).collect()),
        Reconnaissance::Inconnu => Err(QuestionRefusee::Besoin(text.chars().take(80).collect())),
    }
}
