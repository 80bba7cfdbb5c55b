//! Passkeys, and the identities that a provider vouches for.

use kit::{Db, Error, Id, Instant, Result, sql, values};
use sea_orm::{ConnectionTrait, FromQueryResult};

use crate::model::CleAcces;

#[derive(FromQueryResult)]
struct CleRow {
    id: String,
    identifiant: String,
    nom: String,
    created_at: i64,
    used_at: Option<i64>,
}

/// The passkeys of an account, the oldest first, each with the name it is found by.
pub(crate) async fn list_cles(db: &Db, territoire: Id, compte: Id) -> Result<Vec<(CleAcces, String)>> {
    let rows: Vec<CleRow> = sql::list(
        db.read(),
        "SELECT id, identifiant, nom, created_at, used_at FROM comptes_cle_acces
         WHERE territoire_id = $1 AND compte_id = $2 ORDER BY created_at, id",
        values![territoire, compte],
    )
    .await?;
    let read = |row: CleRow| {
        let cle = CleAcces { id: row.id.parse()?, nom: row.nom, created_at: Instant(row.created_at), used_at: row.used_at.map(Instant) };
        Ok((cle, row.identifiant))
    };
    rows.into_iter().map(read).collect()
}

/// Refuses, in words, a passkey that is already there.
pub(crate) async fn insert_cle(
    tx: &impl ConnectionTrait,
    (territoire, compte): (Id, Id),
    (identifiant, nom, donnees): (&str, &str, &str),
    now: Instant,
) -> Result<Id> {
    let id = Id::new(now);
    let written = sql::execute(
        tx,
        "INSERT INTO comptes_cle_acces (territoire_id, id, compte_id, identifiant, nom, donnees, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (territoire_id, identifiant) DO NOTHING",
        values![territoire, id, compte, identifiant, nom, donnees, now.0],
    )
    .await?;
    if written == 1 { Ok(id) } else { Err(Error::Conflict("cette clé est déjà enregistrée".into())) }
}

#[derive(FromQueryResult)]
struct DonneesRow {
    id: String,
    donnees: String,
}

/// The passkey of an open account that an answer claims.
pub(crate) async fn find_cle(db: &Db, territoire: Id, compte: Id, identifiant: &str) -> Result<Option<(Id, String)>> {
    let row: Option<DonneesRow> = sql::find(
        db.read(),
        "SELECT k.id, k.donnees FROM comptes_cle_acces k
         JOIN comptes_compte c ON c.territoire_id = k.territoire_id AND c.id = k.compte_id
         WHERE k.territoire_id = $1 AND k.compte_id = $2 AND k.identifiant = $3 AND c.desactive_at IS NULL",
        values![territoire, compte, identifiant],
    )
    .await?;
    row.map(|row| Ok((row.id.parse()?, row.donnees))).transpose()
}

/// Marks a passkey used, with its counter.
pub(crate) async fn update_cle(db: &Db, territoire: Id, cle: Id, (donnees, now): (&str, Instant)) -> Result<()> {
    let tx = db.begin().await?;
    sql::execute(
        &tx,
        "UPDATE comptes_cle_acces SET donnees = $3, used_at = $4 WHERE territoire_id = $1 AND id = $2",
        values![territoire, cle, donnees, now.0],
    )
    .await?;
    Ok(tx.commit().await?)
}

/// Forgets one passkey of an account: its name; none when it is somebody else's.
pub(crate) async fn delete_cle(tx: &impl ConnectionTrait, (territoire, compte): (Id, Id), cle: Id) -> Result<Option<String>> {
    let deleted = sql::texts(
        tx,
        "DELETE FROM comptes_cle_acces WHERE territoire_id = $1 AND compte_id = $2 AND id = $3 RETURNING nom",
        values![territoire, compte, cle],
    )
    .await?;
    Ok(deleted.into_iter().next())
}

/// The open account tied to an identity.
pub(crate) async fn find_identite(db: &Db, territoire: Id, (emetteur, sujet): (&str, &str)) -> Result<Option<Id>> {
    let found = sql::texts(
        db.read(),
        "SELECT i.compte_id FROM comptes_identite i
         JOIN comptes_compte c ON c.territoire_id = i.territoire_id AND c.id = i.compte_id
         WHERE i.territoire_id = $1 AND i.emetteur = $2 AND i.sujet = $3 AND c.desactive_at IS NULL",
        values![territoire, emetteur, sujet],
    )
    .await?;
    found.first().map(|id| id.parse()).transpose()
}

/// The providers to whose identity an account is tied.
pub(crate) async fn list_emetteurs(db: &Db, territoire: Id, compte: Id) -> Result<Vec<String>> {
    sql::texts(
        db.read(),
        "SELECT emetteur FROM comptes_identite WHERE territoire_id = $1 AND compte_id = $2 ORDER BY emetteur",
        values![territoire, compte],
    )
    .await
}

/// Unties an account from every provider; gives how many there were.
pub(crate) async fn delete_identites(tx: &impl ConnectionTrait, territoire: Id, compte: Id) -> Result<u64> {
    sql::execute(tx, "DELETE FROM comptes_identite WHERE territoire_id = $1 AND compte_id = $2", values![territoire, compte]).await
}

/// Forgets every passkey of an account.
pub(crate) async fn delete_cles(tx: &impl ConnectionTrait, territoire: Id, compte: Id) -> Result<()> {
    sql::execute(tx, "DELETE FROM comptes_cle_acces WHERE territoire_id = $1 AND compte_id = $2", values![territoire, compte]).await?;
    Ok(())
}

/// Ties an identity to an account: false when one of them is already tied.
pub(crate) async fn insert_identite(
    tx: &impl ConnectionTrait,
    (territoire, compte): (Id, Id),
    (emetteur, sujet): (&str, &str),
    now: Instant,
) -> Result<bool> {
    let written = sql::execute(
        tx,
        "INSERT INTO comptes_identite (territoire_id, emetteur, sujet, compte_id, created_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT DO NOTHING",
        values![territoire, emetteur, sujet, compte, now.0],
    )
    .await?;
    Ok(written == 1)
}
