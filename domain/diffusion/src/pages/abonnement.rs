//! Who is told of what changes: an address added, taken back.

use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use comptes::permission::TenirAnnuaire;
use comptes::{Autorise, Equipier, Menu};
use kit::journal::{self, Acte};
use kit::{Error, Result, secret};
use serde::Deserialize;
use ui::{Frame, show_with};
use url::Url;

use crate::annonce::{announce, forget_if_alone};
use crate::rules::changement::show_secret;
use crate::storage::abonnement::{count_abonnements, delete_abonnement, insert_abonnement};
use crate::{Abonnement, Diffusion};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct AbonnementInput {
    adresse: String,
}

/// A subscriber, in words.
pub(super) struct AbonnementMontre {
    pub id: String,
    pub adresse: String,
    pub etat: String,
}

pub(super) fn describe(abonnement: &Abonnement, now: kit::Instant) -> AbonnementMontre {
    let moment = |at: kit::Instant| ui::format::moment(&at, &now);
    let etat = match (abonnement.essais, abonnement.livre_at, abonnement.abandonne_at) {
        (None, ..) => "rien n’a encore changé".to_string(),
        (_, Some(at), _) => format!("prévenue : {}", moment(at)),
        (_, _, Some(at)) => format!("abandonné : {}, {}", moment(at), abonnement.erreur),
        (Some(0), ..) => "à prévenir".to_string(),
        (Some(essais), ..) => format!("essayé {}, {}", ui::format::compte(essais, "fois", "fois"), abonnement.erreur),
    };
    AbonnementMontre { id: abonnement.id.to_string(), adresse: abonnement.adresse.clone(), etat }
}

#[derive(Template)]
#[template(path = "diffusion/abonnement.html")]
struct SecretPage {
    frame: Frame,
    slug: String,
    adresse: String,
    secret: String,
}

/// As many as a territoire needs, and no more than a night can serve.
const MAXIMUM: i64 = 20;

/// Shows the key once: it is kept encrypted, and nobody reads it again.
pub async fn create_abonnement(
    equipier: Autorise<TenirAnnuaire>,
    State(room): State<Diffusion>,
    Form(input): Form<AbonnementInput>,
) -> Result<Response> {
    let adresse = match read_adresse(&room, &input.adresse) {
        Ok(adresse) => adresse,
        Err(refus) => return super::equipe::show_refused(&equipier, &room, &input.adresse, refus).await.map(IntoResponse::into_response),
    };
    let territoire = &equipier.territoire;
    if count_abonnements(room.db.read(), territoire.id).await? >= MAXIMUM {
        return Err(Error::Conflict(format!("il y a déjà {MAXIMUM} abonnés : retirez-en un d’abord")));
    }
    // What there is now is learnt first: the new subscriber is told of what comes after.
    announce(&room, &room.producteur(territoire), equipier.now).await?;
    let secret = show_secret(&secret::random::<32>()?);
    let tx = room.db.begin().await?;
    insert_abonnement(&tx, territoire.id, (&adresse, &secret), (equipier.compte_id, equipier.now), &room.coffre).await?;
    record(&tx, &equipier, "abonnement aux changements", &adresse).await?;
    tx.commit().await?;
    announce(&room, &room.producteur(territoire), equipier.now).await?;
    let (frame, slug) = (equipier.frame("Abonnement créé", Menu::Donnees), territoire.slug.clone());
    show_with(StatusCode::CREATED, &SecretPage { frame, slug, adresse, secret })
}

/// An address that this program may call: of the outside, over https.
fn read_adresse(room: &Diffusion, written: &str) -> std::result::Result<String, String> {
    let url = Url::parse(written.trim()).map_err(|_| "ce n’est pas une adresse : elle commence par https://".to_string())?;
    let sortant = room.sortant.as_ref().ok_or("cette installation n’appelle personne : ses réglages sont à compléter")?;
    sortant.check(&url).map_err(|refus| refus.to_string())?;
    if url.as_str().len() > 500 {
        return Err("cette adresse est trop longue : 500 signes au plus".into());
    }
    Ok(url.to_string())
}

pub async fn delete(
    equipier: Autorise<TenirAnnuaire>,
    State(room): State<Diffusion>,
    Path((_, id)): Path<(String, String)>,
) -> Result<Response> {
    let tx = room.db.begin().await?;
    if !delete_abonnement(&tx, equipier.territoire.id, id.parse()?).await? {
        return Err(Error::NotFound);
    }
    record(&tx, &equipier, "fin d’un abonnement aux changements", "").await?;
    tx.commit().await?;
    forget_if_alone(&room, &equipier.territoire).await?;
    Ok(Redirect::to(&format!("/{}/equipe/donnees", equipier.territoire.slug)).into_response())
}

async fn record(tx: &sea_orm::DatabaseTransaction, equipier: &Equipier, acte: &str, detail: &str) -> Result<()> {
    let territoire = equipier.territoire.id;
    let acte = Acte { auteur: Some(equipier.compte_id), acte, objet: ("territoire", territoire), detail };
    journal::record(tx, territoire, equipier.now, &acte).await
}
