//! The bilan of a year as files: the seed's year, the standard that the PDF promises, and what stays when a person is erased.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a trial stops where it fails")]

use std::process::Command;

use essais::{Programme, post, read_pdf};
use kit::{Db, sql};

fn run(arguments: &[&str]) -> (bool, String) {
    let output = Programme::run(arguments);
    let text = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    (output.status.success(), text)
}

fn write(base: &str, annee: &str, sortie: &str) -> Vec<u8> {
    let (is_right, said) = run(&["bilan", "--base", base, "--territoire", "brenne", "--annee", annee, "--sortie", sortie]);
    assert!(is_right, "{said}");
    std::fs::read(sortie).unwrap()
}

/// What a program of the system says of a file.
fn ask(program: &str, arguments: &[&str]) -> (bool, String) {
    let output = Command::new(program).args(arguments).output().unwrap_or_else(|_| panic!("{program}, installed by the setup"));
    (output.status.success(), String::from_utf8_lossy(&output.stdout).into_owned())
}

#[test]
fn the_year_of_the_seed_is_told_in_three_formats() {
    let folder = std::env::temp_dir().join(format!("bilan-2009-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = |name: &str| folder.join(name).display().to_string();
    for name in ["bilan.pdf", "bilan.html", "bilan.xlsx"] {
        let (is_right, said) = {
            let output = Command::new(essais::binary())
                .args(["bilan", "--territoire", "brenne", "--annee", "2009", "--sortie", &path(name)])
                .current_dir(&folder)
                .env_remove("MAILLAGE_BASE")
                .output()
                .unwrap();
            (output.status.success(), String::from_utf8_lossy(&output.stderr).into_owned())
        };
        assert!(is_right && said.contains("données de démonstration"), "{said}");
    }
    let pdf = std::fs::read(path("bilan.pdf")).unwrap();
    let paper = read_pdf(&pdf);
    let told = [
        "Bilan 2009",
        "Sommaire",
        "132 demandes ont été recensées",
        "Aucune n’est restée sans solution",
        "17 251 €",
        "3 456 €",
        "131 €",
        "Le nombre d’appels reste limité",
        "Aucune demande de service inexistant",
        "Méthode et définitions",
    ];
    for said in told {
        assert!(paper.contains(said), "« {said} » is not in: {paper}");
    }
    let page = std::fs::read_to_string(path("bilan.html")).unwrap();
    assert!(page.contains("132\u{a0}demandes ont été recensées") && page.contains("<svg") && !page.contains("<script"));
    let sheets = tableur::read(&std::fs::read(path("bilan.xlsx")).unwrap()).unwrap();
    assert!(sheets.iter().any(|(_, cells)| cells.iter().any(|cell| cell.contains("132"))), "{sheets:?}");
    let (_, fonts) = ask("pdffonts", &[&path("bilan.pdf")]);
    let lines: Vec<&str> = fonts.lines().skip(2).collect();
    assert!(!lines.is_empty() && lines.iter().all(|line| line.split_whitespace().rev().nth(4) == Some("yes")), "{fonts}");
    let (_, info) = ask("pdfinfo", &[&path("bilan.pdf")]);
    let pages: u32 = info.lines().find_map(|line| line.strip_prefix("Pages:")).unwrap().trim().parse().unwrap();
    assert!((12..=20).contains(&pages) && info.contains("Tagged:") && info.contains("yes"), "{info}");
    let (is_right, said) = ask("qpdf", &["--check", &path("bilan.pdf")]);
    assert!(is_right, "{said}");
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn what_cannot_be_written_is_said() {
    for (arguments, sentence) in [
        (vec!["bilan", "--sortie", "bilan.doc"], ".pdf, .html ou .xlsx"),
        (vec!["bilan", "--sortie", "bilan.pdf", "--base", "/tmp/nulle-part/absente.sqlite"], "n’existe pas"),
    ] {
        let (is_right, said) = run(&arguments);
        assert!(!is_right && said.contains(sentence), "{said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_who_is_erased_leaves_last_year_as_it_was() {
    let base = testkit::sqlite_path();
    let (is_right, said) = run(&["territoire", "creer", "--slug", "brenne", "--nom", "Brenne", "--epci", "243600319", "--base", &base]);
    assert!(is_right, "{said}");
    let mut programme = Programme::start("servir", &base);
    for _ in 0..7 {
        let form = r#"{"commune":"36173","besoin":"menage","rappel_nom":"Zoé Marqueur","consentement":"oui"}"#;
        assert_eq!(post(programme.at, "/api/v1/demandes", "application/json", form).unwrap().status, 201);
    }
    programme.kill();
    let db = Db::open(&base).await.unwrap();
    let tx = db.begin().await.unwrap();
    // Two years and a half earlier, and their facts in a year that is over.
    for age in [
        "UPDATE accueil_demande SET received_at = received_at - 78900000, updated_at = updated_at - 78900000",
        "UPDATE kit_fait SET jour = '2024-05-14'",
    ] {
        sql::execute(&tx, age, []).await.unwrap();
    }
    // What the counters held of them is counted again.
    sql::execute(&tx, "DELETE FROM observatoire_cumul", []).await.unwrap();
    sql::execute(&tx, "UPDATE kit_fait SET lot = 0", []).await.unwrap();
    tx.commit().await.unwrap();
    let pdf = format!("{base}.pdf");
    let before = read_pdf(&write(&base, "2024", &pdf));
    assert!(before.contains("7 demandes ont été recensées"), "{before}");
    let (is_right, said) = run(&["conservation", "--appliquer", "--base", &base]);
    assert!(is_right && said.contains("7\u{a0}demandes traitées"), "{said}");
    let erased = sql::number(db.read(), "SELECT COUNT(*) FROM accueil_demande WHERE rappel_nom IS NOT NULL", []).await.unwrap();
    assert_eq!(erased, 0);
    assert_eq!(read_pdf(&write(&base, "2024", &pdf)), before);
    std::fs::remove_file(pdf).unwrap();
}
