//! The records that may be one structure, pair by pair, and why.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use comptes::permission::TenirAnnuaire;
use comptes::{Autorise, Menu};
use kit::Result;
use serde::Deserialize;
use ui::{Frame, show};

use crate::Annuaire;
use crate::doublons::PaireNommee;

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
    let known = annuaire.doublons.get(&annuaire.db, equipier.territoire.id).await?;
    show(&DoublonsPage {
        frame: equipier.frame("Doublons possibles", Menu::Annuaire),
        slug: equipier.territoire.slug.clone(),
        total: known.paires.len(),
        paires: known.paires.iter().skip(input.page.saturating_mul(PAGE)).take(PAGE).cloned().collect(),
        en_cours: known.en_cours,
        page: input.page,
    })
}

impl DoublonsPage {
    fn has_next(&self) -> bool {
        (self.page + 1).saturating_mul(PAGE) < self.total
    }
}
