//! Records whose points are late, because they were saved, imported, merged or taken back since: counted again. What says that one is
//! late is its version, whoever saved it and however; nothing else has to think of it.

use std::sync::Arc;

use kit::{Db, Id, Result};
use territoire::Territoire;

use super::{find_commune, note_contenu};
use crate::Annuaire;
use crate::storage::fiche::list_fiches;
use crate::storage::qualite::{Comptee, find_revision, list_en_retard, mark_counted, save_comptees};

/// Up to here, the page waits; beyond, it shows what is counted so far and says so.
const ATTENDUES: usize = 2_000;
/// As many records as are read and written at once.
const AT_ONCE: usize = 500;

/// Lets one counting of a large annuaire run at a time in this process; cloning shares it.
pub type Verrou = Arc<tokio::sync::Mutex<()>>;

/// Counts what is late; true while a counting goes on behind.
pub async fn catch_up(annuaire: &Annuaire, territoire: &Arc<Territoire>) -> Result<bool> {
    if catch_up_few(&annuaire.db, territoire).await? {
        return Ok(false);
    }
    if let Ok(guard) = annuaire.qualites.clone().try_lock_owned() {
        let (annuaire, territoire) = (annuaire.clone(), territoire.clone());
        tokio::spawn(async move {
            if let Err(error) = count_large(&annuaire, &territoire).await {
                tracing::error!(%error, territoire = %territoire.slug, "quality of records");
            }
            drop(guard);
        });
    }
    Ok(true)
}

/// Counts what is late when it is little enough to be waited for; whether everything is counted then.
pub async fn catch_up_few(db: &Db, territoire: &Territoire) -> Result<bool> {
    let (revision, counted) = find_revision(db, territoire.id).await?;
    if revision == counted {
        return Ok(true);
    }
    let late = list_en_retard(db, territoire.id, ATTENDUES + 1).await?;
    if late.len() > ATTENDUES {
        return Ok(false);
    }
    count_all(db, territoire, &late).await?;
    mark_counted(db, territoire.id, revision).await?;
    Ok(true)
}

async fn count_large(annuaire: &Annuaire, territoire: &Territoire) -> Result<()> {
    let (revision, _) = find_revision(&annuaire.db, territoire.id).await?;
    loop {
        let late = list_en_retard(&annuaire.db, territoire.id, AT_ONCE * 10).await?;
        if late.is_empty() {
            return mark_counted(&annuaire.db, territoire.id, revision).await;
        }
        count_all(&annuaire.db, territoire, &late).await?;
    }
}

async fn count_all(db: &Db, territoire: &Territoire, late: &[Id]) -> Result<()> {
    for part in late.chunks(AT_ONCE) {
        let fiches = list_fiches(db.read(), territoire.id, part).await?;
        let counted = fiches.values().map(|tenue| Comptee {
            structure: tenue.fiche.structure.id,
            version: tenue.version,
            commune: find_commune(&tenue.fiche),
            notes: note_contenu(&tenue.fiche, territoire),
        });
        save_comptees(db, territoire.id, &counted.collect::<Vec<_>>()).await?;
    }
    Ok(())
}
