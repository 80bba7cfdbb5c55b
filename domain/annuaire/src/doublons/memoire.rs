//! The pairs of each territoire as last computed in this process, until its annuaire changes.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::NaiveDate;
use kit::{Db, Id, Result};

use super::{Paire, SEUIL, find_paires};
use crate::storage;

/// A pair and the names of its two records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaireNommee {
    pub paire: Paire,
    pub noms: [String; 2],
}

/// The pairs of a territoire at one revision of its annuaire.
#[derive(Clone, Debug, Default)]
struct Etat {
    revision: i64,
    en_cours: bool,
    paires: Arc<Vec<PaireNommee>>,
}

/// All of them; cloning shares it.
#[derive(Clone, Debug, Default)]
pub struct Memoire(Arc<Mutex<HashMap<Id, Etat>>>);

/// What is known now.
#[derive(Clone, Debug)]
pub struct PairesConnues {
    pub paires: Arc<Vec<PaireNommee>>,
    /// A newer search is under way.
    pub en_cours: bool,
}

/// Nobody reads more than this; the surest come first.
const GARDEES: usize = 2_000;
/// Up to here, the page waits for the answer; beyond, it says that the search is under way.
const ATTENDUES: i64 = 3_000;

impl Memoire {
    /// The pairs of a territoire; a search starts when the annuaire changed.
    pub async fn get(&self, db: &Db, (territoire, jour): (Id, NaiveDate)) -> Result<PairesConnues> {
        let revisions = storage::list_revisions(db, jour).await?;
        let revision = revisions.iter().find(|(id, _)| *id == territoire).map_or(0, |(_, revision)| *revision);
        let is_awaited = storage::count_structures(db, territoire).await? <= ATTENDUES;
        if self.take(territoire, revision) {
            // In a task of its own: a reader who leaves does not leave a search « under way » for ever.
            let search = tokio::spawn(search(self.clone(), db.clone(), territoire));
            if is_awaited {
                search.await.map_err(anyhow::Error::from)?;
            }
        }
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&territoire).cloned().unwrap_or_default();
        Ok(PairesConnues { paires: known.paires, en_cours: known.en_cours })
    }

    /// Whether a search is to be made: one at a time, and none when nothing changed.
    fn take(&self, territoire: Id, revision: i64) -> bool {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = all.entry(territoire).or_insert_with(|| Etat { revision: -1, ..Etat::default() });
        let is_late = known.revision != revision && !known.en_cours;
        if is_late {
            (known.en_cours, known.revision) = (true, revision);
        }
        is_late
    }

    fn put(&self, territoire: Id, found: Option<Vec<PaireNommee>>) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = all.entry(territoire).or_default();
        known.en_cours = false;
        match found {
            Some(paires) => known.paires = Arc::new(paires),
            // Tried again at the next look.
            None => known.revision = -1,
        }
    }
}

async fn search(memoire: Memoire, db: Db, territoire: Id) {
    let found = try_search(&db, territoire).await;
    if let Err(error) = &found {
        tracing::error!(%error, %territoire, "search of duplicates");
    }
    memoire.put(territoire, found.ok());
}

async fn try_search(db: &Db, territoire: Id) -> Result<Vec<PaireNommee>> {
    let structures = storage::doublons::list_candidats(db, territoire).await?;
    let work = move || {
        let candidats: Vec<_> = structures.into_iter().map(|one| one.candidat).collect();
        let mut paires = find_paires(&candidats, SEUIL);
        paires.truncate(GARDEES);
        let noms: HashMap<Id, &str> = candidats.iter().map(|one| (one.id, one.nom.as_str())).collect();
        let nom = |id: Id| noms.get(&id).copied().unwrap_or_default().to_string();
        paires.into_iter().map(|paire| PaireNommee { noms: [nom(paire.premier), nom(paire.second)], paire }).collect()
    };
    Ok(tokio::task::spawn_blocking(work).await.map_err(anyhow::Error::from)?)
}
