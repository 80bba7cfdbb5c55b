//! The tables `comptes_*`.

use kit::{Db, Id, Instant, Result, sql, values};
use sea_orm::{ConnectionTrait, FromQueryResult};

use crate::password::{check_password, hash};

/// Somebody of a team.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compte {
    pub id: Id,
    pub nom: String,
}

#[derive(FromQueryResult)]
struct SecretRow {
    id: String,
    nom: String,
    mot_de_passe: String,
}

#[derive(FromQueryResult)]
struct CompteRow {
    id: String,
    nom: String,
}

/// Creates an account; refused when the address already has one here, or when the password is too weak.
pub async fn insert_compte(
    tx: &impl ConnectionTrait,
    territoire: Id,
    (courriel, nom): (&str, &str),
    password: &str,
    now: Instant,
) -> Result<Id> {
    if !kit::text::is_courriel(courriel) {
        return Err(kit::Error::Conflict(format!("« {courriel} » n’est pas une adresse électronique : elle s’écrit nom@domaine.fr")));
    }
    check_password(password).map_err(|refusal| kit::Error::Conflict(refusal.to_string()))?;
    let id = Id::new(now);
    let inserted = sql::execute(
        tx,
        "INSERT INTO comptes_compte (territoire_id, id, courriel, nom, mot_de_passe, created_at) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (territoire_id, courriel) DO NOTHING",
        values![territoire, id, courriel.to_lowercase(), nom, hash(password)?, now.0],
    )
    .await?;
    if inserted == 0 {
        return Err(kit::Error::Conflict(format!("{courriel} a déjà un compte sur ce territoire")));
    }
    Ok(id)
}

/// The account of an address, with its stored password.
pub(crate) async fn find_secret(db: &Db, territoire: Id, courriel: &str) -> Result<Option<(Compte, String)>> {
    let row: Option<SecretRow> = sql::find(
        db.read(),
        "SELECT id, nom, mot_de_passe FROM comptes_compte WHERE territoire_id = $1 AND courriel = $2",
        values![territoire, courriel.to_lowercase()],
    )
    .await?;
    row.map(|row| Ok((Compte { id: row.id.parse()?, nom: row.nom }, row.mot_de_passe))).transpose()
}

/// Opens a session until `expires_at`; only the fingerprint of its token is kept. Sessions long over are swept away.
pub(crate) async fn insert_session(
    db: &Db,
    territoire: Id,
    compte: Id,
    empreinte: &str,
    (now, expires_at): (Instant, Instant),
) -> Result<()> {
    let tx = db.begin().await?;
    sql::execute(&tx, "DELETE FROM comptes_session WHERE territoire_id = $1 AND expires_at < $2", values![territoire, now.0]).await?;
    sql::execute(
        &tx,
        "INSERT INTO comptes_session (territoire_id, empreinte, compte_id, expires_at) VALUES ($1, $2, $3, $4)",
        values![territoire, empreinte, compte, expires_at.0],
    )
    .await?;
    Ok(tx.commit().await?)
}

pub(crate) async fn find_session(db: &Db, territoire: Id, empreinte: &str, now: Instant) -> Result<Option<Compte>> {
    let row: Option<CompteRow> = sql::find(
        db.read(),
        "SELECT c.id, c.nom FROM comptes_session s
         JOIN comptes_compte c ON c.territoire_id = s.territoire_id AND c.id = s.compte_id
         WHERE s.territoire_id = $1 AND s.empreinte = $2 AND s.expires_at > $3",
        values![territoire, empreinte, now.0],
    )
    .await?;
    row.map(|row| Ok(Compte { id: row.id.parse()?, nom: row.nom })).transpose()
}

pub(crate) async fn delete_session(db: &Db, territoire: Id, empreinte: &str) -> Result<()> {
    let tx = db.begin().await?;
    sql::execute(&tx, "DELETE FROM comptes_session WHERE territoire_id = $1 AND empreinte = $2", values![territoire, empreinte]).await?;
    Ok(tx.commit().await?)
}
