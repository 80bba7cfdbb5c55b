//! `GET /api/v1/structures` and `/api/v1/services`: the annuaire in the words of data·inclusion, filtered, a page after another.

use annuaire::storage::export::{StructureDatee, list_structures_from};
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use kit::routes::Tous;
use kit::{Error, Problem, Result};
use serde::{Deserialize, Serialize};
use utoipa::openapi::schema::{AnyOfBuilder, Type};
use utoipa::openapi::{KnownFormat, ObjectBuilder, Schema, SchemaFormat};
use utoipa::{IntoParams, ToSchema};

use crate::portee::Portee;
use crate::rules::data_inclusion::{self, ServiceDi, StructureDi};
use crate::rules::filtre::Filtre;
use crate::rules::pagination::{Curseur, number};
use crate::rules::retenue::retain;
use crate::{Diffusion, Producteur, reponse};

/// What one may ask.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct LectureParams {
    /// Nom du territoire dans les adresses ; tous sinon.
    #[param(value_type = Option<String>, example = "brenne")]
    territoire: String,
    /// Code INSEE d’une commune desservie, actuel ou ancien.
    #[param(value_type = Option<String>, example = "36173", pattern = "^ *([0-9]{5}|2[ABab][0-9]{3})? *$")]
    commune: String,
    /// Code de besoin, de la liste de /api/v1/besoins ; une famille vaut pour tous les siens.
    #[param(value_type = Option<String>, example = "menage")]
    besoin: String,
    /// Nature de la structure.
    #[param(value_type = Option<String>, example = "admr")]
    categorie: String,
    /// Ce qui a changé depuis ce jour, ou ce moment (RFC 3339).
    #[param(required = false, schema_with = describe_depuis)]
    depuis: String,
    /// « suivant » de la page précédente, tel quel.
    #[param(value_type = Option<String>)]
    curseur: String,
    /// De 1 à 200 ; 100 sinon.
    #[param(required = false, schema_with = describe_limite)]
    limite: String,
}

/// What is left empty is as if it were absent.
fn or_empty(schemas: Vec<ObjectBuilder>) -> Schema {
    let empty = ObjectBuilder::new().schema_type(Type::String).max_length(Some(0));
    schemas.into_iter().chain([empty]).fold(AnyOfBuilder::new(), |any, schema| any.item(schema.build())).build().into()
}

fn describe_depuis() -> Schema {
    let text = |format| ObjectBuilder::new().schema_type(Type::String).format(Some(SchemaFormat::KnownFormat(format)));
    or_empty(vec![text(KnownFormat::Date), text(KnownFormat::DateTime)])
}

fn describe_limite() -> Schema {
    or_empty(vec![ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(1)).maximum(Some(LIMITE_MAXIMUM))])
}

/// A page of structures.
#[derive(Serialize, ToSchema)]
pub struct StructuresBody {
    /// Au format data·inclusion v1.
    pub structures: Vec<StructureDi>,
    /// À redonner comme « curseur » ; absent de la dernière page. Une page peut être courte, ou vide, et avoir une suite.
    pub suivant: Option<String>,
}

/// A page of services.
#[derive(Serialize, ToSchema)]
pub struct ServicesBody {
    /// Au format data·inclusion v1.
    pub services: Vec<ServiceDi>,
    /// À redonner comme « curseur » ; absent de la dernière page. Une page peut être courte, ou vide, et avoir une suite.
    pub suivant: Option<String>,
}

type Asked = Result<Query<LectureParams>, QueryRejection>;

/// Structures of the annuaire.
#[utoipa::path(get, path = "/api/v1/structures", tag = "donnees", params(LectureParams), responses((status = 200, description = "Structures de l’annuaire, et où reprendre", body = StructuresBody), (status = 304, description = "Rien n’a changé"), (status = 400, description = "Paramètre illisible"), (status = 404, description = "Territoire, commune, besoin, nature ou curseur qui n’existe pas ici")))]
pub async fn show_structures(_: Tous, State(room): State<Diffusion>, asked: Asked, headers: HeaderMap) -> Result<Response, Problem> {
    let lecture = Lecture::read(&room, asked)?;
    let mut structures = vec![];
    let suivant = lecture
        .run(&room, &mut |producteur, datee| {
            if lecture.filtre.keeps_structure(&producteur.territoire, datee) {
                structures.push(data_inclusion::structure(producteur, datee));
            }
            let last = Curseur { territoire: producteur.territoire.slug.clone(), structure: datee.structure.id, service: None };
            (structures.len() >= lecture.limite).then_some(last)
        })
        .await?;
    let body = StructuresBody { structures, suivant: suivant.map(|curseur| curseur.to_string()) };
    Ok(reponse::json(&headers, lecture.portee.find_modified(&room.db).await?, &body)?)
}

