//! For a structure and for the coordination: how often it was proposed, first and given, beside the anonymous shares of its equals.

use std::collections::HashMap;

use annuaire::StructureTenue;
use annuaire::storage::fiche::list_noms;
use annuaire::storage::redirection;
use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use comptes::{Droit, Menu};
use kit::{Error, Id, Result};
use serde::Deserialize;
use ui::{Frame, show};

use crate::Accueil;
use crate::rules::equite::{Comptes, Equite, Ligne, Part, begin_semaine, compare, find_semaine, list_pairs};
use crate::storage::count_equite;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct PeriodeInput {
    /// « an », « tout »; anything else: three months.
    periode: String,
}

/// Periods, in weeks; the one under way counts.
const PERIODES: [(&str, &str, Option<i64>); 3] = [
    ("trimestre", "ces 13 dernières semaines", Some(13)),
    ("an", "ces 52 dernières semaines", Some(52)),
    ("tout", "depuis le début", None),
];

#[derive(Template)]
#[template(path = "accueil/equite.html")]
struct EquitePage {
    frame: Frame,
    slug: String,
    structure: Id,
    nom: String,
    /// Code and words of the period shown.
    periode: (&'static str, &'static str),
    du: Option<String>,
    besoins: usize,
    equite: Equite,
    /// What each line counts, out of what, and the line.
    lignes: [(&'static str, &'static str, Ligne); 3],
}

pub async fn show_equite(tenue: StructureTenue, State(accueil): State<Accueil>, Query(input): Query<PeriodeInput>) -> Result<Response> {
    let (territoire, structure) = (tenue.territoire.id, tenue.structure);
    let (_, nom) = list_noms(&accueil.db, territoire, &[structure]).await?.pop().ok_or(Error::NotFound)?;
    let [usual, ..] = PERIODES;
    let (code, words, weeks) = PERIODES.into_iter().find(|(code, ..)| *code == input.periode).unwrap_or(usual);
    let since = weeks.map(|weeks| find_semaine(tenue.now) - weeks + 1);
    let pairs = list_pairs(&accueil.aiguillages.get(territoire), structure);
    let comptes = match pairs.besoins.is_empty() {
        true => Comptes::default(),
        false => count_equite(&accueil.db, territoire, &pairs.besoins, since.unwrap_or_default()).await?,
    };
    let led = redirection::list(accueil.db.read(), territoire).await?;
    let equite = compare(structure, &pairs, &lead(comptes, &led));
    let menu = if tenue.can(Droit::TenirAnnuaire) { Menu::Annuaire } else { Menu::Structures };
    show(&EquitePage {
        frame: tenue.frame(format!("Place de {nom}"), menu),
        slug: tenue.territoire.slug.clone(),
        structure,
        nom,
        periode: (code, words),
        du: since.map(|week| ui::format::date(begin_semaine(week).day())),
        besoins: pairs.besoins.len(),
        lignes: [
            ("Proposée", "besoins exprimés", equite.proposee),
            ("En premier", "propositions", equite.premiere),
            ("Donnée à la personne", "propositions", equite.donnee),
        ],
        equite,
    })
}

/// What was counted of a record merged since counts for the one that stands.
fn lead(mut comptes: Comptes, led: &HashMap<Id, Id>) -> Comptes {
    for (ancien, standing) in led {
        for (besoin, compte) in comptes.structures.remove(ancien).unwrap_or_default() {
            comptes.structures.entry(*standing).or_default().entry(besoin).or_default().add(compte);
        }
    }
    comptes
}

/// « 4 % », « 3,5 % » below ten.
fn percent(part: &Part) -> String {
    let Part(thousandths) = *part;
    match thousandths {
        small if small < 100 && small % 10 != 0 => format!("{},{}\u{a0}%", small / 10, small % 10),
        _ => format!("{}\u{a0}%", (thousandths + 5) / 10),
    }
}

/// A bar is as wide as this, for a share of all.
const LARGEUR: i64 = 400;

/// Where a share falls on the bar; a margin on both sides leaves room for its mark.
fn place(part: &Part) -> i64 {
    10 + part.0.clamp(0, 1_000) * LARGEUR / 1_000
}

impl EquitePage {
    fn periodes(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        PERIODES.into_iter().map(|(code, words, _)| (code, words))
    }
}
