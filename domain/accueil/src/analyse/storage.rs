//! The grid of a territoire, and what was answered for a demande.

use kit::{Coffre, Db, Error, Id, Instant, Result, journal, sql, values};
use sea_orm::{ConnectionTrait, FromQueryResult};

use super::{Constat, Question};
use crate::model::Demande;
use crate::storage::Sceau;
use crate::trace;

#[derive(FromQueryResult)]
struct Row {
    libelle: String,
    choix: String,
}

pub async fn list_questions(db: &Db, territoire: Id) -> Result<Vec<Question>> {
    let text = "SELECT libelle, choix FROM accueil_question WHERE territoire_id = $1 ORDER BY rang";
    let rows: Vec<Row> = sql::list(db.read(), text, values![territoire]).await?;
    let read = |row: Row| Question { libelle: row.libelle, choix: row.choix.lines().map(str::to_string).collect() };
    Ok(rows.into_iter().map(read).collect())
}

/// Replaces the grid; what was answered before keeps its own words.
pub async fn replace_questions_in(tx: &impl ConnectionTrait, territoire: Id, questions: &[Question]) -> Result<()> {
    sql::execute(tx, "DELETE FROM accueil_question WHERE territoire_id = $1", values![territoire]).await?;
    for (rang, question) in (0_i64..).zip(questions) {
        sql::execute(
            tx,
            "INSERT INTO accueil_question (territoire_id, rang, libelle, choix) VALUES ($1, $2, $3, $4)",
            values![territoire, rang, question.libelle.as_str(), question.choix.join("\n")],
        )
        .await?;
    }
    Ok(())
}

/// What was answered; nothing when its key is lost.
pub async fn list_constats(db: &Db, coffre: &Coffre, territoire: Id, demande: Id) -> Result<Vec<Constat>> {
    let text = "SELECT constats FROM accueil_demande WHERE territoire_id = $1 AND id = $2 AND constats IS NOT NULL";
    let stored = sql::texts(db.read(), text, values![territoire, demande]).await?.pop();
    let opened = Sceau { coffre, territoire, id: demande }.open("constats", stored);
    Ok(opened.and_then(|json| serde_json::from_str(&json).ok()).unwrap_or_default())
}

pub async fn set_constats(db: &Db, coffre: &Coffre, demande: &Demande, constats: &[Constat], (auteur, now): (Id, Instant)) -> Result<()> {
    let territoire = demande.detail.territoire_id;
    if demande.efface_at.is_some() {
        return Err(Error::Conflict("Cette demande a été effacée : rien ne s’y note plus.".into()));
    }
    let json = serde_json::to_string(constats).map_err(anyhow::Error::from)?;
    let sealed = Sceau { coffre, territoire, id: demande.id }.seal("constats", (!constats.is_empty()).then_some(json.as_str()))?;
    let tx = db.begin().await?;
    let set = "UPDATE accueil_demande SET constats = $3, updated_at = $4 WHERE territoire_id = $1 AND id = $2 AND efface_at IS NULL";
    sql::execute(&tx, set, values![territoire, demande.id, sealed, now.0]).await?;
    journal::record(&tx, territoire, now, &trace::acte(Some(auteur), trace::ANALYSE, demande.id, "")).await?;
    Ok(tx.commit().await?)
}
