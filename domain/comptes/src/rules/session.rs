//! How long a session lasts, and when it has been idle for too long.

use kit::Instant;

/// Twelve hours: a working day, then one signs in again.
pub const DUREE: i64 = 12 * 3_600;
/// How long a browser is remembered after it last signed in: « navigateur-12-mois » of the register.
pub const NAVIGATEUR: i64 = 365 * 86_400;
const INACTIVITE: i64 = 30 * 60;
/// On a post declared by the administration: the screen of the ligne unique stays open between two calls.
const INACTIVITE_POSTE: i64 = 4 * 3_600;
/// Being seen is written at most this often: not at each request.
const VUE_CHAQUE: i64 = 60;

/// What decides whether a session still opens.
#[derive(Clone, Copy, Debug)]
pub struct Etat {
    pub opened_at: Instant,
    pub seen_at: Instant,
    pub is_poste: bool,
}

impl Etat {
    /// A clock that jumped back closes nothing; one that jumped far ahead closes as time would.
    pub fn is_open(&self, now: Instant) -> bool {
        let idle = if self.is_poste { INACTIVITE_POSTE } else { INACTIVITE };
        now < self.opened_at.plus_seconds(DUREE) && now < self.seen_at.plus_seconds(idle)
    }

    /// Whether it is worth writing that it was seen now.
    pub fn must_be_seen(&self, now: Instant) -> bool {
        now >= self.seen_at.plus_seconds(VUE_CHAQUE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NINE: Instant = Instant(1_794_902_400);

    fn seen(after: i64, is_poste: bool) -> Etat {
        Etat { opened_at: NINE, seen_at: NINE.plus_seconds(after), is_poste }
    }

    #[test]
    fn half_an_hour_idle_closes_except_on_a_declared_post() {
        assert!(seen(0, false).is_open(NINE.plus_seconds(INACTIVITE - 1)));
        assert!(!seen(0, false).is_open(NINE.plus_seconds(INACTIVITE)));
        assert!(seen(0, true).is_open(NINE.plus_seconds(INACTIVITE_POSTE - 1)));
        assert!(!seen(0, true).is_open(NINE.plus_seconds(INACTIVITE_POSTE)));
    }

    #[test]
    fn twelve_hours_close_whatever_the_activity() {
        assert!(seen(DUREE - 2, true).is_open(NINE.plus_seconds(DUREE - 1)));
        assert!(!seen(DUREE - 1, true).is_open(NINE.plus_seconds(DUREE)));
    }

    #[test]
    fn a_clock_that_jumps_closes_as_time_would_and_never_for_ever() {
        let year = 365 * 86_400;
        assert!(seen(0, false).is_open(NINE.plus_seconds(-3_600)));
        assert!(seen(0, false).is_open(NINE.plus_seconds(-year)));
        assert!(!seen(0, false).is_open(NINE.plus_seconds(year)));
        assert!(!seen(0, false).must_be_seen(NINE.plus_seconds(59)) && seen(0, false).must_be_seen(NINE.plus_seconds(60)));
    }
}
