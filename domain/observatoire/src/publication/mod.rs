//! What is told of a year outside the team: one value, made once from the counters, small counts hidden (`rules::secret`), then kept
//! as it is. Every page, file and letter that somebody outside reads takes its counts from there, so that no two of them can be
//! subtracted, whatever the page, the format or the day.
//! Public face: `Publication`, `publish`, `programme`, `Releves`.

pub mod ouverture;
pub mod programme;
mod releves;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use programme::publish;
pub use releves::{Groupes, MOIS, Releves, read_a_publier, read_releves};

use crate::indicateurs::calcul::{Absence, Compte, Effectif};
use crate::rules::secret::LigneMasquee;

/// The figures of a year, as they are told.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Publication {
    /// Counts under it are hidden.
    pub seuil: i64,
    /// By code of fact: « demande », « issue ». One that is missing counted nothing.
    pub populations: BTreeMap<String, Population>,
}

/// Facts of one code. All its tables are crossed with one thing: women and men, or the state (`charniere`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Population {
    /// None: too few to be told, and then nothing else is.
    pub total: Option<i64>,
    pub charniere: Charniere,
    /// The values of the charnière, in the order of the cells of every line.
    pub parts: Vec<(String, Option<i64>)>,
    /// By axis: groups before their lines. An axis that cannot be told without saying too much is not here.
    pub tables: BTreeMap<String, Vec<LigneMasquee>>,
}

/// By what every table of a population is crossed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Charniere {
    #[default]
    Sexe,
    Etat,
}

/// The axis of women and men, where the charnière is the state.
pub const SEXE: &str = "sexe";
pub const FEMME: &str = "femme";
pub const HOMME: &str = "homme";
/// What is not known of an axis: with it, the lines of a table make its whole.
pub const NON_DIT: &str = "non_dit";

impl Publication {
    /// A measure (« issue », « issue:sans_solution ») for all.
    pub fn find_whole(&self, mesure: &str) -> Effectif {
        self.find(mesure, None)
    }

    /// A measure for one value of an axis.
    pub fn find_valeur(&self, mesure: &str, (axe, valeur): (&str, &str)) -> Effectif {
        self.find(mesure, Some((axe, valeur)))
    }

    /// The values of an axis that are told or hidden of a measure, with their counts, in the order of the table; none when the axis is not told.
    pub fn list(&self, mesure: &str, axe: &str) -> Option<Vec<(&str, Effectif)>> {
        let (code, _) = split(mesure);
        let Some(population) = self.populations.get(code) else { return Some(vec![]) };
        let lines = population.tables.get(axe)?;
        Some(lines.iter().map(|line| (line.code.as_str(), population.count(mesure, line))).collect())
    }

    /// The states of a code, as measures (« issue:sans_solution »).
    pub fn list_etats(&self, code: &str) -> Vec<(String, Effectif)> {
        let Some(population) = self.populations.get(code).filter(|one| one.charniere == Charniere::Etat) else { return vec![] };
        let known = population.parts.iter().filter(|(etat, _)| etat != NON_DIT);
        let mesures = known.map(|(etat, _)| format!("{code}:{etat}"));
        mesures.map(|mesure| (mesure.clone(), self.find_whole(&mesure))).collect()
    }

    fn find(&self, mesure: &str, place: Option<(&str, &str)>) -> Effectif {
        let (code, _) = split(mesure);
        // No fact of this code: nought is told.
        let Some(population) = self.populations.get(code) else { return Effectif::ZERO };
        match place {
            None => population.count_whole(mesure),
            Some((axe, valeur)) => match population.tables.get(axe) {
                None => Effectif::of(Err(Absence::NonPublie)),
                Some(lines) => lines.iter().find(|line| line.code == valeur).map_or(Effectif::ZERO, |line| population.count(mesure, line)),
            },
        }
    }
}

/// « issue:sans_solution » is of the code « issue ».
fn split(mesure: &str) -> (&str, Option<&str>) {
    mesure.split_once(':').map_or((mesure, None), |(code, etat)| (code, Some(etat)))
}

fn told(count: Option<i64>) -> Compte {
    count.ok_or(Absence::Masque)
}

impl Population {
    fn rang(&self, part: &str) -> Option<usize> {
        self.parts.iter().position(|(code, _)| code == part)
    }

    fn count_whole(&self, mesure: &str) -> Effectif {
        let own = |part: &str| self.parts.iter().find(|(code, _)| code == part).map_or(Some(0), |(_, count)| *count);
        match (self.charniere, split(mesure).1) {
            _ if self.total.is_none() => Effectif::of(Err(Absence::Masque)),
            (Charniere::Sexe, _) => self.effectif(self.total, |sexe| own(sexe)),
            (Charniere::Etat, etat) => {
                let of_sexe = |sexe: &str| self.tables.get(SEXE).and_then(|lines| lines.iter().find(|line| line.code == sexe));
                let rang = etat.map(|etat| self.rang(etat));
                let count = |sexe: &str| match (of_sexe(sexe), rang) {
                    (None, _) => {
                        if self.tables.contains_key(SEXE) {
                            Some(0)
                        } else {
                            None
                        }
                    }
                    (Some(line), None) => line.total,
                    (Some(line), Some(rang)) => rang.map_or(Some(0), |rang| line.cellules.get(rang).copied().flatten()),
                };
                self.effectif(etat.map_or(self.total, own), count)
            }
        }
    }

    fn count(&self, mesure: &str, line: &LigneMasquee) -> Effectif {
        let cell = |part: &str| self.rang(part).map_or(Some(0), |rang| line.cellules.get(rang).copied().flatten());
        match (self.charniere, split(mesure).1) {
            (Charniere::Sexe, _) => self.effectif(line.total, cell),
            (Charniere::Etat, etat) => {
                let total = told(etat.map_or(line.total, cell));
                if total == Ok(0) { Effectif::ZERO } else { Effectif { total, ..Effectif::of(Err(Absence::NonPublie)) } }
            }
        }
    }

    fn effectif(&self, total: Option<i64>, count: impl Fn(&str) -> Option<i64>) -> Effectif {
        // Nobody in all: no woman and no man either.
        let of = |sexe: &str| if total == Some(0) { Ok(0) } else { told(count(sexe)) };
        Effectif { femmes: of(FEMME), hommes: of(HOMME), total: told(total) }
    }
}
