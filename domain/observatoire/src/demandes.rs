//! What was asked, by need and commune, over some months: read once from the monthly counters, added up as each page wants it.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use kit::{Db, Id, Result};
use territoire::{Referentiel, Territoire};

use crate::rules::mois::{Mois, Plage};
use crate::storage::besoin::list_compteurs_of;
use crate::storage::cumul::{catch_up, sum_totals};

/// What was asked of one need somewhere.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Compteur {
    pub demandes: i64,
    pub sans_solution: i64,
}

impl Compteur {
    fn add(&mut self, other: Self) {
        self.demandes += other.demandes;
        self.sans_solution += other.sans_solution;
    }
}

/// By need, then by commune of today.
#[derive(Clone, Debug, Default)]
pub struct Demandes(BTreeMap<String, BTreeMap<String, Compteur>>);

impl Demandes {
    pub fn find(&self, besoin: &str, commune: &str) -> Compteur {
        self.0.get(besoin).and_then(|communes| communes.get(commune)).copied().unwrap_or_default()
    }

    /// What was asked of a need in these communes.
    pub fn sum(&self, besoin: &str, communes: &[String]) -> Compteur {
        communes.iter().map(|code| self.find(besoin, code)).fold(Compteur::default(), |mut sum, one| {
            sum.add(one);
            sum
        })
    }

    /// By need and bassin; without a bassin, the whole territoire.
    pub fn sum_by_bassin(&self, territoire: &Territoire) -> BTreeMap<(String, Option<String>), Compteur> {
        let mut sums: BTreeMap<(String, Option<String>), Compteur> = BTreeMap::new();
        for (besoin, communes) in &self.0 {
            for (code, compteur) in communes {
                let commune = Referentiel::get().resolve_code(code).ok().map(|found| found.commune.rang);
                let bassin = commune.and_then(|rang| territoire.find_bassin(rang)).map(|bassin| bassin.code.clone());
                if bassin.is_some() {
                    sums.entry((besoin.clone(), bassin)).or_default().add(*compteur);
                }
                sums.entry((besoin.clone(), None)).or_default().add(*compteur);
            }
        }
        sums
    }

    pub(crate) fn insert(&mut self, besoin: &str, commune: &str, compteur: Compteur) {
        // A commune that merged is counted where it is today.
        let today = Referentiel::get().resolve_code(commune).map_or_else(|_| commune.to_string(), |found| found.commune.code.to_string());
        self.0.entry(besoin.to_string()).or_default().entry(today).or_default().add(compteur);
    }
}

/// What one commune asked from one month to another, both included: its own counters, among those of all.
pub async fn list_demandes_of(db: &Db, territoire: Id, commune: &str, plage: Plage) -> Result<Demandes> {
    let mut demandes = Demandes::default();
    for (besoin, compteur) in list_compteurs_of(db, territoire, commune, plage).await? {
        demandes.insert(&besoin, commune, compteur);
    }
    Ok(demandes)
}

/// What was asked from one month to another, both included.
pub async fn list_demandes(db: &Db, territoire: Id, periode: (Mois, Mois)) -> Result<Demandes> {
    catch_up(db, territoire).await?;
    let mut demandes = Demandes::default();
    let plage = Plage { de: periode.0, a: periode.1 };
    for (mesure, is_asked) in [("besoin", true), ("issue:sans_solution", false)] {
        for (valeur, quantite) in sum_totals(db, territoire, (mesure, "besoin/commune"), plage).await? {
            let Some((besoin, commune)) = valeur.split_once('/') else { continue };
            let compteur = if is_asked {
                Compteur { demandes: quantite, sans_solution: 0 }
            } else {
                Compteur { demandes: 0, sans_solution: quantite }
            };
            demandes.insert(besoin, commune, compteur);
        }
    }
    Ok(demandes)
}

/// This month and the eleven before it.
pub fn douze_mois(today: NaiveDate) -> (Mois, Mois) {
    let this = Mois::of(today);
    (this.plus(-11), this)
}
