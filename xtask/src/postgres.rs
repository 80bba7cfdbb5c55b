//! A PostgreSQL server for the length of one command: empty, on a free port, gone afterwards.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result};

use crate::process::{command, is_root, run_quietly};

/// Where Debian puts its servers, one folder per version.
const VERSIONS: &str = "/usr/lib/postgresql";

/// Waits until xtask closes the pipe or dies, whatever killed it, then stops the server and removes its files.
/// This is a process of its own because `Drop` is not called on Ctrl-C, and no signal reaches one that ignores it.
const GUARD: &str = r#"trap '' INT TERM HUP; cat; "$@" -m immediate stop; rm -rf "$0""#;

/// A running server; dropping it stops it.
pub struct Postgres {
    guard: Child,
    port: u16,
    passing: PathBuf,
}

impl Postgres {
    pub fn start() -> Result<Postgres> {
        let programs = find_programs().with_context(|| format!("no PostgreSQL in {VERSIONS}: cargo xtask setup installs it"))?;
        let folder = std::env::temp_dir().join(format!("maillage-postgres-{}", std::process::id()));
        let port = free_port()?;
        let data = folder.join("data");
        let passing = folder.join("tests");
        let server = Postgres { guard: start_guard(&programs, &folder, &data)?, port, passing };
        create_folder(&folder)?;
        std::fs::create_dir(&server.passing).with_context(|| format!("creation of {}", server.passing.display()))?;
        run_quietly(as_owner(&programs.join("initdb")).arg("--pgdata").arg(&data).args([
            "--auth=trust",
            "--username=postgres",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
        ]))?;
        run_quietly(
            as_owner(&programs.join("pg_ctl"))
                .arg("--pgdata")
                .arg(&data)
                .arg("--log")
                .arg(folder.join("log"))
                .args(["--wait", "-o", &options(port), "start"])
                // A server that held our output would keep it open after us.
                .stdout(Stdio::null()),
        )?;
        Ok(server)
    }

    pub fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}", self.port)
    }

    /// For what tests write: a temporary folder that is removed with the server.
    pub fn passing(&self) -> &Path {
        &self.passing
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        drop(self.guard.stdin.take());
        if let Err(error) = self.guard.wait() {
            eprintln!("the PostgreSQL server of the tests may still run: {error}");
        }
    }
}

/// The folder of the programs of the newest server installed.
pub fn find_programs() -> Option<PathBuf> {
    let installed = std::fs::read_dir(VERSIONS).ok()?.flatten().filter(|version| version.path().join("bin/initdb").is_file());
    let names = installed.filter_map(|version| version.file_name().into_string().ok());
    newest(names).map(|version| Path::new(VERSIONS).join(version).join("bin"))
}

/// By number, so that 9.6 comes before 17.
fn newest(versions: impl Iterator<Item = String>) -> Option<String> {
    versions.max_by_key(|version| version.split('.').map(|part| part.parse::<u32>().unwrap_or(0)).collect::<Vec<_>>())
}

fn free_port() -> Result<u16> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).context("no free port on 127.0.0.1")?;
    Ok(listener.local_addr()?.port())
}

/// Nothing is kept, so nothing is flushed.
fn options(port: u16) -> String {
    let settings = ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200", "unix_socket_directories="];
    let settings = settings.map(|setting| format!(" -c {setting}")).concat();
    format!("-h 127.0.0.1 -p {port}{settings}")
}

fn start_guard(programs: &Path, folder: &Path, data: &Path) -> Result<Child> {
    let stop = as_owner(&programs.join("pg_ctl"));
    let mut guard = command("sh");
    guard.arg("-c").arg(GUARD).arg(folder).arg(stop.get_program()).args(stop.get_args()).arg("--pgdata").arg(data);
    guard.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    guard.spawn().context("sh cannot be started")
}

fn create_folder(folder: &Path) -> Result<()> {
    let owner: &[&str] = if is_root() { &["--owner=postgres"] } else { &[] };
    run_quietly(command("install").args(["--directory", "--mode=700"]).args(owner).arg(folder))
}

/// PostgreSQL refuses to run as root: Debian's package made a user for it.
fn as_owner(program: &Path) -> Command {
    if !is_root() {
        return command(program);
    }
    let mut runuser = command("runuser");
    runuser.args(["--user", "postgres", "--"]).arg(program).current_dir("/");
    runuser
}

#[cfg(test)]
mod tests {
    use super::*;

    fn versions(names: &[&str]) -> Option<String> {
        newest(names.iter().map(|name| name.to_string()))
    }

    #[test]
    fn the_newest_server_is_chosen_by_number() {
        assert_eq!(versions(&["9.6", "15", "17"]), Some("17".into()));
        assert_eq!(versions(&["9.6", "9.5"]), Some("9.6".into()));
        assert_eq!(versions(&[]), None);
    }

    #[test]
    fn the_server_listens_on_this_machine_only_and_on_no_socket_file() {
        let options = options(5433);
        assert!(options.starts_with("-h 127.0.0.1 -p 5433 ") && options.ends_with("unix_socket_directories="), "{options}");
    }
}
