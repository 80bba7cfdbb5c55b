//! What is kept too long, of every room: listed, then erased. By the command, and once a day by the program that serves.

use std::time::Duration;

use accueil::conservation as demandes;
use chrono::{Months, Timelike};
use kit::journal::{self, Echeances};
use kit::{Clock, Db, Id, Instant, Result, envoi, tache};
use territoire::Territoire;

/// The kinds of objects of the journal that are nobody. A structure is not among them: its lines may hold somebody's number.
const SANS_PERSONNE: &[&str] = &["alerte", "import", "piste", "territoire"];

/// How many were erased.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bilan {
    pub demandes: usize,
    pub lignes: i64,
    pub messages: u64,
    /// Sessions, links and browsers whose time was over.
    pub acces: u64,
    /// Territoires that had left.
    pub territoires: usize,
}

impl std::fmt::Display for Bilan {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let demandes = ui::format::compte(self.demandes, "demande traitée", "demandes traitées");
        let lignes = ui::format::compte(self.lignes, "ligne du journal vidée", "lignes du journal vidées");
        write!(f, "{demandes}, {lignes}, {}", ui::format::compte(self.messages, "message oublié", "messages oubliés"))?;
        if self.acces > 0 {
            write!(f, ", {}", ui::format::compte(self.acces, "accès échu effacé", "accès échus effacés"))?;
        }
        match self.territoires {
            0 => Ok(()),
            count => write!(f, ", {}", ui::format::compte(count, "territoire fermé effacé", "territoires fermés effacés")),
        }
    }
}

/// From when on the lines of the journal of a territoire are too old.
async fn find_echeances(db: &Db, territoire: Id, now: Instant) -> Result<Echeances> {
    let durees = comptes::storage::conservation::find_durees(db, territoire).await?;
    Ok(Echeances { sans_personne: SANS_PERSONNE, personne: months_before(now, durees.personne), autre: months_before(now, durees.autre) })
}

fn months_before(now: Instant, mois: u32) -> Instant {
    let wall = now.paris().checked_sub_months(Months::new(mois));
    wall.and_then(Instant::from_paris).unwrap_or(Instant(i64::MIN))
}

/// Forgets the messages that left, or were given up, and the SMS that came, too long ago.
async fn forget_messages(db: &Db, territoire: Id, now: Instant) -> Result<u64> {
    let mois = schema::colonnes::find_mois("envoi-6-mois")?.ok_or_else(|| anyhow::anyhow!("no duration for messages"))?;
    let limit = months_before(now, mois);
    Ok(envoi::erase_before(db, territoire, limit).await? + ligne::sms::storage::erase_before(db, territoire, limit).await?)
}

/// Erases the messages of the line that were dealt with too long ago, or their sound alone; gives how many left whole.
async fn forget_laisses(db: &Db, territoire: Id, now: Instant) -> Result<u64> {
    let before = |code: &str| -> Result<Instant> {
        let mois = schema::colonnes::find_mois(code)?.ok_or_else(|| anyhow::anyhow!("no duration for {code}"))?;
        Ok(months_before(now, mois))
    };
    ligne::storage::forget_appels(db, territoire, before("appel-1-mois")?).await?;
    ligne::storage::erase_before(db, territoire, (before("enregistrement-6-mois")?, before("avec-la-demande")?)).await
}

/// How many lines of the journal are too old.
pub async fn count_lignes(db: &Db, territoire: Id, now: Instant) -> Result<i64> {
    journal::count_echues(db, territoire, &find_echeances(db, territoire, now).await?).await
}

/// Empties them.
pub async fn purge_journal(db: &Db, territoire: Id, now: Instant) -> Result<i64> {
    journal::purge(db, territoire, now, &find_echeances(db, territoire, now).await?).await
}

/// Erases everything that is due, in every territoire.
pub async fn apply_all(db: &Db, now: Instant) -> Result<Bilan> {
    let mut bilan = Bilan::default();
    for territoire in territoire::storage::list_territoires(db).await? {
        for echue in demandes::list_echues(db, territoire.id, now).await? {
            bilan.demandes += usize::from(demandes::apply(db, territoire.id, &echue, now).await?);
        }
        bilan.lignes += purge_journal(db, territoire.id, now).await?;
        bilan.messages += forget_messages(db, territoire.id, now).await? + forget_laisses(db, territoire.id, now).await?;
        diffusion::annonce::forget_livraisons(db, territoire.id, now).await?;
        bilan.acces += comptes::storage::sweep(db, territoire.id, now).await?;
        if is_to_erase(&territoire, now) {
            schema::territoire::erase(db, territoire.id).await?;
            bilan.territoires += 1;
        }
    }
    Ok(bilan)
}

/// Whether it left long enough ago for all that it held to go.
pub fn is_to_erase(territoire: &Territoire, now: Instant) -> bool {
    territoire.fermeture.is_some_and(|fermeture| fermeture.efface_at <= now)
}

/// The name of the daily task.
pub const TACHE: &str = "conservation";
/// Not before: between two and three, one night a year the hour happens twice, another it does not.
const HEURE: u32 = 4;
const LOOK_EVERY: Duration = Duration::from_secs(60);

/// Does it once a day, for ever; on one process only.
pub async fn keep_kept(db: Db, clock: Clock) {
    loop {
        if let Err(error) = do_today(&db, clock.now()).await {
            tracing::error!(cause = format!("{error:#}"), "the daily erasing failed");
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

/// Does what today asks for, unless it is too early, or somebody has done it; gives what was done.
pub async fn do_today(db: &Db, now: Instant) -> Result<Option<Bilan>> {
    if now.paris().hour() < HEURE {
        return Ok(None);
    }
    tache::once(db, (TACHE, now), apply_all(db, now), Bilan::to_string).await
}
