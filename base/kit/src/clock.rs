//! The only door through which time enters the program (`clippy.toml` closes the others).

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, Utc};
use chrono_tz::Europe::Paris;
use serde::{Deserialize, Serialize};

/// A moment, in seconds since 1970-01-01T00:00:00Z; stored as it is in both databases.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Instant(pub i64);

impl Instant {
    /// The wall clock of Europe/Paris at this moment. An instant outside the calendar is shown as 1970.
    pub fn paris(self) -> NaiveDateTime {
        DateTime::<Utc>::from_timestamp(self.0, 0).unwrap_or_default().with_timezone(&Paris).naive_local()
    }

    /// The day in Europe/Paris, on which statistics are dated.
    pub fn day(self) -> NaiveDate {
        self.paris().date()
    }

    /// A number that grows by one each day; seeds what must change daily and only daily.
    pub fn day_number(self) -> u64 {
        u64::try_from(self.day().num_days_from_ce()).unwrap_or_default()
    }

    /// The first instant at which the wall clock of Paris shows this date and time.
    pub fn from_paris(wall: NaiveDateTime) -> Option<Self> {
        wall.and_local_timezone(Paris).earliest().map(|moment| Self(moment.timestamp()))
    }

    pub fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds))
    }
}

/// The clock of the running program: the system's, or one that a test moves.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    moved: Option<Arc<AtomicI64>>,
}

impl Clock {
    pub fn system() -> Self {
        Self { moved: None }
    }

    /// A clock that stays at `start` until `set` is called.
    pub fn stopped_at(start: Instant) -> Self {
        Self { moved: Some(Arc::new(AtomicI64::new(start.0))) }
    }

    /// Moves a stopped clock; a system clock ignores it.
    pub fn set(&self, instant: Instant) {
        if let Some(moved) = &self.moved {
            moved.store(instant.0, Ordering::Relaxed);
        }
    }

    #[allow(clippy::disallowed_methods, reason = "this is the door")]
    pub fn now(&self) -> Instant {
        match &self.moved {
            Some(moved) => Instant(moved.load(Ordering::Relaxed)),
            None => Instant(Utc::now().timestamp()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paris_keeps_its_wall_clock_across_the_change_of_october() {
        // 2026-10-25: 00:30Z is 02:30 (summer), 01:30Z is 02:30 again (winter).
        assert_eq!(Instant(1_792_888_200).paris().format("%H:%M").to_string(), "02:30");
        assert_eq!(Instant(1_792_891_800).paris().format("%H:%M").to_string(), "02:30");
    }

    #[test]
    fn a_day_begins_at_midnight_in_paris_not_in_greenwich() {
        // 2026-11-21T23:30Z is already the 22nd in Paris.
        assert_eq!(Instant(1_795_303_800).day().to_string(), "2026-11-22");
    }
}
