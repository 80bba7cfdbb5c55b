//! The periods that are published: whole quarters, once they are over. Periods that overlap could be subtracted, and so could
//! today's figures and yesterday's.

use std::fmt;

use chrono::{Datelike, Days, NaiveDate};

/// A quarter of a year: « 2026-T3 ».
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Trimestre {
    annee: i32,
    /// From 0 to 3.
    rang: u32,
}

impl Trimestre {
    pub fn parse(text: &str) -> Option<Self> {
        let (annee, rang) = text.split_once("-T")?;
        let (annee, rang) = (annee.parse().ok()?, rang.parse::<u32>().ok()?);
        ((2000..2200).contains(&annee) && (1..=4).contains(&rang)).then(|| Self { annee, rang: rang - 1 })
    }

    /// The quarter of a day.
    fn of(day: NaiveDate) -> Self {
        Self { annee: day.year(), rang: day.month0() / 3 }
    }

    pub fn before(self) -> Self {
        match self.rang {
            0 => Self { annee: self.annee - 1, rang: 3 },
            rang => Self { rang: rang - 1, ..self },
        }
    }

    fn after(self) -> Self {
        match self.rang {
            3 => Self { annee: self.annee + 1, rang: 0 },
            rang => Self { rang: rang + 1, ..self },
        }
    }

    /// The last one that is over.
    pub fn last_over(today: NaiveDate) -> Self {
        Self::of(today).before()
    }

    pub fn is_over(self, today: NaiveDate) -> bool {
        self < Self::of(today)
    }

    /// First and last day.
    pub fn bounds(self) -> (NaiveDate, NaiveDate) {
        let first = |one: Self| NaiveDate::from_ymd_opt(one.annee, one.rang * 3 + 1, 1).unwrap_or_default();
        let last = first(self.after()).checked_sub_days(Days::new(1)).unwrap_or_default();
        (first(self), last)
    }
}

impl fmt::Display for Trimestre {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-T{}", self.annee, self.rang + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_quarter_is_over_the_day_after_its_last() {
        let third = Trimestre::parse("2026-T3").unwrap();
        assert_eq!(third.bounds(), (day("2026-07-01"), day("2026-09-30")));
        assert!(!third.is_over(day("2026-09-30")) && third.is_over(day("2026-10-01")));
        assert_eq!(Trimestre::last_over(day("2026-11-17")), third);
        assert_eq!(Trimestre::last_over(day("2026-01-01")).to_string(), "2025-T4");
        assert_eq!(Trimestre::parse("2025-T4").unwrap().bounds(), (day("2025-10-01"), day("2025-12-31")));
        for wrong in ["2026-T0", "2026-T5", "2026", "T3", "-T3", "99999-T1", "2026-Tx"] {
            assert_eq!(Trimestre::parse(wrong), None, "{wrong}");
        }
    }
}
