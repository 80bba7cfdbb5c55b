//! The distribution of an edition at a glance: totals, budget, then each round.

use askama::Template;
use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use comptes::permission::TenirAnnuaire;
use comptes::{Autorise, Equipier, Menu};
use kit::argent::type_cents;
use kit::{FieldErrors, Id, Result};
use serde::Deserialize;
use territoire::Referentiel;
use ui::format::typographie;
use ui::{Frame, show_with};

use super::depot::DepotInput;
use super::{diffusion_address, name_commune};
use crate::Repertoire;
use crate::contenu::{find_imprime, need_edition};
use crate::distribution::rules::argent::{write_cents, write_unitaire};
use crate::distribution::rules::compte::{Bilan, Compte, count};
use crate::distribution::rules::proposition::propose;
use crate::distribution::rules::saisie::read_budget;
use crate::distribution::rules::tournee::{Etape, Tournee, list_tournees};
use crate::distribution::storage::{read_suivi, save_budget, save_previsions};
use crate::distribution::{Point, Suivi};
use crate::model::Edition;

#[derive(Template)]
#[template(path = "repertoire/diffusion.html")]
struct DiffusionPage {
    frame: Frame,
    base: String,
    slug: String,
    edition: Edition,
    bilan: Bilan,
    phrase_budget: String,
    is_depasse: bool,
    today: String,
    tournees: Vec<Tournee>,
    /// Places without a plan for which one is proposed, and the copies of it.
    proposes: (usize, i64),
    montant: String,
    /// The round that was refused, as it was sent.
    depot: Option<DepotInput>,
    errors: FieldErrors,
}

impl DiffusionPage {
    fn refusee(&self, tournee: &Tournee) -> Option<&DepotInput> {
        self.depot.as_ref().filter(|one| one.tournee == tournee.nom)
    }

    fn cout(&self, compte: &Compte) -> String {
        compte.tirage.cout.map_or_else(|| "non noté".into(), write_cents)
    }

    /// What a copy has cost that people hold; not said of all the books together before each has begun to be given.
    fn cout_remis(&self, compte: &Compte) -> String {
        let is_all = compte.code.is_empty();
        let is_waiting = is_all && self.bilan.livrets.iter().any(|one| one.tirage.exemplaires > 0 && one.remis() == 0);
        write_unitaire(compte.tirage.cout, if is_waiting { 0 } else { compte.remis() })
    }

    fn alertes(&self) -> Vec<String> {
        self.bilan.list_alertes().iter().map(|alerte| typographie(&ui::format::phrase(alerte))).collect()
    }

    /// Where a place is, when its name does not say so.
    fn commune(&self, etape: &Etape) -> Option<String> {
        Some(name_commune(etape.point.commune)).filter(|commune| !is_said(&etape.point.nom, commune))
    }

    fn a_deposer(&self) -> i64 {
        self.tournees.iter().map(Tournee::reste).sum()
    }

    /// Places where something is planned.
    fn points(&self) -> usize {
        self.tournees.iter().flat_map(|one| &one.etapes).filter(|one| one.prevus_comptes() > 0).count()
    }

    /// Books in their order, then all of them when there are several.
    fn lignes(&self) -> Vec<&Compte> {
        let all = if self.bilan.livrets.len() > 1 { Some(&self.bilan.total) } else { None };
        self.bilan.livrets.iter().chain(all).collect()
    }
}

/// « Mairie du Blanc » says « Le Blanc ».
fn is_said(nom: &str, commune: &str) -> bool {
    nom.contains(commune.trim_start_matches("Le ").trim_start_matches("Les "))
}

pub async fn show_diffusion(
    equipier: Autorise<TenirAnnuaire>,
    State(room): State<Repertoire>,
    Path((_, id)): Path<(String, String)>,
) -> Result<Response> {
    let edition = need_edition(&room.db, equipier.territoire.id, &id).await?;
    respond((&room, &equipier), edition, None).await
}

