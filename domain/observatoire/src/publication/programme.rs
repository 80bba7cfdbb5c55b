//! What is published of a year, and how: for each kind of fact its whole, then what all its tables are crossed with, then each
//! axis, then their crossing. Each step hides inside what the step before tells, and nothing else crosses two axes: what is hidden
//! of one table can move without moving a figure of another.

use std::collections::BTreeMap;

use super::releves::MOIS;
use super::{Charniere, FEMME, Groupes, HOMME, NON_DIT, Population, Publication, Releves, SEXE};
use crate::rules::cellules::COMMUNE;
use crate::rules::secret::{LigneMasquee, LigneRelevee, TableauMasque, Tenus, mask};
use crate::storage::cumul::Somme;

/// The kinds of facts that are published: crossed with what, by which axes.
const PROGRAMME: [(&str, Charniere, &[&str]); 8] = [
    ("demande", Charniere::Sexe, &[COMMUNE, "canal", "tranche_age", "origine", "heure", MOIS]),
    ("besoin", Charniere::Sexe, &["besoin", COMMUNE]),
    ("issue", Charniere::Etat, &[SEXE, "besoin", COMMUNE, "motif"]),
    ("prise_en_charge", Charniere::Etat, &[SEXE, "besoin", "motif"]),
    ("appel", Charniere::Etat, &[]),
    ("reponse", Charniere::Etat, &[]),
    ("appel_qualite", Charniere::Etat, &[SEXE, "solution", "satisfaction"]),
    ("suite_sans_solution", Charniere::Etat, &[]),
];

/// The measures that are told by commune.
pub(super) fn list_par_commune(releves: &Releves) -> Vec<String> {
    let told = PROGRAMME.iter().filter(|(_, _, axes)| axes.contains(&COMMUNE));
    let measures = |(code, charniere, _): &(&str, Charniere, &[&str])| match charniere {
        Charniere::Sexe => vec![(*code).to_string()],
        Charniere::Etat => releves.list_etats(code).into_iter().map(|etat| format!("{code}:{etat}")).collect(),
    };
    told.flat_map(measures).collect()
}

/// The figures of some months as they may be told.
pub fn publish(releves: &Releves, groupes: Groupes<'_>, seuil: i64) -> Publication {
    let mut publication = Publication { seuil, ..Publication::default() };
    for (code, charniere, axes) in PROGRAMME {
        let parts = list_parts(releves, (code, charniere));
        let counts: Vec<i64> = parts.iter().map(|(_, count)| *count).collect();
        if counts.iter().any(|count| *count > 0) {
            let population = Etape { releves, groupes, seuil, code, charniere, parts: &parts }.publish(counts.iter().sum(), axes);
            publication.populations.insert(code.into(), population);
        }
    }
    publication
}

/// What a population is crossed with, and how many of each; what has no state comes last.
fn list_parts(releves: &Releves, (code, charniere): (&str, Charniere)) -> Vec<(String, i64)> {
    let whole = releves.list(code, "").first();
    let total = whole.map_or(0, |somme| somme.total);
    let known: Vec<(String, i64)> = match charniere {
        Charniere::Sexe => {
            let count = |of: fn(&Somme) -> i64| whole.map_or(0, of).max(0);
            vec![(FEMME.into(), count(|one| one.femmes)), (HOMME.into(), count(|one| one.hommes))]
        }
        Charniere::Etat => {
            let count = |etat: &str| releves.list(&format!("{code}:{etat}"), "").first().map_or(0, |somme| somme.total.max(0));
            releves.list_etats(code).into_iter().map(|etat| (etat.to_string(), count(etat))).collect()
        }
    };
    let rest = (total - known.iter().map(|(_, count)| count).sum::<i64>()).max(0);
    known.into_iter().chain([(NON_DIT.to_string(), rest)]).collect()
}

/// One population on its way.
struct Etape<'a> {
    releves: &'a Releves,
    groupes: Groupes<'a>,
    seuil: i64,
    code: &'a str,
    charniere: Charniere,
    parts: &'a [(String, i64)],
}

