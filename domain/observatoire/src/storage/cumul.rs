//! The monthly counters `observatoire_cumul`, as they are read. See `comptage` for how they are made.

use kit::{Db, Id, Result, sql, values};
use sea_orm::FromQueryResult;

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
        "SELECT mois, valeur, femmes, hommes, quantite FROM observatoire_cumul
         WHERE territoire_id = $1 AND mesure = $2 AND axe = $3 AND mois BETWEEN $4 AND $5",
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
    let text = "SELECT mois FROM observatoire_cumul WHERE territoire_id = $1 AND mesure = 'demande' AND axe = '' ORDER BY mois LIMIT 1";
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

/// The same, summed over the months by the database: what a table of a year reads.
pub async fn sum_cumuls(db: &Db, territoire: Id, (mesure, axe): (&str, &str), plage: Plage) -> Result<Vec<Somme>> {
    sql::list(
        db.read(),
        "SELECT valeur, CAST(SUM(femmes) AS BIGINT) AS femmes, CAST(SUM(hommes) AS BIGINT) AS hommes, CAST(SUM(quantite) AS BIGINT) AS total
         FROM observatoire_cumul
         WHERE territoire_id = $1 AND mesure = $2 AND axe = $3 AND mois BETWEEN $4 AND $5
         GROUP BY valeur HAVING SUM(quantite) <> 0
         ORDER BY SUM(quantite) DESC, valeur",
        values![territoire, mesure, axe, plage.de.to_string(), plage.a.to_string()],
    )
    .await
}

#[derive(FromQueryResult)]
struct TotalRow {
    valeur: String,
    total: i64,
}

/// The totals alone: what is crossed has tens of thousands of values, which nobody reads in order.
pub async fn sum_totals(db: &Db, territoire: Id, (mesure, axe): (&str, &str), plage: Plage) -> Result<Vec<(String, i64)>> {
    let rows: Vec<TotalRow> = sql::list(
        db.read(),
        "SELECT valeur, CAST(SUM(quantite) AS BIGINT) AS total FROM observatoire_cumul
         WHERE territoire_id = $1 AND mesure = $2 AND axe = $3 AND mois BETWEEN $4 AND $5
         GROUP BY valeur",
        values![territoire, mesure, axe, plage.de.to_string(), plage.a.to_string()],
    )
    .await?;
    Ok(rows.into_iter().map(|row| (row.valeur, row.total)).collect())
}
