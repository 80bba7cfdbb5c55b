//! Nothing answers the need here: say so, and widen honestly, each widening under its own name.

use annuaire::Mode;
use annuaire::besoin::Taxonomie;
use annuaire::rules::couverture::Zone;
use kit::codes;
use territoire::Referentiel;

use super::orientation::{Lecture, Proposition, rank, refine_distances, suits};
use crate::model::Contraintes;

codes! {
    /// Why nothing answers the need itself.
    pub enum MotifSansSolution {
        AucunService = "aucun_service" => "Aucune structure ne rend ce service dans cette commune.",
        Contraintes = "contraintes" => "Des structures rendent ce service ici, mais aucune ne réunit toutes les conditions demandées.",
        HorsTerritoire = "hors_territoire" => "Cette commune n’est pas desservie par ce service d’orientation.",
    }
}

codes! {
    /// In which direction the answer was widened.
    pub enum Nature {
        ContrainteLevee = "contrainte_levee" => "En renonçant à une condition",
        BesoinProche = "besoin_proche" => "Un service proche de celui-ci, dans la commune",
        CommuneVoisine = "commune_voisine" => "Ce service existe tout près : demandez s’il peut venir jusqu’ici",
        ADistance = "a_distance" => "À distance, par téléphone ou par internet",
    }
}

/// Said when nothing answers the need itself.
#[derive(Clone, Debug, PartialEq)]
pub struct SansSolution {
    pub motif: MotifSansSolution,
    /// Only those that hold something.
    pub elargissements: Vec<Elargissement>,
}

/// Proposals that do not answer exactly, and in what they differ.
#[derive(Clone, Debug, PartialEq)]
pub struct Elargissement {
    pub nature: Nature,
    pub propositions: Vec<Proposition>,
}

/// How many proposals a widening holds, and how far a neighbour is.
const PROPOSITIONS: usize = 3;
const VOISINAGE_M: f64 = 25_000.0;
/// The nearest neighbours are enough to choose from.
const VOISINS_SUFFISANTS: usize = 4 * PROPOSITIONS;

pub(super) fn widen(lecture: &Lecture) -> SansSolution {
    let recherche = lecture.recherche;
    let unconstrained = list_unconstrained(lecture);
    let motif = if unconstrained.is_empty() { MotifSansSolution::AucunService } else { MotifSansSolution::Contraintes };
    let widened = [
        (Nature::ContrainteLevee, unconstrained),
        (Nature::BesoinProche, lecture.list_near()),
        (Nature::CommuneVoisine, list_neighbours(lecture)),
        (Nature::ADistance, list_remote(lecture)),
    ];
    let mut elargissements = vec![];
    let mut known: Vec<u32> = vec![];
    for (nature, found) in widened {
        let fresh: Vec<Proposition> = found.into_iter().filter(|one| !known.contains(&one.structure)).collect();
        let mut propositions = rank(&fresh, recherche.tour, PROPOSITIONS);
        refine_distances(recherche.commune, &mut propositions);
        known.extend(propositions.iter().map(|one| one.structure));
        if !propositions.is_empty() {
            elargissements.push(Elargissement { nature, propositions });
        }
    }
    SansSolution { motif, elargissements }
}

/// The need itself, whatever the constraints.
fn list_unconstrained(lecture: &Lecture) -> Vec<Proposition> {
    if lecture.recherche.contraintes.is_empty() {
        return vec![];
    }
    lecture.list(lecture.besoins(), false, &Contraintes::default())
}

/// The need itself, by structures that serve a commune nearby but not this one.
fn list_neighbours(lecture: &Lecture) -> Vec<Proposition> {
    let Some(point) = lecture.recherche.commune.point else { return vec![] };
    let mut seen = vec![];
    let mut found = vec![];
    for (neighbour, _) in Referentiel::get().list_within(point, VOISINAGE_M) {
        for zone in Zone::of(neighbour).into_iter().flatten().filter(|zone| *zone != Zone::France) {
            // Neighbours share their EPCI and their département: each is looked at once.
            if seen.contains(&zone) {
                continue;
            }
            if !matches!(zone, Zone::Commune(_)) {
                seen.push(zone);
            }
            for besoin in lecture.besoins() {
                lecture.aiguillage.visit_zone(zone, besoin, |entree| {
                    if suits(entree.drapeaux, lecture.recherche.contraintes) {
                        found.push(lecture.propose(entree, besoin, false));
                    }
                });
            }
        }
        if found.len() >= VOISINS_SUFFISANTS {
            break;
        }
    }
    found
}

/// Any need of the same family, at a distance.
fn list_remote(lecture: &Lecture) -> Vec<Proposition> {
    let taxonomie = Taxonomie::get();
    let remote = Contraintes { mode: Some(Mode::ADistance), ..Contraintes::default() };
    lecture.list(lecture.besoins().filter_map(|rang| taxonomie.besoin(rang)?.famille), true, &remote)
}
