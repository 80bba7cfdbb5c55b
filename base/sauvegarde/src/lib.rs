//! Backups of the whole installation: taken while people write, encrypted, verified by an actual restore, put back.
//! An archive is opened whole before anything is replaced, and what is replaced is kept aside.
//! SQLite is copied by `VACUUM INTO`; PostgreSQL by its own `pg_dump`. Nothing here knows what the rows mean.
//! Public face: `Cle`, `write_sauvegarde`, `restore_sauvegarde`, `copy_before_migration`, `planification`, `rotation`, `storage`.

mod adresse;
mod archive;
mod cle;
mod fichier;
mod manifeste;
pub mod planification;
mod postgres;
pub mod rotation;
mod sqlite;
pub mod storage;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use kit::{Db, Instant};

pub use archive::RefusArchive;
pub use cle::Cle;
pub use manifeste::{Manifeste, Moteur, TableComptee};
pub use sqlite::copy_before_migration;

use adresse::Adresse;

/// A backup made and verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sauvegarde {
    pub archive: PathBuf,
    pub octets: u64,
    pub manifeste: Manifeste,
}

/// A base put back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restauration {
    pub manifeste: Manifeste,
    /// Where what it replaces was put.
    pub mise_de_cote: Option<String>,
}

/// What to do of a base that is not empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Existante {
    Refuser,
    MettreDeCote,
}

/// Saves `db`, which is at the address `base`, into a new file at `into`, or under a dated name when `into` is a folder.
/// The archive is restored elsewhere and compared before it takes its name: a name is a verified backup.
pub async fn write_sauvegarde(db: &Db, base: &str, cle: &Cle, into: &Path, now: Instant) -> Result<Sauvegarde> {
    let archive = std::path::absolute(if into.is_dir() { into.join(rotation::name(now)) } else { into.to_path_buf() })?;
    if archive.exists() {
        bail!("{} existe déjà : une sauvegarde n’en remplace jamais une autre", archive.display());
    }
    let adresse = Adresse::read(base)?;
    let draft = fichier::create_draft(&archive)?;
    let written = match &adresse {
        Adresse::Sqlite(file) => sqlite::write(db, file, cle, draft, now).await,
        Adresse::Postgres(url) => postgres::write(db, url, cle, draft, now).await,
    };
    let draft = written.context("la sauvegarde n’a pas été écrite")?;
    let verified = match &adresse {
        Adresse::Sqlite(file) => sqlite::verify(file, draft.path(), cle).await,
        Adresse::Postgres(url) => postgres::verify(url, draft.path(), cle).await,
    };
    let manifeste = verified.context("la sauvegarde, restaurée pour vérification, n’est pas bonne")?;
    let octets = draft.as_file().metadata()?.len();
    fichier::keep(draft, &archive)?;
    Ok(Sauvegarde { archive, octets, manifeste })
}

/// Puts an archive back at the address `base`. Opened, restored apart and compared first: until then nothing is touched.
pub async fn restore_sauvegarde(base: &str, cle: &Cle, archive: &Path, existante: Existante, now: Instant) -> Result<Restauration> {
    match Adresse::read(base)? {
        Adresse::Sqlite(file) => sqlite::restore(&file, cle, archive, existante, now).await,
        Adresse::Postgres(url) => postgres::restore(&url, cle, archive, existante, now).await,
    }
}

fn refuse_existing(base: &str) -> anyhow::Error {
    anyhow::anyhow!("la base {base} n’est pas vide : ajoutez --remplacer ; ce qu’elle contient sera mis de côté, pas effacé")
}
