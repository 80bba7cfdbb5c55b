//! The main act: a commune, needs, constraints, a moment → ranked proposals, each with its reasons.
//!
//! A service serves the commune or it is not shown. Then: exact need before near need, able and open now,
//! distance; equals take turns.

use annuaire::aiguillage::{Aiguillage, Depart, Desservants, Drapeaux, Entree, Position};
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
    /// Of its place.
    pub position: Position,
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
    /// Present when nothing answers the need itself: said, and widened honestly.
    pub sans_solution: Option<SansSolution>,
}

/// Orients: `limite` proposals at most.
pub fn orient(aiguillage: &Aiguillage, recherche: &Recherche, limite: usize) -> Reponse {
    let lecture = Lecture::new(aiguillage, recherche);
    let exact = lecture.list_exact();
    if exact.is_empty() {
        return Reponse { propositions: vec![], sans_solution: Some(elargissement::widen(&lecture)) };
    }
    let mut propositions = rank(&exact, recherche.tour, limite);
    if propositions.len() < limite {
        let mut near = lecture.list_near();
        near.retain(|one| !propositions.iter().any(|known| known.structure == one.structure));
        propositions.extend(rank(&near, recherche.tour, limite - propositions.len()));
    }
    refine_distances(recherche.commune, &mut propositions);
    Reponse { propositions, sans_solution: None }
}

const BESOINS_LUS: usize = 16;
/// Room for what most questions find, taken at once.
const TROUVES: usize = 64;

/// One question before the snapshot: what is read once for all its needs.
pub(super) struct Lecture<'a> {
    pub aiguillage: &'a Aiguillage,
    pub recherche: &'a Recherche<'a>,
    desservants: Desservants<'a>,
    depart: Depart,
}

impl<'a> Lecture<'a> {
    fn new(aiguillage: &'a Aiguillage, recherche: &'a Recherche<'a>) -> Self {
        let desservants = aiguillage.desservants(recherche.commune);
        Self { aiguillage, recherche, desservants, depart: Depart::from(recherche.commune.point) }
    }

    /// Services that answer a need asked for, all constraints met.
    fn list_exact(&self) -> Vec<Proposition> {
        self.list(self.besoins(), false, self.recherche.contraintes)
    }

    /// Services that answer a need near those asked for, all constraints met.
    pub fn list_near(&self) -> Vec<Proposition> {
        let taxonomie = Taxonomie::get();
        let wanted = self.besoins().filter_map(|rang| taxonomie.besoin(rang));
        let mut near: Vec<u8> =
            wanted.flat_map(|besoin| besoin.proches.iter().copied()).filter(|rang| !self.recherche.besoins.contains(rang)).collect();
        near.sort_unstable();
        near.dedup();
        self.list(near.into_iter(), true, self.recherche.contraintes)
    }

    /// The needs that are read, the most important first.
    pub fn besoins(&self) -> impl Iterator<Item = u8> {
        self.recherche.besoins.iter().take(BESOINS_LUS).copied()
    }

    /// Services that reach the commune for these needs, under these constraints.
    pub fn list(&self, besoins: impl Iterator<Item = u8>, is_proche: bool, contraintes: &Contraintes) -> Vec<Proposition> {
        let mut found = Vec::with_capacity(TROUVES);
        for besoin in besoins {
            self.desservants.visit(besoin, |entree| {
                if suits(entree.drapeaux, contraintes) {
                    found.push(self.propose(entree, besoin, is_proche));
                }
            });
        }
        found
    }

    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a distance on Earth, in metres, fits")]
    pub fn propose(&self, entree: &Entree, besoin: u8, is_proche: bool) -> Proposition {
        let is_remote = entree.drapeaux.mode() == Mode::ADistance;
        Proposition {
            service: entree.service,
            structure: entree.structure,
            position: entree.position,
            besoin,
            is_proche,
            reponses: 1,
            drapeaux: entree.drapeaux,
            ouverture: self.aiguillage.ouverture(entree.drapeaux, self.recherche.wall),
            distance_m: entree.position.flat_distance_m(self.depart).filter(|_| !is_remote).map(|metres| metres as u32),
            egaux: 1,
        }
    }
}

/// Whether a service has all that was asked beyond the need.
pub(super) fn suits(drapeaux: Drapeaux, contraintes: &Contraintes) -> bool {
    contraintes.creneaux.iter().all(|creneau| drapeaux.has_creneau(*creneau))
        && contraintes.intervention.is_none_or(|intervention| drapeaux.has_intervention(intervention))
        && contraintes.mode.is_none_or(|mode| drapeaux.mode() == mode)
}

