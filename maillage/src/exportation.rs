//! Everything that is of one territoire, as files: a table each, one JSON object a line, and a manifest that says how many.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;

use anyhow::{Context, bail};
use kit::journal::{self, Acte};
use kit::secret::fingerprint;
use kit::{Coffre, Db, Id, Instant};
use schema::territoire::{Table, list_tables};
use serde::Serialize;
use territoire::Territoire;

/// What an export says it holds.
#[derive(Debug, Serialize)]
pub struct Manifeste {
    territoire: String,
    nom: String,
    id: Id,
    exporte_le: String,
    /// The last migration of what was read.
    schema: String,
    /// Whether what people confided can be read without the keys.
    en_clair: bool,
    octets: &'static str,
    pub tables: Vec<TableExportee>,
}

#[derive(Debug, Serialize)]
pub struct TableExportee {
    pub table: String,
    pub lignes: usize,
    /// Of the file.
    sha256: String,
    /// Secrets, which are never exported.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    colonnes_omises: Vec<String>,
}

impl Manifeste {
    pub fn lignes(&self) -> usize {
        self.tables.iter().map(|table| table.lignes).sum()
    }
}

/// Writes the files in a folder that must be new, for the owner only. All are read from the same moment; the keys open what
/// people confided when they are given.
pub async fn export(db: &Db, territoire: &Territoire, folder: &Path, coffre: Option<&Coffre>, now: Instant) -> anyhow::Result<Manifeste> {
    if folder.exists() {
        bail!("{} existe déjà : nommez un dossier neuf", folder.display());
    }
    DirBuilder::new().mode(0o700).create(folder).with_context(|| format!("le dossier {} ne se crée pas", folder.display()))?;
    let tables = list_tables(db).await?;
    let tx = db.snapshot().await?;
    let mut written = vec![];
    for table in &tables {
        let rows = table.list_rows(&tx, db.engine(), territoire.id).await?;
        let rows = match coffre {
            Some(coffre) if table.nom == accueil::storage::TABLE => {
                reveal(rows, |row| accueil::storage::reveal(coffre, territoire.id, row))?
            }
            Some(coffre) if table.nom == ligne::storage::TABLE_MESSAGE => {
                reveal(rows, |row| ligne::storage::reveal(coffre, territoire.id, row))?
            }
            _ => rows,
        };
        written.push(write_table(folder, table, &rows)?);
    }
    drop(tx);
    let manifeste = Manifeste {
        territoire: territoire.slug.clone(),
        nom: territoire.nom.clone(),
        id: territoire.id,
        exporte_le: now.paris().format("%Y-%m-%dT%H:%M:%S").to_string(),
        schema: schema::list_migrations().pop().unwrap_or_default(),
        en_clair: coffre.is_some(),
        octets: "hexadécimal",
        tables: written,
    };
    create(&folder.join("manifeste.json"))?.write_all(serde_json::to_string_pretty(&manifeste)?.as_bytes())?;
    record(db, territoire.id, &manifeste, now).await?;
    Ok(manifeste)
}

fn reveal(
    rows: Vec<String>,
    open_row: impl Fn(&mut serde_json::Map<String, serde_json::Value>) -> kit::Result<()>,
) -> anyhow::Result<Vec<String>> {
    let open = |row: String| {
        let mut fields = serde_json::from_str(&row)?;
        open_row(&mut fields)?;
        Ok(serde_json::to_string(&fields)?)
    };
    rows.into_iter().map(open).collect()
}

fn write_table(folder: &Path, table: &Table, rows: &[String]) -> anyhow::Result<TableExportee> {
    let text: String = rows.iter().flat_map(|row| [row.as_str(), "\n"]).collect();
    create(&folder.join(format!("{}.jsonl", table.nom)))?.write_all(text.as_bytes())?;
    let sha256 = fingerprint(&text);
    Ok(TableExportee { table: table.nom.clone(), lignes: rows.len(), sha256, colonnes_omises: table.omises.clone() })
}

fn create(path: &Path) -> anyhow::Result<File> {
    let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    file.with_context(|| format!("{} ne s’écrit pas", path.display()))
}

async fn record(db: &Db, territoire: Id, manifeste: &Manifeste, now: Instant) -> kit::Result<()> {
    let detail = format!("{} lignes, {}", manifeste.lignes(), if manifeste.en_clair { "en clair" } else { "textes chiffrés" });
    let tx = db.begin().await?;
    territoire::storage::mark_exporte(&tx, territoire, now).await?;
    let acte = Acte { auteur: None, acte: "export du territoire", objet: ("territoire", territoire), detail: &detail };
    journal::record(&tx, territoire, now, &acte).await?;
    Ok(tx.commit().await?)
}
