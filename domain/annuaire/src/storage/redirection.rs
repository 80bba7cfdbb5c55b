//! The table `annuaire_redirection`: where merged structures lead.

use std::collections::HashMap;

use kit::{Db, Id, Instant, Result, sql, values};
use sea_orm::{ConnectionTrait, FromQueryResult};

#[derive(FromQueryResult)]
struct RedirectionRow {
    ancien_id: String,
    structure_id: String,
}

/// All of a territoire, by the id that no longer stands.
pub async fn list(tx: &impl ConnectionTrait, territoire: Id) -> Result<HashMap<Id, Id>> {
    let text = "SELECT ancien_id, structure_id FROM annuaire_redirection WHERE territoire_id = $1";
    let rows: Vec<RedirectionRow> = sql::list(tx, text, values![territoire]).await?;
    rows.into_iter().map(|row| Ok((row.ancien_id.parse()?, row.structure_id.parse()?))).collect()
}

/// The structure into which another one was merged.
pub async fn find(db: &Db, territoire: Id, ancien: Id) -> Result<Option<Id>> {
    let text = "SELECT structure_id FROM annuaire_redirection WHERE territoire_id = $1 AND ancien_id = $2";
    sql::texts(db.read(), text, values![territoire, ancien]).await?.first().map(|id| id.parse()).transpose()
}

/// The ids that lead to a structure.
pub async fn list_led(tx: &impl ConnectionTrait, territoire: Id, structure: Id) -> Result<Vec<Id>> {
    let text = "SELECT ancien_id FROM annuaire_redirection WHERE territoire_id = $1 AND structure_id = $2";
    sql::texts(tx, text, values![territoire, structure]).await?.iter().map(|id| id.parse()).collect()
}

pub async fn insert(tx: &impl ConnectionTrait, territoire: Id, (ancien, structure): (Id, Id), now: Instant) -> Result<()> {
    sql::execute(
        tx,
        "INSERT INTO annuaire_redirection (territoire_id, ancien_id, structure_id, at) VALUES ($1, $2, $3, $4)",
        values![territoire, ancien, structure, now.0],
    )
    .await?;
    Ok(())
}

pub async fn delete(tx: &impl ConnectionTrait, territoire: Id, ancien: Id) -> Result<()> {
    let text = "DELETE FROM annuaire_redirection WHERE territoire_id = $1 AND ancien_id = $2";
    sql::execute(tx, text, values![territoire, ancien]).await?;
    Ok(())
}
