//! The faults, at full length: what the tests try in a few seconds is tried here until it would have failed.

use anyhow::{Result, bail};

use crate::postgres::Postgres;
use crate::process::{self, built, cargo};
use crate::setup::{self, Part};
use crate::steps::Steps;
use crate::{demo, test};

/// The trials of `essais/tests` that have a long form, each named after what goes wrong.
const TRIALS: [&str; 11] = [
    "perte",
    "coupure",
    "lenteur",
    "base_perdue",
    "disque_plein",
    "horloge",
    "charge_sauvegarde",
    "schemathesis",
    "connexions",
    "donnees_ouvertes",
    "operateurs",
];
/// Those of them that share their program with others: `essais/tests/essais`.
const GATHERED: [&str; 2] = ["donnees_ouvertes", "horloge"];
/// Measures how long people wait: on the program as it is given to them.
const TIMED: &str = "operateurs";
/// Read by `essais::is_long`.
const LONG: &str = "MAILLAGE_PANNES";

pub fn run(asked: &[String]) -> Result<()> {
    if let Some(unknown) = asked.iter().find(|name| !TRIALS.contains(&name.as_str())) {
        bail!("{unknown}: the faults are {}", TRIALS.join(", "));
    }
    let mut steps = Steps::default();
    steps.step("setup", || setup::run_parts(&[Part::Postgres, Part::Schemathesis, Part::DonneesOuvertes, Part::Front]))?;
    let postgres = steps.step("PostgreSQL", Postgres::start)?;
    steps.step("build", demo::build)?;
    if asked.is_empty() {
        let mut altered = test::of_capability("sauvegarde");
        altered.args(["--quiet", "--", "--nocapture", "altered"]);
        steps.step("altération", || process::run(test::with_server(&mut altered, &postgres)))?;
    }
    for name in TRIALS.iter().filter(|name| asked.is_empty() || asked.iter().any(|one| one == *name)) {
        // One at a time, for the times they measure, and with what they print: the counts are the result.
        let (program, filter) = if GATHERED.contains(name) { ("essais", format!("{name}::")) } else { (*name, String::new()) };
        let mut trial = cargo();
        trial.args(["test", "--workspace", "--quiet", "--test", program, "--", &filter, "--nocapture", "--test-threads=1"]).env(LONG, "1");
        if *name == TIMED {
            steps.step("release", || process::run(cargo().args(["build", "--release", "--workspace", "--bin", "maillage"])))?;
            trial.env("MAILLAGE_BIN", built("release", "maillage"));
        }
        steps.step(name, || process::run(test::with_server(&mut trial, &postgres)))?;
    }
    Ok(())
}
