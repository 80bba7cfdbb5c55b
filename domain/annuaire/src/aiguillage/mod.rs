//! The annuaire as answering needs it: in memory, resolved on write, read without searching.
//!
//! For each (need, zone) a posting lists the services that reach it, some 20 bytes each. A commune is read in four
//! short reads: its own zone, its EPCI, its département, France. Never one row per service × commune.

mod batisseur;
mod greffe;
mod postings;
mod tableau;

use std::sync::Arc;

use chrono::NaiveDateTime;
use kit::Id;
use territoire::{Commune, Point};

pub use batisseur::{Batisseur, Inscription};
use postings::{Postings, ZonePostee};
pub use tableau::Aiguillages;

use crate::rules::couverture::Zone;
use crate::rules::horaires::{Horaires, Ouverture};
use crate::{Categorie, Creneau, Disponibilite, Intervention, Mode};

/// What an answer shows of a structure.
#[derive(Clone, Debug)]
pub struct FicheStructure {
    pub id: Id,
    pub nom: Box<str>,
    pub categorie: Categorie,
    pub exemple: bool,
}

/// What an answer shows of a service.
#[derive(Clone, Debug)]
pub struct FicheService {
    pub id: Id,
    /// Position of its structure in the snapshot.
    pub structure: u32,
    pub nom: Box<str>,
    pub telephone: Option<Box<str>>,
    pub tarif: Option<Box<str>>,
    pub adresse: Option<Box<str>>,
    /// Rank of the commune of its place.
    pub commune: u16,
    pub point: Option<Point>,
    /// Ranks of the needs it answers, those of its families included.
    pub besoins: Vec<u8>,
    pub drapeaux: Drapeaux,
}

/// Mode, intervention, slots, availability and hours of a service, packed for ranking without leaving the posting.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Drapeaux(u32);

const MODE_SHIFT: u32 = 0;
const DISPONIBILITE_SHIFT: u32 = 2;
const INTERVENTION_SHIFT: u32 = 4;
const CRENEAU_SHIFT: u32 = 7;
const EXCLUSION: u32 = 1 << 11;
const HORAIRES_SHIFT: u32 = 12;
const HORAIRES_NONE: u32 = (1 << 20) - 1;

impl Drapeaux {
    fn new(inscription: &Inscription, exclusion: bool, horaires: Option<u32>) -> Self {
        let service = &inscription.service;
        let interventions = service.intervention.iter().fold(0, |bits, value| bits | Self::intervention(*value));
        let creneaux = service.creneaux.iter().fold(0, |bits, value| bits | Self::creneau(*value));
        let horaires = horaires.filter(|rang| *rang < HORAIRES_NONE).unwrap_or(HORAIRES_NONE);
        Self(
            ((service.mode as u32) << MODE_SHIFT)
                | ((service.disponibilite as u32) << DISPONIBILITE_SHIFT)
                | interventions
                | creneaux
                | if exclusion { EXCLUSION } else { 0 }
                | (horaires << HORAIRES_SHIFT),
        )
    }

    const fn intervention(value: Intervention) -> u32 {
        1 << (INTERVENTION_SHIFT + value as u32)
    }

    const fn creneau(value: Creneau) -> u32 {
        1 << (CRENEAU_SHIFT + value as u32)
    }

    pub fn mode(self) -> Mode {
        Mode::ALL[(self.0 >> MODE_SHIFT) as usize & 0b11]
    }

    pub fn disponibilite(self) -> Disponibilite {
        Disponibilite::ALL[(self.0 >> DISPONIBILITE_SHIFT) as usize & 0b11]
    }

    pub fn has_intervention(self, value: Intervention) -> bool {
        self.0 & Self::intervention(value) != 0
    }

    pub fn has_creneau(self, value: Creneau) -> bool {
        self.0 & Self::creneau(value) != 0
    }

    fn has_exclusion(self) -> bool {
        self.0 & EXCLUSION != 0
    }

    fn horaires(self) -> Option<usize> {
        let rang = self.0 >> HORAIRES_SHIFT;
        (rang != HORAIRES_NONE).then_some(rang as usize)
    }
}

/// One service in one posting: all that ranking needs.
#[derive(Clone, Copy, Debug)]
pub struct Entree {
    pub service: u32,
    pub structure: u32,
    pub position: Position,
    pub drapeaux: Drapeaux,
}

/// Where a service is, to the metre, in eight bytes; nowhere when its place is not known.
#[derive(Clone, Copy, Debug)]
pub struct Position {
    latitude: f32,
    longitude: f32,
}

impl PartialEq for Position {
    /// Bit by bit: nowhere is nowhere.
    fn eq(&self, other: &Self) -> bool {
        (self.latitude.to_bits(), self.longitude.to_bits()) == (other.latitude.to_bits(), other.longitude.to_bits())
    }
}

impl From<Option<Point>> for Position {
    #[allow(clippy::cast_possible_truncation, reason = "a metre is enough")]
    fn from(point: Option<Point>) -> Self {
        let (latitude, longitude) = point.map_or((f32::NAN, f32::NAN), |point| (point.lat() as f32, point.lon() as f32));
        Self { latitude, longitude }
    }
}

impl Position {
    pub fn point(self) -> Option<Point> {
        Point::new(f64::from(self.latitude), f64::from(self.longitude))
    }

