//! What is known of the line itself: how fresh its annuaire is, how evenly it names structures, what it costs.

use std::collections::{BTreeMap, HashMap};

use accueil::rules::equite::Comptes;
use accueil::storage::count_equite_of;
use annuaire::storage::qualite::{CompteQualite, count_fraicheur};
use kit::{Id, Result, codes};

use super::Axe;
use super::calcul::{Absence, Effectif};
use super::lecture::Source;
use crate::rules::mois::Plage;
use crate::storage::gestion::sum_fonctionnement;

codes! {
    /// What is counted of the line.
    pub enum Gestion {
        Fiches = "fiches" => "fiches",
        FichesFraiches = "fiches_fraiches" => "fiches vérifiées depuis un an",
        Premieres = "premieres" => "premières places",
        PlusNommee = "plus_nommee" => "premières places de la structure la plus nommée en premier × structures proposées",
        Fonctionnement = "fonctionnement" => "coût de fonctionnement, en centimes",
    }
}

type Effectifs = BTreeMap<String, Effectif>;

impl Gestion {
    pub fn has_axe(self, axe: Axe) -> bool {
        match self {
            Self::Fiches | Self::FichesFraiches => matches!(axe, Axe::Commune | Axe::Bassin | Axe::Epci),
            Self::Premieres | Self::PlusNommee => axe == Axe::Besoin,
            Self::Fonctionnement => false,
        }
    }

    /// Whether it is of today, whatever the period.
    pub fn is_of_today(self) -> bool {
        matches!(self, Self::Fiches | Self::FichesFraiches)
    }

    /// By commune, by need, or for all.
    pub async fn count(self, axe: Option<Axe>, source: Source<'_>, plage: Plage) -> Result<Effectifs> {
        let territoire = source.territoire.id;
        let counts = match self {
            Self::Fiches | Self::FichesFraiches => {
                let rows = count_fraicheur(source.db, territoire, source.now).await?;
                rows.iter().map(|row| (row.code_insee.clone(), of(self.count_fiches(row)))).collect()
            }
            Self::Premieres | Self::PlusNommee => {
                let tours = list_tours(&count_equite_of(source.db, territoire, plage.semaines()).await?);
                tours.into_iter().map(|(besoin, tour)| (besoin, of(self.count_tour(tour)))).collect()
            }
            Self::Fonctionnement => {
                let years = plage.whole_years(source.now.day());
                let known = match years {
                    Some(years) => sum_fonctionnement(source.db, territoire, years).await?,
                    None => None,
                };
                Effectifs::from([(String::new(), Effectif { total: known.ok_or(Absence::Inconnu), ..Effectif::INCONNU })])
            }
        };
        Ok(match axe {
            // A record without a commune is in no place.
            Some(_) => counts.into_iter().filter(|(place, _)| !place.is_empty()).collect(),
            None => Effectifs::from([(String::new(), counts.into_values().fold(of(0), Effectif::plus))]),
        })
    }

    fn count_fiches(self, row: &CompteQualite) -> i64 {
        if self == Self::FichesFraiches { row.fiches - row.a_verifier } else { row.fiches }
    }

    fn count_tour(self, tour: Tour) -> i64 {
        if self == Self::PlusNommee { tour.plus_nommee * tour.structures } else { tour.premieres }
    }
}

fn of(count: i64) -> Effectif {
    Effectif { total: Ok(count), ..Effectif::INCONNU }
}

/// How the first places of a need were shared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tour {
    pub structures: i64,
    pub premieres: i64,
    /// Of the structure that had the most.
    pub plus_nommee: i64,
}

/// Under so many proposals, turns have not had time to even out.
const ASSEZ: i64 = 5;

/// Each need of which several structures were proposed often enough.
pub fn list_tours(comptes: &Comptes) -> BTreeMap<String, Tour> {
    let mut by_need: BTreeMap<&str, HashMap<&Id, i64>> = BTreeMap::new();
    for (structure, needs) in &comptes.structures {
        for (besoin, compte) in needs.iter().filter(|(_, compte)| compte.proposees > 0) {
            by_need.entry(besoin).or_default().insert(structure, compte.premieres);
        }
    }
    let tour = |(besoin, structures): (&str, HashMap<&Id, i64>)| {
        let tour = Tour {
            structures: i64::try_from(structures.len()).unwrap_or(i64::MAX),
            premieres: structures.values().sum(),
            plus_nommee: structures.values().copied().max().unwrap_or_default(),
        };
        (tour.premieres >= ASSEZ && tour.structures > 1).then(|| (besoin.to_string(), tour))
    };
    by_need.into_iter().filter_map(tour).collect()
}

#[cfg(test)]
mod tests {
    use accueil::rules::equite::Compte;

    use super::*;

    #[test]
    fn a_need_of_one_structure_or_of_few_proposals_says_nothing_of_turns() {
        let mut comptes = Comptes::default();
        let mut add = |structure: &str, besoin: &str, premieres: i64| {
            let compte = Compte { proposees: 9, premieres, donnees: 0 };
            comptes.structures.entry(Id::from_name(structure)).or_default().insert(besoin.into(), compte);
        };
        add("a", "menage", 6);
        add("b", "menage", 3);
        add("a", "courses", 40);
        add("a", "linge", 2);
        add("b", "linge", 2);
        let tours = list_tours(&comptes);
        assert_eq!(tours.len(), 1, "{tours:?}");
        assert_eq!(tours["menage"], Tour { structures: 2, premieres: 9, plus_nommee: 6 });
    }
}
