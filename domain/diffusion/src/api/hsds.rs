//! The API of HSDS: `/hsds/services`, `/hsds/organizations`, `/hsds/service_at_locations`, over all territoires or one.

use std::sync::Arc;

use annuaire::besoin::Taxonomie;
use annuaire::storage::count_structures;
use annuaire::storage::export::{
    Selection, ServiceDate, StructureDatee, count_selection, find_structure_of_service, list_selection, list_structures_between,
    list_structures_page,
};
use axum::extract::{Query, RawPathParams, State};
use axum::http::HeaderMap;
use axum::response::Response;
use kit::{Error, Id, Instant, Problem, Result};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use territoire::Territoire;

use crate::portee::Portee;
use crate::rules::filtre::read_moment;
use crate::rules::hsds;
use crate::rules::pagination::{Page, window};
use crate::rules::retenue::retain;
use crate::{Diffusion, Producteur, reponse};

/// What one may ask of a list. What HSDS names and that is not here is ignored.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct HsdsParams {
    page: String,
    per_page: String,
    /// All that is known of each element.
    full: String,
    organization_id: String,
    taxonomy_term_id: String,
    modified_after: String,
}

impl HsdsParams {
    fn page(&self) -> Result<Page> {
        Page::read(&self.page, &self.per_page)
    }

    fn is_full(&self) -> bool {
        self.full == "true"
    }

    /// None when nothing can answer: a term that is none of ours.
    fn selection(&self) -> Result<Option<Selection>> {
        let mut selection = Selection { structure: self.organization_id.clone(), ..Selection::default() };
        if !self.modified_after.is_empty() {
            selection.depuis = read_moment(&self.modified_after)?.0;
        }
        if !self.taxonomy_term_id.is_empty() {
            let is_it = |code: &str| hsds::identify_term("besoin", code).to_string() == self.taxonomy_term_id;
            let Some(besoin) = Taxonomie::get().iter().find(|besoin| is_it(&besoin.code)) else { return Ok(None) };
            selection.besoin = besoin.code.to_string();
        }
        Ok(Some(selection))
    }
}

type Objet = Map<String, Value>;
type Ecriture = fn(&Producteur, &StructureDatee, &ServiceDate) -> Objet;

pub async fn show_base(_: Portee, asked: HeaderMap) -> Result<Response, Problem> {
    let base = json!({
        "version": hsds::VERSION,
        "profile": "https://docs.openreferral.org/en/v3.1.1/hsds/",
        "openapi_url": "https://raw.githubusercontent.com/openreferral/specification/3.1/schema/openapi.json",
    });
    Ok(reponse::json(&asked, Instant(0), &base)?)
}

pub async fn list_services(
    portee: Portee,
    State(room): State<Diffusion>,
    Query(params): Query<HsdsParams>,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    let write: Ecriture = if params.is_full() { hsds::full_service } else { hsds::service };
    list(&portee, &room, &params, write, &asked).await
}

pub async fn list_service_at_locations(
    portee: Portee,
    State(room): State<Diffusion>,
    Query(params): Query<HsdsParams>,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    let write: Ecriture = if params.is_full() { hsds::full_service_at_location } else { hsds::service_at_location };
    list(&portee, &room, &params, write, &asked).await
}

async fn list(portee: &Portee, room: &Diffusion, params: &HsdsParams, write: Ecriture, asked: &HeaderMap) -> Result<Response, Problem> {
    let (page, selection) = (params.page()?, params.selection()?);
    let (mut skipped, mut wanted, mut total, mut contents) = (page.offset(), page.taille, 0, vec![]);
    for territoire in portee.territoires.iter().filter(|_| selection.is_some()) {
        let Some(selection) = &selection else { break };
        let count = count_selection(room.db.read(), territoire.id, selection).await?;
        total += count;
        let Some(part) = window(&mut skipped, &mut wanted, count) else { continue };
        let producteur = room.producteur(territoire);
        for datee in list_selection(room.db.read(), territoire.id, selection, part).await?.into_iter().map(retain) {
            contents.extend(datee.services.iter().map(|date| Value::Object(write(&producteur, &datee, date))));
        }
    }
    Ok(reponse::json(asked, portee.find_modified(&room.db).await?, &page.wrap(total, contents))?)
}

