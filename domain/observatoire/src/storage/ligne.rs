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
