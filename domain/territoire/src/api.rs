//! `GET /api/v1/communes`: the finder, for programs.

use axum::Json;
use axum::extract::RawQuery;
use kit::routes::{Routes, Tous};
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use crate::{Commune, CommuneTrouvee, Referentiel};

pub fn routes() -> Routes {
    Routes::new().get("/api/v1/communes", show_communes)
}

/// What one may ask.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code, reason = "describes the query for the documentation")]
pub struct CommuneParams {
    /// Ce que la personne tape : nom, code postal, code INSEE, avec ou sans faute. Vide : aucune commune.
    #[param(example = "st marcel les valence")]
    q: Option<String>,
}

/// A commune of the answer.
#[derive(Serialize, ToSchema)]
pub struct CommuneBody {
    #[schema(example = "26313")]
    pub code_insee: String,
    pub nom: String,
    /// Avec le code postal, et le département quand plusieurs communes portent ce nom.
    pub nom_complet: String,
    pub codes_postaux: Vec<String>,
    pub departement: String,
    pub population: u32,
    pub latitude: Option<f64>,
    pub longitude: Option<f64>,
    /// Pourquoi elle répond à ce qui est tapé.
    pub raison: String,
}

/// The answer.
#[derive(Serialize, ToSchema)]
pub struct CommunesBody {
    pub communes: Vec<CommuneBody>,
}

/// A postal code covers up to 46 communes: all of them must fit.
const LIMITE: usize = 50;

/// Communes that answer what people type.
#[utoipa::path(get, path = "/api/v1/communes", tag = "communes", params(CommuneParams), responses((status = 200, description = "Communes qui répondent à ce qui est tapé", body = CommunesBody)))]
pub async fn show_communes(_: Tous, RawQuery(query): RawQuery) -> Json<CommunesBody> {
    let query = query.unwrap_or_default();
    let typed =
        form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "q").map(|(_, typed)| typed.into_owned()).unwrap_or_default();
    let found = Referentiel::get().search_communes(&typed, None, LIMITE);
    Json(CommunesBody { communes: found.iter().map(describe).collect() })
}

fn describe(found: &CommuneTrouvee) -> CommuneBody {
    let Commune { code, nom, codes_postaux, departement, population, point, .. } = found.commune;
    CommuneBody {
        code_insee: code.to_string(),
        nom: nom.to_string(),
        nom_complet: found.commune.nom_complet(),
        codes_postaux: codes_postaux.iter().map(|code| code.as_str().to_string()).collect(),
        departement: departement.as_str().to_string(),
        population: *population,
        latitude: point.map(|point| point.lat()),
        longitude: point.map(|point| point.lon()),
        raison: found.raison.to_string(),
    }
}
