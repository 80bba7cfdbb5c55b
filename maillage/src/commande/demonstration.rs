//! What a command reads: the base that is named, or the one that is there; the demo when there is none, and says so.

use std::path::PathBuf;

use anyhow::bail;
use kit::{Db, Instant};

use crate::demo;

/// A base, and the folder of the demo that leaves with it.
pub struct Lue {
    pub db: Db,
    passing: Option<Passing>,
}

/// A folder that is removed when it is let go.
struct Passing(PathBuf);

impl Drop for Passing {
    fn drop(&mut self) {
        // Best effort: the folder of temporary files is emptied by the system too.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

impl Lue {
    /// Opens the base, migrated; a base that is named and missing is refused.
    pub async fn open(base: &str, is_named: bool, now: Instant) -> anyhow::Result<Self> {
        if !super::exportation::is_missing(base) {
            let db = super::open(base).await?;
            schema::migrate(&db, now).await?;
            return Ok(Self { db, passing: None });
        }
        if is_named {
            bail!("la base {base} n’existe pas");
        }
        eprintln!("Il n’y a pas de base ici : ce sont les données de démonstration.");
        let passing = Passing(std::env::temp_dir().join(format!("maillage-lecture-{}", std::process::id())));
        std::fs::create_dir_all(&passing.0)?;
        let db = Db::open(&passing.0.join("demo.sqlite").display().to_string()).await?;
        schema::migrate(&db, now).await?;
        demo::fill_annuaires(&db, now).await?;
        for territoire in ::territoire::storage::list_territoires(&db).await? {
            demo::record_lisible(&db, &territoire, now).await?;
        }
        Ok(Self { db, passing: Some(passing) })
    }

    pub async fn close(self) -> anyhow::Result<()> {
        self.db.close().await?;
        drop(self.passing);
        Ok(())
    }
}
