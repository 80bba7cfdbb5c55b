//! The territoires in force, in memory: every request needs one.

use std::sync::Arc;

use arc_swap::ArcSwap;
use kit::{Db, Result};

use crate::{Territoire, storage};

/// All the territoires of the installation; cloning shares them. Those that have left are known by their name only.
#[derive(Clone, Debug, Default)]
pub struct Territoires {
    current: Arc<ArcSwap<Vue>>,
}

#[derive(Debug, Default)]
struct Vue {
    /// Of the tables when they were read.
    revision: String,
    ouverts: Arc<Vec<Arc<Territoire>>>,
    fermes: Vec<Arc<Territoire>>,
}

impl Territoires {
    /// Reads them again from the database when something of one of them has changed.
    pub async fn refresh(&self, db: &Db) -> Result<()> {
        let revision = storage::find_revision(db).await?;
        if revision == self.current.load().revision {
            return Ok(());
        }
        let all = storage::list_territoires(db).await?.into_iter().map(Arc::new);
        let (ouverts, fermes): (Vec<_>, Vec<_>) = all.partition(|one| one.fermeture.is_none());
        self.current.store(Arc::new(Vue { revision, ouverts: Arc::new(ouverts), fermes }));
        Ok(())
    }

    /// By name.
    pub fn list(&self) -> Arc<Vec<Arc<Territoire>>> {
        self.current.load().ouverts.clone()
    }

    pub fn find(&self, slug: &str) -> Option<Arc<Territoire>> {
        self.current.load().ouverts.iter().find(|territoire| territoire.slug == slug).cloned()
    }

    /// One that has left, and whose data are not erased yet.
    pub fn find_ferme(&self, slug: &str) -> Option<Arc<Territoire>> {
        self.current.load().fermes.iter().find(|territoire| territoire.slug == slug).cloned()
    }

    /// The territoire that a commune belongs to; the first by name when several share it.
    pub fn find_by_commune(&self, rang: u16) -> Option<Arc<Territoire>> {
        self.current.load().ouverts.iter().find(|territoire| territoire.contains(rang)).cloned()
    }
}
