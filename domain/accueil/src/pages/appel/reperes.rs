//! Where the coordination writes what is said and what is known on the line.

use annuaire::besoin::{Besoin, Taxonomie};
use askama::Template;
use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use comptes::permission::TenirAnnuaire;
use comptes::{Autorise, Equipier, Menu};
use kit::{Error, FieldErrors, Result};
use serde::Deserialize;
use ui::{Frame, show_with};

use crate::Accueil;
use crate::model::NatureRepere;
use crate::mots::libelle_de_besoin;
use crate::storage::reperes::{self, Repere, list_reperes};

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct RepereInput {
    nature: String,
    besoin: String,
    texte: String,
}

#[derive(Template)]
#[template(path = "accueil/reperes.html")]
struct ReperesPage {
    frame: Frame,
    slug: String,
    reperes: Vec<Repere>,
    input: RepereInput,
    errors: FieldErrors,
}

impl ReperesPage {
    fn besoins(&self) -> impl Iterator<Item = &'static Besoin> {
        Taxonomie::get().iter()
    }

    /// « à dire », « à savoir : portage de repas ».
    fn quand(&self, repere: &Repere) -> String {
        let nature = NatureRepere::from_code(&repere.nature).map(NatureRepere::label).unwrap_or_default();
        if repere.besoin.is_empty() { nature.to_string() } else { format!("{nature} : {}", libelle_de_besoin(&repere.besoin)) }
    }
}

pub async fn show_reperes(equipier: Autorise<TenirAnnuaire>, State(accueil): State<Accueil>) -> Result<Response> {
    show_page(&equipier, &accueil, (StatusCode::OK, FieldErrors::default()), RepereInput::default()).await
}

async fn show_page(
    equipier: &Equipier,
    accueil: &Accueil,
    (status, errors): (StatusCode, FieldErrors),
    input: RepereInput,
) -> Result<Response> {
    let reperes = list_reperes(&accueil.db, equipier.territoire.id).await?;
    let frame = equipier.frame("Repères de l’appel", Menu::Appel);
    show_with(status, &ReperesPage { frame, slug: equipier.territoire.slug.clone(), reperes, input, errors })
}

const TEXTE_MAXIMUM: usize = 500;

pub async fn create_repere(
    equipier: Autorise<TenirAnnuaire>,
    State(accueil): State<Accueil>,
    Form(input): Form<RepereInput>,
) -> Result<Response> {
    let mut errors = FieldErrors::default();
    let texte = input.texte.trim();
    if texte.is_empty() || texte.chars().count() > TEXTE_MAXIMUM {
        errors.add("texte", format!("Écrivez une phrase, de {TEXTE_MAXIMUM} caractères au plus."));
    }
    let nature = NatureRepere::from_code(&input.nature);
    if nature.is_none() {
        errors.add("nature", "Dites si c’est à dire ou à savoir.");
    }
    let is_besoin = input.besoin.is_empty() || Taxonomie::get().find(&input.besoin).is_some();
    if !is_besoin {
        errors.add("besoin", "Ce besoin n’est pas dans la liste.");
    }
    let Some(nature) = nature.filter(|_| errors.is_empty()) else {
        return show_page(&equipier, &accueil, (StatusCode::UNPROCESSABLE_ENTITY, errors), input).await;
    };
    // What is said is said in every call.
    let besoin = if nature == NatureRepere::Note { input.besoin.as_str() } else { "" };
    reperes::insert_repere(&accueil.db, (equipier.territoire.id, equipier.now), nature, (besoin, texte)).await?;
    Ok(back(&equipier))
}

pub async fn delete_repere(
    equipier: Autorise<TenirAnnuaire>,
    State(accueil): State<Accueil>,
    Path((_, id)): Path<(String, String)>,
) -> Result<Response> {
    if reperes::delete_repere(&accueil.db, equipier.territoire.id, id.parse()?).await? { Ok(back(&equipier)) } else { Err(Error::NotFound) }
}

fn back(equipier: &Equipier) -> Response {
    Redirect::to(&format!("/{}/equipe/appel/reperes", equipier.territoire.slug)).into_response()
}
