//! Who answers the line, in which order, and what the telephone says first.

use kit::fait::{Fait, insert_fait};
use kit::{Db, Id, Instant, Result, sql, values};
use sea_orm::{ConnectionTrait, FromQueryResult};

use crate::model::Poste;

#[derive(FromQueryResult)]
struct PosteRow {
    id: String,
    nom: String,
    numero: String,
}

/// The telephones of a line, in the order in which they ring.
pub async fn list_postes(db: &Db, territoire: Id) -> Result<Vec<Poste>> {
    let text = "SELECT id, nom, numero FROM ligne_poste WHERE territoire_id = $1 ORDER BY rang, id";
    let rows: Vec<PosteRow> = sql::list(db.read(), text, values![territoire]).await?;
    rows.into_iter().map(|row| Ok(Poste { id: row.id.parse()?, nom: row.nom, numero: row.numero })).collect()
}

/// After all the others.
pub async fn insert_poste(tx: &impl ConnectionTrait, territoire: Id, poste: &Poste) -> Result<()> {
    sql::execute(
        tx,
        "INSERT INTO ligne_poste (territoire_id, id, nom, numero, rang)
         SELECT $1, $2, $3, $4, COALESCE(MAX(rang), 0) + 1 FROM ligne_poste WHERE territoire_id = $1",
        values![territoire, poste.id, poste.nom.as_str(), poste.numero.as_str()],
    )
    .await?;
    Ok(())
}

/// Before all the others.
pub async fn move_poste_first(tx: &impl ConnectionTrait, territoire: Id, id: Id) -> Result<()> {
    sql::execute(
        tx,
        "UPDATE ligne_poste SET rang = (SELECT MIN(rang) - 1 FROM ligne_poste WHERE territoire_id = $1) WHERE territoire_id = $1 AND id = $2",
        values![territoire, id],
    )
    .await?;
    Ok(())
}

pub async fn delete_poste(tx: &impl ConnectionTrait, territoire: Id, id: Id) -> Result<()> {
    sql::execute(tx, "DELETE FROM ligne_poste WHERE territoire_id = $1 AND id = $2", values![territoire, id]).await?;
    Ok(())
}

/// What the coordination wants the telephone to say first; empty when they wrote nothing.
pub async fn find_bienvenue(db: &Db, territoire: Id) -> Result<String> {
    let found = sql::texts(db.read(), "SELECT bienvenue FROM ligne_reglage WHERE territoire_id = $1", values![territoire]).await?;
    Ok(found.into_iter().next().unwrap_or_default())
}

pub async fn update_bienvenue(tx: &impl ConnectionTrait, territoire: Id, bienvenue: &str) -> Result<()> {
    sql::execute(
        tx,
        "INSERT INTO ligne_reglage (territoire_id, bienvenue) VALUES ($1, $2)
         ON CONFLICT (territoire_id) DO UPDATE SET bienvenue = $2",
        values![territoire, bienvenue],
    )
    .await?;
    Ok(())
}

/// Takes note of a call that comes in.
pub async fn begin_appel(tx: &impl ConnectionTrait, territoire: Id, cle: &str, now: Instant) -> Result<()> {
    let text = "INSERT INTO ligne_appel (territoire_id, cle, began_at) VALUES ($1, $2, $3) ON CONFLICT (territoire_id, cle) DO NOTHING";
    sql::execute(tx, text, values![territoire, kit::secret::fingerprint(cle), now.0]).await?;
    Ok(())
}

/// How many other calls began since `since`, before this one, and are still under way.
pub async fn count_appels_before(db: &Db, territoire: Id, cle: &str, since: Instant) -> Result<i64> {
    sql::number(
        db.read(),
        "SELECT COUNT(*) FROM ligne_appel o JOIN ligne_appel m ON m.territoire_id = o.territoire_id AND m.cle = $2
         WHERE o.territoire_id = $1 AND o.cle <> $2 AND o.ended_at IS NULL AND o.began_at > $3
           AND (o.began_at < m.began_at OR (o.began_at = m.began_at AND o.cle < m.cle))",
        values![territoire, kit::secret::fingerprint(cle), since.0],
    )
    .await
}

/// How far a call has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Etape {
    /// Somebody answered.
    Repondu,
    Fini,
}

/// Takes note of it, in whatever order the platform tells; gives whether somebody answered.
pub async fn mark_appel(tx: &impl ConnectionTrait, territoire: Id, cle: &str, (etape, now): (Etape, Instant)) -> Result<bool> {
    let (repondu, fini) = match etape {
        Etape::Repondu => (Some(now.0), None),
        Etape::Fini => (None, Some(now.0)),
    };
    let answered = sql::texts(
        tx,
        "INSERT INTO ligne_appel (territoire_id, cle, began_at, repondu_at, ended_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (territoire_id, cle) DO UPDATE SET repondu_at = COALESCE(ligne_appel.repondu_at, $4),
           ended_at = COALESCE(ligne_appel.ended_at, $5)
         RETURNING CASE WHEN repondu_at IS NULL THEN '' ELSE 'oui' END",
        values![territoire, kit::secret::fingerprint(cle), now.0, repondu, fini],
    )
    .await?;
    Ok(answered.first().is_some_and(|answered| answered == "oui"))
}

#[derive(FromQueryResult)]
struct AppelRow {
    began_at: i64,
    is_repondu: bool,
}

/// Counts, once, the calls that are over, or that nothing was told of since `lost`: a dated fact for each, about nobody.
pub async fn count_appels(db: &Db, territoire: Id, (now, lost): (Instant, Instant)) -> Result<()> {
    let over = "SELECT cle FROM ligne_appel
                WHERE territoire_id = $1 AND compte_at IS NULL AND (ended_at IS NOT NULL OR began_at < $2) LIMIT 1";
    if sql::texts(db.read(), over, values![territoire, lost.0]).await?.is_empty() {
        return Ok(());
    }
    let tx = db.begin().await?;
    let rows: Vec<AppelRow> = sql::list(
        &tx,
        "UPDATE ligne_appel SET compte_at = $3
         WHERE territoire_id = $1 AND compte_at IS NULL AND (ended_at IS NOT NULL OR began_at < $2)
         RETURNING began_at, repondu_at IS NOT NULL AS is_repondu",
        values![territoire, lost.0, now.0],
    )
    .await?;
    for row in rows {
        let issue = if row.is_repondu { "decroche" } else { "sans_reponse" };
        insert_fait(&tx, &fait(territoire, "appel", (Instant(row.began_at), ("issue", issue)))).await?;
    }
    Ok(tx.commit().await?)
}

/// A dated fact about nobody.
pub(super) fn fait(territoire_id: Id, code: &'static str, (at, (nom, valeur)): (Instant, (&'static str, &str))) -> Fait {
    let dimensions = vec![(nom, valeur.to_string())];
    Fait { territoire_id, code, at, code_insee: None, sexe: None, tranche_age: None, quantite: 1, dimensions }
}

/// Forgets the calls that began before a moment.
pub async fn forget_appels(db: &Db, territoire: Id, before: Instant) -> Result<()> {
    let tx = db.begin().await?;
    sql::execute(&tx, "DELETE FROM ligne_appel WHERE territoire_id = $1 AND began_at <= $2", values![territoire, before.0]).await?;
    Ok(tx.commit().await?)
}
