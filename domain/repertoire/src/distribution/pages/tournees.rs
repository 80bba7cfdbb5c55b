//! The rounds of an edition as sheets to print.

use axum::extract::{Path, Query, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use comptes::Autorise;
use comptes::permission::TenirAnnuaire;
use kit::{Error, Result};
use serde::Deserialize;

use crate::Repertoire;
use crate::contenu::{find_imprime, need_edition};
use crate::distribution::feuille::write_pdf;
use crate::distribution::rules::tournee::list_tournees;
use crate::distribution::storage::read_suivi;

/// One round only, when its name is given; empty: the places that have none.
#[derive(Debug, Default, Deserialize)]
pub struct TourneeQuery {
    tournee: Option<String>,
}

pub async fn show_tournees(
    equipier: Autorise<TenirAnnuaire>,
    State(room): State<Repertoire>,
    Path((slug, id)): Path<(String, String)>,
    Query(query): Query<TourneeQuery>,
) -> Result<Response> {
    let edition = need_edition(&room.db, equipier.territoire.id, &id).await?;
    let territoire = find_imprime(&room.db, &equipier.territoire, &edition).await?;
    let mut tournees = list_tournees(&read_suivi(room.db.read(), territoire.id, edition.id).await?, &territoire);
    if let Some(wanted) = query.tournee {
        tournees.retain(|one| one.nom == wanted);
        if tournees.is_empty() {
            return Err(Error::NotFound);
        }
    }
    let pdf = write_pdf(&edition, &territoire, (&tournees, equipier.now.day())).await?;
    let name =
        HeaderValue::from_str(&format!("inline; filename=\"tournees-{slug}-{}.pdf\"", edition.annee)).map_err(anyhow::Error::from)?;
    let kind = HeaderValue::from_static("application/pdf");
    Ok(([(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, name)], pdf).into_response())
}
