//! Screenshots of the pages of the demo, to be looked at.

use anyhow::Result;

use crate::process::{self, built, command, root};
use crate::setup::{self, Part};
use crate::steps::Steps;
use crate::{demo, test};

pub fn run() -> Result<()> {
    let mut steps = Steps::default();
    let folder = root().join("captures");
    steps.step("setup", || setup::run_parts(&[Part::Chromium, Part::Browser, Part::Front]))?;
    steps.step("build", demo::build)?;
    steps.step("captures", || {
        std::fs::create_dir_all(&folder)?;
        let script = root().join(test::BROWSER).join("captures.mjs");
        process::run(command("node").arg(script).arg(&folder).env("MAILLAGE_BIN", built("debug", "maillage")))
    })?;
    println!("  the captures are in {}", folder.display());
    Ok(())
}
