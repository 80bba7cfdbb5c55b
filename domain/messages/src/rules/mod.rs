//! When a message may leave, when one that was refused is tried again, and what is kept of the refusal.

pub mod gsm;

use std::str::FromStr;

use chrono::Timelike;
use kit::Instant;

/// Waits before each new try: a grey list lets through after some minutes, a broken server is mended within a day.
const ATTENTES: [i64; 7] = [60, 5 * 60, 15 * 60, 3_600, 4 * 3_600, 12 * 3_600, 24 * 3_600];

/// When to try again a message that was just refused for now, `essais` times before; none: it is given up.
pub fn next_try(essais: u32, now: Instant) -> Option<Instant> {
    let index = usize::try_from(essais).ok()?;
    ATTENTES.get(index).map(|wait| now.plus_seconds(*wait))
}

/// The hours when nobody is disturbed, on the wall clock of Paris; from 21 h to 8 h unless an installation says otherwise
/// (RULES-OF-THE-FIELD, « Appointments and messages »).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Silence {
    soir: u32,
    matin: u32,
}

impl Default for Silence {
    fn default() -> Self {
        Self { soir: 21, matin: 8 }
    }
}

/// Why a silence cannot be.
#[derive(Clone, Copy, Debug, thiserror::Error, PartialEq, Eq)]
#[error("le silence va d’une heure du soir (13 à 23) à une heure du matin (0 à 12), « 21-8 », ou « aucun »")]
pub struct SilenceRefuse;

impl FromStr for Silence {
    type Err = SilenceRefuse;

    /// « 21-8 », or « aucun ».
    fn from_str(text: &str) -> Result<Self, SilenceRefuse> {
        if text.trim() == "aucun" {
            return Ok(Self { soir: 24, matin: 0 });
        }
        let (soir, matin) = text.split_once('-').ok_or(SilenceRefuse)?;
        let read = |hour: &str| hour.trim().parse::<u32>().map_err(|_| SilenceRefuse);
        let silence = Self { soir: read(soir)?, matin: read(matin)? };
        if (13..24).contains(&silence.soir) && silence.matin <= 12 { Ok(silence) } else { Err(SilenceRefuse) }
    }
}

impl Silence {
    pub fn covers(self, now: Instant) -> bool {
        !(self.matin..self.soir).contains(&now.paris().hour())
    }
}

/// What is kept of a server's answer.
const ANSWER_KEPT: usize = 300;

/// A server's answer, cut, where the address of the person, the name it begins with, and any other address are « … ».
pub fn hide_addresses(answer: &str, destinataire: &str) -> String {
    let name = destinataire.rsplit_once('@').map_or(destinataire, |(name, _)| name).to_lowercase();
    let names: Vec<&str> = name.split(is_between).filter(|name| !name.is_empty()).collect();
    let mut said = String::new();
    for piece in answer.split_inclusive(is_between) {
        let word = piece.trim_end_matches(is_between);
        let is_address = word.contains('@') || word.contains("%40") || names.contains(&word.trim_matches('.').to_lowercase().as_str());
        said.push_str(if is_address { "…" } else { word });
        said.push_str(&piece[word.len()..]);
    }
    said.chars().take(ANSWER_KEPT).collect()
}

/// What an address does not hold, unless between quotes.
fn is_between(sign: char) -> bool {
    sign.is_whitespace() || sign.is_control() || "<>()[]{}\"“”«»,;:\\".contains(sign)
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;

    fn at(hour: u32, minute: u32) -> Instant {
        Instant::from_paris(NaiveDate::from_ymd_opt(2026, 7, 1).unwrap().and_hms_opt(hour, minute, 0).unwrap()).unwrap()
    }

    #[test]
    fn the_night_lasts_from_nine_in_the_evening_to_eight_in_the_morning() {
        let usual = Silence::default();
        assert!([(21, 0), (0, 0), (7, 59)].into_iter().all(|(hour, minute)| usual.covers(at(hour, minute))));
        assert!([(8, 0), (20, 59)].into_iter().all(|(hour, minute)| !usual.covers(at(hour, minute))));
    }

    #[test]
    fn a_silence_is_read_or_refused() {
        assert_eq!("21-8".parse(), Ok(Silence::default()));
        assert!(" 20 - 9 ".parse::<Silence>().unwrap().covers(at(20, 0)));
        let none: Silence = "aucun".parse().unwrap();
        assert!((0..24).all(|hour| !none.covers(at(hour, 0))));
        for text in ["", "21", "8-21", "25-8", "21-13", "21h-8h", "-1-8"] {
            assert_eq!(text.parse::<Silence>(), Err(SilenceRefuse), "{text}");
        }
    }

    #[test]
    fn an_answer_never_says_to_whom_it_was() {
        for (answer, kept) in [
            ("550 5.1.1 <elodie@example.org>: Recipient address rejected", "550 5.1.1 <…>: Recipient address rejected"),
            ("5.1.1 ELODIE@Example.ORG... User unknown", "5.1.1 … User unknown"),
            ("User elodie not found (Elodie)", "User … not found (…)"),
            ("rcpt=elodie@example.org; write to 'postmaster@example.org'.", "…; write to …"),
            ("see https://example.org/?who=elodie%40example.org", "see https:…"),
            ("\"elodie\"@example.org, elodie+x@example.org", "\"…\"…, …"),
            ("451 4.7.1 Greylisted, come back in 5 minutes", "451 4.7.1 Greylisted, come back in 5 minutes"),
        ] {
            assert_eq!(hide_addresses(answer, "elodie@example.org"), kept);
        }
        assert_eq!(hide_addresses("<\"jean dupont\"@example.org> Dupont?", "\"Jean Dupont\"@example.org"), "<\"… …\"…> Dupont?");
        assert_eq!(hide_addresses("", ""), "");
    }

    #[test]
    fn of_a_long_answer_the_beginning_is_kept() {
        assert_eq!(hide_addresses(&"é".repeat(301), "elodie@example.org"), "é".repeat(300));
    }

    #[test]
    fn a_refused_message_waits_longer_each_time_and_is_given_up_after_two_days() {
        let now = at(9, 0);
        let waits: Vec<i64> = (0..7).map(|essais| next_try(essais, now).unwrap().0 - now.0).collect();
        assert!(waits.is_sorted());
        assert!((86_400..3 * 86_400).contains(&waits.iter().sum::<i64>()));
        assert_eq!(next_try(7, now), None);
    }
}
