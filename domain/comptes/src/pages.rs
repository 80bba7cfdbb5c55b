//! Signing in and out, and the colours of a territoire.

use askama::Template;
use axum::Router;
use axum::extract::{Form, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use kit::Result;
use serde::Deserialize;
use ui::{Frame, show, show_with};

use crate::context::{COOKIE, fingerprint, read_token};
use crate::{Comptes, Visite, storage};

/// Sign-in, sign-out, colours. Anybody may call them.
pub fn routes(comptes: Comptes) -> Router {
    Router::new()
        .route("/{territoire}/connexion", get(show_connexion).post(create_session))
        .route("/{territoire}/deconnexion", post(delete_session))
        .route("/{territoire}/couleurs.css", get(show_couleurs))
        .with_state(comptes)
}

#[derive(Template)]
#[template(path = "connexion.html")]
struct ConnexionPage {
    frame: Frame,
    courriel: String,
    suite: String,
    refus: Option<&'static str>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ConnexionInput {
    courriel: String,
    mot_de_passe: String,
    suite: String,
}

async fn show_connexion(visite: Visite, Query(input): Query<ConnexionInput>) -> Result<Response> {
    show(&ConnexionPage { frame: visite.frame("Connexion de l’équipe"), courriel: String::new(), suite: input.suite, refus: None })
}

/// Twelve hours: a working day, then one signs in again.
const SESSION_SECONDS: i64 = 12 * 3_600;

async fn create_session(visite: Visite, State(comptes): State<Comptes>, Form(input): Form<ConnexionInput>) -> Result<Response> {
    let territoire = visite.territoire.id;
    let known = storage::find_secret(&comptes.db, territoire, input.courriel.trim()).await?;
    let (compte, stored) = known.map_or((None, None), |(compte, stored)| (Some(compte), Some(stored)));
    let is_right = comptes.verify(input.mot_de_passe, stored).await?;
    let Some(compte) = compte.filter(|_| is_right) else {
        let page = ConnexionPage {
            frame: visite.frame("Connexion de l’équipe"),
            courriel: input.courriel,
            suite: input.suite,
            refus: Some("L’adresse ou le mot de passe n’est pas le bon. Vérifiez les deux, puis recommencez."),
        };
        return show_with(StatusCode::UNPROCESSABLE_ENTITY, &page);
    };
    let mut random = [0_u8; 32];
    getrandom::fill(&mut random).map_err(|error| anyhow::anyhow!("random: {error}"))?;
    let token: String = random.iter().map(|byte| format!("{byte:02x}")).collect();
    let until = visite.now.plus_seconds(SESSION_SECONDS);
    storage::insert_session(&comptes.db, territoire, compte.id, &fingerprint(&token), (visite.now, until)).await?;
    let slug = &visite.territoire.slug;
    let cookie = format!("{COOKIE}={token}; Path=/{slug}; HttpOnly; SameSite=Lax; Max-Age={SESSION_SECONDS}");
    Ok(([(header::SET_COOKIE, cookie)], Redirect::to(&safe_suite(slug, &input.suite))).into_response())
}

/// Only pages of this team: a link to a sign-in page never leads elsewhere.
fn safe_suite(slug: &str, suite: &str) -> String {
    let base = format!("/{slug}/equipe");
    let is_ours = suite.strip_prefix(&base).is_some_and(|rest| rest.is_empty() || rest.starts_with('/') || rest.starts_with('?'));
    let is_plain = suite.chars().all(|c| c.is_ascii_graphic() && c != '\\');
    if is_ours && is_plain { suite.to_string() } else { format!("{base}/demandes") }
}

async fn delete_session(visite: Visite, State(comptes): State<Comptes>, headers: HeaderMap) -> Result<Response> {
    if let Some(token) = read_token(&headers) {
        storage::delete_session(&comptes.db, visite.territoire.id, &fingerprint(token)).await?;
    }
    let slug = &visite.territoire.slug;
    let cookie = format!("{COOKIE}=; Path=/{slug}; HttpOnly; SameSite=Lax; Max-Age=0");
    Ok(([(header::SET_COOKIE, cookie)], Redirect::to(&format!("/{slug}"))).into_response())
}

/// A style sheet of two lines: the content security policy refuses inline styles.
async fn show_couleurs(visite: Visite) -> Response {
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
            "",
        ] {
            assert_eq!(safe_suite("brenne", elsewhere), "/brenne/equipe/demandes", "{elsewhere:?}");
        }
    }
}
