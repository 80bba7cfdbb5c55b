//! A published table as a network: each count, cell or total, is a pipe; what enters a joint leaves it. The tables that agree with
//! what is shown are exactly the ways of filling the hidden pipes, so how far a hidden count can move is how much can go round
//! through them: found exactly, path by path. Where too little can, the least costly pipe is hidden too.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap, VecDeque};

/// Nothing bounds it from above.
const SANS_BORNE: i64 = i64::MAX / 4;

/// A count of the table, and what anybody may know of it once it is hidden.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tuyau {
    pub from: usize,
    pub to: usize,
    pub valeur: i64,
    /// A count that people are told, not a sum of others.
    pub is_cellule: bool,
    pub visibilite: Visibilite,
    /// Protected by the table that it was decided in.
    pub is_tenu: bool,
    /// What hiding it would take from the reader; none: it may not be hidden (any longer).
    pub cout: Option<u64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Visibilite {
    Montre,
    Cache,
}

/// One more, or one less.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sens {
    Hausse,
    Baisse,
}

/// The least costly way found to a joint: what it costs, and the pipe by which one comes.
type Arrivee = (u64, usize, Sens);

/// The joints reached so far.
struct Arrivees(Vec<Option<Arrivee>>);

impl Arrivees {
    fn new(joints: usize) -> Self {
        Self(vec![None; joints])
    }

    fn get(&self, joint: usize) -> Option<Arrivee> {
        self.0.get(joint).copied().flatten()
    }

    fn set(&mut self, joint: usize, arrivee: Arrivee) {
        if let Some(place) = self.0.get_mut(joint) {
            *place = Some(arrivee);
        }
    }
}

#[derive(Debug)]
pub(super) struct Flots {
    tuyaux: Vec<Tuyau>,
    /// The pipes at each joint.
    autour: Vec<Vec<usize>>,
    seuil: i64,
}

impl Flots {
    pub(super) fn new(noeuds: usize, seuil: i64) -> Self {
        Self { tuyaux: vec![], autour: vec![vec![]; noeuds], seuil }
    }

    pub(super) fn add(&mut self, mut tuyau: Tuyau) -> usize {
        let rang = self.tuyaux.len();
        if tuyau.visibilite == Visibilite::Montre && self.is_petit(tuyau.valeur) {
            tuyau.visibilite = Visibilite::Cache;
        }
        for joint in [tuyau.from, tuyau.to] {
            if let Some(around) = self.autour.get_mut(joint) {
                around.push(rang);
            }
        }
        self.tuyaux.push(tuyau);
        rang
    }

    pub(super) fn is_montre(&self, rang: usize) -> bool {
        self.tuyaux.get(rang).is_some_and(|tuyau| tuyau.visibilite == Visibilite::Montre)
    }

    fn is_petit(&self, valeur: i64) -> bool {
        (1..self.seuil).contains(&valeur)
    }

    /// Hides what must be so that each small count keeps as many possible values as there are small counts; false as soon as one cannot.
    pub(super) fn protect(&mut self) -> bool {
        for rang in 0..self.tuyaux.len() {
            let Some(tuyau) = self.tuyaux.get(rang).copied() else { continue };
            if tuyau.visibilite != Visibilite::Cache || tuyau.is_tenu || !self.is_petit(tuyau.valeur) {
                continue;
            }
            if !self.can_hide(rang, &tuyau, false) && !self.can_hide(rang, &tuyau, true) {
                return false;
            }
        }
        true
    }

    /// Whether a small count can be as many values as there are small counts; hides others for it when it may.
    fn can_hide(&mut self, rang: usize, tuyau: &Tuyau, may_open: bool) -> bool {
        let width = self.seuil - 2;
        // A cell can be anything from 1 to the threshold; a total, any as many values, nought the least.
        let above = if tuyau.is_cellule { self.seuil - 1 - tuyau.valeur } else { width };
        let up = self.open((rang, may_open), Sens::Hausse, above);
        let below = (width - up).min(if tuyau.is_cellule { tuyau.valeur - 1 } else { tuyau.valeur });
        up + self.open((rang, may_open), Sens::Baisse, below) >= width
    }

