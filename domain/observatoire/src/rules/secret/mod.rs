//! Statistical secrecy: what is hidden of a table that people outside the team read. Counts from 1 to the threshold are hidden, then
//! whatever would give one of them back by addition or subtraction, of lines, columns, totals or bassins.
//!
//! **What is promised.** Whatever is shown of one table, each small cell can still be anything from 1 to the threshold less one, and
//! each small total as many different values, for somebody who knows that nothing hidden is nought. `flots` says why this is exact.
//!
//! **Always the same cell.** What is hidden follows from the counts and the codes alone: not from the order of lines, the page, the
//! format or the day.
//!
//! **Several tables of the same people.** The whole is told, and a table is hidden inside totals decided first, that all tables share:
//! what is hidden can then move in one table without moving anything in another, as long as all of them are crossed with one and the
//! same thing (women and men, or outcomes), whose counts were decided first too. `publication::programme` keeps to that.
//!
//! **What it does not protect from.** Somebody who knows some of the people counted, or takes part in the count, and subtracts them.
//! Tables of different facts that happen to be alike (needs asked, outcomes told): they are of different people and days.
//! Somebody who runs this very program on every table that they can imagine. Shares and averages, which give counts back: they are shown only
//! beside counts that are shown.

#[cfg(test)]
pub(crate) mod attaque;
mod flots;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};

use flots::{Flots, Tuyau, Visibilite};

/// Counts under this are hidden, unless the territoire asks for more; nought is not, for it is about nobody.
pub const SEUIL: i64 = 5;
/// What INSEE and the tax administration ask of the smallest areas: a territoire may choose it.
pub const SEUIL_STRICT: i64 = 11;

/// A line: its own counts, or those of the lines that name it as their group.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LigneRelevee {
    pub code: String,
    /// The line that it is a part of (a bassin), written before it.
    pub groupe: Option<String>,
    /// Left out of a group, whose counts are the sums of its lines. A negative count is nought.
    pub cellules: Vec<i64>,
}

/// A line of a table, as it may be published.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LigneMasquee {
    pub code: String,
    /// None: hidden.
    pub cellules: Vec<Option<i64>>,
    pub total: Option<i64>,
}

/// A table, as it may be published.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TableauMasque {
    /// In the order they were given.
    pub lignes: Vec<LigneMasquee>,
    pub ensemble: LigneMasquee,
}

impl TableauMasque {
    pub fn find(&self, code: &str) -> Option<&LigneMasquee> {
        self.lignes.iter().find(|ligne| ligne.code == code)
    }
}

/// What is told already, whatever the table says of it: the whole always is.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tenus<'a> {
    /// By line, whether its total is; a line whose total is hidden is hidden altogether. None: the table decides.
    pub lignes: Option<&'a TableauMasque>,
    /// By column, whether its total is; one that is not is hidden altogether. None: the table decides.
    pub colonnes: Option<&'a [bool]>,
}

/// Hides what must be, without touching what is told already; none when that cannot be (too few in all, a single small count): then
/// nothing of the table may be told.
pub fn mask(lignes: &[LigneRelevee], tenus: Tenus<'_>, seuil: i64) -> Option<TableauMasque> {
    let plan = Plan::new(lignes, tenus);
    if plan.sommes.first().and_then(|whole| whole.last()).is_some_and(|whole| (1..seuil).contains(whole)) {
        return None;
    }
    let mut flots = Flots::new(plan.joints(), seuil);
    let tuyaux = plan.lay(&mut flots);
    flots.protect().then(|| plan.read(&flots, &tuyaux))
}

