//! The years that are published, each as it was on the day it was.

use kit::{Db, Id, Instant, Result, sql, values};
use sea_orm::{ConnectionTrait, FromQueryResult};

use crate::publication::Publication;

/// A year that is published.
#[derive(Clone, Debug)]
pub struct Publiee {
    pub annee: i32,
    pub publiee_at: Instant,
    pub publication: Publication,
}

#[derive(FromQueryResult)]
struct PublicationRow {
    annee: i32,
    publiee_at: i64,
    contenu: String,
}

/// All of them, the first year first.
pub async fn list_publications(db: &Db, territoire: Id) -> Result<Vec<Publiee>> {
    let text = "SELECT annee, publiee_at, contenu FROM observatoire_publication WHERE territoire_id = $1 ORDER BY annee";
    let rows: Vec<PublicationRow> = sql::list(db.read(), text, values![territoire]).await?;
    rows.into_iter().map(read).collect()
}

/// The years that are published, the last one first.
pub async fn list_annees(db: &Db, territoire: Id) -> Result<Vec<i32>> {
    let text = "SELECT annee FROM observatoire_publication WHERE territoire_id = $1 ORDER BY annee DESC";
    let rows: Vec<AnneeRow> = sql::list(db.read(), text, values![territoire]).await?;
    Ok(rows.into_iter().map(|row| row.annee).collect())
}

#[derive(FromQueryResult)]
struct AnneeRow {
    annee: i32,
}

pub async fn find_publication(db: &Db, territoire: Id, annee: i32) -> Result<Option<Publiee>> {
    let text = "SELECT annee, publiee_at, contenu FROM observatoire_publication WHERE territoire_id = $1 AND annee = $2";
    let row: Option<PublicationRow> = sql::find(db.read(), text, values![territoire, annee]).await?;
    row.map(read).transpose()
}

fn read(row: PublicationRow) -> Result<Publiee> {
    let publication = serde_json::from_str(&row.contenu).map_err(anyhow::Error::from)?;
    Ok(Publiee { annee: row.annee, publiee_at: Instant(row.publiee_at), publication })
}

/// Gives whether it was not published yet: what is told is not changed.
pub async fn insert_publication(tx: &impl ConnectionTrait, territoire: Id, publiee: &Publiee) -> Result<bool> {
    let contenu = serde_json::to_string(&publiee.publication).map_err(anyhow::Error::from)?;
    let text = "INSERT INTO observatoire_publication (territoire_id, annee, publiee_at, contenu) VALUES ($1, $2, $3, $4)
         ON CONFLICT (territoire_id, annee) DO NOTHING";
    Ok(sql::execute(tx, text, values![territoire, publiee.annee, publiee.publiee_at.0, contenu]).await? > 0)
}
