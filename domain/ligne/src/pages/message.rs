//! One message: who, when, the sound or the text, what else came from the same number, and what to do of it.

use accueil::en_ligne::Bandeau;
use accueil::storage::{DemandeDeNumero, list_demandes_de_numero};
use askama::Template;
use axum::extract::{Form, Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use comptes::permission::PrendreAppel;
use comptes::{Autorise, Equipier, Menu};
use kit::{Error, Id, Instant, Result, journal};
use serde::Deserialize;
use ui::{Frame, show, show_with};

use crate::file::cle_de_message;
use crate::model::{Message, NatureMessage, SansSuite, Son, Suite};
use crate::rules::say_duree;
use crate::storage::{self, MessageListe};
use crate::{Ligne, trace};

#[derive(Template)]
#[template(path = "ligne/message.html")]
struct MessagePage {
    frame: Frame,
    slug: String,
    message: Message,
    now: Instant,
    /// What else came from the same number.
    autres: Vec<MessageListe>,
    demandes: Vec<DemandeDeNumero>,
    /// Who dealt with it.
    traite_par: Option<String>,
    refus: Option<&'static str>,
    en_ligne: Bandeau,
}

impl MessagePage {
    fn base(&self) -> String {
        format!("/{}/equipe/ligne/messages/{}", self.slug, self.message.id)
    }

    /// The call screen, where the demande of this message is written down.
    fn href_appel(&self) -> String {
        let query = form_urlencoded::Serializer::new(String::new())
            .append_pair("cle", &self.message.cle_de_demande())
            .append_pair("canal", self.message.canal().code())
            .append_pair("rappel_telephone", self.message.numero.as_deref().unwrap_or_default())
            .finish();
        format!("/{}/equipe/appel?{query}", self.slug)
    }

    fn action(&self) -> &'static str {
        match self.message.nature {
            NatureMessage::MessageVocal => "Écouter et enregistrer la demande",
            NatureMessage::AppelManque => "Rappeler et enregistrer la demande",
            NatureMessage::Courriel => "Enregistrer la demande",
        }
    }
}

pub async fn show_message(
    equipier: Autorise<PrendreAppel>,
    State(ligne): State<Ligne>,
    Path((_, id)): Path<(String, String)>,
) -> Result<Response> {
    let message = find(&ligne, &equipier, &id).await?;
    // Who reads is written before it is shown: without the line, no reading.
    let acte = trace::acte(equipier.compte_id, trace::LECTURE, message.id, message.nature.label());
    journal::record_alone(&ligne.accueil.db, equipier.territoire.id, equipier.now, &acte).await?;
    show_one(&ligne, &equipier, message, (StatusCode::OK, None)).await
}

async fn find(ligne: &Ligne, equipier: &Equipier, id: &str) -> Result<Message> {
    let accueil = &ligne.accueil;
    storage::find_message(&accueil.db, &accueil.coffre, equipier.territoire.id, id.parse()?).await?.ok_or(Error::NotFound)
}

