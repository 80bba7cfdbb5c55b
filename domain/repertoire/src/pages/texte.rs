//! A page that the territoire writes, with what it looks like beside it.

use askama::Template;
use axum::extract::{Form, Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use comptes::permission::TenirAnnuaire;
use comptes::{Autorise, Equipier, Menu};
use kit::{Error, FieldErrors, Result};
use serde::Deserialize;
use ui::format::typographie;
use ui::{Frame, show_with};

use super::edition::{begin_ouverte, refuse_figee};
use super::livre::write_adresse;
use super::{address, answer_unfinished};
use crate::Repertoire;
use crate::apercu::{Cherche, Vue};
use crate::contenu::{Contenu, need_edition};
use crate::model::{Edition, NaturePage, PageEditoriale};
use crate::rules::blocs::read_blocs;
use crate::rules::saisie::read_page;
use crate::storage::edition::{list_pages, save_pages};

#[derive(Template)]
#[template(path = "repertoire/texte.html")]
struct TextePage {
    frame: Frame,
    base: String,
    edition: Edition,
    page: PageEditoriale,
    errors: FieldErrors,
    /// Once it is asked: the pages as they print.
    vue: Option<Vue>,
}

impl TextePage {
    /// Where this page is.
    fn ici(&self) -> String {
        format!("{}/textes/{}", self.base, self.page.nature.code())
    }

    fn blocs(&self) -> Vec<(bool, Vec<String>)> {
        read_blocs(&typographie(&self.page.texte))
    }
}

fn read_nature(code: &str) -> Result<NaturePage> {
    NaturePage::from_code(code).ok_or(Error::NotFound)
}

pub async fn show_texte(
    equipier: Autorise<TenirAnnuaire>,
    State(room): State<Repertoire>,
    Path((_, id, nature)): Path<(String, String, String)>,
) -> Result<Response> {
    let nature = read_nature(&nature)?;
    let edition = need_edition(&room.db, equipier.territoire.id, &id).await?;
    let pages = list_pages(&room.db, equipier.territoire.id, edition.id).await?;
    let empty = || PageEditoriale { nature, titre: nature.label().into(), texte: String::new() };
    let page = pages.into_iter().find(|one| one.nature == nature).unwrap_or_else(empty);
    respond(&equipier, edition, page, (FieldErrors::default(), None))
}

fn respond(equipier: &Equipier, edition: Edition, page: PageEditoriale, (errors, vue): (FieldErrors, Option<Vue>)) -> Result<Response> {
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let base = address(equipier, edition.id);
    show_with(status, &TextePage { frame: equipier.frame(page.nature.label(), Menu::Repertoire), base, edition, page, errors, vue })
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct TexteInput {
    titre: String,
    texte: String,
}

impl TexteInput {
    /// As it was typed.
    fn keep(self, nature: NaturePage) -> PageEditoriale {
        PageEditoriale { nature, titre: self.titre, texte: self.texte }
    }
}

/// The pages of a text as it is typed; nothing is written down.
pub async fn preview_texte(
    equipier: Autorise<TenirAnnuaire>,
    State(room): State<Repertoire>,
    Path((slug, id, nature)): Path<(String, String, String)>,
    headers: HeaderMap,
    Form(input): Form<TexteInput>,
) -> Result<Response> {
    let nature = read_nature(&nature)?;
    let edition = need_edition(&room.db, equipier.territoire.id, &id).await?;
    refuse_figee(&edition)?;
    let page = match read_page(nature, &input.titre, &input.texte) {
        Ok(page) => page,
        Err(errors) => return Ok(answer_unfinished(&headers, respond(&equipier, edition, input.keep(nature), (errors, None))?)),
    };
    let mut contenu = Contenu::read(&room.db, &equipier.territoire, edition).await?.with_logos(&room.db).await?;
    contenu.pages.retain(|one| one.nature != nature);
    contenu.pages.push(page);
    contenu.pages.sort_by_key(|one| one.nature);
    let adresse = write_adresse(&room, &slug);
    let vue = contenu.look(Cherche::Texte(nature), (&adresse, equipier.now)).await?;
    respond(&equipier, contenu.edition, input.keep(nature), (FieldErrors::default(), Some(vue)))
}

pub async fn update_texte(
    equipier: Autorise<TenirAnnuaire>,
    State(room): State<Repertoire>,
    Path((_, id, nature)): Path<(String, String, String)>,
    Form(input): Form<TexteInput>,
) -> Result<Response> {
    let (nature, territoire) = (read_nature(&nature)?, equipier.territoire.id);
    let edition = need_edition(&room.db, territoire, &id).await?;
    refuse_figee(&edition)?;
    let page = match read_page(nature, &input.titre, &input.texte) {
        Ok(page) => page,
        Err(errors) => return respond(&equipier, edition, input.keep(nature), (errors, None)),
    };
    let tx = begin_ouverte(&room, territoire, &edition).await?;
    save_pages(&tx, territoire, edition.id, &[page]).await?;
    tx.commit().await?;
    Ok(Redirect::to(&format!("{}/textes/{}", address(&equipier, edition.id), nature.code())).into_response())
}
