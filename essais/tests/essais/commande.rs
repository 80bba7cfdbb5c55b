//! The command line, as an operator and a developer use it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a trial stops where it fails")]

use essais::Programme;

fn run(arguments: &[&str]) -> (bool, String, String) {
    let output = Programme::run(arguments);
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.success(), text(&output.stdout), text(&output.stderr))
}

const FILE: &str =
    "structure_id;structure;code_insee;besoins;mode;couverture;service_id\ns1;ADMR de Livron;26165;menage;a_domicile;epci:242600252;m1\n";

fn write_file(name: &str, text: &str) -> String {
    let path = std::env::temp_dir().join(format!("maillage-{}-{name}", std::process::id()));
    std::fs::write(&path, text).unwrap();
    path.display().to_string()
}

#[test]
fn help_speaks_french_at_every_level() {
    for arguments in
        [vec!["--help"], vec!["orienter", "--help"], vec!["importer", "annuaire", "--help"], vec!["territoire", "creer", "--help"]]
    {
        let (is_right, help, _) = run(&arguments);
        assert!(is_right && help.contains("Usage :"), "{help}");
        for english in ["Usage:", "Options:\n  -h, --help  Print", "Commands:", "Arguments:\n  <FILE", "Print help"] {
            assert!(!help.contains(english), "{arguments:?} says « {english} »:\n{help}");
        }
    }
}

#[test]
fn programs_that_create_the_same_database_wait_for_each_other() {
    let base = testkit::sqlite_path();
    let outcomes: Vec<_> = std::thread::scope(|scope| {
        let started: Vec<_> = (0..6).map(|_| scope.spawn(|| run(&["migrer", "--base", &base]))).collect();
        started.into_iter().map(|one| one.join().unwrap()).collect()
    });
    assert!(outcomes.iter().all(|(is_right, ..)| *is_right), "{outcomes:?}");
    assert_eq!(outcomes.iter().filter(|(_, said, _)| said.contains("appliquée")).count(), 1, "{outcomes:?}");
}

#[test]
fn a_territoire_is_created_filled_and_asked() {
    let base = testkit::sqlite_path();
    let (is_right, said, error) =
        run(&["territoire", "creer", "--slug", "val-de-drome", "--nom", "Val de Drôme", "--epci", "242600252", "--base", &base]);
    assert!(is_right && said.contains("29"), "{said}{error}");

    let right = write_file("juste.csv", FILE);
    let (is_right, said, _) = run(&["importer", "annuaire", &right, "--verifier", "--base", &base]);
    assert!(is_right && said.contains("Rien n’a été écrit"), "{said}");
    let (is_right, said, error) = run(&["importer", "annuaire", &right, "--base", &base]);
    assert!(is_right && said.contains("Importé"), "{said}{error}");

    let (is_right, said, error) = run(&["orienter", "--commune", "26165", "--besoin", "femme de ménage", "--base", &base]);
    assert!(is_right && said.contains("ADMR de Livron") && said.contains("Dessert Livron-sur-Drôme"), "{said}{error}");
    let (is_right, json, _) = run(&["orienter", "--commune", "26165", "--besoin", "menage", "--json", "--base", &base]);
    let answer: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert!(is_right && answer["propositions"][0]["structure"]["nom"] == "ADMR de Livron");
}

#[test]
fn the_line_says_when_somebody_answers() {
    let base = testkit::sqlite_path();
    let creation = ["territoire", "creer", "--slug", "brenne", "--nom", "Brenne", "--epci", "243600319", "--base", &base];
    let ligne = ["--telephone", "02 54 28 12 12", "--horaires", "Mo-We,Fr 09:00-12:00,14:00-17:00; Th 09:00-12:00; PH off"];
    let (is_right, _, error) = run(&[&creation[..], &ligne[..]].concat());
    assert!(is_right, "{error}");
    let ask = |at: &str| run(&["ligne", "etat", "--a", at, "--json", "--base", &base]);
    // Thursday afternoon, then the first of May, a Friday; and the first morning of winter time.
    for (at, is_open, next) in [
        ("2026-07-02T10:00", true, None),
        ("2026-07-02T15:00", false, Some("2026-07-03T09:00:00+02:00")),
        ("2026-05-01T10:00", false, Some("2026-05-04T09:00:00+02:00")),
        ("2026-10-24T18:00", false, Some("2026-10-26T09:00:00+01:00")),
    ] {
        let (is_right, said, error) = ask(at);
        assert!(is_right, "{error}");
        let answer: serde_json::Value = serde_json::from_str(&said).unwrap();
        assert_eq!(answer[0]["ouverte"], is_open, "{at}");
        assert_eq!(answer[0]["prochaine_ouverture"].as_str(), next, "{at}");
    }
    let (is_right, _, error) = ask("2026-02-31T10:00");
    assert!(!is_right && error.contains("n’est pas un moment"), "{error}");
    let (is_right, _, error) = ask("2027-03-28T02:30");
    assert!(!is_right && error.contains("l’heure change"), "{error}");
}

