//! The records that may be one structure, pair by pair, and why.

use askama::Template;
use axum::extract::{Form, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use comptes::permission::TenirAnnuaire;
use comptes::{Autorise, Menu};
use kit::{Error, Id, Result};
use serde::Deserialize;
use ui::{Frame, show};

use crate::Annuaire;
use crate::acte::Main;
use crate::doublons::PaireNommee;
use crate::retour::merge;
use crate::storage::historique::Cause;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct PageInput {
    page: usize,
}

#[derive(Template)]
#[template(path = "annuaire/doublons.html")]
struct DoublonsPage {
    frame: Frame,
    slug: String,
    total: usize,
    paires: Vec<PaireNommee>,
    en_cours: bool,
    page: usize,
}

const PAGE: usize = 30;

pub async fn show_doublons(
    equipier: Autorise<TenirAnnuaire>,
    State(annuaire): State<Annuaire>,
    Query(input): Query<PageInput>,
) -> Result<Response> {
    let known = annuaire.doublons.get(&annuaire.db, (equipier.territoire.id, equipier.now.day())).await?;
    show(&DoublonsPage {
        frame: equipier.frame("Doublons possibles", Menu::Annuaire),
        slug: equipier.territoire.slug.clone(),
        total: known.paires.len(),
        paires: known.paires.iter().skip(input.page.saturating_mul(PAGE)).take(PAGE).cloned().collect(),
        en_cours: known.en_cours,
        page: input.page,
    })
}

/// Which record stands, and which one leads to it from then on.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct FusionInput {
    gardee: String,
    autre: String,
}

/// Makes one record of two; the history of the one that stands takes it back.
pub async fn create_fusion(
    equipier: Autorise<TenirAnnuaire>,
    State(annuaire): State<Annuaire>,
    Form(input): Form<FusionInput>,
) -> Result<Response> {
    let main = Main {
        territoire: &equipier.territoire,
        auteur_id: Some(equipier.compte_id),
        auteur: &equipier.nom,
        cause: Cause::Fusion,
        now: equipier.now,
    };
    let read = |id: &str| id.parse::<Id>().map_err(|_| Error::Unreadable("Choisissez les deux fiches à fusionner.".into()));
    let gardee = read(&input.gardee)?;
    merge(&annuaire, main, (gardee, read(&input.autre)?)).await?;
    Ok(Redirect::to(&format!("/{}/equipe/structures/{gardee}/historique", equipier.territoire.slug)).into_response())
}

impl DoublonsPage {
    fn has_next(&self) -> bool {
        (self.page + 1).saturating_mul(PAGE) < self.total
    }
}
