//! A published year as open data: one figure a row, the same in the file and for programs.

use accueil::qualite::Solution;
use accueil::{Issue, prise_en_charge::Etat};
use serde::Serialize;
use territoire::Territoire;
use utoipa::ToSchema;

use super::{Charniere, FEMME, HOMME, NON_DIT, Population, Publication, SEXE};
use crate::indicateurs::Axe;
use crate::pages::mots::say_valeur;
use crate::rules::cellules::COMMUNE;
use crate::rules::mois::Mois;
use crate::rules::secret::LigneMasquee;

/// One figure: of which facts, for which value of an axis, for which part of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ChiffreOuvert {
    /// Ce qui est compté : demande, besoin, issue, prise_en_charge, appel, reponse, appel_qualite…
    pub fait: String,
    /// Vide pour l’ensemble ; commune, bassin, besoin, canal, tranche_age…
    pub axe: String,
    pub valeur: String,
    pub libelle: String,
    /// femme, homme, ou l’issue ; vide pour tous.
    pub part: String,
    /// Null : masqué.
    pub nombre: Option<i64>,
}

/// « bassin »: lines of the table of communes that are sums of others.
const BASSIN: &str = "bassin";

/// Every figure of a publication, those that are hidden too.
pub fn list_chiffres(publication: &Publication, territoire: &Territoire) -> Vec<ChiffreOuvert> {
    let mut chiffres = vec![];
    for (fait, population) in &publication.populations {
        let whole = LigneMasquee {
            code: String::new(),
            cellules: population.parts.iter().map(|(_, count)| *count).collect(),
            total: population.total,
        };
        add(&mut chiffres, (fait, population), ("", "", "ensemble".into()), &whole);
        for (axe, lines) in &population.tables {
            for line in lines {
                let is_bassin = axe == COMMUNE && territoire.bassins.iter().any(|bassin| bassin.code == line.code);
                let axe = if is_bassin { BASSIN } else { axe };
                add(&mut chiffres, (fait, population), (axe, &line.code, say(territoire, axe, &line.code)), line);
            }
        }
    }
    chiffres
}

fn add(
    chiffres: &mut Vec<ChiffreOuvert>,
    (fait, population): (&str, &Population),
    (axe, valeur, libelle): (&str, &str, String),
    line: &LigneMasquee,
) {
    let one = |part: &str, nombre: Option<i64>| ChiffreOuvert {
        fait: fait.into(),
        axe: axe.into(),
        valeur: valeur.into(),
        libelle: libelle.clone(),
        part: part.into(),
        nombre,
    };
    chiffres.push(one("", line.total));
    for ((part, whole), count) in population.parts.iter().zip(&line.cellules) {
        // « Not said » of nobody is no news.
        let is_empty = part == NON_DIT && *whole == Some(0) && population.charniere == Charniere::Etat;
        if !is_empty {
            chiffres.push(one(part, *count));
        }
    }
}

/// The words for a value of an axis.
pub fn say(territoire: &Territoire, axe: &str, code: &str) -> String {
    let known = match (axe, code) {
        (_, NON_DIT) => Some("non dit".to_string()),
        (SEXE, FEMME) => Some("femmes".into()),
        (SEXE, HOMME) => Some("hommes".into()),
        ("mois", _) => Mois::parse(code).map(Mois::nom),
        ("solution", _) => Solution::from_code(code).map(|one| one.label().into()),
        ("satisfaction", _) => Some(format!("{code} sur 5")),
        _ => Axe::from_code(axe).map(|axe| say_valeur(territoire, axe, code)),
    };
    known.unwrap_or_else(|| code.replace('_', " "))
}

/// The words for a part: women, men, or how it ended.
pub fn say_part(part: &str) -> String {
    let known = match part {
        "" => Some("ensemble"),
        FEMME => Some("femmes"),
        HOMME => Some("hommes"),
        NON_DIT => Some("non dit"),
        _ => Issue::from_code(part).map(Issue::label).or_else(|| Etat::from_code(part).map(Etat::label)),
    };
    known.map_or_else(|| part.replace('_', " "), str::to_string)
}
