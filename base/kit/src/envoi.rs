//! Messages to send: written in the same transaction as their cause, so that neither goes without the other; `messages`
//! delivers them. A message in hand is hidden from other processes for a while; one whose process died shows again.
//! Address, subject and text are encrypted, and emptied once the message is gone.

use sea_orm::{ConnectionTrait, FromQueryResult};

use crate::coffre::{Illisible, Place};
use crate::{Coffre, Db, Id, Instant, Result, sql, values};

/// A message, before it is written down.
#[derive(Clone, Debug)]
pub struct Envoi<'a> {
    /// What it is, in one word: « invitation ».
    pub cause: &'a str,
    /// What makes it unique: a second message with the same key is not written. None: every call is a message.
    pub cle: Option<&'a str>,
    /// An e-mail address.
    pub destinataire: &'a str,
    pub objet: &'a str,
    /// Plain text.
    pub texte: &'a str,
    /// Somebody waits for it in front of a screen: it leaves at night too.
    pub attendu: bool,
    /// What it says is of no use from then on: it is given up rather than delivered.
    pub perime_at: Option<Instant>,
}

/// A message in hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pli {
    pub territoire: Id,
    pub id: Id,
    pub destinataire: String,
    pub objet: String,
    pub texte: String,
    /// How many times it was tried before.
    pub essais: u32,
    /// Somebody waits for it: better twice than never. The others leave once at most.
    pub attendu: bool,
    pub perime_at: Option<Instant>,
}

const TABLE: &str = "kit_envoi";

fn place(territoire: Id, id: Id, colonne: &'static str) -> Place {
    Place { table: TABLE, colonne, territoire, id }
}

/// Writes a message down, to leave at once.
pub async fn insert(tx: &impl ConnectionTrait, coffre: &Coffre, (territoire, now): (Id, Instant), envoi: &Envoi<'_>) -> Result<Id> {
    let id = Id::new(now);
    let cle = envoi.cle.map_or_else(|| id.to_string(), str::to_string);
    let seal = |colonne, text| coffre.seal(place(territoire, id, colonne), text);
    sql::execute(
        tx,
        "INSERT INTO kit_envoi (territoire_id, id, cause, cle, destinataire, objet, texte, attendu, created_at, du_at, perime_at, essais, erreur)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, $10, 0, '')
         ON CONFLICT (territoire_id, cle) DO NOTHING",
        values![
            territoire,
            id,
            envoi.cause,
            cle,
            seal("destinataire", envoi.destinataire)?,
            seal("objet", envoi.objet)?,
            seal("texte", envoi.texte)?,
            envoi.attendu,
            now.0,
            envoi.perime_at.map(|at| at.0)
        ],
    )
    .await?;
    Ok(id)
}

#[derive(FromQueryResult)]
struct PliRow {
    territoire_id: String,
    id: String,
    destinataire: String,
    objet: String,
    texte: String,
    attendu: bool,
    essais: i32,
    perime_at: Option<i64>,
    remise_at: Option<i64>,
}

/// Takes up to `limite` messages that are due, and hides them from the others until `jusque`.
/// By night, only those that somebody waits for; they come first in any case.
pub async fn take(db: &Db, coffre: &Coffre, (now, jusque): (Instant, Instant), (is_night, limite): (bool, i64)) -> Result<Vec<Pli>> {
    if !has_due(db, now, is_night).await? {
        return Ok(Vec::new());
    }
    let tx = db.begin().await?;
    // Two processes at once: the later one finds `du_at` moved when it comes to the row, and leaves it.
    let mut rows: Vec<PliRow> = sql::list(
        &tx,
        "UPDATE kit_envoi SET du_at = $2, essais = essais + 1
         WHERE du_at <= $1 AND (territoire_id, id) IN (
           SELECT territoire_id, id FROM kit_envoi
           WHERE du_at <= $1 AND envoye_at IS NULL AND abandonne_at IS NULL AND (attendu OR NOT $3)
           ORDER BY attendu DESC, du_at LIMIT $4)
         RETURNING territoire_id, id, destinataire, objet, texte, attendu, essais, perime_at, remise_at",
        values![now.0, jusque.0, is_night, limite],
    )
    .await?;
    tx.commit().await?;
    // RETURNING promises no order; an identifier begins with the moment it was made.
    rows.sort_by(|one, other| other.attendu.cmp(&one.attendu).then_with(|| one.id.cmp(&other.id)));
    let mut plis = Vec::with_capacity(rows.len());
    for row in rows {
        let (territoire, id): (Id, Id) = (row.territoire_id.parse()?, row.id.parse()?);
        // Its process died between the server and us: it may have left. Nobody waits for it: it is not risked twice.
        if row.remise_at.is_some() && !row.attendu {
            give_up(db, (territoire, id), now, INCERTAIN).await;
            continue;
        }
        match open(coffre, (territoire, id), &row) {
            Ok(pli) => plis.push(pli),
            // Its key is lost: it would come back for ever, and hold up the others.
            Err(illisible) => give_up(db, (territoire, id), now, &illisible.to_string()).await,
        }
    }
    Ok(plis)
}

/// Gives a message up. The others of the batch are already in hand: they are not lost for this one.
async fn give_up(db: &Db, message: (Id, Id), now: Instant, why: &str) {
    if let Err(error) = settle(db, message, now, &Sort::Abandonne(why.to_string())).await {
        tracing::warn!(envoi = %message.1, %error, why, "message not given up yet");
    }
}

