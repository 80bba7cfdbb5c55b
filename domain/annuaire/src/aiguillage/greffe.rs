//! A snapshot goes on from another: the structures that changed are read again, all the others are copied. An edit is in force
//! in a blink, however large the annuaire is.

use std::collections::HashSet;

use kit::Id;
use territoire::Territoire;

use super::postings::{Inscrite, Postings};
use super::{Aiguillage, Batisseur, Entree};

/// What is kept of a snapshot: which structures, and where its services went.
pub(super) struct Reprise<'a> {
    known: &'a Aiguillage,
    structures: Vec<bool>,
    services: Vec<Option<u32>>,
}

impl Reprise<'_> {
    /// Whether a structure stands: one of the snapshot that is kept, or one that was added.
    pub fn has_structure(&self, rang: u32) -> bool {
        self.structures.get(rang as usize).copied().unwrap_or(true)
    }

    /// The postings kept and those of what was added; `places`: where the structures stand once ordered.
    pub fn merge(&self, places: &[Option<u32>], added: Vec<Inscrite>) -> Postings {
        let find = |ranks: &[Option<u32>], rang: u32| ranks.get(rang as usize).copied().flatten();
        let keep = |entree: &Entree| {
            Some(Entree { service: find(&self.services, entree.service)?, structure: find(places, entree.structure)?, ..*entree })
        };
        self.known.postings.merge(keep, added)
    }
}

impl<'a> Batisseur<'a> {
    /// Goes on from a snapshot, less some structures: what is added next takes their place.
    pub fn resume(territoire: &'a Territoire, known: &'a Aiguillage, (revision, removed): (i64, &HashSet<Id>)) -> Self {
        let mut batisseur = Self::new(territoire, revision);
        let made = &mut batisseur.made;
        made.horaires.clone_from(&known.horaires);
        // Structures keep their ranks until all are there (`order_structures`): most of them will not move.
        made.structures.clone_from(&known.structures);
        let structures: Vec<bool> = known.structures.iter().map(|structure| !removed.contains(&structure.id)).collect();
        let mut services = vec![None; known.services.len()];
        made.corps.reserve(known.corps.len());
        for (rang, service) in (0_u32..).zip(&known.services) {
            if structures.get(service.structure as usize) == Some(&true) {
                services[rang as usize] = u32::try_from(made.services.len()).ok();
                made.services.push(service.clone());
                made.corps.push_str(known.corps(rang));
                made.fins.push(u32::try_from(made.corps.len()).unwrap_or(u32::MAX));
            }
        }
        let place = |(service, commune): &(u32, u16)| Some((services.get(*service as usize).copied().flatten()?, *commune));
        made.exclusions = known.exclusions.iter().filter_map(place).collect();
        batisseur.reprise = Some(Reprise { known, structures, services });
        batisseur
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use proptest::prelude::*;
    use territoire::Referentiel;

    use super::*;
    use crate::aiguillage::Inscription;
    use crate::besoin::Taxonomie;
    use crate::import::verify;
    use crate::tests::territoire;

    const COUVERTURES: [&str; 5] =
        ["commune:26165", "epci:242600252", "epci:242600252 sauf commune:26006", "departement:26 sauf commune:26165", "france"];
    const BESOINS: [&str; 4] = ["menage", "jardinage", "vie-quotidienne", "portage-repas|papiers"];

    /// Services of ten structures at most; two draws differ by some of them.
    fn draw() -> impl Strategy<Value = Vec<(u8, u8, u8, bool)>> {
        prop::collection::vec((0..10_u8, 0..5_u8, 0..4_u8, any::<bool>()), 0..30)
    }

    /// What an annuaire holds: the services of each structure.
    type Etat = BTreeMap<Id, Vec<Inscription>>;

    fn read(services: &[(u8, u8, u8, bool)]) -> Etat {
        let line = |(rang, (structure, couverture, besoins, open)): (usize, &(u8, u8, u8, bool))| {
            let (couverture, besoins) = (COUVERTURES[usize::from(*couverture)], BESOINS[usize::from(*besoins)]);
            let horaires = if *open { "Mo-Fr 09:00-12:00" } else { "Tu 14:00-17:00" };
            format!("s{structure};S{structure};26165;{besoins};a_domicile;{couverture};{rang};{horaires}\n")
        };
        let lines: String = services.iter().enumerate().map(line).collect();
        let file = format!("structure_id;structure;code_insee;besoins;mode;couverture;service_id;horaires\n{lines}");
        let mut etat = Etat::new();
        for one in verify(file.as_bytes(), "essai.csv", &territoire(), &|_, _| {}).inscriptions {
            etat.entry(one.structure.id).or_default().push(one);
        }
        etat
    }

    fn build<'a>(mut batisseur: Batisseur<'a>, inscriptions: impl Iterator<Item = &'a Inscription>) -> Aiguillage {
        inscriptions.for_each(|one| batisseur.add(one));
        batisseur.finish()
    }

    /// All that can be read of a snapshot, by identifiers: structures in their order, services, hours, and who reaches whom.
    fn tell(aiguillage: &Aiguillage) -> (Vec<Id>, BTreeSet<String>) {
        let mut said = BTreeSet::new();
        for (rang, service) in (0_u32..).zip(aiguillage.services()) {
            let structure = aiguillage.structure(service.structure).unwrap();
            let horaires = aiguillage.horaires(service.drapeaux).map(|horaires| horaires.texte.clone());
            said.insert(format!("{} {} {horaires:?} {}", structure.id, service.id, aiguillage.corps(rang)));
        }
        for code in ["26165", "26006", "26166", "75056"] {
            let commune = Referentiel::get().resolve_code(code).unwrap().commune;
            for besoin in Taxonomie::get().iter() {
                aiguillage.desservants(commune).visit(besoin.rang, |entree| {
                    let (structure, service) =
                        (aiguillage.structure(entree.structure).unwrap(), aiguillage.service(entree.service).unwrap());
                    assert_eq!(service.structure, entree.structure);
                    said.insert(format!("{code} {} {} {} {:?}", besoin.code, structure.id, service.id, entree.drapeaux.mode()));
                });
            }
        }
        (aiguillage.structures().iter().map(|one| one.id).collect(), said)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn a_snapshot_that_goes_on_says_what_a_new_one_says(draws in prop::collection::vec(draw(), 3)) {
            let territoire = territoire();
            let [mut etat, draws @ ..]: [Etat; 3] = [read(&draws[0]), read(&draws[1]), read(&draws[2])];
            let mut known = build(Batisseur::new(&territoire, 1), etat.values().flatten());
            for next in &draws {
                // Some structures change, appear or go away; the others stay as they were.
                let changed: HashSet<Id> = etat.keys().chain(next.keys()).filter(|id| id.to_string().as_bytes()[0] % 2 == 0).copied().collect();
                etat.retain(|id, _| !changed.contains(id));
                etat.extend(next.iter().filter(|(id, _)| changed.contains(id)).map(|(id, services)| (*id, services.clone())));
                let added = next.iter().filter(|(id, _)| changed.contains(id)).flat_map(|(_, services)| services);
                let grafted = build(Batisseur::resume(&territoire, &known, (2, &changed)), added);
                prop_assert_eq!(tell(&grafted), tell(&build(Batisseur::new(&territoire, 2), etat.values().flatten())));
                known = grafted;
            }
        }
    }
}
