//! The names of communes arranged to be found: by their beginning, by a word, by their letters.

use super::empreinte::Empreinte;
use super::textes::Textes;
use super::words::{fold, significant};
use crate::{AncienneCommune, CodeDepartement, Commune, Departement};

/// A name a commune has, or had.
#[derive(Debug)]
pub(super) struct Entree {
    pub commune: u16,
    /// Position in the old communes when the name is an old one.
    pub ancienne: Option<usize>,
}

/// Built once; every vector beside a [`Textes`] has one item per text.
#[derive(Debug, Default)]
pub(crate) struct Index {
    pub(super) entrees: Vec<Entree>,
    /// The folded name of each entrée, words separated by a space.
    pub(super) noms: Textes,
    /// Names without spaces, so that glued or split words do not matter; then without little words.
    pub(super) clefs: Textes,
    pub(super) clef_entree: Vec<usize>,
    pub(super) clef_empreinte: Vec<Empreinte>,
    /// The clefs in alphabetical order.
    ordre: Vec<u32>,
    /// The distinct words that matter, in alphabetical order.
    pub(super) mots: Textes,
    pub(super) mot_empreinte: Vec<Empreinte>,
    /// Where the entrées of each word start in `occurrences`.
    mot_debut: Vec<usize>,
    occurrences: Vec<usize>,
    pub(super) departements: Vec<(Vec<String>, CodeDepartement)>,
}

impl Index {
    pub fn build(communes: &[Commune], anciennes: &[AncienneCommune], departements: &[Departement]) -> Self {
        let mut index = Self::default();
        for commune in communes {
            index.add(&commune.nom, commune.rang, None);
        }
        for (place, ancienne) in anciennes.iter().enumerate() {
            if let Some(nom) = &ancienne.nom {
                index.add(nom, ancienne.commune, Some(place));
            }
        }
        index.sort_clefs();
        index.sort_mots();
        for departement in departements {
            let mots = fold(&departement.nom);
            let mots = significant(mots.iter().map(String::as_str));
            let mots = mots.into_iter().map(str::to_owned).collect();
            index.departements.push((mots, departement.code));
        }
        index
    }

    fn add(&mut self, nom: &str, commune: u16, ancienne: Option<usize>) {
        let mots = fold(nom);
        let entree = self.entrees.len();
        self.entrees.push(Entree { commune, ancienne });
        self.noms.push(&mots.join(" "));
        self.add_clef(&mots.concat(), entree);
        let importants = significant(mots.iter().map(String::as_str));
        if importants.len() < mots.len() {
            self.add_clef(&importants.concat(), entree);
        }
    }

    fn add_clef(&mut self, clef: &str, entree: usize) {
        self.clefs.push(clef);
        self.clef_entree.push(entree);
        self.clef_empreinte.push(Empreinte::of(clef));
    }

    fn sort_clefs(&mut self) {
        self.ordre = (0..).take(self.clefs.len()).collect();
        self.ordre.sort_unstable_by_key(|clef| self.clefs.get(*clef as usize));
    }

    fn sort_mots(&mut self) {
        let mut paires: Vec<(&str, usize)> = Vec::with_capacity(self.entrees.len() * 2);
        for entree in 0..self.entrees.len() {
            let mots = significant(self.noms.get(entree).split(' '));
            paires.extend(mots.into_iter().map(|mot| (mot, entree)));
        }
        paires.sort_unstable();
        for (mot, entree) in paires {
            if self.mots.last() != Some(mot) {
                self.mots.push(mot);
                self.mot_empreinte.push(Empreinte::of(mot));
                self.mot_debut.push(self.occurrences.len());
            }
            self.occurrences.push(entree);
        }
        self.mot_debut.push(self.occurrences.len());
    }

    /// The clefs that start with `debut`, those equal to it first.
    pub fn list_clefs(&self, debut: &str) -> impl Iterator<Item = usize> {
        let clef = |place: &u32| self.clefs.get(*place as usize);
        let start = self.ordre.partition_point(|place| clef(place) < debut);
        let suite = &self.ordre[start..];
        let len = suite.partition_point(|place| clef(place).starts_with(debut));
        suite[..len].iter().map(|place| *place as usize)
    }

    /// The words that start with `debut`, as a range of positions.
    pub fn range_mots(&self, debut: &str) -> std::ops::Range<usize> {
        let start = self.mots.partition_point(|mot| mot < debut);
        let end = self.mots.partition_point(|mot| mot < debut || mot.starts_with(debut));
        start..end
    }

    /// The entrées that have one of these words.
    pub fn list_entrees(&self, mots: std::ops::Range<usize>) -> &[usize] {
        let bound = |mot: usize| self.mot_debut.get(mot).copied().unwrap_or_default();
        &self.occurrences[bound(mots.start)..bound(mots.end)]
    }

    /// Communes of today whose folded name is that of another commune of today.
    pub fn list_homonymes(&self) -> Vec<u16> {
        let mut homonymes = Vec::new();
        for paire in self.ordre.windows(2) {
            let [a, b] = [paire[0] as usize, paire[1] as usize];
            let [entree_a, entree_b] = [self.clef_entree[a], self.clef_entree[b]];
            let is_current = |entree: usize| self.entrees[entree].ancienne.is_none();
            let is_same = self.noms.get(entree_a) == self.noms.get(entree_b);
            if entree_a != entree_b && is_same && is_current(entree_a) && is_current(entree_b) {
                homonymes.extend([entree_a, entree_b].map(|entree| self.entrees[entree].commune));
            }
        }
        homonymes
    }
}
