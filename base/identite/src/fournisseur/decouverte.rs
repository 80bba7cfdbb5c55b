//! What a provider says of itself: where it answers, and the keys it signs with. It is asked once at a time; what was learnt is
//! kept an hour, and a failure half a minute, so that whoever knocks does not wait again for a provider that hangs.

use std::time::{Duration, Instant};

use openidconnect::{IssuerUrl, ProviderMetadataWithLogout};
use tokio::sync::{Mutex, RwLock};

use super::refus::{Refus, refuse, tell_discovery};
use super::{Guichet, Inscription};

/// What was learnt of a provider is looked at again after an hour: it changes its keys.
const FRESH: Duration = Duration::from_secs(3_600);
/// How long a provider is left alone after a failure, or after its keys were looked at again.
const PAUSE: Duration = Duration::from_secs(30);

/// What was learnt, and when.
#[derive(Clone, Debug)]
pub(super) struct Appris {
    at: Instant,
    pub(super) metadata: ProviderMetadataWithLogout,
}

/// What is known of a provider; whoever holds the turn asks it.
#[derive(Debug, Default)]
pub(super) struct Decouverte {
    appris: RwLock<Option<Appris>>,
    tour: Mutex<Tour>,
}

/// What the last turns taught besides.
#[derive(Debug, Default)]
struct Tour {
    echec: Option<(Instant, String)>,
    /// When keys were last looked at again.
    relecture: Option<Instant>,
}

impl Decouverte {
    pub(super) async fn learn(&self, (inscription, guichet): (&Inscription, &Guichet)) -> Result<Appris, Refus> {
        if let Some(known) = self.find_fresh().await {
            return Ok(known);
        }
        let mut tour = self.tour.lock().await;
        // Whoever had the turn before may have learnt for us, or failed for us.
        if let Some(known) = self.find_fresh().await {
            return Ok(known);
        }
        if let Some((at, why)) = &tour.echec
            && at.elapsed() < PAUSE
        {
            return Err(Refus::Absent(why.clone()));
        }
        self.ask((inscription, guichet), &mut tour).await
    }

    /// Looks again, because the keys of `used` do not fit; nothing when that was done just now.
    pub(super) async fn learn_again(
        &self,
        used: &Appris,
        (inscription, guichet): (&Inscription, &Guichet),
    ) -> Result<Option<Appris>, Refus> {
        let mut tour = self.tour.lock().await;
        if let Some(known) = self.find_fresh().await.filter(|known| known.at > used.at) {
            return Ok(Some(known));
        }
        if tour.relecture.is_some_and(|at| at.elapsed() < PAUSE) {
            return Ok(None);
        }
        tour.relecture = Some(Instant::now());
        self.ask((inscription, guichet), &mut tour).await.map(Some)
    }

    async fn find_fresh(&self) -> Option<Appris> {
        self.appris.read().await.as_ref().filter(|known| known.at.elapsed() < FRESH).cloned()
    }

    async fn ask(&self, (inscription, guichet): (&Inscription, &Guichet), tour: &mut Tour) -> Result<Appris, Refus> {
        let emetteur = IssuerUrl::new(inscription.emetteur.clone()).map_err(refuse)?;
        match ProviderMetadataWithLogout::discover_async(emetteur, guichet).await {
            Ok(metadata) => {
                let appris = Appris { at: Instant::now(), metadata };
                *self.appris.write().await = Some(appris.clone());
                tour.echec = None;
                Ok(appris)
            }
            Err(error) => {
                let why = tell_discovery(&error);
                tour.echec = Some((Instant::now(), why.clone()));
                Err(Refus::Absent(why))
            }
        }
    }
}
