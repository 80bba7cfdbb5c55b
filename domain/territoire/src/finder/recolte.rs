//! What a search has found so far: each commune once, for its best reason.

use std::cmp::Reverse;

use super::index::Entree;
use super::saisie::Filtre;
use super::{CommuneTrouvee, Raison};
use crate::{CodeInsee, Commune, Referentiel};

/// Why an entrée is found, before knowing whether the name is an old one.
#[derive(Clone, Copy, Debug)]
pub(super) enum Accord {
    /// The whole name, every word of it.
    Exact,
    /// The whole name, glued or split otherwise: « chateau renard » for Châteaurenard.
    ExactColle,
    /// The whole name but for little words left out.
    ExactSansArticle,
    /// The name starts with the text, at the end of a word or of a part of one.
    Prefixe,
    /// The text runs over words: « sainte » also starts « saint etienne ».
    PrefixeColle,
    /// The same words but for little words that differ.
    MotsConfondus,
    Mots,
    /// Typing errors in the whole name; the flag says whether the first letter is right.
    Fautes {
        nombre: u32,
        is_start_right: bool,
    },
    /// All words are there, with typing errors.
    FautesDansMots {
        nombre: u32,
    },
}

impl Accord {
    /// Orders the results. Old names come after a current one that fits as well.
    fn score(self, is_ancienne: bool) -> u32 {
        match (self, is_ancienne) {
            (Self::Exact, false) => 1_000,
            (Self::ExactColle, false) => 980,
            (Self::ExactSansArticle, false) => 950,
            (Self::Exact, true) => 900,
            (Self::ExactColle | Self::ExactSansArticle, true) => 880,
            (Self::Prefixe, false) => 800,
            (Self::MotsConfondus, false) => 780,
            (Self::MotsConfondus, true) => 770,
            (Self::PrefixeColle, false) => 760,
            (Self::Prefixe | Self::PrefixeColle, true) => 700,
            (Self::Mots, false) => 600,
            (Self::Mots, true) => 580,
            (Self::Fautes { nombre, is_start_right }, _) => {
                400 - 50 * nombre.min(4) + 10 * u32::from(is_start_right) - u32::from(is_ancienne)
            }
            (Self::FautesDansMots { nombre }, _) => 200 - 20 * nombre.min(8) - u32::from(is_ancienne),
        }
    }
}

pub(super) const SCORE_CODE_POSTAL: u32 = 850;
pub(super) const SCORE_CODE_INSEE: u32 = 840;
/// From here on, the text is the name: no spelling is to be guessed.
const SCORE_CERTAIN: u32 = 880;
/// A lecture with a typed filtre is a little less literal than the whole text.
const FILTRE_MALUS: u32 = 5;

struct Prise<'a> {
    score: u32,
    commune: &'a Commune,
    raison: Raison<'a>,
}

pub(super) struct Recolte<'a, 'p> {
    referentiel: &'a Referentiel,
    perimetre: Option<&'p dyn Fn(u16) -> bool>,
    prises: Vec<Prise<'a>>,
    /// The best score of each commune, by rang.
    best: Vec<u32>,
    pub distinct: usize,
}

impl<'a, 'p> Recolte<'a, 'p> {
    pub fn new(referentiel: &'a Referentiel, perimetre: Option<&'p dyn Fn(u16) -> bool>) -> Self {
        Self { referentiel, perimetre, prises: Vec::new(), best: vec![0; referentiel.communes.len()], distinct: 0 }
    }

    pub fn add_nom(&mut self, entree: &Entree, accord: Accord, filtres: &[Filtre]) {
        let Some(commune) = self.referentiel.commune(entree.commune) else {
            return;
        };
        let score = accord.score(entree.ancienne.is_some());
        let score = score - if filtres.is_empty() { 0 } else { FILTRE_MALUS };
        // Looked at before the filtres, which cost more: most names of a long list stop here.
        if self.is_better(commune, score) && filtres.iter().all(|f| f.admits(commune)) {
            self.add(commune, score, self.explain(entree, accord));
        }
    }

