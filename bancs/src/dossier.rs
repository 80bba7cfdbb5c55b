//! Where the files of a run go.

use std::path::PathBuf;

use anyhow::{Context, Result};

/// A folder of this run, removed with it.
pub struct Dossier {
    pub path: PathBuf,
}

impl Dossier {
    pub fn create(nom: &str) -> Result<Self> {
        let path = std::env::temp_dir().join(format!("bancs-{nom}-{}", std::process::id()));
        std::fs::create_dir_all(&path).with_context(|| format!("création de {}", path.display()))?;
        Ok(Self { path })
    }
}

impl Drop for Dossier {
    fn drop(&mut self) {
        let _left_behind = std::fs::remove_dir_all(&self.path);
    }
}
