//! How long the lines of the journal are kept, in months.

use kit::codes;

codes! {
    /// The lines that a territoire gives a duration to.
    pub enum LignesJournal {
        Personne = "journal" => "les lignes du journal qui désignent une personne",
        Autre = "journal_autre" => "les autres lignes du journal",
    }
}

impl LignesJournal {
    /// Their code in the register of columns, which gives the duration by default.
    pub const fn conservation(self) -> &'static str {
        match self {
            Self::Personne => "journal-12-mois",
            Self::Autre => "journal-60-mois",
        }
    }

    /// The fewest months and the most: long enough to look for a fault, never longer than the file itself may be kept.
    const fn bounds(self) -> (u32, u32) {
        match self {
            Self::Personne => (6, 36),
            Self::Autre => (6, 120),
        }
    }

    pub fn check(self, mois: u32) -> Result<u32, DureeJournalRefusee> {
        let (minimum, maximum) = self.bounds();
        if (minimum..=maximum).contains(&mois) { Ok(mois) } else { Err(DureeJournalRefusee(minimum, maximum)) }
    }
}

/// Why a duration is refused: the bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("cette durée va de {0} à {1} mois")]
pub struct DureeJournalRefusee(u32, u32);

/// The durations of a territoire, in months.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DureesJournal {
    pub personne: u32,
    pub autre: u32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_journal_is_kept_six_months_at_least() {
        let refused = Err(DureeJournalRefusee(6, 36));
        assert_eq!([5, 6, 36, 37].map(|mois| LignesJournal::Personne.check(mois)), [refused, Ok(6), Ok(36), refused]);
        assert!(LignesJournal::Autre.check(120).is_ok() && LignesJournal::Autre.check(121).is_err());
    }
}