/// What was sent and is not written, and why.
#[derive(Default)]
struct Refus {
    /// As it was typed.
    montant: Option<String>,
    depot: Option<DepotInput>,
    errors: FieldErrors,
}

async fn respond((room, equipier): (&Repertoire, &Equipier), edition: Edition, refus: Option<Refus>) -> Result<Response> {
    let territoire = find_imprime(&room.db, &equipier.territoire, &edition).await?;
    let suivi = read_suivi(room.db.read(), territoire.id, edition.id).await?;
    let status = if refus.is_none() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let Refus { montant, depot, errors } = refus.unwrap_or_default();
    let (bilan, proposed) = (count(&suivi, &territoire), list_proposed(&suivi));
    let page = DiffusionPage {
        frame: equipier.frame(format!("Diffusion, édition {}", edition.annee), Menu::Repertoire),
        base: diffusion_address(equipier, edition.id),
        slug: territoire.slug.clone(),
        phrase_budget: typographie(&ui::format::phrase(&bilan.write_budget(suivi.budget))),
        is_depasse: bilan.is_depasse(suivi.budget),
        today: equipier.now.day().to_string(),
        tournees: list_tournees(&suivi, &territoire),
        proposes: (proposed.len(), proposed.iter().map(|(_, copies)| copies).sum()),
        edition,
        bilan,
        montant: montant.unwrap_or_else(|| suivi.budget.map(type_cents).unwrap_or_default()),
        depot,
        errors,
    };
    show_with(status, &page)
}

/// The page again, with why a round was not written.
pub(super) async fn refuse_depot(
    here: (&Repertoire, &Equipier),
    edition: Edition,
    (input, errors): (DepotInput, FieldErrors),
) -> Result<Response> {
    respond(here, edition, Some(Refus { depot: Some(input), errors, ..Refus::default() })).await
}

/// What is proposed where nothing is planned yet.
fn list_proposed(suivi: &Suivi) -> Vec<(Id, i64)> {
    let free = suivi.points.iter().filter(|one| one.retire_at.is_none() && !suivi.previsions.contains_key(&one.id));
    free.filter_map(|one| Some((one.id, propose_for(one)?))).collect()
}

pub(super) fn propose_for(point: &Point) -> Option<i64> {
    let habitants = Referentiel::get().find_commune(point.commune).map_or(0, |commune| commune.population);
    propose(point.nature, point.eleves, habitants)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct BudgetInput {
    montant: String,
}

pub async fn update_budget(
    equipier: Autorise<TenirAnnuaire>,
    State(room): State<Repertoire>,
    Path((_, id)): Path<(String, String)>,
    Form(input): Form<BudgetInput>,
) -> Result<Response> {
    let territoire = equipier.territoire.id;
    let edition = need_edition(&room.db, territoire, &id).await?;
    let montant = match read_budget(&input.montant) {
        Ok(montant) => montant,
        Err(errors) => {
            let refus = Refus { montant: Some(input.montant), errors, ..Refus::default() };
            return respond((&room, &equipier), edition, Some(refus)).await;
        }
    };
    let tx = room.db.begin().await?;
    save_budget(&tx, territoire, edition.id, montant).await?;
    tx.commit().await?;
    Ok(Redirect::to(&format!("{}#argent", diffusion_address(&equipier, edition.id))).into_response())
}

/// Plans what is proposed, wherever nobody has decided.
pub async fn create_propositions(
    equipier: Autorise<TenirAnnuaire>,
    State(room): State<Repertoire>,
    Path((_, id)): Path<(String, String)>,
) -> Result<Response> {
    let territoire = equipier.territoire.id;
    let edition = need_edition(&room.db, territoire, &id).await?;
    let tx = room.db.begin().await?;
    let proposed = list_proposed(&read_suivi(&tx, territoire, edition.id).await?);
    save_previsions(&tx, territoire, edition.id, &proposed).await?;
    tx.commit().await?;
    Ok(Redirect::to(&format!("{}#tournees", diffusion_address(&equipier, edition.id))).into_response())
}
