//! The ligne of seed 002, hour by hour; its exceptions; the nights on which the hour changes.

use chrono::{NaiveDate, NaiveDateTime};
use kit::{Id, Instant};
use proptest::prelude::*;
use territoire::{ExceptionLigne, LigneUnique};

use crate::rules::horaires_ligne::{EtatLigne, dire, dire_exception, etat, list_annonces};

/// « ouverte du lundi au vendredi de 9h à 12h et de 14h à 17h sauf le jeudi après-midi » (seed 002).
const LIGNE: &str = "Mo-We,Fr 09:00-12:00,14:00-17:00; Th 09:00-12:00; PH off";

fn ligne(horaires: &str) -> LigneUnique {
    LigneUnique { horaires: Some(horaires.into()), ..LigneUnique::default() }
}

fn at(text: &str) -> Instant {
    Instant::from_paris(NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap()).unwrap()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn exception(du: &str, au: &str, plages: &[(u16, u16)], message: &str) -> ExceptionLigne {
    ExceptionLigne { id: Id::from_name(du), du: day(du), au: day(au), plages: plages.to_vec(), message: message.into() }
}

fn say(ligne: &LigneUnique, now: &str) -> String {
    dire(&etat(ligne, at(now)), at(now)).replace(['\u{a0}', '\u{202f}'], " ")
}

#[test]
fn the_week_of_the_seed_is_open_at_its_hours_and_at_no_other() {
    // Monday 16 to Sunday 22 November 2026.
    for (jour, opened) in (16..=22).zip(["9-12 14-17", "9-12 14-17", "9-12 14-17", "9-12", "9-12 14-17", "", ""]) {
        for hour in 0..24 {
            let spans = opened.split_whitespace().map(|span| span.split_once('-').unwrap());
            let expected =
                spans.map(|(from, to)| (from.parse().unwrap(), to.parse().unwrap())).find(|(from, to)| (*from..*to).contains(&hour));
            let now = at(&format!("2026-11-{jour} {hour:02}:00"));
            match (etat(&ligne(LIGNE), now), expected) {
                (EtatLigne::Ouverte { jusqua }, Some((_, to))) => assert_eq!(jusqua, at(&format!("2026-11-{jour} {to:02}:00"))),
                (EtatLigne::Fermee { ouvre: Some(ouvre) }, None) => {
                    assert!(ouvre > now && matches!(etat(&ligne(LIGNE), ouvre), EtatLigne::Ouverte { .. }))
                }
                (found, expected) => panic!("{jour} November, {hour} h: {found:?}, expected {expected:?}"),
            }
        }
    }
}

#[test]
fn what_is_said_names_the_day_as_people_do() {
    let ligne = ligne(LIGNE);
    assert_eq!(say(&ligne, "2026-11-17 09:00"), "Ouverte en ce moment, jusqu’à 12 h");
    assert_eq!(say(&ligne, "2026-11-17 11:59"), "Ouverte en ce moment, jusqu’à 12 h");
    assert_eq!(say(&ligne, "2026-11-17 12:00"), "Fermée pour l’instant ; ouvre aujourd’hui à 14 h");
    assert_eq!(say(&ligne, "2026-11-18 17:00"), "Fermée pour l’instant ; ouvre demain, jeudi, à 9 h");
    assert_eq!(say(&ligne, "2026-11-20 17:00"), "Fermée pour l’instant ; ouvre lundi à 9 h");
    assert_eq!(say(&ligne, "2026-12-31 12:00"), "Fermée pour l’instant ; ouvre lundi à 9 h", "Friday the 1st is a public holiday");
}

#[test]
fn the_first_of_may_is_closed_and_the_next_opening_is_after_it() {
    // Friday 30 April 2027 is open, 1 May is a Saturday; 14 July 2026 is a Tuesday.
    assert_eq!(etat(&ligne(LIGNE), at("2026-07-13 17:00")), EtatLigne::Fermee { ouvre: Some(at("2026-07-15 09:00")) });
    // Friday 1 May 2026.
    assert_eq!(etat(&ligne(LIGNE), at("2026-05-01 10:00")), EtatLigne::Fermee { ouvre: Some(at("2026-05-04 09:00")) });
}

#[test]
fn an_exceptional_closing_closes_and_an_exceptional_opening_opens_even_then() {
    let mut ligne = ligne(LIGNE);
    ligne.exceptions.push(exception("2026-11-17", "2026-11-19", &[], "formation de l’équipe"));
    assert_eq!(etat(&ligne, at("2026-11-17 10:00")), EtatLigne::Fermee { ouvre: Some(at("2026-11-20 09:00")) });
    ligne.exceptions.push(exception("2026-11-18", "2026-11-18", &[(600, 660)], ""));
    assert_eq!(etat(&ligne, at("2026-11-17 10:00")), EtatLigne::Fermee { ouvre: Some(at("2026-11-18 10:00")) });
    assert_eq!(etat(&ligne, at("2026-11-18 10:30")), EtatLigne::Ouverte { jusqua: at("2026-11-18 11:00") });
    let told: Vec<String> =
        list_annonces(&ligne, at("2026-11-16 10:00")).iter().map(|one| dire_exception(one, at("2026-11-16 10:00"))).collect();
    assert_eq!(told.len(), 2);
    assert!(
        told[0].starts_with("Fermée du mardi 17 novembre au jeudi 19 novembre") && told[0].ends_with("formation de l’équipe"),
        "{}",
        told[0]
    );
    assert!(list_annonces(&ligne, at("2026-11-20 10:00")).is_empty() && list_annonces(&ligne, at("2026-10-01 10:00")).is_empty());
}

#[test]
fn the_nights_on_which_the_hour_changes_open_for_as_long_as_they_last() {
    let night = ligne("Su 01:00-04:00");
    // 28 March 2027: two o’clock is three. 25 October 2026: three o’clock is two again.
    for (now, hours) in [("2027-03-28 01:00", 2), ("2026-10-25 01:00", 4), ("2026-10-18 01:00", 3)] {
        let EtatLigne::Ouverte { jusqua } = etat(&night, at(now)) else { panic!("{now}") };
        assert_eq!(jusqua.0 - at(now).0, hours * 3_600, "{now}");
    }
    let lost = ligne("Su 02:15-02:45");
    assert_eq!(etat(&lost, at("2027-03-27 12:00")), EtatLigne::Fermee { ouvre: Some(at("2027-03-28 03:15")) }, "the hour that follows");
    assert_eq!(
        etat(&ligne("Sa 22:00-03:00"), at("2026-10-25 00:30")),
        EtatLigne::Ouverte { jusqua: Instant(at("2026-10-25 04:00").0 - 3_600) }
    );
}

#[test]
fn no_hours_are_unknown_and_a_line_without_end_is_not_closed_at_midnight() {
    assert_eq!(etat(&LigneUnique::default(), at("2026-11-17 10:00")), EtatLigne::Inconnue);
    assert_eq!(etat(&ligne("off"), at("2026-11-17 10:00")), EtatLigne::Fermee { ouvre: None });
    let EtatLigne::Ouverte { jusqua } = etat(&ligne("24/7"), at("2026-11-17 10:00")) else { panic!() };
    assert!(jusqua >= at("2026-11-24 00:00"));
}

proptest! {
    /// At any moment of a year with both changes of hour, what is announced comes true.
    #[test]
    fn the_next_change_is_always_one(minutes in 0_i64..366 * 24 * 60, texte in prop::sample::select(vec![
        LIGNE, "Su 01:00-04:00", "Mo-Su 00:00-24:00", "Sa 22:00-03:00", "Mo 02:00-03:00; Su 02:00-03:00", "Mo-Fr 08:00-20:00; PH off",
    ])) {
        let ligne = ligne(texte);
        let now = at("2026-10-01 00:00").plus_seconds(minutes * 60);
        match etat(&ligne, now) {
            EtatLigne::Ouverte { jusqua } => {
                prop_assert!(jusqua > now);
                let is_open_before = matches!(etat(&ligne, jusqua.plus_seconds(-60)), EtatLigne::Ouverte { .. });
                prop_assert!(is_open_before);
                if texte != "Mo-Su 00:00-24:00" {
                    let is_closed_then = matches!(etat(&ligne, jusqua), EtatLigne::Fermee { .. });
                    prop_assert!(is_closed_then);
                }
            }
            EtatLigne::Fermee { ouvre } => {
                let ouvre = ouvre.unwrap();
                prop_assert!(ouvre > now && ouvre.0 - now.0 < 15 * 86_400);
                let is_open_then = matches!(etat(&ligne, ouvre), EtatLigne::Ouverte { .. });
                let is_closed_before = matches!(etat(&ligne, ouvre.plus_seconds(-60)), EtatLigne::Fermee { .. });
                prop_assert!(is_open_then && is_closed_before);
            }
            EtatLigne::Inconnue => prop_assert!(false),
        }
    }
}

#[test]
fn the_answer_is_quick_enough_for_every_page() {
    let (ligne, now) = (ligne(LIGNE), at("2026-12-24 18:00"));
    let started = std::time::Instant::now();
    for _ in 0..100 {
        assert!(matches!(etat(&ligne, now), EtatLigne::Fermee { .. }));
    }
    let each = started.elapsed() / 100;
    println!("{each:?} each");
    assert!(each < std::time::Duration::from_millis(10), "{each:?}");
}
