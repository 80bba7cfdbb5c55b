//! All the tables of the program, in one ordered folder of migrations that both databases read as they are.
//! Forward only: a file that has been merged is never edited. `migrate` applies what is missing, each file whole or not at all.
//! A table is named after the capability that alone writes it.
//! The register of columns says what is personal in them; the register of treatments is written from it.
//! What is of one territoire is exported and erased whole, whatever the table: `territoire`.
//! Public face: `migrate`, `list_migrations`, `list_pending`, `is_new`, `colonnes`, `territoire`, `traitements`.

pub mod colonnes;
pub mod personne;
pub mod territoire;
pub mod traitements;

use anyhow::{Context, anyhow};
use kit::{Db, Engine, Instant, Result, sql, values};
use rust_embed::RustEmbed;
use sea_orm::{ConnectionTrait, FromQueryResult, TransactionTrait};

#[derive(RustEmbed)]
#[folder = "migrations"]
struct Files;

/// The versions known to this program, oldest first: `20261122090000_kit_faits`.
pub fn list_migrations() -> Vec<String> {
    let mut versions: Vec<String> = Files::iter().filter_map(|file| file.strip_suffix(".sql").map(str::to_string)).collect();
    versions.sort();
    versions
}

/// The versions that `migrate` would apply.
pub async fn list_pending(db: &Db) -> Result<Vec<String>> {
    let applied = match is_new(db).await? {
        true => vec![],
        false => sql::texts(db.read(), "SELECT version FROM schema_migration", []).await?,
    };
    Ok(list_migrations().into_iter().filter(|version| !applied.contains(version)).collect())
}

/// Whether nothing was ever migrated here. The two catalogues have nothing in common.
pub async fn is_new(db: &Db) -> Result<bool> {
    let text = match db.engine() {
        Engine::Sqlite => "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = 'schema_migration'",
        Engine::Postgres => {
            "SELECT COUNT(*) FROM pg_catalog.pg_tables WHERE schemaname = current_schema() AND tablename = 'schema_migration'"
        }
    };
    Ok(sql::number(db.read(), text, []).await? == 0)
}

#[derive(FromQueryResult)]
struct Applied {
    version: String,
}

/// Brings the database to the schema of this program; gives the versions it applied.
/// Refuses a database written by a more recent program rather than guess what it holds.
pub async fn migrate(db: &Db, now: Instant) -> Result<Vec<String>> {
    let tx = db.begin().await?;
    tx.execute_unprepared("CREATE TABLE IF NOT EXISTS schema_migration (version TEXT NOT NULL PRIMARY KEY, applied_at BIGINT NOT NULL)")
        .await?;
    let applied: Vec<Applied> = sql::list(&tx, "SELECT version FROM schema_migration ORDER BY version", []).await?;
    let known = list_migrations();
    if let Some(unknown) = applied.iter().find(|row| !known.contains(&row.version)) {
        return Err(anyhow!(
            "la base contient la migration « {} », inconnue de ce programme : installez une version plus récente",
            unknown.version
        )
        .into());
    }
    let mut done = vec![];
    for version in known.into_iter().filter(|version| !applied.iter().any(|row| row.version == *version)) {
        let step = tx.begin().await?;
        apply(&step, &version).await?;
        sql::execute(&step, "INSERT INTO schema_migration (version, applied_at) VALUES ($1, $2)", values![version.as_str(), now.0]).await?;
        step.commit().await?;
        done.push(version);
    }
    tx.commit().await?;
    Ok(done)
}

async fn apply(tx: &impl ConnectionTrait, version: &str) -> Result<()> {
    let file = Files::get(&format!("{version}.sql")).ok_or_else(|| anyhow!("{version}.sql"))?;
    let text = std::str::from_utf8(&file.data).context("migration in UTF-8")?;
    tx.execute_unprepared(text).await.with_context(|| format!("applying {version}"))?;
    Ok(())
}
