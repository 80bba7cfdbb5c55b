//! The print run of a book: how many copies, and what the print shop asked.

use askama::Template;
use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use comptes::permission::TenirAnnuaire;
use comptes::{Autorise, Equipier, Menu};
use kit::argent::type_cents;
use kit::{Error, FieldErrors, Result};
use sea_orm::ConnectionTrait;
use serde::Deserialize;
use territoire::Territoire;
use ui::{Frame, show_with};

use super::diffusion_address;
use crate::Repertoire;
use crate::contenu::{find_imprime, need_edition};
use crate::distribution::rules::compte::{Compte, count};
use crate::distribution::rules::mouvement::check_tirage;
use crate::distribution::rules::saisie::read_tirage;
use crate::distribution::storage::{lock, read_suivi, save_tirage};
use crate::model::Edition;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct TirageInput {
    exemplaires: String,
    cout: String,
}

#[derive(Template)]
#[template(path = "repertoire/tirage.html")]
struct TiragePage {
    frame: Frame,
    base: String,
    edition: Edition,
    livret: Compte,
    input: TirageInput,
    errors: FieldErrors,
}

async fn need_livret((db, territoire): (&impl ConnectionTrait, &Territoire), edition: &Edition, code: &str) -> Result<Compte> {
    let bilan = count(&read_suivi(db, territoire.id, edition.id).await?, territoire);
    bilan.find(code).cloned().ok_or(Error::NotFound)
}

pub async fn show_tirage(
    equipier: Autorise<TenirAnnuaire>,
    State(room): State<Repertoire>,
    Path((_, id, bassin)): Path<(String, String, String)>,
) -> Result<Response> {
    let edition = need_edition(&room.db, equipier.territoire.id, &id).await?;
    let territoire = find_imprime(&room.db, &equipier.territoire, &edition).await?;
    let livret = need_livret((room.db.read(), &territoire), &edition, &bassin).await?;
    let exemplaires = Some(livret.tirage.exemplaires).filter(|copies| *copies > 0).map(|copies| copies.to_string());
    let input = TirageInput { exemplaires: exemplaires.unwrap_or_default(), cout: livret.tirage.cout.map(type_cents).unwrap_or_default() };
    respond(&equipier, (edition, livret), (input, FieldErrors::default()))
}

fn respond(equipier: &Equipier, (edition, livret): (Edition, Compte), (input, errors): (TirageInput, FieldErrors)) -> Result<Response> {
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let (frame, base) = (equipier.frame("Tirage", Menu::Repertoire), diffusion_address(equipier, edition.id));
    show_with(status, &TiragePage { frame, base, edition, livret, input, errors })
}

/// Not less than what is already out.
pub async fn update_tirage(
    equipier: Autorise<TenirAnnuaire>,
    State(room): State<Repertoire>,
    Path((_, id, bassin)): Path<(String, String, String)>,
    Form(input): Form<TirageInput>,
) -> Result<Response> {
    let territoire = equipier.territoire.id;
    let edition = need_edition(&room.db, territoire, &id).await?;
    let imprime = find_imprime(&room.db, &equipier.territoire, &edition).await?;
    let tx = room.db.begin().await?;
    if !lock(&tx, territoire, edition.id, None).await? {
        return Err(Error::NotFound);
    }
    let livret = need_livret((&tx, &imprime), &edition, &bassin).await?;
    let read = read_tirage(&input.exemplaires, &input.cout).and_then(|tirage| {
        let mut errors = FieldErrors::default();
        check_tirage(&livret, tirage.exemplaires).map_err(|why| errors.add("exemplaires", why.to_string())).ok();
        if errors.is_empty() { Ok(tirage) } else { Err(errors) }
    });
    match read {
        Ok(tirage) => {
            save_tirage(&tx, territoire, edition.id, (&livret.code, tirage)).await?;
            tx.commit().await?;
            Ok(Redirect::to(&format!("{}#livrets", diffusion_address(&equipier, edition.id))).into_response())
        }
        Err(errors) => {
            tx.rollback().await?;
            respond(&equipier, (edition, livret), (input, errors))
        }
    }
}
