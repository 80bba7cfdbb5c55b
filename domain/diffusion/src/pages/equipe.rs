//! For whoever keeps the annuaire: to publish an edition now, to see who is told of what changes.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use comptes::permission::TenirAnnuaire;
use comptes::{Autorise, Equipier, Menu};
use kit::Result;
use kit::journal::{self, Acte};
use ui::{Frame, show, show_with};

use super::abonnement::{AbonnementMontre, describe};
use super::donnees::{EditionMontree, list_montrees};
use crate::Diffusion;
use crate::publication::publish;
use crate::storage::abonnement::list_abonnements;
use crate::storage::hote::list_hotes;

#[derive(Template)]
#[template(path = "diffusion/equipe.html")]
struct DonneesPage {
    frame: Frame,
    slug: String,
    origine: String,
    editions: Vec<EditionMontree>,
    abonnements: Vec<AbonnementMontre>,
    /// What was typed, and why it is refused.
    adresse: (String, Option<String>),
    hotes: (String, Option<String>),
}

pub async fn show_donnees(equipier: Autorise<TenirAnnuaire>, State(room): State<Diffusion>) -> Result<Response> {
    show(&build(&equipier, &room).await?)
}

/// The page again, with the address of a subscriber to mend.
pub async fn show_refused(equipier: &Equipier, room: &Diffusion, written: &str, refus: String) -> Result<Response> {
    let page = DonneesPage { adresse: (written.to_string(), Some(refus)), ..build(equipier, room).await? };
    show_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

/// The page again, with the sites that carry the search to mend.
pub async fn show_refused_hotes(equipier: &Equipier, room: &Diffusion, written: &str, refus: String) -> Result<Response> {
    let page = DonneesPage { hotes: (written.to_string(), Some(refus)), ..build(equipier, room).await? };
    show_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

async fn build(equipier: &Equipier, room: &Diffusion) -> Result<DonneesPage> {
    let territoire = equipier.territoire.id;
    let abonnements = list_abonnements(&room.db, territoire).await?;
    Ok(DonneesPage {
        frame: equipier.frame("Données ouvertes", Menu::Donnees),
        slug: equipier.territoire.slug.clone(),
        origine: room.comptes.origine().unwrap_or("https://ADRESSE-DU-SITE").to_string(),
        editions: list_montrees(room, territoire, equipier.now).await?,
        abonnements: abonnements.iter().map(|one| describe(one, equipier.now)).collect(),
        adresse: (String::new(), None),
        hotes: (list_hotes(&room.db, territoire).await?.join("\n"), None),
    })
}

pub async fn create_edition(equipier: Autorise<TenirAnnuaire>, State(room): State<Diffusion>) -> Result<Response> {
    let territoire = &equipier.territoire;
    let edition = publish(&room, &room.producteur(territoire), equipier.now).await?;
    let detail = format!("édition {}", edition.nom);
    let acte = Acte {
        auteur: Some(equipier.compte_id),
        acte: "édition de données ouvertes",
        objet: ("territoire", territoire.id),
        detail: &detail,
    };
    journal::record_alone(&room.db, territoire.id, equipier.now, &acte).await?;
    Ok(Redirect::to(&format!("/{}/equipe/donnees", territoire.slug)).into_response())
}
