//! Signing in and out, and the colours of a territoire.

use askama::Template;
use axum::extract::{Form, Query, State};
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use kit::{Id, Result};
use serde::Deserialize;
use ui::{Frame, show_with};

use crate::acces::{navigateur_cookie, poste_cookie, read_cookie, session_cookie, write_cookie};
use crate::courrier::Entete;
use crate::model::Moyen;
use crate::rules::session::{DUREE, Etat, NAVIGATEUR};
use crate::secret::{fingerprint, new_token};
use crate::storage::{Navigateur, NouvelleSession};
use crate::{Comptes, Visite, storage};

#[derive(Template)]
#[template(path = "connexion.html")]
struct ConnexionPage {
    frame: Frame,
    slug: String,
    courriel: String,
    suite: String,
    refus: Option<String>,
    /// A link may be asked for.
    envoie: bool,
    has_cles: bool,
    /// The name of the identity provider.
    fournisseur: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ConnexionInput {
    pub courriel: String,
    pub mot_de_passe: String,
    pub suite: String,
}

pub async fn show_connexion(visite: Visite, State(comptes): State<Comptes>, Query(input): Query<ConnexionInput>) -> Result<Response> {
    show_page((&visite, &comptes), ConnexionInput { suite: input.suite, ..Default::default() }, None)
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
        return show_page((&visite, &comptes), input, Some((StatusCode::TOO_MANY_REQUESTS, refus)));
    }
    let known = storage::find_secret(&comptes.db, territoire, &courriel).await?;
    let (compte, stored) = known.map_or((None, None), |(compte, stored)| (Some(compte), Some(stored)));
    let is_right = comptes.verify(input.mot_de_passe.clone(), stored).await?;
    let Some(compte) = compte.filter(|_| is_right) else {
        comptes.essais.count(&brake, visite.now);
        return show_page((&visite, &comptes), input, Some((StatusCode::UNPROCESSABLE_ENTITY, REFUS.to_string())));
    };
    comptes.essais.forgive(&brake);
    let cookies = open_session(&comptes, &visite, &Preuve::simple(compte, Moyen::MotDePasse), &headers).await?;
    Ok((cookies, Redirect::to(&safe_suite(&visite.territoire.slug, &input.suite))).into_response())
}

/// The page, with why nobody came in when that is so.
pub fn show_page((visite, comptes): (&Visite, &Comptes), input: ConnexionInput, refus: Option<(StatusCode, String)>) -> Result<Response> {
    let (status, refus) = refus.map_or((StatusCode::OK, None), |(status, refus)| (status, Some(refus)));
    let page = ConnexionPage {
        frame: visite.frame("Connexion de l’équipe"),
        slug: visite.territoire.slug.clone(),
        courriel: input.courriel,
        suite: input.suite,
        refus,
        envoie: comptes.envoie(),
        has_cles: comptes.exterieur().is_some(),
        fournisseur: comptes.fournisseur().map(|fournisseur| fournisseur.nom().to_string()),
    };
    show_with(status, &page)
}

/// How somebody has just shown who they are.
pub struct Preuve<'a> {
    pub compte: Id,
    pub moyen: Moyen,
    /// Both proofs at once.
    pub is_forte: bool,
    /// What the identity provider wants back at sign-out.
    pub jeton: &'a str,
}

impl Preuve<'_> {
    pub fn simple(compte: Id, moyen: Moyen) -> Self {
        Self { compte, moyen, is_forte: false, jeton: "" }
    }
}

pub type Cookies = AppendHeaders<[(HeaderName, String); 2]>;

/// A new session, whatever cookie came in: nobody signs in with a token that somebody else knew. Gives its cookies.
pub async fn open_session(comptes: &Comptes, visite: &Visite, preuve: &Preuve<'_>, headers: &HeaderMap) -> Result<Cookies> {
    let (territoire, slug) = (visite.territoire.id, &visite.territoire.slug);
    let is_poste = match read_cookie(headers, &poste_cookie(slug)) {
        Some(token) => storage::is_poste(&comptes.db, territoire, &fingerprint(token)).await?,
        None => false,
    };
    let token = new_token()?;
    let session = NouvelleSession {
        empreinte: &fingerprint(&token),
        appareil: name_appareil(headers),
        etat: Etat { opened_at: visite.now, seen_at: visite.now, is_poste },
        moyen: preuve.moyen,
        has_prouve: preuve.is_forte,
        jeton: preuve.jeton,
    };
    storage::insert_session(&comptes.db, (territoire, preuve.compte), &session, &comptes.coffre).await?;
    let navigateur = recognise_navigateur(comptes, visite, preuve, headers).await?;
    Ok(AppendHeaders([(header::SET_COOKIE, write_cookie(&session_cookie(slug), &token, DUREE)), (header::SET_COOKIE, navigateur)]))
}