#[test]
fn a_territoire_is_created_with_its_bassins_which_a_coverage_may_name() {
    let base = testkit::sqlite_path();
    let bassins = write_file(
        "bassins.csv",
        "bassin_code;bassin_nom;code_insee\nLivron-Loriol;Livron – Loriol;26165\nLivron-Loriol;Livron – Loriol;26166\n",
    );
    let create = |slug: &str, bassins: &str| {
        run(&["territoire", "creer", "--slug", slug, "--nom", "T", "--epci", "242600252", "--bassins", bassins, "--base", &base])
    };
    let (is_right, said, error) = create("t", &bassins);
    assert!(is_right, "{said}{error}");
    let services = write_file("bassin.csv", &FILE.replace("epci:242600252", "bassin:livron-loriol"));
    let (is_right, said, error) = run(&["importer", "annuaire", &services, "--base", &base]);
    assert!(is_right, "{said}{error}");
    let ask = |commune: &str| run(&["orienter", "--commune", commune, "--besoin", "menage", "--json", "--base", &base]).1;
    assert!(ask("26166").contains("\"sans_solution\":null") && !ask("26006").contains("\"sans_solution\":null"));

    let (is_right, _, error) = create("u", &write_file("faux-bassins.csv", "bassin_code;bassin_nom;code_insee\na;A;00000\n"));
    assert!(!is_right && error.contains("ligne 2"), "{error}");
}

#[test]
fn a_wrong_file_is_refused_line_by_line_and_writes_nothing() {
    let base = testkit::sqlite_path();
    run(&["territoire", "creer", "--slug", "t", "--nom", "T", "--epci", "242600252", "--base", &base]);
    let wrong = write_file("faux.csv", &format!("{FILE}s2;B;00000;menage;a_domicile;france;m1\n"));
    let (is_right, said, _) = run(&["importer", "annuaire", &wrong, "--base", &base]);
    assert!(!is_right && said.contains("ligne 3, colonne code_insee « 00000 »") && said.contains("Rien n’a été importé"), "{said}");
    let (_, said, _) = run(&["orienter", "--commune", "26165", "--besoin", "menage", "--base", &base]);
    assert!(!said.contains("ADMR"), "{said}");
}

#[test]
fn mistakes_are_explained_in_one_sentence() {
    let base = testkit::sqlite_path();
    let (is_right, _, error) = run(&["orienter", "--commune", "26400", "--besoin", "menage", "--base", &base]);
    assert!(!is_right && error.contains("26400 est un code postal"), "{error}");
    let (is_right, _, error) = run(&["orienter", "--commune", "26165"]);
    assert!(!is_right && error.contains("il manque --besoin"), "{error}");
    let (is_right, _, error) = run(&["orientter"]);
    assert!(!is_right && error.contains("n’existe pas"), "{error}");
    let (is_right, said, error) = run(&["importer", "annuaire", &write_file("sans.csv", FILE), "--verifier", "--base", &base]);
    assert!(is_right && said.contains("Rien n’a été écrit"), "a file is looked at before any territoire exists: {said}{error}");
    let (is_right, _, error) = run(&["importer", "annuaire", "absent.csv", "--base", &base]);
    assert!(!is_right && error.contains("aucun territoire"), "{error}");
    let (is_right, _, error) = run(&["migrer", "--base", "postgres://postgres:secret@127.0.0.1:1/x"]);
    assert!(!is_right && !error.contains("secret"), "a password is never written: {error}");
    let (is_right, _, error) = run(&["territoire", "creer", "--slug", "A B", "--nom", "x", "--epci", "242600252", "--base", &base]);
    assert!(!is_right && error.contains("minuscules"), "{error}");
}

#[test]
fn structures_are_imported_and_their_duplicates_told_with_reasons() {
    let base = testkit::sqlite_path();
    run(&["territoire", "creer", "--slug", "t", "--nom", "T", "--epci", "242600252", "--base", &base]);
    let lines = "id,nom,adresse,code_insee,telephone\n1,France services Livron,90 avenue Joseph Combier,26165,0469110057\n\
                 2,EFS LIVRON,90 AV JOSEPH COMBIER,26165,0469110057\n3,Mairie de Livron,90 avenue Joseph Combier,26165,0475617466\n";
    let file = write_file("structures.csv", lines);
    let (is_right, said, error) = run(&["importer", "annuaire", &file, "--base", &base]);
    assert!(is_right && said.contains("ligne 3, colonne structure") && said.contains("points sur 100"), "{said}{error}");
    let (is_right, json, error) = run(&["doublons", "--json", "--base", &base]);
    let answer: serde_json::Value = serde_json::from_str(&json).unwrap();
    let paires = answer["paires"].as_array().unwrap();
    assert!(is_right && paires.len() == 1 && answer["structures"] == 3, "{json}{error}");
    let points: i64 = paires[0]["points"].as_array().unwrap().iter().map(|one| one["points"].as_i64().unwrap()).sum();
    assert_eq!(paires[0]["score"], points);
    let (is_right, said, _) = run(&["doublons", "--seuil", "90", "--base", &base]);
    assert!(is_right && said.contains("0\u{a0}doublon possible"), "{said}");
}
