//! `POST /api/v1/demandes`: a demande recorded by another program, and what it proposes.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use kit::routes::Tous;
use kit::{DATA_ONLY, Error, Failure, Problem, Result};
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::ProblemBody;
use super::orientation::{OrientationParams, answer};
use crate::model::Canal;
use crate::question::Question;
use crate::saisie::{Circonstance, DemandeInput};
use crate::{Accueil, acte};

/// What is given back.
#[derive(ToSchema)]
#[allow(dead_code, reason = "describes the body for the documentation")]
pub struct DemandeBody {
    pub id: String,
    /// Numéro à dire au téléphone.
    pub numero: i64,
    /// Vrai quand cette clé avait déjà été enregistrée : rien n’a été écrit deux fois.
    pub deja_enregistree: bool,
    pub orientation: super::orientation::OrientationBody,
}

/// Records a demande.
#[utoipa::path(
    post, path = "/api/v1/demandes", tag = "demandes", request_body = DemandeInput,
    responses(
        (status = 201, description = "Enregistrée, avec ses propositions", body = DemandeBody),
        (status = 200, description = "Déjà enregistrée sous cette clé", body = DemandeBody),
        (status = 400, description = "Corps ou champ illisible", body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "Commune ou besoin qui n’existe pas ici", body = ProblemBody, content_type = "application/problem+json"),
        (status = 409, description = "Compris, et refusé par une règle : accord manquant, numéro ou adresse qui n’en est pas un, texte trop long", body = ProblemBody, content_type = "application/problem+json"),
        (status = 413, description = "Plus de 2 Mo", body = ProblemBody, content_type = "application/problem+json"),
        (status = 415, description = "Autre chose que application/json, ou un corps compressé", body = ProblemBody, content_type = "application/problem+json"),
        (status = 429, description = "Plus de 120 demandes en une minute : recommencez plus tard", body = ProblemBody, content_type = "application/problem+json"),
        (status = 503, description = "Base injoignable : rien n’est enregistré, recommencez", body = ProblemBody, content_type = "application/problem+json")
    )
)]
pub async fn create_demande(
    _: Tous,
    State(accueil): State<Arc<Accueil>>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Problem> {
    if !is_json(&headers) {
        let detail = "Annoncez un objet JSON : Content-Type: application/json.";
        return Ok(Failure::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "La demande n’a pas pu être comprise.", detail).into_problem());
    }
    let Ok(body) = body else {
        let detail = "Le corps est trop volumineux ou s’est interrompu : envoyez un objet JSON de moins de 2 Mo.";
        return Ok(Failure::new(StatusCode::PAYLOAD_TOO_LARGE, "La demande n’a pas pu être comprise.", detail).into_problem());
    };
    Ok(record(&accueil, &body).await?)
}

/// A page of another site can have a browser post a text or a form, never JSON: it would have to ask us first.
fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    kind.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"))
}

async fn record(accueil: &Accueil, body: &[u8]) -> Result<Response> {
    let input: DemandeInput = serde_json::from_slice(body).map_err(|error| Error::Unreadable(explain(&error)))?;
    let now = accueil.clock.now();
    let question = Question::read(&input.commune, &input.besoin)?;
    let territoire = accueil.comptes.territoires.find_by_commune(question.commune.rang);
    let territoire = territoire
        .ok_or_else(|| Error::Unknown(format!("commune : {} n’est d’aucun territoire de cette installation", question.commune.nom)))?;
    let circonstance = Circonstance { territoire_id: territoire.id, canal: Canal::Api, now, compte_id: None };
    let mut demande = input.parse(circonstance).map_err(|errors| Error::Conflict(errors.sentence()))?;
    if input.tour.is_empty() {
        demande.tour = acte::draw_tour(accueil, territoire.id, &demande.besoins).await;
    }
    let params = OrientationParams {
        commune: demande.commune.to_string(),
        besoin: demande.besoins.join(","),
        contraintes: demande.contraintes.codes().join(","),
        territoire: territoire.slug.clone(),
        tour: demande.tour.to_string(),
        ..OrientationParams::default()
    };
    let orientation: Value = serde_json::from_str(&answer(accueil, &params, now)?).map_err(anyhow::Error::from)?;
    let recorded = acte::record(accueil, demande, &[]).await?;
    let status = if recorded.is_doublon { StatusCode::OK } else { StatusCode::CREATED };
    let body = json!({"id": recorded.id, "numero": recorded.numero, "deja_enregistree": recorded.is_doublon, "orientation": orientation});
    Ok((status, DATA_ONLY, [(header::CONTENT_TYPE, "application/json")], body.to_string()).into_response())
}

/// What is wrong with a body, and where.
fn explain(error: &serde_json::Error) -> String {
    if error.is_eof() {
        return "le corps est vide ou coupé : envoyez un objet JSON entier, en UTF-8".into();
    }
    format!(
        "le corps n’est pas l’objet JSON attendu (ligne {}, colonne {}) : tous les champs sont des textes",
        error.line(),
        error.column()
    )
}
