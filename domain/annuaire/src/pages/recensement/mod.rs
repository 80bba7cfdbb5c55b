//! What a letter's link opens, on a telephone and without an account: « tout est juste », places in a tap, or the short form.

pub(super) mod campagne;
pub mod correction;

use askama::Template;
use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use comptes::Visite;
use kit::{Error, Result, secret};
use ui::{Frame, show_with};

use self::correction::{confirm, correct, main, show_form};
use super::structure::{ServiceMontre, describe_lieu, describe_service};
use crate::acte::mend;
use crate::fiche::Fiche;
use crate::recensement::name_a_relire;
use crate::rules::saisie::{Saisie, date_capacite};
use crate::storage::fiche::{FicheTenue, find_fiche};
use crate::storage::historique::Cause;
use crate::storage::recensement::{find_lien, list_a_relire};
use crate::storage::verification::find_verification;
use crate::{Annuaire, Disponibilite};

#[derive(Template)]
#[template(path = "annuaire/recensement.html")]
struct RecensementPage {
    frame: Frame,
    base: String,
    fiche: Fiche,
    services: Vec<ServiceMontre>,
    lieux: Vec<super::structure::LieuMontre>,
    /// « le mardi 3 mars 2026 »: somebody said so by this link or otherwise.
    verifiee: Option<String>,
    /// « vos horaires, vos prix ».
    a_relire: Option<String>,
}

/// A link that opens nothing any more says so, and what to do.
async fn open(annuaire: &Annuaire, visite: &Visite, code: &str) -> Result<FicheTenue> {
    let (territoire, closed) = (&visite.territoire, || {
        let phone = visite.territoire.ligne.telephone.as_deref().map(|number| format!(" Appelez le {number}.")).unwrap_or_default();
        Error::Gone("Ce lien ne sert plus.", format!("La campagne est finie, ou le temps a passé. Votre fiche est toujours là.{phone}"))
    });
    let structure = find_lien(&annuaire.db, territoire.id, &secret::fingerprint(code), visite.now).await?.ok_or_else(closed)?;
    find_fiche(annuaire.db.read(), territoire.id, structure).await?.ok_or_else(closed)
}

fn href(visite: &Visite, code: &str) -> String {
    format!("/{}/recensement/{code}", visite.territoire.slug)
}

pub async fn show_lien(visite: Visite, State(annuaire): State<Annuaire>, Path((_, code)): Path<(String, String)>) -> Result<Response> {
    let fiche = open(&annuaire, &visite, &code).await?.fiche;
    let last = find_verification(&annuaire.db, visite.territoire.id, fiche.structure.id).await?;
    let asked = list_a_relire(&annuaire.db, visite.territoire.id, &secret::fingerprint(&code)).await?;
    let page = RecensementPage {
        a_relire: name_a_relire(&asked),
        frame: visite.frame(format!("La fiche de {}", fiche.structure.nom)),
        base: href(&visite, &code),
        services: fiche.list_services().into_iter().map(|service| describe_service(service.clone(), &visite.territoire)).collect(),
        lieux: fiche.lieux.values().map(|lieu| describe_lieu(lieu, visite.now)).collect(),
        verifiee: last.filter(|last| last.at.day() == visite.now.day()).map(|last| ui::format::date(last.at.day())),
        fiche,
    };
    show_with(StatusCode::OK, &page)
}

/// « Tout est juste », in one gesture.
pub async fn create_confirmation(
    visite: Visite,
    State(annuaire): State<Annuaire>,
    Path((_, code)): Path<(String, String)>,
) -> Result<Response> {
    let structure = open(&annuaire, &visite, &code).await?.fiche.structure.id;
    confirm(&annuaire, &visite, structure).await?;
    Ok(Redirect::to(&href(&visite, &code)).into_response())
}

/// Places, a waiting list or full: one tap.
pub async fn update_disponibilite(
    visite: Visite,
    State(annuaire): State<Annuaire>,
    Path((_, code, service)): Path<(String, String, String)>,
    Form(sent): Form<Vec<(String, String)>>,
) -> Result<Response> {
    let known = open(&annuaire, &visite, &code).await?;
    let mut apres = known.fiche.clone();
    let service = apres.services.get_mut(&service.parse()?).ok_or(Error::NotFound)?;
    let former = service.clone();
    service.disponibilite = Disponibilite::from_code(Saisie(sent).one("disponibilite")).ok_or(Error::NotFound)?;
    date_capacite(service, &former, visite.now);
    if !mend(&annuaire, main(&visite, Cause::Campagne), (&known, &apres)).await? {
        return Err(Error::Conflict("Quelqu’un vient de modifier cette fiche : revenez en arrière et recommencez.".into()));
    }
    Ok(Redirect::to(&href(&visite, &code)).into_response())
}

pub async fn show_formulaire(
    visite: Visite,
    State(annuaire): State<Annuaire>,
    Path((_, code)): Path<(String, String)>,
) -> Result<Response> {
    let known = open(&annuaire, &visite, &code).await?;
    show_form(&visite, &href(&visite, &code), known)
}

pub async fn update_fiche(
    visite: Visite,
    State(annuaire): State<Annuaire>,
    Path((_, code)): Path<(String, String)>,
    Form(sent): Form<Vec<(String, String)>>,
) -> Result<Response> {
    let known = open(&annuaire, &visite, &code).await?;
    correct(&annuaire, (&visite, &href(&visite, &code), Cause::Campagne), known, sent).await
}
