//! What has no solution, as work to do: what a new service answers first, then the groups.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use chrono::NaiveDate;
use comptes::permission::LireDemandes;
use comptes::{Autorise, Menu};
use kit::{Id, Result};
use serde::Deserialize;
use ui::{Frame, show};

use crate::Accueil;
use crate::model::Motif;
use crate::mots::{libelle_de_besoin, nom_de_commune};
use crate::sans_solution::Suite;
use crate::sans_solution::rules::{Groupe, Ligne, group, list_levees};
use crate::sans_solution::storage::list_lignes;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct FiltreInput {
    suite: String,
}

#[derive(Template)]
#[template(path = "accueil/sans_solution.html")]
struct SansSolutionPage {
    frame: Frame,
    slug: String,
    suite: Option<Suite>,
    groupes: Vec<Groupe>,
    /// « Les Iris », and how many people to call back.
    levees: Vec<(String, usize)>,
    total: usize,
}

/// Seed 002: « toute demande infructueuse est listée ».
pub async fn show_sans_solution(
    equipier: Autorise<LireDemandes>,
    State(accueil): State<Accueil>,
    Query(input): Query<FiltreInput>,
) -> Result<Response> {
    let all = list_lignes(&accueil.db, equipier.territoire.id).await?;
    let mut demandes: Vec<Id> = all.iter().map(|one| one.demande).collect();
    demandes.sort_unstable();
    demandes.dedup();
    let suite = Suite::from_code(&input.suite);
    let page = SansSolutionPage {
        frame: equipier.frame("Demandes sans solution", Menu::SansSolution),
        slug: equipier.territoire.slug.clone(),
        levees: list_levees(&all).into_iter().map(|(nom, count)| (nom.to_string(), count)).collect(),
        groupes: group(all.into_iter().filter(|one| suite.is_none_or(|suite| one.suite == suite)).collect()),
        suite,
        total: demandes.len(),
    };
    show(&page)
}

/// « novembre 2026 ».
fn say_mois((year, month): (i32, u32)) -> String {
    let day = NaiveDate::from_ymd_opt(year, month, 1).map(ui::format::date).unwrap_or_default();
    day.split_once("1er ").map(|(_, rest)| rest.to_string()).unwrap_or(day)
}

/// Once each: « aucun service ici, trop cher ».
fn say_motifs(groupe: &Groupe) -> String {
    let mut motifs: Vec<&str> = groupe.lignes.iter().filter_map(|one| one.motif.map(Motif::label)).collect();
    motifs.sort_unstable();
    motifs.dedup();
    motifs.join(", ")
}

/// What a line says beside its number; open and out of reach says nothing.
fn say_ligne(ligne: &Ligne) -> String {
    let suite = (ligne.suite != Suite::Ouverte).then(|| ligne.suite.label().to_string());
    let levee = ligne.levee.as_ref().map(|nom| format!("{nom} répond désormais"));
    suite.into_iter().chain(levee).collect::<Vec<_>>().join(", ")
}
