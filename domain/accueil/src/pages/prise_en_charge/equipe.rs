//! What the team does with the prises en charge: send, answer in the name of a structure, let the person choose, close, withdraw; and
//! the list of those that wait, late ones first.

use askama::Template;
use axum::body::Bytes;
use axum::extract::{Form, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use comptes::permission::LireDemandes;
use comptes::{Autorise, Equipier, Menu};
use kit::{Error, Instant, Result, text};
use serde::Deserialize;
use ui::{Frame, show};

use crate::Accueil;
use crate::model::Demande;
use crate::mots::{libelle_de_besoin, nom_de_commune};
use crate::pages::une_demande::{find, show_one};
use crate::prise_en_charge::storage::{PriseListee, list_prises};
use crate::prise_en_charge::{
    Envoi, Etat, MotifRefus, PriseEnCharge, Repondant, Reponse, answer, choose, close_others, send, storage, withdraw,
};

fn read_envoi(body: &[u8]) -> (Envoi, String) {
    let (mut envoi, mut typed) = (Envoi::default(), String::new());
    for (name, value) in form_urlencoded::parse(body) {
        match &*name {
            "service" => envoi.services.extend(value.parse::<kit::Id>()),
            "choix" => envoi.is_transmise = value == "transmission",
            "nom" => envoi.nom = text::some(&value),
            "telephone" => typed = text::tidy(&value),
            _ => {}
        }
    }
    (envoi, typed)
}

/// What to send, or what to mend first.
fn parse_envoi(body: &[u8], demande: &Demande) -> Result<Envoi, String> {
    let (mut envoi, typed) = read_envoi(body);
    if envoi.services.is_empty() {
        return Err("Cochez au moins une structure à interroger.".into());
    }
    envoi.telephone = text::some(&typed).map(|typed| kit::telephone::read(&typed)).transpose().map_err(|why| ui::format::phrase(&why))?;
    if envoi.is_transmise && envoi.telephone.is_none() && demande.detail.rappel.telephone.is_none() {
        return Err("Pour que la structure appelle la personne, écrivez le numéro de la personne.".into());
    }
    if !envoi.is_transmise {
        (envoi.nom, envoi.telephone) = (None, None);
    }
    Ok(envoi)
}

pub async fn create_envoi(
    equipier: Autorise<LireDemandes>,
    State(accueil): State<Accueil>,
    Path((_, id)): Path<(String, String)>,
    body: Bytes,
) -> Result<Response> {
    let demande = find(&accueil, &equipier, &id).await?;
    if demande.efface_at.is_some() {
        return show_one(&accueil, &equipier, demande, (StatusCode::CONFLICT, Some("Cette demande a été effacée.".into()))).await;
    }
    let envoi = match parse_envoi(&body, &demande) {
        Ok(envoi) => envoi,
        Err(sentence) => return show_one(&accueil, &equipier, demande, (StatusCode::UNPROCESSABLE_ENTITY, Some(sentence))).await,
    };
    match send(&accueil, &equipier.territoire, &demande, &envoi, (Some(equipier.compte_id), equipier.now)).await {
        Ok(_) => Ok(back(&equipier, &id)),
        Err(error) => refuse(&accueil, &equipier, &id, error).await,
    }
}

fn back(equipier: &Equipier, demande: &str) -> Response {
    Redirect::to(&format!("/{}/equipe/demandes/{demande}#prises", equipier.territoire.slug)).into_response()
}

/// Somebody was quicker: the page as it is now, and why.
async fn refuse(accueil: &Accueil, equipier: &Equipier, demande: &str, error: Error) -> Result<Response> {
    let Error::Conflict(sentence) = error else { return Err(error) };
    let fresh = find(accueil, equipier, demande).await?;
    show_one(accueil, equipier, fresh, (StatusCode::CONFLICT, Some(sentence))).await
}

async fn find_prise(accueil: &Accueil, equipier: &Equipier, id: &str) -> Result<PriseEnCharge> {
    storage::find(&accueil.db, equipier.territoire.id, id.parse()?).await?.ok_or(Error::NotFound)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ReponseInput {
    /// `oui`, or why not.
    reponse: String,
}

/// What the structure said over the telephone.
pub async fn create_reponse(
    equipier: Autorise<LireDemandes>,
    State(accueil): State<Accueil>,
    Path((_, id)): Path<(String, String)>,
    Form(input): Form<ReponseInput>,
) -> Result<Response> {
    let one = find_prise(&accueil, &equipier, &id).await?;
    let demande = one.demande_id.to_string();
    let reponse = match (input.reponse.as_str(), MotifRefus::from_code(&input.reponse)) {
        ("oui", _) => Reponse::Oui,
        (_, Some(motif)) => Reponse::Non(motif),
        (_, None) => {
            let sentence = format!("Dites ce que {} a répondu.", one.structure_nom);
            let shown = find(&accueil, &equipier, &demande).await?;
            return show_one(&accueil, &equipier, shown, (StatusCode::UNPROCESSABLE_ENTITY, Some(sentence))).await;
        }
    };
    let who = (Repondant::Equipe, Some(equipier.compte_id), equipier.now);
    match answer(&accueil, &equipier.territoire, &one, reponse, who).await? {
        Some(_) => Ok(back(&equipier, &demande)),
        None => {
            let sentence = format!("{} a répondu entre-temps, ou n’est plus interrogée.", one.structure_nom);
            refuse(&accueil, &equipier, &demande, Error::Conflict(sentence)).await
        }
    }
}

pub async fn create_choix(
    equipier: Autorise<LireDemandes>,
    State(accueil): State<Accueil>,
    Path((_, id)): Path<(String, String)>,
) -> Result<Response> {
    let one = find_prise(&accueil, &equipier, &id).await?;
    let done = choose(&accueil, &equipier.territoire, &one, (equipier.compte_id, equipier.now)).await;
    conclude(&accueil, &equipier, &one, done).await
}

pub async fn create_cloture(
    equipier: Autorise<LireDemandes>,
    State(accueil): State<Accueil>,
    Path((_, id)): Path<(String, String)>,
) -> Result<Response> {
    let one = find_prise(&accueil, &equipier, &id).await?;
    let done = close_others(&accueil, &equipier.territoire, &one, (equipier.compte_id, equipier.now)).await;
    conclude(&accueil, &equipier, &one, done).await
}

pub async fn create_retrait(
    equipier: Autorise<LireDemandes>,
    State(accueil): State<Accueil>,
    Path((_, id)): Path<(String, String)>,
) -> Result<Response> {
    let one = find_prise(&accueil, &equipier, &id).await?;
    let done = withdraw(&accueil, &equipier.territoire, &one, (equipier.compte_id, equipier.now)).await;
    conclude(&accueil, &equipier, &one, done).await
}

async fn conclude(accueil: &Accueil, equipier: &Equipier, one: &PriseEnCharge, done: Result<()>) -> Result<Response> {
    let demande = one.demande_id.to_string();
    match done {
        Ok(()) => Ok(back(equipier, &demande)),
        Err(error) => refuse(accueil, equipier, &demande, error).await,
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct FiltreInput {
    etat: String,
}

/// What the list may be narrowed to, in the order in which one works.
const FILTRES: [(&str, &str); 4] = [
    (storage::EN_RETARD, "en retard"),
    ("en_attente", "en attente d’une réponse"),
    ("acceptee", "à proposer à la personne"),
    ("", "toutes"),
];

#[derive(Template)]
#[template(path = "accueil/prises_en_charge.html")]
struct PrisesPage {
    frame: Frame,
    slug: String,
    etat: String,
    prises: Vec<PriseListee>,
    now: Instant,
}

impl PrisesPage {
    fn label(&self, one: &PriseListee) -> &'static str {
        Etat::from_code(&one.etat).map(Etat::label).unwrap_or_default()
    }

    fn motif(&self, one: &PriseListee) -> &'static str {
        one.motif.as_deref().and_then(MotifRefus::from_code).map(MotifRefus::label).unwrap_or_default()
    }

    fn is_chosen(&self, code: &str) -> bool {
        self.etat == code
    }

    fn is_filtre_retard(&self) -> bool {
        self.is_chosen(storage::EN_RETARD)
    }

    fn is_late(&self, one: &PriseListee) -> bool {
        self.is_open(one) && one.due_at <= self.now.0
    }

    fn is_open(&self, one: &PriseListee) -> bool {
        Etat::from_code(&one.etat).is_some_and(Etat::is_open)
    }
}

pub async fn show_prises(
    equipier: Autorise<LireDemandes>,
    State(accueil): State<Accueil>,
    Query(input): Query<FiltreInput>,
) -> Result<Response> {
    let prises = list_prises(&accueil.db, equipier.territoire.id, &input.etat, equipier.now).await?;
    let frame = equipier.frame("Prises en charge", Menu::Demandes);
    show(&PrisesPage { frame, slug: equipier.territoire.slug.clone(), etat: input.etat, prises, now: equipier.now })
}
