//! A link sent by e-mail, used once: for those who have forgotten their password, or would rather have none.

use askama::Template;
use axum::extract::{Form, Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use kit::{Error, Result};
use ui::{Frame, show, show_with};

use super::connexion::{ConnexionInput, Preuve, open_session};
use crate::courrier::Entete;
use crate::model::Moyen;
use crate::secret::{fingerprint, new_token};
use crate::{Comptes, Visite, storage};

#[derive(Template)]
#[template(path = "lien_demande.html")]
struct DemandePage {
    frame: Frame,
    slug: String,
    courriel: String,
    refus: Option<String>,
    /// Asked for: what is said is the same whether or not there is such an account.
    is_parti: bool,
}

#[derive(Template)]
#[template(path = "lien.html")]
struct LienPage {
    frame: Frame,
    slug: String,
    code: String,
    is_valable: bool,
}

/// A quarter of an hour.
const DUREE_LIEN: i64 = 15 * 60;

/// The page does not exist where nothing is sent.
pub async fn show_demande(visite: Visite, State(comptes): State<Comptes>, Query(input): Query<ConnexionInput>) -> Result<Response> {
    if !comptes.envoie() {
        return Err(Error::NotFound);
    }
    show_asked(&visite, input.courriel, (StatusCode::OK, None), false)
}

fn show_asked(visite: &Visite, courriel: String, (status, refus): (StatusCode, Option<String>), is_parti: bool) -> Result<Response> {
    let frame = visite.frame("Recevoir un lien de connexion");
    show_with(status, &DemandePage { frame, slug: visite.territoire.slug.clone(), courriel, refus, is_parti })
}

/// Known and unknown addresses are told apart by nothing, not even by time: the search goes on after the answer.
pub async fn create_lien(visite: Visite, State(comptes): State<Comptes>, Form(input): Form<ConnexionInput>) -> Result<Response> {
    if !comptes.envoie() {
        return Err(Error::NotFound);
    }
    let courriel = kit::text::tidy(&input.courriel).to_lowercase();
    if !kit::text::is_courriel(&courriel) {
        let refus = "Écrivez votre adresse électronique, par exemple prenom.nom@exemple.fr.".to_string();
        return show_asked(&visite, input.courriel, (StatusCode::UNPROCESSABLE_ENTITY, Some(refus)), false);
    }
    let brake = format!("{} {courriel}", visite.territoire.id);
    if let Some(again) = comptes.liens.until(&brake, visite.now) {
        let refus = format!("Trop de liens demandés pour cette adresse. Recommencez à {}.", ui::format::heure(again.paris()));
        return show_asked(&visite, courriel, (StatusCode::TOO_MANY_REQUESTS, Some(refus)), false);
    }
    comptes.liens.count(&brake, visite.now);
    let (later, asked) = (visite.clone(), courriel.clone());
    tokio::spawn(async move {
        if let Err(error) = send_lien(&comptes, &later, &asked).await {
            tracing::error!(%error, "a link was asked for and is not sent");
        }
    });
    show_asked(&visite, courriel, (StatusCode::OK, None), true)
}

async fn send_lien(comptes: &Comptes, visite: &Visite, courriel: &str) -> Result<()> {
    let territoire = visite.territoire.id;
    let Some(compte) = storage::find_ouvert(&comptes.db, territoire, courriel).await? else { return Ok(()) };
    let (code, until) = (new_token()?, visite.now.plus_seconds(DUREE_LIEN));
    let tx = comptes.db.begin().await?;
    storage::insert_lien(&tx, (territoire, compte.id), (&fingerprint(&code), visite.now, until)).await?;
    comptes.write_lien(&tx, Entete { territoire: &visite.territoire, now: visite.now }, &compte, (&code, until)).await?;
    Ok(tx.commit().await?)
}

/// Programs that look at links in letters follow them: only the button of this page uses the link up.
pub async fn show_lien(visite: Visite, State(comptes): State<Comptes>, Path((_, code)): Path<(String, String)>) -> Result<Response> {
    let is_valable = storage::is_lien(&comptes.db, visite.territoire.id, &fingerprint(&code), visite.now).await?;
    show_page(&visite, code, is_valable)
}

/// The address of this page opens an account: it leaves with nobody.
fn show_page(visite: &Visite, code: String, is_valable: bool) -> Result<Response> {
    let page = LienPage { frame: visite.frame("Votre lien de connexion"), slug: visite.territoire.slug.clone(), code, is_valable };
    let shown = if is_valable { show(&page)? } else { show_with(StatusCode::NOT_FOUND, &page)? };
    Ok(([(header::REFERRER_POLICY, "no-referrer"), (header::CACHE_CONTROL, "no-store")], shown).into_response())
}

pub async fn use_lien(
    visite: Visite,
    State(comptes): State<Comptes>,
    Path((_, code)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response> {
    let tx = comptes.db.begin().await?;
    let used = storage::use_lien(&tx, visite.territoire.id, &fingerprint(&code), visite.now).await?;
    tx.commit().await?;
    let open = match used {
        Some(id) => storage::find_compte(&comptes.db, visite.territoire.id, id).await?.filter(|compte| compte.desactive_at.is_none()),
        None => None,
    };
    let Some(compte) = open else { return show_page(&visite, code, false) };
    let cookies = open_session(&comptes, &visite, &Preuve::simple(compte.id, Moyen::Lien), &headers).await?;
    Ok((cookies, Redirect::to(&format!("/{}/equipe", visite.territoire.slug))).into_response())
}
