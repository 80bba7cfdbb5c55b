//! The table of an indicator: in the page, as CSV, as a workbook. What the page hides, the files hide.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use comptes::permission::LireChiffres;
use comptes::{Autorise, Droit, Equipier};
use kit::{Result, Tableur};

use super::super::chiffre::say_effectif;
use super::super::classeur::{Cellule, Feuille, LICENCE};
use super::super::comparee::Comparee;
use super::super::mots::say_valeur;
use super::{IndicateurInput, Question};
use crate::Observatoire;
use crate::indicateurs::Axe;
use crate::indicateurs::calcul::{Compte, Resultat, Valeur};
use crate::indicateurs::lecture::{read, read_whole};

/// One value of the axis, or the whole.
pub struct Ligne {
    pub code: String,
    pub libelle: String,
    /// The page of what it is about, after that of the observatoire.
    pub vers: Option<String>,
    pub comparee: Comparee,
    numerateur: Compte,
    denominateur: Option<Compte>,
    /// The demandes behind, for those who read them.
    pub demandes: Option<String>,
}

impl Ligne {
    pub fn numerateur(&self) -> String {
        say_effectif(self.numerateur)
    }

    pub fn denominateur(&self) -> String {
        self.denominateur.map_or_else(|| "–".into(), say_effectif)
    }
}

pub(super) async fn list_lignes(room: &Observatoire, equipier: &Equipier, question: &Question) -> Result<(Option<Ligne>, Vec<Ligne>)> {
    let aiguillage = room.aiguillages.get(equipier.territoire.id);
    let source = question.lecteur.source(room, (equipier, &aiguillage));
    let (indicateur, plage, avant) = (question.indicateur, question.comparaison().plage, question.comparaison().avant);
    let whole = read_whole(source, indicateur, plage).await?;
    let whole_before = read_whole(source, indicateur, avant).await?;
    let ensemble = whole.map(|one| write(equipier, question, (&one, whole_before.as_ref())));
    let Some(axe) = question.axe else { return Ok((ensemble, vec![])) };
    let results = read(source, (indicateur, Some(axe)), plage).await?;
    let past = if indicateur.is_of_today() { vec![] } else { read(source, (indicateur, Some(axe)), avant).await? };
    let of_past = |one: &Resultat| past.iter().find(|past| past.valeur == one.valeur);
    Ok((ensemble, results.iter().map(|one| write(equipier, question, (one, of_past(one)))).collect()))
}

fn write(equipier: &Equipier, question: &Question, (one, before): (&Resultat, Option<&Resultat>)) -> Ligne {
    let comparee = Comparee::new(question.indicateur, (one, before), &question.comparaison());
    let axe = question.axe.filter(|_| !one.valeur.is_empty());
    let vers = axe.and_then(|axe| match axe {
        Axe::Besoin => Some(format!("besoins/{}", one.valeur)),
        Axe::Commune => is_here(equipier, &one.valeur).then(|| format!("communes/{}", one.valeur)),
        _ => None,
    });
    Ligne {
        libelle: axe.map_or_else(String::new, |axe| say_valeur(&equipier.territoire, axe, &one.valeur)),
        vers,
        numerateur: one.numerateur.total,
        denominateur: one.denominateur.map(|below| below.total),
        demandes: equipier.can(Droit::LireDemandes).then(|| href_demandes(equipier, question, &one.valeur)).flatten(),
        code: one.valeur.clone(),
        comparee,
    }
}

/// A demande may come from elsewhere, of which there is no portrait.
fn is_here(equipier: &Equipier, code: &str) -> bool {
    territoire::Referentiel::get().resolve_code(code).is_ok_and(|found| equipier.territoire.contains(found.commune.rang))
}

/// The list of demandes that a figure counts, when the list can be narrowed to them.
fn href_demandes(equipier: &Equipier, question: &Question, valeur: &str) -> Option<String> {
    let mut filtre = question.indicateur.filtre_de_demandes()?;
    match question.axe {
        _ if valeur.is_empty() => {}
        Some(axe @ (Axe::Commune | Axe::Besoin | Axe::Canal)) => filtre.push((axe.code(), valeur.to_string())),
        _ => return None,
    }
    let plage = question.comparaison().plage;
    let query = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(filtre)
        .append_pair("du", &format!("{}-01", plage.de))
        .append_pair("au", &plage.a.last_day().to_string())
        .finish();
    Some(format!("/{}/equipe/demandes?{query}", equipier.territoire.slug))
}

