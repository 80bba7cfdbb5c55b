//! What the link of a letter opens, on a telephone and without an account: what is asked, « je prends », « je ne peux pas »; and,
//! once the structure helps, who the person is, to the browser that gives back the code sent to the address of the structure.

use askama::Template;
use axum::extract::{Form, Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use comptes::Visite;
use kit::{Error, Instant, Result, secret};
use serde::Deserialize;
use ui::{Frame, show_with};

use crate::Accueil;
use crate::model::{Contraintes, Demande, Finalite, Urgence};
use crate::mots::{a_la_commune, libelle_de_besoin};
use crate::pages::droits::keep_private;
use crate::prise_en_charge::rules::{Ouverture, look};
use crate::prise_en_charge::{
    Etat, JOURS_NAVIGATEUR, MotifRefus, PriseEnCharge, Repondant, Reponse, answer, check_preuve, is_proved, send_preuve, storage,
};
use crate::rules::consentement::is_given;
use crate::storage::find_demande;

/// Who the person is, as the structure that helps reads it.
struct Personne {
    nom: Option<String>,
    telephone: String,
    moment: Option<String>,
}

#[derive(Template)]
#[template(path = "accueil/prise_en_charge.html")]
struct LienPage {
    frame: Frame,
    base: String,
    prise: PriseEnCharge,
    ouverture: Ouverture,
    commune: String,
    contraintes: Contraintes,
    urgence: Urgence,
    /// The person agreed to be called by the structure.
    is_transmise: bool,
    /// A code was sent, and still waits to be typed.
    has_code: bool,
    personne: Option<Personne>,
    telephone: Option<String>,
    refus: Option<String>,
    now: Instant,
}

/// What a link leads to.
struct Dossier {
    prise: PriseEnCharge,
    demande: Demande,
}

async fn open(accueil: &Accueil, visite: &Visite, code: &str) -> Result<Dossier> {
    let gone = || {
        let phone = visite.territoire.ligne.telephone.as_deref().map(|number| format!(" Appelez le {number}.")).unwrap_or_default();
        Error::Gone("Ce lien ne sert plus.", format!("La personne a effacé sa demande, ou l’adresse est incomplète.{phone}"))
    };
    let territoire = visite.territoire.id;
    let prise = storage::find_by_lien(&accueil.db, territoire, &secret::fingerprint(code)).await?.ok_or_else(gone)?;
    let demande = find_demande(&accueil.db, &accueil.coffre, territoire, prise.demande_id).await?.ok_or_else(gone)?;
    Ok(Dossier { prise, demande })
}

fn href(visite: &Visite, code: &str) -> String {
    format!("/{}/prise-en-charge/{code}", visite.territoire.slug)
}

pub async fn show_lien(
    visite: Visite,
    State(accueil): State<Accueil>,
    Path((_, code)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response> {
    let dossier = open(&accueil, &visite, &code).await?;
    storage::mark_vue(&accueil.db, visite.territoire.id, dossier.prise.id, visite.now).await?;
    show_dossier(&visite, (&code, &headers), dossier, (StatusCode::OK, None))
}

fn show_dossier(
    visite: &Visite,
    (code, headers): (&str, &HeaderMap),
    Dossier { prise, demande }: Dossier,
    (status, refus): (StatusCode, Option<String>),
) -> Result<Response> {
    let detail = demande.detail;
    let is_transmise = is_given(&detail.consentements, Finalite::Transmission) && demande.efface_at.is_none();
    let is_shown = is_transmise && prise.etat == Etat::Retenue && is_proved(&prise, read_cookie(headers));
    let rappel = detail.rappel;
    let personne = rappel.telephone.filter(|_| is_shown).map(|telephone| Personne { nom: rappel.nom, telephone, moment: rappel.moment });
    let page = LienPage {
        frame: visite.frame(format!("{} : pouvez-vous aider ?", libelle_de_besoin(&prise.besoin))),
        base: href(visite, code),
        ouverture: look(&prise, visite.now),
        commune: a_la_commune(detail.commune.as_str()),
        contraintes: detail.contraintes,
        urgence: detail.urgence,
        is_transmise,
        has_code: prise.preuve.is_some(),
        personne,
        telephone: visite.territoire.ligne.telephone.clone(),
        refus,
        now: visite.now,
        prise,
    };
    show_with(status, &page).map(keep_private)
}

const COOKIE: &str = "maillage_prise";

fn read_cookie(headers: &HeaderMap) -> Option<&str> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(';'));
    cookies.filter_map(|cookie| cookie.trim().split_once('=')).find(|(name, _)| *name == COOKIE).map(|(_, token)| token)
}

async fn respond(accueil: &Accueil, visite: &Visite, (code, headers): (&str, &HeaderMap), reponse: Reponse) -> Result<Response> {
    let dossier = open(accueil, visite, code).await?;
    let is_open = look(&dossier.prise, visite.now) == Ouverture::ARepondre;
    let who = (Repondant::Structure, None, visite.now);
    let written = if is_open { answer(accueil, &visite.territoire, &dossier.prise, reponse, who).await? } else { None };
    let Some(etat) = written else {
        let fresh = open(accueil, visite, code).await?;
        let refus = "Cette réponse n’est pas prise en compte : voici où en est la demande.";
        return show_dossier(visite, (code, headers), fresh, (StatusCode::CONFLICT, Some(refus.into())));
    };
    if etat == Etat::Retenue && is_given(&dossier.demande.detail.consentements, Finalite::Transmission) {
        // Not sent for any reason, the page offers to ask for it again.
        let helped = PriseEnCharge { etat, ..dossier.prise };
        if let Err(refusal) = send_preuve(accueil, &visite.territoire, &helped, visite.now).await? {
            tracing::info!(%refusal, "code not sent");
        }
    }
    Ok(keep_private(Redirect::to(&href(visite, code)).into_response()))
}

/// « Je prends ».
pub async fn create_oui(
    visite: Visite,
    State(accueil): State<Accueil>,
    Path((_, code)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response> {
    respond(&accueil, &visite, (&code, &headers), Reponse::Oui).await
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct NonInput {
    motif: String,
}

/// « Je ne peux pas », and why.
pub async fn create_non(
    visite: Visite,
    State(accueil): State<Accueil>,
    Path((_, code)): Path<(String, String)>,
    headers: HeaderMap,
    Form(input): Form<NonInput>,
) -> Result<Response> {
    match MotifRefus::from_code(&input.motif) {
        Some(motif) => respond(&accueil, &visite, (&code, &headers), Reponse::Non(motif)).await,
        None => {
            let dossier = open(&accueil, &visite, &code).await?;
            let refus = "Dites pourquoi vous ne pouvez pas : c’est ce qui permet de chercher ailleurs.";
            show_dossier(&visite, (&code, &headers), dossier, (StatusCode::UNPROCESSABLE_ENTITY, Some(refus.into())))
        }
    }
}

/// Sends the code, or another one.
pub async fn create_envoi(
    visite: Visite,
    State(accueil): State<Accueil>,
    Path((_, code)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response> {
    let dossier = open(&accueil, &visite, &code).await?;
    let sent = if is_given(&dossier.demande.detail.consentements, Finalite::Transmission) {
        send_preuve(&accueil, &visite.territoire, &dossier.prise, visite.now).await?
    } else {
        Ok(())
    };
    match sent {
        Ok(()) => Ok(keep_private(Redirect::to(&href(&visite, &code)).into_response())),
        Err(refusal) => show_dossier(&visite, (&code, &headers), dossier, (StatusCode::UNPROCESSABLE_ENTITY, Some(refusal.to_string()))),
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct PreuveInput {
    preuve: String,
}

/// Takes the code typed: this browser is then shown who the person is.
pub async fn create_preuve(
    visite: Visite,
    State(accueil): State<Accueil>,
    Path((_, code)): Path<(String, String)>,
    headers: HeaderMap,
    Form(input): Form<PreuveInput>,
) -> Result<Response> {
    let dossier = open(&accueil, &visite, &code).await?;
    match check_preuve(&accueil, visite.territoire.id, &dossier.prise, (&input.preuve, visite.now)).await? {
        Ok(token) => {
            let path = href(&visite, &code);
            let seconds = JOURS_NAVIGATEUR * 86_400;
            let cookie = format!("{COOKIE}={token}; Path={path}; Secure; HttpOnly; SameSite=Lax; Max-Age={seconds}");
            Ok(keep_private(([(header::SET_COOKIE, cookie)], Redirect::to(&path)).into_response()))
        }
        Err(refusal) => show_dossier(&visite, (&code, &headers), dossier, (StatusCode::UNPROCESSABLE_ENTITY, Some(refusal.to_string()))),
    }
}
