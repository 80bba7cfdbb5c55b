//! « Laisser ma demande »: what a person leaves when nobody is there to answer, or nothing suits.

use askama::Template;
use axum::extract::{Form, Query, RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use comptes::Visite;
use kit::{Error, FieldErrors, Id, Result};
use serde::Deserialize;
use territoire::{Referentiel, Territoire};
use ui::{Frame, show, show_with};

use crate::model::{Canal, PourQui, Sexe, TrancheAge, Urgence};
use crate::saisie::{Circonstance, DemandeInput};
use crate::{Accueil, acte};

#[derive(Template)]
#[template(path = "accueil/demande_nouvelle.html")]
struct NouvellePage<'a> {
    frame: Frame,
    territoire: &'a Territoire,
    input: DemandeInput,
    errors: FieldErrors,
    /// Why nothing could be written, the form being right.
    panne: Option<String>,
}

impl NouvellePage<'_> {
    /// « à Rosnay »; empty while the commune is not known.
    fn a_la_commune(&self) -> String {
        Referentiel::get().resolve_code(&self.input.commune).map(|found| found.commune.a()).unwrap_or_default()
    }
}

pub async fn show_nouvelle(visite: Visite, RawQuery(query): RawQuery) -> Result<Response> {
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
    show(&NouvellePage {
        frame: visite.frame("Laisser ma demande"),
        territoire: &visite.territoire,
        input,
        errors: FieldErrors::default(),
        panne: None,
    })
}

pub async fn create_demande(visite: Visite, State(accueil): State<Accueil>, Form(input): Form<DemandeInput>) -> Result<Response> {
    let circonstance = Circonstance { territoire_id: visite.territoire.id, canal: Canal::Web, now: visite.now, compte_id: None };
    let demande = match input.parse(circonstance) {
        Ok(demande) => demande,
        Err(errors) => return show_again(&visite, input, errors, StatusCode::UNPROCESSABLE_ENTITY, None),
    };
    match acte::record(&accueil, demande, &[]).await {
        Ok(recorded) => Ok(Redirect::to(&format!("/{}/demandes/merci?numero={}", visite.territoire.slug, recorded.numero)).into_response()),
        Err(Error::Unavailable(cause)) => {
            tracing::error!(%cause, "demande not recorded");
            let panne = "Votre demande n’a pas pu être enregistrée à l’instant. Rien n’est perdu : tout est encore dans cette page. Attendez une minute, puis envoyez à nouveau.";
            show_again(&visite, input, FieldErrors::default(), StatusCode::SERVICE_UNAVAILABLE, Some(panne.into()))
        }
        Err(error) => Err(error),
    }
}

fn show_again(visite: &Visite, input: DemandeInput, errors: FieldErrors, status: StatusCode, panne: Option<String>) -> Result<Response> {
    show_with(status, &NouvellePage { frame: visite.frame("Laisser ma demande"), territoire: &visite.territoire, input, errors, panne })
}

#[derive(Template)]
#[template(path = "accueil/merci.html")]
struct MerciPage<'a> {
    frame: Frame,
    territoire: &'a Territoire,
    numero: u64,
}

#[derive(Deserialize)]
pub struct MerciInput {
    numero: u64,
}

pub async fn show_merci(visite: Visite, Query(input): Query<MerciInput>) -> Result<Response> {
    show(&MerciPage { frame: visite.frame("Demande enregistrée"), territoire: &visite.territoire, numero: input.numero })
}
