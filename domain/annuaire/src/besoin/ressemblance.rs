//! Takes a word of a text for a word of the taxonomy: the same, its beginning, or its misspelling.

use strsim::osa_distance;

use super::index::{Index, MotConnu, read_lettres};
use super::texte::Mot;

/// A word is taken for this many others at most.
const RAPPROCHEMENTS: usize = 12;

/// A word of the text taken for a root of the taxonomy.
pub(super) struct Rapprochement {
    pub(super) mot: usize,
    pub(super) racine: u16,
    pub(super) qualite: f32,
    /// The very word, when the taxonomy says it.
    pub(super) forme: Option<u16>,
}

/// The roots that a word of the text may stand for.
pub(super) fn compare(index: &Index, mots: &[Mot], numero: usize, en_cours: bool) -> Vec<Rapprochement> {
    let mot = &mots[numero];
    let mut trouves = Vec::new();
    let connue = index.find_racine(mot);
    if let Some(racine) = connue {
        trouves.push(Rapprochement { mot: numero, racine, qualite: 1.0, forme: index.find_forme(mot) });
        if !en_cours {
            return trouves;
        }
    }
    let lettres = read_lettres(&mot.plie);
    for autre in &index.mots {
        let qualite = match connue {
            Some(_) => complete(&mot.plie, &autre.plie, en_cours),
            None => complete(&mot.plie, &autre.plie, en_cours).max(resemble(&mot.plie, lettres, autre)),
        };
        if qualite > 0.0 && Some(autre.racine) != connue {
            trouves.push(Rapprochement { mot: numero, racine: autre.racine, qualite, forme: None });
        }
    }
    trouves.sort_by(|a, b| b.qualite.total_cmp(&a.qualite).then(a.racine.cmp(&b.racine)));
    trouves.dedup_by_key(|trouve| trouve.racine);
    trouves.truncate(RAPPROCHEMENTS);
    trouves
}

/// How likely the word is the beginning of the other.
fn complete(mot: &str, autre: &str, en_cours: bool) -> f32 {
    let assez = mot.len() >= if en_cours { 2 } else { 4 };
    if !assez || mot.len() >= autre.len() || !autre.starts_with(mot) {
        return 0.0;
    }
    0.4 + 0.29 * mot.len() as f32 / autre.len() as f32
}

/// How likely the word is the other one misspelt, or of its family (« débroussailleur », « débroussaillage »).
fn resemble(mot: &str, lettres: u32, autre: &MotConnu) -> f32 {
    let fautes = match mot.len() {
        0..=3 => return 0.0,
        4..=7 => 1,
        _ => 2,
    };
    let has_chiffre = (lettres | autre.lettres) >> 26 & 1 == 1;
    let ecart = mot.len().abs_diff(autre.plie.len());
    if !has_chiffre && ecart <= fautes && autre.plie.len() >= 4 && (lettres ^ autre.lettres).count_ones() as usize <= 2 * fautes {
        match osa_distance(mot, &autre.plie) {
            // A short word that begins differently is more often another word than a typo.
            1 if mot.len() >= 6 || mot.as_bytes()[0] == autre.plie.as_bytes()[0] => return 0.85,
            2 if fautes == 2 => return 0.75,
            _ => {}
        }
    }
    let commun = mot.bytes().zip(autre.plie.bytes()).take_while(|(a, b)| a == b).count();
    let is_famille = commun >= 5 && mot.len() - commun <= 3 && autre.plie.len() - commun <= 3;
    if is_famille { 0.72 } else { 0.0 }
}
