//! What the counters hold of some months, axis by axis: read in one question, and what everything else is computed from.

use std::collections::HashMap;

use kit::{Db, Id, Result};
use territoire::{Referentiel, Territoire};

use super::programme::list_par_commune;
use crate::rules::cellules::COMMUNE;
use crate::rules::mois::Plage;
use crate::storage::bilan::sum_by_axe;
use crate::storage::cumul::{Cumul, Somme, list_cumuls, sum_cumuls};

/// The counters of some months, by measure and axis.
#[derive(Clone, Debug, Default)]
pub struct Releves {
    pub plage: Option<Plage>,
    pub sommes: HashMap<(String, String), Vec<Somme>>,
}

/// By what the demandes of a year are told along it.
pub const MOIS: &str = "mois";

impl Releves {
    pub fn list(&self, mesure: &str, axe: &str) -> &[Somme] {
        self.sommes.get(&(mesure.to_string(), axe.to_string())).map_or(&[], Vec::as_slice)
    }

    /// Whether it was read along this axis.
    pub fn has(&self, axe: &str) -> bool {
        !axe.contains('/') && axe != COMMUNE
    }

    /// The states of a code that were met.
    pub fn list_etats<'a>(&'a self, code: &str) -> Vec<&'a str> {
        let of_code = |(mesure, axe): &'a (String, String)| {
            let (own, etat) = mesure.split_once(':')?;
            (own == code && axe.is_empty()).then_some(etat)
        };
        let mut etats: Vec<&str> = self.sommes.keys().filter_map(of_code).collect();
        etats.sort_unstable();
        etats
    }
}

/// What a year is published from: communes too, of the measures that are told by commune.
pub async fn read_a_publier(db: &Db, territoire: Id, plage: Plage) -> Result<Releves> {
    let mut releves = read_releves(db, territoire, plage).await?;
    for mesure in list_par_commune(&releves) {
        let sommes = sum_cumuls(db, territoire, (&mesure, COMMUNE), plage).await?;
        releves.sommes.insert((mesure, COMMUNE.into()), sommes);
    }
    Ok(releves)
}

/// Reads them, the months of demandes too; communes are left out.
pub async fn read_releves(db: &Db, territoire: Id, plage: Plage) -> Result<Releves> {
    let mut releves = Releves { plage: Some(plage), ..Releves::default() };
    for (mesure, axe, somme) in sum_by_axe(db, territoire, plage).await? {
        releves.sommes.entry((mesure, axe)).or_default().push(somme);
    }
    let months = list_cumuls(db, territoire, ("demande", ""), (plage.de, plage.a)).await?;
    let month = |one: Cumul| Somme { valeur: one.mois.to_string(), femmes: one.femmes, hommes: one.hommes, total: one.quantite };
    releves.sommes.insert(("demande".into(), MOIS.into()), months.into_iter().map(month).collect());
    Ok(releves)
}

/// Which line of a table each commune is a part of: its bassin.
#[derive(Clone, Copy, Debug)]
pub struct Groupes<'a>(pub Option<&'a Territoire>);

impl Groupes<'_> {
    /// The code of the bassin of a commune of the territoire.
    pub fn find(self, code_insee: &str) -> Option<String> {
        let rang = Referentiel::get().resolve_code(code_insee).ok()?.commune.rang;
        self.0?.find_bassin(rang).map(|bassin| bassin.code.clone())
    }
}
