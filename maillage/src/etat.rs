//! What is right and what is wrong with an installation, in sentences: read by `maillage etat` and by whoever administers.

use std::fmt;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant as Moment};

use annuaire::aiguillage::Aiguillages;
use kit::{Db, Engine, Instant, Result, envoi};
use sauvegarde::storage::{find_dernier_passage, find_dernier_verifie};
use territoire::Territoires;

use crate::conservation::TACHE;
use crate::reglages::Reglages;

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Gravite {
    Bien,
    Attention,
    Grave,
}

impl Gravite {
    pub fn label(self) -> &'static str {
        match self {
            Self::Bien => "bien",
            Self::Attention => "attention",
            Self::Grave => "grave",
        }
    }
}

/// One thing looked at: how it is, and what to do when it is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Constat {
    pub gravite: Gravite,
    pub sujet: &'static str,
    pub phrase: String,
}

impl Constat {
    fn new(gravite: Gravite, sujet: &'static str, phrase: impl Into<String>) -> Self {
        Self { gravite, sujet, phrase: phrase.into() }
    }
}

impl fmt::Display for Constat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:<10} {:<12} {}", self.gravite.label(), self.sujet, self.phrase)
    }
}

/// When the snapshots were last compared with the database; cloning shares it. On a clock that nobody moves.
#[derive(Clone, Debug)]
pub struct Fraicheur(Arc<Mutex<Moment>>);

/// Refreshed every few seconds: a minute late is a database away, or a fault of ours.
const LATE_AFTER: Duration = Duration::from_secs(60);

impl Default for Fraicheur {
    fn default() -> Self {
        Self(Arc::new(Mutex::new(Moment::now())))
    }
}

impl Fraicheur {
    pub fn mark(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Moment::now();
    }

    pub fn age(&self) -> Duration {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).elapsed()
    }

    pub fn is_late(&self) -> bool {
        self.age() > LATE_AFTER
    }
}

/// What is looked at.
#[derive(Clone, Debug)]
pub struct Installation {
    pub db: Db,
    pub base: String,
    pub reglages: Reglages,
    /// Of the program that serves; a command run beside it has none, and loads the snapshots to see whether they load.
    pub fraicheur: Option<Fraicheur>,
}

/// Everything that can be found; what cannot be looked at while something else is wrong is left out.
pub async fn list_constats(installation: &Installation, now: Instant) -> Vec<Constat> {
    let mut constats = list_constats_de_la_base(installation, now).await.unwrap_or_else(|error| {
        vec![Constat::new(Gravite::Grave, "base", format!("{error} ; vérifiez qu’elle est démarrée et joignable"))]
    });
    constats.extend(list_places(installation));
    constats
}

async fn list_constats_de_la_base(installation: &Installation, now: Instant) -> Result<Vec<Constat>> {
    installation.db.ping().await?;
    let pending = schema::list_pending(&installation.db).await?;
    if !pending.is_empty() {
        let count = ui::format::compte(pending.len(), "migration", "migrations");
        let phrase = format!("{count} à appliquer : « maillage migrer », ou un redémarrage, le fera");
        return Ok(vec![Constat::new(Gravite::Attention, "schéma", phrase)]);
    }
    Ok(vec![
        Constat::new(Gravite::Bien, "base", "répond"),
        Constat::new(Gravite::Bien, "schéma", "à jour"),
        describe_instantanes(installation, now).await?,
        describe_sauvegarde(installation, now).await?,
        describe_conservation(installation, now).await?,
        describe_courriels(installation, now).await?,
    ])
}

async fn describe_instantanes(installation: &Installation, now: Instant) -> Result<Constat> {
    const SUJET: &str = "instantanés";
    if let Some(fraicheur) = &installation.fraicheur {
        let age = fraicheur.age().as_secs();
        let gravite = if fraicheur.is_late() { Gravite::Grave } else { Gravite::Bien };
        return Ok(Constat::new(gravite, SUJET, format!("comparés à la base il y a {age} s")));
    }
    let (territoires, aiguillages) = (Territoires::default(), Aiguillages::default());
    territoires.refresh(&installation.db).await?;
    let all = territoires.list();
    aiguillages.refresh(&installation.db, &all, now).await?;
    Ok(match all.len() {
        0 => Constat::new(Gravite::Attention, SUJET, "aucun territoire : « maillage territoire creer » en crée un"),
        count => {
            Constat::new(Gravite::Bien, SUJET, format!("{} : l’annuaire se charge", ui::format::compte(count, "territoire", "territoires")))
        }
    })
}

/// A day, and two hours for a backup that takes its time.
const OLD_AFTER_HOURS: i64 = 26;
const VERY_OLD_AFTER_HOURS: i64 = 3 * 24;

async fn describe_sauvegarde(installation: &Installation, now: Instant) -> Result<Constat> {
    const SUJET: &str = "sauvegarde";
    let verified = find_dernier_verifie(&installation.db, now).await?;
    let failed = find_dernier_passage(&installation.db, now).await?.and_then(|passage| passage.erreur);
    let hours = verified.as_ref().map(|passage| (now.0 - passage.began_at) / 3_600);
    let mut gravite = match hours {
        None => Gravite::Grave,
        Some(hours) if hours > VERY_OLD_AFTER_HOURS => Gravite::Grave,
        Some(hours) if hours > OLD_AFTER_HOURS => Gravite::Attention,
        Some(_) => Gravite::Bien,
    };
    let mut phrase = match &verified {
        Some(passage) => {
            let at = Instant(passage.began_at).paris().format("%d/%m/%Y à %H:%M").to_string();
            format!("dernière sauvegarde vérifiée le {at}, dans {}", passage.archive.as_deref().unwrap_or("un fichier inconnu"))
        }
        None => "aucune sauvegarde vérifiée".to_string(),
    };
    if let Some(erreur) = failed {
        gravite = gravite.max(Gravite::Attention);
        phrase.push_str(&format!(" ; la dernière tentative a échoué : {erreur}"));
    }
    match installation.reglages.plan(&installation.base) {
        Ok(Some(_)) => {}
        Ok(None) => {
            gravite = gravite.max(Gravite::Attention);
            phrase.push_str(" ; aucune n’est programmée : remplissez [sauvegarde] dans les réglages");
        }
        Err(error) => {
            gravite = Gravite::Grave;
            phrase.push_str(&format!(" ; aucune ne se fera : {error:#}"));
        }
    }
    Ok(Constat::new(gravite, SUJET, phrase))
}

