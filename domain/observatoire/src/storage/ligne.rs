//! What the line did, crossed with women and men.

use kit::{Db, Id, Result, sql, values};
use sea_orm::FromQueryResult;

use super::Periode;

/// One value of a dimension, and for whom it was. Those who did not say are in the total only.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Croise {
    pub valeur: String,
    pub femmes: i64,
    pub hommes: i64,
    pub total: i64,
}

/// Facts of this code by the values of one dimension, the most first.
pub async fn cross(db: &Db, territoire: Id, (code, dimension): (&str, &str), periode: Periode) -> Result<Vec<Croise>> {
    sql::list(
        db.read(),
        "SELECT d.valeur,
           CAST(SUM(CASE WHEN f.sexe = 'femme' THEN f.quantite ELSE 0 END) AS BIGINT) AS femmes,
           CAST(SUM(CASE WHEN f.sexe = 'homme' THEN f.quantite ELSE 0 END) AS BIGINT) AS hommes,
           CAST(SUM(f.quantite) AS BIGINT) AS total
         FROM kit_fait f
         JOIN kit_fait_dimension d ON d.territoire_id = f.territoire_id AND d.fait_id = f.id AND d.nom = $3
         WHERE f.territoire_id = $1 AND f.code = $2 AND f.jour BETWEEN $4 AND $5
         GROUP BY d.valeur HAVING SUM(f.quantite) <> 0
         ORDER BY SUM(f.quantite) DESC, d.valeur",
        values![territoire, code, dimension, periode.du.to_string(), periode.au.to_string()],
    )
    .await
}

/// The same by commune, which every fact may carry: `valeur` is its code.
pub async fn cross_communes(db: &Db, territoire: Id, code: &str, periode: Periode) -> Result<Vec<Croise>> {
    sql::list(
        db.read(),
        "SELECT code_insee AS valeur,
           CAST(SUM(CASE WHEN sexe = 'femme' THEN quantite ELSE 0 END) AS BIGINT) AS femmes,
           CAST(SUM(CASE WHEN sexe = 'homme' THEN quantite ELSE 0 END) AS BIGINT) AS hommes,
           CAST(SUM(quantite) AS BIGINT) AS total
         FROM kit_fait
         WHERE territoire_id = $1 AND code = $2 AND jour BETWEEN $3 AND $4 AND code_insee IS NOT NULL
         GROUP BY code_insee HAVING SUM(quantite) <> 0
         ORDER BY SUM(quantite) DESC, code_insee",
        values![territoire, code, periode.du.to_string(), periode.au.to_string()],
    )
    .await
}
