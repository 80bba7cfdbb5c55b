//! Where a structure stands among its equals: how often it is proposed, first, and given, beside their anonymous shares.

use std::collections::{BTreeMap, HashMap};

use annuaire::aiguillage::Aiguillage;
use annuaire::besoin::Taxonomie;
use kit::Id;

/// Fewer than this, and shares would point at somebody.
pub const EGALES_MINIMUM: usize = 5;

/// What was counted of a structure over a period.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Compte {
    pub proposees: i64,
    pub premieres: i64,
    pub donnees: i64,
}

impl Compte {
    pub fn add(&mut self, other: Self) {
        self.proposees += other.proposees;
        self.premieres += other.premieres;
        self.donnees += other.donnees;
    }
}

/// A share, in thousandths.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Part(pub i64);

impl Part {
    /// None of nothing.
    fn of(number: i64, total: i64) -> Option<Self> {
        (total > 0).then(|| Self((number * 1_000 + total / 2) / total))
    }
}

/// The shares of the equals: the one in the middle, the smallest, the largest; nobody is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Egales {
    pub mediane: Part,
    pub minimum: Part,
    pub maximum: Part,
}

impl Egales {
    fn of(mut parts: Vec<Part>) -> Option<Self> {
        parts.sort_unstable();
        let (first, last) = (parts.first().copied()?, parts.last().copied()?);
        let (low, high) = (parts.get((parts.len() - 1) / 2)?.0, parts.get(parts.len() / 2)?.0);
        (parts.len() >= EGALES_MINIMUM).then_some(Self { mediane: Part((low + high) / 2), minimum: first, maximum: last })
    }
}

/// One line of the comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ligne {
    pub nombre: i64,
    pub sur: i64,
    /// None: nothing to take a share of.
    pub sienne: Option<Part>,
    /// None: fewer than five equals of which it can be said.
    pub egales: Option<Egales>,
}

/// Where a structure stands over a period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Equite {
    /// How many structures render some of the same needs.
    pub egales: usize,
    /// Proposed, of all that was asked of these needs.
    pub proposee: Ligne,
    /// First, of the times it was proposed.
    pub premiere: Ligne,
    /// Given to the person, of the times it was proposed.
    pub donnee: Ligne,
}

/// What was counted over a period: of each structure for each need, and what was asked of each need.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comptes {
    pub structures: HashMap<Id, HashMap<String, Compte>>,
    pub demandes: HashMap<String, i64>,
}

impl Comptes {
    /// A structure, on some needs: what was counted of it, out of what was asked.
    fn sum(&self, structure: Id, besoins: &[String]) -> (Compte, i64) {
        let mut sum = Compte::default();
        let known = self.structures.get(&structure);
        besoins.iter().filter_map(|besoin| known?.get(besoin)).for_each(|one| sum.add(*one));
        (sum, besoins.iter().filter_map(|besoin| self.demandes.get(besoin)).sum())
    }
}

/// Compares what was counted of a structure with what was counted of its equals, each on the needs that it shares with it.
pub fn compare(structure: Id, pairs: &Pairs, comptes: &Comptes) -> Equite {
    let (sien, demandes) = comptes.sum(structure, &pairs.besoins);
    let theirs: Vec<(Compte, i64)> = pairs.egales.iter().map(|(id, besoins)| comptes.sum(*id, besoins)).collect();
    let line = |of: &dyn Fn(&Compte) -> i64, total: &dyn Fn(&Compte, i64) -> i64| {
        let (nombre, sur) = (of(&sien), total(&sien, demandes));
        let parts = theirs.iter().filter_map(|(one, asked)| Part::of(of(one), total(one, *asked)));
        Ligne { nombre, sur, sienne: Part::of(nombre, sur), egales: Egales::of(parts.collect()) }
    };
    Equite {
        egales: pairs.egales.len(),
        proposee: line(&|one| one.proposees, &|_, asked| asked),
        premiere: line(&|one| one.premieres, &|one, _| one.proposees),
        donnee: line(&|one| one.donnees, &|one, _| one.proposees),
    }
}

/// The needs that a structure answers today, and its equals, each with those of these needs that it answers too.
/// Codes, families included: a demande may name the family alone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pairs {
    pub besoins: Vec<String>,
    pub egales: Vec<(Id, Vec<String>)>,
}

pub fn list_pairs(aiguillage: &Aiguillage, structure: Id) -> Pairs {
    let taxonomie = Taxonomie::get();
    let mut answered: BTreeMap<u32, Vec<u8>> = BTreeMap::new();
    for service in aiguillage.services() {
        answered.entry(service.structure).or_default().extend(&service.besoins);
    }
    let id = |rang: u32| aiguillage.structure(rang).map(|one| one.id);
    let Some(own) = answered.iter().find(|(rang, _)| id(**rang) == Some(structure)).map(|(_, besoins)| unique(besoins)) else {
        return Pairs::default();
    };
    let codes = |rangs: &[u8]| rangs.iter().filter_map(|rang| taxonomie.besoin(*rang)).map(|besoin| besoin.code.to_string()).collect();
    let is_need = |rang: &u8| taxonomie.besoin(*rang).is_some_and(|besoin| !besoin.is_famille());
    let shared = |besoins: &[u8]| own.iter().copied().filter(|rang| besoins.contains(rang)).collect::<Vec<u8>>();
    let egales = answered.iter().filter_map(|(rang, besoins)| {
        // To be of the same family is not to answer the same need.
        let (id, shared) = (id(*rang)?, shared(besoins));
        (id != structure && shared.iter().any(is_need)).then(|| (id, codes(&shared)))
    });
    Pairs { egales: egales.collect(), besoins: codes(&own) }
}

