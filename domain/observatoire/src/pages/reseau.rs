//! The figures that the territoires share, for whoever reads figures; and for the administration, whether to share.

use accueil::Issue;
use accueil::mots::libelle_de_besoin;
use askama::Template;
use axum::extract::{Form, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use chrono::Datelike;
use comptes::permission::{LireChiffres, ReglerTerritoire};
use comptes::{Autorise, Droit, Menu};
use kit::Result;
use kit::journal::{self, Acte};
use serde::Deserialize;
use ui::{Frame, show};

use super::chiffre::say_effectif;
use crate::Observatoire;
use crate::reseau::{Partage, find_annee, list_partages_of};
use crate::storage::reseau::{list_partages, update_partage};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct AnneeInput {
    annee: String,
}

#[derive(Template)]
#[template(path = "observatoire/reseau.html")]
struct ReseauPage {
    frame: Frame,
    slug: String,
    annee: i32,
    annees: Vec<i32>,
    partages: Vec<Partage>,
    /// Since when this territoire shares.
    depuis: Option<String>,
    decide: bool,
}

/// As far back as it is offered to look.
const ANNEES: usize = 5;

pub async fn show_reseau(
    equipier: Autorise<LireChiffres>,
    State(room): State<Observatoire>,
    Query(input): Query<AnneeInput>,
) -> Result<Response> {
    let today = equipier.now.day();
    let annee = find_annee(&input.annee, today)?;
    let consenting = list_partages(&room.db).await?;
    let since = consenting.into_iter().find(|(id, _)| *id == equipier.territoire.id).map(|(_, since)| since);
    show(&ReseauPage {
        frame: equipier.frame("Chiffres du réseau", Menu::Chiffres),
        slug: equipier.territoire.slug.clone(),
        annee,
        annees: (1..).take(ANNEES).map(|ago| today.year() - ago).collect(),
        partages: list_partages_of(&room.db, &room.comptes.territoires, annee).await?,
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
