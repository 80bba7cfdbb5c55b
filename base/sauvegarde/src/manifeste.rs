//! What a backup says it holds, so that a restore can be compared with it.

use std::io::{self, Read, Write};

use anyhow::{Context, Result, bail};
use kit::Instant;
use serde::{Deserialize, Serialize};

use crate::archive::RefusArchive;

/// Which database an archive comes from: it is restored into the same one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Moteur {
    Sqlite,
    Postgres,
}

impl Moteur {
    pub fn label(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        }
    }
}

/// A table, as counted in the very state that was saved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableComptee {
    pub nom: String,
    pub lignes: i64,
    /// Of all the rows, whatever their order; none on SQLite, where the whole file has one.
    pub empreinte: Option<String>,
}

/// The first thing in an archive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifeste {
    pub moteur: Moteur,
    pub cree_a: Instant,
    /// The migrations applied to what was saved.
    pub migrations: Vec<String>,
    pub tables: Vec<TableComptee>,
    /// SHA-256 of the SQLite file.
    pub empreinte: Option<String>,
}

const LARGEST: u32 = 16 * 1_024 * 1_024;

impl Manifeste {
    pub fn lignes(&self) -> i64 {
        self.tables.iter().map(|table| table.lignes).sum()
    }

    pub(crate) fn write(&self, output: &mut impl Write) -> Result<()> {
        let json = serde_json::to_vec(self)?;
        output.write_all(&u32::try_from(json.len())?.to_be_bytes())?;
        output.write_all(&json)?;
        Ok(())
    }

    pub(crate) fn read(input: &mut impl Read) -> Result<Self> {
        let mut length = [0; 4];
        input.read_exact(&mut length).map_err(cut)?;
        let length = u32::from_be_bytes(length);
        if length > LARGEST {
            bail!(RefusArchive::Alteree);
        }
        let mut json = vec![0; length as usize];
        input.read_exact(&mut json).map_err(cut)?;
        serde_json::from_slice(&json).context("la description de la sauvegarde ne se lit pas")
    }

    /// What was saved, set beside what was restored.
    pub(crate) fn check_tables(&self, restored: &[TableComptee]) -> Result<()> {
        for (saved, restored) in self.tables.iter().zip(restored) {
            if saved != restored {
                bail!(
                    "la table {} diffère : {} lignes sauvegardées, {} restaurées dans {}",
                    saved.nom,
                    saved.lignes,
                    restored.lignes,
                    restored.nom
                );
            }
        }
        if self.tables.len() != restored.len() {
            bail!("{} tables sauvegardées, {} restaurées", self.tables.len(), restored.len());
        }
        Ok(())
    }

    /// An archive of a later program holds what this one does not know how to read.
    pub(crate) fn check_schema(&self) -> Result<()> {
        let known = schema::list_migrations();
        match self.migrations.iter().find(|version| !known.contains(version)) {
            Some(unknown) => {
                bail!("la sauvegarde contient la migration « {unknown} », inconnue de ce programme : installez une version plus récente")
            }
            None => Ok(()),
        }
    }
}

/// An archive that ends before its manifest does.
fn cut(error: io::Error) -> anyhow::Error {
    if error.kind() == io::ErrorKind::UnexpectedEof { RefusArchive::Alteree.into() } else { error.into() }
}
