//! The second proof: set up once with a telephone, then asked for at each sign-in.

use askama::Template;
use axum::extract::{Form, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use base64ct::{Base64UrlUnpadded, Encoding};
use kit::Result;
use kit::coffre::Place;
use kit::journal::{self, Acte};
use kit::secret::random;
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
use crate::{Autorise, Comptes, Equipier, Menu, storage};

/// What a telephone needs, the first time.
struct Installation {
    svg: String,
    texte: String,
    /// The secret shown, sealed: it comes back with the code.
    propose: String,
}

#[derive(Template)]
#[template(path = "second_facteur.html")]
struct SecondFacteurPage {
    frame: Frame,
    slug: String,
    suite: String,
    /// None once a telephone is set.
    installation: Option<Installation>,
    /// Nothing can be set from here.
    is_closed: bool,
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
    propose: String,
    suite: String,
}

/// The telephone that is set, or the one that is proposed.
struct Telephone {
    generateur: Generateur,
    /// The last step used; none while it is only proposed.
    pas: Option<i64>,
    secret: String,
}

/// What a proposed secret is tied to: this session, so that nobody else can have looked at it before.
fn place(equipier: &Equipier) -> Place {
    Place { table: "comptes_totp", colonne: "propose", territoire: equipier.territoire.id, id: equipier.session_id }
}

impl Comptes {
    /// The telephone of an account; a new secret is proposed when there is none, or the one that this session was shown.
    async fn find_telephone(&self, equipier: &Equipier, propose: &str) -> Result<Telephone> {
        let totp = storage::find_totp(&self.db, &self.coffre, equipier.territoire.id, equipier.compte_id).await?;
        let (secret, pas) = match totp {
            Some(totp) => (totp.secret, Some(totp.pas)),
            None => match self.coffre.open(place(equipier), propose) {
                Ok(secret) => (secret, None),
                Err(_) => (draw_secret()?, None),
            },
        };
        let bytes = Base64UrlUnpadded::decode_vec(&secret).map_err(|error| anyhow::anyhow!("second factor: {error}"))?;
        let names = (equipier.territoire.nom.as_str(), equipier.nom.as_str());
        let generateur = Generateur::new(&bytes, names).ok_or_else(|| anyhow::anyhow!("second factor"))?;
        Ok(Telephone { generateur, pas, secret })
    }

    /// Whether a passkey already guards this account: a weaker entry then does not set a telephone, the key does.
    async fn is_guarded_by_key(&self, equipier: &Equipier) -> Result<bool> {
        let cles = storage::list_cles(&self.db, equipier.territoire.id, equipier.compte_id).await?;
        Ok(equipier.must_prove && !cles.is_empty())
    }
}

fn draw_secret() -> Result<String> {
    Ok(Base64UrlUnpadded::encode_string(&random::<SECRET>()?))
}

const CLE: &str =
    "Ce compte a une clé d’accès : déconnectez-vous, puis entrez avec elle. Vous l’avez perdue ? L’administration peut la retirer.";

pub async fn show_second_facteur(
    equipier: Autorise<DonnerPreuve>,
    State(comptes): State<Comptes>,
    Query(input): Query<CodeInput>,
) -> Result<Response> {
    let telephone = comptes.find_telephone(&equipier, "").await?;
    let refus = (telephone.pas.is_none() && comptes.is_guarded_by_key(&equipier).await?).then(|| (StatusCode::OK, CLE.to_string()));
    show_page((&comptes, &equipier), &telephone, (input.suite, refus))
}

fn show_page(
    (comptes, equipier): (&Comptes, &Equipier),
    telephone: &Telephone,
    (suite, refus): (String, Option<(StatusCode, String)>),
) -> Result<Response> {
    let (status, refus) = refus.map_or((StatusCode::OK, None), |(status, refus)| (status, Some(refus)));
    let is_closed = refus.as_deref() == Some(CLE);
    let installation = match telephone.pas {
        None if !is_closed => Some(Installation {
            svg: draw(&telephone.generateur.url()),
            texte: telephone.generateur.texte(),
            propose: comptes.coffre.seal(place(equipier), &telephone.secret)?,
        }),
        _ => None,
    };
    let page = SecondFacteurPage {
        frame: equipier.frame("Second facteur", Menu::MonCompte),
        slug: equipier.territoire.slug.clone(),
        suite,
        installation,
        is_closed,
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
    let telephone = comptes.find_telephone(&equipier, &input.propose).await?;
    let refuse =
        |status, refus: &str| show_page((&comptes, &equipier), &telephone, (input.suite.clone(), Some((status, refus.to_string()))));
    let brake = format!("{territoire} {compte}");
    if let Some(again) = comptes.essais.until(&brake, now) {
        return refuse(StatusCode::TOO_MANY_REQUESTS, &format!("Trop d’essais. Recommencez à {}.", ui::format::heure(again.paris())));
    }
    if telephone.pas.is_none() && comptes.is_guarded_by_key(&equipier).await? {
        return refuse(StatusCode::UNPROCESSABLE_ENTITY, CLE);
    }
    let tx = comptes.db.begin().await?;
    let by_telephone = match telephone.generateur.check(&input.code, now, telephone.pas.unwrap_or_default()) {
        Some(pas) if telephone.pas.is_none() => {
            storage::insert_totp(&tx, &comptes.coffre, (territoire, compte), (&telephone.secret, pas, now)).await?
        }
        Some(pas) => storage::use_pas(&tx, (territoire, compte), pas).await?,
        None => false,
    };
    let by_paper = !by_telephone
        && telephone.pas.is_some()
        && storage::use_secours(&tx, (territoire, compte), &fingerprint(&read_secours(&input.code))).await?;
    if !by_telephone && !by_paper {
        drop(tx);
        comptes.essais.count(&brake, now);
        return refuse(StatusCode::UNPROCESSABLE_ENTITY, REFUS);
    }
    comptes.essais.forgive(&brake);
    let codes = if telephone.pas.is_some() { vec![] } else { draw_secours()? };
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
    (0..SECOURS).map(|_| Ok(write_secours(random()?))).collect()
}
