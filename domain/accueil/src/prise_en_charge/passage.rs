//! The clock of the prises en charge, looked at every minute by each process; a reminder and an escalation are each written by the
//! one that marks them first, in the transaction of the letter: two processes, or a stop in the middle, write neither two nor none.

use std::time::Duration;

use kit::{Instant, Result, journal};
use territoire::{Territoire, Territoires};

use super::PriseEnCharge;
use super::lettres::{Sujet, write_demande, write_retard};
use super::rules::{Geste, decide};
use super::storage::{EN_RETARD, count_in, list_due, mark_in};
use crate::sans_solution::Veille;
use crate::storage::find_demande;
use crate::{Accueil, trace};

/// What was written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bilan {
    pub relances: usize,
    pub escalades: usize,
}

const LOOK_EVERY: Duration = Duration::from_secs(60);

/// Looks for ever.
pub async fn keep_watch(accueil: Accueil, territoires: Territoires) {
    let mut veille = Veille::default();
    loop {
        for territoire in territoires.list().iter() {
            if let Err(error) = veille.pass(&accueil, territoire, accueil.clock.now()).await {
                tracing::error!(%error, territoire = %territoire.slug, "what has no solution was not looked at again");
            }
            if let Err(error) = pass(&accueil, territoire, accueil.clock.now()).await {
                tracing::error!(%error, territoire = %territoire.slug, "the clock of the prises en charge stopped");
            }
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

/// Writes what is due on a territoire.
pub async fn pass(accueil: &Accueil, territoire: &Territoire, now: Instant) -> Result<Bilan> {
    let mut bilan = Bilan::default();
    for one in list_due(&accueil.db, territoire.id, now).await? {
        let Some(geste) = decide(&one, now) else { continue };
        if act(accueil, territoire, (&one, geste), now).await? {
            match geste {
                Geste::Relancer => bilan.relances += 1,
                Geste::Escalader => bilan.escalades += 1,
            }
        }
    }
    Ok(bilan)
}

async fn act(accueil: &Accueil, territoire: &Territoire, (one, geste): (&PriseEnCharge, Geste), now: Instant) -> Result<bool> {
    let Some(demande) = find_demande(&accueil.db, &accueil.coffre, territoire.id, one.demande_id).await? else { return Ok(false) };
    let tx = accueil.db.begin().await?;
    if !mark_in(&tx, (territoire.id, one.id), geste == Geste::Escalader, now).await? {
        return Ok(false);
    }
    let sujet = Sujet::new(territoire, &demande, &one.besoin, now);
    match geste {
        Geste::Relancer => {
            write_demande(accueil, &tx, &sujet, (one.id, one.structure_id, one.echeance_at, true)).await?;
        }
        Geste::Escalader => {
            write_retard(accueil, &tx, &sujet, (demande.numero, one)).await?;
            count_in(&tx, &demande, (&one.besoin, EN_RETARD, None), now).await?;
            journal::record(&tx, territoire.id, now, &trace::acte(None, trace::SILENCE, demande.id, &one.structure_nom)).await?;
        }
    }
    tx.commit().await?;
    Ok(true)
}