impl Etape<'_> {
    fn publish(&self, total: i64, axes: &[&str]) -> Population {
        let hidden = Population { charniere: self.charniere, ..Population::default() };
        if (1..self.seuil).contains(&total) {
            return hidden;
        }
        let lines: Vec<LigneRelevee> = self.parts.iter().map(|(code, count)| line(code, vec![*count])).collect();
        let parts = mask(&lines, Tenus::default(), self.seuil);
        let told = |code: &str| parts.as_ref().and_then(|table| table.find(code)).and_then(|line| line.total);
        let parts: Vec<(String, Option<i64>)> = self.parts.iter().map(|(code, _)| (code.clone(), told(code))).collect();
        let shown: Vec<bool> = parts.iter().map(|(_, count)| count.is_some()).collect();
        let table = |axe: &&str| Some(((*axe).to_string(), self.tell(axe, &shown)?));
        Population { total: Some(total), tables: axes.iter().filter_map(table).collect(), parts, ..hidden }
    }

    /// An axis: its values first, then what they are crossed with; the values alone when the crossing would say too much.
    fn tell(&self, axe: &str, shown: &[bool]) -> Option<Vec<LigneMasquee>> {
        let crossed = self.list_lignes(axe);
        let flat = |ligne: &LigneRelevee| LigneRelevee {
            cellules: if ligne.cellules.is_empty() { vec![] } else { vec![ligne.cellules.iter().sum()] },
            ..ligne.clone()
        };
        let values: Vec<LigneRelevee> = crossed.iter().map(flat).collect();
        let values = mask(&values, Tenus::default(), self.seuil)?;
        let tenus = Tenus { lignes: Some(&values), colonnes: Some(shown) };
        let without = |table: TableauMasque| {
            table.lignes.into_iter().map(|ligne| LigneMasquee { cellules: vec![None; shown.len()], ..ligne }).collect()
        };
        Some(mask(&crossed, tenus, self.seuil).map_or_else(|| without(values), |table| table.lignes))
    }

    /// The values of an axis by the parts of the population, groups before what they hold; what is not known of the axis is the last one.
    fn list_lignes(&self, axe: &str) -> Vec<LigneRelevee> {
        let mut lignes: Vec<LigneRelevee> = match (self.charniere, axe) {
            (Charniere::Sexe, _) => self.list_sommes(self.code, axe).map(|somme| line(&somme.valeur, split_sexe(somme))).collect(),
            (Charniere::Etat, SEXE) => self.list_sexes(),
            (Charniere::Etat, _) => self.list_etats(axe),
        };
        let rest: Vec<i64> = self
            .parts
            .iter()
            .enumerate()
            .map(|(rang, (_, count))| (count - lignes.iter().filter_map(|ligne| ligne.cellules.get(rang)).sum::<i64>()).max(0))
            .collect();
        if rest.iter().any(|count| *count > 0) {
            lignes.push(line(NON_DIT, rest));
        }
        if axe == COMMUNE {
            self.group(&mut lignes);
        }
        lignes
    }

    fn list_sommes(&self, mesure: &str, axe: &str) -> impl Iterator<Item = &Somme> {
        // What was taken back in a later year is nobody's.
        self.releves.list(mesure, axe).iter().filter(|somme| somme.total > 0)
    }

    fn list_sexes(&self) -> Vec<LigneRelevee> {
        let of = |count: fn(&Somme) -> i64| {
            let by_etat = self.parts.iter().map(|(etat, _)| self.list_sommes(&self.mesure(etat), "").map(count).sum::<i64>().max(0));
            by_etat.collect()
        };
        vec![line(FEMME, of(|somme| somme.femmes)), line(HOMME, of(|somme| somme.hommes))]
    }

    fn list_etats(&self, axe: &str) -> Vec<LigneRelevee> {
        let mut cells: BTreeMap<String, Vec<i64>> = BTreeMap::new();
        for (rang, (etat, _)) in self.parts.iter().enumerate() {
            for somme in self.list_sommes(&self.mesure(etat), axe) {
                let of_value = cells.entry(somme.valeur.clone()).or_insert_with(|| vec![0; self.parts.len()]);
                if let Some(cell) = of_value.get_mut(rang) {
                    *cell = somme.total;
                }
            }
        }
        cells.into_iter().map(|(valeur, cellules)| line(&valeur, cellules)).collect()
    }

    fn mesure(&self, etat: &str) -> String {
        format!("{}:{etat}", self.code)
    }

    /// Names the bassin of each commune, and writes bassins first.
    fn group(&self, lignes: &mut Vec<LigneRelevee>) {
        for ligne in lignes.iter_mut() {
            ligne.groupe = self.groupes.find(&ligne.code);
        }
        let mut bassins: Vec<String> = lignes.iter().filter_map(|ligne| ligne.groupe.clone()).collect();
        bassins.sort_unstable();
        bassins.dedup();
        lignes.splice(0..0, bassins.into_iter().map(|code| line(&code, vec![])));
    }
}

fn line(code: &str, cellules: Vec<i64>) -> LigneRelevee {
    LigneRelevee { code: code.into(), groupe: None, cellules }
}

/// Women, men, and those who did not say: nothing is left for a subtraction to tell.
fn split_sexe(somme: &Somme) -> Vec<i64> {
    let (femmes, hommes) = (somme.femmes.max(0), somme.hommes.max(0));
    vec![femmes, hommes, (somme.total - femmes - hommes).max(0)]
}
