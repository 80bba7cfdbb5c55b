//! What a territoire shares with the others, and whether it does.

use std::collections::BTreeMap;

use kit::{Db, Id, Instant, Result, sql, values};
use sea_orm::{ConnectionTrait, FromQueryResult};

use super::Periode;

#[derive(FromQueryResult)]
struct PartageRow {
    territoire_id: String,
    consenti_at: i64,
}

/// The territoires that share, and since when.
pub async fn list_partages(db: &Db) -> Result<Vec<(Id, Instant)>> {
    let rows: Vec<PartageRow> = sql::list(db.read(), "SELECT territoire_id, consenti_at FROM observatoire_partage", []).await?;
    rows.into_iter().map(|row| Ok((row.territoire_id.parse()?, Instant(row.consenti_at)))).collect()
}

/// Shares from now on, or no longer does.
pub async fn update_partage(tx: &impl ConnectionTrait, territoire: Id, since: Option<Instant>) -> Result<()> {
    sql::execute(tx, "DELETE FROM observatoire_partage WHERE territoire_id = $1", values![territoire]).await?;
    if let Some(since) = since {
        let text = "INSERT INTO observatoire_partage (territoire_id, consenti_at) VALUES ($1, $2)";
        sql::execute(tx, text, values![territoire, since.0]).await?;
    }
    Ok(())
}

#[derive(FromQueryResult)]
struct CompteRow {
    besoin: String,
    issue: String,
    nombre: i64,
}

/// How the needs of a period ended: by need, then by outcome.
pub async fn count_by_issue(db: &Db, territoire: Id, periode: Periode) -> Result<BTreeMap<String, BTreeMap<String, i64>>> {
    let rows: Vec<CompteRow> = sql::list(
        db.read(),
        "SELECT b.valeur AS besoin, i.valeur AS issue, CAST(SUM(f.quantite) AS BIGINT) AS nombre
         FROM kit_fait f
         JOIN kit_fait_dimension b ON b.territoire_id = f.territoire_id AND b.fait_id = f.id AND b.nom = 'besoin'
         JOIN kit_fait_dimension i ON i.territoire_id = f.territoire_id AND i.fait_id = f.id AND i.nom = 'issue'
         WHERE f.territoire_id = $1 AND f.code = 'issue' AND f.jour BETWEEN $2 AND $3
         GROUP BY b.valeur, i.valeur",
        values![territoire, periode.du.to_string(), periode.au.to_string()],
    )
    .await?;
    let mut counts: BTreeMap<String, BTreeMap<String, i64>> = BTreeMap::new();
    for row in rows {
        counts.entry(row.besoin).or_default().insert(row.issue, row.nombre);
    }
    Ok(counts)
}
