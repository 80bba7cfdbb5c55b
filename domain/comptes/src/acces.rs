//! The person acting and where: what each handler takes first, and what lets it run.

use std::marker::PhantomData;
use std::ops::Deref;
use std::sync::Arc;

use axum::extract::{FromRef, FromRequestParts, RawPathParams};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use kit::routes::{Acces, Porte};
use kit::{Error, Failure, Id, Instant};
use territoire::Territoire;
use ui::{Frame, Phone, Site};

use crate::model::{Droit, Moyen, Role};
use crate::permission::Permission;
use crate::rules::droits::{allows, reads_personnes};
use crate::secret::fingerprint;
use crate::{Comptes, SecondFacteur, storage};

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
    pub session_id: Id,
    pub nom: String,
    pub roles: Vec<Role>,
    /// How and when this session was opened.
    pub(crate) ouverture: (Moyen, Instant),
    /// A second proof is still to be shown: until then, only the page that asks for it opens.
    pub(crate) must_prove: bool,
}

/// Somebody of the team who holds permission `P`: the only way to be given an [`Equipier`].
#[derive(Clone, Debug)]
pub struct Autorise<P> {
    equipier: Equipier,
    permission: PhantomData<fn() -> P>,
}

impl<P> Deref for Autorise<P> {
    type Target = Equipier;

    fn deref(&self) -> &Equipier {
        &self.equipier
    }
}

impl Porte for Visite {
    fn acces() -> Acces {
        Acces::Tous
    }
}

impl<P: Permission> Porte for Autorise<P> {
    fn acces() -> Acces {
        match (P::DROIT, P::SIEN) {
            (None, _) => Acces::Equipe,
            (Some(droit), None) => Acces::Droit(droit.code()),
            (Some(droit), Some(sien)) => Acces::Objet { droit: droit.code(), sien: sien.code() },
        }
    }
}

impl Visite {
    pub fn frame(&self, title: impl Into<String>) -> Frame {
        Frame::public(title, site(&self.territoire))
    }
}

/// For how long coming in is itself a fresh proof of who one is.
const FRAICHE: i64 = 15 * 60;

impl Equipier {
    /// Came in a moment ago by another proof than a password: does not have to give a password that was perhaps forgotten.
    pub(crate) fn has_just_proved(&self) -> bool {
        let (moyen, opened_at) = self.ouverture;
        moyen != Moyen::MotDePasse && self.now < opened_at.plus_seconds(FRAICHE)
    }

    pub fn can(&self, droit: Droit) -> bool {
        allows(&self.roles, droit)
    }
}

/// What the frame of a page shows of a territoire.
pub fn site(territoire: &Territoire) -> Site {
    let phone =
        territoire.ligne.telephone.as_ref().map(|text| Phone { text: text.clone(), href: format!("tel:{}", kit::telephone::dial(text)) });
    Site {
        name: territoire.nom.clone(),
        logo: territoire.logo.as_ref().map(|empreinte| format!("/{}/logo?{empreinte}", territoire.slug)),
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
        let territoire = comptes.territoires.find(slug).ok_or_else(|| explain_absence(&comptes, slug))?;
        Ok(Self { territoire, now: comptes.clock.now() })
    }
}

/// A territoire that has left says so, and what to do instead, as long as what it held is kept.
fn explain_absence(comptes: &Comptes, slug: &str) -> Error {
    let Some(ferme) = comptes.territoires.find_ferme(slug) else { return Error::NotFound };
    let instead = match &ferme.ligne.telephone {
        Some(telephone) => format!("Pour une demande, appelez le {telephone}."),
        None => "Pour une demande, adressez-vous à votre mairie.".to_string(),
    };
    Error::Gone("Ce site a fermé.", format!("Ce territoire a quitté Maillage : {}. {instead}", ferme.nom))
}

