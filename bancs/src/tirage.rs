//! What the annuaire and the questions draw from: communes, needs, hours.

use annuaire::besoin::Taxonomie;
use territoire::{Commune, Referentiel};

use crate::alea::{Alea, Poids};

/// Needs asked for and offered more often than the others (order of magnitude of the calls of seeds 002 and 004).
const FREQUENTS: [(&str, u64); 14] = [
    ("menage", 60),
    ("aide-domicile", 50),
    ("jardinage", 40),
    ("portage-repas", 30),
    ("bricolage", 25),
    ("garde-enfants", 25),
    ("toilette", 20),
    ("courses", 15),
    ("preparation-repas", 15),
    ("soins-infirmiers", 12),
    ("transport-solidaire", 10),
    ("acces-droits", 10),
    ("accueil-enfants", 10),
    ("teleassistance", 8),
];
const RARE: u64 = 3;

/// Days, mornings and afternoons, combined into 200 distinct opening hours.
const JOURS: [&str; 10] = ["Mo-Fr", "Mo-Sa", "Mo-Th", "Tu-Fr", "Tu-Sa", "Mo,We,Fr", "Tu,Th", "Mo-We,Fr", "We-Fr", "Mo-Su"];
const MATINS: [&str; 5] = ["08:00-12:00", "08:30-12:00", "08:30-12:30", "09:00-12:00", "09:00-12:30"];
const APRES_MIDIS: [&str; 4] = ["", ",13:30-17:00", ",14:00-17:00", ",14:00-18:00"];

/// The places, needs and hours of France, ready to be drawn.
pub struct Tirage {
    pub national: &'static Referentiel,
    toutes: Vec<&'static Commune>,
    communes: Poids<&'static Commune>,
    besoins: Poids<&'static str>,
    horaires: Vec<String>,
}

impl Tirage {
    pub fn new() -> Self {
        Self::among(Referentiel::get().communes().iter().collect())
    }

    /// The same in these communes only.
    pub fn among(toutes: Vec<&'static Commune>) -> Self {
        let besoins = Taxonomie::get().iter().filter(|besoin| !besoin.is_famille());
        let hours = |jours: &str| {
            MATINS.iter().flat_map(|matin| APRES_MIDIS.iter().map(move |soir| format!("{jours} {matin}{soir}"))).collect::<Vec<_>>()
        };
        Self {
            national: Referentiel::get(),
            communes: Poids::new(toutes.iter().map(|commune| (u64::from(commune.population), *commune))),
            toutes,
            besoins: Poids::new(besoins.map(|besoin| (find_frequence(&besoin.code), &*besoin.code))),
            horaires: JOURS.iter().flat_map(|jours| hours(jours)).collect(),
        }
    }

    /// Half of the time any commune, half of the time where people live.
    pub fn commune(&self, alea: &mut Alea) -> &'static Commune {
        if alea.happens(50) { self.any_commune(alea) } else { self.communes.draw(alea) }
    }

    pub fn any_commune(&self, alea: &mut Alea) -> &'static Commune {
        let drawn: &&'static Commune = alea.pick(&self.toutes);
        drawn
    }

    pub fn besoin(&self, alea: &mut Alea) -> &'static str {
        self.besoins.draw(alea)
    }

    pub fn horaires(&self, alea: &mut Alea) -> &str {
        let drawn: &String = alea.pick(&self.horaires);
        drawn
    }
}

fn find_frequence(code: &str) -> u64 {
    FREQUENTS.iter().find(|(frequent, _)| *frequent == code).map_or(RARE, |(_, poids)| *poids)
}

/// Paths of `nombre` questions: any commune, a need as often as it is asked.
pub fn list_questions(nombre: usize, graine: u64) -> Vec<String> {
    let (tirage, mut alea) = (Tirage::new(), Alea::new(graine));
    let question = |_| format!("/api/v1/orientations?commune={}&besoin={}", tirage.any_commune(&mut alea).code, tirage.besoin(&mut alea));
    (0..nombre).map(question).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_need_and_two_hundred_opening_hours_are_drawn() {
        let (tirage, mut alea) = (Tirage::new(), Alea::new(1));
        assert_eq!(tirage.horaires.iter().collect::<BTreeSet<_>>().len(), 200);
        assert!(tirage.horaires.iter().all(|texte| annuaire::rules::horaires::check(texte).is_ok()));
        let drawn: BTreeSet<&str> = (0..20_000).map(|_| tirage.besoin(&mut alea)).collect();
        assert_eq!(drawn.len(), Taxonomie::get().iter().filter(|besoin| !besoin.is_famille()).count());
        assert!(FREQUENTS.iter().all(|(code, _)| drawn.contains(code)));
    }

    #[test]
    fn the_same_seed_asks_the_same_questions() {
        assert_eq!(list_questions(50, 3), list_questions(50, 3));
        assert_ne!(list_questions(50, 3), list_questions(50, 4));
    }
}
