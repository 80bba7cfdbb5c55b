//! A part of the book: its title, its sentence, its needs and its place.

use annuaire::besoin::{Besoin, Taxonomie};
use askama::Template;
use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use comptes::permission::TenirAnnuaire;
use comptes::{Autorise, Equipier, Menu};
use kit::{Error, FieldErrors, Result};
use ui::{Frame, show_with};

use super::address;
use super::edition::{begin_ouverte, refuse_figee};
use crate::Repertoire;
use crate::contenu::need_edition;
use crate::model::{Edition, Rubrique};
use crate::rules::saisie::{place_rubrique, read_rubrique};
use crate::storage::edition::{list_rubriques, save_rubriques};

/// In addresses: a part that is not yet.
const NOUVELLE: &str = "nouvelle";

#[derive(Template)]
#[template(path = "repertoire/rubrique.html")]
struct RubriquePage {
    frame: Frame,
    base: String,
    edition: Edition,
    /// Its place among the others, or « nouvelle ».
    rang: String,
    is_nouvelle: bool,
    rubrique: Rubrique,
    place: String,
    familles: Vec<(&'static Besoin, Vec<&'static Besoin>)>,
    errors: FieldErrors,
}

impl RubriquePage {
    /// Whether something is ticked in a family.
    fn is_open(&self, famille: &Besoin, besoins: &[&Besoin]) -> bool {
        self.holds(famille) || besoins.iter().any(|one| self.holds(one))
    }

    fn holds(&self, besoin: &Besoin) -> bool {
        self.rubrique.besoins.iter().any(|code| **code == *besoin.code)
    }
}

/// Where a part is among those of the edition; none for a new one.
fn read_rang(rang: &str, rubriques: &[Rubrique]) -> Result<Option<usize>> {
    if rang == NOUVELLE {
        return Ok(None);
    }
    let place = rang.parse::<usize>().ok().and_then(|rang| rang.checked_sub(1)).filter(|rang| *rang < rubriques.len());
    place.map(Some).ok_or(Error::NotFound)
}

pub async fn show_rubrique(
    equipier: Autorise<TenirAnnuaire>,
    State(room): State<Repertoire>,
    Path((_, id, rang)): Path<(String, String, String)>,
) -> Result<Response> {
    let edition = need_edition(&room.db, equipier.territoire.id, &id).await?;
    let rubriques = list_rubriques(&room.db, equipier.territoire.id, edition.id).await?;
    let known = read_rang(&rang, &rubriques)?;
    let rubrique = known.and_then(|at| rubriques.get(at).cloned()).unwrap_or_default();
    let place = known.unwrap_or(rubriques.len()) + 1;
    respond(&equipier, edition, (rang, rubrique, place.to_string()), FieldErrors::default())
}

fn respond(
    equipier: &Equipier,
    edition: Edition,
    (rang, rubrique, place): (String, Rubrique, String),
    errors: FieldErrors,
) -> Result<Response> {
    let taxonomie = Taxonomie::get();
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = RubriquePage {
        frame: equipier.frame("Rubrique du répertoire", Menu::Repertoire),
        base: address(equipier, edition.id),
        is_nouvelle: rang == NOUVELLE,
        edition,
        rang,
        rubrique,
        place,
        familles: taxonomie.familles().map(|famille| (famille, taxonomie.list_by_famille(famille.rang))).collect(),
        errors,
    };
    show_with(status, &page)
}

pub async fn update_rubrique(
    equipier: Autorise<TenirAnnuaire>,
    State(room): State<Repertoire>,
    Path((_, id, rang)): Path<(String, String, String)>,
    Form(champs): Form<Vec<(String, String)>>,
) -> Result<Response> {
    let territoire = equipier.territoire.id;
    let edition = need_edition(&room.db, territoire, &id).await?;
    refuse_figee(&edition)?;
    let rubriques = list_rubriques(&room.db, territoire, edition.id).await?;
    let known = read_rang(&rang, &rubriques)?;
    let one = |name: &str| champs.iter().find(|(field, _)| field == name).map(|(_, value)| value.clone()).unwrap_or_default();
    let besoins: Vec<String> = champs.iter().filter(|(field, _)| field == "besoins").map(|(_, code)| code.clone()).collect();
    let (titre, phrase, place) = (one("titre"), one("phrase"), one("place"));
    let read = read_rubrique((&titre, &phrase, &place), besoins.clone());
    let typed = || (rang.clone(), Rubrique { titre: titre.clone(), phrase: phrase.clone(), besoins: besoins.clone() }, place.clone());
    let wanted = match read {
        Ok(wanted) => wanted,
        Err(errors) => return respond(&equipier, edition, typed(), errors),
    };
    let Some(rubriques) = place_rubrique(rubriques, known, wanted) else {
        let mut errors = FieldErrors::default();
        errors.add("titre", "le livre a déjà vingt-six rubriques : réunissez-en deux");
        return respond(&equipier, edition, typed(), errors);
    };
    let tx = begin_ouverte(&room, territoire, &edition).await?;
    save_rubriques(&tx, territoire, edition.id, &rubriques).await?;
    tx.commit().await?;
    Ok(Redirect::to(&format!("{}#rubriques", address(&equipier, edition.id))).into_response())
}

pub async fn delete_rubrique(
    equipier: Autorise<TenirAnnuaire>,
    State(room): State<Repertoire>,
    Path((_, id, rang)): Path<(String, String, String)>,
) -> Result<Response> {
    let territoire = equipier.territoire.id;
    let edition = need_edition(&room.db, territoire, &id).await?;
    refuse_figee(&edition)?;
    let mut rubriques = list_rubriques(&room.db, territoire, edition.id).await?;
    let known = read_rang(&rang, &rubriques)?.ok_or(Error::NotFound)?;
    rubriques.remove(known);
    let tx = begin_ouverte(&room, territoire, &edition).await?;
    save_rubriques(&tx, territoire, edition.id, &rubriques).await?;
    tx.commit().await?;
    Ok(Redirect::to(&format!("{}#rubriques", address(&equipier, edition.id))).into_response())
}
