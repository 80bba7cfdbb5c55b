//! The hooks of the platform: a call comes in, a telephone did or did not answer, a message was left, the call is over. They may
//! come twice and in any order: what they write is found again by the platform's own names for the call and the recording.

use std::sync::Arc;

use annuaire::rules::horaires_ligne::{EtatLigne, etat};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use kit::Result;
use territoire::Territoire;

use super::paroles::{LAISSEZ_UN_MESSAGE, MESSAGE_RECU, NUMERO_INCONNU, attente, bienvenue, fermeture};
use super::signature::Signe;
use super::twiml::Twiml;
use crate::model::{NatureMessage, NouveauMessage, NouveauSon};
use crate::storage::{self, Etape};

/// A call whose end was never told is over after that.
pub(super) const PERDU: i64 = 2 * 3_600;
/// Between two looks of somebody who waits for a telephone to be free.
const ATTENTE: u32 = 20;
/// After that many looks, the message is taken: five minutes.
const TOURS: usize = 15;

/// A call comes in.
pub async fn show_appel(signe: Signe) -> Result<Response> {
    let Some(territoire) = find_territoire(&signe) else {
        return Ok(answer(Twiml::default().say(NUMERO_INCONNU).hang_up()));
    };
    let accueil = &signe.ligne.accueil;
    let tx = accueil.db.begin().await?;
    storage::begin_appel(&tx, territoire.id, signe.parametres.get("CallSid"), signe.now).await?;
    tx.commit().await?;
    let welcome = bienvenue(&territoire, &storage::find_bienvenue(&accueil.db, territoire.id).await?);
    let spoken = Twiml::default().say(&welcome);
    match etat(&territoire.ligne, signe.now) {
        EtatLigne::Ouverte { .. } => ring(&signe, &territoire, spoken, (0, 0)).await,
        closed => Ok(take_message(&signe, &territoire, spoken, &closed)),
    }
}

/// A telephone rang: somebody answered and has hung up, or the next one rings.
pub async fn show_suite(signe: Signe) -> Result<Response> {
    let Some(territoire) = find_territoire(&signe) else {
        return Ok(answer(Twiml::default().hang_up()));
    };
    if signe.parametres.get("DialCallStatus") == "completed" {
        mark(&signe, &territoire, Etape::Repondu).await?;
        return Ok(answer(Twiml::default().hang_up()));
    }
    let number = |name: &str| signe.parametres.get(name).parse::<usize>().unwrap_or_default();
    ring(&signe, &territoire, Twiml::default(), (number("poste"), number("tour"))).await
}

/// Makes the telephone of this rank ring; after the last one, those that were busy are tried again, then a message is taken.
async fn ring(signe: &Signe, territoire: &Arc<Territoire>, spoken: Twiml, (rang, tour): (usize, usize)) -> Result<Response> {
    let db = &signe.ligne.accueil.db;
    let postes = storage::list_postes(db, territoire.id).await?;
    let ligne = territoire.ligne.telephone.as_deref().unwrap_or_default();
    if let Some(poste) = postes.get(rang) {
        let spoken = if rang == 0 && tour == 0 { say_place(signe, territoire, spoken, postes.len()).await? } else { spoken };
        return Ok(answer(spoken.dial(&poste.numero, ligne, &format!("/telephonie/suite?poste={}&tour={tour}", rang + 1))));
    }
    let is_open = matches!(etat(&territoire.ligne, signe.now), EtatLigne::Ouverte { .. });
    // Nobody answered though the line is open: those who are on the telephone will be free again. One who did not pick up is not there.
    if is_open && !postes.is_empty() && signe.parametres.get("DialCallStatus") == "busy" && tour < TOURS {
        let spoken = say_place(signe, territoire, spoken, postes.len()).await?;
        return Ok(answer(spoken.wait(ATTENTE, &format!("/telephonie/suite?poste=0&tour={}", tour + 1))));
    }
    Ok(take_message(signe, territoire, spoken, &etat(&territoire.ligne, signe.now)))
}

async fn say_place(signe: &Signe, territoire: &Territoire, spoken: Twiml, postes: usize) -> Result<Twiml> {
    let before = storage::count_appels_before(
        &signe.ligne.accueil.db,
        territoire.id,
        signe.parametres.get("CallSid"),
        signe.now.plus_seconds(-PERDU),
    );
    Ok(match attente(before.await?, postes) {
        Some(place) => spoken.say(&place),
        None => spoken,
    })
}

