//! What the annuaire offers today, counted on its snapshot: the structures of a need or of a commune, and who has nobody.

use std::collections::{BTreeMap, HashSet};

use annuaire::aiguillage::Aiguillage;
use annuaire::besoin::{Besoin, Taxonomie};
use annuaire::cartes::zones::{Presence, list_communes};
use kit::codes;
use territoire::{Commune, Territoire};

use super::Axe;
use super::calcul::Effectif;

codes! {
    /// What is counted of the annuaire.
    pub enum Offre {
        Structures = "structures" => "structures",
        CommunesSans = "communes_sans" => "communes sans personne",
        HabitantsSans = "habitants_sans" => "habitants sans personne",
        Habitants65Sans = "habitants_65_sans" => "habitants de 65 ans et plus sans personne",
        CommunesUne = "communes_une" => "communes d’une seule structure",
    }
}

impl Offre {
    pub fn has_axe(self, axe: Axe) -> bool {
        match self {
            Self::Structures => matches!(axe, Axe::Besoin | Axe::Commune),
            Self::CommunesSans | Self::HabitantsSans | Self::Habitants65Sans | Self::CommunesUne => axe == Axe::Besoin,
        }
    }

    /// Whether it is a number for all: communes without anybody are so for one need.
    pub fn has_whole(self) -> bool {
        self == Self::Structures
    }
}

/// By the values of an axis; for all, structures alone are a number: communes without anybody are so for one need.
pub fn count(offre: Offre, axe: Option<Axe>, (aiguillage, territoire): (&Aiguillage, &Territoire)) -> BTreeMap<String, Effectif> {
    match (offre, axe) {
        (Offre::Structures, Some(Axe::Commune)) => count_by_commune(aiguillage, territoire),
        (Offre::Structures, None) => {
            let mut all = HashSet::new();
            for besoin in Taxonomie::get().hors_familles() {
                all.extend(list_structures(aiguillage, territoire, besoin));
            }
            BTreeMap::from([(String::new(), Effectif::whole(all.len()))])
        }
        (_, Some(Axe::Besoin)) => Taxonomie::get()
            .hors_familles()
            .map(|besoin| (besoin.code.to_string(), count_besoin(offre, besoin, (aiguillage, territoire))))
            .collect(),
        _ => BTreeMap::new(),
    }
}

fn list_structures(aiguillage: &Aiguillage, territoire: &Territoire, besoin: &Besoin) -> HashSet<u32> {
    let mut found = HashSet::new();
    for commune in territoire.list_communes() {
        aiguillage.desservants(commune).visit(besoin.rang, |entree| {
            found.insert(entree.structure);
        });
    }
    found
}

fn count_by_commune(aiguillage: &Aiguillage, territoire: &Territoire) -> BTreeMap<String, Effectif> {
    let of_commune = |commune: &'static Commune| {
        let (mut found, desservants) = (HashSet::new(), aiguillage.desservants(commune));
        for besoin in Taxonomie::get().hors_familles() {
            desservants.visit(besoin.rang, |entree| {
                found.insert(entree.structure);
            });
        }
        (commune.code.to_string(), Effectif::whole(found.len()))
    };
    territoire.list_communes().map(of_commune).collect()
}

fn count_besoin(offre: Offre, besoin: &Besoin, (aiguillage, territoire): (&Aiguillage, &Territoire)) -> Effectif {
    if offre == Offre::Structures {
        return Effectif::whole(list_structures(aiguillage, territoire, besoin).len());
    }
    let list = list_communes(aiguillage, territoire, besoin.rang);
    let wanted = if offre == Offre::CommunesUne { Presence::Structures(1) } else { Presence::Personne };
    let found = list.iter().filter(|one| one.presence == wanted);
    match offre {
        Offre::HabitantsSans => Effectif::people(found.map(|one| Some(u64::from(one.commune.population)))),
        Offre::Habitants65Sans => Effectif::people(found.map(|one| one.commune.population_age.map(|age| u64::from(age.plus_de_65)))),
        _ => Effectif::whole(found.count()),
    }
}
