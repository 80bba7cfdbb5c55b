//! What the link of a letter opens, on a telephone and without an account: the entry as it prints, to approve or to mend.

use annuaire::pages::recensement::correction;
use annuaire::storage::fiche::find_fiche;
use annuaire::storage::historique::Cause;
use annuaire::storage::redirection;
use askama::Template;
use axum::extract::{Form, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use comptes::Visite;
use kit::{Error, FieldErrors, Id, Result, secret};
use serde::Deserialize;
use ui::{Frame, show_with};

use super::{Ouverte, open};
use crate::Repertoire;
use crate::epreuve::rules::{ReponseInput, is_open, read_reponse};
use crate::epreuve::storage::{find_lien, mark_vue, save_reponse};
use crate::epreuve::{Avis, Statut, VoieReponse};
use crate::model::Edition;
use crate::storage::edition::find_edition;

#[derive(Template)]
#[template(path = "repertoire/epreuve.html")]
struct EpreuvePage {
    frame: Frame,
    base: String,
    ouverte: Ouverte,
    statut: Statut,
    is_open: bool,
    /// Its record has just been mended.
    is_corrigee: bool,
    input: ReponseInput,
    errors: FieldErrors,
    telephone: Option<String>,
}

impl EpreuvePage {
    fn clot_le(&self) -> Option<String> {
        self.ouverte.edition.clot_le.map(ui::format::date)
    }
}

fn closed(visite: &Visite) -> Error {
    let phone = visite.territoire.ligne.telephone.as_deref().map(|number| format!(" Appelez le {number}.")).unwrap_or_default();
    Error::Gone("Ce lien ne sert plus.", format!("Le temps a passé, ou votre fiche n’est plus dans le répertoire.{phone}"))
}

/// The edition and the structure of a link; a structure merged since leads to the one that stands.
async fn find(room: &Repertoire, visite: &Visite, code: &str) -> Result<(Edition, Id)> {
    let territoire = visite.territoire.id;
    let found = find_lien(&room.db, territoire, &secret::fingerprint(code), visite.now).await?;
    let (edition, structure) = found.ok_or_else(|| closed(visite))?;
    let stands = redirection::find(&room.db, territoire, structure).await?.unwrap_or(structure);
    Ok((find_edition(&room.db, territoire, edition).await?.ok_or_else(|| closed(visite))?, stands))
}

async fn open_lien(room: &Repertoire, visite: &Visite, code: &str) -> Result<Ouverte> {
    let found = find(room, visite, code).await?;
    open(room, &visite.territoire, found).await?.ok_or_else(|| closed(visite))
}

fn href(visite: &Visite, code: &str) -> String {
    format!("/{}/epreuve/{code}", visite.territoire.slug)
}

/// Where a person comes from.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Vient {
    /// « oui » once its record has just been mended.
    corrigee: String,
}

pub async fn show_epreuve(
    visite: Visite,
    State(room): State<Repertoire>,
    Path((_, code)): Path<(String, String)>,
    Query(vient): Query<Vient>,
) -> Result<Response> {
    let ouverte = open_lien(&room, &visite, &code).await?;
    if ouverte.epreuve.vue_at.is_none() {
        let tx = room.db.begin().await?;
        mark_vue(&tx, visite.territoire.id, (ouverte.edition.id, ouverte.notice.structure), visite.now).await?;
        tx.commit().await?;
    }
    let telephone = ouverte.epreuve.telephone.map(|may| if may { "oui" } else { "non" }.to_string()).unwrap_or_default();
    let input = ReponseInput { telephone, ..ReponseInput::default() };
    respond((&room, &visite, &code), ouverte, (input, FieldErrors::default(), vient.corrigee == "oui")).await
}

async fn respond(
    (room, visite, code): (&Repertoire, &Visite, &str),
    ouverte: Ouverte,
    (input, errors, is_corrigee): (ReponseInput, FieldErrors, bool),
) -> Result<Response> {
    let ouverte = ouverte.draw(room, visite.now).await?;
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = EpreuvePage {
        frame: visite.frame(format!("{} dans le répertoire", ouverte.notice.nom)),
        base: href(visite, code),
        statut: ouverte.statut(None),
        is_open: is_open(&ouverte.edition, visite.now.day()),
        is_corrigee,
        telephone: visite.territoire.ligne.telephone.clone(),
        ouverte,
        input,
        errors,
    };
    show_with(status, &page)
}

fn late(visite: &Visite) -> Error {
    let phone = visite.territoire.ligne.telephone.as_deref().map(|number| format!(" ; appelez le {number}")).unwrap_or_default();
    Error::Conflict(format!("la relecture de ce répertoire est finie{phone}"))
}

/// « C’est bon, imprimez », or what is to be mended. Said right, the record counts as read again too: it is what was read.
pub async fn create_reponse(
    visite: Visite,
    State(room): State<Repertoire>,
    Path((_, code)): Path<(String, String)>,
    Form(input): Form<ReponseInput>,
) -> Result<Response> {
    let ouverte = open_lien(&room, &visite, &code).await?;
    if !is_open(&ouverte.edition, visite.now.day()) {
        return Err(late(&visite));
    }
    let lue = match read_reponse(&input, ouverte.notice.is_personne) {
        Ok(lue) => lue,
        Err(errors) => return respond((&room, &visite, &code), ouverte, (input, errors, false)).await,
    };
    let (edition, structure) = (ouverte.edition.id, ouverte.notice.structure);
    let (dite, telephone) = ouverte.answer(lue, (VoieReponse::Lien, visite.now))?;
    let tx = room.db.begin().await?;
    save_reponse(&tx, visite.territoire.id, (edition, structure), (&dite, telephone)).await?;
    tx.commit().await?;
    if dite.reponse == Avis::Bonne {
        correction::confirm(&room.annuaire, &visite, structure).await?;
    }
    Ok(Redirect::to(&href(&visite, &code)).into_response())
}

pub async fn show_correction(visite: Visite, State(room): State<Repertoire>, Path((_, code)): Path<(String, String)>) -> Result<Response> {
    let structure = find_mendable(&room, &visite, &code).await?;
    let known = find_fiche(room.db.read(), visite.territoire.id, structure).await?.ok_or_else(|| closed(&visite))?;
    correction::show_form(&visite, &href(&visite, &code), known)
}

/// The record is mended, then its proof is shown again as it would print now.
pub async fn update_fiche(
    visite: Visite,
    State(room): State<Repertoire>,
    Path((_, code)): Path<(String, String)>,
    Form(sent): Form<Vec<(String, String)>>,
) -> Result<Response> {
    let structure = find_mendable(&room, &visite, &code).await?;
    let known = find_fiche(room.db.read(), visite.territoire.id, structure).await?.ok_or_else(|| closed(&visite))?;
    let base = href(&visite, &code);
    let answer = correction::correct(&room.annuaire, (&visite, &base, Cause::Epreuve), known, sent).await?;
    let is_written = answer.status().is_redirection();
    Ok(if is_written { Redirect::to(&format!("{base}?corrigee=oui")).into_response() } else { answer })
}

async fn find_mendable(room: &Repertoire, visite: &Visite, code: &str) -> Result<Id> {
    let (edition, structure) = find(room, visite, code).await?;
    if is_open(&edition, visite.now.day()) { Ok(structure) } else { Err(late(visite)) }
}
