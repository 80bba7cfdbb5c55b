//! The clock of a prise en charge and what follows an answer: values in, values out.

use annuaire::rules::horaires::Horaires;
use chrono::{Days, NaiveDate, NaiveDateTime, NaiveTime};
use kit::Instant;

use super::{Etat, PriseEnCharge};

/// Working days: neither week-ends nor the public holidays of metropolitan France.
const OUVRES: &str = "Mo-Fr 00:00-24:00; PH off";

/// When a working day begins.
const MATIN: NaiveTime = match NaiveTime::from_hms_opt(9, 0, 0) {
    Some(time) => time,
    None => NaiveTime::MIN,
};

pub fn is_ouvre(jour: NaiveDate) -> bool {
    Horaires::new(OUVRES).du_jour(jour).is_some()
}

fn next_ouvre(jour: NaiveDate) -> NaiveDate {
    let mut next = jour;
    // No year has ten days in a row without a working one.
    for _ in 0..10 {
        next = next.checked_add_days(Days::new(1)).unwrap_or(next);
        if is_ouvre(next) {
            break;
        }
    }
    next
}

/// The same time of the day, so many working days later. What comes on a closed day is counted from the morning of the next open one.
pub fn add_ouvres(from: Instant, jours: u32) -> Instant {
    let wall = from.paris();
    let (mut jour, heure) = if is_ouvre(wall.date()) { (wall.date(), wall.time()) } else { (next_ouvre(wall.date()), MATIN) };
    for _ in 0..jours {
        jour = next_ouvre(jour);
    }
    // The hour that does not exist, one night of March, is a Sunday: a working day always has an instant.
    Instant::from_paris(NaiveDateTime::new(jour, heure)).unwrap_or(from)
}

/// When a silent structure is reminded, and when the coordination is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Horloge {
    pub rappel_at: Instant,
    pub echeance_at: Instant,
}

/// The reminder leaves a working day before the end; of a delay of one day, at half of it.
pub fn wind(from: Instant, delai: u32) -> Horloge {
    let echeance_at = add_ouvres(from, delai);
    let half = Instant(from.0 + (echeance_at.0 - from.0) / 2);
    Horloge { rappel_at: if delai > 1 { add_ouvres(from, delai - 1) } else { half }, echeance_at }
}

/// What the clock asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Geste {
    Relancer,
    Escalader,
}

pub fn decide(one: &PriseEnCharge, now: Instant) -> Option<Geste> {
    if !one.etat.is_open() || one.escalade_at.is_some() {
        return None;
    }
    if one.echeance_at <= now {
        return Some(Geste::Escalader);
    }
    (one.relance_at.is_none() && one.rappel_at <= now).then_some(Geste::Relancer)
}

/// For how many days after its end the link of a letter still takes an answer.
pub const LIEN_JOURS: i64 = 30;

/// What a link opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ouverture {
    ARepondre,
    Repondue,
    Close,
    Retiree,
    Perimee,
}

pub fn look(one: &PriseEnCharge, now: Instant) -> Ouverture {
    match one.etat {
        Etat::Close => Ouverture::Close,
        Etat::Retiree => Ouverture::Retiree,
        Etat::Acceptee | Etat::Retenue | Etat::Refusee => Ouverture::Repondue,
        Etat::Envoyee | Etat::Vue if one.echeance_at.plus_seconds(LIEN_JOURS * 86_400) < now => Ouverture::Perimee,
        Etat::Envoyee | Etat::Vue => Ouverture::ARepondre,
    }
}

/// What « je prends » means: alone to be asked, the structure takes the person; among several, it is interested and the person chooses.
/// `others` are the states of those asked for the same need.
pub fn accept(others: &[Etat]) -> Etat {
    if others.iter().any(|etat| etat.is_open() || etat.is_willing()) { Etat::Acceptee } else { Etat::Retenue }
}

/// Nobody is left who could: the demande comes back to the accueil.
pub fn is_exhausted(all: &[Etat]) -> bool {
    !all.is_empty() && all.iter().all(|etat| !etat.is_open() && !etat.is_willing()) && all.contains(&Etat::Refusee)
}

#[cfg(test)]
mod tests {
    use kit::Id;

    use super::*;

    fn at(text: &str) -> Instant {
        Instant::from_paris(NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap()).unwrap()
    }

    #[test]
    fn three_working_days_skip_week_ends_and_holidays() {
        assert_eq!(add_ouvres(at("2026-11-17 10:30"), 3), at("2026-11-20 10:30"), "from Tuesday to Friday");
        assert_eq!(add_ouvres(at("2026-11-20 10:30"), 3), at("2026-11-25 10:30"), "over a week-end");
        assert_eq!(add_ouvres(at("2026-04-30 16:00"), 1), at("2026-05-04 16:00"), "1 May 2026 is a Friday");
        assert_eq!(add_ouvres(at("2027-03-26 09:00"), 1), at("2027-03-30 09:00"), "Easter Monday 2027");
        assert_eq!(add_ouvres(at("2026-11-21 22:00"), 1), at("2026-11-24 09:00"), "what comes on Saturday waits since Monday");
        assert_eq!(add_ouvres(at("2026-05-01 12:00"), 3), at("2026-05-07 09:00"), "from a holiday that opens a week-end");
    }

