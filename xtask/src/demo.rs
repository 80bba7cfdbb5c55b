//! The product on its demonstration territoires.

use anyhow::Result;

use crate::process::{self, become_program, built, cargo, command};
use crate::setup::{self, Part};
use crate::steps::Steps;

pub fn run(args: &[String]) -> Result<()> {
    prepare()?;
    become_program(command(built("debug", "maillage")).arg("demo").args(args))
}

fn prepare() -> Result<()> {
    let mut steps = Steps::default();
    steps.step("setup", || setup::run_parts(Part::PAGE))?;
    steps.step("build", build)
}

/// Always the whole workspace: asking for one package changes the features of the others and builds them again.
pub fn build() -> Result<()> {
    process::run(cargo().args(["build", "--workspace", "--bin", "maillage"]))
}
