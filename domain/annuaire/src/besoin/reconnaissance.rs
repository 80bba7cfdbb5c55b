//! Decides whether a text names needs for sure, may name some, or none.

use super::recherche::{BesoinTrouve, Piste, rank};
use super::texte::read_mots;
use super::{Besoin, Taxonomie};

/// Two readings of the same words closer than this are told apart by the person, not by us.
const ECART_NET: f32 = 0.03;
/// A synonym made of words said for many needs is not proof enough.
const FORCE_SURE: f32 = 0.45;
const BESOINS_RECONNUS: usize = 3;
const BESOINS_PROPOSES: usize = 5;

/// What is understood of a code or of a free text.
#[derive(Debug, Clone, PartialEq)]
pub enum Reconnaissance<'a> {
    /// One need, or the few named in the same sentence, the surest first.
    Reconnu(Vec<&'a Besoin>),
    /// Plausible needs, to offer to the person.
    Ambigu(Vec<BesoinTrouve<'a>>),
    Inconnu,
}

impl Taxonomie {
    /// Understands a code (need or family) exactly, or a free text with caution.
    pub fn recognise(&self, texte: &str) -> Reconnaissance<'_> {
        if let Some(besoin) = self.find(texte.trim()) {
            return Reconnaissance::Reconnu(vec![besoin]);
        }
        let mut pistes = rank(&self.index, &read_mots(texte), false);
        pistes.retain(|piste| self.is_sure(piste));
        let rangs = self.choose(&pistes);
        if !rangs.is_empty() {
            return Reconnaissance::Reconnu(rangs.iter().filter_map(|rang| self.besoin(*rang)).collect());
        }
        let trouves = self.search(texte, BESOINS_PROPOSES);
        if trouves.is_empty() { Reconnaissance::Inconnu } else { Reconnaissance::Ambigu(trouves) }
    }

    /// A whole synonym is there, and it says something.
    fn is_sure(&self, piste: &Piste) -> bool {
        let expression = &self.index.expressions[usize::from(piste.expression)];
        let is_locution = expression.fortes == 0 && expression.poids.len() > 1;
        let is_dite = expression.fortes != 0 && (piste.score >= 1.0 || piste.force >= FORCE_SURE);
        // A family named in passing (« on m’a volé mon argent ») is a question to ask, not an answer.
        let is_nommee = piste.score >= 1.0 || !self.is_famille(piste.rang);
        piste.entiere && is_nommee && (is_dite || is_locution)
    }

    fn is_famille(&self, rang: u8) -> bool {
        self.besoin(rang).is_some_and(Besoin::is_famille)
    }

    /// The best reading, then those that explain other words of the sentence; none when the best is not clearly so.
    fn choose(&self, pistes: &[Piste]) -> Vec<u8> {
        let Some(premiere) = pistes.first() else {
            return Vec::new();
        };
        let is_rivale =
            |autre: &&Piste| autre.rang != premiere.rang && autre.pris & premiere.pris != 0 && premiere.score - autre.score < ECART_NET;
        if premiere.score < 1.0 && pistes.iter().any(|autre| is_rivale(&autre)) {
            return Vec::new();
        }
        let mut rangs = vec![premiere.rang];
        let mut pris = premiere.pris;
        for piste in pistes.iter().skip(1) {
            if piste.rang == premiere.rang && premiere.score >= 1.0 {
                continue;
            }
            if rangs.contains(&piste.rang) {
                pris |= piste.pris;
            } else if piste.pris & pris == 0 && rangs.len() < BESOINS_RECONNUS {
                rangs.push(piste.rang);
                pris |= piste.pris;
            }
        }
        rangs
    }
}