    /// A flat distance, in metres: good to a few thousandths below 100 km, ten times cheaper than the exact one.
    /// None when either point is unknown.
    pub fn flat_distance_m(self, from: Depart) -> Option<f32> {
        let north = (self.latitude - from.position.latitude) * METRES_PER_DEGREE;
        let east = (self.longitude - from.position.longitude) * from.metres_per_degree_east;
        let distance = (north * north + east * east).sqrt();
        (!distance.is_nan()).then_some(distance)
    }
}

const METRES_PER_DEGREE: f32 = 111_195.0;

/// Where distances are counted from.
#[derive(Clone, Copy, Debug)]
pub struct Depart {
    position: Position,
    metres_per_degree_east: f32,
}

impl Depart {
    /// A commune without a point gives no distance.
    pub fn from(point: Option<Point>) -> Self {
        let position = Position::from(point);
        Self { position, metres_per_degree_east: METRES_PER_DEGREE * position.latitude.to_radians().cos() }
    }
}

/// The snapshot of one territoire.
#[derive(Debug, Default)]
pub struct Aiguillage {
    /// The revision of the annuaire it was read at.
    pub revision: i64,
    structures: Vec<FicheStructure>,
    /// Shared with the snapshots that go on from this one, as are the hours.
    services: Vec<Arc<FicheService>>,
    horaires: Vec<Arc<Horaires>>,
    /// The starts of the JSON objects of the services, one after the other: structure, service, mode, telephone.
    corps: String,
    /// Where that of each service ends.
    fins: Vec<u32>,
    postings: Postings,
    /// (service, commune) pairs, sorted.
    exclusions: Vec<(u32, u16)>,
}

impl Aiguillage {
    pub fn structures(&self) -> &[FicheStructure] {
        &self.structures
    }

    pub fn services(&self) -> impl Iterator<Item = &FicheService> {
        self.services.iter().map(|service| &**service)
    }

    pub fn service(&self, rang: u32) -> Option<&FicheService> {
        self.services.get(rang as usize).map(|service| &**service)
    }

    pub fn structure(&self, rang: u32) -> Option<&FicheStructure> {
        self.structures.get(rang as usize)
    }

    /// The beginning of the JSON object of a service, without its braces.
    pub fn corps(&self, service: u32) -> &str {
        let place = service as usize;
        let from = place.checked_sub(1).and_then(|before| self.fins.get(before)).copied().unwrap_or_default();
        let to = self.fins.get(place).copied().unwrap_or(from);
        self.corps.get(from as usize..to as usize).unwrap_or_default()
    }

    /// The opening hours of a service, as they are stored.
    pub fn horaires(&self, drapeaux: Drapeaux) -> Option<&Horaires> {
        self.horaires.get(drapeaux.horaires()?).map(|horaires| &**horaires)
    }

    pub fn ouverture(&self, drapeaux: Drapeaux, wall: NaiveDateTime) -> Ouverture {
        self.horaires(drapeaux).map_or(Ouverture::Inconnue, |horaires| horaires.ouverture(wall))
    }

    /// What reaches a commune: found once, read for each need of a question.
    pub fn desservants(&self, commune: &Commune) -> Desservants<'_> {
        Desservants {
            aiguillage: self,
            commune: commune.rang,
            zones: Zone::of(commune).map(|zone| zone.map(|zone| (matches!(zone, Zone::Commune(_)), self.postings.find_zone(zone)))),
        }
    }

    /// The services that reach a commune for a need, each once.
    pub fn list_desservants(&self, commune: &Commune, besoin: u8) -> Vec<&FicheService> {
        let mut services = vec![];
        self.desservants(commune).visit(besoin, |entree| services.push(entree.service));
        services.sort_unstable();
        services.dedup();
        services.into_iter().filter_map(|rang| self.service(rang)).collect()
    }

    /// Shows `visit` the services posted in one zone for a need, exceptions included: for a look around, not for an answer.
    pub fn visit_zone(&self, zone: Zone, besoin: u8, visit: impl FnMut(&Entree)) {
        self.postings.list(self.postings.find_zone(zone), besoin).iter().for_each(visit);
    }

    fn is_excluded(&self, entree: &Entree, commune: u16) -> bool {
        entree.drapeaux.has_exclusion() && self.exclusions.binary_search(&(entree.service, commune)).is_ok()
    }
}

/// The four zones to read for a commune, found in the postings.
#[derive(Clone, Copy, Debug)]
pub struct Desservants<'a> {
    aiguillage: &'a Aiguillage,
    commune: u16,
    /// Whether the zone is the commune itself, and its postings.
    zones: [Option<(bool, ZonePostee<'a>)>; 4],
}

impl Desservants<'_> {
    /// Shows `visit` the services that reach the commune for `besoin`; one may come twice, by two zones.
    pub fn visit(&self, besoin: u8, mut visit: impl FnMut(&Entree)) {
        for (is_named, zone) in self.zones.iter().flatten() {
            self.aiguillage
                .postings
                .list(*zone, besoin)
                .iter()
                .filter(|entree| *is_named || !self.aiguillage.is_excluded(entree, self.commune))
                .for_each(&mut visit);
        }
    }
}
