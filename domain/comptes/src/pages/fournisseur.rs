//! Signing in by an identity provider: off to it, and back.

use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use identite::fournisseur::{Identite, Refus, Retour};
use kit::journal::{self, Acte};
use kit::{Error, Id, Result};
use serde::{Deserialize, Serialize};

use super::connexion::{ConnexionInput, Preuve, open_session, safe_suite, show_page};
use crate::acces::{ceremonie_cookie, read_cookie, write_cookie};
use crate::courrier::Entete;
use crate::model::Moyen;
use crate::secret::{fingerprint_for, new_token};
use crate::{Comptes, Visite, storage};

/// What is kept until the browser comes back.
#[derive(Debug, Serialize, Deserialize)]
struct Attente {
    etat: String,
    suite: String,
}

/// What its ceremonies are for.
const USAGE: &str = "fournisseur";
/// How long one may take at the provider's.
const DUREE_CEREMONIE: i64 = 15 * 60;

fn address_of_retour(comptes: &Comptes, visite: &Visite) -> Result<String> {
    let exterieur = comptes.exterieur().ok_or(Error::NotFound)?;
    Ok(format!("{}/{}/connexion/fournisseur/retour", exterieur.origine, visite.territoire.slug))
}

/// A GET, because a form that ends elsewhere is refused by our content security policy; all it writes is what this browser
/// waits for.
pub async fn start_connexion(visite: Visite, State(comptes): State<Comptes>, Query(input): Query<ConnexionInput>) -> Result<Response> {
    let fournisseur = comptes.fournisseur().ok_or(Error::NotFound)?;
    let depart = match fournisseur.start(&address_of_retour(&comptes, &visite)?).await {
        Ok(depart) => depart,
        Err(refus) => return refuse((&visite, &comptes), &refus),
    };
    let attente = serde_json::to_string(&Attente { etat: depart.etat, suite: input.suite }).map_err(anyhow::Error::from)?;
    let (token, until) = (new_token()?, visite.now.plus_seconds(DUREE_CEREMONIE));
    storage::insert_ceremonie(&comptes.db, visite.territoire.id, (&fingerprint_for(USAGE, &token), &attente), (visite.now, until)).await?;
    let cookie = write_cookie(&ceremonie_cookie(&visite.territoire.slug), &token, DUREE_CEREMONIE);
    Ok(([(header::SET_COOKIE, cookie)], Redirect::to(depart.url.as_str())).into_response())
}

/// A GET that signs in: the protocol wants it so. It works once, and only in the browser that left.
pub async fn create_session(
    visite: Visite,
    State(comptes): State<Comptes>,
    Query(retour): Query<Retour>,
    headers: HeaderMap,
) -> Result<Response> {
    let fournisseur = comptes.fournisseur().ok_or(Error::NotFound)?;
    let slug = &visite.territoire.slug;
    let kept = match read_cookie(&headers, &ceremonie_cookie(slug)) {
        Some(token) => storage::take_ceremonie(&comptes.db, visite.territoire.id, &fingerprint_for(USAGE, token), visite.now).await?,
        None => None,
    };
    let Some(attente) = kept.and_then(|kept| serde_json::from_str::<Attente>(&kept).ok()) else {
        return refuse((&visite, &comptes), &Refus::Refuse("no sign-in was begun in this browser".into()));
    };
    let adresse = address_of_retour(&comptes, &visite)?;
    let identite = match fournisseur.finish(&retour, (&attente.etat, &adresse), visite.now).await {
        Ok(identite) => identite,
        Err(refus) => return refuse((&visite, &comptes), &refus),
    };
    let Some(compte) = find_or_tie(&comptes, &visite, &identite).await? else {
        let refus = format!(
            "{} vous reconnaît, mais aucun compte de cette équipe n’a votre adresse. Demandez une invitation à la personne qui administre.",
            fournisseur.nom()
        );
        return show_page((&visite, &comptes), ConnexionInput::default(), Some((StatusCode::UNPROCESSABLE_ENTITY, refus)));
    };
    let is_forte = identite.is_forte && !has_own_factor(&comptes, &visite, compte).await?;
    let preuve = Preuve { compte, moyen: Moyen::Fournisseur, is_forte, jeton: &identite.jeton };
    let cookies = open_session(&comptes, &visite, &preuve, &headers).await?;
    let done = AppendHeaders([(header::SET_COOKIE, write_cookie(&ceremonie_cookie(slug), "", 0))]);
    Ok((cookies, done, Redirect::to(&safe_suite(slug, &attente.suite))).into_response())
}

/// Whether an account has a second proof of its own: two proofs shown at the provider's do not stand in for it, or whoever
/// holds the mailbox would make an identity there with a telephone of theirs.
async fn has_own_factor(comptes: &Comptes, visite: &Visite, compte: Id) -> Result<bool> {
    let territoire = visite.territoire.id;
    let totp = storage::find_totp(&comptes.db, &comptes.coffre, territoire, compte).await?;
    Ok(totp.is_some() || !storage::list_cles(&comptes.db, territoire, compte).await?.is_empty())
}

/// The account of an identity: the one it was tied to, else that of its address, tied from now on. An account has one identity
/// of a provider, an identity one account: the rest is refused.
async fn find_or_tie(comptes: &Comptes, visite: &Visite, identite: &Identite) -> Result<Option<Id>> {
    let (territoire, who) = (visite.territoire.id, (identite.emetteur.as_str(), identite.sujet.as_str()));
    if let Some(known) = storage::find_identite(&comptes.db, territoire, who).await? {
        return Ok(Some(known));
    }
    // Other alphabets have letters that fold into ours: such an address is nobody's here.
    let Some(courriel) = identite.courriel.as_ref().filter(|courriel| courriel.is_ascii()) else { return Ok(None) };
    let Some(compte) = storage::find_ouvert(&comptes.db, territoire, courriel).await? else { return Ok(None) };
    let tx = comptes.db.begin().await?;
    if !storage::insert_identite(&tx, (territoire, compte.id), who, visite.now).await? {
        return Ok(None);
    }
    let acte =
        Acte { auteur: Some(compte.id), acte: "rattachement à un fournisseur d’identité", objet: ("compte", compte.id), detail: who.0 };
    journal::record(&tx, territoire, visite.now, &acte).await?;
    let quoi = format!("On peut désormais entrer dans votre compte par {}.", comptes.fournisseur().map_or("", |one| one.nom()));
    comptes.write_avis(&tx, Entete { territoire: &visite.territoire, now: visite.now }, compte.id, &quoi).await?;
    tx.commit().await?;
    Ok(Some(compte.id))
}

/// Says that nobody came in, and how else to; why is for the log.
fn refuse(ou: (&Visite, &Comptes), refus: &Refus) -> Result<Response> {
    tracing::warn!(%refus, "sign-in by the provider refused");
    let nom = ou.1.fournisseur().map_or("", |one| one.nom());
    let (status, phrase) = match refus {
        Refus::Absent(_) => (StatusCode::SERVICE_UNAVAILABLE, format!("{nom} ne répond pas. Recommencez plus tard, ou entrez autrement.")),
        Refus::Decline(_) => {
            (StatusCode::UNPROCESSABLE_ENTITY, format!("{nom} n’a pas confirmé votre identité. Recommencez, ou entrez autrement."))
        }
        Refus::Refuse(_) => (
            StatusCode::UNPROCESSABLE_ENTITY,
            format!("La réponse de {nom} ne convient pas, ou elle a déjà servi. Recommencez depuis cette page."),
        ),
    };
    show_page(ou, ConnexionInput::default(), Some((status, phrase)))
}
