//! Freezing, which nobody can take back: what is still open is read first.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use comptes::permission::TenirAnnuaire;
use comptes::{Autorise, Menu};
use kit::Result;
use ui::{Frame, show};

use super::address;
use super::edition::refuse_figee;
use crate::Repertoire;
use crate::contenu::need_edition;
use crate::epreuve::Statut;
use crate::epreuve::pages::equipe::list_relues;
use crate::model::{Edition, Etat};

#[derive(Template)]
#[template(path = "repertoire/figer.html")]
struct FigerPage {
    frame: Frame,
    base: String,
    edition: Edition,
    total: usize,
    approuvees: usize,
    /// Where structures stand that have not approved their entry, and how many they are.
    ouvertes: Vec<(Statut, usize)>,
    /// Structures may still answer until that day.
    jusqu_au: Option<String>,
}

pub async fn show_figer(
    equipier: Autorise<TenirAnnuaire>,
    State(room): State<Repertoire>,
    Path((_, id)): Path<(String, String)>,
) -> Result<Response> {
    let edition = need_edition(&room.db, equipier.territoire.id, &id).await?;
    refuse_figee(&edition)?;
    let relues = list_relues(&room, &equipier.territoire, &edition).await?;
    let count = |statut: Statut| relues.iter().filter(|one| one.statut == statut).count();
    let is_open = |statut: &Statut| *statut != Statut::Approuvee;
    show(&FigerPage {
        frame: equipier.frame("Figer l’édition", Menu::Repertoire),
        base: address(&equipier, edition.id),
        total: relues.len(),
        approuvees: count(Statut::Approuvee),
        ouvertes: Statut::ALL.iter().copied().filter(is_open).map(|one| (one, count(one))).filter(|(_, many)| *many > 0).collect(),
        jusqu_au: edition.clot_le.filter(|last| equipier.now.day() <= *last).map(ui::format::date),
        edition,
    })
}
