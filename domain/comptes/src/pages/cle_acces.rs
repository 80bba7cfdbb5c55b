//! Passkeys: signing in with one, and for those who are signed in, adding and removing their own.
//! A small script carries what the browser says; without a script, the other ways in remain.

use axum::extract::{Form, Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use identite::passkey::Debut;
use kit::journal::{self, Acte};
use kit::{Error, Id, Instant, Result};
use serde::Deserialize;
use territoire::Territoire;

use super::connexion::{ConnexionInput, Preuve, open_session, safe_suite, show_page};
use super::mon_compte::{back, show_refus};
use crate::acces::{ceremonie_cookie, read_cookie, write_cookie};
use crate::courrier::Entete;
use crate::model::Moyen;
use crate::permission::EtreConnecte;
use crate::secret::{fingerprint_for, new_token};
use crate::{Autorise, Comptes, Equipier, Visite, storage};

/// How long a person may look for their telephone.
const DUREE_CEREMONIE: i64 = 5 * 60;

/// What a ceremony is for: begun for one thing, it ends in nothing else, and a creation ends in the account that began it.
const ENTREE: &str = "entree";

fn creation(compte: Id) -> String {
    format!("creation {compte}")
}

/// Sends the first half to the browser, which alone may send the second.
async fn send_debut(comptes: &Comptes, (territoire, now): (&Territoire, Instant), (usage, debut): (&str, Debut)) -> Result<Response> {
    let (token, until) = (new_token()?, now.plus_seconds(DUREE_CEREMONIE));
    storage::insert_ceremonie(&comptes.db, territoire.id, (&fingerprint_for(usage, &token), &debut.etat), (now, until)).await?;
    let cookie = write_cookie(&ceremonie_cookie(&territoire.slug), &token, DUREE_CEREMONIE);
    Ok(([(header::SET_COOKIE, cookie), (header::CONTENT_TYPE, "application/json".into())], debut.demande).into_response())
}

async fn take_etat(
    comptes: &Comptes,
    (territoire, now): (&Territoire, Instant),
    (usage, headers): (&str, &HeaderMap),
) -> Result<Option<String>> {
    match read_cookie(headers, &ceremonie_cookie(&territoire.slug)) {
        Some(token) => storage::take_ceremonie(&comptes.db, territoire.id, &fingerprint_for(usage, token), now).await,
        None => Ok(None),
    }
}

pub async fn start_connexion(visite: Visite, State(comptes): State<Comptes>) -> Result<Response> {
    let debut = comptes.exterieur().ok_or(Error::NotFound)?.passkeys.start_connexion()?;
    send_debut(&comptes, (&visite.territoire, visite.now), (ENTREE, debut)).await
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ReponseInput {
    reponse: String,
    suite: String,
    nom: String,
    actuel: String,
}

const REFUS: &str = "Cette clé d’accès n’ouvre aucun compte d’ici. Recommencez, ou entrez autrement.";

/// An unknown passkey, that of a closed account and a false signature are told apart by nothing.
pub async fn create_session(
    visite: Visite,
    State(comptes): State<Comptes>,
    headers: HeaderMap,
    Form(input): Form<ReponseInput>,
) -> Result<Response> {
    let Some(compte) = recognise(&comptes, &visite, &headers, &input.reponse).await? else {
        let input = ConnexionInput { suite: input.suite, ..Default::default() };
        return show_page((&visite, &comptes), input, Some((StatusCode::UNPROCESSABLE_ENTITY, REFUS.to_string())));
    };
    let preuve = Preuve { compte, moyen: Moyen::CleAcces, is_forte: true, jeton: "" };
    let cookies = open_session(&comptes, &visite, &preuve, &headers).await?;
    Ok((cookies, Redirect::to(&safe_suite(&visite.territoire.slug, &input.suite))).into_response())
}

async fn recognise(comptes: &Comptes, visite: &Visite, headers: &HeaderMap, reponse: &str) -> Result<Option<Id>> {
    let passkeys = &comptes.exterieur().ok_or(Error::NotFound)?.passkeys;
    let territoire = visite.territoire.id;
    let Some(etat) = take_etat(comptes, (&visite.territoire, visite.now), (ENTREE, headers)).await? else { return Ok(None) };
    let Some(pretention) = passkeys.read_pretention(reponse) else { return Ok(None) };
    let compte: Id = pretention.compte.to_string().parse()?;
    let Some((cle, donnees)) = storage::find_cle(&comptes.db, territoire, compte, &pretention.identifiant).await? else { return Ok(None) };
    let Some(donnees) = passkeys.finish_connexion(reponse, (&etat, &donnees))? else { return Ok(None) };
    storage::update_cle(&comptes.db, territoire, cle, (&donnees, visite.now)).await?;
    Ok(Some(compte))
}

pub async fn start_creation(equipier: Autorise<EtreConnecte>, State(comptes): State<Comptes>) -> Result<Response> {
    let passkeys = &comptes.exterieur().ok_or(Error::NotFound)?.passkeys;
    let (territoire, id) = (equipier.territoire.id, equipier.compte_id);
    let compte = storage::find_compte(&comptes.db, territoire, id).await?.ok_or(Error::NotFound)?;
    let known: Vec<String> =
        storage::list_cles(&comptes.db, territoire, id).await?.into_iter().map(|(_, identifiant)| identifiant).collect();
    let user = uuid::Uuid::parse_str(&id.to_string()).map_err(anyhow::Error::from)?;
    let debut = passkeys.start_creation(user, (&compte.courriel, &compte.nom), &known)?;
    send_debut(&comptes, (&equipier.territoire, equipier.now), (&creation(id), debut)).await
}

/// A way in is added by whoever has just proved who they are: an open screen is not enough.
pub async fn create_cle(
    equipier: Autorise<EtreConnecte>,
    State(comptes): State<Comptes>,
    headers: HeaderMap,
    Form(input): Form<ReponseInput>,
) -> Result<Response> {
    let passkeys = &comptes.exterieur().ok_or(Error::NotFound)?.passkeys;
    let kept = take_etat(&comptes, (&equipier.territoire, equipier.now), (&creation(equipier.compte_id), &headers)).await?;
    if let Err(refus) = comptes.confirm(&equipier, input.actuel).await? {
        return show_refus(&equipier, &comptes, refus).await;
    }
    let creee = match kept {
        Some(etat) => passkeys.finish_creation(&input.reponse, &etat)?,
        None => None,
    };
    let Some(creee) = creee else {
        return show_refus(&equipier, &comptes, "Votre appareil n’a pas donné de clé d’accès : rien n’est changé.".into()).await;
    };
    let nom = kit::text::some(&input.nom).unwrap_or_else(|| "clé d’accès".into());
    let nom: String = nom.chars().take(60).collect();
    let whose = (equipier.territoire.id, equipier.compte_id);
    let tx = comptes.db.begin().await?;
    match storage::insert_cle(&tx, whose, (&creee.identifiant, &nom, &creee.donnees), equipier.now).await {
        Ok(_) => {}
        Err(Error::Conflict(sentence)) => {
            drop(tx);
            return show_refus(&equipier, &comptes, ui::format::phrase(&sentence)).await;
        }
        Err(error) => return Err(error),
    }
    tell(&comptes, &tx, &equipier, ("ajout d’une clé d’accès", &format!("Une clé d’accès, « {nom} », ouvre désormais votre compte.")))
        .await?;
    tx.commit().await?;
    Ok(back(&equipier, "cle-ajoutee"))
}

pub async fn delete_cle(
    equipier: Autorise<EtreConnecte>,
    State(comptes): State<Comptes>,
    Path((_, id)): Path<(String, String)>,
) -> Result<Response> {
    let id: Id = id.parse().map_err(|_| Error::NotFound)?;
    let tx = comptes.db.begin().await?;
    let nom = storage::delete_cle(&tx, (equipier.territoire.id, equipier.compte_id), id).await?.ok_or(Error::NotFound)?;
    tell(&comptes, &tx, &equipier, ("retrait d’une clé d’accès", &format!("La clé d’accès « {nom} » n’ouvre plus votre compte."))).await?;
    tx.commit().await?;
    Ok(back(&equipier, "cle-retiree"))
}

/// Writes the act down, and tells the owner of the account.
async fn tell(comptes: &Comptes, tx: &sea_orm::DatabaseTransaction, equipier: &Equipier, (acte, quoi): (&str, &str)) -> Result<()> {
    let line = Acte { auteur: Some(equipier.compte_id), acte, objet: ("compte", equipier.compte_id), detail: "" };
    journal::record(tx, equipier.territoire.id, equipier.now, &line).await?;
    let entete = Entete { territoire: &equipier.territoire, now: equipier.now };
    comptes.write_avis(tx, entete, equipier.compte_id, quoi).await
}
