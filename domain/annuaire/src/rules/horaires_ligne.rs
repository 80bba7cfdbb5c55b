//! When the ligne answers: its week, the public holidays that it says, and the days that the coordination set apart. Moments are
//! instants, so that a night on which the hour changes is neither longer nor shorter than it is.

use std::fmt;

use chrono::{Datelike, Days, NaiveDate, NaiveDateTime, TimeDelta};
use kit::Instant;
use territoire::{ExceptionLigne, LigneUnique};

use super::horaires::{Heure, JOURS, Plages, read_day};

/// Whether somebody answers at the ligne, and until or from when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EtatLigne {
    Ouverte {
        jusqua: Instant,
    },
    Fermee {
        /// None: nothing says that it will open again within a year.
        ouvre: Option<Instant>,
    },
    /// Nobody has said when it opens.
    Inconnue,
}

/// A line that opens once a year still says when.
const JOURS_REGARDES: usize = 366;

/// How the ligne is at a moment.
pub fn etat(ligne: &LigneUnique, now: Instant) -> EtatLigne {
    if ligne.horaires.is_none() && ligne.exceptions.is_empty() {
        return EtatLigne::Inconnue;
    }
    // From yesterday, whose last hours may run past midnight.
    let first = now.day().checked_sub_days(Days::new(1)).unwrap_or(now.day());
    let mut coming = first.iter_days().take(JOURS_REGARDES).flat_map(|jour| list_ouvertures(ligne, jour)).filter(|(_, end)| *end > now);
    let Some((start, mut end)) = coming.next() else { return EtatLigne::Fermee { ouvre: None } };
    if start > now {
        return EtatLigne::Fermee { ouvre: Some(start) };
    }
    // Hours that touch are one opening: « until midnight » of a line that never closes would be false.
    for (next, later) in coming.take(JOURS.len()) {
        if next > end {
            break;
        }
        end = end.max(later);
    }
    EtatLigne::Ouverte { jusqua: end }
}

/// When the ligne opens and closes on a day, in order.
fn list_ouvertures(ligne: &LigneUnique, jour: NaiveDate) -> Vec<(Instant, Instant)> {
    let read = |(from, to): (u16, u16)| Some((instant(jour, from, false)?, instant(jour, to, true)?));
    // A whole opening within the hour that does not exist in March is no opening.
    plages_du(ligne, jour).into_iter().filter_map(read).filter(|(start, end)| start < end).collect()
}

/// What is said for that day: an exceptional opening before an exceptional closing, and that before the ordinary hours.
pub fn plages_du(ligne: &LigneUnique, jour: NaiveDate) -> Plages {
    let of_day = || ligne.exceptions.iter().filter(|one| one.covers(jour));
    if let Some(opening) = of_day().find(|one| !one.plages.is_empty()) {
        return opening.plages.clone();
    }
    if of_day().next().is_some() {
        return vec![];
    }
    ligne.horaires.as_deref().map(|texte| read_day(texte, jour).plages).unwrap_or_default()
}

/// The moment of a minute of a day. In March, the hour that does not exist is that which follows; in October, an opening begins
/// with the first of the two hours and ends with the second.
fn instant(jour: NaiveDate, minute: u16, is_end: bool) -> Option<Instant> {
    let wall = jour.and_time(chrono::NaiveTime::MIN) + TimeDelta::minutes(i64::from(minute));
    let first = Instant::from_paris(wall).or_else(|| Instant::from_paris(wall + TimeDelta::hours(1)))?;
    let second = first.plus_seconds(3_600);
    Some(if is_end && second.paris() == wall { second } else { first })
}

/// « Ouverte en ce moment, jusqu’à 12 h », « Fermée pour l’instant ; ouvre jeudi à 9 h ».
pub fn dire(etat: &EtatLigne, now: Instant) -> String {
    match etat {
        EtatLigne::Ouverte { jusqua } => format!("Ouverte en ce moment, jusqu’à {}", Moment(jusqua.paris(), now.paris())),
        EtatLigne::Fermee { ouvre: Some(ouvre) } => format!("Fermée pour l’instant\u{202f}; ouvre {}", dire_jour(*ouvre, now)),
        EtatLigne::Fermee { ouvre: None } => "Fermée".to_string(),
        EtatLigne::Inconnue => "Horaires à demander".to_string(),
    }
}

/// « aujourd’hui à 14 h », « demain, vendredi, à 9 h », « lundi 4 janvier à 9 h ».
pub fn dire_jour(at: Instant, now: Instant) -> String {
    let (wall, today) = (at.paris(), now.day());
    let jour = JOURS[wall.weekday().num_days_from_monday() as usize];
    let heure = Moment(wall, wall);
    match (wall.date() - today).num_days() {
        0 => format!("aujourd’hui à {heure}"),
        1 => format!("demain, {jour}, à {heure}"),
        2..=6 => format!("{jour} à {heure}"),
        _ => format!("{} à {heure}", dire_date(wall.date(), today)),
    }
}

/// « lundi 4 janvier », with the year when it is not that of today.
fn dire_date(day: NaiveDate, today: NaiveDate) -> String {
    let said = ui::format::date(day);
    if day.year() == today.year() { said.trim_end_matches(&format!(" {}", day.year())).to_string() } else { said }
}

/// An hour, with its day when it is not the same: « 12 h », « demain à 2 h ».
struct Moment(NaiveDateTime, NaiveDateTime);

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(wall, now) = self;
        let minute =
            u16::try_from(wall.signed_duration_since(wall.date().and_time(chrono::NaiveTime::MIN)).num_minutes()).unwrap_or_default();
        match (wall.date() - now.date()).num_days() {
            0 => write!(f, "{}", Heure(minute)),
            1 if minute == 0 => write!(f, "minuit"),
            1 => write!(f, "demain à {}", Heure(minute)),
            _ => write!(f, "{} à {}", dire_date(wall.date(), now.date()), Heure(minute)),
        }
    }
}

/// How long before an exceptional day the public is told.
const ANNONCE: i64 = 21;

/// The days set apart that are near, in order: what the public is told of them.
pub fn list_annonces(ligne: &LigneUnique, now: Instant) -> Vec<&ExceptionLigne> {
    let today = now.day();
    let mut near: Vec<&ExceptionLigne> =
        ligne.exceptions.iter().filter(|one| one.au >= today && (one.du - today).num_days() <= ANNONCE).collect();
    near.sort_by_key(|one| (one.du, one.au));
    near
}

/// « Fermée jeudi 24 décembre : veille de Noël », « Ouverte du lundi 4 janvier au mardi 5 janvier, 9 h–12 h ».
pub fn dire_exception(one: &ExceptionLigne, now: Instant) -> String {
    let today = now.day();
    let quand = match one.du == one.au {
        true => dire_date(one.du, today),
        false => format!("du {} au {}", dire_date(one.du, today), dire_date(one.au, today)),
    };
    let quoi = match one.plages.is_empty() {
        true => format!("Fermée {quand}"),
        false => format!("Ouverte {quand}, {}", super::horaires::say_plages(&one.plages)),
    };
    if one.message.is_empty() { quoi } else { format!("{quoi}\u{a0}: {}", one.message) }
}
