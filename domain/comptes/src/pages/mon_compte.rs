//! What is one's own: roles, password, open sessions.

use askama::Template;
use axum::extract::{Form, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use kit::journal::{self, Acte};
use kit::{Error, Id, Result};
use serde::Deserialize;
use ui::{Frame, show_with};

use crate::courrier::Entete;
use crate::model::Role;
use crate::permission::EtreConnecte;
use crate::rules::mot_de_passe;
use crate::{Autorise, Comptes, Equipier, Menu, storage};

/// The first page of the team that one may read.
pub async fn show_equipe(equipier: Autorise<EtreConnecte>) -> Redirect {
    Redirect::to(&equipier.home())
}

struct SessionListee {
    id: String,
    appareil: String,
    moyen: &'static str,
    depuis: String,
    vue: String,
    is_current: bool,
}

struct CleListee {
    id: String,
    nom: String,
    depuis: String,
    vue: Option<String>,
}

#[derive(Template)]
#[template(path = "mon_compte.html")]
struct MonComptePage {
    frame: Frame,
    slug: String,
    courriel: String,
    roles: String,
    longueur: usize,
    sessions: Vec<SessionListee>,
    has_totp: bool,
    /// None where passkeys cannot work: the program does not know its own address.
    cles: Option<Vec<CleListee>>,
    /// The identity provider that opens this account too.
    fournisseur: Option<String>,
    /// Came in a moment ago without a password: it is not asked for again.
    is_fraiche: bool,
    fait: Option<&'static str>,
    refus: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct FaitInput {
    fait: String,
}

pub async fn show_compte(
    equipier: Autorise<EtreConnecte>,
    State(comptes): State<Comptes>,
    Query(input): Query<FaitInput>,
) -> Result<Response> {
    let fait = match input.fait.as_str() {
        "mot-de-passe" => Some("Le mot de passe est changé. Vos autres sessions sont fermées."),
        "sessions" => Some("C’est fait : ces sessions n’ouvrent plus rien."),
        "cle-ajoutee" => Some("La clé d’accès est enregistrée : elle suffit désormais pour entrer."),
        "fournisseur" => Some("Votre compte n’est plus rattaché au fournisseur d’identité."),
        "cle-retiree" => Some("Cette clé d’accès n’ouvre plus rien."),
        _ => None,
    };
    show_page(&equipier, &comptes, (fait, None)).await
}

async fn show_page(equipier: &Equipier, comptes: &Comptes, (fait, refus): (Option<&'static str>, Option<String>)) -> Result<Response> {
    let compte = storage::find_compte(&comptes.db, equipier.territoire.id, equipier.compte_id).await?.ok_or(Error::NotFound)?;
    let sessions = storage::list_sessions(&comptes.db, equipier.territoire.id, equipier.compte_id, equipier.now).await?;
    let listed = sessions.into_iter().map(|session| SessionListee {
        id: session.id.to_string(),
        appareil: session.appareil,
        moyen: session.moyen.label(),
        depuis: ui::format::moment(&session.opened_at, &equipier.now),
        vue: ui::format::moment(&session.seen_at, &equipier.now),
        is_current: session.id == equipier.session_id,
    });
    let totp = storage::find_totp(&comptes.db, &comptes.coffre, equipier.territoire.id, equipier.compte_id).await?;
    let status = if refus.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = MonComptePage {
        frame: equipier.frame("Mon compte", Menu::MonCompte),
        slug: equipier.territoire.slug.clone(),
        courriel: compte.courriel,
        roles: Role::labels(&compte.roles),
        longueur: mot_de_passe::longueur(equipier.roles.contains(&Role::Administration)),
        sessions: listed.collect(),
        has_totp: totp.is_some(),
        cles: list_cles(equipier, comptes).await?,
        fournisseur: find_fournisseur(equipier, comptes).await?,
        is_fraiche: equipier.has_just_proved(),
        fait,
        refus,
    };
    show_with(status, &page)
}

async fn list_cles(equipier: &Equipier, comptes: &Comptes) -> Result<Option<Vec<CleListee>>> {
    if comptes.exterieur().is_none() {
        return Ok(None);
    }
    let cles = storage::list_cles(&comptes.db, equipier.territoire.id, equipier.compte_id).await?;
    let listed = cles.into_iter().map(|(cle, _)| CleListee {
        id: cle.id.to_string(),
        nom: cle.nom,
        depuis: ui::format::moment(&cle.created_at, &equipier.now),
        vue: cle.used_at.map(|at| ui::format::moment(&at, &equipier.now)),
    });
    Ok(Some(listed.collect()))
}

/// The name of the provider that opens this account; its address when it is no longer that of the settings.
async fn find_fournisseur(equipier: &Equipier, comptes: &Comptes) -> Result<Option<String>> {
    let emetteurs = storage::list_emetteurs(&comptes.db, equipier.territoire.id, equipier.compte_id).await?;
    let named = |emetteur: String| comptes.fournisseur().map_or(emetteur, |one| one.nom().to_string());
    Ok(emetteurs.into_iter().next().map(named))
}

/// Unties one's account from the identity provider.
pub async fn delete_fournisseur(equipier: Autorise<EtreConnecte>, State(comptes): State<Comptes>) -> Result<Response> {
    let (territoire, compte) = (equipier.territoire.id, equipier.compte_id);
    let tx = comptes.db.begin().await?;
    if storage::delete_identites(&tx, territoire, compte).await? > 0 {
        let acte = Acte { auteur: Some(compte), acte: "détachement du fournisseur d’identité", objet: ("compte", compte), detail: "" };
        journal::record(&tx, territoire, equipier.now, &acte).await?;
        let quoi = "Votre compte n’est plus rattaché à un fournisseur d’identité.";
        comptes.write_avis(&tx, Entete { territoire: &equipier.territoire, now: equipier.now }, compte, quoi).await?;
    }
    tx.commit().await?;
    Ok(back(&equipier, "fournisseur"))
}

/// The page, and why nothing was changed.
pub async fn show_refus(equipier: &Equipier, comptes: &Comptes, refus: String) -> Result<Response> {
    show_page(equipier, comptes, (None, Some(refus))).await
}

/// Back to the page, which says what was done.
pub fn back(equipier: &Equipier, fait: &str) -> Response {
    Redirect::to(&format!("/{}/equipe/mon-compte?fait={fait}", equipier.territoire.slug)).into_response()
}

impl Comptes {
    /// Whether whoever is signed in proves again who they are, by their password, or by having come in a moment ago by
    /// another proof; else why not, in words.
    pub(super) async fn confirm(&self, equipier: &Equipier, actuel: String) -> Result<Result<(), String>> {
        if equipier.has_just_proved() {
            return Ok(Ok(()));
        }
        let (territoire, now) = (equipier.territoire.id, equipier.now);
        let compte = storage::find_compte(&self.db, territoire, equipier.compte_id).await?.ok_or(Error::NotFound)?;
        let brake = format!("{territoire} {}", compte.courriel);
        if let Some(again) = self.essais.until(&brake, now) {
            return Ok(Err(format!("Trop d’essais. Recommencez à {}.", ui::format::heure(again.paris()))));
        }
        let stored = storage::find_secret(&self.db, territoire, &compte.courriel).await?.map(|(_, stored)| stored);
        if stored.is_none() {
            return Ok(Err(
                "Votre compte n’a pas de mot de passe : déconnectez-vous, entrez à nouveau, et recommencez dans le quart d’heure.".into(),
            ));
        }
        if self.verify(actuel, stored).await? {
            return Ok(Ok(()));
        }
        self.essais.count(&brake, now);
        Ok(Err("Le mot de passe actuel n’est pas le bon : rien n’est changé.".to_string()))
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ChangementInput {
    actuel: String,
    nouveau: String,
}

/// Who one is, is asked for again: an open screen is not enough to take an account.
pub async fn update_mot_de_passe(
    equipier: Autorise<EtreConnecte>,
    State(comptes): State<Comptes>,
    Form(input): Form<ChangementInput>,
) -> Result<Response> {
    let (territoire, compte_id, now) = (equipier.territoire.id, equipier.compte_id, equipier.now);
    if let Err(refus) = comptes.confirm(&equipier, input.actuel).await? {
        return show_refus(&equipier, &comptes, refus).await;
    }
    let compte = storage::find_compte(&comptes.db, territoire, compte_id).await?.ok_or(Error::NotFound)?;
    if let Err(refusal) = mot_de_passe::check(&input.nouveau, &compte.connu(), compte.roles.contains(&Role::Administration)) {
        return show_refus(&equipier, &comptes, ui::format::phrase(&refusal.to_string())).await;
    }
    let stored = comptes.hash(input.nouveau).await?;
    let tx = comptes.db.begin().await?;
    storage::update_mot_de_passe(&tx, territoire, compte_id, &stored).await?;
    storage::close_sessions(&tx, territoire, compte_id, Some(equipier.session_id)).await?;
    let acte = Acte { auteur: Some(compte_id), acte: "changement du mot de passe", objet: ("compte", compte_id), detail: "" };
    journal::record(&tx, territoire, now, &acte).await?;
    let quoi = "Votre mot de passe vient d’être changé, et vos autres sessions sont fermées.";
    comptes.write_avis(&tx, Entete { territoire: &equipier.territoire, now }, compte_id, quoi).await?;
    tx.commit().await?;
    Ok(back(&equipier, "mot-de-passe"))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct FermetureInput {
    /// One session, or nothing: all the others.
    session: String,
}

pub async fn close_sessions(
    equipier: Autorise<EtreConnecte>,
    State(comptes): State<Comptes>,
    Form(input): Form<FermetureInput>,
) -> Result<Response> {
    let (territoire, compte) = (equipier.territoire.id, equipier.compte_id);
    if input.session.is_empty() {
        let tx = comptes.db.begin().await?;
        storage::close_sessions(&tx, territoire, compte, Some(equipier.session_id)).await?;
        tx.commit().await?;
    } else {
        let session: Id = input.session.parse().map_err(|_| Error::NotFound)?;
        if !storage::close_session(&comptes.db, territoire, compte, session).await? {
            return Err(Error::NotFound);
        }
    }
    Ok(back(&equipier, "sessions"))
}
