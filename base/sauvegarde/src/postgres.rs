//! A PostgreSQL base, by its own tools: `pg_dump` writes straight into the archive, `pg_restore` reads straight from it.
//! Nothing of it is ever in clear on this machine's disk.

use std::fs::File;
use std::io::{BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use anyhow::{Context, Result, bail};
use kit::{Db, Instant};
use tempfile::NamedTempFile;
use tokio::task::spawn_blocking;
use url::Url;

use crate::adresse::{database, with_database};
use crate::archive::{ArchiveReader, ArchiveWriter};
use crate::{Cle, Existante, Manifeste, Moteur, Restauration, refuse_existing, storage};

/// The counts and the dump see one and the same state, whoever writes meanwhile.
pub async fn write(db: &Db, url: &Url, cle: &Cle, draft: NamedTempFile, now: Instant) -> Result<NamedTempFile> {
    let tx = db.begin().await?;
    let snapshot = storage::export_snapshot(&tx).await?;
    let (migrations, tables) = (storage::list_migrations(&tx).await?, storage::count_tables(&tx).await?);
    let manifeste = Manifeste { moteur: Moteur::Postgres, cree_a: now, migrations, tables, empreinte: None };
    let (url, cle) = (url.clone(), cle.clone());
    let draft = spawn_blocking(move || dump(&url, &snapshot, &cle, &manifeste, draft)).await??;
    tx.rollback().await?;
    Ok(draft)
}

fn dump(url: &Url, snapshot: &str, cle: &Cle, manifeste: &Manifeste, draft: NamedTempFile) -> Result<NamedTempFile> {
    let mut archive = ArchiveWriter::start(BufWriter::new(draft.as_file().try_clone()?), cle)?;
    manifeste.write(&mut archive)?;
    let mut command = tool("pg_dump", url);
    command.args(["--format=custom", "--no-owner", "--no-privileges", "--snapshot", snapshot]);
    let mut child = start(command.stdout(Stdio::piped()))?;
    if let Some(mut output) = child.stdout.take() {
        std::io::copy(&mut output, &mut archive)?;
    }
    check("pg_dump", &child.wait_with_output()?)?;
    archive.finish()?.flush()?;
    Ok(draft)
}

/// Restores an archive into a database of the same server that lives as long as the comparison.
pub async fn verify(url: &Url, archive: &Path, cle: &Cle) -> Result<Manifeste> {
    let admin = Db::open(with_database(url, ADMIN).as_str()).await?;
    let passing = passing_name();
    // One of the same name can only be what a killed program left.
    storage::drop_database(&admin, &passing).await?;
    storage::create_database(&admin, &passing).await?;
    let outcome = load(&with_database(url, &passing), archive, cle).await;
    storage::drop_database(&admin, &passing).await?;
    outcome
}

/// Unlike any other, in this program or the next.
fn passing_name() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    format!("maillage_verification_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed))
}

pub async fn restore(url: &Url, cle: &Cle, archive: &Path, existante: Existante, now: Instant) -> Result<Restauration> {
    let admin = Db::open(with_database(url, ADMIN).as_str()).await?;
    let nom = database(url).to_string();
    let stamp = now.paris().format("%Y%m%d_%H%M%S");
    let has_existing = storage::has_database(&admin, &nom).await?;
    if has_existing && existante == Existante::Refuser && !is_empty(url).await? {
        return Err(refuse_existing(&nom));
    }
    let fresh = format!("{nom}_restauration_{stamp}");
    storage::create_database(&admin, &fresh).await?;
    let loaded = load(&with_database(url, &fresh), archive, cle).await;
    let aside = has_existing.then(|| format!("{nom}_avant_{stamp}"));
    let swapped = match (&loaded, &aside) {
        (Ok(_), Some(aside)) => storage::rename_database(&admin, &nom, aside).await,
        (Ok(_), None) | (Err(_), _) => Ok(()),
    };
    match (loaded, swapped) {
        (Ok(manifeste), Ok(())) => {
            storage::rename_database(&admin, &fresh, &nom).await?;
            Ok(Restauration { manifeste, mise_de_cote: aside })
        }
        (Err(error), _) | (_, Err(error)) => {
            storage::drop_database(&admin, &fresh).await?;
            Err(error)
        }
    }
}

/// Where one connects to create databases: every server has it.
const ADMIN: &str = "postgres";

async fn is_empty(url: &Url) -> Result<bool> {
    let db = Db::open(url.as_str()).await?;
    let is_empty = storage::is_empty(db.read()).await?;
    db.close().await?;
    Ok(is_empty)
}

/// Reads the archive to its end before giving any of it to PostgreSQL, then restores, then compares.
async fn load(url: &Url, archive: &Path, cle: &Cle) -> Result<Manifeste> {
    let (to, from, with): (Url, PathBuf, Cle) = (url.clone(), archive.to_path_buf(), cle.clone());
    let manifeste = spawn_blocking(move || {
        check_archive(&from, &with)?;
        let (manifeste, content) = open(&from, &with)?;
        feed(&to, content)?;
        anyhow::Ok(manifeste)
    })
    .await??;
    let db = Db::open(url.as_str()).await?;
    let restored = storage::count_tables(db.read()).await?;
    db.close().await?;
    manifeste.check_tables(&restored)?;
    Ok(manifeste)
}

pub(crate) fn check_archive(archive: &Path, cle: &Cle) -> Result<()> {
    let (_, mut whole) = open(archive, cle)?;
    std::io::copy(&mut whole, &mut std::io::sink())?;
    Ok(())
}

fn open(archive: &Path, cle: &Cle) -> Result<(Manifeste, impl Read + use<>)> {
    let input = File::open(archive).with_context(|| format!("la sauvegarde {} ne s’ouvre pas", archive.display()))?;
    let mut reader = ArchiveReader::start(BufReader::new(input), cle)?;
    let manifeste = Manifeste::read(&mut reader)?;
    if manifeste.moteur != Moteur::Postgres {
        bail!("cette sauvegarde vient de {} : elle se restaure dans une base {0}", manifeste.moteur.label());
    }
    manifeste.check_schema()?;
    Ok((manifeste, reader))
}

fn feed(url: &Url, mut content: impl Read) -> Result<()> {
    let mut command = tool("pg_restore", url);
    command.args(["--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error"]).stdin(Stdio::piped());
    let mut child = start(&mut command)?;
    // When it stops half-way its own words say why, better than the pipe that breaks.
    let fed = match child.stdin.take() {
        Some(mut input) => std::io::copy(&mut content, &mut input),
        None => Ok(0),
    };
    check("pg_restore", &child.wait_with_output()?)?;
    fed?;
    Ok(())
}

/// The password goes by the environment: arguments are seen by every account of the machine.
fn tool(name: &str, url: &Url) -> Command {
    let mut shown = url.clone();
    let _always_possible_here = shown.set_password(None);
    let mut command = Command::new(name);
    command.arg("--dbname").arg(shown.as_str()).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    if let Some(password) = url.password() {
        command.env("PGPASSWORD", decode(password));
    }
    command
}

/// In an address a password is percent-encoded; in the environment it is not.
fn decode(password: &str) -> String {
    percent_encoding::percent_decode_str(password).decode_utf8_lossy().into_owned()
}

fn start(command: &mut Command) -> Result<Child> {
    let name = command.get_program().to_string_lossy().into_owned();
    command.spawn().with_context(|| format!("{name} ne démarre pas : installez le paquet postgresql-client de la version du serveur"))
}

fn check(name: &str, output: &Output) -> Result<()> {
    if !output.status.success() {
        bail!("{name} a échoué : {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(())
}
