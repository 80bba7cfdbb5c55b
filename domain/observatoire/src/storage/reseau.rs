//! What a territoire shares with the others, and whether it does.

use kit::{Db, Id, Instant, Result, sql, values};
use sea_orm::{ConnectionTrait, FromQueryResult};

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
