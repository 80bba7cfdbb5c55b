//! To whom one writes about a structure.

use std::collections::BTreeMap;

use kit::{Db, Id, Result, sql, values};
use sea_orm::FromQueryResult;

/// The référent·e of a structure when it has one, else the structure itself; the address is not there when nobody knows it.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Correspondant {
    pub structure: String,
    /// The name of the référent·e.
    pub nom: Option<String>,
    pub courriel: Option<String>,
    pub telephone: Option<String>,
}

/// None: the structure is no longer in the annuaire.
pub async fn find_correspondant(db: &Db, territoire: Id, structure: Id) -> Result<Option<Correspondant>> {
    sql::find(
        db.read(),
        "SELECT st.nom AS structure, c.nom, COALESCE(c.courriel, st.courriel) AS courriel, st.telephone
         FROM annuaire_structure st
         LEFT JOIN comptes_referent r ON r.territoire_id = st.territoire_id AND r.structure_id = st.id
         LEFT JOIN comptes_compte c ON c.territoire_id = r.territoire_id AND c.id = r.compte_id AND c.desactive_at IS NULL
         WHERE st.territoire_id = $1 AND st.id = $2
         ORDER BY CASE WHEN c.courriel IS NULL THEN 1 ELSE 0 END, c.courriel LIMIT 1",
        values![territoire, structure],
    )
    .await
}

#[derive(FromQueryResult)]
struct CourrielRow {
    structure_id: String,
    courriel: String,
}

/// The address of each structure that has one: that of its référent·e, else its own.
pub async fn list_courriels(db: &Db, territoire: Id) -> Result<BTreeMap<Id, String>> {
    let rows: Vec<CourrielRow> = sql::list(
        db.read(),
        "SELECT st.id AS structure_id, COALESCE(MIN(c.courriel), MIN(st.courriel)) AS courriel
         FROM annuaire_structure st
         LEFT JOIN comptes_referent r ON r.territoire_id = st.territoire_id AND r.structure_id = st.id
         LEFT JOIN comptes_compte c ON c.territoire_id = r.territoire_id AND c.id = r.compte_id AND c.desactive_at IS NULL
         WHERE st.territoire_id = $1 AND (c.courriel IS NOT NULL OR st.courriel IS NOT NULL)
         GROUP BY st.id",
        values![territoire],
    )
    .await?;
    rows.into_iter().map(|row| Ok((row.structure_id.parse()?, row.courriel))).collect()
}