fn take_message(signe: &Signe, territoire: &Territoire, spoken: Twiml, found: &EtatLigne) -> Response {
    let why = fermeture(territoire, found, signe.now);
    answer(spoken.say(&format!("{why}{LAISSEZ_UN_MESSAGE}")).record("/telephonie/enregistrement"))
}

/// A message was left, whether the caller hung up or stopped talking; its sound is fetched afterwards, once it is ready.
pub async fn create_enregistrement(signe: Signe) -> Result<Response> {
    let Some(territoire) = find_territoire(&signe) else { return Ok(answer(Twiml::default().hang_up())) };
    let said = &signe.parametres;
    let (recording, duree) = (said.get("RecordingSid"), said.get("RecordingDuration").parse().ok());
    // Less than a second, or nothing but silence: it is a missed call, which the end of the call will say.
    if recording.is_empty() || duree == Some(0) || said.get("RecordingStatus") == "absent" {
        return Ok(answer(Twiml::default().hang_up()));
    }
    let message = NouveauMessage {
        territoire_id: territoire.id,
        cle: format!("enregistrement {recording}"),
        nature: NatureMessage::MessageVocal,
        received_at: signe.now,
        numero: Some(said.get("From").to_string()),
        expediteur: None,
        texte: None,
        duree,
        son: NouveauSon::AChercher(signe.telephonie.href_enregistrement(recording).unwrap_or_default()),
    };
    let accueil = &signe.ligne.accueil;
    let tx = accueil.db.begin().await?;
    storage::insert_message(&tx, &accueil.coffre, &message).await?;
    storage::mark_appel(&tx, territoire.id, said.get("CallSid"), (Etape::Repondu, signe.now)).await?;
    storage::delete_manque(&tx, territoire.id, said.get("CallSid")).await?;
    tx.commit().await?;
    Ok(answer(Twiml::default().say(MESSAGE_RECU).hang_up()))
}

/// The call is over: without an answer nor a message, somebody is to be called back.
pub async fn create_etat(signe: Signe) -> Result<Response> {
    let said = &signe.parametres;
    let is_over = matches!(said.get("CallStatus"), "completed" | "no-answer" | "busy" | "canceled" | "failed");
    let Some(territoire) = find_territoire(&signe).filter(|_| is_over) else { return Ok(().into_response()) };
    let accueil = &signe.ligne.accueil;
    let tx = accueil.db.begin().await?;
    let is_answered = storage::mark_appel(&tx, territoire.id, said.get("CallSid"), (Etape::Fini, signe.now)).await?;
    if !is_answered {
        let message = NouveauMessage {
            territoire_id: territoire.id,
            cle: storage::cle_de_manque(said.get("CallSid")),
            nature: NatureMessage::AppelManque,
            received_at: signe.now,
            numero: Some(said.get("From").to_string()),
            expediteur: None,
            texte: None,
            duree: said.get("CallDuration").parse().ok(),
            son: NouveauSon::Aucun,
        };
        storage::insert_message(&tx, &accueil.coffre, &message).await?;
    }
    tx.commit().await?;
    Ok(().into_response())
}

async fn mark(signe: &Signe, territoire: &Territoire, etape: Etape) -> Result<()> {
    let tx = signe.ligne.accueil.db.begin().await?;
    storage::mark_appel(&tx, territoire.id, signe.parametres.get("CallSid"), (etape, signe.now)).await?;
    storage::delete_manque(&tx, territoire.id, signe.parametres.get("CallSid")).await?;
    Ok(tx.commit().await?)
}

/// The territoire whose line was called.
pub(crate) fn find_territoire(signe: &Signe) -> Option<Arc<Territoire>> {
    let called = kit::telephone::read(signe.parametres.get("To")).ok()?;
    let all = signe.ligne.accueil.comptes.territoires.list();
    all.iter().find(|one| one.ligne.telephone.as_deref() == Some(called.as_str())).cloned()
}

pub(crate) fn answer(twiml: Twiml) -> Response {
    ([(header::CONTENT_TYPE, "text/xml; charset=utf-8")], twiml.finish()).into_response()
}
