//! The real binary, started, asked, killed.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

/// The binary that `cargo xtask test` has just built, beside the tests; or the one that `MAILLAGE_BIN` names, to measure it as it is
/// given to people.
pub fn binary() -> PathBuf {
    if let Some(named) = std::env::var_os("MAILLAGE_BIN") {
        return PathBuf::from(named);
    }
    let test = std::env::current_exe().expect("the path of the test");
    let folder = test.parent().and_then(std::path::Path::parent).expect("target/debug");
    let binary = folder.join("maillage");
    assert!(binary.exists(), "{} is missing: `cargo build --workspace` makes it", binary.display());
    binary
}

/// The file of keys of this run of trials: one program reads what another one has encrypted.
fn cles() -> PathBuf {
    static ONCE: std::sync::Once = std::sync::Once::new();
    let path = std::env::temp_dir().join(format!("maillage-essais-{}.cles", std::process::id()));
    ONCE.call_once(|| {
        let _left_by_another_run = std::fs::remove_file(&path);
        kit::Coffre::create(&path).expect("a file of keys");
    });
    path
}

/// A program that serves, killed when dropped.
pub struct Programme {
    child: Child,
    pub at: SocketAddr,
}

const READY_WITHIN: Duration = Duration::from_secs(60);

impl Programme {
    /// `servir` or `demo` on a database, ready to answer.
    pub fn start(action: &str, base: &str) -> Self {
        Self::start_by(action, base, |_| {})
    }

    /// The same, with settings.
    pub fn start_with(action: &str, base: &str, reglages: &str) -> Self {
        let file = format!("{}.toml", testkit::sqlite_path());
        std::fs::write(&file, reglages).expect("the settings are written");
        Self::start_by(action, base, |command| {
            command.args(["--reglages", &file]);
        })
    }

    /// The same, with its log as JSON in the file given back.
    pub fn start_logged(action: &str, base: &str) -> (Self, PathBuf) {
        let log = PathBuf::from(format!("{}.log", testkit::sqlite_path()));
        let file = std::fs::File::create(&log).expect("the log is written");
        let programme = Self::start_by(action, base, |command| {
            command.env("MAILLAGE_LOG", "info").env("MAILLAGE_LOG_FORMAT", "json").stderr(file);
        });
        (programme, log)
    }

    /// The same, with a command that a trial makes its own.
    pub fn start_by(action: &str, base: &str, adapt: impl FnOnce(&mut Command)) -> Self {
        let mut command = Command::new(binary());
        command.args([action, "--base", base]).env("MAILLAGE_CLES", cles());
        adapt(&mut command);
        let port = std::net::TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a free port").port();
        let at = SocketAddr::from(([127, 0, 0, 1], port));
        command.args(["--adresse", &at.to_string()]).stdout(Stdio::null());
        let programme = Self { child: command.spawn().expect("the program starts"), at };
        let start = Instant::now();
        while !crate::get(at, "/sante").is_ok_and(|answer| answer.status == 200) {
            assert!(start.elapsed() < READY_WITHIN, "the program is not ready after {READY_WITHIN:?}");
            std::thread::sleep(Duration::from_millis(20));
        }
        programme
    }

    /// The memory it really holds, in KiB.
    pub fn memory_kib(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).expect("the program runs");
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("VmRSS");
        line.trim().trim_end_matches(" kB").parse().expect("a number of kB")
    }

    /// As the power goes: no warning, no clean-up.
    pub fn kill(&mut self) {
        self.child.kill().expect("the program was running");
        self.child.wait().expect("the program is gone");
    }

    /// Runs a command to its end.
    pub fn run(arguments: &[&str]) -> Output {
        Command::new(binary()).args(arguments).output().expect("the command runs")
    }
}

impl Drop for Programme {
    fn drop(&mut self) {
        let _already_gone = self.child.kill();
        let _already_gone = self.child.wait();
    }
}
