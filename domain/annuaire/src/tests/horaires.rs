//! Opening hours at their limits.

use chrono::{NaiveDate, NaiveDateTime};

use crate::rules::horaires::{Horaires, Ouverture, check, en_francais};
use crate::rules::siret;

/// Tuesday 17 November 2026.
fn tuesday(hour: u32, minute: u32) -> NaiveDateTime {
    NaiveDate::from_ymd_opt(2026, 11, 17).unwrap().and_hms_opt(hour, minute, 0).unwrap()
}

const LIGNE: &str = "Mo-We,Fr 09:00-12:00,14:00-17:00; Th 09:00-12:00";

#[test]
fn the_line_of_the_seed_opens_and_closes_on_the_minute() {
    let horaires = Horaires::new(LIGNE);
    assert_eq!(horaires.ouverture(tuesday(8, 59)), Ouverture::OuvreA(9 * 60));
    assert_eq!(horaires.ouverture(tuesday(9, 0)), Ouverture::Ouvert(12 * 60));
    assert_eq!(horaires.ouverture(tuesday(12, 0)), Ouverture::OuvreA(14 * 60));
    assert_eq!(horaires.ouverture(tuesday(16, 59)), Ouverture::Ouvert(17 * 60));
    assert_eq!(horaires.ouverture(tuesday(17, 0)), Ouverture::Ferme);
}

#[test]
fn another_day_is_computed_anew() {
    let horaires = Horaires::new(LIGNE);
    let thursday = tuesday(15, 0) + chrono::Days::new(2);
    assert_eq!(horaires.ouverture(tuesday(15, 0)), Ouverture::Ouvert(17 * 60));
    assert_eq!(horaires.ouverture(thursday), Ouverture::Ferme);
    assert_eq!(horaires.ouverture(tuesday(15, 0)), Ouverture::Ouvert(17 * 60));
}

#[test]
fn a_public_holiday_closes_who_says_so() {
    let horaires = Horaires::new("Mo-Su 09:00-17:00; PH off");
    let armistice = NaiveDate::from_ymd_opt(2026, 11, 11).unwrap().and_hms_opt(10, 0, 0).unwrap();
    assert_eq!(horaires.ouverture(armistice), Ouverture::Ferme);
}

#[test]
fn hours_are_said_in_french_days_grouped() {
    let said = en_francais(LIGNE).replace(['\u{a0}', '\u{202f}'], " ");
    assert_eq!(
        en_francais("Mo-Fr 09:00-17:00; Sa-Su 10:00-12:00"),
        "du lundi au vendredi\u{a0}: 9\u{a0}h–17\u{a0}h\u{202f}; samedi, dimanche\u{a0}: 10\u{a0}h–12\u{a0}h"
    );
    assert_eq!(said, "lundi, mardi, mercredi, vendredi : 9 h–12 h et 14 h–17 h ; jeudi : 9 h–12 h");
}

#[test]
fn what_is_not_hours_is_refused_with_an_example() {
    assert!(check(LIGNE).is_ok());
    for wrong in ["de 9h à midi", "Mo 25:00-26:00x", "🙂"] {
        assert!(check(wrong).unwrap_err().contains("Mo-Fr"), "{wrong}");
    }
}

#[test]
fn a_siret_carries_its_key() {
    assert!(siret::is_plausible("73282932000074"));
    assert!(!siret::is_plausible("73282932000075"));
    assert!(!siret::is_plausible("7328293200007"));
    assert!(siret::is_plausible("35600000000048"), "La Poste has a rule of its own");
}