    #[test]
    fn the_clock_shows_the_same_hour_across_the_changes_of_october_and_march() {
        let october = add_ouvres(at("2026-10-23 11:00"), 1);
        assert_eq!((october, october.0 - at("2026-10-23 11:00").0), (at("2026-10-26 11:00"), 3 * 86_400 + 3_600));
        let march = add_ouvres(at("2027-03-25 11:00"), 2);
        assert_eq!(march, at("2027-03-30 11:00"));
        assert_eq!(march.0 - at("2027-03-25 11:00").0, 5 * 86_400 - 3_600, "an hour was lost on Sunday 28");
    }

    #[test]
    fn the_reminder_leaves_a_working_day_before_the_end() {
        let clock = wind(at("2026-11-19 10:00"), 3);
        assert_eq!((clock.rappel_at, clock.echeance_at), (at("2026-11-23 10:00"), at("2026-11-24 10:00")));
        let short = wind(at("2026-11-17 10:00"), 1);
        assert_eq!((short.rappel_at, short.echeance_at), (at("2026-11-17 22:00"), at("2026-11-18 10:00")));
    }

    fn prise(etat: Etat) -> PriseEnCharge {
        let Horloge { rappel_at, echeance_at } = wind(at("2026-11-17 10:00"), 3);
        PriseEnCharge {
            id: Id::from_name("p"),
            demande_id: Id::from_name("d"),
            structure_id: Id::from_name("s"),
            service_id: Id::from_name("v"),
            structure_nom: "S".into(),
            besoin: "menage".into(),
            etat,
            envoyee_at: at("2026-11-17 10:00"),
            vue_at: None,
            ouvertures: 0,
            repondue_at: None,
            repondant: None,
            motif: None,
            rappel_at,
            echeance_at,
            relance_at: None,
            escalade_at: None,
            has_lien: true,
            preuve: None,
            preuve_essais: 0,
            preuve_envois: 0,
            navigateur: None,
        }
    }

    #[test]
    fn silence_is_reminded_once_then_told_once_and_an_answer_stops_the_clock() {
        let silent = prise(Etat::Vue);
        assert_eq!(decide(&silent, Instant(silent.rappel_at.0 - 1)), None);
        assert_eq!(decide(&silent, silent.rappel_at), Some(Geste::Relancer));
        let reminded = PriseEnCharge { relance_at: Some(silent.rappel_at), ..silent.clone() };
        assert_eq!(decide(&reminded, Instant(silent.echeance_at.0 - 1)), None);
        assert_eq!(decide(&reminded, silent.echeance_at), Some(Geste::Escalader));
        assert_eq!(decide(&silent, silent.echeance_at), Some(Geste::Escalader), "a program that was stopped all along still tells");
        let told = PriseEnCharge { escalade_at: Some(silent.echeance_at), ..reminded };
        assert_eq!(decide(&told, silent.echeance_at.plus_seconds(9_999_999)), None);
        for etat in Etat::ALL.iter().filter(|etat| !etat.is_open()) {
            assert_eq!(decide(&prise(*etat), silent.echeance_at), None, "{etat:?}");
        }
    }

    #[test]
    fn alone_it_takes_the_person_among_several_the_person_chooses() {
        assert_eq!(accept(&[]), Etat::Retenue);
        assert_eq!(accept(&[Etat::Refusee, Etat::Close, Etat::Retiree]), Etat::Retenue);
        for etat in [Etat::Envoyee, Etat::Vue, Etat::Acceptee, Etat::Retenue] {
            assert_eq!(accept(&[etat]), Etat::Acceptee, "{etat:?}");
        }
    }

    #[test]
    fn the_demande_comes_back_when_all_refused_and_not_before() {
        assert!(is_exhausted(&[Etat::Refusee, Etat::Retiree]));
        assert!(!is_exhausted(&[Etat::Refusee, Etat::Vue]) && !is_exhausted(&[Etat::Refusee, Etat::Acceptee]) && !is_exhausted(&[]));
        assert!(!is_exhausted(&[Etat::Retiree]), "the team took it back itself");
    }

    #[test]
    fn a_link_says_why_it_takes_no_answer() {
        let now = at("2026-11-18 10:00");
        let said = |etat| look(&prise(etat), now);
        assert_eq!(
            (said(Etat::Vue), said(Etat::Refusee), said(Etat::Close)),
            (Ouverture::ARepondre, Ouverture::Repondue, Ouverture::Close)
        );
        assert_eq!(said(Etat::Retiree), Ouverture::Retiree);
        assert_eq!(look(&prise(Etat::Vue), at("2027-01-18 10:00")), Ouverture::Perimee);
    }
}
