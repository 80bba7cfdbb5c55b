//! What the monthly counters know of one need, or of one commune.

use annuaire::besoin::Taxonomie;
use kit::{Db, Id, Result, sql, values};
use sea_orm::{FromQueryResult, Value};

use super::cumul::{Mois, Plage, bind_periodes};
use crate::demandes::Compteur;

/// What a month counted of a need under a measure.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct MoisDeBesoin {
    pub mesure: String,
    /// « 2026-11 ».
    pub mois: String,
    pub femmes: i64,
    pub hommes: i64,
    pub total: i64,
}

/// What was asked of a need and how it ended, month by month.
pub async fn sum_by_mois(db: &Db, territoire: Id, besoin: &str, plage: Plage) -> Result<Vec<MoisDeBesoin>> {
    sql::list(
        db.read(),
        "SELECT mesure, periode AS mois,
           CAST(SUM(femmes) AS BIGINT) AS femmes, CAST(SUM(hommes) AS BIGINT) AS hommes, CAST(SUM(quantite) AS BIGINT) AS total
         FROM observatoire_cumul
         WHERE territoire_id = $1 AND axe = 'besoin' AND valeur = $2 AND periode BETWEEN $3 AND $4
           AND mesure IN ('besoin', 'issue', 'issue:orientee', 'issue:information', 'issue:sans_solution', 'issue:a_rappeler')
         GROUP BY mesure, periode",
        values![territoire, besoin, plage.de.to_string(), plage.a.to_string()],
    )
    .await
}

/// What was counted of a need under a measure, with one value of what it is crossed with.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct CroiseDeBesoin {
    pub mesure: String,
    /// « besoin/commune ».
    pub axe: String,
    /// « menage/36173 ».
    pub valeur: String,
    pub femmes: i64,
    pub hommes: i64,
    pub total: i64,
}

/// The same over the whole period by commune, by age and by reason.
pub async fn cross_besoin(db: &Db, territoire: Id, besoin: &str, plage: Plage) -> Result<Vec<CroiseDeBesoin>> {
    let prefix = format!("{besoin}/");
    let length = i64::try_from(prefix.chars().count()).unwrap_or_default();
    let (periodes, bound) = bind_periodes(values![territoire, length, prefix], plage);
    let text = format!(
        "SELECT mesure, axe, valeur,
           CAST(SUM(femmes) AS BIGINT) AS femmes, CAST(SUM(hommes) AS BIGINT) AS hommes, CAST(SUM(quantite) AS BIGINT) AS total
         FROM observatoire_cumul
         WHERE territoire_id = $1 AND mesure IN ('besoin', 'issue:sans_solution')
           AND axe IN ('besoin/commune', 'besoin/tranche_age', 'besoin/motif') AND periode IN {periodes}
           AND substr(valeur, 1, CAST($2 AS INTEGER)) = $3
         GROUP BY mesure, axe, valeur HAVING SUM(quantite) <> 0
         ORDER BY mesure, axe, SUM(quantite) DESC, valeur"
    );
    sql::list(db.read(), &text, bound).await
}

#[derive(FromQueryResult)]
struct MoisRow {
    mois: String,
    total: i64,
}

/// The demandes of one commune, month by month.
pub async fn sum_commune_by_mois(db: &Db, territoire: Id, commune: &str, plage: Plage) -> Result<Vec<(Mois, i64)>> {
    let rows: Vec<MoisRow> = sql::list(
        db.read(),
        "SELECT periode AS mois, CAST(SUM(quantite) AS BIGINT) AS total FROM observatoire_cumul
         WHERE territoire_id = $1 AND mesure = 'demande' AND axe = 'commune' AND valeur = $2 AND periode BETWEEN $3 AND $4
         GROUP BY periode",
        values![territoire, commune, plage.de.to_string(), plage.a.to_string()],
    )
    .await?;
    Ok(rows.into_iter().filter_map(|row| Some((Mois::parse(&row.mois)?, row.total))).collect())
}

#[derive(FromQueryResult)]
struct TotalRow {
    mesure: String,
    valeur: String,
    total: i64,
}

/// What a commune asked of each need. Periods and values are named one by one: they lead straight to its counters, which are few among
/// those of all the communes.
pub async fn list_compteurs_of(db: &Db, territoire: Id, commune: &str, plage: Plage) -> Result<Vec<(String, Compteur)>> {
    let places: Vec<String> = Taxonomie::get().hors_familles().map(|besoin| format!("{}/{commune}", besoin.code)).collect();
    let (periodes, bound) = bind_periodes(values![territoire], plage);
    let text = format!(
        "SELECT mesure, valeur, CAST(SUM(quantite) AS BIGINT) AS total FROM observatoire_cumul
         WHERE territoire_id = $1 AND mesure IN ('besoin', 'issue:sans_solution') AND axe = 'besoin/commune'
           AND periode IN {periodes} AND valeur IN ({})
         GROUP BY mesure, valeur",
        sql::holes(bound.len() + 1, places.len())
    );
    let rows: Vec<TotalRow> = sql::list(db.read(), &text, bound.into_iter().chain(places.into_iter().map(Value::from))).await?;
    let read = |row: TotalRow| {
        let besoin = row.valeur.split_once('/')?.0.to_string();
        let is_asked = row.mesure == "besoin";
        let compteur =
            if is_asked { Compteur { demandes: row.total, sans_solution: 0 } } else { Compteur { demandes: 0, sans_solution: row.total } };
        Some((besoin, compteur))
    };
    Ok(rows.into_iter().filter_map(read).collect())
}
