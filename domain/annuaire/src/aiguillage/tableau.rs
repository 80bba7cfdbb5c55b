//! The snapshots in force, one per territoire, swapped whole when the annuaire changes here or in another process.

use std::collections::HashMap;
use std::sync::Arc;

use arc_swap::ArcSwap;
use kit::{Db, Id, Instant, Result};
use territoire::Territoire;

use super::Aiguillage;
use crate::storage;

/// All snapshots; cloning shares them.
#[derive(Clone, Debug, Default)]
pub struct Aiguillages {
    current: Arc<ArcSwap<HashMap<Id, Arc<Aiguillage>>>>,
}

impl Aiguillages {
    /// The snapshot of a territoire; an empty one when it has no annuaire yet.
    pub fn get(&self, territoire: Id) -> Arc<Aiguillage> {
        self.current.load().get(&territoire).cloned().unwrap_or_default()
    }

    /// Rebuilds the snapshots whose revision has moved in the database, or whose temporary information begins or ends
    /// today; gives how many.
    pub async fn refresh(&self, db: &Db, territoires: &[Arc<Territoire>], now: Instant) -> Result<usize> {
        let mut rebuilt = 0;
        for (territoire_id, revision) in storage::list_revisions(db, now.day()).await? {
            let is_current = self.current.load().get(&territoire_id).is_some_and(|known| known.revision == revision);
            let Some(territoire) = territoires.iter().find(|one| one.id == territoire_id).filter(|_| !is_current) else { continue };
            let fresh = Arc::new(storage::load_aiguillage(db, territoire, (revision, now.day())).await?);
            self.current.rcu(|known| {
                let mut next = HashMap::clone(known);
                next.insert(territoire_id, fresh.clone());
                next
            });
            rebuilt += 1;
        }
        Ok(rebuilt)
    }
}
