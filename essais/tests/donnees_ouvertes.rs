//! What the program gives to everybody, held against the official tools: the package `data-inclusion-schema`, strict, and the
//! compiled schemas of HSDS closed to keys that they do not declare. On the demo, and on the national annuaire of the bench:
//! its first thousand structures in the tests, the hundred thousand in `cargo xtask pannes`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a trial stops where it fails")]

use std::path::{Path, PathBuf};
use std::process::Command;

use essais::{Programme, is_long};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_path_buf()
}

/// Where `cargo xtask setup` puts it.
fn python() -> PathBuf {
    let python = essais::binary().parent().unwrap().with_file_name("donnees_ouvertes").join("bin/python");
    assert!(python.exists(), "{} is missing: `cargo xtask setup` installs it", python.display());
    python
}

/// The schemas of HSDS, which are not part of the project (CC BY-SA).
fn schemas() -> Option<PathBuf> {
    let schemas = root().parent().unwrap().join("shared/interop/hsds/compiled");
    if !schemas.is_dir() {
        eprintln!("HSDS skipped: {} is not there", schemas.display());
    }
    schemas.is_dir().then_some(schemas)
}

/// What the official tools say; the last line counts.
fn verify(arguments: &[&str]) -> (bool, String) {
    let output = Command::new(python()).arg(root().join("essais/donnees_ouvertes/verifier.py")).args(arguments).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    (output.status.success(), said)
}

fn export(more: &[&str], format: &str) -> PathBuf {
    let folder = PathBuf::from(format!("{}.{format}", testkit::sqlite_path()));
    let shown = folder.display().to_string();
    let output = Programme::run(&[&["exporter", "--format", format, "--sortie", &shown], more].concat());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    folder
}

/// Exports in both forms, and checks them.
fn check(about: &str, more: &[&str]) {
    let folder = export(more, "data-inclusion");
    let (is_right, said) = verify(&["data-inclusion", &folder.display().to_string()]);
    eprintln!("data·inclusion, {about}: {}", said.lines().last().unwrap_or_default());
    assert!(is_right, "{said}");
    let Some(schemas) = schemas() else { return };
    let folder = export(more, "hsds");
    let pair = |file: &str, schema: &str| format!("{}={schema}", folder.join(file).display());
    let pairs = [pair("organizations.json", "organization"), pair("services.json", "service")];
    let (is_right, said) = verify(&["hsds", &schemas.display().to_string(), &pairs[0], &pairs[1]]);
    eprintln!("HSDS, {about}: {}", said.lines().last().unwrap_or_default());
    assert!(is_right, "{said}");
}

#[test]
fn the_demo_passes_the_official_checks() {
    check("demo", &["--demo"]);
}

#[test]
fn the_national_annuaire_passes_the_official_checks() {
    let bancs = essais::binary().with_file_name("bancs");
    assert!(bancs.exists(), "{} is missing: `cargo build --workspace` makes it", bancs.display());
    let base = testkit::sqlite_path();
    let (file, wanted) = (format!("{base}.csv"), if is_long() { "100000" } else { "1000" });
    assert!(Command::new(bancs).args(["generer", "--structures", wanted, &file]).output().unwrap().status.success());
    let run = |arguments: &[&str]| {
        let output = Programme::run(arguments);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    };
    run(&["territoire", "creer", "--slug", "france", "--nom", "France", "--france", "--base", &base]);
    run(&["importer", "annuaire", &file, "--base", &base]);
    check("national", &["--base", &base]);
}

/// A check that cannot fail checks nothing.
#[test]
fn the_official_checks_see_what_is_wrong() {
    let folder = export(&["--demo", "--territoire", "brenne"], "data-inclusion");
    let path = folder.join("services.json");
    let right = std::fs::read_to_string(&path).unwrap();
    for (before, after) in [
        ("\"thematiques\":[\"", "\"thematiques\":[\"inconnue--"),
        ("\"structure_id\":\"", "\"structure_id\":\"autre-"),
        ("\"source\":", "\"inconnu\":1,\"source\":"),
        ("\"date_maj\":\"2", "\"date_maj\":\"3"),
    ] {
        assert!(right.contains(before));
        std::fs::write(&path, right.replacen(before, after, 1)).unwrap();
        let (is_right, said) = verify(&["data-inclusion", &folder.display().to_string()]);
        assert!(!is_right && said.contains("\"errors\": 1"), "{after}: {said}");
    }
    let Some(schemas) = schemas() else { return };
    let path = export(&["--demo", "--territoire", "brenne"], "hsds").join("services.json");
    let right = std::fs::read_to_string(&path).unwrap();
    for (before, after) in [("\"status\":\"active\"", "\"status\":\"ouvert\""), ("\"type\":\"voice\"", "\"sorte\":\"voice\"")] {
        assert!(right.contains(before));
        std::fs::write(&path, right.replacen(before, after, 1)).unwrap();
        let (is_right, said) = verify(&["hsds", &schemas.display().to_string(), &format!("{}=service", path.display())]);
        assert!(!is_right && said.contains("\"errors\": 1"), "{after}: {said}");
    }
}

#[test]
fn a_base_that_is_not_there_is_said_and_not_made() {
    let base = testkit::sqlite_path();
    let output = Programme::run(&["exporter", "--format", "csv", "--sortie", "/tmp", "--base", &base]);
    assert!(!output.status.success() && String::from_utf8_lossy(&output.stderr).contains("n’existe pas"));
    assert!(!Path::new(&base).exists());
}
