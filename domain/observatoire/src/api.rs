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
use crate::reseau::{Partage, find_trimestre, list_partages_of};
use crate::rules::secret::{LigneMasquee, SEUIL};

/// What one may ask.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct ReseauParams {
    /// Trimestre terminé ; le dernier sinon.
    #[param(example = "2026-T3", pattern = "^(2[01][0-9]{2}-T[1-4])?$")]
    trimestre: String,
}

/// The answer.
#[derive(Serialize, ToSchema)]
pub struct ReseauBody {
    pub trimestre: String,
    pub du: String,
    pub au: String,
    /// Les nombres de 1 à `seuil` − 1 sont masqués (null), et avec eux les totaux qui permettraient de les retrouver.
    pub seuil: i64,
    pub territoires: Vec<TerritoirePartageBody>,
}

/// One territoire that shares.
#[derive(Serialize, ToSchema)]
pub struct TerritoirePartageBody {
    pub territoire: String,
    pub nom: String,
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

/// What the consenting territoires share of a quarter that is over.
#[utoipa::path(get, path = "/api/v1/reseau", tag = "reseau", params(ReseauParams), responses((status = 200, description = "Ce que partagent les territoires qui y consentent : des nombres par besoin et par issue, jamais une personne", body = ReseauBody), (status = 400, description = "Trimestre illisible"), (status = 409, description = "Trimestre qui n’est pas terminé")))]
pub async fn show_reseau(
    _: Tous,
    State(room): State<Observatoire>,
    Query(asked): Query<ReseauParams>,
) -> Result<Json<ReseauBody>, Problem> {
    let trimestre = find_trimestre(&asked.trimestre, room.comptes.clock.now().day())?;
    let partages = list_partages_of(&room.db, &room.comptes.territoires, trimestre).await?;
    let (du, au) = trimestre.bounds();
    Ok(Json(ReseauBody {
        trimestre: trimestre.to_string(),
        du: du.to_string(),
        au: au.to_string(),
        seuil: SEUIL,
        territoires: partages.into_iter().map(describe).collect(),
    }))
}

fn describe(partage: Partage) -> TerritoirePartageBody {
    let besoin = |ligne: LigneMasquee| BesoinPartageBody {
        libelle: libelle_de_besoin(&ligne.code),
        total: ligne.total,
        issues: Issue::ALL.iter().map(|issue| issue.code()).zip(ligne.cellules).collect(),
        code: ligne.code,
    };
    TerritoirePartageBody {
        territoire: partage.slug,
        nom: partage.nom,
        total: partage.tableau.ensemble.total,
        besoins: partage.tableau.lignes.into_iter().map(besoin).collect(),
    }
}