/// What the daily erasing did last: a law asks for it, so nobody should have to think of it.
async fn describe_conservation(installation: &Installation, now: Instant) -> Result<Constat> {
    const SUJET: &str = "conservation";
    const OFF: &str = "désactivée (conservation_quotidienne) : lancez « maillage conservation --appliquer » vous-même";
    let is_on = installation.reglages.conservation_quotidienne.unwrap_or(true);
    let Some(last) = kit::tache::find_derniere(&installation.db, TACHE, now.day()).await? else {
        let phrase = if is_on { "pas encore faite : elle se fait chaque jour à partir de 4 h, par « maillage servir »" } else { OFF };
        return Ok(Constat::new(Gravite::Attention, SUJET, phrase));
    };
    let at = Instant(last.began_at).paris().format("%d/%m/%Y à %H:%M").to_string();
    let is_old = now.0 - last.began_at > OLD_AFTER_HOURS * 3_600;
    let (gravite, phrase) = match (last.resultat, last.erreur) {
        (_, Some(erreur)) => (Gravite::Attention, format!("a échoué le {at} : {erreur} ; elle est tentée à nouveau chaque heure")),
        (None, None) => (Gravite::Bien, format!("en cours depuis le {at}")),
        (Some(resultat), None) => (Gravite::Bien, format!("faite le {at} : {resultat}")),
    };
    let late = if is_on && is_old { " ; elle devrait l’être chaque jour : « maillage servir » tourne-t-il ?" } else { "" };
    let off = if is_on { String::new() } else { format!(" ; {OFF}") };
    let gravite = if is_old || !is_on { gravite.max(Gravite::Attention) } else { gravite };
    Ok(Constat::new(gravite, SUJET, format!("{phrase}{late}{off}")))
}

/// Somebody in front of a screen gives up before that.
const LATE_MESSAGE: i64 = 15 * 60;

async fn describe_courriels(installation: &Installation, now: Instant) -> Result<Constat> {
    const SUJET: &str = "courriels";
    if installation.reglages.courriel.is_none() {
        let phrase = "l’envoi n’est pas réglé : les liens s’affichent à l’écran ; remplissez [courriel] dans les réglages";
        return Ok(Constat::new(Gravite::Attention, SUJET, phrase));
    }
    let since = now.plus_seconds(-LATE_MESSAGE);
    // Until a quarter past eight, what waited for the morning is not late.
    let silence = installation.reglages.silence;
    let late = envoi::count_late(&installation.db, (since, silence.covers(since) || silence.covers(now))).await?;
    let abandonnes = envoi::count_abandonnes(&installation.db, now.plus_seconds(-86_400)).await?;
    if (late, abandonnes) == (0, 0) {
        return Ok(Constat::new(Gravite::Bien, SUJET, "aucun n’attend depuis plus de 15 minutes, aucun abandonné depuis 24 h"));
    }
    let late = ui::format::compte(late, "attend", "attendent");
    let abandonnes = ui::format::compte(abandonnes, "abandonné", "abandonnés");
    let phrase =
        format!("{late} depuis plus de 15 minutes, {abandonnes} depuis 24 h ; la page « Messages » dit ce que le serveur a répondu");
    Ok(Constat::new(Gravite::Attention, SUJET, phrase))
}

/// The disks that fill: that of the base, that of the backups.
fn list_places(installation: &Installation) -> Vec<Constat> {
    let path = installation.base.trim_start_matches("sqlite://").trim_start_matches("sqlite:");
    let file = (installation.db.engine() == Engine::Sqlite).then(|| Path::new(path));
    let size = file.and_then(|file| file.metadata().ok()).map_or(0, |known| known.len());
    let of_base = file.map(|file| ("place base", file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))));
    let of_saves = installation.reglages.sauvegarde.as_ref().map(|asked| ("place sauv.", asked.dossier.as_path()));
    of_base.into_iter().chain(of_saves).map(|(sujet, folder)| describe_place(sujet, folder, size)).collect()
}

const MEBIBYTE: u64 = 1_024 * 1_024;

/// A backup of SQLite takes the size of the base beside it, and as much in the folder: twice, on one disk.
fn describe_place(sujet: &'static str, folder: &Path, base: u64) -> Constat {
    let known = match rustix::fs::statvfs(folder) {
        Ok(known) => known,
        Err(error) => return Constat::new(Gravite::Grave, sujet, format!("{} : {error}", folder.display())),
    };
    let free = known.f_bavail * known.f_frsize;
    let gravite = match free {
        free if free < 200 * MEBIBYTE => Gravite::Grave,
        free if free < 1_024 * MEBIBYTE || free < 2 * base => Gravite::Attention,
        _ => Gravite::Bien,
    };
    let advice = if gravite == Gravite::Bien { "" } else { " ; faites de la place" };
    Constat::new(gravite, sujet, format!("{} Mio libres dans {}{advice}", free / MEBIBYTE, folder.display()))
}
