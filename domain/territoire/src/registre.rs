//! The territoires in force, in memory: every request needs one.

use std::sync::Arc;

use arc_swap::ArcSwap;
use kit::{Db, Result};

use crate::{Territoire, storage};

/// All the territoires of the installation; cloning shares them.
#[derive(Clone, Debug, Default)]
pub struct Territoires {
    current: Arc<ArcSwap<Vec<Arc<Territoire>>>>,
}

impl Territoires {
    /// Reads them again from the database when there are more or fewer than known: a territoire is never rewritten.
    pub async fn refresh(&self, db: &Db) -> Result<()> {
        let count = storage::count_territoires(db).await?;
        if usize::try_from(count).is_ok_and(|count| count == self.current.load().len()) {
            return Ok(());
        }
        let fresh = storage::list_territoires(db).await?.into_iter().map(Arc::new).collect();
        self.current.store(Arc::new(fresh));
        Ok(())
    }

    /// By name.
    pub fn list(&self) -> Arc<Vec<Arc<Territoire>>> {
        self.current.load_full()
    }

    pub fn find(&self, slug: &str) -> Option<Arc<Territoire>> {
        self.current.load().iter().find(|territoire| territoire.slug == slug).cloned()
    }

    /// The territoire that a commune belongs to; the first by name when several share it.
    pub fn find_by_commune(&self, rang: u16) -> Option<Arc<Territoire>> {
        self.current.load().iter().find(|territoire| territoire.contains(rang)).cloned()
    }
}
