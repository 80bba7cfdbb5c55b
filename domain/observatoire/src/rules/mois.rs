//! Months, in which figures are kept: a year is a sum of them, and nothing smaller is published.

use std::fmt;
use std::ops::RangeInclusive;

use accueil::rules::equite::find_semaine;
use chrono::{Datelike, NaiveDate};
use kit::Instant;

/// « 2026-11 ».
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Mois {
    pub annee: i32,
    /// From 1 to 12.
    pub mois: u32,
}

const COURTS: [&str; 12] = ["janv.", "févr.", "mars", "avril", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."];
const NOMS: [&str; 12] =
    ["janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"];

impl Mois {
    pub fn parse(text: &str) -> Option<Self> {
        let (annee, mois) = text.split_once('-')?;
        let (annee, mois) = (annee.parse().ok()?, mois.parse().ok()?);
        ((1900..2200).contains(&annee) && (1..=12).contains(&mois)).then_some(Self { annee, mois })
    }

    pub fn of(day: NaiveDate) -> Self {
        Self { annee: day.year(), mois: day.month() }
    }

    /// So many months later, or earlier.
    pub fn plus(self, months: i32) -> Self {
        let rang = self.annee * 12 + i32::try_from(self.mois).unwrap_or(1) - 1 + months;
        Self { annee: rang.div_euclid(12), mois: u32::try_from(rang.rem_euclid(12)).unwrap_or(0) + 1 }
    }

    pub fn first_day(self) -> NaiveDate {
        NaiveDate::from_ymd_opt(self.annee, self.mois, 1).unwrap_or_default()
    }

    pub fn last_day(self) -> NaiveDate {
        self.plus(1).first_day().pred_opt().unwrap_or_default()
    }

    /// « 11/26 », where there is no room.
    pub fn bref(self) -> String {
        format!("{}/{:02}", self.mois, self.annee.rem_euclid(100))
    }

    /// « novembre 2026 ».
    pub fn nom(self) -> String {
        format!("{} {}", self.find(&NOMS), self.annee)
    }

    /// « nov. », where the year is known.
    pub fn nom_court(self) -> &'static str {
        self.find(&COURTS)
    }

    fn find(self, noms: &[&'static str; 12]) -> &'static str {
        usize::try_from(self.mois).ok().and_then(|mois| noms.get(mois.wrapping_sub(1))).copied().unwrap_or_default()
    }
}

impl fmt::Display for Mois {
    fn fmt(&self, out: &mut fmt::Formatter) -> fmt::Result {
        write!(out, "{:04}-{:02}", self.annee, self.mois)
    }
}

/// How the counters name the twelve months of a year together.
pub fn nom_annee(annee: i32) -> String {
    format!("an {annee}")
}

/// Beyond, a line is drawn through years.
const LISIBLES: i32 = 36;

/// Whole months, both included, the first one never after the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plage {
    pub de: Mois,
    pub a: Mois,
}

impl Plage {
    /// What was asked, put the right way round; the last twelve that are over when nothing readable was: a month under way is not
    /// compared with a whole one.
    pub fn read(de: &str, a: &str, today: NaiveDate) -> Self {
        let last = Mois::of(today).plus(-1);
        let a = Mois::parse(a).unwrap_or(last);
        let de = Mois::parse(de).unwrap_or(a.plus(-11));
        Self { de: de.min(a), a: de.max(a) }
    }

    /// A year, as far as it has gone: a month not finished is not compared with a whole one.
    pub fn of_year(annee: i32, today: NaiveDate) -> Self {
        let (de, end) = (Mois { annee, mois: 1 }, Mois { annee, mois: 12 });
        Self { de, a: end.min(Mois::of(today).plus(-1)).max(de) }
    }

    /// From January to December.
    pub fn whole_year(annee: i32) -> Self {
        Self { de: Mois { annee, mois: 1 }, a: Mois { annee, mois: 12 } }
    }

    pub fn is_year(self) -> bool {
        self == Self::whole_year(self.de.annee)
    }

    /// The same months of the year before.
    pub fn year_before(self) -> Self {
        Self { de: self.de.plus(-12), a: self.a.plus(-12) }
    }

    pub fn count_months(self) -> i32 {
        let rang = |mois: Mois| mois.annee * 12 + i32::try_from(mois.mois).unwrap_or(1);
        rang(self.a) - rang(self.de) + 1
    }

    pub fn months(self) -> impl Iterator<Item = Mois> {
        std::iter::successors(Some(self.de), |mois| Some(mois.plus(1))).take_while(move |mois| *mois <= self.a)
    }

    /// How the counters hold it: whole years (« an 2025 »), and the months around them.
    pub fn list_periodes(self) -> Vec<String> {
        let (years, months): (Vec<Mois>, Vec<Mois>) = self.months().partition(|mois| self.holds_year(mois.annee));
        let years = years.into_iter().filter(|mois| mois.mois == 1).map(|mois| nom_annee(mois.annee));
        years.chain(months.iter().map(Mois::to_string)).collect()
    }

    fn holds_year(self, annee: i32) -> bool {
        let year = Self::whole_year(annee);
        self.de <= year.de && year.a <= self.a
    }

    /// What a line goes through: its months; where these are too many to be read, the years that are whole among them.
    pub fn points(self, today: NaiveDate) -> Vec<Self> {
        if self.count_months() <= LISIBLES {
            return self.months().map(|mois| Self { de: mois, a: mois }).collect();
        }
        let years = (self.de.annee..=self.a.annee).filter(|annee| self.holds_year(*annee)).map(Self::whole_year);
        years.filter(|year| !year.is_unfinished(today)).collect()
    }

    pub fn contains(self, mois: Mois) -> bool {
        (self.de..=self.a).contains(&mois)
    }

    /// The years it is made of; none when it begins or ends within one, or when the last is not over.
    pub fn whole_years(self, today: NaiveDate) -> Option<RangeInclusive<i32>> {
        let is_whole = self.de.mois == 1 && self.a.mois == 12 && !self.is_unfinished(today);
        is_whole.then_some(self.de.annee..=self.a.annee)
    }

    /// The week of its first day, and the one after its last day, in which proposals are counted.
    pub fn semaines(self) -> (i64, i64) {
        let week = |mois: Mois| {
            let midnight = mois.first_day().and_hms_opt(0, 0, 0).and_then(Instant::from_paris).unwrap_or(Instant(0));
            find_semaine(midnight)
        };
        (week(self.de), week(self.a.plus(1)))
    }

    /// Whether its last month is still under way: its figures will grow.
    pub fn is_unfinished(self, today: NaiveDate) -> bool {
        self.a >= Mois::of(today)
    }

    /// « 1/26 à 11/26 », « 2025 », where there is no room.
    pub fn bref(self) -> String {
        match (self.de == self.a, self.is_year()) {
            (true, _) => self.de.bref(),
            (_, true) => self.de.annee.to_string(),
            (false, false) => format!("{} à {}", self.de.bref(), self.a.bref()),
        }
    }

    /// « novembre 2026 », « de janvier 2026 à novembre 2026 ».
    pub fn nom(self) -> String {
        match (self.de == self.a, self.de.nom()) {
            (true, nom) => nom,
            (false, nom) => format!("{}{nom} à {}", if nom.starts_with(['a', 'o']) { "d’" } else { "de " }, self.a.nom()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn months_follow_each_other_across_years() {
        let mois = Mois::parse("2026-11").unwrap();
        assert_eq!((mois.plus(2).to_string(), mois.plus(-11).to_string()), ("2027-01".into(), "2025-12".into()));
        assert_eq!(mois.nom(), "novembre 2026");
        assert_eq!([Mois::parse("2026-13"), Mois::parse("2026"), Mois::parse("26-1é")], [None, None, None]);
    }

    #[test]
    fn a_period_upside_down_is_turned_and_nonsense_is_the_last_twelve_months() {
        let today = day("2026-11-23");
        let plage = Plage::read("2026-09", "2026-02", today);
        assert_eq!((plage.de.to_string(), plage.a.to_string()), ("2026-02".into(), "2026-09".into()));
        let last = Plage::read("hier", "<script>", today);
        assert_eq!((last.de.to_string(), last.a.to_string(), last.months().count()), ("2025-11".into(), "2026-10".into(), 12));
        assert!(!last.is_unfinished(today) && Plage::read("", "2026-11", today).is_unfinished(today));
    }

    #[test]
    fn a_long_period_is_read_by_years_and_by_the_months_around_them() {
        let periodes = |de, a| Plage::read(de, a, day("2026-11-23")).list_periodes().join(" ");
        assert_eq!(periodes("2023-11", "2026-02"), "an 2024 an 2025 2023-11 2023-12 2026-01 2026-02");
        assert_eq!([periodes("2025-01", "2025-12"), periodes("2025-12", "2026-01")], ["an 2025", "2025-12 2026-01"]);
    }

    #[test]
    fn beyond_three_years_a_line_goes_through_the_years_that_are_whole() {
        let points = |de: &str, a: &str| {
            let points = Plage::read(de, a, day("2026-11-23")).points(day("2026-11-23"));
            (points.len(), points.first().map(|one| one.bref()), points.last().map(|one| one.bref()))
        };
        let told = |count: usize, first: &str, last: &str| (count, Some(first.to_string()), Some(last.to_string()));
        assert_eq!(points("2023-01", "2025-12"), told(36, "1/23", "12/25"));
        assert_eq!(points("2022-12", "2025-12"), told(3, "2023", "2025"));
        assert_eq!(points("2020-02", "2026-12"), told(5, "2021", "2025"), "2020 has lost a month, 2026 is under way");
        assert_eq!(points("2024-01", "2027-06"), told(2, "2024", "2025"));
    }

    #[test]
    fn a_year_not_finished_stops_at_its_last_whole_month() {
        let plage = Plage::of_year(2026, day("2026-11-23"));
        assert_eq!((plage.a.to_string(), plage.year_before().a.to_string()), ("2026-10".into(), "2025-10".into()));
        assert_eq!(Plage::of_year(2025, day("2026-11-23")).a.to_string(), "2025-12");
        assert_eq!(Plage::of_year(2026, day("2026-01-10")).months().count(), 1, "January itself, for want of better");
    }
}