    /// By how much a pipe can move, `wanted` at most; hides others for it when it may.
    fn open(&mut self, (rang, may_open): (usize, bool), sens: Sens, wanted: i64) -> i64 {
        let Some(tuyau) = self.tuyaux.get(rang) else { return 0 };
        let (start, end) = match sens {
            Sens::Hausse => (tuyau.to, tuyau.from),
            Sens::Baisse => (tuyau.from, tuyau.to),
        };
        let mut moved: HashMap<usize, i64> = HashMap::from([(rang, 0)]);
        let mut done = 0;
        while done < wanted {
            let state = Etat { flots: self, moved: &moved, banned: rang };
            let opened = || may_open.then(|| state.find_cheapest(start, end)).flatten();
            let Some(path) = state.find_free(start, end).or_else(opened) else { break };
            let room = path.iter().map(|(pipe, sens)| state.room(*pipe, *sens)).min().unwrap_or_default().min(wanted - done);
            for (pipe, sens) in path {
                *moved.entry(pipe).or_default() += if sens == Sens::Hausse { room } else { -room };
                if let Some(opened) = self.tuyaux.get_mut(pipe).filter(|one| one.visibilite == Visibilite::Montre) {
                    opened.visibilite = Visibilite::Cache;
                }
            }
            done += room;
        }
        done
    }
}

/// Under which somebody knows that a count is not, once hidden: a cell that is hidden is not nought.
fn least(tuyau: &Tuyau) -> i64 {
    i64::from(tuyau.is_cellule)
}

/// The network while what goes round one pipe is looked for.
struct Etat<'a> {
    flots: &'a Flots,
    moved: &'a HashMap<usize, i64>,
    /// The pipe itself.
    banned: usize,
}

impl Etat<'_> {
    /// By how much more a pipe can move this way. Nought is always shown: it is about nobody.
    fn room(&self, rang: usize, sens: Sens) -> i64 {
        let Some(tuyau) = self.flots.tuyaux.get(rang).filter(|_| rang != self.banned) else { return 0 };
        if tuyau.valeur == 0 {
            return 0;
        }
        let now = tuyau.valeur + self.moved.get(&rang).copied().unwrap_or_default();
        match sens {
            Sens::Hausse => SANS_BORNE - now,
            Sens::Baisse => now - least(tuyau),
        }
    }

    /// Where a pipe of this joint leads, and which way it moves then.
    fn follow(&self, rang: usize, joint: usize) -> Option<(usize, Sens, &Tuyau)> {
        let tuyau = self.flots.tuyaux.get(rang)?;
        let (next, sens) = if tuyau.from == joint { (tuyau.to, Sens::Hausse) } else { (tuyau.from, Sens::Baisse) };
        (self.room(rang, sens) > 0).then_some((next, sens, tuyau))
    }

    fn around(&self, joint: usize) -> &[usize] {
        self.flots.autour.get(joint).map_or(&[], Vec::as_slice)
    }

    /// The shortest way through what is hidden already.
    fn find_free(&self, start: usize, end: usize) -> Option<Vec<(usize, Sens)>> {
        let mut reached = Arrivees::new(self.flots.autour.len());
        let mut queue = VecDeque::from([start]);
        while let Some(joint) = queue.pop_front() {
            for &rang in self.around(joint) {
                let Some((next, sens, tuyau)) = self.follow(rang, joint) else { continue };
                if tuyau.visibilite == Visibilite::Montre || next == start || reached.get(next).is_some() {
                    continue;
                }
                reached.set(next, (0, rang, sens));
                if next == end {
                    return self.walk_back(&reached, (start, end));
                }
                queue.push_back(next);
            }
        }
        None
    }

    /// The way that takes the least from the reader; between equals, that of the first lines by code.
    fn find_cheapest(&self, start: usize, end: usize) -> Option<Vec<(usize, Sens)>> {
        let mut reached = Arrivees::new(self.flots.autour.len());
        let mut queue = BinaryHeap::from([Reverse((0, start))]);
        while let Some(Reverse((cost, joint))) = queue.pop() {
            if joint == end {
                return self.walk_back(&reached, (start, end));
            }
            if reached.get(joint).is_some_and(|(known, _, _)| known < cost) {
                continue;
            }
            for &rang in self.around(joint) {
                let Some((next, sens, tuyau)) = self.follow(rang, joint) else { continue };
                let Some(toll) = (if tuyau.visibilite == Visibilite::Montre { tuyau.cout } else { Some(0) }) else { continue };
                let total = cost + toll;
                if next != start && reached.get(next).is_none_or(|(known, _, _)| total < known) {
                    reached.set(next, (total, rang, sens));
                    queue.push(Reverse((total, next)));
                }
            }
        }
        None
    }

    fn walk_back(&self, reached: &Arrivees, (start, end): (usize, usize)) -> Option<Vec<(usize, Sens)>> {
        let (mut path, mut joint) = (vec![], end);
        while joint != start {
            let (_, rang, sens) = reached.get(joint)?;
            path.push((rang, sens));
            let tuyau = self.flots.tuyaux.get(rang)?;
            joint = if sens == Sens::Hausse { tuyau.from } else { tuyau.to };
        }
        Some(path)
    }
}
