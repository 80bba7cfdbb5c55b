//! A book of the edition, the poster of a commune: as files.

use axum::extract::{Path, Query, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use comptes::Autorise;
use comptes::permission::TenirAnnuaire;
use kit::{Error, Result};
use serde::Deserialize;

use crate::Repertoire;
use crate::contenu::{Contenu, need_edition};
use crate::papier::Forme;

pub async fn show_livre(
    equipier: Autorise<TenirAnnuaire>,
    State(room): State<Repertoire>,
    Path((slug, id, bassin, forme)): Path<(String, String, String, String)>,
) -> Result<Response> {
    let territoire = &equipier.territoire;
    let forme = Forme::from_code(&forme).ok_or(Error::NotFound)?;
    let edition = need_edition(&room.db, territoire.id, &id).await?;
    let contenu = Contenu::read(&room.db, territoire, edition).await?.with_logos(&room.db).await?;
    contenu.find_zone(&bassin).ok_or(Error::NotFound)?;
    let imprime = contenu.print((Some(&bassin), forme), (&write_adresse(&room, &slug), equipier.now)).await?;
    send(imprime.pdf, &format!("repertoire-{slug}-{}-{bassin}-{}.pdf", contenu.edition.annee, forme.code()))
}

/// Where the same is kept up to date; empty when the program does not know its own address.
pub(crate) fn write_adresse(room: &Repertoire, slug: &str) -> String {
    room.comptes.origine().map(|origine| format!("{origine}/{slug}")).unwrap_or_default()
}

pub fn send(pdf: Vec<u8>, name: &str) -> Result<Response> {
    respond(pdf, ("application/pdf", &format!("inline; filename=\"{name}\"")))
}

pub fn respond(body: Vec<u8>, (kind, disposition): (&'static str, &str)) -> Result<Response> {
    let disposition = HeaderValue::from_str(disposition).map_err(anyhow::Error::from)?;
    Ok(([(header::CONTENT_TYPE, HeaderValue::from_static(kind)), (header::CONTENT_DISPOSITION, disposition)], body).into_response())
}

/// All the books, a sheet each, for who lays them out elsewhere.
pub async fn show_classeur(
    equipier: Autorise<TenirAnnuaire>,
    State(room): State<Repertoire>,
    Path((slug, id)): Path<(String, String)>,
) -> Result<Response> {
    let territoire = &equipier.territoire;
    let edition = need_edition(&room.db, territoire.id, &id).await?;
    let contenu = Contenu::read(&room.db, territoire, edition).await?;
    let body = contenu.write_classeur()?;
    let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    respond(body, (kind, &format!("attachment; filename=\"repertoire-{slug}-{}.xlsx\"", contenu.edition.annee)))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct AfficheInput {
    /// INSEE code.
    commune: String,
}

pub async fn show_affiche(
    equipier: Autorise<TenirAnnuaire>,
    State(room): State<Repertoire>,
    Path((slug, id)): Path<(String, String)>,
    Query(input): Query<AfficheInput>,
) -> Result<Response> {
    let territoire = &equipier.territoire;
    let edition = need_edition(&room.db, territoire.id, &id).await?;
    let contenu = Contenu::read(&room.db, territoire, edition).await?;
    let affiche = contenu.print_affiche(&input.commune, (&write_adresse(&room, &slug), equipier.now)).await?;
    send(affiche.ok_or(Error::NotFound)?, &format!("affiche-{}-{}.pdf", input.commune, contenu.edition.annee))
}
