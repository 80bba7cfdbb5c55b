//! Counts over `kit_fait`, which other rooms write. A fact taken back counts for minus one.

pub mod alerte;
pub mod besoin;
pub mod bilan;
pub mod cible;
pub mod cumul;
pub mod gestion;
pub mod ligne;
pub mod piste;
pub mod publication;
pub mod reseau;

use chrono::NaiveDate;
use kit::{Db, Id, Result, sql, values};
use sea_orm::FromQueryResult;

/// Days counted, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Periode {
    pub du: NaiveDate,
    pub au: NaiveDate,
}

/// One line of a table: what is counted, and how much.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Compte {
    /// A commune code or a need code.
    pub code: String,
    pub demandes: i64,
    /// Said only of needs: how many of them ended without a solution.
    pub sans_solution: i64,
}

/// Demandes of each commune, the most first.
pub async fn count_by_commune(db: &Db, territoire: Id, periode: Periode) -> Result<Vec<Compte>> {
    sql::list(
        db.read(),
        "SELECT code_insee AS code, CAST(SUM(quantite) AS BIGINT) AS demandes, CAST(0 AS BIGINT) AS sans_solution
         FROM kit_fait
         WHERE territoire_id = $1 AND code = 'demande' AND jour BETWEEN $2 AND $3 AND code_insee IS NOT NULL
         GROUP BY code_insee
         ORDER BY SUM(quantite) DESC, code_insee",
        values![territoire, periode.du.to_string(), periode.au.to_string()],
    )
    .await
}

/// Demandes of each need, the most first, and how many of them ended without a solution.
pub async fn count_by_besoin(db: &Db, territoire: Id, periode: Periode) -> Result<Vec<Compte>> {
    sql::list(
        db.read(),
        "SELECT b.valeur AS code,
           CAST(SUM(CASE WHEN f.code = 'besoin' THEN f.quantite ELSE 0 END) AS BIGINT) AS demandes,
           CAST(SUM(CASE WHEN f.code = 'issue' AND i.valeur = 'sans_solution' THEN f.quantite ELSE 0 END) AS BIGINT) AS sans_solution
         FROM kit_fait f
         JOIN kit_fait_dimension b ON b.territoire_id = f.territoire_id AND b.fait_id = f.id AND b.nom = 'besoin'
         LEFT JOIN kit_fait_dimension i ON i.territoire_id = f.territoire_id AND i.fait_id = f.id AND i.nom = 'issue'
         WHERE f.territoire_id = $1 AND f.code IN ('besoin', 'issue') AND f.jour BETWEEN $2 AND $3
         GROUP BY b.valeur
         ORDER BY 2 DESC, b.valeur",
        values![territoire, periode.du.to_string(), periode.au.to_string()],
    )
    .await
}
