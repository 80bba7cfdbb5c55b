//! The main act: a commune, needs, constraints, a moment → ranked proposals, each with its reasons.
//!
//! A service serves the commune or it is not shown. Then: exact need before near need, able and open now,
//! distance; equals take turns.

use annuaire::aiguillage::{Aiguillage, Depart, Drapeaux, Entree};
use annuaire::besoin::Taxonomie;
use annuaire::rules::horaires::Ouverture;
use annuaire::{Disponibilite, Mode};
use chrono::NaiveDateTime;
use territoire::Commune;

use super::elargissement::{self, SansSolution};
use crate::model::Contraintes;

/// What is asked.
#[derive(Clone, Debug)]
pub struct Recherche<'a> {
    pub commune: &'a Commune,
    /// Ranks in the taxonomy, the most important first; 16 at most are read.
    pub besoins: &'a [u8],
    pub contraintes: &'a Contraintes,
    /// Wall clock of Paris.
    pub wall: NaiveDateTime,
    /// Whose turn it is among equals: any number; the next demande takes the next one.
    pub tour: u64,
}

/// A structure to propose, by the service that fits best.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Proposition {
    /// Position in the snapshot.
    pub service: u32,
    pub structure: u32,
    /// Rank of the need it answers.
    pub besoin: u8,
    /// A near need, not the one asked for.
    pub is_proche: bool,
    /// How many of the needs asked for it answers.
    pub reponses: u8,
    pub drapeaux: Drapeaux,
    pub ouverture: Ouverture,
    /// Metres from the commune to the place; none for a service at a distance.
    pub distance_m: Option<u32>,
    /// How many structures share this place in the order, this one included.
    pub egaux: u16,
}

/// The whole answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Reponse {
    /// In the order in which to propose them.
    pub propositions: Vec<Proposition>,
    /// Before the limit was applied.
    pub total: usize,
    /// Present when nothing answers the need itself: said, and widened honestly.
    pub sans_solution: Option<SansSolution>,
}

/// Orients: `limite` proposals at most.
pub fn orient(aiguillage: &Aiguillage, recherche: &Recherche, limite: usize) -> Reponse {
    let exact = list_exact(aiguillage, recherche);
    if exact.is_empty() {
        let sans_solution = elargissement::widen(aiguillage, recherche);
        return Reponse { propositions: vec![], total: 0, sans_solution: Some(sans_solution) };
    }
    let mut propositions = rank(exact, recherche.tour);
    if propositions.len() < limite {
        let near = rank(list_near(aiguillage, recherche), recherche.tour);
        let known: Vec<u32> = propositions.iter().map(|known| known.structure).collect();
        propositions.extend(near.into_iter().filter(|one| !known.contains(&one.structure)));
    }
    let total = propositions.len();
    propositions.truncate(limite);
    refine_distances(aiguillage, recherche.commune, &mut propositions);
    Reponse { propositions, total, sans_solution: None }
}

const BESOINS_LUS: usize = 16;

/// Services that answer a need asked for, all constraints met.
pub(super) fn list_exact(aiguillage: &Aiguillage, recherche: &Recherche) -> Vec<Proposition> {
    let wanted = recherche.besoins.iter().take(BESOINS_LUS);
    let mut found = vec![];
    for besoin in wanted {
        collect(aiguillage, recherche, (*besoin, false), recherche.contraintes, &mut found);
    }
    found
}

/// Services that answer a need near those asked for, all constraints met.
pub(super) fn list_near(aiguillage: &Aiguillage, recherche: &Recherche) -> Vec<Proposition> {
    let taxonomie = Taxonomie::get();
    let wanted = recherche.besoins.iter().take(BESOINS_LUS).filter_map(|rang| taxonomie.besoin(*rang));
    let mut near: Vec<u8> =
        wanted.flat_map(|besoin| besoin.proches.iter().copied()).filter(|rang| !recherche.besoins.contains(rang)).collect();
    near.sort_unstable();
    near.dedup();
    let mut found = vec![];
    for besoin in near {
        collect(aiguillage, recherche, (besoin, true), recherche.contraintes, &mut found);
    }
    found
}

pub(super) fn collect(
    aiguillage: &Aiguillage,
    recherche: &Recherche,
    (besoin, is_proche): (u8, bool),
    contraintes: &Contraintes,
    found: &mut Vec<Proposition>,
) {
    let depart = Depart::from(recherche.commune.point);
    let suitable = aiguillage.desservants(recherche.commune, besoin).filter(|entree| suits(entree.drapeaux, contraintes));
    found.extend(suitable.map(|entree| propose(aiguillage, &entree, (besoin, is_proche), depart, recherche.wall)));
}