const COLONNES: [&str; 7] = ["numerateur", "denominateur", "valeur", "femmes", "hommes", "avant", "evolution"];

pub async fn show_csv(
    equipier: Autorise<LireChiffres>,
    State(room): State<Observatoire>,
    Path((_, code)): Path<(String, String)>,
    Query(input): Query<IndicateurInput>,
) -> Result<Response> {
    let question = Question::read(&code, &input, (&room, &equipier)).await?;
    let (axe, lignes) = list_named(&room, &equipier, &question).await?;
    let mut tableur = Tableur::new(&[&[axe], COLONNES.as_slice()].concat())?;
    for one in lignes {
        let Comparee { now, .. } = &one.comparee;
        tableur.push(&[
            &one.libelle,
            &one.numerateur(),
            &one.denominateur(),
            &now.say(),
            &now.say_femmes(),
            &now.say_hommes(),
            &one.comparee.avant.as_ref().map_or_else(|| "–".into(), |avant| avant.say()),
            &one.comparee.evolution(),
        ])?;
    }
    tableur.respond(&name_file(&equipier, &question, "csv"))
}

pub async fn show_xlsx(
    equipier: Autorise<LireChiffres>,
    State(room): State<Observatoire>,
    Path((_, code)): Path<(String, String)>,
    Query(input): Query<IndicateurInput>,
) -> Result<Response> {
    let question = Question::read(&code, &input, (&room, &equipier)).await?;
    let (axe, lignes) = list_named(&room, &equipier, &question).await?;
    let feuille = Feuille {
        nom: "Tableau",
        colonnes: std::iter::once(axe).chain(COLONNES).map(str::to_string).collect(),
        lignes: lignes.iter().map(|one| write_cellules(question.indicateur.has_sexe(), one)).collect(),
        definition: define(&equipier, &question),
    };
    feuille.respond(&name_file(&equipier, &question, "xlsx"))
}

/// The whole first, then each value of the axis.
async fn list_named(room: &Observatoire, equipier: &Equipier, question: &Question) -> Result<(&'static str, Vec<Ligne>)> {
    let (ensemble, lignes) = list_lignes(room, equipier, question).await?;
    let named = ensemble.into_iter().map(|one| Ligne { libelle: "ensemble".into(), ..one });
    Ok((question.axe.map_or("ensemble", Axe::code), named.chain(lignes).collect()))
}

fn name_file(equipier: &Equipier, question: &Question, kind: &str) -> String {
    let plage = question.comparaison().plage;
    format!("{}-{}-{}-{}.{kind}", question.indicateur.code, equipier.territoire.slug, plage.de, plage.a)
}

fn write_cellules(has_sexe: bool, one: &Ligne) -> Vec<Cellule> {
    let count = |count: Compte| count.map_or_else(|why| Cellule::from(why.label()), Cellule::count);
    let value = |valeur: Valeur| valeur.map_or_else(|why| Cellule::from(why.label()), Cellule::Nombre);
    let [ensemble, femmes, hommes] = one.comparee.now.valeurs();
    let by_sexe = |valeur: Valeur| if has_sexe { value(valeur) } else { Cellule::Vide };
    vec![
        Cellule::from(one.libelle.as_str()),
        count(one.numerateur),
        one.denominateur.map_or(Cellule::Vide, count),
        value(ensemble),
        by_sexe(femmes),
        by_sexe(hommes),
        one.comparee.avant.as_ref().map_or(Cellule::Vide, |avant| value(avant.valeurs()[0])),
        Cellule::from(one.comparee.evolution().as_str()),
    ]
}

fn define(equipier: &Equipier, question: &Question) -> Vec<(&'static str, String)> {
    let indicateur = question.indicateur;
    let periode = if indicateur.is_of_today() { "aujourd’hui".into() } else { question.comparaison().plage.nom() };
    let mut list = vec![
        ("Indicateur", indicateur.libelle.clone()),
        ("Définition", indicateur.definition.clone()),
        ("Calcul", indicateur.formule()),
        ("Unité", indicateur.unite.label().to_string()),
        ("Territoire", equipier.territoire.nom.clone()),
        ("Période", periode),
        ("Source", indicateur.source.clone()),
        ("Édité le", ui::format::date(equipier.now.day())),
        ("Licence", LICENCE.to_string()),
    ];
    if !indicateur.is_of_today() {
        list.insert(6, ("Comparée à", question.comparaison().avant.nom()));
    }
    list
}
