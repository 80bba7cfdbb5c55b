//! Signing in and out, and the colours of a territoire.

use askama::Template;
use axum::extract::{Form, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use kit::{Id, Result};
use serde::Deserialize;
use ui::{Frame, show, show_with};

use crate::acces::{poste_cookie, read_cookie, session_cookie, write_cookie};
use crate::rules::session::{DUREE, Etat};
use crate::secret::{fingerprint, new_token};
use crate::{Comptes, Visite, storage};

#[derive(Template)]
#[template(path = "connexion.html")]
struct ConnexionPage {
    frame: Frame,
    courriel: String,
    suite: String,
    refus: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ConnexionInput {
    courriel: String,
    mot_de_passe: String,
    suite: String,
}

pub async fn show_connexion(visite: Visite, Query(input): Query<ConnexionInput>) -> Result<Response> {
    show(&ConnexionPage { frame: visite.frame("Connexion de l’équipe"), courriel: String::new(), suite: input.suite, refus: None })
}

const REFUS: &str = "L’adresse ou le mot de passe n’est pas le bon. Vérifiez les deux, puis recommencez.";

/// An unknown address, a closed account and a wrong password are told apart by nothing: same words, same time, same brake.
pub async fn create_session(
    visite: Visite,
    State(comptes): State<Comptes>,
    headers: HeaderMap,
    Form(input): Form<ConnexionInput>,
) -> Result<Response> {
    let territoire = visite.territoire.id;
    let courriel = input.courriel.trim().to_lowercase();
    let brake = format!("{territoire} {courriel}");
    if let Some(again) = comptes.essais.until(&brake, visite.now) {
        let refus = format!("Trop d’essais pour cette adresse. Recommencez à {}.", ui::format::heure(again.paris()));
        return refuse(&visite, input, StatusCode::TOO_MANY_REQUESTS, refus);
    }
    let known = storage::find_secret(&comptes.db, territoire, &courriel).await?;
    let (compte, stored) = known.map_or((None, None), |(compte, stored)| (Some(compte), Some(stored)));
    let is_right = comptes.verify(input.mot_de_passe.clone(), stored).await?;
    let Some(compte) = compte.filter(|_| is_right) else {
        comptes.essais.count(&brake, visite.now);
        return refuse(&visite, input, StatusCode::UNPROCESSABLE_ENTITY, REFUS.to_string());
    };
    comptes.essais.forgive(&brake);
    let cookie = open_session(&comptes, &visite, compte, &headers).await?;
    Ok(([(header::SET_COOKIE, cookie)], Redirect::to(&safe_suite(&visite.territoire.slug, &input.suite))).into_response())
}

fn refuse(visite: &Visite, input: ConnexionInput, status: StatusCode, refus: String) -> Result<Response> {
    let frame = visite.frame("Connexion de l’équipe");
    show_with(status, &ConnexionPage { frame, courriel: input.courriel, suite: input.suite, refus: Some(refus) })
}

/// A new session, whatever cookie came in: nobody signs in with a token that somebody else knew. Gives its cookie.
pub async fn open_session(comptes: &Comptes, visite: &Visite, compte: Id, headers: &HeaderMap) -> Result<String> {
    let (territoire, slug) = (visite.territoire.id, &visite.territoire.slug);
    let is_poste = match read_cookie(headers, &poste_cookie(slug)) {
        Some(token) => storage::is_poste(&comptes.db, territoire, &fingerprint(token)).await?,
        None => false,
    };
    let token = new_token()?;
    let etat = Etat { opened_at: visite.now, seen_at: visite.now, is_poste };
    storage::insert_session(&comptes.db, territoire, compte, (&fingerprint(&token), name_appareil(headers)), etat).await?;
    Ok(write_cookie(&session_cookie(slug), &token, DUREE))
}

/// Enough for its owner to know which one it is; the rest of what a browser says of itself is not kept.
fn name_appareil(headers: &HeaderMap) -> &'static str {
    let agent = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let known = [("Android", "téléphone ou tablette Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "ordinateur Windows")];
    let others = [("Macintosh", "ordinateur Mac"), ("Linux", "ordinateur Linux")];
    known.into_iter().chain(others).find(|(mark, _)| agent.contains(mark)).map_or("appareil inconnu", |(_, name)| name)
}

/// Only pages of this team: a link to a sign-in page never leads elsewhere.
pub fn safe_suite(slug: &str, suite: &str) -> String {
    let base = format!("/{slug}/equipe");
    let is_ours = suite.strip_prefix(&base).is_some_and(|rest| rest.is_empty() || rest.starts_with('/') || rest.starts_with('?'));
    // Nothing that a browser would resolve, or a proxy decode, into another address.
    let path = suite.split('?').next().unwrap_or_default();
    let is_plain = suite.chars().all(|c| c.is_ascii_graphic() && c != '\\') && !["//", "..", "%", "#"].iter().any(|odd| path.contains(odd));
    if is_ours && is_plain { suite.to_string() } else { base }
}

pub async fn delete_session(visite: Visite, State(comptes): State<Comptes>, headers: HeaderMap) -> Result<Response> {
    let (territoire, name) = (&visite.territoire, session_cookie(&visite.territoire.slug));
    let found = match read_cookie(&headers, &name) {
        Some(token) => storage::find_session(&comptes.db, territoire.id, &fingerprint(token)).await?,
        None => None,
    };
    if let Some(entree) = found {
        storage::close_session(&comptes.db, territoire.id, entree.compte_id, entree.session_id).await?;
    }
    Ok(([(header::SET_COOKIE, write_cookie(&name, "", 0))], Redirect::to(&format!("/{}", territoire.slug))).into_response())
}

/// A style sheet of two lines: the content security policy refuses inline styles.
pub async fn show_couleurs(visite: Visite) -> Response {
    let couleurs = &visite.territoire.couleurs;
    let css = format!(":root{{--couleur:{};--accent:{}}}", couleurs.principale, couleurs.accent);
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8"), (header::CACHE_CONTROL, "public, max-age=300")], css).into_response()
}

#[cfg(test)]
mod tests {
    use super::safe_suite;

    #[test]
    fn a_sign_in_link_never_leads_elsewhere() {
        assert_eq!(safe_suite("brenne", "/brenne/equipe/appel?x=1"), "/brenne/equipe/appel?x=1");
        for elsewhere in [
            "https://ailleurs.example",
            "//ailleurs.example",
            "/brenne/equipeur",
            "/brenne/equipe\\@ailleurs",
            "/brenne/equipe/\r\nSet-Cookie:x",
            "/brenne/equipe/../..//ailleurs.example",
            "/brenne/equipe/%2e%2e/%2Failleurs.example",
            "",
        ] {
            assert_eq!(safe_suite("brenne", elsewhere), "/brenne/equipe", "{elsewhere:?}");
        }
    }
}
