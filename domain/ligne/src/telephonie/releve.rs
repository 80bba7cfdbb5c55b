//! What goes on by itself: recordings are fetched from the platform and kept here, and messages find the demande that came of them.

use std::time::Duration;

use base64ct::{Base64, Encoding};
use kit::{Instant, Result};
use sortant::{Refus, Sortant};

use super::Telephonie;
use super::appel::PERDU;
use crate::Ligne;
use crate::rules::{SON_MAXIMUM, TROP_LOURD, check_son};
use crate::storage::{self, AChercher};

/// The one who fetches.
#[derive(Clone, Debug)]
pub struct Releve {
    pub ligne: Ligne,
    pub sortant: Sortant,
}

const EVERY: Duration = Duration::from_secs(2);
/// Longer than a batch may take: after that, its process is dead.
const IN_HAND: i64 = 5 * 60;
const AT_ONCE: i64 = 10;
/// After each try that failed, in seconds: a platform in trouble has a day to come back.
const RETRIES: [i64; 6] = [30, 120, 600, 3_600, 6 * 3_600, 17 * 3_600];

/// What became of one try.
enum Echec {
    Passager(String),
    Definitif(String),
}

impl Releve {
    /// For ever. A database away is waited for.
    pub async fn go_round(self) {
        loop {
            if let Err(error) = self.do_once().await {
                tracing::warn!(%error, "the messages of the line are put off");
            }
            tokio::time::sleep(EVERY).await;
        }
    }

    /// Fetches what is due, and ties messages to their demandes.
    pub async fn do_once(&self) -> Result<()> {
        let accueil = &self.ligne.accueil;
        let now = accueil.clock.now();
        for territoire in accueil.comptes.territoires.list().iter() {
            storage::settle_messages(&accueil.db, territoire.id, now).await?;
            storage::count_appels(&accueil.db, territoire.id, (now, now.plus_seconds(-PERDU))).await?;
        }
        let Some(telephonie) = &self.ligne.telephonie else { return Ok(()) };
        for one in storage::take_sons(&accueil.db, (now, now.plus_seconds(IN_HAND)), AT_ONCE).await? {
            self.fetch(telephonie, &one, now).await?;
        }
        Ok(())
    }

    async fn fetch(&self, telephonie: &Telephonie, one: &AChercher, now: Instant) -> Result<()> {
        let accueil = &self.ligne.accueil;
        let of = (one.territoire, one.message);
        match self.call(telephonie, &one.adresse).await {
            Ok((mime, contenu)) => storage::keep_son(&accueil.db, &accueil.coffre, of, (mime, &contenu)).await,
            Err(Echec::Definitif(why)) => storage::give_up_son(&accueil.db, of, &why).await,
            Err(Echec::Passager(why)) => {
                let wait = usize::try_from(one.essais).ok().and_then(|tried| RETRIES.get(tried.saturating_sub(1)));
                match wait {
                    Some(wait) => storage::put_off_son(&accueil.db, of, (now.plus_seconds(*wait), &why)).await,
                    None => storage::give_up_son(&accueil.db, of, &why).await,
                }
            }
        }
    }

    async fn call(&self, telephonie: &Telephonie, adresse: &str) -> Result<(&'static str, Vec<u8>), Echec> {
        let credentials = Base64::encode_string(format!("{}:{}", telephonie.compte, telephonie.jeton).as_bytes());
        let request = http::Request::get(adresse).header("authorization", format!("Basic {credentials}")).body(vec![]);
        let request = request.map_err(|error| Echec::Definitif(error.to_string()))?;
        let answer = self.sortant.call_within(request, SON_MAXIMUM).await.map_err(|refus| match refus {
            Refus::TropLong => Echec::Definitif(TROP_LOURD.to_string()),
            Refus::Adresse(_) => Echec::Definitif(refus.to_string()),
            Refus::Echec(_) => Echec::Passager("la plateforme ne répond pas".to_string()),
        })?;
        match answer.status().as_u16() {
            200 => {
                let contenu = answer.into_body();
                check_son(&contenu).map(|mime| (mime, contenu)).map_err(|why| Echec::Definitif(why.to_string()))
            }
            // Not ready yet, or already gone: the tries tell one from the other.
            status => Err(Echec::Passager(format!("la plateforme répond {status}"))),
        }
    }
}
