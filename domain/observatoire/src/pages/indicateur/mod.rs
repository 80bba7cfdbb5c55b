//! The library of indicators; one of them with its definition, its drawings, its breakdown, what it is compared with, its objective,
//! and the rows behind it.

mod dessin;
pub mod objectif;
pub mod tableau;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use comptes::permission::LireChiffres;
use comptes::{Autorise, Compte, Droit, Equipier, Menu};
use kit::{Error, FieldErrors, Result};
use serde::Deserialize;
use ui::{Frame, show, show_with};

use super::chiffre::{Lecteur, is_masque};
use super::pistes::list_pilotes;
use super::plage::PlageInput;
use crate::Observatoire;
use crate::bilan::DessinBilan;
use crate::indicateurs::decoupage::{list_axes, say_absence};
use crate::indicateurs::objectif::{ObjectifInput, Sens};
use crate::indicateurs::{Axe, Indicateur, Theme, find_indicateur, list_indicateurs};
use crate::rules::comparaison::Comparaison;
use crate::storage::cible::list_objectifs;
use objectif::{ObjectifDit, say_objectif};
use tableau::{Ligne, list_lignes};

#[derive(Template)]
#[template(path = "observatoire/bibliotheque.html")]
struct BibliothequePage {
    frame: Frame,
    slug: String,
    themes: Vec<(Theme, Vec<&'static Indicateur>)>,
}

pub async fn show_bibliotheque(equipier: Autorise<LireChiffres>) -> Result<Response> {
    let of_theme = |theme: &Theme| (*theme, list_indicateurs().iter().filter(|one| one.theme == *theme).collect());
    show(&BibliothequePage {
        frame: equipier.frame("Indicateurs", Menu::Chiffres),
        slug: equipier.territoire.slug.clone(),
        themes: Theme::ALL.iter().map(of_theme).collect(),
    })
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct IndicateurInput {
    #[serde(flatten)]
    plage: PlageInput,
    axe: String,
}

#[derive(Template)]
#[template(path = "observatoire/indicateur.html")]
struct IndicateurPage {
    frame: Frame,
    slug: String,
    indicateur: &'static Indicateur,
    axes: Vec<Axe>,
    axe: Option<Axe>,
    absence: Option<String>,
    comparaison: Comparaison,
    is_unfinished: bool,
    /// The years that are published, for those who read nothing else.
    annees: Option<Vec<i32>>,
    ensemble: Option<Ligne>,
    lignes: Vec<Ligne>,
    /// Of the whole, through the months.
    courbe: Option<DessinBilan>,
    /// By the axis: bars, or a map.
    dessin: Option<DessinBilan>,
    objectif: Option<ObjectifDit>,
    /// For those who set objectives.
    saisie: Option<Saisie>,
    errors: FieldErrors,
}

/// The form of the objective: what is typed, and who may see to it.
struct Saisie {
    input: ObjectifInput,
    pilotes: Vec<Compte>,
}

/// What was asked, once read.
struct Question {
    indicateur: &'static Indicateur,
    axe: Option<Axe>,
    /// Why the territoire is not cut by the axis that was asked.
    absence: Option<String>,
    lecteur: Lecteur,
}

impl Question {
    async fn read(code: &str, input: &IndicateurInput, (room, equipier): (&Observatoire, &Equipier)) -> Result<Self> {
        let indicateur = find_indicateur(code).ok_or(Error::NotFound)?;
        let asked = Axe::from_code(&input.axe).filter(|axe| indicateur.axes().contains(axe));
        let absence = asked.and_then(|axe| say_absence(axe, &equipier.territoire));
        let axe = match absence {
            Some(_) => None,
            None => asked.or_else(|| list_axes(indicateur, &equipier.territoire).first().copied()),
        };
        Ok(Self { indicateur, axe, absence, lecteur: Lecteur::open(room, equipier, &input.plage).await? })
    }

    fn comparaison(&self) -> Comparaison {
        self.lecteur.comparaison
    }

    fn query(&self) -> String {
        write_query(&self.comparaison(), self.axe)
    }
}

/// The periods and the axis, as an address says them.
fn write_query(comparaison: &Comparaison, axe: Option<Axe>) -> String {
    let periods = comparaison.query();
    axe.map_or_else(|| periods.clone(), |axe| format!("{periods}&axe={}", axe.code()))
}

pub async fn show_indicateur(
    equipier: Autorise<LireChiffres>,
    State(room): State<Observatoire>,
    Path((_, code)): Path<(String, String)>,
    Query(input): Query<IndicateurInput>,
) -> Result<Response> {
    let question = Question::read(&code, &input, (&room, &equipier)).await?;
    respond((&room, &equipier), question, None).await
}

/// `refused` is what was typed of the objective and not taken, with the reasons.
async fn respond(
    (room, equipier): (&Observatoire, &Equipier),
    question: Question,
    refused: Option<(ObjectifInput, FieldErrors)>,
) -> Result<Response> {
    let territoire = equipier.territoire.id;
    let (ensemble, lignes) = list_lignes(room, equipier, &question).await?;
    let aiguillage = room.aiguillages.get(territoire);
    let source = question.lecteur.source(room, (equipier, &aiguillage));
    let courbe = dessin::draw_months(source, &question, is_masque(equipier)).await?;
    let dessin = dessin::draw_axe(equipier, &question, &lignes).await?;
    let known = list_objectifs(&room.db, territoire).await?.remove(&question.indicateur.code);
    let status = if refused.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    // Of what is only told by need, there is nothing to reach for all.
    let saisie = if equipier.can(Droit::MenerPistes) && ensemble.is_some() {
        let (input, pilotes) = (known.as_ref().map(ObjectifInput::of), list_pilotes(room, territoire).await?);
        let input = refused.as_ref().map(|(typed, _)| typed.clone()).or(input).unwrap_or_default();
        Some(Saisie { input, pilotes })
    } else {
        None
    };
    let objectif = match &known {
        Some(known) => Some(say_objectif(room, equipier, (known, question.indicateur, ensemble.as_ref())).await?),
        None => None,
    };
    let page = IndicateurPage {
        frame: equipier.frame(question.indicateur.libelle.clone(), Menu::Chiffres),
        slug: equipier.territoire.slug.clone(),
        axes: list_axes(question.indicateur, &equipier.territoire),
        axe: question.axe,
        absence: question.absence.clone(),
        indicateur: question.indicateur,
        is_unfinished: question.comparaison().plage.is_unfinished(equipier.now.day()) && !question.indicateur.is_of_today(),
        comparaison: question.comparaison(),
        annees: question.lecteur.annees,
        ensemble,
        lignes,
        courbe,
        dessin,
        objectif,
        saisie,
        errors: refused.map(|(_, errors)| errors).unwrap_or_default(),
    };
    show_with(status, &page)
}

impl IndicateurPage {
    fn query(&self) -> String {
        write_query(&self.comparaison, self.axe)
    }
}
