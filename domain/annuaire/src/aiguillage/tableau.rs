//! The snapshots in force, one per territoire, swapped whole when the annuaire changes here or in another process.

use std::collections::HashMap;
use std::sync::Arc;

use arc_swap::ArcSwap;
use chrono::NaiveDate;
use kit::{Db, Id, Instant, Result};
use territoire::Territoire;

use super::Aiguillage;
use crate::storage;
use crate::storage::changement::list_changees;

/// All snapshots; cloning shares them.
#[derive(Clone, Debug, Default)]
pub struct Aiguillages {
    current: Arc<ArcSwap<HashMap<Id, Courant>>>,
}

/// A snapshot, and the day of which it says who is closed.
#[derive(Clone, Debug)]
struct Courant {
    aiguillage: Arc<Aiguillage>,
    jour: NaiveDate,
}

impl Aiguillages {
    /// The snapshot of a territoire; an empty one when it has no annuaire yet.
    pub fn get(&self, territoire: Id) -> Arc<Aiguillage> {
        self.current.load().get(&territoire).map(|courant| courant.aiguillage.clone()).unwrap_or_default()
    }

    /// Rebuilds the snapshots whose revision has moved in the database, or whose temporary information begins or ends
    /// today; gives how many.
    pub async fn refresh(&self, db: &Db, territoires: &[Arc<Territoire>], now: Instant) -> Result<usize> {
        let (mut rebuilt, jour) = (0, now.day());
        for (territoire_id, revision) in storage::list_revisions(db, jour).await? {
            let known = self.current.load().get(&territoire_id).cloned();
            let is_current = known.as_ref().is_some_and(|known| known.aiguillage.revision == revision);
            if is_current && known.as_ref().is_some_and(|known| known.jour == jour) {
                continue;
            }
            let Some(territoire) = territoires.iter().find(|one| one.id == territoire_id) else { continue };
            let aiguillage = match known {
                // Another day, on which nothing begins nor ends.
                Some(known) if is_current => known.aiguillage,
                known => {
                    rebuilt += 1;
                    Arc::new(read(db, territoire, known, (revision, jour)).await?)
                }
            };
            self.current.rcu(|all| {
                let mut next = HashMap::clone(all);
                next.insert(territoire_id, Courant { aiguillage: aiguillage.clone(), jour });
                next
            });
        }
        Ok(rebuilt)
    }
}

/// Goes on from what is known when the same day saw a few structures change; else reads everything.
async fn read(db: &Db, territoire: &Arc<Territoire>, known: Option<Courant>, (revision, jour): (i64, NaiveDate)) -> Result<Aiguillage> {
    if let Some(Courant { aiguillage, .. }) = known.filter(|known| known.jour == jour)
        && let Some(changees) = list_changees(db, territoire.id, (aiguillage.revision, revision)).await?
    {
        return storage::resume_aiguillage(db, (territoire, aiguillage), (revision, jour), changees).await;
    }
    storage::load_aiguillage(db, territoire, (revision, jour)).await
}
