//! The monthly counters `observatoire_cumul`: each dated fact is added to them once, and they are what is read.

use std::collections::BTreeMap;

use kit::fait::{has_uncounted, take_uncounted};
use kit::{Db, Id, Result, sql, values};
use sea_orm::FromQueryResult;

pub use crate::rules::mois::{Mois, Plage};

use crate::rules::cellules::list_cellules;

/// What a month counted under one value of an axis.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cumul {
    pub mois: Mois,
    pub valeur: String,
    /// « femme », « homme », or empty.
    pub sexe: String,
    pub quantite: i64,
}

/// Facts counted in one transaction.
const LOT: i64 = 2_000;
/// Lots that a page may wait for; the rest is counted in the background.
const LOTS_AT_ONCE: usize = 10;

/// Counts what waits; gives whether nothing is left to count.
pub async fn catch_up(db: &Db, territoire: Id) -> Result<bool> {
    for _ in 0..LOTS_AT_ONCE {
        if !has_uncounted(db.read(), territoire).await? {
            return Ok(true);
        }
        count_lot(db, territoire).await?;
    }
    Ok(!has_uncounted(db.read(), territoire).await?)
}

async fn count_lot(db: &Db, territoire: Id) -> Result<()> {
    let tx = db.begin().await?;
    // The line of the territoire is taken first: two processes count one after the other.
    let lot = sql::number(
        &tx,
        "INSERT INTO observatoire_comptage (territoire_id, lot) VALUES ($1, 1)
         ON CONFLICT (territoire_id) DO UPDATE SET lot = observatoire_comptage.lot + 1 RETURNING lot",
        values![territoire],
    )
    .await?;
    let mut added: BTreeMap<[String; 5], i64> = BTreeMap::new();
    for fait in take_uncounted(&tx, territoire, (lot, LOT)).await? {
        let (mois, sexe) = (fait.jour.get(..7).unwrap_or_default().to_string(), fait.sexe.clone().unwrap_or_default());
        for cellule in list_cellules(&fait) {
            *added.entry([cellule.mesure, cellule.axe, mois.clone(), cellule.valeur, sexe.clone()]).or_default() += fait.quantite;
        }
    }
    let rows = added
        .into_iter()
        .filter(|(_, quantite)| *quantite != 0)
        .map(|([mesure, axe, mois, valeur, sexe], quantite)| values![territoire, mesure, axe, mois, valeur, sexe, quantite].to_vec());
    sql::add_many(&tx, &CUMUL, rows.collect()).await?;
    Ok(tx.commit().await?)
}

const CUMUL: sql::Target = sql::Target {
    table: "observatoire_cumul",
    columns: &["territoire_id", "mesure", "axe", "mois", "valeur", "sexe", "quantite"],
    key: &["territoire_id", "mesure", "axe", "mois", "valeur", "sexe"],
    replaced: &["quantite"],
};

#[derive(FromQueryResult)]
struct CumulRow {
    mois: String,
    valeur: String,
    sexe: String,
    quantite: i64,
}

/// What some months counted under a measure, by the values of an axis.
pub async fn list_cumuls(db: &Db, territoire: Id, (mesure, axe): (&str, &str), (from, to): (Mois, Mois)) -> Result<Vec<Cumul>> {
    let rows: Vec<CumulRow> = sql::list(
        db.read(),
        "SELECT mois, valeur, sexe, quantite FROM observatoire_cumul
         WHERE territoire_id = $1 AND mesure = $2 AND axe = $3 AND mois BETWEEN $4 AND $5",
        values![territoire, mesure, axe, from.to_string(), to.to_string()],
    )
    .await?;
    let read = |row: CumulRow| Some(Cumul { mois: Mois::parse(&row.mois)?, valeur: row.valeur, sexe: row.sexe, quantite: row.quantite });
    Ok(rows.into_iter().filter_map(read).collect())
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
        "SELECT valeur,
           CAST(SUM(CASE WHEN sexe = 'femme' THEN quantite ELSE 0 END) AS BIGINT) AS femmes,
           CAST(SUM(CASE WHEN sexe = 'homme' THEN quantite ELSE 0 END) AS BIGINT) AS hommes,
           CAST(SUM(quantite) AS BIGINT) AS total
         FROM observatoire_cumul
         WHERE territoire_id = $1 AND mesure = $2 AND axe = $3 AND mois BETWEEN $4 AND $5
         GROUP BY valeur HAVING SUM(quantite) <> 0
         ORDER BY SUM(quantite) DESC, valeur",
        values![territoire, mesure, axe, plage.de.to_string(), plage.a.to_string()],
    )
    .await
}
