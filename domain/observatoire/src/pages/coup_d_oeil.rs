//! The territory at a glance: every indicator that is about all of it, with women and men, and the same months of the year before.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use comptes::permission::LireChiffres;
use comptes::{Autorise, Equipier, Menu};
use kit::Result;
use ui::{Frame, show};

use super::chiffre::{Chiffre, is_masque};
use super::plage::PlageInput;
use crate::Observatoire;
use crate::indicateurs::lecture::{Source, read_whole};
use crate::indicateurs::{Indicateur, Theme, list_indicateurs};
use crate::storage::cumul::{Plage, catch_up};

/// One line: an indicator over the period.
struct Ligne {
    code: String,
    libelle: String,
    ensemble: String,
    femmes: String,
    hommes: String,
    avant: String,
    evolution: String,
}

#[derive(Template)]
#[template(path = "observatoire/coup_d_oeil.html")]
struct CoupDOeilPage {
    frame: Frame,
    slug: String,
    plage: Plage,
    is_unfinished: bool,
    is_masque: bool,
    /// Facts wait to be counted: the figures are not whole yet.
    is_counting: bool,
    themes: Vec<(Theme, Vec<Ligne>)>,
}

pub async fn show_coup_d_oeil(
    equipier: Autorise<LireChiffres>,
    State(room): State<Observatoire>,
    Query(input): Query<PlageInput>,
) -> Result<Response> {
    let today = equipier.now.day();
    let plage = Plage::read(&input.de, &input.a, today);
    let is_counting = !catch_up(&room.db, equipier.territoire.id).await?;
    let themes = list_themes(&room, &equipier, plage).await?;
    show(&CoupDOeilPage {
        frame: equipier.frame("Observatoire", Menu::Chiffres),
        slug: equipier.territoire.slug.clone(),
        plage,
        is_unfinished: plage.is_unfinished(today),
        is_masque: is_masque(&equipier),
        is_counting,
        themes,
    })
}

async fn list_themes(room: &Observatoire, equipier: &Equipier, plage: Plage) -> Result<Vec<(Theme, Vec<Ligne>)>> {
    let aiguillage = room.aiguillages.get(equipier.territoire.id);
    let source = Source { db: &room.db, territoire: &equipier.territoire, aiguillage: &aiguillage };
    let mut themes = vec![];
    for theme in Theme::ALL {
        let mut lignes = vec![];
        for indicateur in list_indicateurs().iter().filter(|one| one.theme == *theme) {
            lignes.extend(read_ligne(source, indicateur, (plage, is_masque(equipier))).await?);
        }
        if !lignes.is_empty() {
            themes.push((*theme, lignes));
        }
    }
    Ok(themes)
}

/// None for what is only told by need.
async fn read_ligne(source: Source<'_>, indicateur: &Indicateur, (plage, is_masque): (Plage, bool)) -> Result<Option<Ligne>> {
    let Some(now) = read_whole(source, indicateur, plage).await? else { return Ok(None) };
    let before = match indicateur.is_of_today() {
        true => None,
        false => read_whole(source, indicateur, plage.year_before()).await?,
    };
    let (now, before) = (Chiffre::new(indicateur, &now, is_masque), before.map(|one| Chiffre::new(indicateur, &one, is_masque)));
    Ok(Some(Ligne {
        code: indicateur.code.clone(),
        libelle: indicateur.libelle.clone(),
        evolution: before.as_ref().map_or_else(String::new, |before| now.compare(before)),
        avant: before.map_or_else(|| "–".into(), |before| before.say()),
        femmes: now.say_femmes(),
        hommes: now.say_hommes(),
        ensemble: now.say(),
    }))
}
