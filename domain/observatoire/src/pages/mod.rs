//! The first figures: a sentence, bars, and the table behind them, which is also a file.

mod alertes;
mod besoin;
mod bilan;
pub(crate) mod chiffre;
mod classeur;
mod commune;
mod comparee;
mod coup_d_oeil;
pub(crate) mod dessins;
mod indicateur;
mod ligne;
mod manques;
pub(crate) mod mots;
mod pistes;
mod plage;
mod publication;
mod reseau;
mod territoires;

use accueil::mots::{libelle_de_besoin, nom_de_commune};
use askama::Template;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use chiffre::is_masque;
use chrono::NaiveDate;
use comptes::permission::{LireChiffres, LireDemandes};
use comptes::{Autorise, Menu};
use kit::routes::Routes;
use kit::{Result, Tableur};
use serde::Deserialize;
use ui::{Frame, show};

use crate::Observatoire;
use crate::api::{show_chiffres_ouverts, show_reseau};
use crate::demandes::douze_mois;
use crate::storage::{Compte, Periode, count_by_besoin, count_by_commune};

pub fn routes(observatoire: Observatoire) -> Routes {
    Routes::new()
        .get("/{territoire}/chiffres", publication::show_publication)
        .get("/{territoire}/chiffres/cadre", publication::show_cadre)
        .get("/{territoire}/chiffres/{fichier}", publication::show_fichier)
        .get("/api/v1/chiffres", show_chiffres_ouverts)
        .get("/{territoire}/equipe/chiffres", show_chiffres)
        .get("/{territoire}/equipe/chiffres.csv", show_csv)
        .get("/{territoire}/equipe/chiffres/ligne", ligne::show_ligne)
        .get("/{territoire}/equipe/chiffres/ligne.csv", ligne::show_ligne_csv)
        .get("/{territoire}/equipe/reseau", reseau::show_reseau)
        .post("/{territoire}/equipe/reseau/partage", reseau::update_consentement)
        .get("/api/v1/reseau", show_reseau)
        .get("/{territoire}/equipe/observatoire", coup_d_oeil::show_coup_d_oeil)
        .get("/{territoire}/equipe/observatoire/territoires", territoires::show_territoires)
        .get("/{territoire}/equipe/observatoire/indicateurs", indicateur::show_bibliotheque)
        .get("/{territoire}/equipe/observatoire/indicateurs/{indicateur}", indicateur::show_indicateur)
        .get("/{territoire}/equipe/observatoire/indicateurs/{indicateur}/tableau.csv", indicateur::tableau::show_csv)
        .get("/{territoire}/equipe/observatoire/indicateurs/{indicateur}/tableau.xlsx", indicateur::tableau::show_xlsx)
        .post("/{territoire}/equipe/observatoire/indicateurs/{indicateur}/objectif", indicateur::objectif::write_objectif)
        .post("/{territoire}/equipe/observatoire/indicateurs/{indicateur}/objectif/retrait", indicateur::objectif::create_retrait)
        .get("/{territoire}/equipe/observatoire/besoins/{besoin}", besoin::show_besoin)
        .get("/{territoire}/equipe/observatoire/communes/{commune}", commune::show_commune)
        .get("/{territoire}/equipe/observatoire/manques", manques::show_manques)
        .get("/{territoire}/equipe/observatoire/manques.csv", manques::show_manques_csv)
        .get("/{territoire}/equipe/observatoire/manques.xlsx", manques::show_manques_xlsx)
        .get("/{territoire}/equipe/observatoire/pistes", pistes::show_pistes)
        .post("/{territoire}/equipe/observatoire/pistes", pistes::create_piste)
        .get("/{territoire}/equipe/observatoire/pistes/nouvelle", pistes::show_nouvelle)
        .get("/{territoire}/equipe/observatoire/pistes/{id}", pistes::une_piste::show_piste)
        .post("/{territoire}/equipe/observatoire/pistes/{id}/etapes", pistes::une_piste::create_etape)
        .post("/{territoire}/equipe/observatoire/pistes/{id}/cloture", pistes::une_piste::create_cloture)
        .get("/{territoire}/equipe/observatoire/alertes", alertes::show_alertes)
        .post("/{territoire}/equipe/observatoire/alertes/{id}/vue", alertes::mark_vue)
        .get("/{territoire}/equipe/observatoire/bilan/{annee}", bilan::show_bilan)
        .post("/{territoire}/equipe/observatoire/bilan/{annee}/commentaire", bilan::write_commentaire)
        .post("/{territoire}/equipe/observatoire/bilan/{annee}/couts", bilan::write_couts)
        .post("/{territoire}/equipe/observatoire/bilan/{annee}/publication", bilan::publish_annee)
        .post("/{territoire}/equipe/observatoire/seuil", bilan::write_seuil)
        .with_state(observatoire)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct PeriodeInput {
    du: String,
    au: String,
}

impl PeriodeInput {
    /// This month and the eleven before it, when nothing readable is asked: whole months are read from the counters.
    fn parse(&self, today: NaiveDate) -> Periode {
        let (de, a) = douze_mois(today);
        let read = |text: &str| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok();
        let (du, au) = (read(&self.du).unwrap_or(de.first_day()), read(&self.au).unwrap_or(a.last_day()));
        // Upside down, it is turned.
        Periode { du: du.min(au), au: du.max(au) }
    }
}

#[derive(Template)]
#[template(path = "observatoire/chiffres.html")]
struct ChiffresPage {
    frame: Frame,
    slug: String,
    periode: Periode,
    communes: Vec<Compte>,
    besoins: Vec<Compte>,
}

async fn show_chiffres(
    equipier: Autorise<LireChiffres>,
    State(room): State<Observatoire>,
    Query(input): Query<PeriodeInput>,
) -> Result<Response> {
    // Days that anybody could choose give back what a year hides: who does not read the demandes reads what is published.
    if is_masque(&equipier) {
        return Ok(Redirect::to(&format!("/{}/equipe/observatoire", equipier.territoire.slug)).into_response());
    }
    let periode = input.parse(equipier.now.day());
    let communes = count_by_commune(&room.db, equipier.territoire.id, periode).await?;
    let besoins = count_by_besoin(&room.db, equipier.territoire.id, periode).await?;
    show(&ChiffresPage {
        frame: equipier.frame("Chiffres", Menu::Chiffres),
        slug: equipier.territoire.slug.clone(),
        periode,
        communes,
        besoins,
    })
}

/// Both tables as one file, for a spreadsheet.
async fn show_csv(
    equipier: Autorise<LireDemandes>,
    State(room): State<Observatoire>,
    Query(input): Query<PeriodeInput>,
) -> Result<Response> {
    let periode = input.parse(equipier.now.day());
    let communes = count_by_commune(&room.db, equipier.territoire.id, periode).await?;
    let besoins = count_by_besoin(&room.db, equipier.territoire.id, periode).await?;
    let mut tableur = Tableur::new(&["compte_par", "code", "libelle", "demandes", "sans_solution"])?;
    for one in &communes {
        tableur.push(&["commune", &one.code, &nom_de_commune(&one.code), &one.demandes.to_string(), ""])?;
    }
    for one in &besoins {
        tableur.push(&["besoin", &one.code, &libelle_de_besoin(&one.code), &one.demandes.to_string(), &one.sans_solution.to_string()])?;
    }
    tableur.respond(&format!("chiffres-{}-{}-{}.csv", equipier.territoire.slug, periode.du, periode.au))
}

impl ChiffresPage {
    fn demandes(&self) -> i64 {
        self.communes.iter().map(|one| one.demandes).sum()
    }

    fn sans_solution(&self) -> i64 {
        self.besoins.iter().map(|one| one.sans_solution).sum()
    }
}

/// The longest bar of a chart.
fn maximum(comptes: &[Compte]) -> i64 {
    comptes.iter().map(|one| one.demandes).max().unwrap_or_default().max(1)
}
