//! « Zones blanches »: the communes that nobody serves for a need, read from the snapshot, without a query.

mod carte;
#[cfg(test)]
mod tests;

use std::collections::HashSet;

use territoire::{Commune, Referentiel, Territoire};

use crate::Mode;
use crate::aiguillage::Aiguillage;
use crate::besoin::Taxonomie;

pub use carte::draw;

/// How a commune is served for a need.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Desserte {
    Personne,
    /// Only by services that never come and receive nobody: nothing near.
    ADistance,
    Structures(usize),
}

/// A commune of the territoire and how it is served.
#[derive(Clone, Debug)]
pub struct CommuneServie {
    pub commune: &'static Commune,
    pub desserte: Desserte,
}

/// For one need, how many communes and inhabitants have nobody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manque {
    /// Rank of the need in the taxonomy.
    pub besoin: u8,
    pub communes: usize,
    pub habitants: u64,
}

/// Every commune of the territoire for a need, those that nobody serves first, the most inhabited first.
pub fn list_communes(aiguillage: &Aiguillage, territoire: &Territoire, besoin: u8) -> Vec<CommuneServie> {
    let mut list: Vec<CommuneServie> =
        communes(territoire).map(|commune| CommuneServie { commune, desserte: find_desserte(aiguillage, commune, besoin) }).collect();
    list.sort_by_key(|one| (one.desserte, std::cmp::Reverse(one.commune.population), one.commune.rang));
    list
}

/// The needs, families left out, that leave some commune without anybody: the most inhabitants first.
pub fn list_manques(aiguillage: &Aiguillage, territoire: &Territoire) -> Vec<Manque> {
    let needs = Taxonomie::get().iter().filter(|besoin| !besoin.is_famille());
    let mut manques: Vec<Manque> = needs.map(|besoin| Manque { besoin: besoin.rang, communes: 0, habitants: 0 }).collect();
    for commune in communes(territoire) {
        let desservants = aiguillage.desservants(commune);
        for manque in &mut manques {
            let mut is_served = false;
            desservants.visit(manque.besoin, |_| is_served = true);
            if !is_served {
                manque.communes += 1;
                manque.habitants += u64::from(commune.population);
            }
        }
    }
    manques.retain(|manque| manque.communes > 0);
    manques.sort_by_key(|manque| (std::cmp::Reverse(manque.habitants), std::cmp::Reverse(manque.communes), manque.besoin));
    manques
}

fn communes(territoire: &Territoire) -> impl Iterator<Item = &'static Commune> {
    territoire.communes.iter().filter_map(|rang| Referentiel::get().commune(*rang))
}

fn find_desserte(aiguillage: &Aiguillage, commune: &Commune, besoin: u8) -> Desserte {
    let (mut near, mut is_reached) = (HashSet::new(), false);
    aiguillage.desservants(commune).visit(besoin, |entree| {
        is_reached = true;
        if entree.drapeaux.mode() != Mode::ADistance {
            near.insert(entree.structure);
        }
    });
    match (near.len(), is_reached) {
        (0, false) => Desserte::Personne,
        (0, true) => Desserte::ADistance,
        (structures, _) => Desserte::Structures(structures),
    }
}