/// Where a proposal stands before turns are taken, as one number: the smaller the earlier. From the heaviest:
/// a near need, few of the needs, no capacity, closed, far.
fn standing(proposition: &Proposition) -> u32 {
    let capacity: u32 = match proposition.drapeaux.disponibilite() {
        Disponibilite::Ouvert | Disponibilite::Inconnue => 0,
        Disponibilite::ListeAttente => 1,
        Disponibilite::Complet => 2,
    };
    let is_closed = !matches!(proposition.ouverture, Ouverture::Ouvert(_));
    let unanswered = u32::from(u8::MAX - proposition.reponses);
    u32::from(proposition.is_proche) << 24
        | unanswered << 16
        | capacity << 9
        | u32::from(is_closed) << 8
        | distance_band(proposition.distance_m)
}

/// Kilometres at which a distance begins to count as farther: within a band, structures are equals.
const BANDES_KM: [u32; 7] = [2, 5, 10, 20, 30, 50, 100];

/// A service at a distance, or a place that is not known, comes after all that are near.
fn distance_band(distance_m: Option<u32>) -> u32 {
    distance_m
        .map_or(BANDES_KM.len() + 1, |metres| BANDES_KM.iter().filter(|km| metres >= **km * 1_000).count())
        .try_into()
        .unwrap_or(u32::MAX)
}

/// One proposal per structure, in order, `limite` at most; a group of equals turns by one place at each demande.
/// What is sorted is a number and a place: proposals themselves do not move.
pub(super) fn rank(found: &[Proposition], tour: u64, limite: usize) -> Vec<Proposition> {
    let mut kept = keep_best_of_structures(found);
    kept.sort_unstable_by_key(|best| order(best.standing, best.structure));
    let mut ranked = Vec::with_capacity(limite.min(kept.len()));
    for equals in kept.chunk_by_mut(|a, b| a.standing == b.standing) {
        let count = equals.len();
        equals.rotate_left(usize::try_from(tour % count as u64).unwrap_or_default());
        let egaux = u16::try_from(count).unwrap_or(u16::MAX);
        let shown = equals.iter().take(limite - ranked.len());
        ranked.extend(shown.filter_map(|best| Some(Proposition { reponses: best.reponses, egaux, ..*found.get(best.place)? })));
        if ranked.len() == limite {
            break;
        }
    }
    ranked
}

/// The service by which a structure is proposed.
struct Meilleur {
    standing: u32,
    structure: u32,
    reponses: u8,
    /// Where it is among those found.
    place: usize,
}

/// Two numbers compared one after the other, as one.
fn order(first: u32, second: u32) -> u64 {
    u64::from(first) << 32 | u64::from(second)
}

/// A structure with ten services is not ten times proposed; the needs it answers are counted, and bring it forward.
fn keep_best_of_structures(found: &[Proposition]) -> Vec<Meilleur> {
    let mut keyed: Vec<(u64, usize)> = found.iter().enumerate().map(|(place, one)| (order(one.structure, standing(one)), place)).collect();
    keyed.sort_unstable_by_key(|(key, place)| (*key, found.get(*place).map(|one| (one.besoin, one.service))));
    let groups = keyed.chunk_by(|a, b| a.0 >> 32 == b.0 >> 32);
    groups.filter_map(|group| find_best(found, group)).collect()
}

fn find_best(found: &[Proposition], group: &[(u64, usize)]) -> Option<Meilleur> {
    let (_, place) = *group.first()?;
    let mut best = *found.get(place)?;
    if group.len() > 1 {
        best.reponses = count_besoins(group.iter().filter_map(|(_, place)| found.get(*place)));
    }
    Some(Meilleur { standing: standing(&best), structure: best.structure, reponses: best.reponses, place })
}

/// How many different needs the services of one structure answer.
fn count_besoins<'a>(services: impl Iterator<Item = &'a Proposition>) -> u8 {
    let needs = services.fold(0_u128, |needs, one| needs | 1_u128.checked_shl(u32::from(one.besoin)).unwrap_or_default());
    u8::try_from(needs.count_ones()).unwrap_or(u8::MAX)
}

/// What is shown is the exact great-circle distance; ranking needed only the flat one.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a distance on Earth, in metres, fits")]
pub(super) fn refine_distances(commune: &Commune, propositions: &mut [Proposition]) {
    for proposition in propositions.iter_mut().filter(|proposition| proposition.distance_m.is_some()) {
        proposition.distance_m =
            proposition.position.point().zip(commune.point).map(|(place, from)| from.distance_m(&place).round() as u32);
    }
}
