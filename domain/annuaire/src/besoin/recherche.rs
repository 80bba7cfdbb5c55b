//! Ranks the needs for a free text: exact words, then whole synonyms, then rare words, then near words.

use super::index::Index;
use super::ressemblance::{Rapprochement, compare};
use super::texte::{Mot, read_mots};
use super::{Besoin, Taxonomie};

/// Below, a candidate shares too little with the text to be worth showing.
const SCORE_MINIMAL: f32 = 0.12;
/// From this likeness on, a word stands for the other one (a typo, not a word being typed).
const QUALITE_ENTIERE: f32 = 0.7;
/// Another word of the same root (« isolation », « isolement ») is a little less than the word itself.
const QUALITE_RACINE: f32 = 0.95;
/// What only the story names weighs this much of what is asked for.
const PART_RECIT: f32 = 0.75;
/// A word we do not know tells something, we do not know what.
const POIDS_INCONNU: f32 = 0.35;
const MOTS_LUS: usize = 60;

/// A need that a text may mean, how much, and because of which words.
#[derive(Debug, Clone, PartialEq)]
pub struct BesoinTrouve<'a> {
    pub besoin: &'a Besoin,
    /// From 0 to 1; 1 when the words are those of the label or of a synonym.
    pub score: f32,
    /// The label or synonym that matched.
    pub mots: String,
}

impl BesoinTrouve<'_> {
    /// Why it is proposed, in French: « femme de ménage » → Ménage et repassage.
    pub fn explication(&self) -> String {
        format!("«\u{a0}{}\u{a0}» → {}", self.mots, self.besoin.libelle)
    }
}

impl Taxonomie {
    /// The needs a text may mean, best first; the last word may still be being typed.
    pub fn search(&self, texte: &str, limite: usize) -> Vec<BesoinTrouve<'_>> {
        if let Some(besoin) = self.find(texte.trim()) {
            let trouve = BesoinTrouve { besoin, score: 1.0, mots: besoin.libelle.to_string() };
            return std::iter::once(trouve).take(limite).collect();
        }
        let mots = read_mots(texte);
        let en_cours = texte.ends_with(char::is_alphanumeric);
        let mut trouves: Vec<BesoinTrouve<'_>> = Vec::new();
        for piste in rank(&self.index, &mots, en_cours) {
            if trouves.len() == limite {
                break;
            }
            let Some(besoin) = self.besoin(piste.rang) else {
                continue;
            };
            if trouves.iter().all(|trouve| trouve.besoin.rang != piste.rang) {
                let mots = self.index.expressions[usize::from(piste.expression)].texte.to_string();
                trouves.push(BesoinTrouve { besoin, score: piste.score, mots });
            }
        }
        trouves
    }
}

/// An expression of the taxonomy that the text may contain.
#[derive(Debug, Clone)]
pub(super) struct Piste {
    pub(super) expression: u16,
    pub(super) rang: u8,
    pub(super) score: f32,
    /// Every word of the expression is in the text.
    pub(super) entiere: bool,
    /// How rare its meaningful words are, added up.
    pub(super) force: f32,
    /// Bits of the words of the text it explains.
    pub(super) pris: u64,
}

/// Every expression worth naming, best first; equal scores keep the order of the file.
pub(super) fn rank(index: &Index, mots: &[Mot], en_cours: bool) -> Vec<Piste> {
    let mots = &mots[..mots.len().min(MOTS_LUS)];
    let exacte = index.find_exacte(mots);
    let rapprochements: Vec<Rapprochement> =
        (0..mots.len()).flat_map(|numero| compare(index, mots, numero, en_cours && numero + 1 == mots.len())).collect();
    let poids = weigh(index, mots, &rapprochements);
    let mut pistes = gather(index, &rapprochements);
    score(index, &mut pistes, &poids, read_annonce(mots));
    for piste in &mut pistes {
        if Some(piste.expression) == exacte {
            (piste.score, piste.entiere) = (1.0, true);
        }
    }
    pistes.retain(|piste| piste.score >= SCORE_MINIMAL);
    pistes.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.expression.cmp(&b.expression)));
    pistes
}

