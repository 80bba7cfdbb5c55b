//! Messages to send: written in the same transaction as their cause, so that neither goes without the other; `messages`
//! delivers them. A message in hand is hidden from other processes for a while; one whose process died shows again.
//! Address, subject and text are encrypted, and emptied once the message is gone; its door, its parts and its cost stay: the ledger.

pub mod opposition;

use sea_orm::{ConnectionTrait, FromQueryResult};

use crate::coffre::{Illisible, Place};
use crate::{Coffre, Db, Id, Instant, Result, codes, sql, values};

codes! {
    /// By which door a message leaves.
    pub enum Porte {
        Courriel = "courriel" => "courriel",
        Sms = "sms" => "SMS",
    }
}

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

/// A short message to a telephone, before it is written down.
#[derive(Clone, Debug)]
pub struct Sms<'a> {
    pub cause: &'a str,
    /// As for an [`Envoi`].
    pub cle: Option<&'a str>,
    /// A number in any of the ways people write it.
    pub numero: &'a str,
    pub texte: &'a str,
    pub attendu: bool,
    pub perime_at: Option<Instant>,
}

/// A message in hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pli {
    pub territoire: Id,
    pub id: Id,
    pub porte: Porte,
    /// An e-mail address, or a number as a telephone dials it.
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

/// Writes an e-mail down, to leave at once.
pub async fn insert(tx: &impl ConnectionTrait, coffre: &Coffre, scope: (Id, Instant), envoi: &Envoi<'_>) -> Result<Id> {
    insert_by(tx, coffre, scope, (Porte::Courriel, envoi)).await
}

/// Writes an SMS down; none to a number that answered STOP.
pub async fn insert_sms(tx: &impl ConnectionTrait, coffre: &Coffre, (territoire, now): (Id, Instant), sms: &Sms<'_>) -> Result<Option<Id>> {
    let numero = crate::telephone::dial(sms.numero);
    if opposition::is_opposed(tx, coffre, territoire, &numero).await? {
        return Ok(None);
    }
    let Sms { cause, cle, texte, attendu, perime_at, .. } = *sms;
    let envoi = Envoi { cause, cle, destinataire: &numero, objet: "", texte, attendu, perime_at };
    insert_by(tx, coffre, (territoire, now), (Porte::Sms, &envoi)).await.map(Some)
}

async fn insert_by(
    tx: &impl ConnectionTrait,
    coffre: &Coffre,
    (territoire, now): (Id, Instant),
    (porte, envoi): (Porte, &Envoi<'_>),
) -> Result<Id> {
    let id = Id::new(now);
    let cle = envoi.cle.map_or_else(|| id.to_string(), str::to_string);
    let seal = |colonne, text| coffre.seal(place(territoire, id, colonne), text);
    sql::execute(
        tx,
        "INSERT INTO kit_envoi (territoire_id, id, cause, cle, destinataire, objet, texte, attendu, created_at, du_at, perime_at, canal, essais, erreur)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, $10, $11, 0, '')
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
            envoi.perime_at.map(|at| at.0),
            porte.code()
        ],
    )
    .await?;
    Ok(id)
}

/// Writes in the ledger an SMS that left by another way: in answer to one, in the answer to the platform itself.
pub async fn insert_parti(
    tx: &impl ConnectionTrait,
    (territoire, now): (Id, Instant),
    (cause, cle): (&str, &str),
    (parties, cout): (i32, i64),
) -> Result<()> {
    sql::execute(
        tx,
        "INSERT INTO kit_envoi (territoire_id, id, cause, cle, destinataire, objet, texte, attendu, created_at, du_at, envoye_at, canal,
           parties, cout, essais, erreur)
         VALUES ($1, $2, $3, $4, '', '', '', $5, $6, $6, $6, 'sms', $7, $8, 1, '') ON CONFLICT (territoire_id, cle) DO NOTHING",
        values![territoire, Id::new(now), cause, cle, true, now.0, parties, cout],
    )
    .await?;
    Ok(())
}