/// Tells the owner of an account when it is opened from a browser it was never opened from. Gives the cookie of this one.
async fn recognise_navigateur(comptes: &Comptes, visite: &Visite, preuve: &Preuve<'_>, headers: &HeaderMap) -> Result<String> {
    let name = navigateur_cookie(&visite.territoire.slug);
    let token = match read_cookie(headers, &name).filter(|token| token.len() == 64) {
        Some(token) => token.to_string(),
        None => new_token()?,
    };
    let tx = comptes.db.begin().await?;
    let whose = (visite.territoire.id, preuve.compte);
    let known = storage::mark_navigateur(&tx, whose, (&fingerprint(&token), visite.now)).await?;
    // Whoever has just been invited expects it; a thief may be the first one too.
    let is_expected = known == Navigateur::Premier && preuve.moyen == Moyen::Invitation;
    if known != Navigateur::Connu && !is_expected {
        let (appareil, moyen, wall) = (name_appareil(headers), preuve.moyen.label(), visite.now.paris());
        let quand = format!("le {} à {}", ui::format::date(wall.date()), ui::format::heure(wall));
        let quoi = format!("Une personne est entrée avec votre compte {quand}, depuis un navigateur nouveau ({appareil}), par {moyen}.");
        comptes.write_avis(&tx, Entete { territoire: &visite.territoire, now: visite.now }, preuve.compte, &quoi).await?;
    }
    tx.commit().await?;
    Ok(write_cookie(&name, &token, NAVIGATEUR))
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

#[derive(Template)]
#[template(path = "deconnexion.html")]
struct DeconnexionPage {
    frame: Frame,
    fournisseur: String,
    lien: String,
}

/// Signs out; at the identity provider's too when it is the one that vouched.
pub async fn delete_session(visite: Visite, State(comptes): State<Comptes>, headers: HeaderMap) -> Result<Response> {
    let (territoire, name) = (&visite.territoire, session_cookie(&visite.territoire.slug));
    let found = match read_cookie(&headers, &name) {
        Some(token) => storage::find_session(&comptes.db, territoire.id, &fingerprint(token)).await?,
        None => None,
    };
    let mut jeton = None;
    if let Some(entree) = found {
        jeton = storage::find_jeton(&comptes.db, &comptes.coffre, territoire.id, entree.session_id).await?;
        storage::close_session(&comptes.db, territoire.id, entree.compte_id, entree.session_id).await?;
    }
    // Afterwards: a provider that does not answer keeps nothing open here.
    let ailleurs = match jeton {
        Some(jeton) => find_sortie(&comptes, &visite, &jeton).await,
        None => None,
    };
    let cookie = [(header::SET_COOKIE, write_cookie(&name, "", 0))];
    let Some((fournisseur, lien)) = ailleurs else {
        return Ok((cookie, Redirect::to(&format!("/{}", territoire.slug))).into_response());
    };
    // Our content security policy lets no form lead elsewhere, even by a redirection: the page goes on by itself.
    let refresh = (HeaderName::from_static("refresh"), format!("0;url={lien}"));
    let page = DeconnexionPage { frame: visite.frame("Déconnexion"), fournisseur, lien };
    Ok((cookie, AppendHeaders([refresh, (header::REFERRER_POLICY, "no-referrer".into())]), show_with(StatusCode::OK, &page)?)
        .into_response())
}

/// The name of the provider that vouched for a session, and where it is told that it ends.
async fn find_sortie(comptes: &Comptes, visite: &Visite, jeton: &str) -> Option<(String, String)> {
    let (fournisseur, exterieur) = (comptes.fournisseur()?, comptes.exterieur()?);
    let back = format!("{}/{}", exterieur.origine, visite.territoire.slug);
    let lien = fournisseur.sign_out(jeton, &back).await?;
    Some((fournisseur.nom().to_string(), lien.to_string()))
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
