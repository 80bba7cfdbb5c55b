//! The program under test and the floor, run as processes of their own.

use std::fs::File;
use std::io::Write;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};

use crate::charge;

/// A server that has not answered by then will not.
const PATIENCE: Duration = Duration::from_secs(120);
const LOOK_AGAIN: Duration = Duration::from_millis(2);
const LOG_SHOWN: usize = 2_000;
/// The file of keys of a bench, in its folder.
pub const CLES: &str = "maillage.cles";

/// Where the two programs are.
pub struct Programme {
    maillage: PathBuf,
    bancs: PathBuf,
}

impl Programme {
    /// `asked`, or the `maillage` that was built with this bench.
    pub fn find(asked: Option<PathBuf>) -> Result<Self> {
        let bancs = std::env::current_exe()?;
        let maillage = asked.unwrap_or_else(|| bancs.with_file_name("maillage"));
        ensure!(
            maillage.is_file(),
            "{} n’existe pas : construisez le programme (cargo build --release), ou indiquez-le avec --maillage",
            maillage.display()
        );
        Ok(Self { maillage, bancs })
    }

    /// Creates the national territoire in a new database.
    pub fn create_france(&self, base: &Path) -> Result<()> {
        let mut command = Command::new(&self.maillage);
        command.args(["territoire", "creer", "--slug", "france", "--nom", "France", "--france", "--base"]).arg(base);
        run_to_end(command, &base.with_extension("creer.log"))
    }

    /// Imports a file, and tells how long it took.
    pub fn import(&self, fichier: &Path, base: &Path) -> Result<Duration> {
        let mut command = Command::new(&self.maillage);
        command.args(["importer", "annuaire"]).arg(fichier).args(["--territoire", "france", "--base"]).arg(base);
        let start = Instant::now();
        run_to_end(command, &base.with_extension("importer.log"))?;
        Ok(start.elapsed())
    }

    /// Starts `maillage servir`, and tells how long it took to answer.
    pub async fn serve(&self, base: &Path) -> Result<(Serveur, Duration)> {
        let adresse = find_adresse()?;
        let mut command = Command::new(&self.maillage);
        command.args(["servir", "--adresse", &adresse.to_string(), "--base"]).arg(base);
        Serveur::start(command, adresse, &base.with_extension("servir.log")).await
    }

    /// Runs any command on a base, with the keys of the bench; tells how long it took.
    pub fn run(&self, (base, dossier): (&str, &Path), arguments: &[&str], entree: &str) -> Result<Duration> {
        let mut command = Command::new(&self.maillage);
        command.args(arguments).args(["--base", base]).env("MAILLAGE_CLES", dossier.join(CLES));
        let start = Instant::now();
        let said = dossier.join("commande.log");
        let mut child = with_log(&mut command, &said)?.stdin(Stdio::piped()).spawn()?;
        if let Some(mut stdin) = child.stdin.take() {
            stdin.write_all(entree.as_bytes())?;
        }
        let status = child.wait()?;
        ensure!(status.success(), "{command:?} a échoué ({status}) : {}", read_log(&said));
        Ok(start.elapsed())
    }

    /// Starts `maillage servir` on any base, with the keys of the bench.
    pub async fn serve_base(&self, (base, dossier): (&str, &Path)) -> Result<Serveur> {
        let adresse = find_adresse()?;
        let mut command = Command::new(&self.maillage);
        command.args(["servir", "--adresse", &adresse.to_string(), "--base", base]).env("MAILLAGE_CLES", dossier.join(CLES));
        Ok(Serveur::start(command, adresse, &dossier.join("servir.log")).await?.0)
    }

    /// Starts the floor over the bytes of `corps`.
    pub async fn serve_plancher(&self, corps: &Path, nature: &str) -> Result<Serveur> {
        let adresse = find_adresse()?;
        let mut command = Command::new(&self.bancs);
        command.args(["plancher", "--adresse", &adresse.to_string(), "--nature", nature, "--corps"]).arg(corps);
        Ok(Serveur::start(command, adresse, &corps.with_extension("plancher.log")).await?.0)
    }
}

/// A running server, stopped when it is dropped.
pub struct Serveur {
    child: Child,
    pub adresse: SocketAddr,
}

impl Serveur {
    async fn start(mut command: Command, adresse: SocketAddr, log: &Path) -> Result<(Self, Duration)> {
        let start = Instant::now();
        let child = with_log(&mut command, log)?.spawn().with_context(|| format!("lancement de {:?}", command.get_program()))?;
        let mut serveur = Self { child, adresse };
        while charge::fetch(adresse, "/sante").await.is_err() {
            if let Some(status) = serveur.child.try_wait()? {
                bail!("le serveur s’est arrêté ({status}) : {}", read_log(log));
            }
            ensure!(start.elapsed() < PATIENCE, "le serveur ne répond pas à /sante : {}", read_log(log));
            tokio::time::sleep(LOOK_AGAIN).await;
        }
        Ok((serveur, start.elapsed()))
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Serveur {
    fn drop(&mut self) {
        // It may have stopped by itself: there is then nothing left to stop.
        let _already_stopped = self.child.kill();
        let _already_stopped = self.child.wait();
    }
}

fn run_to_end(mut command: Command, log: &Path) -> Result<()> {
    let status = with_log(&mut command, log)?.status().with_context(|| format!("lancement de {:?}", command.get_program()))?;
    ensure!(status.success(), "{command:?} a échoué ({status}) : {}", read_log(log));
    Ok(())
}

fn with_log<'a>(command: &'a mut Command, log: &Path) -> Result<&'a mut Command> {
    let file = File::create(log)?;
    Ok(command.stdin(Stdio::null()).stdout(file.try_clone()?).stderr(file))
}

fn read_log(log: &Path) -> String {
    let text = String::from_utf8_lossy(&std::fs::read(log).unwrap_or_default()).into_owned();
    let skipped = text.chars().count().saturating_sub(LOG_SHOWN);
    text.chars().skip(skipped).collect()
}

/// A port that is free at this moment.
fn find_adresse() -> Result<SocketAddr> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?)
}
