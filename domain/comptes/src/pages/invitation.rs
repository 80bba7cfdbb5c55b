//! A link, used once, by which somebody invited chooses a password.

use askama::Template;
use axum::extract::{Form, Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use kit::journal::{self, Acte};
use kit::{Error, Result};
use serde::Deserialize;
use ui::{Frame, show_with};

use super::connexion::{Preuve, open_session};
use crate::courrier::Entete;
use crate::model::{Compte, Moyen, Role};
use crate::rules::mot_de_passe;
use crate::secret::fingerprint;
use crate::{Comptes, Visite, storage};

#[derive(Template)]
#[template(path = "invitation.html")]
struct InvitationPage {
    frame: Frame,
    compte: Compte,
    roles: String,
    longueur: usize,
    refus: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct MotDePasseInput {
    mot_de_passe: String,
}

/// A link that is wrong, used or too old is told apart by nothing.
async fn find_invite(comptes: &Comptes, visite: &Visite, code: &str) -> Result<Compte> {
    storage::find_invite(&comptes.db, visite.territoire.id, &fingerprint(code), visite.now).await?.ok_or(Error::NotFound)
}

fn show_page(visite: &Visite, compte: Compte, refus: Option<String>) -> Result<Response> {
    let status = if refus.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let roles = Role::labels(&compte.roles);
    let longueur = mot_de_passe::longueur(compte.roles.contains(&Role::Administration));
    let frame = visite.frame("Choisir son mot de passe");
    let page = show_with(status, &InvitationPage { frame, compte, roles, longueur, refus })?;
    // The address of this page opens an account: it leaves with nobody.
    Ok(([(header::REFERRER_POLICY, "no-referrer"), (header::CACHE_CONTROL, "no-store")], page).into_response())
}

pub async fn show_invitation(visite: Visite, State(comptes): State<Comptes>, Path((_, code)): Path<(String, String)>) -> Result<Response> {
    let compte = find_invite(&comptes, &visite, &code).await?;
    show_page(&visite, compte, None)
}

pub async fn create_mot_de_passe(
    visite: Visite,
    State(comptes): State<Comptes>,
    Path((_, code)): Path<(String, String)>,
    headers: HeaderMap,
    Form(input): Form<MotDePasseInput>,
) -> Result<Response> {
    let compte = find_invite(&comptes, &visite, &code).await?;
    if let Err(refusal) = mot_de_passe::check(&input.mot_de_passe, &compte.connu(), compte.roles.contains(&Role::Administration)) {
        return show_page(&visite, compte, Some(ui::format::phrase(&refusal.to_string())));
    }
    let (territoire, now) = (visite.territoire.id, visite.now);
    let stored = comptes.hash(input.mot_de_passe).await?;
    let tx = comptes.db.begin().await?;
    if !storage::delete_invitation(&tx, territoire, &fingerprint(&code)).await? {
        return Err(Error::NotFound);
    }
    storage::update_mot_de_passe(&tx, territoire, compte.id, &stored).await?;
    storage::close_sessions(&tx, territoire, compte.id, None).await?;
    let acte = Acte { auteur: Some(compte.id), acte: "choix du mot de passe par invitation", objet: ("compte", compte.id), detail: "" };
    journal::record(&tx, territoire, now, &acte).await?;
    if !compte.is_invite {
        let quoi = "Votre mot de passe vient d’être choisi à nouveau, par un lien de l’administration, et vos sessions sont fermées.";
        comptes.write_avis(&tx, Entete { territoire: &visite.territoire, now }, compte.id, quoi).await?;
    }
    tx.commit().await?;
    let cookies = open_session(&comptes, &visite, &Preuve::simple(compte.id, Moyen::Invitation), &headers).await?;
    Ok((cookies, Redirect::to(&format!("/{}/equipe", visite.territoire.slug))).into_response())
}
