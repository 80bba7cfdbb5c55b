//! What the counters hold of some months, axis by axis: read in one question, and what everything else is computed from.

use std::collections::{BTreeMap, HashMap};

use kit::{Db, Id, Result};
use territoire::{Referentiel, Territoire};

use crate::rules::mois::Plage;
use crate::storage::bilan::sum_by_axe;
use crate::storage::cumul::{Somme, list_cumuls};

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

/// Reads them, the months of demandes too.
pub async fn read_releves(db: &Db, territoire: Id, plage: Plage) -> Result<Releves> {
    let mut releves = Releves { plage: Some(plage), ..Releves::default() };
    for (mesure, axe, somme) in sum_by_axe(db, territoire, plage).await? {
        releves.sommes.entry((mesure, axe)).or_default().push(somme);
    }
    let mut months: BTreeMap<String, Somme> = BTreeMap::new();
    for cumul in list_cumuls(db, territoire, ("demande", ""), (plage.de, plage.a)).await? {
        let valeur = cumul.mois.to_string();
        let month = months.entry(valeur.clone()).or_insert(Somme { valeur, femmes: 0, hommes: 0, total: 0 });
        month.total += cumul.quantite;
        match cumul.sexe.as_str() {
            super::FEMME => month.femmes += cumul.quantite,
            super::HOMME => month.hommes += cumul.quantite,
            _ => {}
        }
    }
    releves.sommes.insert(("demande".into(), MOIS.into()), months.into_values().collect());
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
