//! The API, asked by a program that has only read its description (schemathesis): what the description allows is accepted,
//! what it does not is refused, and every answer has the shape it announces. With a session and without.
//! A hundred cases an operation in the tests, a thousand in `cargo xtask pannes`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a trial stops where it fails")]

use std::path::PathBuf;
use std::process::Command;

use essais::{COURRIEL, MOT_DE_PASSE, Programme, ask, is_long};

/// Where `cargo xtask setup` puts it.
fn tool() -> PathBuf {
    let tool = essais::binary().parent().unwrap().with_file_name("schemathesis").join("bin/st");
    assert!(tool.exists(), "{} is missing: `cargo xtask setup` installs it", tool.display());
    tool
}

fn sign_in(programme: &Programme) -> String {
    let form = format!("courriel={COURRIEL}&mot_de_passe={}", MOT_DE_PASSE.replace(' ', "+"));
    let headers = [("Content-Type", "application/x-www-form-urlencoded")];
    let answer = ask(programme.at, ("POST", "/brenne/connexion"), &headers, &form).unwrap();
    answer.header("set-cookie").split(';').next().unwrap().to_string()
}

/// Asked from this machine, the API counts nothing: it takes the tool for a reverse proxy of ours.
fn check(about: &str, header: Option<&str>, programme: &Programme) {
    let (cases, passing) = (if is_long() { "1000" } else { "100" }, testkit::sqlite_path());
    std::fs::create_dir(&passing).unwrap();
    let mut command = Command::new(tool());
    command.current_dir(passing).args(["run", &format!("http://{}/api/openapi.json", programme.at), "--checks", "all", "-n", cases]);
    command.args(["--no-color", "--continue-on-failure", "--request-timeout", "10"]);
    // In the tests the same cases each time: what passes today passes tomorrow. The long run looks elsewhere each time.
    command.args(if is_long() { ["--generation-database", "none"].as_slice() } else { &["--generation-deterministic"] });
    if let Some(header) = header {
        command.args(["-H", header]);
    }
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    let counts: Vec<&str> = said.lines().filter(|line| line.contains("generated") || line.contains("Tested:")).map(str::trim).collect();
    eprintln!("schemathesis {about}: {}", counts.join(", "));
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    assert!(said.contains("No issues found") && said.contains("Tested: 9"), "{said}");
}

#[test]
fn the_api_does_what_its_description_says_to_anybody() {
    check("without a session", None, &Programme::start("demo", &testkit::sqlite_path()));
}

#[test]
fn the_api_does_what_its_description_says_to_somebody_of_the_team() {
    let programme = Programme::start("demo", &testkit::sqlite_path());
    let cookie = sign_in(&programme);
    check("with a session", Some(&format!("Cookie: {cookie}")), &programme);
}
