//! The counters `observatoire_cumul`, of months and of whole years, as they are read. See `comptage` for how they are made.

use kit::{Db, Id, Result, sql, values};
use sea_orm::{FromQueryResult, Value};

pub use super::comptage::{catch_up, count_all, find_lot};
pub use crate::rules::mois::{Mois, Plage};

/// What a month counted under one value of an axis.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cumul {
    pub mois: Mois,
    pub valeur: String,
    pub femmes: i64,
    pub hommes: i64,
    pub quantite: i64,
}

#[derive(FromQueryResult)]
struct CumulRow {
    mois: String,
    valeur: String,
    femmes: i64,
    hommes: i64,
    quantite: i64,
}

/// What some months counted under a measure, by the values of an axis.
pub async fn list_cumuls(db: &Db, territoire: Id, (mesure, axe): (&str, &str), (from, to): (Mois, Mois)) -> Result<Vec<Cumul>> {
    let rows: Vec<CumulRow> = sql::list(
        db.read(),
        "SELECT periode AS mois, valeur, femmes, hommes, quantite FROM observatoire_cumul
         WHERE territoire_id = $1 AND mesure = $2 AND axe = $3 AND periode BETWEEN $4 AND $5",
        values![territoire, mesure, axe, from.to_string(), to.to_string()],
    )
    .await?;
    let read = |row: CumulRow| {
        let CumulRow { valeur, femmes, hommes, quantite, .. } = row;
        Some(Cumul { mois: Mois::parse(&row.mois)?, valeur, femmes, hommes, quantite })
    };
    Ok(rows.into_iter().filter_map(read).collect())
}

/// The first month that counted a demande.
pub async fn find_premier_mois(db: &Db, territoire: Id) -> Result<Option<Mois>> {
    let text =
        "SELECT periode FROM observatoire_cumul WHERE territoire_id = $1 AND mesure = 'demande' AND axe = '' ORDER BY periode LIMIT 1";
    Ok(sql::texts(db.read(), text, values![territoire]).await?.first().and_then(|mois| Mois::parse(mois)))
}

/// Sums over the months: a value of the axis, then who.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Somme {
    pub valeur: String,
    pub femmes: i64,
    pub hommes: i64,
    pub total: i64,
}

/// What follows `periode IN` in a query that sums a range, and its values: whole years first, then the months around them. The values
/// before them are `known`.
pub fn bind_periodes<const N: usize>(known: [Value; N], plage: Plage) -> (String, Vec<Value>) {
    let periodes = plage.list_periodes();
    let holes = sql::holes(N + 1, periodes.len());
    (format!("({holes})"), known.into_iter().chain(periodes.into_iter().map(Value::from)).collect())
}

/// The same, summed over the months by the database: what a table of a year reads.
pub async fn sum_cumuls(db: &Db, territoire: Id, (mesure, axe): (&str, &str), plage: Plage) -> Result<Vec<Somme>> {
    let (periodes, bound) = bind_periodes(values![territoire, mesure, axe], plage);
    let text = format!(
        "SELECT valeur, CAST(SUM(femmes) AS BIGINT) AS femmes, CAST(SUM(hommes) AS BIGINT) AS hommes, CAST(SUM(quantite) AS BIGINT) AS total
         FROM observatoire_cumul
         WHERE territoire_id = $1 AND mesure = $2 AND axe = $3 AND periode IN {periodes}
         GROUP BY valeur HAVING SUM(quantite) <> 0
         ORDER BY SUM(quantite) DESC, valeur"
    );
    sql::list(db.read(), &text, bound).await
}

#[derive(FromQueryResult)]
struct TotalRow {
    valeur: String,
    total: i64,
}

/// The totals alone: what is crossed has tens of thousands of values, which nobody reads in order.
pub async fn sum_totals(db: &Db, territoire: Id, (mesure, axe): (&str, &str), plage: Plage) -> Result<Vec<(String, i64)>> {
    let (periodes, bound) = bind_periodes(values![territoire, mesure, axe], plage);
    let text = format!(
        "SELECT valeur, CAST(SUM(quantite) AS BIGINT) AS total FROM observatoire_cumul
         WHERE territoire_id = $1 AND mesure = $2 AND axe = $3 AND periode IN {periodes}
         GROUP BY valeur"
    );
    let rows: Vec<TotalRow> = sql::list(db.read(), &text, bound).await?;
    Ok(rows.into_iter().map(|row| (row.valeur, row.total)).collect())
}
