//! What the house needs beyond Rust, Node and Python, installed when it is missing.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use crate::process::{command, is_installed, is_root, root, run_quietly, target};
use crate::steps::Steps;
use crate::{freshness, postgres};

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Part {
    /// Debian's PostgreSQL, for the tests on the second engine.
    Postgres,
    /// Debian's Chromium, for the browser trials and the captures.
    Chromium,
    /// Debian's poppler and qpdf, which read back the PDFs of the trials.
    Poppler,
    /// The node packages of `essais/navigateur`.
    Browser,
    /// Schemathesis, in a Python environment of its own under `target/`.
    Schemathesis,
    /// The official checks of open data, in another one.
    DonneesOuvertes,
    /// The node packages of `front`, and the styles and scripts built from it.
    Front,
}

impl Part {
    pub const ALL: &[Part] =
        &[Part::Postgres, Part::Chromium, Part::Poppler, Part::Browser, Part::Schemathesis, Part::DonneesOuvertes, Part::Front];
    pub const PAGE: &[Part] = &[Part::Front];
}

pub fn run_parts(parts: &[Part]) -> Result<()> {
    install_debian(&missing_packages(parts))?;
    if parts.contains(&Part::Browser) {
        install_node_packages(&root().join("essais/navigateur"))?;
    }
    if parts.contains(&Part::Schemathesis) {
        install_python_packages(&root().join("essais/schemathesis/requirements.txt"), &target().join("schemathesis"))?;
    }
    if parts.contains(&Part::DonneesOuvertes) {
        install_python_packages(&root().join("essais/donnees_ouvertes/requirements.txt"), &target().join("donnees_ouvertes"))?;
    }
    if parts.contains(&Part::Front) {
        install_node_packages(&root().join("front"))?;
        build_front(&root().join("front"))?;
    }
    Ok(())
}

pub fn run(parts: &[Part]) -> Result<()> {
    Steps::default().step("setup", || run_parts(parts))
}

fn missing_packages(parts: &[Part]) -> Vec<&'static str> {
    let mut missing = Vec::new();
    if parts.contains(&Part::Postgres) && postgres::find_programs().is_none() {
        missing.push("postgresql");
    }
    // The mail box of the trials of the line; its program is not on everybody's path.
    if parts.contains(&Part::Postgres) && !std::path::Path::new("/usr/sbin/dovecot").exists() {
        missing.push("dovecot-imapd");
    }
    if parts.contains(&Part::Chromium) && !is_installed("chromium") {
        missing.push("chromium");
    }
    // Moves the clock of the program in the trial of a whole day.
    if parts.contains(&Part::Browser) && !has_libfaketime() {
        missing.push("libfaketime");
    }
    if parts.contains(&Part::Poppler) && !is_installed("pdftotext") {
        missing.push("poppler-utils");
    }
    if parts.contains(&Part::Poppler) && !is_installed("qpdf") {
        missing.push("qpdf");
    }
    if (parts.contains(&Part::Schemathesis) || parts.contains(&Part::DonneesOuvertes)) && !has_venv() {
        missing.push("python3-venv");
    }
    missing
}

/// In the folder of this machine's own kind.
fn has_libfaketime() -> bool {
    ["x86_64", "aarch64"].iter().any(|kind| Path::new(&format!("/usr/lib/{kind}-linux-gnu/faketime/libfaketime.so.1")).exists())
}

/// Debian cuts this part away from Python.
fn has_venv() -> bool {
    command("python3").args(["-c", "import venv, ensurepip"]).output().is_ok_and(|output| output.status.success())
}

/// The packages of a list, installed apart; the copy of the list is written last: an interrupted installation leaves none.
fn install_python_packages(list: &Path, environment: &Path) -> Result<()> {
    let installed = environment.join("requirements.txt");
    if !freshness::is_stale(&[list.to_path_buf()], std::slice::from_ref(&installed))? {
        return Ok(());
    }
    println!("  pip install in {}", environment.display());
    run_quietly(command("python3").args(["-m", "venv", "--clear"]).arg(environment))?;
    run_quietly(command(environment.join("bin/pip")).args(["install", "--quiet", "--disable-pip-version-check", "-r"]).arg(list))?;
    std::fs::copy(list, &installed)?;
    Ok(())
}

fn install_debian(packages: &[&str]) -> Result<()> {
    if packages.is_empty() {
        return Ok(());
    }
    let list = packages.join(" ");
    if !is_installed("apt-get") {
        bail!("{list}: missing, and there is no apt-get here; install it by your system's own means");
    }
    println!("  apt-get install {list}");
    run_quietly(apt_get().arg("update"))?;
    run_quietly(apt_get().args(["install", "--yes", "--no-install-recommends"]).args(packages))
}

fn apt_get() -> std::process::Command {
    let mut apt_get = if is_root() { command("env") } else { command("sudo") };
    apt_get.args(["DEBIAN_FRONTEND=noninteractive", "apt-get", "--quiet"]);
    apt_get
}

fn install_node_packages(folder: &Path) -> Result<()> {
    let lock = folder.join("package-lock.json");
    // npm writes this file last: an interrupted installation leaves none.
    let installed = folder.join("node_modules/.package-lock.json");
    if !lock.is_file() || !freshness::is_stale(&[lock], &[installed])? {
        return Ok(());
    }
    println!("  npm ci in {}", folder.display());
    run_quietly(npm()?.args(["ci", "--no-audit", "--no-fund"]).current_dir(folder))
}

fn build_front(folder: &Path) -> Result<()> {
    let sources = ["src", "construire.mjs", "package-lock.json"].map(|name| folder.join(name));
    let built: [PathBuf; 1] = [folder.join("dist")];
    if !freshness::is_stale(&sources, &built)? {
        return Ok(());
    }
    println!("  npm run build in {}", folder.display());
    run_quietly(npm()?.args(["run", "--silent", "build"]).current_dir(folder))
}

pub fn npm() -> Result<std::process::Command> {
    if !is_installed("npm") {
        bail!("npm is missing: install Node (https://nodejs.org, version 20 or later)");
    }
    Ok(command("npm"))
}
