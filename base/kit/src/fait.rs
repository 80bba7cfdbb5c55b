//! Dated facts without identity, written in the same transaction as the act they tell (ARCHITECTURE, « Facts »).
//! The observatoire lives on them: erasing a person never changes last year.

use sea_orm::ConnectionTrait;

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
    let id = Id::new(fait.at);
    sql::execute(
        tx,
        "INSERT INTO kit_fait (territoire_id, id, code, jour, code_insee, sexe, tranche_age, quantite)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        values![
            fait.territoire_id,
            id,
            fait.code,
            fait.at.day().to_string(),
            fait.code_insee.clone(),
            fait.sexe,
            fait.tranche_age,
            fait.quantite
        ],
    )
    .await?;
    let rows = fait.dimensions.iter().enumerate().map(|(rang, (nom, valeur))| {
        values![fait.territoire_id, id, i64::try_from(rang).unwrap_or_default(), *nom, valeur.as_str()].to_vec()
    });
    sql::upsert_many(tx, &DIMENSION, rows.collect()).await
}

const DIMENSION: sql::Target = sql::Target {
    table: "kit_fait_dimension",
    columns: &["territoire_id", "fait_id", "rang", "nom", "valeur"],
    key: &["territoire_id", "fait_id", "rang"],
    replaced: &[],
};
