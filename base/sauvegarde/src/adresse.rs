//! Where a base is, as the tools that copy it need to be told.

use std::path::PathBuf;

use anyhow::{Context, Result};
use url::Url;

/// The address of a base, understood.
pub enum Adresse {
    Sqlite(PathBuf),
    Postgres(Url),
}

impl Adresse {
    pub fn read(base: &str) -> Result<Self> {
        if base.starts_with("postgres:") || base.starts_with("postgresql:") {
            return Ok(Self::Postgres(Url::parse(base).context("l’adresse de la base ne se lit pas")?));
        }
        let path = base.trim_start_matches("sqlite://").trim_start_matches("sqlite:");
        Ok(Self::Sqlite(PathBuf::from(path.split('?').next().unwrap_or(path))))
    }
}

/// The name of the database in a PostgreSQL address.
pub fn database(url: &Url) -> &str {
    url.path().trim_start_matches('/')
}

/// The same server, another database.
pub fn with_database(url: &Url, nom: &str) -> Url {
    let mut other = url.clone();
    other.set_path(nom);
    other
}
