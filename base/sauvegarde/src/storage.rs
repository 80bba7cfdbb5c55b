//! The queries of backups: counting what is saved, checking what is restored, and the table `sauvegarde_*`.

use std::path::Path;

use anyhow::{Context, Result, bail};
use kit::{Db, Id, Instant, sql, values};
use sea_orm::sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, FromQueryResult, SqlxSqliteConnector};

use crate::TableComptee;

/// A SQLite file as it is, which nobody else has: opening it changes no byte of it.
pub(crate) async fn open_copy(file: &Path) -> Result<DatabaseConnection> {
    let options = SqliteConnectOptions::new().filename(file).read_only(true).immutable(true);
    let pool = SqlitePoolOptions::new().max_connections(1).connect_with(options).await?;
    Ok(SqlxSqliteConnector::from_sqlx_sqlite_pool(pool))
}

/// Copies a SQLite database as it is at one instant, while writers go on.
pub(crate) async fn copy_sqlite(db: &Db, into: &Path) -> Result<()> {
    sql::execute(db.read(), "VACUUM INTO $1", values![into.display().to_string()]).await?;
    Ok(())
}

/// The pages, the indexes and the references of a SQLite file, all read.
pub(crate) async fn check_sqlite(copy: &DatabaseConnection) -> Result<()> {
    let said = sql::texts(copy, "PRAGMA integrity_check", []).await?;
    if said != ["ok"] {
        bail!("la base restaurée est abîmée : {}", said.join(" ; "));
    }
    let orphans = sql::texts(copy, "PRAGMA foreign_key_check", []).await?;
    if let Some(table) = orphans.first() {
        bail!("la base restaurée a des lignes sans parent dans {table}");
    }
    Ok(())
}

/// Leaves WAL, which SQLite allows only to whoever is alone: whether anybody else has the file open.
pub(crate) async fn release_sqlite(file: &Path) -> Result<()> {
    let pool = SqlitePoolOptions::new().max_connections(1).connect_with(SqliteConnectOptions::new().filename(file)).await?;
    let alone = SqlxSqliteConnector::from_sqlx_sqlite_pool(pool);
    let mode = sql::texts(&alone, "PRAGMA journal_mode = DELETE", []).await;
    alone.close().await?;
    match mode {
        Ok(mode) if mode == ["delete"] => Ok(()),
        _ => bail!("la base {} est en service : arrêtez Maillage, puis recommencez", file.display()),
    }
}

pub(crate) async fn list_migrations(db: &impl ConnectionTrait) -> Result<Vec<String>> {
    Ok(sql::texts(db, "SELECT version FROM schema_migration ORDER BY version", []).await?)
}

async fn list_tables(db: &impl ConnectionTrait) -> Result<Vec<String>> {
    let text = match db.get_database_backend() {
        DbBackend::Sqlite => "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name",
        _ => "SELECT CAST(tablename AS TEXT) FROM pg_catalog.pg_tables WHERE schemaname = current_schema() ORDER BY tablename",
    };
    Ok(sql::texts(db, text, []).await?)
}

#[derive(FromQueryResult)]
struct Compte {
    lignes: i64,
    empreinte: Option<String>,
}

/// Every table with its rows. The names come from the database itself: here alone a query is put together.
pub(crate) async fn count_tables(db: &impl ConnectionTrait) -> Result<Vec<TableComptee>> {
    let columns = match db.get_database_backend() {
        DbBackend::Sqlite => "COUNT(*) AS lignes, NULL AS empreinte",
        _ => "COUNT(*) AS lignes, CAST(SUM(hashtextextended(CAST(t AS TEXT), 0)) AS TEXT) AS empreinte",
    };
    let mut counted = vec![];
    for nom in list_tables(db).await? {
        let quoted = nom.replace('"', "\"\"");
        let Compte { lignes, empreinte } =
            sql::find(db, &format!("SELECT {columns} FROM \"{quoted}\" t"), []).await?.with_context(|| format!("la table {nom}"))?;
        counted.push(TableComptee { nom, lignes, empreinte });
    }
    Ok(counted)
}

