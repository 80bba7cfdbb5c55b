//! Whose turn it is: for each need of each territoire, a number that grows by one at each demande.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use kit::{Db, Id};

use crate::storage;

/// The counters of this process; cloning shares them.
#[derive(Clone, Debug, Default)]
pub struct Tours {
    counters: Arc<Mutex<HashMap<(Id, String), u64>>>,
}

impl Tours {
    /// The next turn of a need. The first one of the process follows the last that was recorded;
    /// while the database is away, turns go on from zero: fairness can wait, the person cannot.
    pub async fn draw(&self, db: &Db, territoire: Id, besoin: &str) -> u64 {
        let key = (territoire, besoin.to_string());
        if let Some(tour) = self.advance(&key, None) {
            return tour;
        }
        let last = storage::find_last_tour(db, territoire, besoin).await.unwrap_or_default();
        self.advance(&key, Some(last)).unwrap_or_default()
    }

    fn advance(&self, key: &(Id, String), last: Option<u64>) -> Option<u64> {
        let mut counters = self.counters.lock().unwrap_or_else(PoisonError::into_inner);
        if let (Some(last), false) = (last, counters.contains_key(key)) {
            counters.insert(key.clone(), last);
        }
        let counter = counters.get_mut(key)?;
        *counter = counter.wrapping_add(1);
        Some(*counter)
    }
}
