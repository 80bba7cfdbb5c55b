//! Looks for the words of a lecture among the names.

use std::ops::Range;

use strsim::osa_distance;

use super::empreinte::{Empreinte, allowed_fautes};
use super::index::Index;
use super::recolte::{Accord, Recolte};
use super::saisie::Lecture;
use super::words::significant;

/// A single letter starts too many names to mean any.
const SHORTEST_PREFIXE: usize = 2;

/// Names that are, or start with, the words.
pub(super) fn add_prefixes(index: &Index, lecture: &Lecture, recolte: &mut Recolte) {
    let (espace, colle) = (lecture.mots.join(" "), lecture.mots.concat());
    for clef in index.list_clefs(&colle) {
        let entree = index.clef_entree[clef];
        let nom = index.noms.get(entree);
        let is_whole = index.clefs.get(clef) == colle;
        if !is_whole && colle.len() < SHORTEST_PREFIXE {
            break;
        }
        let accord = match (is_whole, nom.starts_with(&espace)) {
            (true, true) if nom == espace => Accord::Exact,
            (true, _) if without_spaces(nom) == colle.len() => Accord::ExactColle,
            (true, _) => Accord::ExactSansArticle,
            (false, true) => Accord::Prefixe,
            (false, false) => Accord::PrefixeColle,
        };
        recolte.add_nom(&index.entrees[entree], accord, &lecture.filtres);
    }
    add_confondus(index, lecture, recolte);
}

fn without_spaces(nom: &str) -> usize {
    nom.bytes().filter(|octet| *octet != b' ').count()
}

/// « isle d’abeau », « châtillon en indre »: only the little words differ.
fn add_confondus(index: &Index, lecture: &Lecture, recolte: &mut Recolte) {
    let importants = significant(lecture.mots.iter().map(String::as_str));
    if importants.len() == lecture.mots.len() {
        return;
    }
    let colle = importants.concat();
    for clef in index.list_clefs(&colle) {
        if index.clefs.get(clef) != colle {
            break;
        }
        let entree = index.clef_entree[clef];
        let mut du_nom = index.noms.get(entree).split(' ');
        let is_only_shorter = lecture.mots.iter().all(|mot| du_nom.any(|autre| autre == mot));
        let accord = match is_only_shorter {
            true => Accord::ExactSansArticle,
            false => Accord::MotsConfondus,
        };
        recolte.add_nom(&index.entrees[entree], accord, &lecture.filtres);
    }
}

/// A typed word, and the words of names it may stand for.
struct Recherche<'a> {
    mot: &'a str,
    debuts: Range<usize>,
    /// Words spelt almost so, with the number of typing errors.
    proches: Vec<(usize, u32)>,
}

impl<'a> Recherche<'a> {
    fn exact(index: &Index, mot: &'a str) -> Self {
        let debuts = index.range_mots(mot);
        Self { mot, debuts, proches: Vec::new() }
    }

    fn approximate(index: &Index, mot: &'a str) -> Self {
        let mut recherche = Self::exact(index, mot);
        let places = list_near(&index.mot_empreinte, mot);
        recherche.proches = places.filter_map(|place| Some((place, count_fautes(mot, index.mots.get(place))?))).collect();
        recherche
    }

    fn list_entrees(&self, index: &Index) -> Vec<usize> {
        let mut entrees = index.list_entrees(self.debuts.clone()).to_vec();
        for (place, _) in &self.proches {
            entrees.extend(index.list_entrees(*place..*place + 1));
        }
        entrees
    }

    fn count_entrees(&self, index: &Index) -> usize {
        let proches = self.proches.iter();
        let proches = proches.map(|(place, _)| index.list_entrees(*place..*place + 1).len());
        index.list_entrees(self.debuts.clone()).len() + proches.sum::<usize>()
    }

    /// How many typing errors separate the word from the nearest of the name; `None` if it is not there.
    fn match_nom(&self, index: &Index, nom: &str) -> Option<u32> {
        nom.split(' ')
            .filter_map(|mot| {
                if mot.starts_with(self.mot) {
                    return Some(0);
                }
                // Positions are in alphabetical order.
                let proche = self.proches.binary_search_by_key(&mot, |(p, _)| index.mots.get(*p));
                proche.ok().and_then(|found| self.proches.get(found)).map(|(_, fautes)| *fautes)
            })
            .min()
    }
}

/// Names that have all the words, in any order.
pub(super) fn add_mots(index: &Index, lecture: &Lecture, recolte: &mut Recolte) {
    let mots = significant(lecture.mots.iter().map(String::as_str));
    let recherches: Vec<_> = mots.into_iter().map(|mot| Recherche::exact(index, mot)).collect();
    add_conjunction(index, lecture, &recherches, recolte);
}

/// Names that are, or have, almost these words.
pub(super) fn add_proches(index: &Index, lecture: &Lecture, recolte: &mut Recolte) {
    let mots = significant(lecture.mots.iter().map(String::as_str));
    add_noms_proches(index, lecture, &lecture.mots.concat(), recolte);
    if mots.len() < lecture.mots.len() {
        add_noms_proches(index, lecture, &mots.concat(), recolte);
    }
    let approximate = |mot| Recherche::approximate(index, mot);
    let recherches: Vec<_> = mots.into_iter().map(approximate).collect();
    add_conjunction(index, lecture, &recherches, recolte);
}

fn add_noms_proches(index: &Index, lecture: &Lecture, colle: &str, recolte: &mut Recolte) {
    for clef in list_near(&index.clef_empreinte, colle) {
        let autre = index.clefs.get(clef);
        let Some(nombre) = count_fautes(colle, autre) else {
            continue;
        };
        let is_start_right = autre.as_bytes().first() == colle.as_bytes().first();
        let accord = Accord::Fautes { nombre, is_start_right };
        let entree = &index.entrees[index.clef_entree[clef]];
        recolte.add_nom(entree, accord, &lecture.filtres);
    }
}

fn add_conjunction(index: &Index, lecture: &Lecture, recherches: &[Recherche], recolte: &mut Recolte) {
    let rarest = recherches.iter().min_by_key(|recherche| recherche.count_entrees(index));
    for entree in rarest.map(|r| r.list_entrees(index)).unwrap_or_default() {
        let nom = index.noms.get(entree);
        let fautes: Option<u32> = recherches.iter().map(|r| r.match_nom(index, nom)).sum();
        let accord = match fautes {
            None => continue,
            Some(0) => Accord::Mots,
            Some(nombre) => Accord::FautesDansMots { nombre },
        };
        recolte.add_nom(&index.entrees[entree], accord, &lecture.filtres);
    }
}

/// Positions of the words that may be near: distances are counted for these only.
fn list_near(empreintes: &[Empreinte], mot: &str) -> impl Iterator<Item = usize> {
    let fautes = allowed_fautes(mot);
    let empreinte = Empreinte::of(mot);
    let is_near = move |autre: &Empreinte| fautes > 0 && autre.may_be_near(empreinte, fautes);
    let places = empreintes.iter().enumerate();
    places.filter(move |(_, autre)| is_near(autre)).map(|(place, _)| place)
}

/// Letters replaced, added, forgotten or swapped with the next one; none when there are too many.
fn count_fautes(mot: &str, autre: &str) -> Option<u32> {
    let fautes = u32::try_from(osa_distance(mot, autre)).ok()?;
    (fautes <= allowed_fautes(mot)).then_some(fautes)
}
