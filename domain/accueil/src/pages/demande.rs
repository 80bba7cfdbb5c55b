//! « Laisser ma demande »: what a person leaves when nobody is there to answer, or nothing suits.

use askama::Template;
use axum::extract::{Extension, Form, Query, RawQuery, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use comptes::{EnvoiRefuse, PreuveInput, Visite};
use kit::{Appelant, Error, FieldErrors, Id, Result};
use serde::Deserialize;
use territoire::{Referentiel, Territoire};
use ui::{Frame, show, show_with};

use super::droits::keep_private;
use crate::acces::CodeAcces;
use crate::model::{Canal, Finalite, PourQui, Sexe, TrancheAge, Urgence};
use crate::rules::consentement::texte;
use crate::saisie::{Circonstance, DemandeInput};
use crate::{Accueil, acte};
use comptes::rules::preuve::ZEROS;

#[derive(Template)]
#[template(path = "accueil/demande_nouvelle.html")]
struct NouvellePage<'a> {
    frame: Frame,
    territoire: &'a Territoire,
    input: DemandeInput,
    errors: FieldErrors,
    /// What the browser answers by a sum, while the person types.
    defi: String,
    /// Why nothing could be written, the form being right.
    panne: Option<String>,
}

impl NouvellePage<'_> {
    /// « à Rosnay »; empty while the commune is not known.
    fn a_la_commune(&self) -> String {
        Referentiel::get().resolve_code(&self.input.commune).map(|found| found.commune.a()).unwrap_or_default()
    }

    fn texte_consentement(&self) -> String {
        ui::format::typographie(texte(Finalite::Rappel, Canal::Web))
    }
}

pub async fn show_nouvelle(visite: Visite, State(accueil): State<Accueil>, RawQuery(query): RawQuery) -> Result<Response> {
    let mut input = DemandeInput { cle: Id::new(visite.now).to_string(), ..DemandeInput::default() };
    for (name, value) in form_urlencoded::parse(query.unwrap_or_default().as_bytes()) {
        match &*name {
            "commune" => input.commune = value.into_owned(),
            "besoin" => input.besoin = value.into_owned(),
            "tour" => input.tour = value.into_owned(),
            "contraintes" => {
                input.contraintes.push(' ');
                input.contraintes.push_str(&value);
            }
            _ => {}
        }
    }
    Reprise { visite: &visite, accueil: &accueil, input }.show(StatusCode::OK, FieldErrors::default(), None)
}

/// What the form of the page sends.
#[derive(Deserialize)]
pub struct EnvoiInput {
    #[serde(flatten)]
    demande: DemandeInput,
    #[serde(flatten)]
    preuve: PreuveInput,
}

pub async fn create_demande(
    visite: Visite,
    State(accueil): State<Accueil>,
    appelant: Option<Extension<Appelant>>,
    Form(EnvoiInput { demande: input, preuve }): Form<EnvoiInput>,
) -> Result<Response> {
    let circonstance = Circonstance { territoire_id: visite.territoire.id, canal: Canal::Web, now: visite.now, compte_id: None };
    let demande = match input.parse(circonstance) {
        Ok(demande) => demande,
        Err(errors) => return Reprise { visite: &visite, accueil: &accueil, input }.show(StatusCode::UNPROCESSABLE_ENTITY, errors, None),
    };
    let (made_at, appelant) = (accueil.comptes.read_defi(visite.territoire.id, &preuve), appelant.map(|one| one.0).unwrap_or_default());
    if let Err(refusal) = accueil.comptes.gardien.admit(&preuve, (made_at, &appelant), visite.now) {
        let status = match refusal {
            EnvoiRefuse::ARenvoyer => StatusCode::UNPROCESSABLE_ENTITY,
            EnvoiRefuse::TropSouvent(_) => StatusCode::TOO_MANY_REQUESTS,
        };
        return Reprise { visite: &visite, accueil: &accueil, input }.show(status, FieldErrors::default(), Some(refusal.to_string()));
    }
    match acte::record_with_acces(&accueil, demande).await {
        Ok((recorded, code)) => Ok(thank(&visite.territoire.slug, recorded.numero, code.as_ref())),
        Err(Error::Unavailable(cause)) => {
            tracing::error!(%cause, "demande not recorded");
            let panne = "Votre demande n’a pas pu être enregistrée à l’instant. Rien n’est perdu : tout est encore dans cette page. Attendez une minute, puis envoyez à nouveau.";
            let reprise = Reprise { visite: &visite, accueil: &accueil, input };
            reprise.show(StatusCode::SERVICE_UNAVAILABLE, FieldErrors::default(), Some(panne.into()))
        }
        Err(error) => Err(error),
    }
}

/// The secret link goes to the next page in a cookie that only this page receives: an address would leave it in histories and logs.
fn thank(slug: &str, numero: i64, code: Option<&CodeAcces>) -> Response {
    let path = format!("/{slug}/demandes/merci");
    let to = Redirect::to(&format!("{path}?numero={numero}"));
    match code {
        Some(code) => {
            let cookie = format!("{COOKIE}={code}; Path={path}; HttpOnly; SameSite=Lax; Max-Age={LINK_SECONDS}");
            ([(header::SET_COOKIE, cookie)], to).into_response()
        }
        None => to.into_response(),
    }
}

const COOKIE: &str = "maillage_ma_demande";
/// Long enough to read the page and keep the link, short on a computer that others use.
const LINK_SECONDS: u32 = 600;

/// The form with what was typed, whatever sends one back to it.
struct Reprise<'a> {
    visite: &'a Visite,
    accueil: &'a Accueil,
    input: DemandeInput,
}

impl Reprise<'_> {
    fn show(self, status: StatusCode, errors: FieldErrors, panne: Option<String>) -> Result<Response> {
        let Self { visite, accueil, input } = self;
        let defi = accueil.comptes.make_defi(visite.territoire.id, visite.now)?;
        let frame = visite.frame("Laisser ma demande");
        show_with(status, &NouvellePage { frame, territoire: &visite.territoire, input, errors, defi, panne })
    }
}

#[derive(Template)]
#[template(path = "accueil/merci.html")]
struct MerciPage<'a> {
    frame: Frame,
    territoire: &'a Territoire,
    numero: u64,
    /// The secret link, shown once.
    lien: Option<String>,
}

#[derive(Deserialize)]
pub struct MerciInput {
    numero: u64,
}

pub async fn show_merci(visite: Visite, Query(input): Query<MerciInput>, headers: HeaderMap) -> Result<Response> {
    let slug = &visite.territoire.slug;
    let lien = read_code(&headers).map(|code| format!("/{slug}/ma-demande/{code}"));
    let frame = visite.frame("Demande enregistrée");
    show(&MerciPage { frame, territoire: &visite.territoire, numero: input.numero, lien }).map(keep_private)
}

fn read_code(headers: &HeaderMap) -> Option<CodeAcces> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(';'));
    cookies
        .filter_map(|cookie| cookie.trim().split_once('='))
        .find(|(name, _)| *name == COOKIE)
        .and_then(|(_, code)| CodeAcces::parse(code))
}
