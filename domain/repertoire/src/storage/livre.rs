//! The table `repertoire_livre`: the books of frozen editions, composed once.

use kit::{Db, Id, Result, sql, values};
use sea_orm::FromQueryResult;

use crate::papier::Forme;

#[derive(FromQueryResult)]
struct LivreRow {
    contenu: Vec<u8>,
}

pub async fn find_livre(db: &Db, territoire: Id, (edition, livre, forme): (Id, &str, Forme)) -> Result<Option<Vec<u8>>> {
    let text = "SELECT contenu FROM repertoire_livre WHERE territoire_id = $1 AND edition_id = $2 AND livre = $3 AND forme = $4";
    let row: Option<LivreRow> = sql::find(db.read(), text, values![territoire, edition, livre, forme.code()]).await?;
    Ok(row.map(|row| row.contenu))
}

/// Kept unless another request has just kept it.
pub async fn insert_livre(db: &Db, territoire: Id, (edition, livre, forme): (Id, &str, Forme), pdf: &[u8]) -> Result<()> {
    let text = "INSERT INTO repertoire_livre (territoire_id, edition_id, livre, forme, contenu)
         VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING";
    let tx = db.begin().await?;
    sql::execute(&tx, text, values![territoire, edition, livre, forme.code(), pdf.to_vec()]).await?;
    Ok(tx.commit().await?)
}
