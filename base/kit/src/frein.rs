//! A brake: so many times in so many seconds for one key, then one waits. In memory: a restart forgives.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use crate::Instant;

/// Counts by key, over windows that start at the first time.
#[derive(Debug)]
pub struct Frein {
    limite: u32,
    seconds: i64,
    windows: Mutex<HashMap<String, (Instant, u32)>>,
}

/// Who asks, as the server counts them; none for this machine itself. It travels in the extensions of a request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Appelant(pub Option<String>);

/// Keys held before those whose window is over are swept.
const KEYS: usize = 100_000;

impl Frein {
    /// `limite` times in `seconds`.
    pub fn new(limite: u32, seconds: i64) -> Self {
        Self { limite, seconds, windows: Mutex::default() }
    }

    /// When a key that has used its times may try again; none while it may.
    pub fn until(&self, key: &str, now: Instant) -> Option<Instant> {
        let windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        let (start, count) = windows.get(key).filter(|(start, _)| self.lasts(*start, now))?;
        (*count >= self.limite).then(|| start.plus_seconds(self.seconds))
    }

    /// Counts one time.
    pub fn count(&self, key: &str, now: Instant) {
        let mut windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        if windows.len() >= KEYS {
            windows.retain(|_, (start, _)| self.lasts(*start, now));
            // A flood of addresses: better to forgive everybody than to sweep at each request, or to grow.
            if windows.len() >= KEYS {
                windows.clear();
            }
        }
        let window = windows.entry(key.to_string()).or_insert((now, 0));
        if !self.lasts(window.0, now) {
            *window = (now, 0);
        }
        window.1 = window.1.saturating_add(1);
    }

    /// Forgets a key: it has shown who it is.
    pub fn forgive(&self, key: &str) {
        self.windows.lock().unwrap_or_else(PoisonError::into_inner).remove(key);
    }

    /// A window that starts in the future is one of a clock that jumped: it is over.
    fn lasts(&self, start: Instant, now: Instant) -> bool {
        start <= now && now < start.plus_seconds(self.seconds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NINE: Instant = Instant(1_794_902_400);

    #[test]
    fn the_sixth_time_waits_for_the_end_of_the_window() {
        let frein = Frein::new(5, 3_600);
        (0..5).for_each(|minute| frein.count("a", NINE.plus_seconds(60 * minute)));
        assert_eq!(frein.until("a", NINE.plus_seconds(600)), Some(NINE.plus_seconds(3_600)));
        assert_eq!(frein.until("b", NINE.plus_seconds(600)), None);
        assert_eq!(frein.until("a", NINE.plus_seconds(3_600)), None);
        assert_eq!(frein.until("a", NINE.plus_seconds(-60)), None, "a clock that jumps back locks nobody out");
        frein.forgive("a");
        assert_eq!(frein.until("a", NINE.plus_seconds(600)), None);
    }

    #[test]
    fn a_flood_of_keys_does_not_grow_for_ever() {
        let frein = Frein::new(5, 10);
        (0..2 * KEYS + 10).for_each(|n| frein.count(&n.to_string(), NINE));
        assert!(frein.windows.lock().unwrap().len() <= KEYS);
    }
}