pub async fn list_organizations(
    portee: Portee,
    State(room): State<Diffusion>,
    Query(params): Query<HsdsParams>,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    let page = params.page()?;
    let write = if params.is_full() { hsds::full_organization } else { hsds::organization };
    let (mut skipped, mut wanted, mut total, mut contents) = (page.offset(), page.taille, 0, vec![]);
    for territoire in &portee.territoires {
        let count = count_structures(&room.db, territoire.id).await?;
        total += count;
        let Some(part) = window(&mut skipped, &mut wanted, count) else { continue };
        let producteur = room.producteur(territoire);
        let structures = list_structures_page(room.db.read(), territoire.id, part).await?;
        contents.extend(structures.into_iter().map(|datee| Value::Object(write(&producteur, &retain(datee)))));
    }
    Ok(reponse::json(&asked, portee.find_modified(&room.db).await?, &page.wrap(total, contents))?)
}

pub async fn show_organization(
    portee: Portee,
    State(room): State<Diffusion>,
    params: RawPathParams,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    let id = read_id(&params)?;
    for territoire in &portee.territoires {
        if let Some(datee) = find_structure(&room, territoire, id).await? {
            let whole = hsds::full_organization(&room.producteur(territoire), &datee);
            return Ok(reponse::json(&asked, last_write(&datee), &whole)?);
        }
    }
    Err(Error::NotFound.into())
}

pub async fn show_service(
    portee: Portee,
    State(room): State<Diffusion>,
    params: RawPathParams,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    let (territoire, datee, date) = find_service(&portee, &room, read_id(&params)?).await?;
    let whole = hsds::full_service(&room.producteur(&territoire), &datee, &date);
    Ok(reponse::json(&asked, last_write(&datee), &whole)?)
}

pub async fn show_service_at_location(
    portee: Portee,
    State(room): State<Diffusion>,
    params: RawPathParams,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    let (territoire, datee, date) = find_service(&portee, &room, read_id(&params)?).await?;
    let whole = hsds::full_service_at_location(&room.producteur(&territoire), &datee, &date);
    Ok(reponse::json(&asked, last_write(&datee), &whole)?)
}

pub async fn list_taxonomy_terms(_: Portee, Query(params): Query<HsdsParams>, asked: HeaderMap) -> Result<Response, Problem> {
    let page = params.page()?;
    let terms = hsds::list_terms();
    let total = i64::try_from(terms.len()).unwrap_or_default();
    let (mut skipped, mut wanted) = (page.offset(), page.taille);
    let (offset, limit) = window(&mut skipped, &mut wanted, total).unwrap_or_default();
    let kept = terms.into_iter().skip(usize::try_from(offset).unwrap_or_default()).take(usize::try_from(limit).unwrap_or_default());
    Ok(reponse::json(&asked, Instant(0), &page.wrap(total, kept.map(Value::Object).collect()))?)
}

fn read_id(params: &RawPathParams) -> Result<Id> {
    params.iter().find(|(name, _)| *name == "id").map(|(_, id)| id).unwrap_or_default().parse()
}

async fn find_structure(room: &Diffusion, territoire: &Territoire, id: Id) -> Result<Option<StructureDatee>> {
    Ok(list_structures_between(room.db.read(), territoire.id, (id, id)).await?.pop().map(retain))
}

async fn find_service(portee: &Portee, room: &Diffusion, id: Id) -> Result<(Arc<Territoire>, StructureDatee, ServiceDate)> {
    for territoire in &portee.territoires {
        let Some(structure) = find_structure_of_service(room.db.read(), territoire.id, id).await? else { continue };
        let Some(datee) = find_structure(room, territoire, structure).await? else { continue };
        if let Some(date) = datee.services.iter().find(|date| date.service.id == id).cloned() {
            return Ok((territoire.clone(), datee, date));
        }
    }
    Err(Error::NotFound)
}

/// The last time that something of a structure was written.
fn last_write(datee: &StructureDatee) -> Instant {
    datee.services.iter().map(|date| date.updated_at).chain([datee.updated_at]).max().unwrap_or(Instant(0))
}
