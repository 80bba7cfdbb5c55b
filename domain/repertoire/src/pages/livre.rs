//! A book of the edition, as a file.

use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use comptes::Autorise;
use comptes::permission::TenirAnnuaire;
use kit::{Error, Result};

use super::edition::TOUT;
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
    let code = (bassin != TOUT).then_some(bassin.as_str());
    if code.is_some_and(|code| !territoire.bassins.iter().any(|one| one.code == code)) {
        return Err(Error::NotFound);
    }
    let edition = need_edition(&room.db, territoire.id, &id).await?;
    let contenu = Contenu::read(&room.db, territoire, edition).await?;
    let adresse = room.comptes.origine().map(|origine| format!("{origine}/{slug}")).unwrap_or_default();
    let imprime = contenu.print(territoire, (code, forme), (&adresse, equipier.now)).await?;
    let name = format!("repertoire-{slug}-{}-{bassin}-{}.pdf", contenu.edition.annee, forme.code());
    let name = HeaderValue::from_str(&format!("inline; filename=\"{name}\"")).map_err(anyhow::Error::from)?;
    let kind = HeaderValue::from_static("application/pdf");
    Ok(([(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, name)], imprime.pdf).into_response())
}
