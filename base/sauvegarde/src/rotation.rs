//! Which archives are kept: so many days, so many weeks, so many months, each by its most recent one.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, NaiveDateTime};
use kit::Instant;

/// How many days, weeks and months keep an archive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Garde {
    pub jours: usize,
    pub semaines: usize,
    pub mois: usize,
}

const PREFIX: &str = "maillage-";
const SUFFIX: &str = ".sauvegarde";
/// In UTC, so that the night the clocks go back has no hour twice.
const DATE: &str = "%Y%m%dT%H%M%SZ";

/// The name of the archive of an instant: `maillage-20261122T033000Z.sauvegarde`.
pub fn name(at: Instant) -> String {
    let utc = chrono::DateTime::from_timestamp(at.0, 0).unwrap_or_default();
    format!("{PREFIX}{}{SUFFIX}", utc.format(DATE))
}

/// When an archive was made; other files of the folder are nobody's business here.
pub fn read_name(name: &str) -> Option<Instant> {
    let date = name.strip_prefix(PREFIX)?.strip_suffix(SUFFIX)?;
    NaiveDateTime::parse_from_str(date, DATE).ok().map(|date| Instant(date.and_utc().timestamp()))
}

/// The archives to delete. Periods are those that have an archive, not those of the calendar: a server stopped for a
/// year, or whose clock was wrong for a day, loses nothing for it.
pub fn list_a_effacer(names: &[String], garde: Garde) -> Vec<String> {
    let dated: BTreeMap<Instant, &String> = names.iter().filter_map(|name| Some((read_name(name)?, name))).collect();
    let mut kept: BTreeSet<Instant> = dated.keys().next_back().copied().into_iter().collect();
    kept.extend(list_derniers(&dated, garde.jours, |at| (at.day().year(), at.day().ordinal())));
    kept.extend(list_derniers(&dated, garde.semaines, |at| (at.day().iso_week().year(), at.day().iso_week().week())));
    kept.extend(list_derniers(&dated, garde.mois, |at| (at.day().year(), at.day().month())));
    dated.iter().filter(|(at, _)| !kept.contains(at)).map(|(_, name)| (*name).clone()).collect()
}

/// The most recent archive of each of the last `count` periods.
fn list_derniers(dated: &BTreeMap<Instant, &String>, count: usize, period: impl Fn(Instant) -> (i32, u32)) -> Vec<Instant> {
    let last: BTreeMap<(i32, u32), Instant> = dated.keys().map(|at| (period(*at), *at)).collect();
    last.into_values().rev().take(count).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 86_400;
    const GARDE: Garde = Garde { jours: 7, semaines: 4, mois: 12 };

    fn list_kept(names: &[String], garde: Garde) -> Vec<String> {
        let gone = list_a_effacer(names, garde);
        names.iter().filter(|name| !gone.contains(name)).cloned().collect()
    }

    #[test]
    fn two_years_of_nights_leave_a_week_a_month_and_a_year() {
        let names: Vec<String> = (0..730).map(|day| name(testkit::NOON.plus_seconds(-day * DAY))).collect();
        let kept = list_kept(&names, GARDE);
        assert_eq!(&kept[..7], &names[..7], "the last seven days");
        let oldest = kept.iter().filter_map(|name| read_name(name)).min().unwrap();
        assert_eq!(oldest.day().to_string(), "2025-12-31", "the last of each of twelve months");
        assert!((18..=23).contains(&kept.len()), "{kept:?}");
    }

    #[test]
    fn each_limit_counts_its_own_periods() {
        let days: Vec<String> = (0..10).map(|day| name(testkit::NOON.plus_seconds(-day * DAY))).collect();
        let only = |jours| Garde { jours, semaines: 0, mois: 0 };
        assert_eq!(list_kept(&days, only(7)).len(), 7);
        assert_eq!(list_kept(&days, only(9)).len(), 9);
        assert!(list_a_effacer(&days, only(10)).is_empty() && list_a_effacer(&days, only(11)).is_empty());
    }

    #[test]
    fn of_one_day_the_most_recent_is_kept() {
        let names = [name(testkit::NOON), name(testkit::NOON.plus_seconds(-3_600))];
        assert_eq!(list_a_effacer(&names, GARDE), [names[1].clone()]);
    }

    #[test]
    fn the_last_archive_is_never_deleted() {
        let names = [name(testkit::NOON), name(testkit::NOON.plus_seconds(-DAY))];
        assert_eq!(list_a_effacer(&names, Garde { jours: 0, semaines: 0, mois: 0 }), [names[1].clone()]);
    }

    #[test]
    fn a_clock_wrong_by_a_year_deletes_nothing_that_counts() {
        let mut names: Vec<String> = (0..7).map(|day| name(testkit::NOON.plus_seconds(-day * DAY))).collect();
        names.push(name(testkit::NOON.plus_seconds(365 * DAY)));
        let gone = list_a_effacer(&names, GARDE);
        assert!(gone.is_empty() || gone == [names[6].clone()], "{gone:?}");
    }

    #[test]
    fn a_file_of_somebody_else_is_left_alone() {
        let names = ["notes.txt", "maillage-2026.sauvegarde", "maillage-20261122T033000Z.sauvegarde.bak"].map(str::to_string);
        assert!(names.iter().all(|name| read_name(name).is_none()));
        assert!(list_a_effacer(&names, Garde { jours: 0, semaines: 0, mois: 0 }).is_empty());
    }
}
