//! How long each territoire keeps the lines of its journal.

use kit::{Db, Id, Result, sql, values};
use sea_orm::FromQueryResult;

use crate::rules::conservation::{DureesJournal, LignesJournal};

#[derive(FromQueryResult)]
struct DureeRow {
    objet: String,
    mois: i64,
}

/// The durations of a territoire: its own, else those of the register of columns.
pub async fn find_durees(db: &Db, territoire: Id) -> Result<DureesJournal> {
    let rows: Vec<DureeRow> =
        sql::list(db.read(), "SELECT objet, mois FROM comptes_conservation WHERE territoire_id = $1", values![territoire]).await?;
    let find = |lignes: LignesJournal| -> Result<u32> {
        let own = rows.iter().find(|row| row.objet == lignes.code()).and_then(|row| u32::try_from(row.mois).ok());
        let by_default = schema::colonnes::find_mois(lignes.conservation())?;
        Ok(own.or(by_default).ok_or_else(|| anyhow::anyhow!("no duration for {}", lignes.code()))?)
    };
    Ok(DureesJournal { personne: find(LignesJournal::Personne)?, autre: find(LignesJournal::Autre)? })
}

pub async fn update_duree(db: &Db, territoire: Id, lignes: LignesJournal, mois: u32) -> Result<()> {
    let tx = db.begin().await?;
    sql::execute(
        &tx,
        "INSERT INTO comptes_conservation (territoire_id, objet, mois) VALUES ($1, $2, $3)
         ON CONFLICT (territoire_id, objet) DO UPDATE SET mois = $3",
        values![territoire, lignes.code(), i64::from(mois)],
    )
    .await?;
    Ok(tx.commit().await?)
}
