//! The search that another site carries: one script, a frame, and the sites that may hold it.

use askama::Template;
use axum::Form;
use axum::extract::State;
use axum::http::{HeaderName, header};
use axum::response::{IntoResponse, Redirect, Response};
use comptes::permission::TenirAnnuaire;
use comptes::{Autorise, Visite};
use kit::Result;
use kit::journal::{self, Acte};
use kit::routes::Tous;
use serde::Deserialize;
use ui::show;

use crate::Diffusion;
use crate::rules::integration::{read_hotes, write_ancestors};
use crate::storage::hote::{list_hotes, replace_hotes};

const WIDGET: &str = include_str!("../../widget.js");

/// The script of other sites: its address never changes, so it is asked for again each hour.
pub async fn show_widget(_: Tous) -> Response {
    let of_anybody = (HeaderName::from_static("cross-origin-resource-policy"), "cross-origin");
    let kind = (header::CONTENT_TYPE, "text/javascript; charset=utf-8");
    ([of_anybody, kind, (header::CACHE_CONTROL, "public, max-age=3600")], WIDGET).into_response()
}

#[derive(Template)]
#[template(path = "diffusion/integration.html")]
struct IntegrationPage {
    slug: String,
    nom: String,
}

/// The form alone, in the frame of a site that is allowed; its answer opens on our own site.
pub async fn show_integration(visite: Visite, State(room): State<Diffusion>) -> Result<Response> {
    let hotes = list_hotes(&room.db, visite.territoire.id).await?;
    let mut page = show(&IntegrationPage { slug: visite.territoire.slug.clone(), nom: visite.territoire.nom.clone() })?;
    let policy = format!(
        "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors {}",
        write_ancestors(&hotes)
    );
    page.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy.parse().map_err(anyhow::Error::from)?);
    Ok(page)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct HotesInput {
    hotes: String,
}

pub async fn update_hotes(
    equipier: Autorise<TenirAnnuaire>,
    State(room): State<Diffusion>,
    Form(input): Form<HotesInput>,
) -> Result<Response> {
    let hotes = match read_hotes(&input.hotes) {
        Ok(hotes) => hotes,
        Err(refus) => return super::equipe::show_refused_hotes(&equipier, &room, &input.hotes, refus).await,
    };
    let territoire = &equipier.territoire;
    let tx = room.db.begin().await?;
    replace_hotes(&tx, territoire.id, &hotes).await?;
    let (detail, objet) = (hotes.join(", "), ("territoire", territoire.id));
    let acte = Acte { auteur: Some(equipier.compte_id), acte: "sites qui portent la recherche", objet, detail: &detail };
    journal::record(&tx, territoire.id, equipier.now, &acte).await?;
    tx.commit().await?;
    Ok(Redirect::to(&format!("/{}/equipe/donnees", territoire.slug)).into_response())
}
