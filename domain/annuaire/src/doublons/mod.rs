//! Two records of one structure: pairs found without comparing all with all, each explained field by field.
//!
//! `nature`, `nom` and `adresse` make texts comparable; `index` proposes the pairs worth a look; `score` adds up points that
//! a person can follow. Nothing is decided here: somebody reads, then merges or not.

mod adresse;
mod index;
mod memoire;
mod nature;
mod nom;
mod score;

use std::collections::{BTreeMap, HashSet};

use kit::Id;
use territoire::{CodeInsee, Point};

use crate::Categorie;
use index::Index;
use score::Profil;

pub use memoire::{Memoire, PaireNommee, PairesConnues};
pub use nature::{Genre, find_categorie, list_genres};

/// From this score on, a pair is shown: below, what agrees is what neighbours share.
pub const SEUIL: u8 = 40;

/// What is compared of a structure.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidat {
    pub id: Id,
    pub nom: String,
    pub categorie: Categorie,
    pub siret: Option<String>,
    pub telephone: Option<String>,
    pub courriel: Option<String>,
    pub site_web: Option<String>,
    pub adresse: Option<String>,
    pub commune: Option<CodeInsee>,
    /// The structure's own point, never its commune's: two structures do not resemble each other for being in one village.
    pub point: Option<Point>,
    pub horaires: Option<String>,
}

/// What is compared between two records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Champ {
    Nom,
    Nature,
    Adresse,
    Telephone,
    Identifiants,
    Distance,
    Horaires,
}

impl Champ {
    pub const fn code(self) -> &'static str {
        match self {
            Self::Nom => "nom",
            Self::Nature => "nature",
            Self::Adresse => "adresse",
            Self::Telephone => "telephone",
            Self::Identifiants => "identifiants",
            Self::Distance => "distance",
            Self::Horaires => "horaires",
        }
    }

    pub const fn label(self) -> &'static str {
        match self {
            Self::Nom => "Nom",
            Self::Nature => "Nature",
            Self::Adresse => "Adresse",
            Self::Telephone => "Téléphone",
            Self::Identifiants => "SIRET, courriel, site",
            Self::Distance => "Distance",
            Self::Horaires => "Horaires",
        }
    }

    /// The most that this field can give; all of them together give 100.
    pub const fn maximum(self) -> i16 {
        match self {
            Self::Nom => 30,
            Self::Adresse | Self::Telephone => 20,
            Self::Identifiants => 15,
            Self::Nature | Self::Distance | Self::Horaires => 5,
        }
    }
}

/// What one field says for or against the pair.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Indice {
    pub champ: Champ,
    pub points: i16,
    /// One sentence for a person: « Le téléphone est le même : 02 54 00 00 01. »
    pub phrase: String,
}

/// Two records that may be one structure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paire {
    pub premier: Id,
    pub second: Id,
    /// The sum of the points, from 0 to 100.
    pub score: u8,
    pub indices: Vec<Indice>,
}

/// The pairs at or above `seuil`, the surest first.
pub fn find_paires(candidats: &[Candidat], seuil: u8) -> Vec<Paire> {
    let profils: Vec<Profil> = candidats.iter().map(Profil::read).collect();
    let index = Index::build(&profils);
    let mut paires = vec![];
    for (rang, profil) in profils.iter().enumerate() {
        for other in index.list_after(rang) {
            if let Some(profil_b) = profils.get(other) {
                paires.extend(compare(profil, profil_b, seuil));
            }
        }
    }
    order(&mut paires);
    paires
}

/// The pairs of one structure with others, the surest first.
pub fn find_paires_of(structure: &Candidat, others: &[Candidat], seuil: u8) -> Vec<Paire> {
    let profil = Profil::read(structure);
    let others = others.iter().filter(|other| other.id != structure.id);
    let mut paires: Vec<Paire> = others.filter_map(|other| compare(&profil, &Profil::read(other), seuil)).collect();
    order(&mut paires);
    paires
}

fn compare(one: &Profil, other: &Profil, seuil: u8) -> Option<Paire> {
    let indices = score::compare(one, other);
    let score = score::sum(&indices);
    (score >= seuil).then(|| Paire { premier: one.id(), second: other.id(), score, indices })
}

fn order(paires: &mut [Paire]) {
    paires.sort_by_key(|paire| (u8::MAX - paire.score, paire.premier, paire.second));
}

/// Structures that pairs bind together, three records of one structure in one group; the largest first.
pub fn group(paires: &[Paire]) -> Vec<Vec<Id>> {
    let mut chief: BTreeMap<Id, Id> = BTreeMap::new();
    for paire in paires {
        let (one, other) = (find_chief(&chief, paire.premier), find_chief(&chief, paire.second));
        let (first, last) = (one.min(other), one.max(other));
        chief.insert(last, first);
        chief.entry(first).or_insert(first);
    }
    let mut groups: BTreeMap<Id, Vec<Id>> = BTreeMap::new();
    for id in chief.keys() {
        groups.entry(find_chief(&chief, *id)).or_default().push(*id);
    }
    let mut groups: Vec<Vec<Id>> = groups.into_values().collect();
    groups.sort_by_key(|group| std::cmp::Reverse(group.len()));
    groups
}

fn find_chief(chief: &BTreeMap<Id, Id>, id: Id) -> Id {
    let (mut at, mut seen) = (id, HashSet::new());
    while let Some(above) = chief.get(&at).filter(|above| **above != at) {
        // Each record points to a smaller one: the way up ends. Seen twice would be a fault of ours, not a loop for ever.
        if !seen.insert(at) {
            break;
        }
        at = *above;
    }
    at
}
