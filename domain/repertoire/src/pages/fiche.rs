//! What else is made of a book: the sheet of a need that is easy to read, and the text for who lays it out elsewhere.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use comptes::Autorise;
use comptes::permission::TenirAnnuaire;
use kit::{Error, Result};
use serde::Deserialize;

use super::livre::{respond, send};
use crate::Repertoire;
use crate::contenu::{Contenu, need_edition};
use crate::facile::find_besoin;
use crate::facile::storage::find_tenus;
use crate::rules::zone::TOUT;

#[derive(Debug, Deserialize)]
#[serde(default)]
pub struct FicheInput {
    besoin: String,
    /// Code of a book.
    bassin: String,
}

impl Default for FicheInput {
    fn default() -> Self {
        Self { besoin: String::new(), bassin: TOUT.into() }
    }
}

pub async fn show_fiche(
    equipier: Autorise<TenirAnnuaire>,
    State(room): State<Repertoire>,
    Path((_, id)): Path<(String, String)>,
    Query(input): Query<FicheInput>,
) -> Result<Response> {
    let territoire = &equipier.territoire;
    let (besoin, _) = find_besoin(&input.besoin).ok_or(Error::NotFound)?;
    let contenu = Contenu::read(&room.db, territoire, need_edition(&room.db, territoire.id, &id).await?).await?;
    let zone = contenu.find_zone(&input.bassin).ok_or(Error::NotFound)?;
    let tenus = find_tenus(room.db.read(), territoire.id, &besoin.code).await?;
    let imprime = contenu.print_fiche((besoin, &zone), (tenus.as_ref(), equipier.now)).await?;
    let imprime = imprime.ok_or(Error::NotFound)?;
    send(imprime.pdf, &format!("facile-a-lire-{}-{}.pdf", besoin.code, input.bassin))
}

pub async fn show_odt(
    equipier: Autorise<TenirAnnuaire>,
    State(room): State<Repertoire>,
    Path((slug, id, bassin)): Path<(String, String, String)>,
) -> Result<Response> {
    let territoire = &equipier.territoire;
    let contenu = Contenu::read(&room.db, territoire, need_edition(&room.db, territoire.id, &id).await?).await?;
    contenu.find_zone(&bassin).ok_or(Error::NotFound)?;
    let body = contenu.write_odt(&bassin, equipier.now)?;
    let name = format!("repertoire-{slug}-{}-{bassin}.odt", contenu.edition.annee);
    respond(body, ("application/vnd.oasis.opendocument.text", &format!("attachment; filename=\"{name}\"")))
}
