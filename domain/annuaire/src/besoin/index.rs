//! What is computed once so that a query takes microseconds: words, roots, and the expressions they belong to.

use std::collections::HashMap;

use super::Besoin;
use super::texte::{Mot, read_mots};

/// A word said in any call weighs this much of what its rarity would give it.
const PART_MOT_FAIBLE: f32 = 0.15;

/// A label or synonym, as the roots of its words.
#[derive(Debug)]
pub(super) struct Expression {
    pub(super) rang: u8,
    pub(super) texte: Box<str>,
    /// Weight of each root, in the order `appels` counts them.
    pub(super) poids: Vec<f32>,
    /// Bits of the roots that carry meaning.
    pub(super) fortes: u32,
}

/// A word of the taxonomy, with what lets a distant word be ruled out without computing a distance.
#[derive(Debug)]
pub(super) struct MotConnu {
    pub(super) plie: Box<str>,
    pub(super) lettres: u32,
    pub(super) racine: u16,
}

/// Where a root appears: which expression, at which position.
#[derive(Debug, Clone, Copy)]
pub(super) struct Appel {
    pub(super) expression: u16,
    pub(super) position: u8,
    /// The word of the expression that has this root.
    pub(super) forme: u16,
}

/// Expressions, known words and roots of the whole taxonomy.
#[derive(Debug, Default)]
pub(super) struct Index {
    pub(super) expressions: Vec<Expression>,
    pub(super) mots: Vec<MotConnu>,
    /// By root number: where it appears.
    pub(super) appels: Vec<Vec<Appel>>,
    /// By root number: from 0 (said for every need) to 1 (said for one).
    pub(super) raretes: Vec<f32>,
    racines: HashMap<Box<str>, u16>,
    formes: HashMap<Box<str>, u16>,
    exactes: HashMap<String, u16>,
    exactes_par_racine: HashMap<String, u16>,
}

impl Index {
    pub(super) fn build(besoins: &[Besoin]) -> Index {
        let mut index = Index::default();
        for besoin in besoins {
            for texte in std::iter::once(&besoin.libelle).chain(&besoin.synonymes) {
                index.add(besoin, texte);
            }
        }
        index.weigh(besoins.len());
        index
    }

    /// The root number of a word, when the taxonomy says that word.
    pub(super) fn find_racine(&self, mot: &Mot) -> Option<u16> {
        self.racines.get(mot.racine.as_str()).copied()
    }

    /// The number of this very word.
    pub(super) fn find_forme(&self, mot: &Mot) -> Option<u16> {
        self.formes.get(mot.plie.as_str()).copied()
    }

    /// The expression made of the same words, in any order; failing that, of the same roots.
    pub(super) fn find_exacte(&self, mots: &[Mot]) -> Option<u16> {
        let formes = self.exactes.get(&key(mots, |mot| &mot.plie));
        formes.or_else(|| self.exactes_par_racine.get(&key(mots, |mot| &mot.racine))).copied()
    }

    fn add(&mut self, besoin: &Besoin, texte: &str) {
        let mots = read_mots(texte);
        let Ok(numero) = u16::try_from(self.expressions.len()) else {
            return;
        };
        if mots.is_empty() || mots.len() > 16 {
            return;
        }
        // The first to say it keeps it: a test tells when two needs share their words.
        self.exactes.entry(key(&mots, |mot| &mot.plie)).or_insert(numero);
        self.exactes_par_racine.entry(key(&mots, |mot| &mot.racine)).or_insert(numero);
        let mut expression = Expression { rang: besoin.rang, texte: texte.into(), poids: Vec::new(), fortes: 0 };
        let mut vues = Vec::new();
        for mot in &mots {
            let (racine, forme) = self.number(mot);
            if vues.contains(&racine) {
                continue;
            }
            let position = vues.len() as u8;
            self.appels[usize::from(racine)].push(Appel { expression: numero, position, forme });
            expression.poids.push(if mot.faible { PART_MOT_FAIBLE } else { 1.0 });
            expression.fortes |= u32::from(!mot.faible) << position;
            vues.push(racine);
        }
        self.expressions.push(expression);
    }

    /// The numbers of its root and of its form.
    fn number(&mut self, mot: &Mot) -> (u16, u16) {
        let suivante = self.appels.len() as u16;
        let racine = *self.racines.entry(mot.racine.as_str().into()).or_insert(suivante);
        if racine == suivante {
            self.appels.push(Vec::new());
        }
        let suivante = self.mots.len() as u16;
        let forme = *self.formes.entry(mot.plie.as_str().into()).or_insert(suivante);
        if forme == suivante {
            self.mots.push(MotConnu { plie: mot.plie.as_str().into(), lettres: read_lettres(&mot.plie), racine });
        }
        (racine, forme)
    }

    /// Weighs roots once all are known: the fewer needs say it, the more it tells.
    fn weigh(&mut self, besoins: usize) {
        let plafond = (1.0 + besoins as f32).ln();
        for appels in &self.appels {
            let mut rangs: Vec<u8> = appels.iter().map(|appel| self.expressions[usize::from(appel.expression)].rang).collect();
            rangs.dedup();
            let rarete = (1.0 + besoins as f32 / rangs.len() as f32).ln() / plafond;
            self.raretes.push(rarete);
            for appel in appels {
                let expression = &mut self.expressions[usize::from(appel.expression)];
                expression.poids[usize::from(appel.position)] *= rarete;
            }
        }
    }
}

/// One bit per letter or digit the word contains.
pub(super) fn read_lettres(mot: &str) -> u32 {
    mot.bytes().fold(0, |lettres, b| lettres | if b.is_ascii_digit() { 1 << 26 } else { 1 << (b.wrapping_sub(b'a') & 31) })
}

fn key(mots: &[Mot], read: fn(&Mot) -> &String) -> String {
    let mut racines: Vec<&str> = mots.iter().map(|mot| read(mot).as_str()).collect();
    racines.sort_unstable();
    racines.dedup();
    racines.join(" ")
}