/// What each word of the text tells.
fn weigh(index: &Index, mots: &[Mot], rapprochements: &[Rapprochement]) -> Vec<f32> {
    let mut poids: Vec<f32> = mots.iter().map(|mot| if mot.faible { 0.05 } else { 0.0 }).collect();
    for rapprochement in rapprochements {
        if !mots[rapprochement.mot].faible {
            let rarete = index.raretes[usize::from(rapprochement.racine)];
            poids[rapprochement.mot] = poids[rapprochement.mot].max(rarete * rapprochement.qualite);
        }
    }
    poids.iter().map(|poids| if *poids == 0.0 { POIDS_INCONNU } else { *poids }).collect()
}

/// The expressions touched by the words of the text, with what each is made of that the text says.
fn gather(index: &Index, rapprochements: &[Rapprochement]) -> Vec<Piste> {
    let mut qualites: Vec<Vec<f32>> = vec![Vec::new(); index.expressions.len()];
    let mut pris = vec![0u64; index.expressions.len()];
    for rapprochement in rapprochements {
        for appel in &index.appels[usize::from(rapprochement.racine)] {
            let numero = usize::from(appel.expression);
            let qualites = &mut qualites[numero];
            qualites.resize(index.expressions[numero].poids.len(), 0.0);
            let position = usize::from(appel.position);
            let is_racine = rapprochement.qualite >= 1.0 && rapprochement.forme != Some(appel.forme);
            let qualite = if is_racine { QUALITE_RACINE } else { rapprochement.qualite };
            qualites[position] = qualites[position].max(qualite);
            pris[numero] |= 1 << rapprochement.mot;
        }
    }
    (0u16..)
        .zip(&qualites)
        .filter(|(_, qualites)| !qualites.is_empty())
        .filter_map(|(numero, qualites)| judge(index, numero, qualites, pris[usize::from(numero)]))
        .collect()
}

/// Nothing when only words said in any call are there, unless they make the whole expression.
fn judge(index: &Index, numero: u16, qualites: &[f32], pris: u64) -> Option<Piste> {
    let expression = &index.expressions[usize::from(numero)];
    let entiere = qualites.iter().all(|qualite| *qualite >= QUALITE_ENTIERE);
    let has_forte = (0u32..).zip(qualites).any(|(position, qualite)| *qualite > 0.0 && expression.fortes >> position & 1 == 1);
    let is_locution = entiere && qualites.len() > 1;
    let force: f32 = qualites.iter().zip(&expression.poids).map(|(qualite, poids)| qualite * poids).sum();
    let total: f32 = expression.poids.iter().sum();
    (has_forte || is_locution || (entiere && expression.fortes == 0)).then(|| Piste {
        expression: numero,
        rang: expression.rang,
        score: force / total,
        entiere,
        force,
        pris,
    })
}

/// Bits of the words that say what is wanted; all of them when nothing announces it.
fn read_annonce(mots: &[Mot]) -> u64 {
    let annonces = mots.iter().enumerate().filter(|(_, mot)| mot.annonce && !mot.faible);
    let bits = annonces.fold(0, |bits, (numero, _)| bits | 1 << numero);
    if bits == 0 { u64::MAX } else { bits }
}

/// From the share of the expression that is said, to a score that also counts how much of the text it explains.
fn score(index: &Index, pistes: &mut [Piste], poids: &[f32], annonce: u64) {
    let total: f32 = poids.iter().sum::<f32>().max(f32::EPSILON);
    let explained = |pris: u64| -> f32 {
        let somme: f32 = (0..poids.len()).filter(|mot| pris >> mot & 1 == 1).map(|mot| poids[mot]).sum();
        (somme / total).min(1.0)
    };
    let mut par_besoin = [0u64; 256];
    for piste in pistes.iter() {
        par_besoin[usize::from(piste.rang)] |= piste.pris;
    }
    for piste in pistes {
        let part = piste.score;
        let is_faible = index.expressions[usize::from(piste.expression)].fortes == 0;
        let base = if is_faible && piste.pris.count_ones() < 2 { 0.1 } else { 0.5 };
        let bonus =
            0.2 * explained(piste.pris) + 0.1 * explained(par_besoin[usize::from(piste.rang)]) + 0.19 * (piste.force / 2.0).min(1.0);
        let recit = if piste.pris & annonce == 0 { PART_RECIT } else { 1.0 };
        piste.score = (part * (base + bonus) * recit).clamp(0.0, 0.99);
    }
}