/// Services of the annuaire.
#[utoipa::path(get, path = "/api/v1/services", tag = "donnees", params(LectureParams), responses((status = 200, description = "Services de l’annuaire, et où reprendre", body = ServicesBody), (status = 304, description = "Rien n’a changé"), (status = 400, description = "Paramètre illisible"), (status = 404, description = "Territoire, commune, besoin, nature ou curseur qui n’existe pas ici")))]
pub async fn show_services(_: Tous, State(room): State<Diffusion>, asked: Asked, headers: HeaderMap) -> Result<Response, Problem> {
    let lecture = Lecture::read(&room, asked)?;
    let mut services = vec![];
    let suivant = lecture
        .run(&room, &mut |producteur, datee| {
            for date in &datee.services {
                if lecture.is_before(&producteur.territoire.slug, datee, date.service.id) {
                    continue;
                }
                if lecture.filtre.keeps_service(&producteur.territoire, datee, date) {
                    services.push(data_inclusion::service(producteur, datee, date));
                }
                if services.len() >= lecture.limite {
                    let slug = producteur.territoire.slug.clone();
                    return Some(Curseur { territoire: slug, structure: datee.structure.id, service: Some(date.service.id) });
                }
            }
            None
        })
        .await?;
    let body = ServicesBody { services, suivant: suivant.map(|curseur| curseur.to_string()) };
    Ok(reponse::json(&headers, lecture.portee.find_modified(&room.db).await?, &body)?)
}

const LIMITE: i64 = 100;
const LIMITE_MAXIMUM: i64 = 200;
/// Structures read at once.
const PAGE: u32 = 200;
/// Structures looked at for one answer: a rare thing is found in several pages, none of which keeps anybody waiting.
const EXAMINEES: usize = 2_000;

/// A question that has been read.
struct Lecture {
    portee: Portee,
    filtre: Filtre,
    curseur: Option<Curseur>,
    limite: usize,
}

impl Lecture {
    fn read(room: &Diffusion, asked: Asked) -> Result<Self> {
        let Query(params) =
            asked.map_err(|_| Error::Unreadable("cette adresse ne se lit pas : chaque paramètre s’écrit une fois".into()))?;
        let limite = number("limite", &params.limite, (LIMITE, LIMITE_MAXIMUM))?;
        Ok(Self {
            filtre: Filtre::read(&params.commune, &params.besoin, &params.categorie, &params.depuis)?,
            curseur: Curseur::read(&params.curseur)?,
            limite: usize::try_from(limite).unwrap_or_default(),
            portee: Portee::of(room, &params.territoire)?,
        })
    }

    /// Whether a service has already been shown.
    fn is_before(&self, slug: &str, datee: &StructureDatee, service: kit::Id) -> bool {
        let known = self.curseur.as_ref().filter(|last| last.territoire == slug && last.structure == datee.structure.id);
        known.is_some_and(|last| last.service.is_none_or(|last| service <= last))
    }

    /// Shows structures one after the other until `take` has enough; gives where to go on from.
    async fn run(
        &self,
        room: &Diffusion,
        take: &mut (dyn FnMut(&Producteur, &StructureDatee) -> Option<Curseur> + Send),
    ) -> Result<Option<Curseur>> {
        let mut examined = 0;
        let mut resumed = self.curseur.as_ref();
        for territoire in self.portee.territoires.iter() {
            // Territoires are in the order of their names for people, not of their slugs: the cursor is looked for among them.
            if resumed.is_some_and(|last| last.territoire != territoire.slug) {
                continue;
            }
            let producteur = room.producteur(territoire);
            let mut from = resumed.map(|last| last.structure);
            // All of this structure has been shown, unless one of its services was the last.
            let mut skipped = resumed.filter(|last| last.service.is_none()).map(|last| last.structure);
            resumed = None;
            loop {
                let page = list_structures_from(room.db.read(), territoire.id, from, PAGE).await?;
                let next = page.last().map(|last| last.structure.id);
                for datee in page.into_iter().filter(|datee| Some(datee.structure.id) != skipped).map(retain) {
                    examined += 1;
                    if let Some(full) = take(&producteur, &datee) {
                        return Ok(Some(full));
                    }
                    if examined >= EXAMINEES {
                        let slug = territoire.slug.clone();
                        return Ok(Some(Curseur { territoire: slug, structure: datee.structure.id, service: None }));
                    }
                }
                if next.is_none() || next == from {
                    break;
                }
                (from, skipped) = (next, next);
            }
        }
        Ok(None)
    }
}
