//! The days on which a line is closed, or open otherwise than its week says.

use chrono::NaiveDate;
use kit::{Db, Id, Result, sql, values};
use sea_orm::{ConnectionTrait, FromQueryResult};

use super::vie::touch;
use crate::ExceptionLigne;

#[derive(FromQueryResult)]
pub(super) struct ExceptionRow {
    pub territoire_id: String,
    id: String,
    du: String,
    au: String,
    plages: String,
    message: String,
}

pub(super) async fn list_exceptions(db: &Db) -> Result<Vec<ExceptionRow>> {
    sql::list(db.read(), "SELECT territoire_id, id, du, au, plages, message FROM territoire_exception ORDER BY territoire_id, du, id", [])
        .await
}

impl ExceptionRow {
    pub fn read(&self) -> Result<ExceptionLigne> {
        let date = |text: &str| text.parse::<NaiveDate>().map_err(anyhow::Error::from);
        let plages = self.plages.split_whitespace().filter_map(|plage| {
            let (from, to) = plage.split_once('-')?;
            Some((from.parse().ok()?, to.parse().ok()?))
        });
        Ok(ExceptionLigne {
            id: self.id.parse()?,
            du: date(&self.du)?,
            au: date(&self.au)?,
            plages: plages.collect(),
            message: self.message.clone(),
        })
    }
}

pub async fn insert_exception(tx: &impl ConnectionTrait, territoire: Id, one: &ExceptionLigne) -> Result<()> {
    let plages = one.plages.iter().map(|(from, to)| format!("{from}-{to}")).collect::<Vec<_>>().join(" ");
    sql::execute(
        tx,
        "INSERT INTO territoire_exception (territoire_id, id, du, au, plages, message) VALUES ($1, $2, $3, $4, $5, $6)",
        values![territoire, one.id, one.du.to_string(), one.au.to_string(), plages, one.message.as_str()],
    )
    .await?;
    touch(tx, territoire).await
}

/// False when it is no longer there.
pub async fn delete_exception(tx: &impl ConnectionTrait, territoire: Id, id: Id) -> Result<bool> {
    let text = "DELETE FROM territoire_exception WHERE territoire_id = $1 AND id = $2";
    let deleted = sql::execute(tx, text, values![territoire, id]).await?;
    touch(tx, territoire).await?;
    Ok(deleted == 1)
}
