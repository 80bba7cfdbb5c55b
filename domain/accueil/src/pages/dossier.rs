//! The rights of a person who called: the team takes the same acts for them, from the page of the demande.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use comptes::permission::RepondrePersonne;
use comptes::{Autorise, Equipier, Menu};
use kit::{Error, Result, journal};

use super::droits::{respond_document, respond_effacement, respond_json, respond_pdf};
use crate::model::{Demande, Finalite};
use crate::prise_en_charge::withdraw_all;
use crate::rules::consentement::is_given;
use crate::{Accueil, acte, storage, trace};

async fn find(accueil: &Accueil, equipier: &Equipier, id: &str) -> Result<Demande> {
    storage::find_demande(&accueil.db, &accueil.coffre, equipier.territoire.id, id.parse()?).await?.ok_or(Error::NotFound)
}

async fn record_export(accueil: &Accueil, equipier: &Equipier, demande: &Demande) -> Result<()> {
    let acte = trace::acte(Some(equipier.compte_id), trace::EXPORT, demande.id, "");
    journal::record_alone(&accueil.db, equipier.territoire.id, equipier.now, &acte).await
}

fn href(equipier: &Equipier, demande: &Demande) -> String {
    format!("/{}/equipe/demandes/{}", equipier.territoire.slug, demande.id)
}

pub async fn show_json(
    equipier: Autorise<RepondrePersonne>,
    State(accueil): State<Accueil>,
    Path((_, id)): Path<(String, String)>,
) -> Result<Response> {
    let demande = find(&accueil, &equipier, &id).await?;
    record_export(&accueil, &equipier, &demande).await?;
    respond_json(&accueil, &demande, &equipier.territoire).await
}

pub async fn show_document(
    equipier: Autorise<RepondrePersonne>,
    State(accueil): State<Accueil>,
    Path((_, id)): Path<(String, String)>,
) -> Result<Response> {
    let demande = find(&accueil, &equipier, &id).await?;
    record_export(&accueil, &equipier, &demande).await?;
    respond_document(&accueil, &demande, (&equipier.territoire, equipier.now)).await
}

pub async fn show_pdf(
    equipier: Autorise<RepondrePersonne>,
    State(accueil): State<Accueil>,
    Path((_, id)): Path<(String, String)>,
) -> Result<Response> {
    let demande = find(&accueil, &equipier, &id).await?;
    record_export(&accueil, &equipier, &demande).await?;
    respond_pdf(&accueil, &demande, (&equipier.territoire, equipier.now)).await
}

pub async fn create_retrait(
    equipier: Autorise<RepondrePersonne>,
    State(accueil): State<Accueil>,
    Path((_, id)): Path<(String, String)>,
) -> Result<Response> {
    let demande = find(&accueil, &equipier, &id).await?;
    withdraw_all(&accueil, &equipier.territoire, &demande, (Some(equipier.compte_id), equipier.now)).await?;
    let given = |finalite: &Finalite| is_given(&demande.detail.consentements, *finalite);
    for finalite in [Finalite::Transmission, Finalite::Rappel].into_iter().filter(given) {
        let who = (Some(equipier.compte_id), equipier.now);
        storage::withdraw_consentement(&accueil.db, (equipier.territoire.id, demande.id), finalite, who).await?;
    }
    Ok(Redirect::to(&href(&equipier, &demande)).into_response())
}

pub async fn show_effacement(
    equipier: Autorise<RepondrePersonne>,
    State(accueil): State<Accueil>,
    Path((_, id)): Path<(String, String)>,
) -> Result<Response> {
    let demande = find(&accueil, &equipier, &id).await?;
    let frame = equipier.frame(format!("Effacer la demande n° {}", demande.numero), Menu::Demandes);
    respond_effacement(frame, demande.numero, href(&equipier, &demande))
}

pub async fn create_effacement(
    equipier: Autorise<RepondrePersonne>,
    State(accueil): State<Accueil>,
    Path((_, id)): Path<(String, String)>,
) -> Result<Response> {
    let demande = find(&accueil, &equipier, &id).await?;
    withdraw_all(&accueil, &equipier.territoire, &demande, (Some(equipier.compte_id), equipier.now)).await?;
    acte::effacer(&accueil, &demande, (Some(equipier.compte_id), equipier.now)).await?;
    Ok(Redirect::to(&href(&equipier, &demande)).into_response())
}
