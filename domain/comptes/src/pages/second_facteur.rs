//! The second proof: set up once with a telephone, then asked for at each sign-in.

use askama::Template;
use axum::extract::{Form, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use base64ct::{Base64UrlUnpadded, Encoding};
use kit::journal::{self, Acte};
use kit::{Error, Result};
use qrcode::QrCode;
use qrcode::render::svg;
use serde::Deserialize;
use ui::{Frame, show_with};

use super::connexion::safe_suite;
use crate::acces::{session_cookie, write_cookie};
use crate::courrier::Entete;
use crate::permission::DonnerPreuve;
use crate::rules::second_facteur::{Generateur, SECOURS, SECRET, read_secours, write_secours};
use crate::rules::session::DUREE;
use crate::secret::{fingerprint, new_token};
use crate::storage::Totp;
use crate::{Autorise, Comptes, Equipier, Menu, storage};

/// What a telephone needs, the first time.
struct Installation {
    svg: String,
    texte: String,
}

#[derive(Template)]
#[template(path = "second_facteur.html")]
struct SecondFacteurPage {
    frame: Frame,
    slug: String,
    suite: String,
    /// None once a telephone is set.
    installation: Option<Installation>,
    refus: Option<String>,
}

#[derive(Template)]
#[template(path = "secours.html")]
struct SecoursPage {
    frame: Frame,
    suite: String,
    codes: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct CodeInput {
    code: String,
    suite: String,
}

/// The telephone of an account; a secret is drawn the first time.
async fn find_or_draw(comptes: &Comptes, equipier: &Equipier) -> Result<(Totp, Generateur)> {
    let who = (equipier.territoire.id, equipier.compte_id);
    if storage::find_totp(&comptes.db, &comptes.coffre, who.0, who.1).await?.is_none() {
        let mut random = [0_u8; SECRET];
        getrandom::fill(&mut random).map_err(|error| anyhow::anyhow!("random: {error}"))?;
        storage::insert_totp(&comptes.db, &comptes.coffre, who, &Base64UrlUnpadded::encode_string(&random)).await?;
    }
    let totp = storage::find_totp(&comptes.db, &comptes.coffre, who.0, who.1).await?.ok_or(Error::NotFound)?;
    let secret = Base64UrlUnpadded::decode_vec(&totp.secret).map_err(|error| anyhow::anyhow!("second factor: {error}"))?;
    let generateur = Generateur::new(&secret, (&equipier.territoire.nom, &equipier.nom)).ok_or_else(|| anyhow::anyhow!("second factor"))?;
    Ok((totp, generateur))
}

pub async fn show_second_facteur(
    equipier: Autorise<DonnerPreuve>,
    State(comptes): State<Comptes>,
    Query(input): Query<CodeInput>,
) -> Result<Response> {
    let (totp, generateur) = find_or_draw(&comptes, &equipier).await?;
    show_page(&equipier, (&totp, &generateur), (input.suite, None))
}

fn show_page(
    equipier: &Equipier,
    (totp, generateur): (&Totp, &Generateur),
    (suite, refus): (String, Option<(StatusCode, String)>),
) -> Result<Response> {
    let (status, refus) = refus.map_or((StatusCode::OK, None), |(status, refus)| (status, Some(refus)));
    let installation = (!totp.is_confirme).then(|| Installation { svg: draw(&generateur.url()), texte: generateur.texte() });
    let page = SecondFacteurPage {
        frame: equipier.frame("Second facteur", Menu::MonCompte),
        slug: equipier.territoire.slug.clone(),
        suite,
        installation,
        refus,
    };
    Ok(([(header::CACHE_CONTROL, "no-store")], show_with(status, &page)?).into_response())
}

/// Black on white, whatever the theme: telephones read nothing else surely.
fn draw(url: &str) -> String {
    let drawn = QrCode::new(url).map(|code| code.render::<svg::Color>().min_dimensions(220, 220).build()).unwrap_or_default();
    // Inside a page, the prologue of an XML file has no place.
    drawn.find("<svg").and_then(|start| drawn.get(start..)).unwrap_or_default().to_string()
}

const REFUS: &str = "Ce code n’est pas le bon, ou il a déjà servi. Attendez le suivant, ou tapez un code de secours.";

pub async fn create_preuve(
    equipier: Autorise<DonnerPreuve>,
    State(comptes): State<Comptes>,
    Form(input): Form<CodeInput>,
) -> Result<Response> {
    let (territoire, compte, now) = (equipier.territoire.id, equipier.compte_id, equipier.now);
    let (totp, generateur) = find_or_draw(&comptes, &equipier).await?;
    let brake = format!("{territoire} {compte}");
    if let Some(again) = comptes.essais.until(&brake, now) {
        let refus = format!("Trop d’essais. Recommencez à {}.", ui::format::heure(again.paris()));
        return show_page(&equipier, (&totp, &generateur), (input.suite, Some((StatusCode::TOO_MANY_REQUESTS, refus))));
    }
    let tx = comptes.db.begin().await?;
    let by_telephone = match generateur.check(&input.code, now, totp.pas) {
        Some(pas) => storage::use_pas(&tx, (territoire, compte), pas, now).await?,
        None => false,
    };
    let by_paper = !by_telephone
        && totp.is_confirme
        && storage::use_secours(&tx, (territoire, compte), &fingerprint(&read_secours(&input.code))).await?;
    if !by_telephone && !by_paper {
        drop(tx);
        comptes.essais.count(&brake, now);
        return show_page(&equipier, (&totp, &generateur), (input.suite, Some((StatusCode::UNPROCESSABLE_ENTITY, REFUS.into()))));
    }
    comptes.essais.forgive(&brake);
    let codes = if totp.is_confirme { vec![] } else { draw_secours()? };
    if !codes.is_empty() {
        let kept: Vec<String> = codes.iter().map(|code| fingerprint(&read_secours(code))).collect();
        storage::replace_secours(&tx, (territoire, compte), &kept).await?;
    }
    if by_paper || !codes.is_empty() {
        let what = if by_paper { "connexion par un code de secours" } else { "mise en place du second facteur" };
        journal::record(&tx, territoire, now, &Acte { auteur: Some(compte), acte: what, objet: ("compte", compte), detail: "" }).await?;
    }
    if !codes.is_empty() {
        let entete = Entete { territoire: &equipier.territoire, now };
        comptes
            .write_avis(&tx, entete, compte, "Un téléphone vient d’être associé à votre compte : son code sera demandé à chaque entrée.")
            .await?;
    }
    let token = new_token()?;
    storage::raise_session(&tx, territoire, equipier.session_id, &fingerprint(&token)).await?;
    tx.commit().await?;
    let slug = &equipier.territoire.slug;
    let cookie = [(header::SET_COOKIE, write_cookie(&session_cookie(slug), &token, DUREE))];
    let suite = safe_suite(slug, &input.suite);
    if codes.is_empty() {
        return Ok((cookie, Redirect::to(&suite)).into_response());
    }
    let page = SecoursPage { frame: equipier.frame("Codes de secours", Menu::MonCompte), suite, codes };
    Ok((cookie, [(header::CACHE_CONTROL, "no-store")], show_with(StatusCode::OK, &page)?).into_response())
}

fn draw_secours() -> Result<Vec<String>> {
    let draw = |_| {
        let mut random = [0_u8; 10];
        getrandom::fill(&mut random).map_err(|error| anyhow::anyhow!("random: {error}"))?;
        Ok(write_secours(random))
    };
    (0..SECOURS).map(draw).collect()
}
