//! The sites that may hold our search.

use kit::{Db, Id, Result, sql, values};
use sea_orm::ConnectionTrait;

pub async fn list_hotes(db: &Db, territoire: Id) -> Result<Vec<String>> {
    sql::texts(db.read(), "SELECT hote FROM diffusion_hote WHERE territoire_id = $1 ORDER BY hote", values![territoire]).await
}

const HOTE: sql::Target =
    sql::Target { table: "diffusion_hote", columns: &["territoire_id", "hote"], key: &["territoire_id", "hote"], replaced: &[] };

pub async fn replace_hotes(tx: &impl ConnectionTrait, territoire: Id, hotes: &[String]) -> Result<()> {
    sql::execute(tx, "DELETE FROM diffusion_hote WHERE territoire_id = $1", values![territoire]).await?;
    sql::upsert_many(tx, &HOTE, hotes.iter().map(|hote| values![territoire, hote.as_str()].to_vec()).collect()).await
}