    /// An old name is always said, even misspelt: the answer would look unrelated.
    fn explain(&self, entree: &Entree, accord: Accord) -> Raison<'a> {
        let anciennes = &self.referentiel.anciennes;
        if let Some(ancienne) = entree.ancienne.and_then(|place| anciennes.get(place)) {
            return Raison::AncienneCommune(ancienne);
        }
        match accord {
            Accord::Exact | Accord::ExactColle | Accord::ExactSansArticle => Raison::Exact,
            Accord::Prefixe | Accord::PrefixeColle => Raison::Prefixe,
            Accord::MotsConfondus | Accord::Mots => Raison::Mots,
            Accord::Fautes { .. } | Accord::FautesDansMots { .. } => Raison::FauteDeFrappe,
        }
    }

    /// The communes whose postal code starts with this, and those whose code does.
    pub fn add_nombre(&mut self, nombre: &str) {
        let nombre = nombre.to_uppercase();
        let referentiel = self.referentiel;
        let postaux = &referentiel.postaux;
        let start = postaux.partition_point(|(postal, _)| postal.as_str() < nombre.as_str());
        for (_, rang) in postaux[start..].iter().take_while(|(postal, _)| postal.as_str().starts_with(&nombre)) {
            if let Some(commune) = referentiel.commune(*rang) {
                self.add(commune, SCORE_CODE_POSTAL, Raison::CodePostal);
            }
        }
        self.add_codes_insee(&nombre);
    }

    fn add_codes_insee(&mut self, debut: &str) {
        let referentiel = self.referentiel;
        let communes = &referentiel.communes;
        let start = communes.partition_point(|commune| commune.code.as_str() < debut);
        for commune in communes[start..].iter().take_while(|commune| commune.code.as_str().starts_with(debut)) {
            self.add(commune, SCORE_CODE_INSEE, Raison::CodeInsee);
        }
        let ancienne = CodeInsee::parse(debut).ok();
        let ancienne = ancienne.and_then(|code| referentiel.resolve_ancienne(code));
        if let Some((commune, ancienne)) = ancienne.and_then(|r| Some((r.commune, r.ancienne?))) {
            self.add(commune, SCORE_CODE_INSEE, Raison::AncienneCommune(ancienne));
        }
    }

    fn is_better(&self, commune: &Commune, score: u32) -> bool {
        let best = self.best.get(usize::from(commune.rang));
        best.is_some_and(|best| score > *best)
    }

    fn add(&mut self, commune: &'a Commune, score: u32, raison: Raison<'a>) {
        let is_inside = self.perimetre.is_none_or(|covers| covers(commune.rang));
        if !is_inside || !self.is_better(commune, score) {
            return;
        }
        if let Some(best) = self.best.get_mut(usize::from(commune.rang)) {
            self.distinct += usize::from(*best == 0);
            *best = score;
        }
        self.prises.push(Prise { score, commune, raison });
    }

    pub fn is_certain(&self) -> bool {
        self.prises.iter().any(|prise| prise.score >= SCORE_CERTAIN - FILTRE_MALUS)
    }

    /// The best first; at the same score, the biggest population first.
    pub fn finish(mut self, limite: usize) -> Vec<CommuneTrouvee<'a>> {
        let best = &self.best;
        self.prises.retain(|prise| best.get(usize::from(prise.commune.rang)) == Some(&prise.score));
        let key = |prise: &Prise| (Reverse(prise.score), Reverse(prise.commune.population), prise.commune.rang);
        if limite < self.prises.len() {
            self.prises.select_nth_unstable_by_key(limite, key);
            self.prises.truncate(limite);
        }
        self.prises.sort_unstable_by_key(key);
        let found = self.prises.into_iter();
        found.map(|Prise { score, commune, raison }| CommuneTrouvee { commune, score, raison }).collect()
    }
}
