//! `GET /api/v1/reseau`: what the territoires share, for programs.

use accueil::mots::libelle_de_besoin;
use std::collections::BTreeMap;

use accueil::Issue;
use axum::Json;
use axum::extract::{Query, State};
use kit::Problem;
use kit::routes::Tous;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::Observatoire;
use crate::reseau::{BesoinPartage, Partage, find_annee, list_partages_of};

/// What one may ask.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct ReseauParams {
    /// Année terminée ; la dernière sinon.
    #[param(example = "2025", pattern = "^(2[01][0-9]{2})?$")]
    annee: String,
}

/// The answer.
#[derive(Serialize, ToSchema)]
pub struct ReseauBody {
    pub annee: i32,
    pub territoires: Vec<TerritoirePartageBody>,
}

/// One territoire that shares.
#[derive(Serialize, ToSchema)]
pub struct TerritoirePartageBody {
    pub territoire: String,
    pub nom: String,
    /// Faux : ce territoire n’a pas encore publié cette année.
    pub publie: bool,
    /// Les petits nombres sont masqués (null), et avec eux ceux qui permettraient de les retrouver.
    pub total: Option<i64>,
    pub besoins: Vec<BesoinPartageBody>,
}

/// One need.
#[derive(Serialize, ToSchema)]
pub struct BesoinPartageBody {
    pub code: String,
    pub libelle: String,
    pub total: Option<i64>,
    /// Nombre par issue : orientee, information, sans_solution, a_rappeler.
    pub issues: BTreeMap<&'static str, Option<i64>>,
}

/// What the consenting territoires share of a year that is over.
#[utoipa::path(get, path = "/api/v1/reseau", tag = "reseau", params(ReseauParams), responses((status = 200, description = "Ce que partagent les territoires qui y consentent : des nombres par besoin et par issue, jamais une personne", body = ReseauBody), (status = 400, description = "Année illisible"), (status = 409, description = "Année qui n’est pas terminée")))]
pub async fn show_reseau(
    _: Tous,
    State(room): State<Observatoire>,
    Query(asked): Query<ReseauParams>,
) -> Result<Json<ReseauBody>, Problem> {
    let annee = find_annee(&asked.annee, room.comptes.clock.now().day())?;
    let partages = list_partages_of(&room.db, &room.comptes.territoires, annee).await?;
    Ok(Json(ReseauBody { annee, territoires: partages.into_iter().map(describe).collect() }))
}

fn describe(partage: Partage) -> TerritoirePartageBody {
    let besoin = |one: BesoinPartage| BesoinPartageBody {
        libelle: libelle_de_besoin(&one.code),
        total: one.total.ok(),
        issues: Issue::ALL.iter().map(|issue| issue.code()).zip(one.issues.into_iter().map(Result::ok)).collect(),
        code: one.code,
    };
    TerritoirePartageBody {
        territoire: partage.slug,
        nom: partage.nom,
        publie: partage.besoins.is_some(),
        total: partage.total.ok(),
        besoins: partage.besoins.unwrap_or_default().into_iter().map(besoin).collect(),
    }
}
