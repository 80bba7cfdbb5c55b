//! `GET /api/v1/reseau`: what the territoires share, for programs. `GET /api/v1/chiffres`: a published year, figure by figure.

use accueil::mots::libelle_de_besoin;
use std::collections::BTreeMap;

use accueil::Issue;
use axum::Json;
use axum::extract::{Query, State};
use kit::routes::Tous;
use kit::{Error, Problem};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::Observatoire;
use crate::publication::ouverture::{ChiffreOuvert, list_chiffres};
use crate::reseau::{BesoinPartage, Partage, find_annee, list_partages_of};
use crate::storage::publication::{find_publication, list_annees};

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

/// What one may ask of a published year.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct ChiffresParams {
    /// Nom du territoire dans les adresses.
    #[param(example = "brenne")]
    territoire: String,
    /// Année publiée ; la dernière sinon.
    #[param(example = "2025", pattern = "^(2[01][0-9]{2})?$")]
    annee: String,
}

/// A published year.
#[derive(Serialize, ToSchema)]
pub struct ChiffresBody {
    pub territoire: String,
    pub annee: i32,
    pub publie_le: String,
    /// Les nombres inférieurs sont masqués (null), et avec eux ceux qui permettraient de les retrouver.
    pub seuil: i64,
    pub licence: &'static str,
    pub chiffres: Vec<ChiffreOuvert>,
}

/// The figures of a published year; the last one when none is asked.
#[utoipa::path(get, path = "/api/v1/chiffres", tag = "chiffres", params(ChiffresParams), responses((status = 200, description = "Les chiffres d’une année publiée, un par un", body = ChiffresBody), (status = 400, description = "Année illisible"), (status = 404, description = "Territoire inconnu, ou année qui n’est pas publiée")))]
pub async fn show_chiffres_ouverts(
    _: Tous,
    State(room): State<Observatoire>,
    Query(asked): Query<ChiffresParams>,
) -> Result<Json<ChiffresBody>, Problem> {
    let territoire = room.comptes.territoires.find(&asked.territoire).ok_or(Error::NotFound)?;
    let annee = match asked.annee.as_str() {
        "" => list_annees(&room.db, territoire.id).await?.first().copied().ok_or(Error::NotFound)?,
        text => text.parse().map_err(|_| Error::Unreadable(format!("« {text} » n’est pas une année : écrivez par exemple 2025")))?,
    };
    let publiee = find_publication(&room.db, territoire.id, annee).await?.ok_or(Error::NotFound)?;
    Ok(Json(ChiffresBody {
        territoire: territoire.slug.clone(),
        annee,
        publie_le: publiee.publiee_at.day().to_string(),
        seuil: publiee.publication.seuil,
        licence: "Licence Ouverte 2.0",
        chiffres: list_chiffres(&publiee.publication, &territoire),
    }))
}
