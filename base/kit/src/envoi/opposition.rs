//! Numbers that answered STOP: nothing is sent to them any more, until they write START. Only a keyed fingerprint is kept.

use sea_orm::ConnectionTrait;

use crate::{Coffre, Db, Id, Instant, Result, sql, values};

/// As a telephone dials it, so that ten ways of writing a number are one.
fn stamp(coffre: &Coffre, territoire: Id, numero: &str) -> Result<String> {
    coffre.stamp("sms", territoire, &crate::telephone::dial(numero))
}

/// Writes down that a number wants nothing more.
pub async fn oppose(db: &Db, coffre: &Coffre, (territoire, now): (Id, Instant), numero: &str) -> Result<()> {
    let tx = db.begin().await?;
    sql::execute(
        &tx,
        "INSERT INTO kit_opposition (territoire_id, empreinte, created_at) VALUES ($1, $2, $3)
         ON CONFLICT (territoire_id, empreinte) DO NOTHING",
        values![territoire, stamp(coffre, territoire, numero)?, now.0],
    )
    .await?;
    Ok(tx.commit().await?)
}

/// The number writes to us again of its own will.
pub async fn lift(db: &Db, coffre: &Coffre, territoire: Id, numero: &str) -> Result<()> {
    let tx = db.begin().await?;
    sql::execute(
        &tx,
        "DELETE FROM kit_opposition WHERE territoire_id = $1 AND empreinte = $2",
        values![territoire, stamp(coffre, territoire, numero)?],
    )
    .await?;
    Ok(tx.commit().await?)
}

pub async fn is_opposed(reader: &impl ConnectionTrait, coffre: &Coffre, territoire: Id, numero: &str) -> Result<bool> {
    let found = sql::texts(
        reader,
        "SELECT empreinte FROM kit_opposition WHERE territoire_id = $1 AND empreinte = $2",
        values![territoire, stamp(coffre, territoire, numero)?],
    )
    .await?;
    Ok(!found.is_empty())
}
