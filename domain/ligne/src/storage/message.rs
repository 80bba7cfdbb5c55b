//! The messages: written once whatever the number of times they come, listed while they wait, closed by somebody.

use accueil::storage::DemandeDeCle;
use kit::fait::insert_fait;
use kit::secret::fingerprint;
use kit::{Coffre, Db, Id, Instant, Result, sql, values};
use sea_orm::{ConnectionTrait, FromQueryResult};

use super::ouverture::fait;
use super::{enregistrement, open, seal};
use crate::model::{CLE_DE_DEMANDE, Message, NatureMessage, NouveauMessage, SansSuite, Suite, Traite};
use crate::rules::read_numero;

/// What the fingerprints of callers' numbers are made for.
const USAGE: &str = "appel";

/// Writes a message and its sound; none when it was already there.
pub async fn insert_message(tx: &impl ConnectionTrait, coffre: &Coffre, message: &NouveauMessage) -> Result<Option<Id>> {
    let (territoire, id) = (message.territoire_id, Id::new(message.received_at));
    let numero = message.numero.as_deref().and_then(read_numero);
    let of = (territoire, id);
    let written = sql::execute(
        tx,
        "INSERT INTO ligne_message (territoire_id, id, cle, nature, received_at, numero, expediteur, texte, empreinte, duree)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (territoire_id, cle) DO NOTHING",
        values![
            territoire,
            id,
            fingerprint(&message.cle),
            message.nature.code(),
            message.received_at.0,
            seal(coffre, "numero", of, numero.as_deref())?,
            seal(coffre, "expediteur", of, message.expediteur.as_deref())?,
            seal(coffre, "texte", of, message.texte.as_deref())?,
            numero.map(|numero| coffre.stamp(USAGE, territoire, &kit::telephone::dial(&numero))).transpose()?,
            message.duree
        ],
    )
    .await?;
    if written == 0 {
        return Ok(None);
    }
    enregistrement::insert(tx, coffre, of, (&message.son, message.received_at)).await?;
    Ok(Some(id))
}

#[derive(FromQueryResult)]
struct Row {
    id: String,
    nature: String,
    received_at: i64,
    numero: Option<String>,
    expediteur: Option<String>,
    texte: Option<String>,
    duree: Option<i64>,
    traite_at: Option<i64>,
    traite_par: Option<String>,
    sans_suite: Option<String>,
    demande_id: Option<String>,
    adresse: Option<String>,
    mime: Option<String>,
    taille: Option<i64>,
    is_here: bool,
    erreur: Option<String>,
}

/// One message, its texts readable.
pub async fn find_message(db: &Db, coffre: &Coffre, territoire: Id, id: Id) -> Result<Option<Message>> {
    let row: Option<Row> = sql::find(
        db.read(),
        "SELECT m.id, m.nature, m.received_at, m.numero, m.expediteur, m.texte, m.duree, m.traite_at, m.traite_par, m.sans_suite,
           m.demande_id, e.adresse, e.mime, e.taille, e.contenu IS NOT NULL AS is_here, e.erreur
         FROM ligne_message m LEFT JOIN ligne_enregistrement e ON e.territoire_id = m.territoire_id AND e.message_id = m.id
         WHERE m.territoire_id = $1 AND m.id = $2",
        values![territoire, id],
    )
    .await?;
    row.map(|row| read(coffre, (territoire, id), row)).transpose()
}

fn read(coffre: &Coffre, of: (Id, Id), row: Row) -> Result<Message> {
    let suite = match (row.demande_id, row.sans_suite.as_deref().and_then(SansSuite::from_code)) {
        (Some(demande), _) => Some(Suite::Demande(demande.parse()?)),
        (None, motif) => motif.map(Suite::SansSuite),
    };
    let par = row.traite_par.map(|id| id.parse()).transpose()?;
    Ok(Message {
        territoire_id: of.0,
        id: row.id.parse()?,
        nature: NatureMessage::from_code(&row.nature).unwrap_or(NatureMessage::AppelManque),
        received_at: Instant(row.received_at),
        numero: open(coffre, "numero", of, row.numero),
        expediteur: open(coffre, "expediteur", of, row.expediteur),
        texte: open(coffre, "texte", of, row.texte),
        duree: row.duree,
        son: enregistrement::read_son(row.mime.zip(row.taille), (row.adresse.is_some(), row.is_here), row.erreur),
        traite: row.traite_at.zip(suite).map(|(at, suite)| Traite { at: Instant(at), par, suite }),
    })
}

