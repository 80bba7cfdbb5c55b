//! The snapshot of the annuaire as gaps read it: who serves each commune for each need. No query.

use std::collections::BTreeMap;

use annuaire::Mode;
use annuaire::aiguillage::Aiguillage;
use annuaire::besoin::{Besoin, Taxonomie};
use annuaire::cartes::zones::{CommuneServie, list_communes};
use kit::Id;
use territoire::{Commune, Territoire};

use super::manques::{Lacune, Observation, list_lacunes};
use crate::demandes::Demandes;

/// What is missing on a territoire, `demandes` being asked.
pub fn look_lacunes(aiguillage: &Aiguillage, territoire: &Territoire, demandes: &Demandes) -> Vec<Lacune> {
    list_lacunes(Taxonomie::get().hors_familles().flat_map(|besoin| {
        let read = move |served: CommuneServie| observe(besoin, &served, demandes);
        list_communes(aiguillage, territoire, besoin.rang).into_iter().map(read)
    }))
}

fn observe(besoin: &'static Besoin, served: &CommuneServie, demandes: &Demandes) -> Observation {
    let CommuneServie { commune, presence } = *served;
    let compteur = demandes.find(&besoin.code, commune.code.as_str());
    Observation {
        besoin: &besoin.code,
        commune,
        presence,
        demandes: compteur.demandes,
        sans_solution: compteur.sans_solution,
        personnes: personnes(commune),
    }
}

/// Whom a lack concerns most: those of 65 and over, where the census knows them.
fn personnes(commune: &Commune) -> Option<u32> {
    commune.population_age.map(|age| age.plus_de_65)
}

/// A structure that comes to some communes for a need, or receives there, and to how many.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Desservante {
    pub structure: Id,
    pub nom: String,
    pub communes: usize,
}

/// Those of a need, the widest first.
pub fn list_desservantes(aiguillage: &Aiguillage, besoin: &str, communes: &[&'static Commune]) -> Vec<Desservante> {
    let Some(besoin) = Taxonomie::get().find(besoin) else { return vec![] };
    let mut counts: BTreeMap<u32, usize> = BTreeMap::new();
    for commune in communes {
        let near = aiguillage.list_desservants(commune, besoin.rang).into_iter().filter(|one| one.drapeaux.mode() != Mode::ADistance);
        let mut structures: Vec<u32> = near.map(|service| service.structure).collect();
        structures.sort_unstable();
        structures.dedup();
        structures.into_iter().for_each(|structure| *counts.entry(structure).or_default() += 1);
    }
    let named = counts.into_iter().filter_map(|(rang, communes)| {
        let structure = aiguillage.structure(rang)?;
        Some(Desservante { structure: structure.id, nom: structure.nom.to_string(), communes })
    });
    let mut list: Vec<Desservante> = named.collect();
    list.sort_by(|one, other| other.communes.cmp(&one.communes).then_with(|| one.nom.cmp(&other.nom)));
    list
}
