//! Who changed what in a record, when, and the way back.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use comptes::Droit;
use kit::{Error, Id, Instant, Result};
use serde::Deserialize;
use ui::{Frame, show};

use super::{find, main, menu};
use crate::Annuaire;
use crate::acces::StructureTenue;
use crate::acte::{Main, describe, describe_version, mend};
use crate::fiche::{Fiche, compare};
use crate::retour::revoke;
use crate::storage::historique::{Cause, PAGE, Version, find_version, list_versions};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct PageInput {
    page: u32,
}

/// A save, in words.
struct Ligne {
    id: String,
    quand: Instant,
    auteur: String,
    cause: &'static str,
    changements: Vec<String>,
    /// Whether there is a record of before to come back to.
    is_revocable: bool,
}

#[derive(Template)]
#[template(path = "annuaire/historique.html")]
struct HistoriquePage {
    frame: Frame,
    base: String,
    nom: String,
    lignes: Vec<Ligne>,
    page: u32,
    now: Instant,
}

impl HistoriquePage {
    fn is_full(&self) -> bool {
        self.lignes.len() == PAGE as usize
    }
}

fn base(tenue: &StructureTenue) -> String {
    format!("/{}/equipe/structures/{}", tenue.territoire.slug, tenue.structure)
}

pub async fn show_historique(tenue: StructureTenue, State(annuaire): State<Annuaire>, Query(input): Query<PageInput>) -> Result<Response> {
    let nom = find(&annuaire, &tenue).await?.fiche.structure.nom;
    let versions = list_versions(&annuaire.db, tenue.territoire.id, tenue.structure, input.page).await?;
    show(&HistoriquePage {
        frame: tenue.frame(format!("Historique de {nom}"), menu(&tenue)),
        base: base(&tenue),
        nom,
        lignes: versions.iter().map(|version| describe_line(version, &tenue)).collect(),
        page: input.page,
        now: tenue.now,
    })
}

fn describe_line(version: &Version, tenue: &StructureTenue) -> Ligne {
    let said = describe_version(version, &tenue.territoire);
    Ligne {
        id: version.id.to_string(),
        quand: version.at,
        auteur: said.auteur,
        cause: version.cause.label(),
        changements: said.changements,
        is_revocable: version.avant.is_some(),
    }
}

#[derive(Template)]
#[template(path = "annuaire/retour.html")]
struct RetourPage {
    frame: Frame,
    base: String,
    version: String,
    quand: String,
    changements: Vec<String>,
}

async fn find_avant(annuaire: &Annuaire, tenue: &StructureTenue, named: &str) -> Result<(Version, Fiche)> {
    let version = find_version(&annuaire.db, tenue.territoire.id, (tenue.structure, named.parse()?)).await?.ok_or(Error::NotFound)?;
    let mut avant = version.avant.clone().ok_or(Error::NotFound)?;
    avant.settle_lieux();
    Ok((version, avant))
}

/// What coming back would change, before it is done.
pub async fn show_retour(
    tenue: StructureTenue,
    State(annuaire): State<Annuaire>,
    Path((_, _, named)): Path<(String, String, String)>,
) -> Result<Response> {
    let (version, avant) = find_avant(&annuaire, &tenue, &named).await?;
    let known = find(&annuaire, &tenue).await?.fiche;
    let changements = compare(Some(&known), Some(&avant));
    show(&RetourPage {
        frame: tenue.frame("Revenir en arrière", menu(&tenue)),
        base: base(&tenue),
        version: named,
        quand: ui::format::moment(&version.at, &tenue.now),
        changements: changements.iter().map(|one| describe(one, (&known, &avant), &tenue.territoire)).collect(),
    })
}

/// A merge comes apart whole: the other record stands again. Whoever keeps one structure only does not do that for two.
async fn unmerge(annuaire: &Annuaire, tenue: &StructureTenue, fusion: Id) -> Result<Response> {
    if !tenue.can(Droit::TenirAnnuaire) {
        return Err(Error::Forbidden);
    }
    let bilan = revoke(annuaire, Main { cause: Cause::Annulation, ..main(tenue) }, fusion).await?;
    if !bilan.laissees.is_empty() {
        return Err(Error::Conflict("Cette fiche a changé depuis la fusion : revenez d’abord sur ces changements.".into()));
    }
    Ok(Redirect::to(&format!("{}/historique", base(tenue))).into_response())
}

pub async fn create_retour(
    tenue: StructureTenue,
    State(annuaire): State<Annuaire>,
    Path((_, _, named)): Path<(String, String, String)>,
) -> Result<Response> {
    let (version, avant) = find_avant(&annuaire, &tenue, &named).await?;
    if let Some(fusion) = version.lot.filter(|_| version.cause == Cause::Fusion) {
        return unmerge(&annuaire, &tenue, fusion).await;
    }
    let known = find(&annuaire, &tenue).await?;
    if !mend(&annuaire, Main { cause: Cause::Annulation, ..main(&tenue) }, (&known, &avant)).await? {
        return Err(Error::Conflict("Quelqu’un vient de modifier cette fiche : relisez ce que le retour changerait.".into()));
    }
    Ok(Redirect::to(&format!("{}/historique", base(&tenue))).into_response())
}
