//! Everything a change must pass, in the order of what fails soonest.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Result, bail};

use crate::postgres::Postgres;
use crate::process::{self, built, cargo, command, root};
use crate::setup::{self, Part};
use crate::steps::Steps;
use crate::{demo, lint};

/// Where the browser trials are.
pub const BROWSER: &str = "essais/navigateur";

/// Where the tests find the second engine.
const POSTGRES: &str = "MAILLAGE_TEST_POSTGRES";

/// Runs a test program only if it belongs to the package named first.
const RUNNER: &str = r#"test "$CARGO_PKG_NAME" = "$0" || exit 0; exec "$@""#;

pub fn run() -> Result<()> {
    let mut steps = Steps::default();
    steps.step("setup", || setup::run_parts(Part::ALL))?;
    lint::add_steps(&mut steps)?;
    let postgres = steps.step("PostgreSQL", Postgres::start)?;
    // Some trials start the program itself: `cargo test` alone would not make it.
    steps.step("build", demo::build)?;
    steps.step("tests", || process::run(with_server(cargo().args(["test", "--workspace", "--quiet"]), &postgres)))?;
    let trials = browser_trials()?;
    if trials.is_empty() {
        println!("  no browser trial in {BROWSER}");
        return Ok(());
    }
    steps.step("browser", || {
        let mut node = command("node");
        node.arg("--test").args(trials).env("MAILLAGE_BIN", built("debug", "maillage"));
        process::run(with_server(&mut node, &postgres))
    })
}

pub fn run_capability(capability: &str) -> Result<()> {
    if !is_crate(capability) {
        bail!("{capability}: neither in domain/, nor in base/, nor at the root");
    }
    let mut steps = Steps::default();
    let parts: &[Part] = if capability == "essais" { Part::ALL } else { &[Part::Postgres, Part::Front] };
    steps.step("setup", || setup::run_parts(parts))?;
    let postgres = steps.step("PostgreSQL", Postgres::start)?;
    steps.step("build", demo::build)?;
    steps.step(&format!("tests of {capability}"), || {
        process::run(with_server(of_capability(capability).args(["--bins", "--tests"]), &postgres))
    })
}

/// Runs the tests of one crate: `cargo test -p` would change the features of the dependencies and build them again.
pub fn of_capability(capability: &str) -> Command {
    let config = format!("target.'cfg(all())'.runner = ['sh', '-c', '''{RUNNER}''', '{capability}']");
    let mut tests = cargo();
    tests.args(["test", "--workspace", "--lib", "--config", &config]);
    tests
}

/// Tells the tests of a command where the second engine is, and where to write.
pub fn with_server<'a>(tests: &'a mut Command, postgres: &Postgres) -> &'a mut Command {
    tests.env(POSTGRES, postgres.url()).env("TMPDIR", postgres.passing())
}

fn is_crate(name: &str) -> bool {
    let plain = !name.is_empty() && name.chars().all(|letter| letter.is_ascii_lowercase() || letter == '_');
    plain && ["domain", "base", "."].iter().any(|folder| root().join(folder).join(name).join("Cargo.toml").is_file())
}

/// The files are named one by one: Node 20 does not know patterns.
fn browser_trials() -> Result<Vec<PathBuf>> {
    let folder = root().join(BROWSER);
    if !folder.join("package.json").is_file() {
        return Ok(Vec::new());
    }
    let mut trials: Vec<PathBuf> = std::fs::read_dir(folder)?.flatten().map(|entry| entry.path()).collect();
    trials.retain(|path| path.to_string_lossy().ends_with(".test.mjs"));
    trials.sort();
    Ok(trials)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_capability_is_a_crate_of_the_house() {
        assert!(is_crate("annuaire") && is_crate("kit") && is_crate("xtask"));
        assert!(!is_crate("jardinage") && !is_crate("../kit") && !is_crate("") && !is_crate("annuaire'"));
    }
}
