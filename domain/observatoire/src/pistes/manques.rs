//! What is missing: needs asked where nobody serves, needs that hang on one structure, and what seed 000 wants everywhere, meals
//! brought home and volunteers who visit. Values in, values out.

use annuaire::cartes::zones::Presence;
use kit::codes;
use territoire::Commune;

codes! {
    /// Why a need is told for a commune.
    pub enum NatureLacune {
        Personne = "personne" => "demandés, et personne pour y répondre",
        Seule = "seule" => "demandés, et une seule structure",
        Absente = "absente" => "pas encore demandés, mais à créer partout",
    }
}

/// Seed 000: « les services de portage de repas qui se mettent en place sur les communes qui n’en bénéficient pas », « réseaux de
/// bénévoles […] type “Vieillir au village” ».
pub const SOCLE: [&str; 3] = ["portage-repas", "visites", "benevolat"];

/// One need in one commune, over twelve months.
#[derive(Clone, Debug)]
pub struct Observation {
    /// Code of the need.
    pub besoin: &'static str,
    pub commune: &'static Commune,
    pub presence: Presence,
    pub demandes: i64,
    pub sans_solution: i64,
    /// Whom it concerns most; none when nobody knows how many.
    pub personnes: Option<u32>,
}

/// A need that is missing somewhere: the communes, the heaviest first.
#[derive(Clone, Debug)]
pub struct Lacune {
    pub nature: NatureLacune,
    pub besoin: &'static str,
    pub communes: Vec<Observation>,
}

impl Observation {
    /// Why it is told; none when nothing is missing. At a distance only, nobody brings a meal nor pays a visit.
    pub fn nature(&self) -> Option<NatureLacune> {
        let is_socle = SOCLE.contains(&self.besoin);
        let is_asked = self.demandes > 0;
        match self.presence {
            Presence::Personne if is_asked => Some(NatureLacune::Personne),
            Presence::ADistance if is_asked && is_socle => Some(NatureLacune::Personne),
            Presence::Structures(1) if is_asked => Some(NatureLacune::Seule),
            Presence::Personne | Presence::ADistance if is_socle => Some(NatureLacune::Absente),
            Presence::Personne | Presence::ADistance | Presence::Structures(_) => None,
        }
    }

    /// Asked × people, then people alone. Where nobody knows how many, what is asked still counts.
    fn poids(&self) -> (u64, u64) {
        let personnes = u64::from(self.personnes.unwrap_or_default());
        (u64::try_from(self.demandes).unwrap_or_default() * personnes.max(1), personnes)
    }
}

impl Lacune {
    pub fn demandes(&self) -> i64 {
        self.communes.iter().map(|one| one.demandes).sum()
    }

    pub fn sans_solution(&self) -> i64 {
        self.communes.iter().map(|one| one.sans_solution).sum()
    }

    /// Those that are known.
    pub fn personnes(&self) -> u64 {
        self.communes.iter().filter_map(|one| one.personnes).map(u64::from).sum()
    }

    fn poids(&self) -> (u64, u64) {
        self.communes.iter().map(Observation::poids).fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1))
    }
}

/// By nature and need, the heaviest first.
pub fn list_lacunes(observations: impl IntoIterator<Item = Observation>) -> Vec<Lacune> {
    let mut groups = std::collections::BTreeMap::new();
    for observation in observations {
        if let Some(nature) = observation.nature() {
            groups.entry((nature, observation.besoin)).or_insert_with(Vec::new).push(observation);
        }
    }
    let heaviest = |one: &Observation| std::cmp::Reverse(one.poids());
    let mut lacunes: Vec<Lacune> = groups
        .into_iter()
        .map(|((nature, besoin), mut communes)| {
            communes.sort_by_key(|one| (heaviest(one), one.commune.rang));
            Lacune { nature, besoin, communes }
        })
        .collect();
    lacunes.sort_by_key(|one| (one.nature, std::cmp::Reverse(one.poids()), one.besoin));
    lacunes
}

#[cfg(test)]
mod tests {
    use territoire::Referentiel;

    use super::*;

    fn observation(besoin: &'static str, code: &str, presence: Presence, demandes: i64) -> Observation {
        let commune = Referentiel::get().resolve_code(code).unwrap().commune;
        Observation { besoin, commune, presence, demandes, sans_solution: demandes / 2, personnes: Some(100) }
    }

    #[test]
    fn a_need_is_missing_where_it_is_asked_and_nobody_or_one_structure_serves() {
        let nature = |presence, demandes| observation("menage", "26165", presence, demandes).nature();
        assert_eq!(nature(Presence::Personne, 1), Some(NatureLacune::Personne));
        assert_eq!(nature(Presence::Personne, 0), None, "nobody asks for it there");
        assert_eq!(nature(Presence::Personne, -1), None, "asked, then taken back in a later month");
        assert_eq!(nature(Presence::Structures(1), 1), Some(NatureLacune::Seule));
        assert_eq!(nature(Presence::Structures(1), 0), None);
        assert_eq!(nature(Presence::Structures(2), 9), None);
        assert_eq!(nature(Presence::ADistance, 9), None, "somebody answers, from afar");
    }

    #[test]
    fn meals_and_volunteers_are_missing_even_where_nobody_asks() {
        for besoin in SOCLE {
            let nature = |presence, demandes| observation(besoin, "26165", presence, demandes).nature();
            assert_eq!(nature(Presence::Personne, 0), Some(NatureLacune::Absente));
            assert_eq!(nature(Presence::ADistance, 0), Some(NatureLacune::Absente), "nobody brings a meal from afar");
            assert_eq!(nature(Presence::ADistance, 2), Some(NatureLacune::Personne));
            assert_eq!(nature(Presence::Structures(1), 0), None);
            assert!(annuaire::besoin::Taxonomie::get().find(besoin).is_some(), "{besoin} is a need");
        }
    }

    #[test]
    fn what_is_asked_by_the_most_people_comes_first() {
        let many = Observation { personnes: Some(1_000), ..observation("courses", "26165", Presence::Personne, 2) };
        let unknown = Observation { personnes: None, ..observation("linge", "26165", Presence::Personne, 3) };
        let list = list_lacunes([
            observation("menage", "26166", Presence::Personne, 1),
            observation("menage", "26165", Presence::Personne, 9),
            many,
            unknown,
            observation("bricolage", "26165", Presence::Structures(1), 90),
            observation("portage-repas", "26165", Presence::Personne, 0),
        ]);
        let said: Vec<(NatureLacune, &str)> = list.iter().map(|one| (one.nature, one.besoin)).collect();
        use NatureLacune::{Absente, Personne, Seule};
        assert_eq!(
            said,
            [(Personne, "courses"), (Personne, "menage"), (Personne, "linge"), (Seule, "bricolage"), (Absente, "portage-repas")]
        );
        let menage = &list[1];
        assert_eq!((menage.demandes(), menage.sans_solution(), menage.personnes()), (10, 4, 200));
        assert_eq!(menage.communes.iter().map(|one| one.demandes).collect::<Vec<_>>(), [9, 1]);
        assert_eq!(list[2].personnes(), 0, "nobody knows");
    }
}
