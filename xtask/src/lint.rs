//! What is checked without running: format, clippy, the types of the scripts.

use anyhow::Result;

use crate::process::{self, cargo, root};
use crate::setup::{self, Part};
use crate::steps::Steps;

pub fn run() -> Result<()> {
    let mut steps = Steps::default();
    // The pages embed what front builds: without it the program does not compile.
    steps.step("setup", || setup::run_parts(Part::PAGE))?;
    add_steps(&mut steps)
}

pub fn add_steps(steps: &mut Steps) -> Result<()> {
    steps.step("format", || process::run(cargo().args(["fmt", "--all", "--check"])))?;
    steps.step("clippy", || process::run(cargo().args(["clippy", "--workspace", "--all-targets", "--quiet", "--", "-D", "warnings"])))?;
    steps.step("script types", || process::run(setup::npm()?.args(["run", "--silent", "verifier"]).current_dir(root().join("front"))))
}
