//! What the coordination writes for those who answer: lines to say, and notes to know about a need.

use annuaire::besoin::Besoin;
use kit::{Db, Id, Instant, Result, sql, values};
use sea_orm::FromQueryResult;

use crate::model::NatureRepere;

/// One of them, as the page that writes them shows it.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Repere {
    pub id: String,
    pub nature: String,
    /// Code of a need; empty: always.
    pub besoin: String,
    pub texte: String,
}

pub async fn list_reperes(db: &Db, territoire: Id) -> Result<Vec<Repere>> {
    sql::list(
        db.read(),
        "SELECT id, nature, besoin, texte FROM accueil_repere WHERE territoire_id = $1 ORDER BY nature DESC, besoin, rang, id",
        values![territoire],
    )
    .await
}

/// The lines to say, in their order.
pub async fn list_phrases(db: &Db, territoire: Id) -> Result<Vec<String>> {
    sql::texts(
        db.read(),
        "SELECT texte FROM accueil_repere WHERE territoire_id = $1 AND nature = 'phrase' ORDER BY rang, id",
        values![territoire],
    )
    .await
}

/// What to know about these needs, and what is always good to know.
pub async fn list_notes(db: &Db, territoire: Id, besoins: &[&Besoin]) -> Result<Vec<String>> {
    let all: Vec<Repere> = sql::list(
        db.read(),
        "SELECT id, nature, besoin, texte FROM accueil_repere WHERE territoire_id = $1 AND nature = 'note' ORDER BY rang, id",
        values![territoire],
    )
    .await?;
    let is_about = |one: &Repere| one.besoin.is_empty() || besoins.iter().any(|besoin| *besoin.code == *one.besoin);
    Ok(all.into_iter().filter(is_about).map(|one| one.texte).collect())
}

/// Adds one at the end.
pub async fn insert_repere(db: &Db, (territoire, now): (Id, Instant), nature: NatureRepere, (besoin, texte): (&str, &str)) -> Result<()> {
    let tx = db.begin().await?;
    sql::execute(
        &tx,
        "INSERT INTO accueil_repere (territoire_id, id, nature, besoin, rang, texte, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $5)",
        values![territoire, Id::new(now), nature.code(), besoin, now.0, texte],
    )
    .await?;
    Ok(tx.commit().await?)
}

/// Takes one away; gives whether it was there.
pub async fn delete_repere(db: &Db, territoire: Id, id: Id) -> Result<bool> {
    let tx = db.begin().await?;
    let gone = sql::execute(&tx, "DELETE FROM accueil_repere WHERE territoire_id = $1 AND id = $2", values![territoire, id]).await?;
    tx.commit().await?;
    Ok(gone > 0)
}