#[derive(FromQueryResult)]
struct PliRow {
    territoire_id: String,
    id: String,
    canal: String,
    destinataire: String,
    objet: String,
    texte: String,
    attendu: bool,
    essais: i32,
    perime_at: Option<i64>,
    remise_at: Option<i64>,
}

/// Takes up to `limite` messages of these doors that are due, and hides them from the others until `jusque`.
/// By night, only those that somebody waits for; they come first in any case.
pub async fn take(
    db: &Db,
    coffre: &Coffre,
    (now, jusque): (Instant, Instant),
    (portes, is_night, limite): (&[Porte], bool, i64),
) -> Result<Vec<Pli>> {
    let (courriel, sms) = (portes.contains(&Porte::Courriel), portes.contains(&Porte::Sms));
    if !has_due(db, now, is_night, (courriel, sms)).await? {
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
             AND ((canal = 'courriel' AND $5) OR (canal = 'sms' AND $6))
           ORDER BY attendu DESC, du_at LIMIT $4)
         RETURNING territoire_id, id, canal, destinataire, objet, texte, attendu, essais, perime_at, remise_at",
        values![now.0, jusque.0, is_night, limite, courriel, sms],
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
async fn has_due(db: &Db, now: Instant, is_night: bool, (courriel, sms): (bool, bool)) -> Result<bool> {
    let due = sql::texts(
        db.read(),
        "SELECT id FROM kit_envoi
         WHERE du_at <= $1 AND envoye_at IS NULL AND abandonne_at IS NULL AND (attendu OR NOT $2)
           AND ((canal = 'courriel' AND $3) OR (canal = 'sms' AND $4)) LIMIT 1",
        values![now.0, is_night, courriel, sms],
    )
    .await?;
    Ok(!due.is_empty())
}

fn open(coffre: &Coffre, (territoire, id): (Id, Id), row: &PliRow) -> Result<Pli, Illisible> {
    let read = |colonne, text: &str| coffre.open(place(territoire, id, colonne), text);
    Ok(Pli {
        territoire,
        id,
        porte: Porte::from_code(&row.canal).unwrap_or(Porte::Courriel),
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
    /// An SMS: in how many parts it was counted, and what they cost, in ten-thousandths of a euro.
    Compte(i32, i64),
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
        Sort::Compte(parties, cout) => {
            close(&tx, (territoire, id), (Some(now), None), "").await?;
            sql::execute(
                &tx,
                "UPDATE kit_envoi SET parties = $3, cout = $4 WHERE territoire_id = $1 AND id = $2",
                values![territoire, id, *parties, *cout],
            )
            .await?;
        }
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
    pub canal: String,
    pub parties: i32,
    /// In ten-thousandths of a euro.
    pub cout: i64,
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
        "SELECT id, cause, canal, parties, cout, created_at, du_at, essais, envoye_at, abandonne_at, erreur FROM kit_envoi
         WHERE territoire_id = $1 ORDER BY created_at DESC, id DESC LIMIT $2",
        values![territoire, limite],
    )
    .await
}

/// What left a territoire by one door since a moment: how many messages, in how many parts, at what cost in ten-thousandths of a euro.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromQueryResult)]
pub struct Depense {
    pub messages: i64,
    pub parties: i64,
    pub cout: i64,
}

pub async fn sum_depense(db: &Db, territoire: Id, porte: Porte, since: Instant) -> Result<Depense> {
    let found = sql::find(
        db.read(),
        "SELECT COUNT(*) AS messages, CAST(COALESCE(SUM(parties), 0) AS BIGINT) AS parties, CAST(COALESCE(SUM(cout), 0) AS BIGINT) AS cout
         FROM kit_envoi WHERE territoire_id = $1 AND canal = $2 AND created_at >= $3 AND envoye_at IS NOT NULL",
        values![territoire, porte.code(), since.0],
    )
    .await?;
    Ok(found.unwrap_or_default())
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
