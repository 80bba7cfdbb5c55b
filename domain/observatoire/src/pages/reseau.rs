//! The figures that the territoires share, for whoever reads figures; and for the administration, whether to share.

use accueil::Issue;
use accueil::mots::libelle_de_besoin;
use askama::Template;
use axum::extract::{Form, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use comptes::permission::{LireChiffres, ReglerTerritoire};
use comptes::{Autorise, Droit, Menu};
use kit::Result;
use kit::journal::{self, Acte};
use serde::Deserialize;
use ui::{Frame, show};

use crate::Observatoire;
use crate::reseau::{Partage, find_trimestre, list_partages_of};
use crate::rules::secret;
use crate::rules::trimestre::Trimestre;
use crate::storage::reseau::{list_partages, update_partage};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct TrimestreInput {
    trimestre: String,
}

#[derive(Template)]
#[template(path = "observatoire/reseau.html")]
struct ReseauPage {
    frame: Frame,
    slug: String,
    trimestre: Trimestre,
    trimestres: Vec<Trimestre>,
    partages: Vec<Partage>,
    /// Since when this territoire shares.
    depuis: Option<String>,
    decide: bool,
}

/// Two years of quarters.
const TRIMESTRES: usize = 8;

pub async fn show_reseau(
    equipier: Autorise<LireChiffres>,
    State(room): State<Observatoire>,
    Query(input): Query<TrimestreInput>,
) -> Result<Response> {
    let today = equipier.now.day();
    let trimestre = find_trimestre(&input.trimestre, today)?;
    let consenting = list_partages(&room.db).await?;
    let since = consenting.into_iter().find(|(id, _)| *id == equipier.territoire.id).map(|(_, since)| since);
    show(&ReseauPage {
        frame: equipier.frame("Chiffres du réseau", Menu::Chiffres),
        slug: equipier.territoire.slug.clone(),
        trimestre,
        trimestres: std::iter::successors(Some(Trimestre::last_over(today)), |one| Some(one.before())).take(TRIMESTRES).collect(),
        partages: list_partages_of(&room.db, &room.comptes.territoires, trimestre).await?,
        depuis: since.map(|since| ui::format::date(since.day())),
        decide: equipier.can(Droit::ReglerTerritoire),
    })
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct PartageInput {
    /// « oui » shares; anything else stops.
    partage: String,
}

/// It acts at once, on what was already published too.
pub async fn update_consentement(
    equipier: Autorise<ReglerTerritoire>,
    State(room): State<Observatoire>,
    Form(input): Form<PartageInput>,
) -> Result<Response> {
    let territoire = equipier.territoire.id;
    let is_shared = input.partage == "oui";
    let what =
        if is_shared { "accord pour partager les chiffres avec le réseau" } else { "retrait de l’accord de partage des chiffres" };
    let tx = room.db.begin().await?;
    update_partage(&tx, territoire, is_shared.then_some(equipier.now)).await?;
    let acte = Acte { auteur: Some(equipier.compte_id), acte: what, objet: ("territoire", territoire), detail: "" };
    journal::record(&tx, territoire, equipier.now, &acte).await?;
    tx.commit().await?;
    Ok(Redirect::to(&format!("/{}/equipe/reseau", equipier.territoire.slug)).into_response())
}
