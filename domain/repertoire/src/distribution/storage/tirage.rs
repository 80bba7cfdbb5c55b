//! What was printed, what it was to cost, and what is planned at each place.

use std::collections::BTreeMap;

use kit::{Id, Result, sql, values};
use sea_orm::{ConnectionTrait, FromQueryResult};

use crate::distribution::Tirage;

#[derive(FromQueryResult)]
struct TirageRow {
    bassin_code: String,
    exemplaires: i64,
    cout: Option<i64>,
}

pub async fn list_tirages(db: &impl ConnectionTrait, territoire: Id, edition: Id) -> Result<BTreeMap<String, Tirage>> {
    let text = "SELECT bassin_code, exemplaires, cout FROM repertoire_tirage WHERE territoire_id = $1 AND edition_id = $2";
    let rows: Vec<TirageRow> = sql::list(db, text, values![territoire, edition]).await?;
    Ok(rows.into_iter().map(|row| (row.bassin_code, Tirage { exemplaires: row.exemplaires, cout: row.cout })).collect())
}

pub async fn save_tirage(tx: &impl ConnectionTrait, territoire: Id, edition: Id, (bassin, tirage): (&str, Tirage)) -> Result<()> {
    let row = values![territoire, edition, bassin, tirage.exemplaires, tirage.cout].to_vec();
    sql::upsert_many(tx, &TIRAGE, vec![row]).await
}

const TIRAGE: sql::Target = sql::Target {
    table: "repertoire_tirage",
    columns: &["territoire_id", "edition_id", "bassin_code", "exemplaires", "cout"],
    key: &["territoire_id", "edition_id", "bassin_code"],
    replaced: &["exemplaires", "cout"],
};

#[derive(FromQueryResult)]
struct BudgetRow {
    montant: i64,
}

/// In cents.
pub async fn find_budget(db: &impl ConnectionTrait, territoire: Id, edition: Id) -> Result<Option<i64>> {
    let text = "SELECT montant FROM repertoire_budget WHERE territoire_id = $1 AND edition_id = $2";
    let row: Option<BudgetRow> = sql::find(db, text, values![territoire, edition]).await?;
    Ok(row.map(|row| row.montant))
}

/// None takes it away.
pub async fn save_budget(tx: &impl ConnectionTrait, territoire: Id, edition: Id, montant: Option<i64>) -> Result<()> {
    let text = "DELETE FROM repertoire_budget WHERE territoire_id = $1 AND edition_id = $2";
    sql::execute(tx, text, values![territoire, edition]).await?;
    let rows = montant.iter().map(|montant| values![territoire, edition, *montant].to_vec());
    sql::upsert_many(tx, &BUDGET, rows.collect()).await
}

const BUDGET: sql::Target = sql::Target {
    table: "repertoire_budget",
    columns: &["territoire_id", "edition_id", "montant"],
    key: &["territoire_id", "edition_id"],
    replaced: &["montant"],
};

#[derive(FromQueryResult)]
struct PrevisionRow {
    point_id: String,
    exemplaires: i64,
}

/// By place.
pub async fn list_previsions(db: &impl ConnectionTrait, territoire: Id, edition: Id) -> Result<BTreeMap<Id, i64>> {
    let text = "SELECT point_id, exemplaires FROM repertoire_prevision WHERE territoire_id = $1 AND edition_id = $2";
    let rows: Vec<PrevisionRow> = sql::list(db, text, values![territoire, edition]).await?;
    rows.into_iter().map(|row| Ok((row.point_id.parse()?, row.exemplaires))).collect()
}

/// Replaces those of these places.
pub async fn save_previsions(tx: &impl ConnectionTrait, territoire: Id, edition: Id, previsions: &[(Id, i64)]) -> Result<()> {
    let rows = previsions.iter().map(|(point, exemplaires)| values![territoire, edition, *point, *exemplaires].to_vec());
    sql::upsert_many(tx, &PREVISION, rows.collect()).await
}

/// Nothing is planned there any more.
pub async fn delete_prevision(tx: &impl ConnectionTrait, territoire: Id, edition: Id, point: Id) -> Result<()> {
    let text = "DELETE FROM repertoire_prevision WHERE territoire_id = $1 AND edition_id = $2 AND point_id = $3";
    sql::execute(tx, text, values![territoire, edition, point]).await?;
    Ok(())
}

const PREVISION: sql::Target = sql::Target {
    table: "repertoire_prevision",
    columns: &["territoire_id", "edition_id", "point_id", "exemplaires"],
    key: &["territoire_id", "edition_id", "point_id"],
    replaced: &["exemplaires"],
};
