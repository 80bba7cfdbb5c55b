//! What lacks, kept as long as nothing that it rests on has moved: looked for in every commune and every need, it is not looked for
//! again at each page.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use chrono::NaiveDate;
use kit::Id;

use super::manques::Lacune;

/// What it rests on: the last lot of facts counted, the revision of the annuaire, the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Etat {
    pub lot: i64,
    pub annuaire: i64,
    pub jour: NaiveDate,
}

/// The last ones found, by territoire; cloning shares them.
#[derive(Clone, Debug, Default)]
pub struct LacunesTenues(Arc<RwLock<HashMap<Id, (Etat, Arc<Vec<Lacune>>)>>>);

impl LacunesTenues {
    /// None: something has moved since.
    pub fn find(&self, territoire: Id, etat: Etat) -> Option<Arc<Vec<Lacune>>> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        known.get(&territoire).filter(|(of, _)| *of == etat).map(|(_, lacunes)| lacunes.clone())
    }

    pub fn keep(&self, territoire: Id, etat: Etat, lacunes: Vec<Lacune>) -> Arc<Vec<Lacune>> {
        let kept = Arc::new(lacunes);
        self.0.write().unwrap_or_else(PoisonError::into_inner).insert(territoire, (etat, kept.clone()));
        kept
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_found_serves_until_something_moves() {
        let (tenues, ici) = (LacunesTenues::default(), Id::from_name("ici"));
        let etat = Etat { lot: 3, annuaire: 12, jour: "2026-11-23".parse().unwrap() };
        assert!(tenues.find(ici, etat).is_none());
        tenues.keep(ici, etat, vec![]);
        assert!(tenues.find(ici, etat).is_some() && tenues.find(Id::from_name("ailleurs"), etat).is_none());
        for moved in [Etat { lot: 4, ..etat }, Etat { annuaire: 13, ..etat }, Etat { jour: "2026-11-24".parse().unwrap(), ..etat }] {
            assert!(tenues.find(ici, moved).is_none(), "{moved:?}");
        }
    }
}