/// A message of a list: without what takes time to open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageListe {
    pub id: Id,
    pub nature: NatureMessage,
    pub received_at: Instant,
    pub numero: Option<String>,
    pub expediteur: Option<String>,
    pub duree: Option<i64>,
    /// Somebody has dealt with it.
    pub is_traite: bool,
    pub demande_id: Option<Id>,
}

#[derive(FromQueryResult)]
struct ListeRow {
    id: String,
    nature: String,
    received_at: i64,
    numero: Option<String>,
    expediteur: Option<String>,
    duree: Option<i64>,
    is_traite: bool,
    demande_id: Option<String>,
}

fn read_liste(coffre: &Coffre, territoire: Id, rows: Vec<ListeRow>) -> Result<Vec<MessageListe>> {
    let read = |row: ListeRow| {
        let id: Id = row.id.parse()?;
        Ok(MessageListe {
            id,
            nature: NatureMessage::from_code(&row.nature).unwrap_or(NatureMessage::AppelManque),
            received_at: Instant(row.received_at),
            numero: open(coffre, "numero", (territoire, id), row.numero),
            expediteur: open(coffre, "expediteur", (territoire, id), row.expediteur),
            duree: row.duree,
            is_traite: row.is_traite,
            demande_id: row.demande_id.map(|id| id.parse()).transpose()?,
        })
    };
    rows.into_iter().map(read).collect()
}

/// Those that wait for somebody, oldest first, `limite` at most.
pub async fn list_waiting(db: &Db, coffre: &Coffre, territoire: Id, limite: i64) -> Result<Vec<MessageListe>> {
    let rows: Vec<ListeRow> = sql::list(
        db.read(),
        "SELECT id, nature, received_at, numero, expediteur, duree, FALSE AS is_traite, demande_id FROM ligne_message
         WHERE territoire_id = $1 AND traite_at IS NULL ORDER BY received_at, id LIMIT $2",
        values![territoire, limite],
    )
    .await?;
    read_liste(coffre, territoire, rows)
}

/// The other messages of the same number, latest first: a telephone is not an identity, they are offered and no more.
pub async fn list_of_numero(db: &Db, coffre: &Coffre, message: &Message) -> Result<Vec<MessageListe>> {
    let Some(numero) = &message.numero else { return Ok(vec![]) };
    let empreinte = coffre.stamp(USAGE, message.territoire_id, &kit::telephone::dial(numero))?;
    let rows: Vec<ListeRow> = sql::list(
        db.read(),
        "SELECT id, nature, received_at, numero, expediteur, duree, traite_at IS NOT NULL AS is_traite, demande_id FROM ligne_message
         WHERE territoire_id = $1 AND empreinte = $2 AND id <> $3 ORDER BY received_at DESC LIMIT 10",
        values![message.territoire_id, empreinte, message.id],
    )
    .await?;
    read_liste(coffre, message.territoire_id, rows)
}

/// Says what came of a message; false when somebody had already dealt with it: they are not contradicted.
pub async fn close_message(tx: &impl ConnectionTrait, message: (Id, Id), (par, at): (Option<Id>, Instant), suite: Suite) -> Result<bool> {
    let (demande, motif) = match suite {
        Suite::Demande(demande) => (Some(demande), None),
        Suite::SansSuite(motif) => (None, Some(motif.code())),
    };
    let closed: Option<ClosRow> = sql::find(
        tx,
        "UPDATE ligne_message SET traite_at = $3, traite_par = $4, sans_suite = $5, demande_id = $6
         WHERE territoire_id = $1 AND id = $2 AND traite_at IS NULL RETURNING received_at",
        values![message.0, message.1, at.0, par, motif, demande],
    )
    .await?;
    let Some(ClosRow { received_at }) = closed else { return Ok(false) };
    insert_fait(tx, &fait(message.0, "reponse", (at, ("delai", delai(at.0 - received_at))))).await?;
    Ok(true)
}

