//! When a message may leave, and when one that was refused is tried again.

use chrono::Timelike;
use kit::Instant;

/// Waits before each new try: a grey list lets through after some minutes, a broken server is mended within a day.
const ATTENTES: [i64; 7] = [60, 5 * 60, 15 * 60, 3_600, 4 * 3_600, 12 * 3_600, 24 * 3_600];

/// When to try again a message that was just refused for now, `essais` times before; none: it is given up.
pub fn next_try(essais: u32, now: Instant) -> Option<Instant> {
    let index = usize::try_from(essais).ok()?;
    ATTENTES.get(index).map(|wait| now.plus_seconds(*wait))
}

const SOIR: u32 = 21;
const MATIN: u32 = 8;

/// From 21 h to 8 h nobody is disturbed (RULES-OF-THE-FIELD, « Appointments and messages »).
pub fn is_night(now: Instant) -> bool {
    let hour = now.paris().hour();
    !(MATIN..SOIR).contains(&hour)
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
        assert!(is_night(at(21, 0)) && is_night(at(0, 0)) && is_night(at(7, 59)));
        assert!(!is_night(at(8, 0)) && !is_night(at(20, 59)));
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
