//! The territory at a glance: every indicator that is about all of it, with women and men, and the same months of the year before.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use comptes::permission::LireChiffres;
use comptes::{Autorise, Equipier, Menu};
use kit::Result;
use serde::Deserialize;
use ui::{Frame, show};

use super::chiffre::{Chiffre, Lecteur};
use crate::Observatoire;
use crate::indicateurs::lecture::{Source, read_whole};
use crate::indicateurs::{Indicateur, Theme, list_indicateurs};
use crate::storage::cumul::Plage;

/// Months, as an address says them: `de=2026-01&a=2026-06`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct PlageInput {
    pub de: String,
    pub a: String,
}

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
    /// The years that are published, for those who read nothing else.
    annees: Option<Vec<i32>>,
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
    let lecteur = Lecteur::open(&room, &equipier, &input).await?;
    let themes = list_themes(&room, &equipier, &lecteur).await?;
    show(&CoupDOeilPage {
        frame: equipier.frame("Observatoire", Menu::Chiffres),
        slug: equipier.territoire.slug.clone(),
        plage: lecteur.plage,
        is_unfinished: lecteur.plage.is_unfinished(today),
        is_counting: lecteur.is_counting,
        annees: lecteur.annees,
        themes,
    })
}

async fn list_themes(room: &Observatoire, equipier: &Equipier, lecteur: &Lecteur) -> Result<Vec<(Theme, Vec<Ligne>)>> {
    let aiguillage = room.aiguillages.get(equipier.territoire.id);
    let source = Source { db: &room.db, territoire: &equipier.territoire, aiguillage: &aiguillage, comptes: lecteur.comptes() };
    let mut themes = vec![];
    for theme in Theme::ALL {
        let mut lignes = vec![];
        for indicateur in list_indicateurs().iter().filter(|one| one.theme == *theme) {
            lignes.extend(read_ligne(source, indicateur, lecteur.plage).await?);
        }
        if !lignes.is_empty() {
            themes.push((*theme, lignes));
        }
    }
    Ok(themes)
}

/// None for what is only told by need.
async fn read_ligne(source: Source<'_>, indicateur: &Indicateur, plage: Plage) -> Result<Option<Ligne>> {
    let Some(now) = read_whole(source, indicateur, plage).await? else { return Ok(None) };
    let before = match indicateur.is_of_today() {
        true => None,
        false => read_whole(source, indicateur, plage.year_before()).await?,
    };
    let (now, before) = (Chiffre::new(indicateur, &now), before.map(|one| Chiffre::new(indicateur, &one)));
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
