//! What is promised to somebody who waits, on the hours when the line answers.

use accueil::Urgence;
use annuaire::rules::horaires_ligne::{EtatLigne, etat};
use kit::Instant;
use territoire::LigneUnique;

const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;

/// By when somebody is answered: two hours of the opened line when it presses, the next day it opens, or within three days. Night
/// and closed days do not count against the team, and are not promised to the person.
pub fn promesse(ligne: &LigneUnique, recue_at: Instant, urgence: Urgence) -> Instant {
    let delay = match urgence {
        Urgence::Immediate => 2 * HOUR,
        Urgence::Semaine => DAY,
        Urgence::PasPresse => 3 * DAY,
    };
    opened_from(ligne, opened_from(ligne, recue_at).plus_seconds(delay))
}

/// The first moment from then on at which somebody answers; that very moment when no hours are known.
fn opened_from(ligne: &LigneUnique, at: Instant) -> Instant {
    match etat(ligne, at) {
        EtatLigne::Fermee { ouvre: Some(ouvre) } => ouvre,
        EtatLigne::Ouverte { .. } | EtatLigne::Fermee { ouvre: None } | EtatLigne::Inconnue => at,
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;
    use crate::tests::monde;

    fn at(day: u32, hour: u32, minute: u32) -> Instant {
        Instant::from_paris(NaiveDate::from_ymd_opt(2026, 7, day).unwrap().and_hms_opt(hour, minute, 0).unwrap()).unwrap()
    }

    #[test]
    fn a_promise_is_kept_on_the_hours_of_the_line() {
        let ligne = monde::territoire().ligne;
        // Thursday 2 July 2026, the line closes at noon until Friday at nine.
        for (recue, urgence, expected) in [
            (at(2, 9, 30), Urgence::Immediate, at(2, 11, 30)),
            (at(2, 11, 0), Urgence::Immediate, at(3, 9, 0)),
            (at(2, 20, 0), Urgence::Immediate, at(3, 11, 0)),
            (at(2, 10, 0), Urgence::Semaine, at(3, 10, 0)),
            (at(3, 16, 0), Urgence::Semaine, at(6, 9, 0)),
            (at(2, 10, 0), Urgence::PasPresse, at(6, 9, 0)),
        ] {
            assert_eq!(promesse(&ligne, recue, urgence), expected, "{recue:?} {urgence:?}");
        }
    }

    #[test]
    fn without_hours_a_promise_is_a_plain_delay() {
        assert_eq!(promesse(&LigneUnique::default(), at(2, 20, 0), Urgence::Immediate), at(2, 22, 0));
    }
}
