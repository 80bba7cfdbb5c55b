//! Groups of what has no solution, and what a new service answers.

use chrono::Datelike;
use kit::{Id, Instant};

use super::Suite;
use crate::model::Motif;

/// A demande without a solution, for one of its needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ligne {
    pub demande: Id,
    pub numero: i64,
    pub received_at: Instant,
    pub code_insee: String,
    pub besoin: String,
    pub motif: Option<Motif>,
    pub suite: Suite,
    /// The structure that answers it since.
    pub levee: Option<String>,
    /// The person agreed to be called back, and left a number.
    pub is_joignable: bool,
}

/// The same need, in the same commune, in the same month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Groupe {
    pub besoin: String,
    pub code_insee: String,
    /// Year and month.
    pub mois: (i32, u32),
    pub lignes: Vec<Ligne>,
}

fn month(at: Instant) -> (i32, u32) {
    let day = at.day();
    (day.year(), day.month())
}

/// The largest groups first; among equals, the latest month.
pub fn group(lignes: Vec<Ligne>) -> Vec<Groupe> {
    let mut groupes: Vec<Groupe> = vec![];
    for ligne in lignes {
        let mois = month(ligne.received_at);
        let is_it = |one: &&mut Groupe| one.besoin == ligne.besoin && one.code_insee == ligne.code_insee && one.mois == mois;
        match groupes.iter_mut().find(is_it) {
            Some(groupe) => groupe.lignes.push(ligne),
            None => groupes.push(Groupe { besoin: ligne.besoin.clone(), code_insee: ligne.code_insee.clone(), mois, lignes: vec![ligne] }),
        }
    }
    groupes.sort_by(|one, other| other.lignes.len().cmp(&one.lignes.len()).then_with(|| other.mois.cmp(&one.mois)));
    groupes
}

/// « Les Iris » and how many people wait for it, the most first: those that can be called back only.
pub fn list_levees(lignes: &[Ligne]) -> Vec<(&str, usize)> {
    let mut levees: Vec<(&str, Vec<Id>)> = vec![];
    let waits = lignes.iter().filter(|one| one.is_joignable && matches!(one.suite, Suite::Ouverte | Suite::Promise));
    for (nom, demande) in waits.filter_map(|one| one.levee.as_deref().map(|nom| (nom, one.demande))) {
        match levees.iter_mut().find(|(known, _)| *known == nom) {
            Some((_, demandes)) if demandes.contains(&demande) => {}
            Some((_, demandes)) => demandes.push(demande),
            None => levees.push((nom, vec![demande])),
        }
    }
    let mut counted: Vec<(&str, usize)> = levees.into_iter().map(|(nom, demandes)| (nom, demandes.len())).collect();
    counted.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    counted
}

/// Whether a service that answers today is news to a demande. Where nothing answered, any is. Elsewhere, one that was not among those
/// proposed; when as many were proposed as ever are, nobody knows any more which are new.
pub fn is_new(motif: Option<Motif>, (service, known): (Id, &[Id]), most: usize) -> bool {
    match motif {
        Some(Motif::HorsChamp) => false,
        Some(Motif::AucunService) => true,
        _ => known.len() < most && !known.contains(&service),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ligne(nom: &str, commune: &str, at: Instant) -> Ligne {
        Ligne {
            demande: Id::from_name(nom),
            numero: 1,
            received_at: at,
            code_insee: commune.into(),
            besoin: "menage".into(),
            motif: Some(Motif::AucunService),
            suite: Suite::Ouverte,
            levee: None,
            is_joignable: true,
        }
    }

    #[test]
    fn the_same_need_is_grouped_by_commune_and_month_the_most_asked_first() {
        let (november, october) = (testkit::NOON, testkit::NOON.plus_seconds(-20 * 86_400));
        let all =
            vec![ligne("a", "26165", november), ligne("b", "26166", november), ligne("c", "26165", october), ligne("d", "26166", november)];
        let groups = group(all);
        let said: Vec<(&str, (i32, u32), usize)> = groups.iter().map(|one| (one.code_insee.as_str(), one.mois, one.lignes.len())).collect();
        assert_eq!(said, [("26166", (2026, 11), 2), ("26165", (2026, 11), 1), ("26165", (2026, 10), 1)]);
    }

    #[test]
    fn people_who_can_be_called_back_are_counted_once_for_each_structure() {
        let raised = |nom: &str| Ligne { levee: Some("Les Iris".into()), ..ligne(nom, "26165", testkit::NOON) };
        let all = [
            raised("a"),
            Ligne { besoin: "courses".into(), ..raised("a") },
            Ligne { suite: Suite::Promise, ..raised("b") },
            Ligne { is_joignable: false, ..raised("c") },
            Ligne { suite: Suite::Close, ..raised("d") },
            ligne("e", "26165", testkit::NOON),
        ];
        assert_eq!(list_levees(&all), [("Les Iris", 2)]);
    }

    #[test]
    fn a_service_is_news_where_none_answered_and_elsewhere_when_it_was_not_proposed() {
        let (old, new) = (Id::from_name("old"), Id::from_name("new"));
        assert!(is_new(Some(Motif::AucunService), (old, &[old]), 10));
        assert!(is_new(Some(Motif::PasDePlace), (new, &[old]), 10) && !is_new(Some(Motif::PasDePlace), (old, &[old]), 10));
        assert!(!is_new(Some(Motif::TropCher), (new, &[old]), 1), "perhaps it was the second one");
        assert!(!is_new(Some(Motif::HorsChamp), (new, &[]), 10));
    }
}