fn unique(besoins: &[u8]) -> Vec<u8> {
    let mut besoins = besoins.to_vec();
    besoins.sort_unstable();
    besoins.dedup();
    besoins
}

const SEMAINE: i64 = 7 * 86_400;
/// 1 January 1970 was a Thursday.
const LUNDI: i64 = 3 * 86_400;

/// The week of a moment: they begin on Monday.
pub fn find_semaine(at: kit::Instant) -> i64 {
    (at.0 + LUNDI).div_euclid(SEMAINE)
}

/// The first moment of a week.
pub fn begin_semaine(semaine: i64) -> kit::Instant {
    kit::Instant(semaine * SEMAINE - LUNDI)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::monde::{aiguillage, inscription};

    fn compte(proposees: i64, premieres: i64, donnees: i64) -> Compte {
        Compte { proposees, premieres, donnees }
    }

    fn ids(number: usize) -> Vec<Id> {
        (0..number).map(|rang| Id::from_name(&format!("égale {rang}"))).collect()
    }

    fn besoins(codes: &[&str]) -> Vec<String> {
        codes.iter().map(|code| code.to_string()).collect()
    }

    fn of_menage(counted: Vec<(Id, Compte)>) -> Comptes {
        let one = |compte: Compte| HashMap::from([("menage".to_string(), compte)]);
        Comptes {
            structures: counted.into_iter().map(|(id, compte)| (id, one(compte))).collect(),
            demandes: [("menage".to_string(), 100), ("jardinage".to_string(), 900)].into(),
        }
    }

    fn pairs(egales: usize) -> Pairs {
        Pairs { besoins: besoins(&["menage"]), egales: ids(egales).into_iter().map(|id| (id, besoins(&["menage"]))).collect() }
    }

    #[test]
    fn shares_are_said_beside_the_middle_and_the_ends_of_five_equals() {
        let own = Id::from_name("sienne");
        let mut counted: Vec<(Id, Compte)> = ids(5).into_iter().zip([10, 20, 30, 40, 0].map(|n| compte(n, n / 2, n / 10))).collect();
        counted.push((own, compte(25, 5, 1)));
        let equite = compare(own, &pairs(5), &of_menage(counted));
        let all = Egales { mediane: Part(200), minimum: Part(0), maximum: Part(400) };
        assert_eq!(equite.proposee, Ligne { nombre: 25, sur: 100, sienne: Some(Part(250)), egales: Some(all) });
        assert_eq!((equite.premiere.sienne, equite.premiere.egales), (Some(Part(200)), None), "one was never proposed: four are left");
        assert_eq!((equite.donnee.nombre, equite.donnee.sur, equite.donnee.sienne), (1, 25, Some(Part(40))));
    }

    #[test]
    fn each_equal_is_counted_on_the_needs_that_it_shares() {
        let (own, comptes) = (Id::from_name("sienne"), of_menage(ids(5).into_iter().map(|id| (id, compte(10, 5, 5))).collect()));
        let both = Pairs { besoins: besoins(&["menage", "jardinage"]), ..pairs(5) };
        let equite = compare(own, &both, &comptes);
        assert_eq!((equite.proposee.sur, equite.proposee.egales.unwrap().mediane), (1_000, Part(100)), "10 of 100, not of 1 000");
    }

    #[test]
    fn four_equals_stay_anonymous_and_nothing_asked_is_no_share() {
        let comptes = of_menage(ids(4).into_iter().map(|id| (id, compte(10, 5, 5))).collect());
        let own = Id::from_name("sienne");
        assert_eq!(compare(own, &pairs(4), &comptes).proposee.egales, None);
        assert!(compare(own, &pairs(5), &comptes).proposee.egales.is_some());
        let none = compare(own, &pairs(5), &Comptes::default());
        assert_eq!((none.proposee.sienne, none.proposee.egales, none.premiere.sienne), (None, None, None));
    }

    #[test]
    fn the_middle_of_an_even_number_is_between_two() {
        let parts = [1, 2, 3, 5, 8, 9].map(Part).to_vec();
        assert_eq!(Egales::of(parts), Some(Egales { mediane: Part(4), minimum: Part(1), maximum: Part(9) }));
        assert_eq!(Egales::of(vec![]), None);
    }

    #[test]
    fn equals_answer_one_of_the_same_needs_at_least() {
        let world = aiguillage(&[
            inscription("A", "menage", "france"),
            inscription("A", "portage-repas", "france"),
            inscription("B", "menage", "france"),
            inscription("C", "jardinage", "france"),
        ]);
        let id = Id::from_name;
        let of_a = list_pairs(&world, id("A"));
        let [(b, shared)] = of_a.egales.as_slice() else { panic!("{of_a:?}") };
        assert_eq!(*b, id("B"));
        assert!(shared.contains(&"menage".to_string()) && !shared.contains(&"portage-repas".to_string()), "{shared:?}");
        assert!(of_a.besoins.contains(&"portage-repas".to_string()));
        assert_eq!(list_pairs(&world, id("B")).egales[0].0, id("A"));
        assert_eq!(list_pairs(&world, id("C")).egales, [], "of the same family, perhaps, but not of the same need");
        assert_eq!(list_pairs(&world, id("absente")), Pairs::default());
    }

    #[test]
    fn weeks_begin_on_monday() {
        let monday = begin_semaine(find_semaine(testkit::NOON));
        assert_eq!(monday.day().to_string(), "2026-11-16");
        assert_eq!(find_semaine(monday), find_semaine(testkit::NOON));
        assert_eq!(find_semaine(monday.plus_seconds(-1)), find_semaine(testkit::NOON) - 1);
    }
}
