//! Dated facts without identity, written in the same transaction as the act they tell (ARCHITECTURE, « Facts »).
//! The observatoire lives on them: erasing a person never changes last year.

use std::collections::HashMap;

use sea_orm::{ConnectionTrait, FromQueryResult};

use crate::{Id, Instant, Result, sql, values};

/// What happened, on which day, where, about whom in general: never who.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fait {
    pub territoire_id: Id,
    /// The act, as its capability names it: `demande`, `issue`…
    pub code: &'static str,
    pub at: Instant,
    pub code_insee: Option<String>,
    pub sexe: Option<&'static str>,
    pub tranche_age: Option<&'static str>,
    /// 1, or -1 to take back a fact that turned out otherwise: facts are never rewritten.
    pub quantite: i64,
    /// Whatever else is counted: (`besoin`, `menage`), (`issue`, `sans_solution`)…
    pub dimensions: Vec<(&'static str, String)>,
}

/// Writes a fact and its dimensions.
pub async fn insert_fait(tx: &impl ConnectionTrait, fait: &Fait) -> Result<()> {
    insert_faits(tx, std::slice::from_ref(fait)).await
}

/// The same for many at once: years of facts that a bench makes up.
pub async fn insert_faits(tx: &impl ConnectionTrait, faits: &[Fait]) -> Result<()> {
    let (mut rows, mut dimensions) = (Vec::with_capacity(faits.len()), vec![]);
    for fait in faits {
        let id = Id::new(fait.at);
        rows.push(
            values![
                fait.territoire_id,
                id,
                fait.code,
                fait.at.day().to_string(),
                fait.code_insee.clone(),
                fait.sexe,
                fait.tranche_age,
                fait.quantite
            ]
            .to_vec(),
        );
        dimensions.extend(fait.dimensions.iter().enumerate().map(|(rang, (nom, valeur))| {
            values![fait.territoire_id, id, i64::try_from(rang).unwrap_or_default(), *nom, valeur.as_str()].to_vec()
        }));
    }
    sql::upsert_many(tx, &FAIT, rows).await?;
    sql::upsert_many(tx, &DIMENSION, dimensions).await
}

const FAIT: sql::Target = sql::Target {
    table: "kit_fait",
    columns: &["territoire_id", "id", "code", "jour", "code_insee", "sexe", "tranche_age", "quantite"],
    key: &["territoire_id", "id"],
    replaced: &[],
};

const DIMENSION: sql::Target = sql::Target {
    table: "kit_fait_dimension",
    columns: &["territoire_id", "fait_id", "rang", "nom", "valeur"],
    key: &["territoire_id", "fait_id", "rang"],
    replaced: &[],
};

/// A fact as it is read to be counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FaitLu {
    pub code: String,
    /// « 2026-11-23 ».
    pub jour: String,
    pub code_insee: Option<String>,
    pub sexe: Option<String>,
    pub tranche_age: Option<String>,
    pub quantite: i64,
    pub dimensions: Vec<(String, String)>,
}

#[derive(FromQueryResult)]
struct FaitRow {
    id: String,
    code: String,
    jour: String,
    code_insee: Option<String>,
    sexe: Option<String>,
    tranche_age: Option<String>,
    quantite: i64,
}

#[derive(FromQueryResult)]
struct DimensionRow {
    fait_id: String,
    rang: i64,
    nom: String,
    valeur: String,
}

/// Whether facts wait to be counted.
pub async fn has_uncounted(db: &impl ConnectionTrait, territoire: Id) -> Result<bool> {
    // The lowest lot, by the index: asked for one that is 0, PostgreSQL would look for it from the first row on.
    let waiting = "SELECT id FROM kit_fait WHERE territoire_id = $1 AND lot <= 0 ORDER BY lot LIMIT 1";
    Ok(!sql::texts(db, waiting, values![territoire]).await?.is_empty())
}

/// Takes facts that were never counted, `limit` at most, and marks them as counted in this lot: in the transaction that counts them.
pub async fn take_uncounted(tx: &impl ConnectionTrait, territoire: Id, (lot, limit): (i64, i64)) -> Result<Vec<FaitLu>> {
    let faits: Vec<FaitRow> = sql::list(
        tx,
        "UPDATE kit_fait SET lot = $2
         WHERE territoire_id = $1 AND id IN (SELECT id FROM kit_fait WHERE territoire_id = $1 AND lot <= 0 ORDER BY lot LIMIT $3)
         RETURNING id, code, jour, code_insee, sexe, tranche_age, quantite",
        values![territoire, lot, limit],
    )
    .await?;
    let mut rows: Vec<DimensionRow> = sql::list(
        tx,
        // Not as a join, nor in order: SQLite would walk all the dimensions there are.
        "SELECT fait_id, rang, nom, valeur FROM kit_fait_dimension
         WHERE territoire_id = $1 AND fait_id IN (SELECT id FROM kit_fait WHERE territoire_id = $1 AND lot = $2)",
        values![territoire, lot],
    )
    .await?;
    rows.sort_by_key(|row| row.rang);
    let mut dimensions: HashMap<String, Vec<(String, String)>> = HashMap::new();
    for row in rows {
        dimensions.entry(row.fait_id).or_default().push((row.nom, row.valeur));
    }
    let read = |row: FaitRow| FaitLu {
        dimensions: dimensions.remove(&row.id).unwrap_or_default(),
        code: row.code,
        jour: row.jour,
        code_insee: row.code_insee,
        sexe: row.sexe,
        tranche_age: row.tranche_age,
        quantite: row.quantite,
    };
    Ok(faits.into_iter().map(read).collect())
}
