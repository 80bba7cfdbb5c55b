//! What is kept too long: listed first, then erased; the facts are left, and the figures with them.

use kit::{Db, Id, Instant, Result, journal};

use crate::acte;
use crate::rules::conservation::{Durees, Echeance, decide};
use crate::storage;
use crate::storage::{DemandeSuivie, find_durees, list_suivies, lock_suivie};
use crate::trace;

/// A demande, and what its age asks for.
pub type Echue = (DemandeSuivie, Echeance);

/// No month is shorter: what was touched later than that cannot be due.
const SHORTEST_MONTH: i64 = 28 * 86_400;

/// What is due in a territoire, oldest first; changes nothing.
pub async fn list_echues(db: &Db, territoire: Id, now: Instant) -> Result<Vec<Echue>> {
    let durees: Durees = find_durees(db, territoire).await?;
    let before = now.plus_seconds(-SHORTEST_MONTH * i64::from(durees.demande.min(durees.rappel)));
    let suivies = list_suivies(db, territoire, before).await?;
    Ok(suivies.into_iter().filter_map(|suivie| decide(&suivie.suivi, durees, now).map(|echeance| (suivie, echeance))).collect())
}

/// Does what one of them asks for; false when somebody has changed the demande since it was listed.
pub async fn apply(db: &Db, territoire: Id, (suivie, echeance): &Echue, now: Instant) -> Result<bool> {
    let tx = db.begin().await?;
    if !lock_suivie(&tx, territoire, suivie).await? {
        return Ok(false);
    }
    match echeance {
        Echeance::Anonymiser => acte::efface_in(&tx, (territoire, suivie.id), now).await?,
        Echeance::EffacerRappel => storage::efface_rappel_in(&tx, territoire, suivie.id).await?,
    }
    journal::record(&tx, territoire, now, &trace::acte(None, trace::ECHEANCE, suivie.id, echeance.label())).await?;
    tx.commit().await?;
    Ok(true)
}
