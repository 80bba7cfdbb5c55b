//! The person acting and where: what each handler takes first.

use std::sync::Arc;

use axum::extract::{FromRef, FromRequestParts, RawPathParams};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Redirect, Response};
use kit::{Error, Id, Instant};
use sha2::{Digest, Sha256};
use territoire::Territoire;
use ui::{Frame, MenuItem, Phone, Site, User};

use crate::{Comptes, storage};

/// Anybody, on the site of a territoire.
#[derive(Clone, Debug)]
pub struct Visite {
    pub territoire: Arc<Territoire>,
    pub now: Instant,
}

/// Somebody of the team, signed in, on the site of their territoire.
#[derive(Clone, Debug)]
pub struct Equipier {
    pub territoire: Arc<Territoire>,
    pub now: Instant,
    pub compte_id: Id,
    pub nom: String,
}

/// The pages of the team, in the order of the menu.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Menu {
    Appel,
    Demandes,
    SansSolution,
    Chiffres,
    Annuaire,
}

const MENU: [(Menu, &str, &str); 5] = [
    (Menu::Appel, "appel", "Prendre un appel"),
    (Menu::Demandes, "demandes", "Demandes"),
    (Menu::SansSolution, "sans-solution", "Sans solution"),
    (Menu::Chiffres, "chiffres", "Chiffres"),
    (Menu::Annuaire, "annuaire", "Annuaire"),
];

/// The cookie of a session.
pub(crate) const COOKIE: &str = "maillage_session";

impl Visite {
    pub fn frame(&self, title: impl Into<String>) -> Frame {
        Frame::public(title, site(&self.territoire))
    }
}

impl Equipier {
    pub fn frame(&self, title: impl Into<String>, current: Menu) -> Frame {
        let base = format!("/{}/equipe", self.territoire.slug);
        let menu = MENU.iter().map(|(menu, path, label)| MenuItem { href: format!("{base}/{path}"), label, is_current: *menu == current });
        let user = User { name: self.nom.clone(), sign_out: format!("/{}/deconnexion", self.territoire.slug) };
        Frame::equipe(title, site(&self.territoire), menu.collect(), user)
    }
}

/// What the frame of a page shows of a territoire.
pub fn site(territoire: &Territoire) -> Site {
    let phone =
        territoire.ligne.telephone.as_ref().map(|text| Phone { text: text.clone(), href: format!("tel:{}", kit::telephone::dial(text)) });
    Site {
        name: territoire.nom.clone(),
        home: format!("/{}", territoire.slug),
        stylesheet: format!("/{}/couleurs.css", territoire.slug),
        phone,
    }
}

impl<S> FromRequestParts<S> for Visite
where
    S: Send + Sync,
    Comptes: FromRef<S>,
{
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        let comptes = Comptes::from_ref(state);
        let params = RawPathParams::from_request_parts(parts, state).await.map_err(|_| Error::NotFound)?;
        let slug = params.iter().find(|(name, _)| *name == "territoire").map(|(_, slug)| slug).ok_or(Error::NotFound)?;
        let territoire = comptes.territoires.find(slug).ok_or(Error::NotFound)?;
        Ok(Self { territoire, now: comptes.clock.now() })
    }
}

impl<S> FromRequestParts<S> for Equipier
where
    S: Send + Sync,
    Comptes: FromRef<S>,
{
    type Rejection = Response;

    /// Without a session: to the sign-in page, and back here afterwards.
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        let comptes = Comptes::from_ref(state);
        let visite = Visite::from_request_parts(parts, state).await.map_err(IntoResponse::into_response)?;
        let found = match read_token(&parts.headers) {
            Some(token) => storage::find_session(&comptes.db, visite.territoire.id, &fingerprint(token), visite.now)
                .await
                .map_err(IntoResponse::into_response)?,
            None => None,
        };
        match found {
            Some(compte) => Ok(Self { territoire: visite.territoire, now: visite.now, compte_id: compte.id, nom: compte.nom }),
            None => {
                let wanted = parts.uri.path_and_query().map(|path| path.as_str()).unwrap_or_default();
                Err(Redirect::to(&format!("/{}/connexion?suite={}", visite.territoire.slug, encode(wanted))).into_response())
            }
        }
    }
}

/// A path made safe inside a query.
fn encode(path: &str) -> String {
    path.bytes()
        .map(
            |byte| {
                if byte.is_ascii_alphanumeric() || b"/-_.".contains(&byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }
            },
        )
        .collect()
}

/// The token of the session cookie.
pub(crate) fn read_token(headers: &HeaderMap) -> Option<&str> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(';'));
    cookies.filter_map(|cookie| cookie.trim().split_once('=')).find(|(name, _)| *name == COOKIE).map(|(_, token)| token)
}

/// What is stored of a token: whoever reads the database cannot sign in with it.
pub(crate) fn fingerprint(token: &str) -> String {
    Sha256::digest(token.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}
