//! The sounds: kept encrypted, apart from the messages; those still at the platform are fetched, and given up with a reason.

use kit::{Coffre, Db, Id, Instant, Result, sql, values};
use sea_orm::{ConnectionTrait, FromQueryResult};

use super::{TABLE_SON, place};
use crate::model::{NouveauSon, Son};
use crate::rules::check_son;

pub(super) async fn insert(tx: &impl ConnectionTrait, coffre: &Coffre, of: (Id, Id), (son, at): (&NouveauSon, Instant)) -> Result<()> {
    let (adresse, mime, taille, contenu, erreur) = match son {
        NouveauSon::Aucun => return Ok(()),
        NouveauSon::AChercher(adresse) => (Some(adresse.as_str()), "", 0, None, ""),
        NouveauSon::Refuse(why) => (None, "", 0, None, why.as_str()),
        NouveauSon::Recu { mime, contenu } => match check_son(contenu) {
            Ok(_) => (None, mime.as_str(), contenu.len(), Some(coffre.seal_bytes(place(TABLE_SON, "contenu", of), contenu)?), ""),
            Err(why) => (None, "", contenu.len(), None, why),
        },
    };
    sql::execute(
        tx,
        "INSERT INTO ligne_enregistrement (territoire_id, message_id, adresse, du_at, essais, mime, taille, contenu, erreur)
         VALUES ($1, $2, $3, $4, 0, $5, $6, $7, $8)",
        values![of.0, of.1, adresse, at.0, mime, i64::try_from(taille).unwrap_or(i64::MAX), contenu, erreur],
    )
    .await?;
    Ok(())
}

pub(super) fn read_son(known: Option<(String, i64)>, (is_coming, is_here): (bool, bool), erreur: Option<String>) -> Son {
    match known {
        None => Son::Aucun,
        Some((mime, taille)) if is_here => Son::Present { mime, taille },
        Some(_) if is_coming => Son::EnChemin,
        Some(_) => Son::Absent(erreur.unwrap_or_default()),
    }
}

#[derive(FromQueryResult)]
struct SonRow {
    mime: String,
    contenu: Option<String>,
}

/// The sound of a message, as a browser plays it; none when there is none or when its key is missing.
pub async fn find_son(db: &Db, coffre: &Coffre, of: (Id, Id)) -> Result<Option<(String, Vec<u8>)>> {
    let row: Option<SonRow> = sql::find(
        db.read(),
        "SELECT mime, contenu FROM ligne_enregistrement WHERE territoire_id = $1 AND message_id = $2",
        values![of.0, of.1],
    )
    .await?;
    let Some((mime, sealed)) = row.and_then(|row| Some((row.mime, row.contenu?))) else { return Ok(None) };
    match coffre.open_bytes(place(TABLE_SON, "contenu", of), &sealed) {
        Ok(contenu) => Ok(Some((mime, contenu))),
        Err(illisible) => {
            tracing::warn!(message = %of.1, %illisible, "unreadable sound");
            Ok(None)
        }
    }
}

/// A sound that the platform still holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AChercher {
    pub territoire: Id,
    pub message: Id,
    pub adresse: String,
    /// How many times it was tried, this one included.
    pub essais: i32,
}

#[derive(FromQueryResult)]
struct AChercherRow {
    territoire_id: String,
    message_id: String,
    adresse: String,
    essais: i32,
}

/// Takes the sounds that are due, and hides them from other processes until `jusque`.
pub async fn take_sons(db: &Db, (now, jusque): (Instant, Instant), limite: i64) -> Result<Vec<AChercher>> {
    let due = sql::texts(
        db.read(),
        "SELECT message_id FROM ligne_enregistrement WHERE adresse IS NOT NULL AND du_at <= $1 LIMIT 1",
        values![now.0],
    );
    if due.await?.is_empty() {
        return Ok(vec![]);
    }
    let tx = db.begin().await?;
    let rows: Vec<AChercherRow> = sql::list(
        &tx,
        "UPDATE ligne_enregistrement SET du_at = $2, essais = essais + 1
         WHERE adresse IS NOT NULL AND du_at <= $1 AND (territoire_id, message_id) IN (
           SELECT territoire_id, message_id FROM ligne_enregistrement WHERE adresse IS NOT NULL AND du_at <= $1 ORDER BY du_at LIMIT $3)
         RETURNING territoire_id, message_id, adresse, essais",
        values![now.0, jusque.0, limite],
    )
    .await?;
    tx.commit().await?;
    let read = |row: AChercherRow| {
        Ok(AChercher { territoire: row.territoire_id.parse()?, message: row.message_id.parse()?, adresse: row.adresse, essais: row.essais })
    };
    rows.into_iter().map(read).collect()
}

/// Keeps a sound that was fetched. Erased meanwhile, its message takes nothing back.
pub async fn keep_son(db: &Db, coffre: &Coffre, of: (Id, Id), (mime, contenu): (&str, &[u8])) -> Result<()> {
    let sealed = coffre.seal_bytes(place(TABLE_SON, "contenu", of), contenu)?;
    let tx = db.begin().await?;
    sql::execute(
        &tx,
        "UPDATE ligne_enregistrement SET adresse = NULL, mime = $3, taille = $4, contenu = $5, erreur = ''
         WHERE territoire_id = $1 AND message_id = $2",
        values![of.0, of.1, mime, i64::try_from(contenu.len()).unwrap_or(i64::MAX), sealed],
    )
    .await?;
    Ok(tx.commit().await?)
}

/// To be tried again at `again`.
pub async fn put_off_son(db: &Db, of: (Id, Id), (again, why): (Instant, &str)) -> Result<()> {
    let tx = db.begin().await?;
    let text = "UPDATE ligne_enregistrement SET du_at = $3, erreur = $4 WHERE territoire_id = $1 AND message_id = $2";
    sql::execute(&tx, text, values![of.0, of.1, again.0, why]).await?;
    Ok(tx.commit().await?)
}

/// There will be no sound.
pub async fn give_up_son(db: &Db, of: (Id, Id), why: &str) -> Result<()> {
    let tx = db.begin().await?;
    let text = "UPDATE ligne_enregistrement SET adresse = NULL, erreur = $3 WHERE territoire_id = $1 AND message_id = $2";
    sql::execute(&tx, text, values![of.0, of.1, why]).await?;
    Ok(tx.commit().await?)
}
