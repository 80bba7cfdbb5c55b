//! The keys, as an operator makes, turns and loses them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a trial stops where it fails")]

use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use essais::{Programme, post};
use kit::{Db, sql};

fn run(arguments: &[&str]) -> (bool, String) {
    let output = Programme::run(arguments);
    let text = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    (output.status.success(), text)
}

fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("maillage-{name}-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_are_made_beside_the_file_turned_and_every_text_is_encrypted_again() {
    let folder = folder("cles-sqlite");
    let base = folder.join("base.sqlite").display().to_string();
    let (is_right, said) = run(&["territoire", "creer", "--slug", "brenne", "--nom", "Brenne", "--epci", "243600319", "--base", &base]);
    assert!(is_right, "{said}");
    let mut programme = Programme::start_by("servir", &base, |command| {
        command.env_remove("MAILLAGE_CLES");
    });
    let keys = folder.join("maillage.cles");
    assert_eq!(std::fs::metadata(&keys).unwrap().permissions().mode() & 0o777, 0o600);
    let form = r#"{"commune":"36173","besoin":"menage","note":"le matin"}"#;
    assert_eq!(post(programme.at, "/api/v1/demandes", "application/json", form).unwrap().status, 201);
    programme.kill();

    let (is_right, said) = run(&["cles", "creer", &keys.display().to_string()]);
    assert!(!is_right && said.contains("existe déjà"), "{said}");
    let (is_right, said) = run(&["cles", "tourner", "--base", &base]);
    assert!(is_right && said.contains("Redémarrez"), "{said}");
    let (is_right, said) = run(&["cles", "rechiffrer", "--base", &base]);
    assert!(is_right && said.contains("1\u{a0}demande rechiffrée"), "{said}");
    let db = Db::open(&base).await.unwrap();
    let note = sql::texts(db.read(), "SELECT note FROM accueil_demande", []).await.unwrap().remove(0);
    let newest = std::fs::read_to_string(&keys).unwrap().lines().last().unwrap().split(' ').next().unwrap().to_string();
    assert!(note.starts_with(&format!("v1.{newest}.")), "{note}");

    std::fs::remove_file(&keys).unwrap();
    let (is_right, said) = run(&["cles", "rechiffrer", "--base", &base]);
    assert!(!is_right && said.contains("ne s’ouvre pas"), "{said}");
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn postgresql_is_not_served_without_a_file_of_keys() {
    let (is_right, said) = run(&["servir", "--base", "postgres://postgres@127.0.0.1:1/m"]);
    assert!(!is_right && said.contains("maillage cles creer FICHIER"), "{said}");
    let (is_right, said) = run(&["servir", "--base", "postgres://postgres@127.0.0.1:1/m", "--cles", "/nulle/part"]);
    assert!(!is_right && said.contains("/nulle/part ne s’ouvre pas"), "{said}");
}

#[test]
fn the_register_of_treatments_is_printed_with_what_is_encrypted() {
    let (is_right, said) = run(&["registre"]);
    assert!(is_right && said.contains("## Rappel des personnes") && said.contains("XChaCha20-Poly1305"), "{said}");
}
