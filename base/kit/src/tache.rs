//! What is done once a day, whatever the number of processes: the first one that writes the day down does it.

use chrono::NaiveDate;
use sea_orm::FromQueryResult;

use crate::{Db, Instant, Result, sql, values};

/// One day of a task.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Tache {
    /// `2026-11-22`.
    pub jour: String,
    pub began_at: i64,
    /// None while it runs, or when the process that did it died.
    pub ended_at: Option<i64>,
    /// What was done, in words.
    pub resultat: Option<String>,
    pub erreur: Option<String>,
}

/// After that, whoever took the day is taken for dead.
const PATIENCE: i64 = 3_600;

/// Takes a day of a task: false when another process has it, or has done it. One that failed is tried again an hour later.
pub async fn take(db: &Db, nom: &str, jour: NaiveDate, now: Instant) -> Result<bool> {
    let tx = db.begin().await?;
    let taken = sql::execute(
        &tx,
        "INSERT INTO kit_tache (nom, jour, began_at) VALUES ($1, $2, $3)
         ON CONFLICT (nom, jour) DO UPDATE SET began_at = $3, ended_at = NULL, erreur = NULL
         WHERE kit_tache.resultat IS NULL AND kit_tache.began_at <= $4",
        values![nom, jour.to_string(), now.0, now.0 - PATIENCE],
    )
    .await?;
    tx.commit().await?;
    Ok(taken == 1)
}

/// Does a task once today: none when another process has it, or has done it. `say` tells what was done, for the page of état.
pub async fn once<T>(
    db: &Db,
    (nom, now): (&str, Instant),
    work: impl Future<Output = Result<T>>,
    say: impl Fn(&T) -> String,
) -> Result<Option<T>> {
    let jour = now.day();
    if !take(db, nom, jour, now).await? {
        return Ok(None);
    }
    let outcome = work.await;
    let said = outcome.as_ref().map(say).map_err(ToString::to_string);
    finish(db, nom, jour, now, said.as_deref().map_err(String::as_str)).await?;
    outcome.map(Some)
}

/// Says what came of it.
pub async fn finish(db: &Db, nom: &str, jour: NaiveDate, now: Instant, outcome: Result<&str, &str>) -> Result<()> {
    let tx = db.begin().await?;
    sql::execute(
        &tx,
        "UPDATE kit_tache SET ended_at = $3, resultat = $4, erreur = $5 WHERE nom = $1 AND jour = $2",
        values![nom, jour.to_string(), now.0, outcome.ok(), outcome.err()],
    )
    .await?;
    Ok(tx.commit().await?)
}

/// The last day of a task, up to today: a clock that jumped ahead and came back left days that have not come.
pub async fn find_derniere(db: &Db, nom: &str, today: NaiveDate) -> Result<Option<Tache>> {
    sql::find(
        db.read(),
        "SELECT jour, began_at, ended_at, resultat, erreur FROM kit_tache WHERE nom = $1 AND jour <= $2 ORDER BY jour DESC LIMIT 1",
        values![nom, today.to_string()],
    )
    .await
}
