//! The table `repertoire_livre`: the books of frozen editions, composed once.

use edition::Imprime;
use kit::{Db, Id, Result, sql, values};
use sea_orm::FromQueryResult;

use crate::papier::Forme;

#[derive(FromQueryResult)]
struct LivreRow {
    contenu: Vec<u8>,
    pages: i32,
}

pub async fn find_livre(db: &Db, territoire: Id, (edition, livre, forme): (Id, &str, Forme)) -> Result<Option<Imprime>> {
    let text = "SELECT contenu, pages FROM repertoire_livre WHERE territoire_id = $1 AND edition_id = $2 AND livre = $3 AND forme = $4";
    let row: Option<LivreRow> = sql::find(db.read(), text, values![territoire, edition, livre, forme.code()]).await?;
    Ok(row.map(|row| Imprime { pdf: row.contenu, pages: usize::try_from(row.pages).unwrap_or_default() }))
}

/// Kept unless another request has just kept it.
pub async fn insert_livre(db: &Db, territoire: Id, (edition, livre, forme): (Id, &str, Forme), imprime: &Imprime) -> Result<()> {
    let text = "INSERT INTO repertoire_livre (territoire_id, edition_id, livre, forme, pages, contenu)
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING";
    let pages = i32::try_from(imprime.pages).unwrap_or(i32::MAX);
    let tx = db.begin().await?;
    sql::execute(&tx, text, values![territoire, edition, livre, forme.code(), pages, imprime.pdf.clone()]).await?;
    Ok(tx.commit().await?)
}
