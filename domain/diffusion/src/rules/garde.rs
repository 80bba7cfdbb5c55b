//! Which editions are kept, how a new one is named, and whether there is something to publish.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use crate::Edition;

/// The last ones, all kept.
const DERNIERES: usize = 7;
/// Then the last one of each month, for two years.
const MOIS: usize = 24;

/// Names of those that are no longer kept; `editions` from the last one to the first.
pub fn list_perimees(editions: &[Edition]) -> Vec<String> {
    let mut mois = BTreeSet::new();
    let mut perimees = vec![];
    for (rang, edition) in editions.iter().enumerate() {
        let is_last_of_month = mois.len() < MOIS && mois.insert(edition.nom.chars().take(7).collect::<String>());
        if rang >= DERNIERES && !is_last_of_month {
            perimees.push(edition.nom.clone());
        }
    }
    perimees
}

/// The day, and a number when this day already has one.
pub fn name(jour: NaiveDate, editions: &[Edition]) -> String {
    let is_taken = |nom: &String| editions.iter().any(|edition| edition.nom == *nom);
    let numbered = (2..).map(|number| format!("{jour}-{number}"));
    std::iter::once(jour.to_string()).chain(numbered).find(|nom| !is_taken(nom)).unwrap_or_default()
}

/// At night, only what changed; at once, what has never been published.
pub fn is_due(editions: &[Edition], revision: i64, hour: u32) -> bool {
    match editions.first() {
        Some(last) => hour >= HEURE && last.revision != revision,
        None => revision > 0,
    }
}

/// Not before: the erasing of the night is over.
const HEURE: u32 = 5;

#[cfg(test)]
mod tests {
    use super::*;

    fn edition(nom: &str, revision: i64) -> Edition {
        Edition { nom: nom.into(), created_at: 0, revision, structures: 0, services: 0 }
    }

    #[test]
    fn the_last_seven_and_the_last_of_each_month_are_kept() {
        let first = NaiveDate::from_ymd_opt(2026, 1, 1).unwrap();
        let mut editions: Vec<Edition> = first.iter_days().take(300).map(|day| edition(&day.to_string(), 1)).collect();
        editions.reverse();
        let perimees = list_perimees(&editions);
        let kept: Vec<&str> = editions.iter().map(|one| one.nom.as_str()).filter(|nom| !perimees.contains(&(*nom).to_string())).collect();
        assert_eq!(kept.len(), 7 + 9, "{kept:?}");
        assert_eq!((kept[0], kept[7], kept[15]), ("2026-10-27", "2026-09-30", "2026-01-31"));
        let old: Vec<Edition> = (0..40).map(|month| edition(&format!("{}-{:02}-01", 2026 - month / 12, 12 - month % 12), 1)).collect();
        assert_eq!(list_perimees(&old).len(), 40 - MOIS);
    }

    #[test]
    fn a_second_edition_of_a_day_is_numbered() {
        let day = NaiveDate::from_ymd_opt(2026, 11, 22).unwrap();
        assert_eq!(name(day, &[]), "2026-11-22");
        assert_eq!(name(day, &[edition("2026-11-22-2", 1), edition("2026-11-22", 1)]), "2026-11-22-3");
    }

    #[test]
    fn a_night_without_a_change_publishes_nothing() {
        assert!(is_due(&[], 1, 0) && !is_due(&[], 0, 12), "the first one waits for no hour, but for something to say");
        assert!(is_due(&[edition("2026-11-21", 1)], 2, 5));
        assert!(!is_due(&[edition("2026-11-21", 1)], 2, 4) && !is_due(&[edition("2026-11-21", 2)], 2, 5));
    }
}