async fn show_one(
    ligne: &Ligne,
    equipier: &Equipier,
    message: Message,
    (status, refus): (StatusCode, Option<&'static str>),
) -> Result<Response> {
    let (db, coffre, territoire) = (&ligne.accueil.db, &ligne.accueil.coffre, equipier.territoire.id);
    let autres = storage::list_of_numero(db, coffre, &message).await?;
    let demandes = match &message.numero {
        Some(numero) => list_demandes_de_numero(db, coffre, territoire, numero).await?,
        None => vec![],
    };
    let par = message.traite.as_ref().and_then(|traite| traite.par);
    let traite_par = match par {
        Some(id) => comptes::storage::list_comptes(db, territoire).await?.into_iter().find(|one| one.id == id).map(|one| one.nom),
        None => None,
    };
    let frame = equipier.frame(titre(&message, equipier.now), Menu::Appel);
    let slug = equipier.territoire.slug.clone();
    let en_ligne = Bandeau::find(db, equipier, cle_de_message(message.id)).await?;
    show_with(status, &MessagePage { frame, slug, message, now: equipier.now, autres, demandes, traite_par, refus, en_ligne })
}

/// « Message vocal du 20 novembre, 12 h 40 ».
fn titre(message: &Message, now: Instant) -> String {
    let nature = ui::format::phrase(message.nature.label());
    format!("{} du {}", nature.trim_end_matches('.'), ui::format::moment(&message.received_at, &now))
}

/// The sound itself, for the page above; each listening is a line of the journal.
pub async fn show_audio(
    equipier: Autorise<PrendreAppel>,
    State(ligne): State<Ligne>,
    Path((_, id)): Path<(String, String)>,
) -> Result<Response> {
    let (territoire, id): (Id, Id) = (equipier.territoire.id, id.parse()?);
    let accueil = &ligne.accueil;
    let found = storage::find_son(&accueil.db, &accueil.coffre, (territoire, id)).await?.ok_or(Error::NotFound)?;
    journal::record_alone(&accueil.db, territoire, equipier.now, &trace::acte(equipier.compte_id, trace::ECOUTE, id, "")).await?;
    let (mime, contenu) = found;
    Ok(([(header::CONTENT_TYPE, mime), (header::CACHE_CONTROL, "no-store".to_string())], contenu).into_response())
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ClassementInput {
    motif: String,
}

pub async fn create_classement(
    equipier: Autorise<PrendreAppel>,
    State(ligne): State<Ligne>,
    Path((_, id)): Path<(String, String)>,
    Form(input): Form<ClassementInput>,
) -> Result<Response> {
    let message = find(&ligne, &equipier, &id).await?;
    let Some(motif) = SansSuite::from_code(&input.motif) else {
        let refus = Some("Dites pourquoi rien n’est à enregistrer.");
        return show_one(&ligne, &equipier, message, (StatusCode::UNPROCESSABLE_ENTITY, refus)).await;
    };
    let (territoire, tx) = (equipier.territoire.id, ligne.accueil.db.begin().await?);
    let closed =
        storage::close_message(&tx, (territoire, message.id), (Some(equipier.compte_id), equipier.now), Suite::SansSuite(motif)).await?;
    if !closed {
        drop(tx);
        let refus = Some("Quelqu’un a déjà traité ce message : ce qu’il en a dit est resté.");
        let message = find(&ligne, &equipier, &id).await?;
        return show_one(&ligne, &equipier, message, (StatusCode::CONFLICT, refus)).await;
    }
    journal::record(&tx, territoire, equipier.now, &trace::acte(equipier.compte_id, trace::CLASSEMENT, message.id, motif.label())).await?;
    tx.commit().await?;
    Ok(Redirect::to(&format!("/{}/equipe/ligne/messages/{}", equipier.territoire.slug, message.id)).into_response())
}

#[derive(Template)]
#[template(path = "ligne/effacement.html")]
struct EffacementPage {
    frame: Frame,
    retour: String,
}

pub async fn show_effacement(
    equipier: Autorise<PrendreAppel>,
    State(ligne): State<Ligne>,
    Path((_, id)): Path<(String, String)>,
) -> Result<Response> {
    let message = find(&ligne, &equipier, &id).await?;
    let retour = format!("/{}/equipe/ligne/messages/{}", equipier.territoire.slug, message.id);
    show(&EffacementPage { frame: equipier.frame("Effacer ce message ?", Menu::Appel), retour })
}

pub async fn create_effacement(
    equipier: Autorise<PrendreAppel>,
    State(ligne): State<Ligne>,
    Path((_, id)): Path<(String, String)>,
) -> Result<Response> {
    let message = find(&ligne, &equipier, &id).await?;
    let (territoire, tx) = (equipier.territoire.id, ligne.accueil.db.begin().await?);
    storage::delete_message(&tx, (territoire, message.id)).await?;
    let acte = trace::acte(equipier.compte_id, trace::EFFACEMENT, message.id, message.nature.label());
    journal::record(&tx, territoire, equipier.now, &acte).await?;
    tx.commit().await?;
    Ok(Redirect::to(&format!("/{}/equipe/ligne/messages", equipier.territoire.slug)).into_response())
}

#[derive(Template)]
#[template(path = "ligne/messages.html")]
struct MessagesPage {
    frame: Frame,
    slug: String,
    messages: Vec<MessageListe>,
    now: Instant,
}

/// More than that is no longer a list that somebody reads.
const ATTENDUS: i64 = 200;

/// Those that wait for somebody, oldest first.
pub async fn show_messages(equipier: Autorise<PrendreAppel>, State(ligne): State<Ligne>) -> Result<Response> {
    let (accueil, territoire) = (&ligne.accueil, equipier.territoire.id);
    storage::settle_messages(&accueil.db, territoire, equipier.now).await?;
    let messages = storage::list_waiting(&accueil.db, &accueil.coffre, territoire, ATTENDUS).await?;
    let frame = equipier.frame("Messages laissés à la ligne", Menu::Appel);
    show(&MessagesPage { frame, slug: equipier.territoire.slug.clone(), messages, now: equipier.now })
}
