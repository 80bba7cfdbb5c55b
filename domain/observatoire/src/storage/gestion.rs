//! What several years of the line cost together.

use std::ops::RangeInclusive;

use kit::{Db, Id, Result, sql, values};
use sea_orm::FromQueryResult;

#[derive(FromQueryResult)]
struct SommeRow {
    connues: i64,
    somme: Option<i64>,
}

/// In cents; none as soon as one of the years is not said.
pub async fn sum_fonctionnement(db: &Db, territoire: Id, annees: RangeInclusive<i32>) -> Result<Option<i64>> {
    let text = "SELECT COUNT(fonctionnement) AS connues, CAST(SUM(fonctionnement) AS BIGINT) AS somme
         FROM observatoire_cout WHERE territoire_id = $1 AND annee BETWEEN $2 AND $3";
    let row: Option<SommeRow> = sql::find(db.read(), text, values![territoire, *annees.start(), *annees.end()]).await?;
    let wanted = i64::from(annees.end() - annees.start() + 1);
    Ok(row.filter(|row| row.connues == wanted).and_then(|row| row.somme))
}
