//! The bench, in release.

use anyhow::Result;

use crate::process::{self, become_program, built, cargo, command};
use crate::setup::{self, Part};
use crate::steps::Steps;

pub fn run(args: &[String]) -> Result<()> {
    prepare()?;
    become_program(command(built("release", "bancs")).args(args).env("MAILLAGE_BIN", built("release", "maillage")))
}

fn prepare() -> Result<()> {
    let mut steps = Steps::default();
    steps.step("setup", || setup::run_parts(Part::PAGE))?;
    steps.step("build", || process::run(cargo().args(["build", "--release", "--workspace", "--bin", "maillage", "--bin", "bancs"])))
}
