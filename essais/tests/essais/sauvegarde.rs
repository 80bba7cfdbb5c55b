//! Backups as an operator makes them: while people write, by the command line, put back elsewhere.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a trial stops where it fails")]

use essais::{Programme, get, post};

fn run(arguments: &[&str]) -> (bool, String, String) {
    let output = Programme::run(arguments);
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.success(), text(&output.stdout), text(&output.stderr))
}

/// A folder with a key in it.
fn folder() -> (String, String) {
    let folder = format!("{}.dossier", testkit::sqlite_path());
    std::fs::create_dir(&folder).unwrap();
    let cle = format!("{folder}/cle");
    let (is_right, said, error) = run(&["cle", "creer", &cle]);
    assert!(is_right && said.contains("ailleurs"), "{said}{error}");
    (folder, cle)
}

fn record(at: std::net::SocketAddr, cle: &str) -> u16 {
    let body = format!(r#"{{"commune":"36173","besoin":"portage-repas","cle":"{cle}"}}"#);
    post(at, "/api/v1/demandes", "application/json", &body).unwrap().status
}

fn check(base: &str, elsewhere: &str) {
    let (folder, cle) = folder();
    let programme = Programme::start("demo", base);
    assert_eq!(record(programme.at, "avant"), 201);
    let archive = format!("{folder}/une.sauvegarde");
    let (is_right, said, error) = run(&["sauvegarder", &archive, "--cle", &cle, "--base", base]);
    assert!(is_right && said.contains("vérifiée"), "{said}{error}");
    assert_eq!(record(programme.at, "apres"), 201, "the service never stopped");

    let (is_right, _, error) = run(&["restaurer", &archive, "--cle", &cle, "--base", base, "--remplacer"]);
    assert!(!is_right && error.contains("en service"), "a base in service is not replaced: {error}");
    let (is_right, said, error) = run(&["restaurer", &archive, "--cle", &cle, "--base", elsewhere]);
    assert!(is_right && said.contains("comparée"), "{said}{error}");
    let restored = Programme::start("servir", elsewhere);
    assert_eq!(get(restored.at, "/brenne").unwrap().status, 200);
    assert_eq!(record(restored.at, "avant"), 200, "what was recorded before the backup is there");
    assert_eq!(record(restored.at, "apres"), 201, "what came after is not");

    let other = format!("{folder}/autre-cle");
    run(&["cle", "creer", &other]);
    let (is_right, _, error) = run(&["restaurer", &archive, "--cle", &other, "--base", elsewhere, "--remplacer"]);
    assert!(!is_right && error.contains("autre clé") && error.contains("rien n’a été remplacé"), "{error}");
}

#[test]
fn a_base_in_service_is_saved_and_put_back_elsewhere_on_sqlite() {
    check(&testkit::sqlite_path(), &testkit::sqlite_path());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_base_in_service_is_saved_and_put_back_elsewhere_on_postgresql() {
    let Ok(server) = std::env::var(testkit::POSTGRES) else {
        eprintln!("skipped: {} is not set", testkit::POSTGRES);
        return;
    };
    let base = testkit::create_postgres(&server).await;
    let elsewhere = format!("{base}_ailleurs");
    tokio::task::spawn_blocking(move || check(&base, &elsewhere)).await.unwrap();
}

#[test]
fn what_is_missing_is_said_in_a_sentence() {
    let (folder, cle) = folder();
    let (is_right, _, error) = run(&["sauvegarder", &folder, "--base", "absente.sqlite", "--cle", &cle]);
    assert!(!is_right && error.contains("n’existe pas"), "{error}");
    assert!(!std::path::Path::new("absente.sqlite").exists(), "a base to save is not created");
    let (is_right, _, error) = run(&["sauvegarder", &folder, "--base", "absente.sqlite"]);
    assert!(!is_right && error.contains("cle creer"), "{error}");
    let (is_right, _, error) = run(&["cle", "creer", &cle]);
    assert!(!is_right && error.contains("n’est pas créée"), "{error}");
}
