//! The first figures: a sentence, bars, and the table behind them, which is also a file.

mod ligne;
mod reseau;

use annuaire::besoin::Taxonomie;
use askama::Template;
use axum::extract::{FromRef, Query, State};
use axum::response::Response;
use chrono::{Datelike, NaiveDate};
use comptes::permission::LireChiffres;
use comptes::{Autorise, Comptes, Menu};
use kit::routes::Routes;
use kit::{Db, Result, Tableur};
use serde::Deserialize;
use territoire::Referentiel;
use ui::{Frame, show};

use crate::api::show_reseau;
use crate::storage::{Compte, Periode, count_by_besoin, count_by_commune};

/// What this room needs.
#[derive(Clone, Debug)]
pub struct Observatoire {
    pub(crate) db: Db,
    pub(crate) comptes: Comptes,
}

impl FromRef<Observatoire> for Comptes {
    fn from_ref(observatoire: &Observatoire) -> Self {
        observatoire.comptes.clone()
    }
}

pub fn routes(db: Db, comptes: Comptes) -> Routes {
    Routes::new()
        .get("/{territoire}/equipe/chiffres", show_chiffres)
        .get("/{territoire}/equipe/chiffres.csv", show_csv)
        .get("/{territoire}/equipe/chiffres/ligne", ligne::show_ligne)
        .get("/{territoire}/equipe/chiffres/ligne.csv", ligne::show_ligne_csv)
        .get("/{territoire}/equipe/reseau", reseau::show_reseau)
        .post("/{territoire}/equipe/reseau/partage", reseau::update_consentement)
        .get("/api/v1/reseau", show_reseau)
        .with_state(Observatoire { db, comptes })
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct PeriodeInput {
    du: String,
    au: String,
}

impl PeriodeInput {
    /// The twelve months that end today, when nothing readable is asked.
    fn parse(&self, today: NaiveDate) -> Periode {
        let a_year_ago = NaiveDate::from_ymd_opt(today.year() - 1, today.month(), today.day()).unwrap_or(today);
        let read = |text: &str| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok();
        Periode { du: read(&self.du).unwrap_or(a_year_ago), au: read(&self.au).unwrap_or(today) }
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
    equipier: Autorise<LireChiffres>,
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

fn nom_de_commune(code: &str) -> String {
    Referentiel::get().resolve_code(code).map_or_else(|_| code.to_string(), |found| found.commune.nom.to_string())
}

pub(crate) fn libelle_de_besoin(code: &str) -> String {
    Taxonomie::get().find(code).map_or_else(|| code.to_string(), |besoin| besoin.libelle.to_string())
}