impl<S, P> FromRequestParts<S> for Autorise<P>
where
    S: Send + Sync,
    P: Permission,
    Comptes: FromRef<S>,
{
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        let comptes = Comptes::from_ref(state);
        let visite = Visite::from_request_parts(parts, state).await.map_err(IntoResponse::into_response)?;
        let Some(equipier) = comptes.recognise(&visite, &parts.headers).await.map_err(IntoResponse::into_response)? else {
            return Err(ask_to_sign_in(&visite, parts));
        };
        if P::DROIT.is_some_and(|droit| !equipier.can(droit) && !P::SIEN.is_some_and(|sien| equipier.can(sien))) {
            return Err(Error::Forbidden.into_response());
        }
        if equipier.must_prove && !P::AVANT_PREUVE {
            return Err(ask_second_proof(&visite, parts));
        }
        Ok(Self { equipier, permission: PhantomData })
    }
}

impl Comptes {
    /// Who holds the session of these headers; none when it is unknown, closed, or idle for too long.
    async fn recognise(&self, visite: &Visite, headers: &HeaderMap) -> kit::Result<Option<Equipier>> {
        let (territoire, now) = (visite.territoire.clone(), visite.now);
        let Some(token) = read_cookie(headers, &session_cookie(&territoire.slug)) else { return Ok(None) };
        let Some(entree) = storage::find_session(&self.db, territoire.id, &fingerprint(token)).await? else { return Ok(None) };
        if !entree.etat.is_open(now) {
            return Ok(None);
        }
        if entree.etat.must_be_seen(now) {
            storage::touch_session(&self.db, territoire.id, entree.session_id, now).await?;
        }
        let is_asked = self.second_facteur == SecondFacteur::Exige && entree.roles.iter().any(|role| reads_personnes(*role));
        let must_prove = !entree.has_prouve && (entree.has_totp || is_asked);
        let (compte_id, session_id, ouverture) = (entree.compte_id, entree.session_id, (entree.moyen, entree.etat.opened_at));
        Ok(Some(Equipier { territoire, now, compte_id, session_id, nom: entree.nom, roles: entree.roles, ouverture, must_prove }))
    }
}

/// A page leads to the sign-in page, and back afterwards. What was typed in a form is not thrown away:
/// the browser still holds it, and sends it again once one has signed in beside.
fn ask_to_sign_in(visite: &Visite, parts: &Parts) -> Response {
    let slug = &visite.territoire.slug;
    if parts.method != Method::GET {
        let detail = format!(
            "Votre session est terminée et rien n’est enregistré. Connectez-vous dans un autre onglet (/{slug}/connexion), \
             puis actualisez cette page-ci : votre saisie sera renvoyée."
        );
        return Failure::new(StatusCode::UNAUTHORIZED, "Il faut se reconnecter.", detail).into_response();
    }
    let wanted = parts.uri.path_and_query().map(|path| path.as_str()).unwrap_or_default();
    Redirect::to(&format!("/{slug}/connexion?suite={}", encode(wanted))).into_response()
}

/// To the page that asks for the second proof, and back afterwards.
fn ask_second_proof(visite: &Visite, parts: &Parts) -> Response {
    let wanted = if parts.method == Method::GET { parts.uri.path_and_query().map(|path| path.as_str()).unwrap_or_default() } else { "" };
    Redirect::to(&format!("/{}/equipe/second-facteur?suite={}", visite.territoire.slug, encode(wanted))).into_response()
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

/// The cookie of a session: `__Host-` binds it to this very host, over https or on this machine.
pub(crate) fn session_cookie(slug: &str) -> String {
    format!("__Host-maillage-{slug}")
}

/// The cookie by which a declared post is known.
pub(crate) fn poste_cookie(slug: &str) -> String {
    format!("__Host-maillage-poste-{slug}")
}

/// The cookie by which a browser that already signed in is known.
pub(crate) fn navigateur_cookie(slug: &str) -> String {
    format!("__Host-maillage-navigateur-{slug}")
}

/// The cookie that ties the second half of a sign-in to the browser that began it.
pub(crate) fn ceremonie_cookie(slug: &str) -> String {
    format!("__Host-maillage-ceremonie-{slug}")
}

/// What `Set-Cookie` says; 0 second takes the cookie away.
pub(crate) fn write_cookie(name: &str, value: &str, seconds: i64) -> String {
    format!("{name}={value}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age={seconds}")
}

pub(crate) fn read_cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(';'));
    cookies.filter_map(|cookie| cookie.trim().split_once('=')).find(|(known, _)| *known == name).map(|(_, value)| value)
}