/// Why a message was given up when a stop came while it was being handed over.
const INCERTAIN: &str = "arrêt pendant la remise : peut-être parti, pas renvoyé";

/// Says that a message is being handed to the server, before it is.
pub async fn mark_remise(db: &Db, (territoire, id): (Id, Id), now: Instant) -> Result<()> {
    let tx = db.begin().await?;
    sql::execute(&tx, "UPDATE kit_envoi SET remise_at = $3 WHERE territoire_id = $1 AND id = $2", values![territoire, id, now.0]).await?;
    Ok(tx.commit().await?)
}

/// Whether `take` would find anything: nothing to do is most of the time, and does not make others wait for the right to write.
async fn has_due(db: &Db, now: Instant, is_night: bool) -> Result<bool> {
    let due = sql::texts(
        db.read(),
        "SELECT id FROM kit_envoi
         WHERE du_at <= $1 AND envoye_at IS NULL AND abandonne_at IS NULL AND (attendu OR NOT $2) LIMIT 1",
        values![now.0, is_night],
    )
    .await?;
    Ok(!due.is_empty())
}

fn open(coffre: &Coffre, (territoire, id): (Id, Id), row: &PliRow) -> Result<Pli, Illisible> {
    let read = |colonne, text: &str| coffre.open(place(territoire, id, colonne), text);
    Ok(Pli {
        territoire,
        id,
        destinataire: read("destinataire", &row.destinataire)?,
        objet: read("objet", &row.objet)?,
        texte: read("texte", &row.texte)?,
        essais: u32::try_from(row.essais - 1).unwrap_or_default(),
        attendu: row.attendu,
        perime_at: row.perime_at.map(Instant),
    })
}

/// What became of a message in hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sort {
    Parti,
    /// Refused for now: tried again at this moment.
    Remis(Instant, String),
    /// Refused for good.
    Abandonne(String),
}

/// Writes what became of a message. Once it is gone or given up, nothing says to whom it was, nor what it said.
pub async fn settle(db: &Db, (territoire, id): (Id, Id), now: Instant, sort: &Sort) -> Result<()> {
    let tx = db.begin().await?;
    match sort {
        Sort::Remis(du_at, erreur) => {
            sql::execute(
                &tx,
                "UPDATE kit_envoi SET du_at = $3, erreur = $4, remise_at = NULL WHERE territoire_id = $1 AND id = $2",
                values![territoire, id, du_at.0, erreur.as_str()],
            )
            .await?;
        }
        Sort::Parti => close(&tx, (territoire, id), (Some(now), None), "").await?,
        Sort::Abandonne(erreur) => close(&tx, (territoire, id), (None, Some(now)), erreur).await?,
    }
    Ok(tx.commit().await?)
}

async fn close(
    tx: &impl ConnectionTrait,
    (territoire, id): (Id, Id),
    (envoye, abandonne): (Option<Instant>, Option<Instant>),
    erreur: &str,
) -> Result<()> {
    sql::execute(
        tx,
        "UPDATE kit_envoi SET destinataire = '', objet = '', texte = '', envoye_at = $3, abandonne_at = $4, erreur = $5
         WHERE territoire_id = $1 AND id = $2",
        values![territoire, id, envoye.map(|at| at.0), abandonne.map(|at| at.0), erreur],
    )
    .await?;
    Ok(())
}

/// A message as the team sees it: neither to whom, nor what it says.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Suivi {
    pub id: String,
    pub cause: String,
    pub created_at: i64,
    pub du_at: i64,
    pub essais: i32,
    pub envoye_at: Option<i64>,
    pub abandonne_at: Option<i64>,
    pub erreur: String,
}

/// The latest messages of a territoire.
pub async fn list(db: &Db, territoire: Id, limite: i64) -> Result<Vec<Suivi>> {
    sql::list(
        db.read(),
        "SELECT id, cause, created_at, du_at, essais, envoye_at, abandonne_at, erreur FROM kit_envoi
         WHERE territoire_id = $1 ORDER BY created_at DESC, id DESC LIMIT $2",
        values![territoire, limite],
    )
    .await
}

/// How many messages of the whole installation wait since before `since`; by night, of those that somebody waits for.
pub async fn count_late(db: &Db, (since, is_night): (Instant, bool)) -> Result<i64> {
    sql::number(
        db.read(),
        "SELECT COUNT(*) FROM kit_envoi
         WHERE envoye_at IS NULL AND abandonne_at IS NULL AND created_at < $1 AND (attendu OR NOT $2)",
        values![since.0, is_night],
    )
    .await
}

/// How many messages of the whole installation were given up since `since`.
pub async fn count_abandonnes(db: &Db, since: Instant) -> Result<i64> {
    sql::number(db.read(), "SELECT COUNT(*) FROM kit_envoi WHERE abandonne_at >= $1", values![since.0]).await
}

/// Erases the lines of messages written before `limit`, whatever became of them.
pub async fn erase_before(db: &Db, territoire: Id, limit: Instant) -> Result<u64> {
    let tx = db.begin().await?;
    let erased =
        sql::execute(&tx, "DELETE FROM kit_envoi WHERE territoire_id = $1 AND created_at < $2", values![territoire, limit.0]).await?;
    tx.commit().await?;
    Ok(erased)
}
