//! The library of indicators; one of them with its definition, its breakdown, last year's, and the rows behind it.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use comptes::permission::LireChiffres;
use comptes::{Autorise, Droit, Equipier, Menu};
use kit::{Error, Result, Tableur};
use serde::Deserialize;
use ui::{Frame, show};

use super::chiffre::{Chiffre, is_masque};
use super::plage::PlageInput;
use super::mots::say_valeur;
use crate::Observatoire;
use crate::indicateurs::calcul::Resultat;
use crate::indicateurs::lecture::{Source, read, read_whole};
use crate::indicateurs::{Axe, Indicateur, Theme, find_indicateur, list_indicateurs};
use crate::storage::cumul::{Plage, catch_up};

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

/// One value of the axis.
struct Ligne {
    libelle: String,
    numerateur: String,
    denominateur: String,
    ensemble: String,
    femmes: String,
    hommes: String,
    avant: String,
    evolution: String,
    /// The demandes behind, for those who read them.
    demandes: Option<String>,
}

#[derive(Template)]
#[template(path = "observatoire/indicateur.html")]
struct IndicateurPage {
    frame: Frame,
    slug: String,
    indicateur: &'static Indicateur,
    axes: Vec<Axe>,
    axe: Option<Axe>,
    plage: Plage,
    is_unfinished: bool,
    is_masque: bool,
    ensemble: Option<Ligne>,
    lignes: Vec<Ligne>,
}

/// What was asked, once read.
struct Question {
    indicateur: &'static Indicateur,
    axe: Option<Axe>,
    plage: Plage,
}

impl Question {
    fn read(code: &str, input: &IndicateurInput, equipier: &Equipier) -> Result<Self> {
        let indicateur = find_indicateur(code).ok_or(Error::NotFound)?;
        let axes = indicateur.axes();
        let asked = Axe::from_code(&input.axe).filter(|axe| axes.contains(axe));
        let axe = asked.or_else(|| axes.iter().copied().find(|axe| *axe != Axe::Bassin || !equipier.territoire.bassins.is_empty()));
        Ok(Self { indicateur, axe, plage: Plage::read(&input.plage.de, &input.plage.a, equipier.now.day()) })
    }
}

pub async fn show_indicateur(
    equipier: Autorise<LireChiffres>,
    State(room): State<Observatoire>,
    Path((_, code)): Path<(String, String)>,
    Query(input): Query<IndicateurInput>,
) -> Result<Response> {
    let question = Question::read(&code, &input, &equipier)?;
    catch_up(&room.db, equipier.territoire.id).await?;
    let (ensemble, lignes) = list_lignes(&room, &equipier, &question).await?;
    show(&IndicateurPage {
        frame: equipier.frame(question.indicateur.libelle.clone(), Menu::Chiffres),
        slug: equipier.territoire.slug.clone(),
        axes: question.indicateur.axes(),
        axe: question.axe,
        indicateur: question.indicateur,
        is_unfinished: question.plage.is_unfinished(equipier.now.day()) && !question.indicateur.is_of_today(),
        plage: question.plage,
        is_masque: is_masque(&equipier),
        ensemble,
        lignes,
    })
}

async fn list_lignes(room: &Observatoire, equipier: &Equipier, question: &Question) -> Result<(Option<Ligne>, Vec<Ligne>)> {
    let aiguillage = room.aiguillages.get(equipier.territoire.id);
    let source = Source { db: &room.db, territoire: &equipier.territoire, aiguillage: &aiguillage };
    let (indicateur, before) = (question.indicateur, question.plage.year_before());
    let whole = read_whole(source, indicateur, question.plage).await?;
    let whole_before = read_whole(source, indicateur, before).await?;
    let ensemble = whole.map(|one| write(equipier, question, &one, whole_before.as_ref()));
    let Some(axe) = question.axe else { return Ok((ensemble, vec![])) };
    let results = read(source, (indicateur, Some(axe)), question.plage).await?;
    let past = if indicateur.is_of_today() { vec![] } else { read(source, (indicateur, Some(axe)), before).await? };
    let of_past = |one: &Resultat| past.iter().find(|past| past.valeur == one.valeur);
    Ok((ensemble, results.iter().map(|one| write(equipier, question, one, of_past(one))).collect()))
}

fn write(equipier: &Equipier, question: &Question, one: &Resultat, before: Option<&Resultat>) -> Ligne {
    let (indicateur, is_masque) = (question.indicateur, is_masque(equipier));
    let now = Chiffre::new(indicateur, one, is_masque);
    let before = before.filter(|_| !indicateur.is_of_today()).map(|before| Chiffre::new(indicateur, before, is_masque));
    let is_hidden = now.is_hidden();
    let count = |count: Option<i64>| match count {
        _ if is_hidden => "masqué".to_string(),
        Some(count) => ui::format::nombre(count),
        None => "–".into(),
    };
    Ligne {
        libelle: question
            .axe
            .filter(|_| !one.valeur.is_empty())
            .map_or_else(String::new, |axe| say_valeur(&equipier.territoire, axe, &one.valeur)),
        numerateur: count(one.numerateur.total),
        denominateur: count(one.denominateur.and_then(|below| below.total)),
        evolution: before.as_ref().map_or_else(String::new, |before| now.compare(before)),
        avant: before.map_or_else(|| "–".into(), |before| before.say()),
        ensemble: now.say(),
        femmes: now.say_femmes(),
        hommes: now.say_hommes(),
        demandes: equipier.can(Droit::LireDemandes).then(|| href_demandes(equipier, question, &one.valeur)).flatten(),
    }
}

/// The list of demandes that a figure counts, when the list can be narrowed to them.
fn href_demandes(equipier: &Equipier, question: &Question, valeur: &str) -> Option<String> {
    let mut filtre = question.indicateur.filtre_de_demandes()?;
    match question.axe {
        _ if valeur.is_empty() => {}
        Some(axe @ (Axe::Commune | Axe::Besoin | Axe::Canal)) => filtre.push((axe.code(), valeur.to_string())),
        _ => return None,
    }
    let (de, a) = (question.plage.de, question.plage.a);
    let query = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(filtre)
        .append_pair("du", &format!("{de}-01"))
        .append_pair("au", &a.last_day().to_string())
        .finish();
    Some(format!("/{}/equipe/demandes?{query}", equipier.territoire.slug))
}

/// The same table as a file: what the page hides, the file hides.
pub async fn show_csv(
    equipier: Autorise<LireChiffres>,
    State(room): State<Observatoire>,
    Path((_, code)): Path<(String, String)>,
    Query(input): Query<IndicateurInput>,
) -> Result<Response> {
    let question = Question::read(&code, &input, &equipier)?;
    catch_up(&room.db, equipier.territoire.id).await?;
    let (ensemble, lignes) = list_lignes(&room, &equipier, &question).await?;
    let axe = question.axe.map_or("ensemble", Axe::code);
    let mut tableur = Tableur::new(&[axe, "numerateur", "denominateur", "valeur", "femmes", "hommes", "un_an_avant", "evolution"])?;
    let named = ensemble.into_iter().map(|one| Ligne { libelle: "ensemble".into(), ..one });
    for one in named.chain(lignes) {
        tableur.push(&[
            &one.libelle,
            &one.numerateur,
            &one.denominateur,
            &one.ensemble,
            &one.femmes,
            &one.hommes,
            &one.avant,
            &one.evolution,
        ])?;
    }
    let slug = &equipier.territoire.slug;
    tableur.respond(&format!("{}-{slug}-{}-{}.csv", question.indicateur.code, question.plage.de, question.plage.a))
}
