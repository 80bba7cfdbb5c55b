//! Retention, as an operator runs it: listed, then erased, and never a name on the terminal.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a trial stops where it fails")]

use essais::{Programme, post};
use kit::{Db, sql};

fn run(arguments: &[&str]) -> (bool, String) {
    let output = Programme::run(arguments);
    let text = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    (output.status.success(), text)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_kept_too_long_is_listed_then_erased() {
    let base = testkit::sqlite_path();
    let (is_right, said) = run(&["territoire", "creer", "--slug", "brenne", "--nom", "Brenne", "--epci", "243600319", "--base", &base]);
    assert!(is_right, "{said}");
    let mut programme = Programme::start("servir", &base);
    let form = r#"{"commune":"36173","besoin":"menage","rappel_nom":"Zoé Marqueur","consentement":"oui"}"#;
    assert_eq!(post(programme.at, "/api/v1/demandes", "application/json", form).unwrap().status, 201);
    programme.kill();
    let db = Db::open(&base).await.unwrap();
    let tx = db.begin().await.unwrap();
    // Two years and a half earlier.
    let age = "UPDATE accueil_demande SET received_at = received_at - 78900000, updated_at = updated_at - 78900000";
    sql::execute(&tx, age, []).await.unwrap();
    tx.commit().await.unwrap();
    let count_names =
        async || sql::number(db.read(), "SELECT COUNT(*) FROM accueil_demande WHERE rappel_nom IS NOT NULL", []).await.unwrap();

    let (is_right, said) = run(&["conservation", "regler", "demande", "36", "--base", &base]);
    assert!(is_right && said.contains("36 mois"), "{said}");
    let (is_right, said) = run(&["conservation", "--base", &base]);
    assert!(is_right && said.contains("0\u{a0}demande échue"), "{said}");
    let (is_right, said) = run(&["conservation", "regler", "demande", "24", "--territoire", "brenne", "--base", &base]);
    assert!(is_right, "{said}");
    let (is_right, said) = run(&["conservation", "--base", &base]);
    assert!(is_right && said.contains("n° 1, reçue le ") && said.contains("Rien n’a été effacé") && !said.contains("Zoé"), "{said}");
    assert_eq!(count_names().await, 1);
    let (is_right, said) = run(&["conservation", "--appliquer", "--base", &base]);
    assert!(is_right && said.contains("1\u{a0}demande traitée") && !said.contains("Zoé"), "{said}");
    assert_eq!(count_names().await, 0);

    for (arguments, sentence) in [(["demande", "37"], "de 1 à 36 mois"), (["note", "12"], "choisissez parmi demande, rappel")] {
        let (is_right, said) = run(&[&["conservation", "regler"][..], &arguments, &["--base", &base]].concat());
        assert!(!is_right && said.contains(sentence), "{said}");
    }
    let (is_right, said) = run(&["conservation", "--territoire", "ailleurs", "--base", &base]);
    assert!(!is_right && said.contains("n’existe pas"), "{said}");
}
