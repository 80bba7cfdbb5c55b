//! The code of a demande, and what was promised to the person; both stand in `accueil_demande`.

use kit::coffre::Place;
use kit::{Coffre, Db, Id, Instant, Result, secret, sql, values};
use sea_orm::{ConnectionTrait, FromQueryResult};

use super::rules::draw;
use crate::storage::{Sceau, TABLE};

fn place(territoire: Id) -> Place {
    Place { table: TABLE, colonne: "suivi_empreinte", territoire, id: territoire }
}

/// What is stored to find a code again.
pub fn fingerprint(coffre: &Coffre, territoire: Id, code: &str) -> Result<String> {
    Ok(coffre.fingerprints(place(territoire), code)?.pop().unwrap_or_default())
}

async fn is_taken(db: &impl ConnectionTrait, territoire: Id, empreinte: &str) -> Result<bool> {
    let text = "SELECT COUNT(*) FROM accueil_demande WHERE territoire_id = $1 AND suivi_empreinte = $2";
    Ok(sql::number(db, text, values![territoire, empreinte]).await? > 0)
}

/// Gives a demande a code that no other of the territoire has, in the transaction that writes it.
pub async fn create_code_in(tx: &impl ConnectionTrait, coffre: &Coffre, (territoire, demande): (Id, Id)) -> Result<()> {
    loop {
        let Some(code) = draw(&secret::random::<24>()?) else { continue };
        let empreinte = fingerprint(coffre, territoire, &code)?;
        if is_taken(tx, territoire, &empreinte).await? {
            continue;
        }
        let sealed = Sceau { coffre, territoire, id: demande }.seal("suivi_code", Some(&code))?;
        sql::execute(
            tx,
            "UPDATE accueil_demande SET suivi_code = $3, suivi_empreinte = $4 WHERE territoire_id = $1 AND id = $2",
            values![territoire, demande, sealed, empreinte],
        )
        .await?;
        return Ok(());
    }
}

pub async fn find_code(reader: &impl ConnectionTrait, coffre: &Coffre, territoire: Id, demande: Id) -> Result<Option<String>> {
    let text = "SELECT suivi_code FROM accueil_demande WHERE territoire_id = $1 AND id = $2 AND suivi_code IS NOT NULL";
    let stored = sql::texts(reader, text, values![territoire, demande]).await?.pop();
    Ok(Sceau { coffre, territoire, id: demande }.open("suivi_code", stored))
}

/// The demande of a code: made with the newest key, or with one before it.
pub async fn find_by_code(db: &Db, coffre: &Coffre, territoire: Id, code: &str) -> Result<Option<Id>> {
    for empreinte in coffre.fingerprints(place(territoire), code)?.iter().rev() {
        let text = "SELECT id FROM accueil_demande WHERE territoire_id = $1 AND suivi_empreinte = $2 AND efface_at IS NULL";
        if let Some(id) = sql::texts(db.read(), text, values![territoire, empreinte.as_str()]).await?.pop() {
            return id.parse().map(Some);
        }
    }
    Ok(None)
}

/// Writes by when the person is called back, and gives it: an earlier promise stands, even one that was not kept.
pub async fn promise_in(tx: &impl ConnectionTrait, (territoire, demande): (Id, Id), at: Instant) -> Result<Instant> {
    let kept = sql::number(
        tx,
        "UPDATE accueil_demande SET promesse_at = CASE WHEN promesse_at < $3 THEN promesse_at ELSE $3 END
         WHERE territoire_id = $1 AND id = $2 RETURNING promesse_at",
        values![territoire, demande, at.0],
    )
    .await?;
    Ok(Instant(kept))
}

pub async fn find_promesse(db: &Db, territoire: Id, demande: Id) -> Result<Option<Instant>> {
    let text = "SELECT COALESCE(promesse_at, 0) FROM accueil_demande WHERE territoire_id = $1 AND id = $2";
    let at = sql::number(db.read(), text, values![territoire, demande]).await?;
    Ok((at > 0).then_some(Instant(at)))
}

/// A person to call back, for a queue.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Promesse {
    pub id: String,
    pub numero: i64,
    pub code_insee: String,
    /// The first need.
    pub besoin: String,
    pub due_at: i64,
}

/// Those who were promised a call, the nearest date first.
pub async fn list_promesses(db: &Db, territoire: Id) -> Result<Vec<Promesse>> {
    sql::list(
        db.read(),
        "SELECT d.id, d.numero, d.code_insee, d.promesse_at AS due_at,
           COALESCE((SELECT b.besoin FROM accueil_demande_besoin b WHERE b.territoire_id = d.territoire_id AND b.demande_id = d.id
                     ORDER BY b.rang LIMIT 1), '') AS besoin
         FROM accueil_demande d
         WHERE d.territoire_id = $1 AND d.issue = 'a_rappeler' AND d.promesse_at IS NOT NULL AND d.efface_at IS NULL
         ORDER BY d.promesse_at, d.numero",
        values![territoire],
    )
    .await
}
