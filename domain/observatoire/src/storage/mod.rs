//! Counts over `kit_fait`, which other rooms write, and the monthly counters made of them. A fact taken back counts for minus one.

pub mod alerte;
pub mod besoin;
pub mod bilan;
pub mod cible;
mod comptage;
pub mod cumul;
pub mod gestion;
mod jours;
pub mod ligne;
pub mod piste;
pub mod publication;
pub mod reseau;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use kit::{Db, Id, Result};

/// Days counted, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Periode {
    pub du: NaiveDate,
    pub au: NaiveDate,
}

/// One line of a table: what is counted, and how much.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compte {
    /// A commune code or a need code.
    pub code: String,
    pub demandes: i64,
    /// Said only of needs: how many of them ended without a solution.
    pub sans_solution: i64,
}

/// Demandes of each commune, the most first.
pub async fn count_by_commune(db: &Db, territoire: Id, periode: Periode) -> Result<Vec<Compte>> {
    let communes = ligne::cross_communes(db, territoire, "demande", periode).await?;
    Ok(communes.into_iter().map(|one| Compte { code: one.valeur, demandes: one.total, sans_solution: 0 }).collect())
}

/// Demandes of each need, the most first, and how many of them ended without a solution.
pub async fn count_by_besoin(db: &Db, territoire: Id, periode: Periode) -> Result<Vec<Compte>> {
    let asked = ligne::cross(db, territoire, ("besoin", "besoin"), periode).await?;
    let unmet = ligne::cross_sans_solution(db, territoire, periode).await?;
    let mut unmet: BTreeMap<String, i64> = unmet.into_iter().map(|one| (one.valeur, one.total)).collect();
    let counted = asked.into_iter().map(|one| {
        let sans_solution = unmet.remove(&one.valeur).unwrap_or_default();
        Compte { code: one.valeur, demandes: one.total, sans_solution }
    });
    let mut comptes: Vec<Compte> = counted.collect();
    // Said later than the demande, which may be of the period before.
    comptes.extend(unmet.into_iter().map(|(code, sans_solution)| Compte { code, demandes: 0, sans_solution }));
    Ok(comptes)
}