/// Whether a database holds nothing that anybody wrote.
pub(crate) async fn is_empty(db: &impl ConnectionTrait) -> Result<bool> {
    Ok(count_tables(db).await?.iter().all(|table| table.lignes == 0 || table.nom == "schema_migration"))
}

/// One state of a PostgreSQL database, that `pg_dump` sees too as long as the transaction lives.
pub(crate) async fn export_snapshot(tx: &impl ConnectionTrait) -> Result<String> {
    tx.execute_unprepared("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ").await?;
    sql::texts(tx, "SELECT pg_export_snapshot()", []).await?.pop().context("PostgreSQL ne donne pas d’instantané")
}

pub(crate) async fn has_database(admin: &Db, nom: &str) -> Result<bool> {
    Ok(sql::number(admin.read(), "SELECT COUNT(*) FROM pg_catalog.pg_database WHERE datname = $1", values![nom]).await? > 0)
}

pub(crate) async fn create_database(admin: &Db, nom: &str) -> Result<()> {
    let refused = "le compte PostgreSQL ne peut pas créer de base : « ALTER ROLE … CREATEDB » le permet";
    admin.read().execute_unprepared(&format!("CREATE DATABASE {}", quote(nom))).await.context(refused)?;
    Ok(())
}

pub(crate) async fn drop_database(admin: &Db, nom: &str) -> Result<()> {
    admin.read().execute_unprepared(&format!("DROP DATABASE IF EXISTS {}", quote(nom))).await?;
    Ok(())
}

pub(crate) async fn rename_database(admin: &Db, from: &str, to: &str) -> Result<()> {
    let text = format!("ALTER DATABASE {} RENAME TO {}", quote(from), quote(to));
    let refused = format!("la base {from} est en service : arrêtez Maillage, puis recommencez");
    admin.read().execute_unprepared(&text).await.context(refused)?;
    Ok(())
}

fn quote(nom: &str) -> String {
    format!("\"{}\"", nom.replace('"', "\"\""))
}

/// One attempt to back up, as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Passage {
    pub began_at: i64,
    pub ended_at: i64,
    pub archive: Option<String>,
    pub octets: Option<i64>,
    pub verified_at: Option<i64>,
    pub erreur: Option<String>,
}

pub async fn insert_passage(db: &Db, passage: &Passage) -> kit::Result<()> {
    let tx = db.begin().await?;
    sql::execute(
        &tx,
        "INSERT INTO sauvegarde_passage (id, began_at, ended_at, archive, octets, verified_at, erreur) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        values![
            Id::new(Instant(passage.began_at)),
            passage.began_at,
            passage.ended_at,
            passage.archive.clone(),
            passage.octets,
            passage.verified_at,
            passage.erreur.clone()
        ],
    )
    .await?;
    tx.commit().await?;
    Ok(())
}

/// The last attempt before `now`, whatever came of it. A clock that was wrong for a while may have dated some in the future.
pub async fn find_dernier_passage(db: &Db, now: Instant) -> kit::Result<Option<Passage>> {
    let text = "SELECT began_at, ended_at, archive, octets, verified_at, erreur FROM sauvegarde_passage
                WHERE began_at <= $1 ORDER BY began_at DESC, id DESC LIMIT 1";
    sql::find(db.read(), text, values![now.0]).await
}

/// « Dernière sauvegarde vérifiée ».
pub async fn find_dernier_verifie(db: &Db, now: Instant) -> kit::Result<Option<Passage>> {
    let text = "SELECT began_at, ended_at, archive, octets, verified_at, erreur FROM sauvegarde_passage
                WHERE verified_at IS NOT NULL AND began_at <= $1 ORDER BY began_at DESC, id DESC LIMIT 1";
    sql::find(db.read(), text, values![now.0]).await
}