/// Where each count of a table stands. The whole is group 0; then groups, then lines, both in the order of codes.
struct Plan<'a> {
    relevees: &'a [LigneRelevee],
    tenus: Tenus<'a>,
    colonnes: usize,
    /// By code, its group; the whole is not among them.
    groupes: Vec<(&'a str, usize)>,
    lignes: Vec<(&'a LigneRelevee, usize)>,
    rangs: HashMap<&'a str, usize>,
    /// Of each group, by column, then of all columns.
    sommes: Vec<Vec<i64>>,
}

/// The pipes of each line or group: by column, then the total.
type Pose<'a> = HashMap<&'a str, Vec<usize>>;

/// Stands for the whole, which no line is named after.
const ENSEMBLE: &str = "";

impl<'a> Plan<'a> {
    fn new(relevees: &'a [LigneRelevee], tenus: Tenus<'a>) -> Self {
        let colonnes = relevees.iter().map(|ligne| ligne.cellules.len()).max().unwrap_or_default();
        let sorted: BTreeMap<&str, &LigneRelevee> = relevees.iter().map(|ligne| (ligne.code.as_str(), ligne)).collect();
        let named: std::collections::BTreeSet<&str> = relevees.iter().filter_map(|ligne| ligne.groupe.as_deref()).collect();
        let rangs: HashMap<&str, usize> = named.iter().filter(|code| sorted.contains_key(*code)).copied().zip(1..).collect();
        let place = |ligne: &LigneRelevee| ligne.groupe.as_deref().and_then(|code| rangs.get(code)).copied().unwrap_or_default();
        let mut plan = Self { relevees, tenus, colonnes, groupes: vec![], lignes: vec![], rangs: HashMap::new(), sommes: vec![] };
        for (code, ligne) in &sorted {
            if rangs.contains_key(code) { plan.groupes.push((code, place(ligne))) } else { plan.lignes.push((ligne, place(ligne))) }
        }
        plan.rangs = rangs;
        plan.sommes = plan.add_up();
        plan
    }

    fn add_up(&self) -> Vec<Vec<i64>> {
        let mut sommes = vec![vec![0; self.colonnes + 1]; self.groupes.len() + 1];
        for (ligne, groupe) in &self.lignes {
            let mut at = Some(*groupe);
            // A group that would hold itself is not followed for ever.
            for _ in 0..=self.groupes.len() {
                let Some(here) = at else { break };
                for (rang, count) in self.counts(ligne).into_iter().enumerate() {
                    if let Some(somme) = sommes.get_mut(here).and_then(|line| line.get_mut(rang)) {
                        *somme += count;
                    }
                }
                at = if here == 0 { None } else { self.groupes.get(here - 1).map(|(_, parent)| *parent) };
            }
        }
        sommes
    }

    /// The counts of a line, then its total.
    fn counts(&self, ligne: &LigneRelevee) -> Vec<i64> {
        let mut counts: Vec<i64> = (0..self.colonnes).map(|rang| ligne.cellules.get(rang).copied().unwrap_or_default().max(0)).collect();
        counts.push(counts.iter().sum());
        counts
    }

    /// Joints: one in common, then for each group one a column and one for its total, then one a line.
    fn joints(&self) -> usize {
        1 + (self.groupes.len() + 1) * (self.colonnes + 1) + self.lignes.len()
    }

    fn joint(&self, groupe: usize, colonne: usize) -> usize {
        1 + groupe * (self.colonnes + 1) + colonne
    }

    fn lay(&self, flots: &mut Flots) -> Pose<'a> {
        let mut pose = HashMap::from([(ENSEMBLE, self.lay_groupe(flots, (ENSEMBLE, 0), None))]);
        for (rang, (code, parent)) in (1..).zip(&self.groupes) {
            pose.insert(*code, self.lay_groupe(flots, (code, rang), Some(*parent)));
        }
        let first = 1 + (self.groupes.len() + 1) * (self.colonnes + 1);
        for (rang, (ligne, groupe)) in self.lignes.iter().enumerate() {
            let own = first + rang;
            let pipes = self.counts(ligne).into_iter().enumerate().map(|(colonne, valeur)| {
                let is_total = colonne == self.colonnes;
                let (from, to) = if is_total { (own, self.joint(*groupe, colonne)) } else { (self.joint(*groupe, colonne), own) };
                let weight = Some(if is_total { 2 } else { 1 });
                self.lay_one(flots, (&ligne.code, colonne), Tuyau { from, to, valeur, is_cellule: !is_total, ..pipe(weight) })
            });
            pose.insert(&ligne.code, pipes.collect());
        }
        pose
    }

    fn lay_groupe(&self, flots: &mut Flots, (code, rang): (&str, usize), parent: Option<usize>) -> Vec<usize> {
        let pipes = (0..=self.colonnes).map(|colonne| {
            let is_total = colonne == self.colonnes;
            let (above, here) = (parent.map_or(0, |parent| self.joint(parent, colonne)), self.joint(rang, colonne));
            let (from, to) = if is_total { (here, above) } else { (above, here) };
            let valeur = self.sommes.get(rang).and_then(|line| line.get(colonne)).copied().unwrap_or_default();
            // What many read is given up last.
            let weight = if parent.is_some() { 4 } else { 16 } * if is_total { 2 } else { 1 };
            self.lay_one(flots, (code, colonne), Tuyau { from, to, valeur, ..pipe(Some(weight)) })
        });
        pipes.collect()
    }

    fn lay_one(&self, flots: &mut Flots, (code, colonne): (&str, usize), mut tuyau: Tuyau) -> usize {
        self.hold(&mut tuyau, (code, colonne));
        tuyau.cout = tuyau.cout.map(|cout| cout + u64::from(i64::BITS - tuyau.valeur.leading_zeros()));
        flots.add(tuyau)
    }

    /// What is decided already is not decided again.
    fn hold(&self, tuyau: &mut Tuyau, (code, colonne): (&str, usize)) {
        let (tenus, is_whole, is_total) = (self.tenus, code == ENSEMBLE, colonne == self.colonnes);
        let line = if is_whole { Some(true) } else { tenus.lignes.map(|known| known.find(code).is_some_and(|one| one.total.is_some())) };
        let column = if is_total { Some(true) } else { tenus.colonnes.map(|known| known.get(colonne).copied().unwrap_or_default()) };
        let is_decided = (is_whole || is_total) && line.is_some() && column.is_some();
        let is_hidden = line == Some(false) || column == Some(false);
        if is_decided || is_hidden {
            tuyau.visibilite = if is_hidden { Visibilite::Cache } else { Visibilite::Montre };
            tuyau.is_tenu = is_decided;
            tuyau.cout = None;
        }
    }

    fn read(&self, flots: &Flots, pose: &Pose<'_>) -> TableauMasque {
        let line = |code: &str, counts: Vec<i64>| {
            let pipes = pose.get(code).map_or(&[][..], Vec::as_slice);
            let shown = |(count, pipe): (i64, &usize)| flots.is_montre(*pipe).then_some(count);
            let mut cellules: Vec<Option<i64>> = counts.into_iter().zip(pipes).map(shown).collect();
            let total = cellules.pop().flatten();
            LigneMasquee { code: code.to_string(), cellules, total }
        };
        let somme = |rang: usize| self.sommes.get(rang).cloned().unwrap_or_default();
        let lignes = self.relevees.iter().map(|ligne| {
            let counts = self.rangs.get(ligne.code.as_str()).map_or_else(|| self.counts(ligne), |rang| somme(*rang));
            line(&ligne.code, counts)
        });
        TableauMasque { lignes: lignes.collect(), ensemble: line(ENSEMBLE, somme(0)) }
    }
}

/// A pipe that leads nowhere yet, and what hiding it costs: small counts of small lines first.
fn pipe(weight: Option<u64>) -> Tuyau {
    Tuyau {
        from: 0,
        to: 0,
        valeur: 0,
        is_cellule: false,
        visibilite: Visibilite::Montre,
        is_tenu: false,
        cout: weight.map(|weight| weight * 64),
    }
}
