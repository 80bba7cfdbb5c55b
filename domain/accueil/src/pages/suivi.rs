//! « Suivre ma demande »: six characters read over the telephone, and the last four digits of one's number, open the page of the
//! secret link. A code that is wrong and one that does not exist get the same answer.

use askama::Template;
use axum::extract::{Extension, Form, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use comptes::Visite;
use kit::{Appelant, Result};
use serde::Deserialize;
use territoire::Territoire;
use ui::{Frame, show_with};

use super::droits::keep_private;
use crate::{Accueil, suivi};

#[derive(Template)]
#[template(path = "accueil/suivi.html")]
struct SuiviPage<'a> {
    frame: Frame,
    territoire: &'a Territoire,
    input: SuiviInput,
    refus: Option<String>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct SuiviInput {
    code: String,
    chiffres: String,
}

fn show(visite: &Visite, input: SuiviInput, (status, refus): (StatusCode, Option<String>)) -> Result<Response> {
    let page = SuiviPage { frame: visite.frame("Suivre ma demande"), territoire: &visite.territoire, input, refus };
    show_with(status, &page).map(keep_private)
}

pub async fn show_suivi(visite: Visite) -> Result<Response> {
    show(&visite, SuiviInput::default(), (StatusCode::OK, None))
}

pub async fn open_suivi(
    visite: Visite,
    State(accueil): State<Accueil>,
    appelant: Option<Extension<Appelant>>,
    Form(input): Form<SuiviInput>,
) -> Result<Response> {
    let appelant = appelant.map(|one| one.0).unwrap_or_default();
    if let Err(again) = accueil.freins.admit(visite.territoire.id, &appelant, visite.now) {
        let heure = ui::format::heure(again.paris());
        let refus = format!("Trop d’essais. Recommencez à {heure}, ou appelez la ligne avec votre code.");
        return show(&visite, input, (StatusCode::TOO_MANY_REQUESTS, Some(refus)));
    }
    match suivi::open(&accueil, visite.territoire.id, (&input.code, &input.chiffres), visite.now).await? {
        Some(lien) => {
            accueil.freins.forgive(&appelant);
            Ok(keep_private(Redirect::to(&format!("/{}/ma-demande/{lien}", visite.territoire.slug)).into_response()))
        }
        None => {
            let refus = "Ce code et ces chiffres n’ouvrent aucune demande. Relisez-les : ni zéro ni O, ni 1 ni I ni L.".to_string();
            show(&visite, input, (StatusCode::UNPROCESSABLE_ENTITY, Some(refus)))
        }
    }
}