#[derive(FromQueryResult)]
struct ClosRow {
    received_at: i64,
}

/// How long somebody waited, in seconds, as the figures of the line say it.
fn delai(seconds: i64) -> &'static str {
    match seconds {
        ..3_600 => "une_heure",
        3_600..86_400 => "un_jour",
        86_400..259_200 => "trois_jours",
        _ => "plus_tard",
    }
}

/// A program that was stopped for that long ties a demande to its message by itself.
const SETTLED_SINCE: i64 = 2 * 86_400;

/// Closes the messages from which a demande was recorded under their key; gives how many. Every other second: the demande of a
/// message is thus tied to it before anybody could ask for it to be erased.
pub async fn settle_messages(db: &Db, territoire: Id, now: Instant) -> Result<usize> {
    let waiting = "SELECT id FROM ligne_message WHERE territoire_id = $1 AND traite_at IS NULL";
    let waiting: Vec<String> = sql::texts(db.read(), waiting, values![territoire]).await?;
    if waiting.is_empty() {
        return Ok(0);
    }
    let mut found = accueil::storage::list_demandes_de_cles(db, territoire, (CLE_DE_DEMANDE, now.plus_seconds(-SETTLED_SINCE))).await?;
    found.retain(|one| waiting.iter().any(|id| one.cle.strip_prefix(CLE_DE_DEMANDE) == Some(id)));
    if found.is_empty() {
        return Ok(0);
    }
    let tx = db.begin().await?;
    let mut closed = 0;
    for DemandeDeCle { cle, id, compte } in found {
        let message: Id = cle.trim_start_matches(CLE_DE_DEMANDE).parse()?;
        closed += usize::from(close_message(&tx, (territoire, message), (compte, now), Suite::Demande(id)).await?);
    }
    tx.commit().await?;
    Ok(closed)
}

/// Under which key the call that nobody answered is written.
pub fn cle_de_manque(call: &str) -> String {
    format!("appel {call}")
}

/// A call taken for missed of which a message, or an answer, is told afterwards: it is no longer to be returned.
pub async fn delete_manque(tx: &impl ConnectionTrait, territoire: Id, call: &str) -> Result<()> {
    let text = "DELETE FROM ligne_message WHERE territoire_id = $1 AND cle = $2 AND traite_at IS NULL";
    sql::execute(tx, text, values![territoire, fingerprint(&cle_de_manque(call))]).await?;
    Ok(())
}

/// Erases a message and its sound, whatever became of it.
pub async fn delete_message(tx: &impl ConnectionTrait, message: (Id, Id)) -> Result<()> {
    sql::execute(tx, "DELETE FROM ligne_message WHERE territoire_id = $1 AND id = $2", values![message.0, message.1]).await?;
    Ok(())
}

/// Erases what was dealt with before a moment: the sounds, and whole messages of which no demande came.
pub async fn erase_before(db: &Db, territoire: Id, (sons, messages): (Instant, Instant)) -> Result<u64> {
    let tx = db.begin().await?;
    let erased = sql::execute(
        &tx,
        "DELETE FROM ligne_message WHERE territoire_id = $1 AND traite_at <= $2 AND demande_id IS NULL",
        values![territoire, messages.0],
    )
    .await?;
    sql::execute(
        &tx,
        "UPDATE ligne_enregistrement SET contenu = NULL, adresse = NULL, erreur = 'effacé : le temps de conservation est passé'
         WHERE territoire_id = $1 AND contenu IS NOT NULL
           AND message_id IN (SELECT id FROM ligne_message WHERE territoire_id = $1 AND traite_at <= $2)",
        values![territoire, sons.0],
    )
    .await?;
    tx.commit().await?;
    Ok(erased)
}