/// Whether a service has all that was asked beyond the need.
pub(super) fn suits(drapeaux: Drapeaux, contraintes: &Contraintes) -> bool {
    contraintes.creneaux.iter().all(|creneau| drapeaux.has_creneau(*creneau))
        && contraintes.intervention.is_none_or(|intervention| drapeaux.has_intervention(intervention))
        && contraintes.mode.is_none_or(|mode| drapeaux.mode() == mode)
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a distance on Earth, in metres, fits")]
pub(super) fn propose(
    aiguillage: &Aiguillage,
    entree: &Entree,
    (besoin, is_proche): (u8, bool),
    depart: Depart,
    wall: NaiveDateTime,
) -> Proposition {
    let is_remote = entree.drapeaux.mode() == Mode::ADistance;
    Proposition {
        service: entree.service,
        structure: entree.structure,
        besoin,
        is_proche,
        reponses: 1,
        drapeaux: entree.drapeaux,
        ouverture: aiguillage.ouverture(entree.drapeaux, wall),
        distance_m: entree.flat_distance_m(depart).filter(|_| !is_remote).map(|metres| metres as u32),
        egaux: 1,
    }
}

/// Where a proposal stands before turns are taken: the smaller the earlier.
fn standing(proposition: &Proposition) -> (bool, u8, u8, bool, u8) {
    let capacity = match proposition.drapeaux.disponibilite() {
        Disponibilite::Ouvert | Disponibilite::Inconnue => 0,
        Disponibilite::ListeAttente => 1,
        Disponibilite::Complet => 2,
    };
    let is_closed = !matches!(proposition.ouverture, Ouverture::Ouvert(_));
    (proposition.is_proche, u8::MAX - proposition.reponses, capacity, is_closed, distance_band(proposition.distance_m))
}

/// Kilometres at which a distance begins to count as farther: within a band, structures are equals.
const BANDES_KM: [u32; 7] = [2, 5, 10, 20, 30, 50, 100];

fn distance_band(distance_m: Option<u32>) -> u8 {
    let beyond = |metres: u32| BANDES_KM.iter().filter(|km| metres >= **km * 1_000).count();
    distance_m.map_or(u8::MAX, |metres| u8::try_from(beyond(metres)).unwrap_or(u8::MAX))
}

/// One proposal per structure, in order; a group of equals turns by one place at each demande.
pub(super) fn rank(found: Vec<Proposition>, tour: u64) -> Vec<Proposition> {
    let mut kept = keep_best_of_structures(found);
    kept.sort_unstable_by_key(|proposition| (standing(proposition), proposition.structure));
    for equals in kept.chunk_by_mut(|a, b| standing(a) == standing(b)) {
        let count = equals.len();
        let shift = usize::try_from(tour % count as u64).unwrap_or_default();
        equals.rotate_left(shift);
        equals.iter_mut().for_each(|one| one.egaux = u16::try_from(count).unwrap_or(u16::MAX));
    }
    kept
}

/// A structure with ten services is not ten times proposed; the needs it answers are counted.
fn keep_best_of_structures(mut found: Vec<Proposition>) -> Vec<Proposition> {
    found.sort_unstable_by_key(|proposition| (proposition.structure, standing(proposition), proposition.besoin, proposition.service));
    let mut kept: Vec<Proposition> = Vec::with_capacity(found.len());
    for group in found.chunk_by(|a, b| a.structure == b.structure) {
        let mut needs = 0_u128;
        group.iter().for_each(|one| needs |= 1_u128.checked_shl(u32::from(one.besoin)).unwrap_or_default());
        if let Some(best) = group.first() {
            kept.push(Proposition { reponses: u8::try_from(needs.count_ones()).unwrap_or(u8::MAX), ..*best });
        }
    }
    kept
}

/// What is shown is the exact great-circle distance; ranking needed only the flat one.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a distance on Earth, in metres, fits")]
pub(super) fn refine_distances(aiguillage: &Aiguillage, commune: &Commune, propositions: &mut [Proposition]) {
    for proposition in propositions.iter_mut().filter(|proposition| proposition.distance_m.is_some()) {
        let place = aiguillage.service(proposition.service).and_then(|service| service.point);
        proposition.distance_m = place.zip(commune.point).map(|(place, from)| from.distance_m(&place).round() as u32);
    }
}
