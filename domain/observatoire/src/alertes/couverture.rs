//! Communes that lost their only service: what the snapshot says today beside what was kept when it was last looked at.

use std::collections::BTreeMap;

use annuaire::aiguillage::Aiguillage;
use annuaire::besoin::Taxonomie;
use annuaire::cartes::zones::{Presence, list_communes};
use territoire::Territoire;

/// How many structures serve each need in each commune, those with one at least; services that never come do not count.
pub type Couverture = BTreeMap<(String, String), i64>;

/// What is served today, by what the snapshot holds.
pub fn observe(aiguillage: &Aiguillage, territoire: &Territoire) -> Couverture {
    let needs = Taxonomie::get().hors_familles();
    let served = needs.flat_map(|besoin| {
        list_communes(aiguillage, territoire, besoin.rang).into_iter().filter_map(|one| match one.presence {
            Presence::Structures(count) => {
                Some(((besoin.code.to_string(), one.commune.code.to_string()), i64::try_from(count).unwrap_or(i64::MAX)))
            }
            Presence::Personne | Presence::ADistance => None,
        })
    });
    served.collect()
}

/// What changed since: the lines to write, and by need the communes of the territoire that nobody serves any more.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ecart {
    pub lignes: Vec<(String, String, i64)>,
    pub pertes: BTreeMap<String, Vec<String>>,
}

/// An annuaire without anything is one that is not read yet, or not begun: it tells nothing. A commune that left the territoire
/// lost nothing here.
pub fn compare(kept: &Couverture, today: &Couverture, is_here: impl Fn(&str) -> bool) -> Ecart {
    let mut ecart = Ecart::default();
    if today.is_empty() {
        return ecart;
    }
    for ((besoin, commune), count) in today {
        if kept.get(&(besoin.clone(), commune.clone())) != Some(count) {
            ecart.lignes.push((besoin.clone(), commune.clone(), *count));
        }
    }
    for ((besoin, commune), before) in kept {
        if *before > 0 && !today.contains_key(&(besoin.clone(), commune.clone())) {
            ecart.lignes.push((besoin.clone(), commune.clone(), 0));
            if is_here(commune) {
                ecart.pertes.entry(besoin.clone()).or_default().push(commune.clone());
            }
        }
    }
    ecart
}

#[cfg(test)]
mod tests {
    use super::*;

    fn couverture(lines: &[(&str, &str, i64)]) -> Couverture {
        lines.iter().map(|(besoin, commune, count)| ((besoin.to_string(), commune.to_string()), *count)).collect()
    }

    #[test]
    fn a_commune_that_loses_its_only_service_is_told_once() {
        let kept = couverture(&[("menage", "26165", 1), ("menage", "26166", 2), ("linge", "26165", 1), ("courses", "26165", 0)]);
        let today = couverture(&[("menage", "26166", 1), ("linge", "26165", 1)]);
        let ecart = compare(&kept, &today, |_| true);
        assert_eq!(ecart.pertes, BTreeMap::from([("menage".to_string(), vec!["26165".to_string()])]));
        let mut after = kept.clone();
        after.extend(ecart.lignes.into_iter().map(|(besoin, commune, count)| ((besoin, commune), count)));
        assert_eq!(compare(&after, &today, |_| true), Ecart::default(), "looked at again, nothing changed");
    }

    #[test]
    fn the_first_look_and_an_empty_annuaire_tell_nothing() {
        let today = couverture(&[("menage", "26165", 1)]);
        let first = compare(&Couverture::new(), &today, |_| true);
        assert!(first.pertes.is_empty() && first.lignes.len() == 1);
        assert_eq!(compare(&today, &Couverture::new(), |_| true), Ecart::default());
    }

    #[test]
    fn a_commune_that_left_the_territoire_lost_nothing() {
        let kept = couverture(&[("menage", "26165", 1), ("menage", "26166", 1)]);
        let ecart = compare(&kept, &couverture(&[("menage", "26166", 1)]), |commune| commune != "26165");
        assert!(ecart.pertes.is_empty() && ecart.lignes == [("menage".to_string(), "26165".to_string(), 0)]);
    }
}
