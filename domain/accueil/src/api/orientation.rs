//! `GET /api/v1/orientations`: which structures serve this commune for this need, and why.

use std::sync::Arc;

use axum::extract::{RawQuery, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, NaiveDateTime};
use kit::routes::Tous;
use kit::{DATA_ONLY, Error, Instant, Problem, Result};
use serde::Serialize;
use territoire::Territoire;
use utoipa::openapi::schema::{AnyOfBuilder, Type};
use utoipa::openapi::{KnownFormat, ObjectBuilder, RefOr, Schema, SchemaFormat};
use utoipa::{IntoParams, ToSchema};

use super::ProblemBody;
use super::ecriture::{Sujet, write_reponse};
use crate::Accueil;
use crate::model::Contraintes;
use crate::question::Question;
use crate::rules::elargissement::{MotifSansSolution, SansSolution};
use crate::rules::orientation::{Recherche, Reponse, orient};

/// What one may ask.
#[derive(Debug, Default, PartialEq, Eq, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct OrientationParams {
    /// Code INSEE de la commune, actuel ou ancien : 36173. Un code postal est refusé.
    #[param(example = "36173", pattern = "^ *([0-9]{5}|2[ABab][0-9]{3}) *$")]
    pub commune: String,
    /// Code de besoin, plusieurs codes séparés par des virgules, ou des mots : « portage de repas ».
    #[param(example = "portage de repas", pattern = r"\S")]
    pub besoin: String,
    /// Nombre de propositions, de 1 à 50 ; 10 sinon.
    #[param(required = false, schema_with = describe_limite)]
    pub limite: String,
    /// Conditions, séparées par des virgules : soir, nuit, week_end, urgence, prestataire, mandataire, mise_a_disposition, a_domicile, sur_place, a_distance.
    #[param(value_type = Option<String>, pattern = "^[ ,]*((soir|nuit|week_end|urgence|prestataire|mandataire|mise_a_disposition|a_domicile|sur_place|a_distance)([ ,]+|$))*$")]
    pub contraintes: String,
    /// Territoire, quand la commune est de plusieurs.
    #[param(value_type = Option<String>)]
    pub territoire: String,
    /// À qui le tour parmi les structures à égalité : un nombre. Sinon, l’ordre change chaque jour.
    #[param(required = false, schema_with = describe_tour)]
    pub tour: String,
    /// Moment auquel juger des horaires (RFC 3339) ; maintenant sinon.
    #[param(required = false, schema_with = describe_quand)]
    pub quand: String,
}

impl OrientationParams {
    /// Reads a query; a parameter written twice keeps its last value, except `contraintes`, which adds up.
    pub fn read(query: &str) -> Self {
        let mut params = Self::default();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            match &*name {
                "commune" => params.commune = value.into_owned(),
                "besoin" => params.besoin = value.into_owned(),
                "limite" => params.limite = value.into_owned(),
                "territoire" => params.territoire = value.into_owned(),
                "tour" => params.tour = value.into_owned(),
                "quand" => params.quand = value.into_owned(),
                "contraintes" => {
                    params.contraintes.push(',');
                    params.contraintes.push_str(&value);
                }
                _ => {}
            }
        }
        params
    }
}

