//! The answering machine of a territoire whose telephone is a plain box: it leaves its recordings in a folder, one sub-folder for
//! each territoire, and this takes them in. A file is taken once it has stopped growing, and moved to `traites/` after its message is
//! written: a stop in between takes it again, and finds it known.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use chrono::NaiveDateTime;
use kit::secret::fingerprint_of;
use kit::{Id, Instant, Result};
use tokio::fs;

use crate::Ligne;
use crate::model::{NatureMessage, NouveauMessage, NouveauSon};
use crate::rules::{SON_MAXIMUM, TROP_LOURD, recognise_son};
use crate::storage;

/// The folder, and how its files were at the last look.
#[derive(Debug)]
pub struct Repondeur {
    ligne: Ligne,
    dossier: PathBuf,
    seen: HashMap<PathBuf, (u64, SystemTime)>,
}

const EVERY: Duration = Duration::from_secs(15);
const SONS: [&str; 4] = ["wav", "mp3", "ogg", "m4a"];
/// Where a file goes once its message is written.
const TRAITES: &str = "traites";

impl Repondeur {
    pub fn new(ligne: Ligne, dossier: PathBuf) -> Self {
        Self { ligne, dossier, seen: HashMap::new() }
    }

    /// For ever. A folder or a database away is waited for.
    pub async fn go_round(mut self) {
        loop {
            if let Err(error) = self.do_once().await {
                tracing::warn!(%error, dossier = %self.dossier.display(), "the folder of messages is put off");
            }
            tokio::time::sleep(EVERY).await;
        }
    }

    /// Takes what has not changed since the last look; gives how many messages were written.
    pub async fn do_once(&mut self) -> Result<usize> {
        let (mut taken, mut seen) = (0, HashMap::new());
        for territoire in self.ligne.accueil.comptes.territoires.list().iter() {
            let folder = self.dossier.join(&territoire.slug);
            for (path, state) in list_sons(&folder).await.map_err(anyhow::Error::from)? {
                if self.seen.get(&path) == Some(&state) {
                    taken += usize::from(self.take(territoire.id, &path, state).await?);
                } else {
                    seen.insert(path, state);
                }
            }
        }
        self.seen = seen;
        Ok(taken)
    }

    async fn take(&self, territoire: Id, path: &Path, (length, modified): (u64, SystemTime)) -> Result<bool> {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let is_heavy = usize::try_from(length).map_or(true, |length| length > SON_MAXIMUM);
        let (cle, son) = if is_heavy {
            (format!("fichier {name} {length}"), NouveauSon::Refuse(TROP_LOURD.into()))
        } else {
            let contenu = fs::read(path).await.map_err(anyhow::Error::from)?;
            let cle = format!("fichier {}", fingerprint_of(&contenu));
            // What is no sound is refused by the storage, which says so.
            let mime = recognise_son(&contenu).unwrap_or_default().to_string();
            (cle, NouveauSon::Recu { mime, contenu })
        };
        let (dated, numero) = read_nom(&name);
        let modified = modified.duration_since(UNIX_EPOCH).ok().and_then(|since| i64::try_from(since.as_secs()).ok()).map(Instant);
        let accueil = &self.ligne.accueil;
        let message = NouveauMessage {
            territoire_id: territoire,
            cle,
            nature: NatureMessage::MessageVocal,
            received_at: dated.or(modified).unwrap_or(accueil.clock.now()),
            numero,
            expediteur: None,
            texte: None,
            duree: None,
            son,
        };
        let tx = accueil.db.begin().await?;
        let written = storage::insert_message(&tx, &accueil.coffre, &message).await?;
        tx.commit().await?;
        put_away(path, &name).await.map_err(anyhow::Error::from)?;
        Ok(written.is_some())
    }
}

/// The sounds of a folder, with their size and date; a folder that is not there has none.
async fn list_sons(folder: &Path) -> std::io::Result<Vec<(PathBuf, (u64, SystemTime))>> {
    let mut found = vec![];
    let mut entries = match fs::read_dir(folder).await {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(found),
        Err(error) => return Err(error),
    };
    while let Some(entry) = entries.next_entry().await? {
        let path = entry.path();
        let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default().to_lowercase();
        // A link could lead anywhere: only files are taken.
        if SONS.contains(&extension.as_str()) && entry.file_type().await?.is_file() {
            let metadata = entry.metadata().await?;
            found.push((path, (metadata.len(), metadata.modified()?)));
        }
    }
    found.sort();
    Ok(found)
}

async fn put_away(path: &Path, name: &str) -> std::io::Result<()> {
    let folder = path.with_file_name(TRAITES);
    fs::create_dir_all(&folder).await?;
    fs::rename(path, folder.join(name)).await
}

/// What the name of a file says, as boxes write it: « 20261120-124033_0612345678.wav ».
fn read_nom(name: &str) -> (Option<Instant>, Option<String>) {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let words: Vec<&str> = stem.split(['_', '-', ' ', 'T']).collect();
    let is_digits = |word: &&&str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit());
    let numero = words.iter().find(|word| (word.starts_with('0') || word.starts_with('+')) && kit::telephone::read(word).is_ok());
    let digits: String = words.iter().filter(is_digits).filter(|word| Some(*word) != numero).copied().collect();
    let dated = digits.get(..14).and_then(|digits| NaiveDateTime::parse_from_str(digits, "%Y%m%d%H%M%S").ok());
    (dated.and_then(Instant::from_paris), numero.map(|numero| numero.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_file_says_when_and_who() {
        let noon = Some(testkit::NOON);
        for (name, expected) in [
            ("20261117-120000_0612345678.wav", (noon, Some("0612345678"))),
            ("2026-11-17T12-00-00_+33612345678.mp3", (noon, Some("+33612345678"))),
            ("20261117120000.ogg", (noon, None)),
            ("message 3.wav", (None, None)),
            ("20261399-990000.wav", (None, None)),
        ] {
            assert_eq!(read_nom(name), (expected.0, expected.1.map(str::to_string)), "{name}");
        }
    }
}
