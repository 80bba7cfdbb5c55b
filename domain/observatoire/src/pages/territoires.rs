//! Territoires side by side: the indicators of a year that each of them has published, for whoever reads figures. Anybody could do the
//! same with the public files; nothing that is not published enters it, not even of one's own territoire.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use chrono::Datelike;
use comptes::permission::LireChiffres;
use comptes::{Autorise, Menu};
use kit::Result;
use serde::Deserialize;
use territoire::Territoire;
use ui::{Frame, show};

use super::chiffre::Chiffre;
use crate::Observatoire;
use crate::indicateurs::lecture::{Comptes, Source, read_whole};
use crate::indicateurs::{Indicateur, Theme, list_indicateurs};
use crate::publication::Publication;
use crate::rules::mois::Plage;
use crate::storage::publication::find_publication;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct AnneeInput {
    annee: String,
}

/// An indicator, and its figure in each territoire.
struct Ligne {
    code: &'static str,
    libelle: &'static str,
    valeurs: Vec<String>,
}

#[derive(Template)]
#[template(path = "observatoire/territoires.html")]
struct TerritoiresPage {
    frame: Frame,
    slug: String,
    annee: i32,
    annees: Vec<i32>,
    /// Those that have published that year, ours first: slug, name.
    territoires: Vec<(String, String)>,
    themes: Vec<(Theme, Vec<Ligne>)>,
}

/// As far back as it is offered to look.
const ANNEES: i32 = 5;

pub async fn show_territoires(
    equipier: Autorise<LireChiffres>,
    State(room): State<Observatoire>,
    Query(input): Query<AnneeInput>,
) -> Result<Response> {
    let last = equipier.now.day().year() - 1;
    let annee = input.annee.parse().unwrap_or(last).clamp(2000, last);
    let mut known = vec![];
    for territoire in room.comptes.territoires.list().iter() {
        if let Some(publiee) = find_publication(&room.db, territoire.id, annee).await? {
            known.push((territoire.clone(), BTreeMap::from([(annee, publiee.publication)])));
        }
    }
    known.sort_by_key(|(one, _)| (one.id != equipier.territoire.id, one.nom.clone()));
    let mut themes: Vec<(Theme, Vec<Ligne>)> = vec![];
    for indicateur in list_indicateurs().iter().filter(|one| one.is_publishable()) {
        let mut valeurs = vec![];
        for (territoire, published) in &known {
            valeurs.push(read(&room, (territoire, published), (indicateur, annee), equipier.now).await?);
        }
        let ligne = Ligne { code: &indicateur.code, libelle: &indicateur.libelle, valeurs };
        match themes.last_mut().filter(|(theme, _)| *theme == indicateur.theme) {
            Some((_, lignes)) => lignes.push(ligne),
            None => themes.push((indicateur.theme, vec![ligne])),
        }
    }
    show(&TerritoiresPage {
        frame: equipier.frame("Comparer les territoires", Menu::Chiffres),
        slug: equipier.territoire.slug.clone(),
        annee,
        annees: (0..ANNEES).map(|ago| last - ago).collect(),
        territoires: known.iter().map(|(one, _)| (one.slug.clone(), one.nom.clone())).collect(),
        themes,
    })
}

async fn read(
    room: &Observatoire,
    (territoire, published): (&Territoire, &BTreeMap<i32, Publication>),
    (indicateur, annee): (&Indicateur, i32),
    now: kit::Instant,
) -> Result<String> {
    let aiguillage = room.aiguillages.get(territoire.id);
    let source = Source { db: &room.db, territoire, aiguillage: &aiguillage, now, comptes: Comptes::Publies(published) };
    let result = read_whole(source, indicateur, Plage::whole_year(annee)).await?;
    Ok(result.map_or_else(|| "–".into(), |one| Chiffre::new(indicateur, &one).say()))
}