/// Structures that serve a commune for a need.
#[utoipa::path(
    get, path = "/api/v1/orientations", tag = "orientations", params(OrientationParams),
    responses(
        (status = 200, description = "Propositions ordonnées, chacune avec ses raisons", body = OrientationBody),
        (status = 400, description = "Paramètre manquant ou illisible", body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "Commune, besoin ou territoire qui n’existe pas ici", body = ProblemBody, content_type = "application/problem+json"),
        (status = 409, description = "Conditions qui se contredisent", body = ProblemBody, content_type = "application/problem+json"),
        (status = 429, description = "Plus de 120 demandes en une minute : recommencez plus tard", body = ProblemBody, content_type = "application/problem+json")
    )
)]
pub async fn show_orientations(_: Tous, State(accueil): State<Arc<Accueil>>, RawQuery(query): RawQuery) -> Result<Response, Problem> {
    let params = OrientationParams::read(query.as_deref().unwrap_or_default());
    let json = answer(&accueil, &params, accueil.clock.now())?;
    Ok((DATA_ONLY, [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-cache")], json).into_response())
}

const LIMITE: usize = 10;
const LIMITE_MAXIMUM: usize = 50;

/// The answer as JSON; touches no database.
pub fn answer(accueil: &Accueil, params: &OrientationParams, now: Instant) -> Result<String> {
    let question = Question::read(&params.commune, &params.besoin)?;
    let limite = read_limite(&params.limite)?;
    let contraintes = read_contraintes(&params.contraintes)?;
    let wall = read_wall(&params.quand, now)?;
    let tour = match params.tour.as_str() {
        "" => now.day_number(),
        text => text.parse().map_err(|_| Error::Unreadable(format!("tour={text} n’est pas un nombre entier positif")))?,
    };
    let besoins = question.rangs();
    let recherche = Recherche { commune: question.commune, besoins: &besoins, contraintes: &contraintes, wall, tour };
    let Some(territoire) = find_territoire(accueil, &params.territoire, &question)? else {
        let sujet = Sujet { aiguillage: &Default::default(), question: &question, recherche: &recherche };
        return Ok(write_reponse(&sujet, &out_of_territoire()));
    };
    let aiguillage = accueil.aiguillages.get(territoire.id);
    let reponse = orient(&aiguillage, &recherche, limite);
    Ok(write_reponse(&Sujet { aiguillage: &aiguillage, question: &question, recherche: &recherche }, &reponse))
}

fn out_of_territoire() -> Reponse {
    let sans_solution = SansSolution { motif: MotifSansSolution::HorsTerritoire, elargissements: vec![] };
    Reponse { propositions: vec![], sans_solution: Some(sans_solution) }
}

/// The territoire named, or that of the commune; none when the commune is not served by this installation.
fn find_territoire(accueil: &Accueil, slug: &str, question: &Question) -> Result<Option<Arc<Territoire>>> {
    let territoires = &accueil.comptes.territoires;
    if slug.is_empty() {
        return Ok(territoires.find_by_commune(question.commune.rang));
    }
    let named = territoires.find(slug).ok_or_else(|| Error::Unknown(format!("le territoire « {slug} » n’existe pas ici")))?;
    Ok(Some(named).filter(|territoire| territoire.contains(question.commune.rang)))
}

fn read_limite(text: &str) -> Result<usize> {
    let refused = || Error::Unreadable(format!("limite={text} ne convient pas : écrivez un nombre de 1 à {LIMITE_MAXIMUM}"));
    match text {
        "" => Ok(LIMITE),
        _ => text.parse().ok().filter(|limite| (1..=LIMITE_MAXIMUM).contains(limite)).ok_or_else(refused),
    }
}

fn read_contraintes(text: &str) -> Result<Contraintes> {
    let codes: Vec<&str> = text.split([',', ' ']).filter(|code| !code.is_empty()).collect();
    if let Some(unknown) = codes.iter().find(|code| Contraintes::from_codes([**code]).is_empty()) {
        return Err(Error::Unreadable(format!("la contrainte « {unknown} » n’existe pas")));
    }
    let contraintes = Contraintes::from_codes(codes.iter().copied());
    match codes.iter().find(|code| !contraintes.has(code)) {
        None => Ok(contraintes),
        Some(contradicted) => {
            Err(Error::Conflict(format!("la contrainte « {contradicted} » en contredit une autre : gardez l’une des deux")))
        }
    }
}

fn read_wall(text: &str, now: Instant) -> Result<NaiveDateTime> {
    if text.is_empty() {
        return Ok(now.paris());
    }
    let moment = DateTime::parse_from_rfc3339(text)
        .map_err(|_| Error::Unreadable(format!("quand={text} ne se lit pas : écrivez 2026-11-22T10:00:00+01:00")))?;
    Ok(Instant(moment.timestamp()).paris())
}

/// What is left empty is as if it were absent: forms send it so.
fn or_empty(schema: impl Into<RefOr<Schema>>) -> Schema {
    let empty = ObjectBuilder::new().schema_type(Type::String).max_length(Some(0)).build();
    AnyOfBuilder::new().item(schema).item(empty).build().into()
}

fn describe_limite() -> Schema {
    or_empty(ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(1)).maximum(Some(LIMITE_MAXIMUM)))
}

fn describe_tour() -> Schema {
    or_empty(ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(0)).maximum(Some(u64::MAX)))
}

fn describe_quand() -> Schema {
    or_empty(ObjectBuilder::new().schema_type(Type::String).format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime))))
}

/// The shape of the answer.
#[derive(Serialize, ToSchema)]
pub struct OrientationBody {
    pub commune: CommuneBody,
    pub besoins: Vec<BesoinBody>,
    pub propositions: Vec<PropositionBody>,
    /// Présent quand rien ne répond au besoin lui-même.
    pub sans_solution: Option<SansSolutionBody>,
}

#[derive(Serialize, ToSchema)]
pub struct CommuneBody {
    #[schema(example = "36173")]
    pub code_insee: String,
    #[schema(example = "Rosnay")]
    pub nom: String,
}

#[derive(Serialize, ToSchema)]
pub struct BesoinBody {
    #[schema(example = "portage-repas")]
    pub code: String,
    pub libelle: String,
}

#[derive(Serialize, ToSchema)]
pub struct NommeBody {
    pub id: String,
    pub nom: String,
}

#[derive(Serialize, ToSchema)]
pub struct PropositionBody {
    pub structure: NommeBody,
    pub service: NommeBody,
    /// `a_domicile`, `sur_place` ou `a_distance`.
    pub mode: String,
    pub telephone: Option<String>,
    /// Mètres, à vol d’oiseau, de la commune au lieu.
    pub distance_m: Option<u32>,
    /// Pourquoi cette structure, en phrases.
    pub raisons: Vec<String>,
}

#[derive(Serialize, ToSchema)]
pub struct SansSolutionBody {
    /// `aucun_service`, `contraintes` ou `hors_territoire`.
    pub motif: String,
    pub elargissements: Vec<ElargissementBody>,
}

#[derive(Serialize, ToSchema)]
pub struct ElargissementBody {
    /// `contrainte_levee`, `besoin_proche`, `commune_voisine` ou `a_distance`.
    pub nature: String,
    pub libelle: String,
    pub propositions: Vec<PropositionBody>,
}
