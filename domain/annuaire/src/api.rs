//! `GET /api/v1/besoins`: words turned into needs, and the whole list.

use axum::Json;
use axum::extract::RawQuery;
use kit::routes::{Routes, Tous};
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use crate::besoin::{Besoin, Taxonomie};

pub fn routes() -> Routes {
    Routes::new().get("/api/v1/besoins", show_besoins)
}

/// What one may ask.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code, reason = "describes the query for the documentation")]
pub struct BesoinParams {
    /// Des mots : « faire mes papiers ». Vide : toute la liste.
    #[param(example = "femme de ménage")]
    q: Option<String>,
}

/// A need of the answer.
#[derive(Serialize, ToSchema)]
pub struct BesoinTrouveBody {
    #[schema(example = "menage")]
    pub code: String,
    pub libelle: String,
    /// Une phrase facile à lire.
    pub phrase: String,
    /// Code de la famille ; absent d’une famille.
    pub famille: Option<String>,
    /// De 0 à 1 ; absent de la liste entière.
    pub score: Option<f32>,
    /// Pourquoi il répond aux mots donnés.
    pub explication: Option<String>,
}

/// The answer.
#[derive(Serialize, ToSchema)]
pub struct BesoinsBody {
    pub besoins: Vec<BesoinTrouveBody>,
}

const LIMITE: usize = 10;

/// Needs that words designate, or all of them.
#[utoipa::path(get, path = "/api/v1/besoins", tag = "besoins", params(BesoinParams), responses((status = 200, description = "Besoins que ces mots désignent, ou tous", body = BesoinsBody)))]
pub async fn show_besoins(_: Tous, RawQuery(query): RawQuery) -> Json<BesoinsBody> {
    let query = query.unwrap_or_default();
    let typed =
        form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "q").map(|(_, typed)| typed.into_owned()).unwrap_or_default();
    let taxonomie = Taxonomie::get();
    let besoins = if typed.trim().is_empty() {
        taxonomie.iter().map(describe).collect()
    } else {
        let found = taxonomie.search(&typed, LIMITE);
        found
            .iter()
            .map(|trouve| BesoinTrouveBody {
                score: Some(trouve.score),
                explication: Some(trouve.explication()),
                ..describe(trouve.besoin)
            })
            .collect()
    };
    Json(BesoinsBody { besoins })
}

fn describe(besoin: &Besoin) -> BesoinTrouveBody {
    let famille = besoin.famille.and_then(|rang| Taxonomie::get().besoin(rang));
    BesoinTrouveBody {
        code: besoin.code.to_string(),
        libelle: besoin.libelle.to_string(),
        phrase: besoin.phrase.to_string(),
        famille: famille.map(|famille| famille.code.to_string()),
        score: None,
        explication: None,
    }
}
