//! A SQLite base: one file, copied as it is at one instant, put back by a change of name.

use std::fs::File;
use std::io::{BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use kit::secret::hex;
use kit::{Db, Engine, Instant};
use sha2::{Digest, Sha256};
use tempfile::NamedTempFile;
use tokio::task::spawn_blocking;

use crate::archive::{ArchiveReader, ArchiveWriter};
use crate::fichier::Pose;
use crate::{Cle, Existante, Manifeste, Moteur, Restauration, fichier, refuse_existing, storage};

/// The copy in clear stays beside the base, which is in clear too; only the archive travels.
pub async fn write(db: &Db, file: &Path, cle: &Cle, draft: NamedTempFile, now: Instant) -> Result<NamedTempFile> {
    let copy = fichier::create_draft(file)?;
    fichier::settle_during(copy.as_file(), storage::copy_sqlite(db, copy.path())).await??;
    let opened = storage::open_copy(copy.path()).await?;
    let (migrations, tables) = (storage::list_migrations(&opened).await?, storage::count_tables(&opened).await?);
    opened.close().await?;
    let cle = cle.clone();
    spawn_blocking(move || {
        let empreinte = Some(digest(File::open(copy.path())?)?);
        let manifeste = Manifeste { moteur: Moteur::Sqlite, cree_a: now, migrations, tables, empreinte };
        let mut archive = ArchiveWriter::start(BufWriter::new(Pose::new(draft.as_file())), &cle)?;
        manifeste.write(&mut archive)?;
        std::io::copy(&mut BufReader::with_capacity(BUFFER, File::open(copy.path())?), &mut archive)?;
        archive.finish()?.flush()?;
        Ok(draft)
    })
    .await?
}

/// Restores an archive into a file apart, and compares.
pub async fn verify(beside: &Path, archive: &Path, cle: &Cle) -> Result<Manifeste> {
    Ok(extract(beside, archive, cle).await?.1)
}

pub async fn restore(file: &Path, cle: &Cle, archive: &Path, existante: Existante, now: Instant) -> Result<Restauration> {
    let (extracted, manifeste) = extract(file, archive, cle).await?;
    let has_existing = file.exists();
    if has_existing {
        storage::release_sqlite(file).await?;
        let opened = storage::open_copy(file).await?;
        let is_empty = storage::is_empty(&opened).await?;
        opened.close().await?;
        if !is_empty && existante == Existante::Refuser {
            return Err(refuse_existing(&file.display().to_string()));
        }
    }
    extracted.as_file().sync_all()?;
    let aside = has_existing.then(|| fichier::beside(file, &format!(".avant-restauration-{}", now.paris().format("%Y%m%d-%H%M%S"))));
    if let Some(aside) = &aside {
        // A second name, then one change of name: at no instant is there no base.
        std::fs::hard_link(file, aside).with_context(|| format!("{} n’est pas mise de côté", file.display()))?;
    }
    extracted.persist(file)?;
    fichier::sync_folder(file)?;
    Ok(Restauration { manifeste, mise_de_cote: aside.map(|aside| aside.display().to_string()) })
}

/// A copy beside the base, when migrations are about to change what it holds. Gives the copy.
pub async fn copy_before_migration(db: &Db, base: &str) -> Result<Option<PathBuf>> {
    let crate::Adresse::Sqlite(file) = crate::Adresse::read(base)? else { return Ok(None) };
    let pending = schema::list_pending(db).await?;
    let Some(last) = storage_version(db, &pending).await? else { return Ok(None) };
    let target = fichier::beside(&file, &format!(".avant-{last}"));
    if target.exists() {
        return Ok(Some(target));
    }
    let draft = fichier::create_draft(&target)?;
    let copied = fichier::settle_during(draft.as_file(), storage::copy_sqlite(db, draft.path())).await?;
    copied.context("la copie d’avant migration n’a pas été faite : rien n’est migré")?;
    fichier::keep(draft, &target)?;
    Ok(Some(target))
}

/// The first migration to come, when there is one and something to lose.
async fn storage_version(db: &Db, pending: &[String]) -> Result<Option<String>> {
    let Some(first) = pending.first() else { return Ok(None) };
    Ok((db.engine() == Engine::Sqlite && !storage::is_empty(db.read()).await?).then(|| first.clone()))
}

const BUFFER: usize = 256 * 1_024;

/// The base that an archive holds, in a file of its own, compared with what the archive says of it.
async fn extract(beside: &Path, archive: &Path, cle: &Cle) -> Result<(NamedTempFile, Manifeste)> {
    let (beside, archive, cle) = (beside.to_path_buf(), archive.to_path_buf(), cle.clone());
    let (extracted, manifeste) = spawn_blocking(move || decrypt(&beside, &archive, &cle)).await??;
    manifeste.check_schema()?;
    let opened = storage::open_copy(extracted.path()).await?;
    storage::check_sqlite(&opened).await?;
    manifeste.check_tables(&storage::count_tables(&opened).await?)?;
    opened.close().await?;
    Ok((extracted, manifeste))
}

fn decrypt(beside: &Path, archive: &Path, cle: &Cle) -> Result<(NamedTempFile, Manifeste)> {
    let input = File::open(archive).with_context(|| format!("la sauvegarde {} ne s’ouvre pas", archive.display()))?;
    let mut reader = ArchiveReader::start(BufReader::with_capacity(BUFFER, input), cle)?;
    let manifeste = Manifeste::read(&mut reader)?;
    if manifeste.moteur != Moteur::Sqlite {
        bail!("cette sauvegarde vient de {} : elle se restaure dans une base {0}", manifeste.moteur.label());
    }
    let extracted = fichier::create_draft(beside)?;
    let mut output = BufWriter::with_capacity(BUFFER, Pose::new(extracted.as_file()));
    std::io::copy(&mut reader, &mut output)?;
    output.flush()?;
    drop(output);
    if Some(digest(extracted.reopen()?)?) != manifeste.empreinte {
        bail!("la base extraite n’a pas l’empreinte de celle qui a été sauvegardée");
    }
    Ok((extracted, manifeste))
}

fn digest(mut file: File) -> Result<String> {
    let (mut digest, mut buffer) = (Sha256::new(), vec![0; BUFFER]);
    loop {
        match file.read(&mut buffer)? {
            0 => break,
            read => digest.update(&buffer[..read]),
        }
    }
    Ok(hex(&digest.finalize()))
}
