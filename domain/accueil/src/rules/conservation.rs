//! How long a demande is kept as it is: counted in months of the calendar, from the last contact.

use chrono::Months;
use kit::{Instant, codes};

use crate::model::Issue;

codes! {
    /// What a territoire gives a duration to.
    pub enum Objet {
        Demande = "demande" => "la demande, ensuite anonymisée",
        Rappel = "rappel" => "le nom et les coordonnées, après la réponse",
    }
}

impl Objet {
    /// Its code in the register of columns, which gives the duration by default.
    pub const fn conservation(self) -> &'static str {
        match self {
            Self::Demande => "demande-24-mois",
            Self::Rappel => "rappel-3-mois",
        }
    }
}

/// The durations of a territoire, in months.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Durees {
    pub demande: u32,
    pub rappel: u32,
}

impl Durees {
    /// What a person is told of it.
    pub fn sentence(&self) -> String {
        format!(
            "{}\u{a0}mois après le dernier contact, puis il ne reste que de quoi compter. \
             Le nom et les coordonnées\u{a0}: {}\u{a0}mois après la réponse.",
            self.demande, self.rappel
        )
    }
}

/// What decides how long a demande is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Suivi {
    pub dernier_contact: Instant,
    pub issue: Option<Issue>,
    /// Whether something is still held to call the person back.
    pub has_rappel: bool,
}

/// What is to be done with a demande whose time is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Echeance {
    Anonymiser,
    EffacerRappel,
}

impl Echeance {
    /// What it erases.
    pub fn label(self) -> &'static str {
        match self {
            Self::Anonymiser => "à anonymiser (mots, note, nom et coordonnées, âge, sexe, situation, accords, lien secret)",
            Self::EffacerRappel => "nom et coordonnées à effacer (la réponse est donnée)",
        }
    }
}

/// What is due now, if anything.
pub fn decide(suivi: &Suivi, durees: Durees, now: Instant) -> Option<Echeance> {
    if is_over(suivi.dernier_contact, durees.demande, now) {
        return Some(Echeance::Anonymiser);
    }
    let is_answered = match suivi.issue {
        Some(Issue::Orientee | Issue::Information | Issue::SansSolution) => true,
        Some(Issue::ARappeler) | None => false,
    };
    (suivi.has_rappel && is_answered && is_over(suivi.dernier_contact, durees.rappel, now)).then_some(Echeance::EffacerRappel)
}

/// On the wall clock of Paris: the 31st of January plus one month is the last day of February.
fn is_over(from: Instant, mois: u32, now: Instant) -> bool {
    from.paris().checked_add_months(Months::new(mois)).is_some_and(|end| end <= now.paris())
}

/// Why a duration is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("une durée va de {MOIS_MINIMUM} à {MOIS_MAXIMUM} mois")]
pub struct DureeRefusee;

const MOIS_MINIMUM: u32 = 1;
const MOIS_MAXIMUM: u32 = 36;

pub fn check_mois(mois: u32) -> Result<u32, DureeRefusee> {
    if (MOIS_MINIMUM..=MOIS_MAXIMUM).contains(&mois) { Ok(mois) } else { Err(DureeRefusee) }
}
