//! The territory at a glance: every indicator that is about all of it, with women and men, beside the months it is compared with.

use std::collections::BTreeMap;

use annuaire::besoin::{Besoin, Taxonomie};
use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use comptes::permission::LireChiffres;
use comptes::{Autorise, Equipier, Menu};
use kit::Result;
use territoire::Commune;
use ui::{Frame, show};

use super::chiffre::Lecteur;
use super::comparee::Comparee;
use super::plage::PlageInput;
use crate::Observatoire;
use crate::indicateurs::lecture::{Source, read_whole};
use crate::indicateurs::objectif::Objectif;
use crate::indicateurs::{Indicateur, Theme, list_indicateurs};
use crate::rules::comparaison::Comparaison;
use crate::storage::cible::list_objectifs;

/// One line: an indicator over the period.
struct Ligne {
    code: String,
    libelle: String,
    comparee: Comparee,
    /// « au plus 10,0 % d’ici juin 2027 — atteint ».
    objectif: Option<String>,
}

#[derive(Template)]
#[template(path = "observatoire/coup_d_oeil.html")]
struct CoupDOeilPage {
    frame: Frame,
    slug: String,
    comparaison: Comparaison,
    is_unfinished: bool,
    /// The years that are published, for those who read nothing else.
    annees: Option<Vec<i32>>,
    /// Facts wait to be counted: the figures are not whole yet.
    is_counting: bool,
    themes: Vec<(Theme, Vec<Ligne>)>,
    familles: Vec<(&'static str, Vec<&'static Besoin>)>,
    communes: Vec<&'static Commune>,
}

pub async fn show_coup_d_oeil(
    equipier: Autorise<LireChiffres>,
    State(room): State<Observatoire>,
    Query(input): Query<PlageInput>,
) -> Result<Response> {
    let today = equipier.now.day();
    let lecteur = Lecteur::open(&room, &equipier, &input).await?;
    let comparaison = lecteur.comparaison;
    let themes = list_themes(&room, &equipier, &lecteur).await?;
    let taxonomie = Taxonomie::get();
    let mut communes: Vec<&'static Commune> = equipier.territoire.list_communes().collect();
    communes.sort_by(|one, other| one.nom.cmp(&other.nom));
    show(&CoupDOeilPage {
        frame: equipier.frame("Observatoire", Menu::Chiffres),
        slug: equipier.territoire.slug.clone(),
        comparaison,
        is_unfinished: comparaison.plage.is_unfinished(today),
        is_counting: lecteur.is_counting,
        annees: lecteur.annees,
        themes,
        familles: taxonomie.familles().map(|famille| (&*famille.libelle, taxonomie.list_by_famille(famille.rang))).collect(),
        communes,
    })
}

async fn list_themes(room: &Observatoire, equipier: &Equipier, lecteur: &Lecteur) -> Result<Vec<(Theme, Vec<Ligne>)>> {
    let aiguillage = room.aiguillages.get(equipier.territoire.id);
    let source = lecteur.source(room, (equipier, &aiguillage));
    let objectifs = list_objectifs(&room.db, equipier.territoire.id).await?;
    let mut themes = vec![];
    for theme in Theme::ALL {
        let mut lignes = vec![];
        for indicateur in list_indicateurs().iter().filter(|one| one.theme == *theme) {
            lignes.extend(read_ligne(source, (indicateur, lecteur.comparaison), (equipier, &objectifs)).await?);
        }
        if !lignes.is_empty() {
            themes.push((*theme, lignes));
        }
    }
    Ok(themes)
}

/// None for what is only told by need.
async fn read_ligne(
    source: Source<'_>,
    (indicateur, comparaison): (&Indicateur, Comparaison),
    (equipier, objectifs): (&Equipier, &BTreeMap<String, Objectif>),
) -> Result<Option<Ligne>> {
    let Some(now) = read_whole(source, indicateur, comparaison.plage).await? else { return Ok(None) };
    let before = match indicateur.is_of_today() {
        true => None,
        false => read_whole(source, indicateur, comparaison.avant).await?,
    };
    let comparee = Comparee::new(indicateur, (&now, before.as_ref()), &comparaison);
    let objectif = objectifs.get(&indicateur.code).map(|objectif| {
        let phrase = objectif.say(indicateur.unite);
        let atteinte = objectif.judge((indicateur.unite, comparee.now.valeurs()[0]), equipier.now.day());
        atteinte.map_or_else(|| phrase.clone(), |atteinte| format!("{phrase} — {}", atteinte.label()))
    });
    Ok(Some(Ligne { code: indicateur.code.clone(), libelle: indicateur.libelle.clone(), comparee, objectif }))
}
