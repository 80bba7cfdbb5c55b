//! Importing a file in the page: verified first, everything that is wrong listed, then all or nothing.

use askama::Template;
use axum::extract::{Multipart, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use comptes::permission::TenirAnnuaire;
use comptes::{Autorise, Equipier, Menu};
use kit::{Error, Id, Result};
use ui::{Frame, show, show_with};

use crate::import::{Colonne, Rapport, header_line};
use crate::lots::{Avancement, Etat, Lot};
use crate::storage::lot::find_lot;
use crate::{Annuaire, lots};

#[derive(Template)]
#[template(path = "annuaire/import_nouveau.html")]
struct NouveauPage {
    frame: Frame,
    slug: String,
    refus: Option<&'static str>,
}

pub async fn show_nouveau(equipier: Autorise<TenirAnnuaire>) -> Result<Response> {
    show_form(&equipier, (StatusCode::OK, None))
}

fn show_form(equipier: &Equipier, (status, refus): (StatusCode, Option<&'static str>)) -> Result<Response> {
    let frame = equipier.frame("Importer un fichier", Menu::Annuaire);
    show_with(status, &NouveauPage { frame, slug: equipier.territoire.slug.clone(), refus })
}

/// Keeps the file, then verifies it while the page says how far it is.
pub async fn create_import(equipier: Autorise<TenirAnnuaire>, State(annuaire): State<Annuaire>, mut form: Multipart) -> Result<Response> {
    let unreadable = |_| Error::Unreadable("l’envoi du fichier s’est interrompu : recommencez".into());
    let mut file = None;
    while let Some(field) = form.next_field().await.map_err(unreadable)? {
        if field.name() == Some("fichier") {
            let name = field.file_name().map(kit::text::tidy).unwrap_or_default();
            file = Some((name, field.bytes().await.map_err(unreadable)?));
        }
    }
    let Some((name, contenu)) = file.filter(|(name, _)| !name.is_empty()) else {
        return show_form(&equipier, (StatusCode::UNPROCESSABLE_ENTITY, Some("Choisissez d’abord un fichier.")));
    };
    let lot = lots::create_lot(&annuaire, &equipier, &name, contenu.into()).await?;
    Ok(Redirect::to(&format!("/{}/equipe/annuaire/imports/{lot}", equipier.territoire.slug)).into_response())
}

#[derive(Template)]
#[template(path = "annuaire/import.html")]
struct ImportPage {
    frame: Frame,
    slug: String,
    lot: Lot,
    avancement: Option<Avancement>,
}

pub async fn show_import(
    equipier: Autorise<TenirAnnuaire>,
    State(annuaire): State<Annuaire>,
    Path((_, id)): Path<(String, String)>,
) -> Result<Response> {
    let lot = find(&annuaire, &equipier, &id).await?;
    let avancement = annuaire.avancements.get(lot.id);
    let frame = equipier.frame(format!("Import de {}", lot.fichier), Menu::Annuaire);
    show(&ImportPage { frame, slug: equipier.territoire.slug.clone(), lot, avancement })
}

/// Accepts a verified file: it is written in one transaction.
pub async fn create_acceptation(
    equipier: Autorise<TenirAnnuaire>,
    State(annuaire): State<Annuaire>,
    Path((_, id)): Path<(String, String)>,
) -> Result<Response> {
    let lot = find(&annuaire, &equipier, &id).await?;
    lots::accept_lot(&annuaire, &equipier, &lot).await?;
    Ok(Redirect::to(&format!("/{}/equipe/annuaire/imports/{id}", equipier.territoire.slug)).into_response())
}

/// Takes a file back: each record comes back to what it was, except those changed since, which are named.
pub async fn create_reprise(
    equipier: Autorise<TenirAnnuaire>,
    State(annuaire): State<Annuaire>,
    Path((_, id)): Path<(String, String)>,
) -> Result<Response> {
    let lot = find(&annuaire, &equipier, &id).await?;
    lots::revoke_lot(&annuaire, &equipier, &lot).await?;
    Ok(Redirect::to(&format!("/{}/equipe/annuaire/imports/{id}", equipier.territoire.slug)).into_response())
}

async fn find(annuaire: &Annuaire, equipier: &Equipier, id: &str) -> Result<Lot> {
    find_lot(&annuaire.db, equipier.territoire.id, id.parse::<Id>()?).await?.ok_or(Error::NotFound)
}

impl ImportPage {
    /// Whether the page is to be read again soon.
    fn is_working(&self) -> bool {
        self.avancement.is_some() || matches!(self.lot.etat, Etat::Verification | Etat::Ecriture)
    }

    fn rapport(&self) -> &Rapport {
        &self.lot.rapport
    }
}
