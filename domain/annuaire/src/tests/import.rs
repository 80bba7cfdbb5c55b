//! Files as they come: right, wrong, cut, in another encoding.

use proptest::prelude::*;

use super::territoire;
use crate::import::{Verification, verify};

const HEADER: &str = "structure_id;structure;code_insee;telephone;besoins;mode;couverture;service_id";
const GOOD: &str = "s1;ADMR de Livron;26165;04 75 25 43 82;menage;a_domicile;epci:242600252;m1";

fn check(contenu: &[u8]) -> Verification {
    verify(contenu, "essai.csv", &territoire(), &|_, _| {})
}

fn check_lines(lines: &[&str]) -> Verification {
    check(format!("{HEADER}\n{}\n", lines.join("\n")).as_bytes())
}

/// (line, column, whether it blocks) of each problem.
fn problems(verification: &Verification) -> Vec<(u64, &str, bool)> {
    verification.rapport.problemes.iter().map(|one| (one.ligne, one.colonne.as_str(), one.bloquant)).collect()
}

#[test]
fn a_right_file_is_accepted() {
    let verification = check_lines(&[GOOD]);
    assert!(verification.rapport.is_accepted(), "{:?}", verification.rapport);
    let service = &verification.inscriptions[0].service;
    assert_eq!((service.nom.as_str(), service.mode.code()), ("Ménage et repassage", "a_domicile"));
}

#[test]
fn windows_1252_commas_tabs_and_marks_are_read() {
    let latin = encoding_rs::WINDOWS_1252
        .encode("structure_id;structure;commune;besoins;mode;couverture\ns1;Aînés d’Allex;Livron-sur-Drôme;ménage;à domicile;france\n")
        .0
        .into_owned();
    let verification = check(&latin);
    assert!(verification.rapport.is_accepted(), "{:?}", verification.rapport);
    assert_eq!(verification.inscriptions[0].structure.nom, "Aînés d’Allex");
    for separator in [",", "\t"] {
        let text = format!("\u{feff}{HEADER}\r\n{GOOD}\r\n").replace(';', separator);
        assert!(check(text.as_bytes()).rapport.is_accepted(), "{separator:?}");
    }
}

#[test]
fn every_problem_is_listed_with_its_line_column_and_advice() {
    let verification = check_lines(&[
        GOOD,
        "s2;;26165;;menage;a_domicile;france;m1",
        "s3;C;26400;;menage;a_domicile;france;m1",
        "s4;D;26165;12;menage;a_domicile;france;m1",
        "s5;E;26165;;xyzzy;a_domicile;france;m1",
        "s6;F;26165;;menage;en fusée;france;m1",
        "s7;G;26165;;menage;a_domicile;partout;m1",
        "s1;ADMR de Livron;26165;;menage;a_domicile;france;m1",
        "s1;Autre nom;26165;;menage;a_domicile;france;m2",
        "s8;H;26165;;menage;a_domicile;departement:62;m1",
    ]);
    let expected = [
        (3, "structure", true),
        (4, "code_insee", true),
        (5, "telephone", true),
        (6, "besoins", true),
        (7, "mode", true),
        (8, "couverture", true),
        (9, "service_id", true),
        (10, "structure", true),
        (11, "couverture", false),
    ];
    assert_eq!(problems(&verification), expected);
    assert!(!verification.rapport.is_accepted());
    assert!(verification.rapport.problemes.iter().all(|one| !one.conseil.is_empty() && one.fichier == "essai.csv"));
}

#[test]
fn a_broken_file_says_in_what_it_is_broken() {
    let advice = |contenu: &[u8]| check(contenu).rapport.problemes[0].conseil.clone();
    assert!(advice(b"").contains("vide"));
    assert!(advice(b"PK\x03\x04").contains("pas un classeur lisible"));
    assert!(advice(b"%PDF-1.7").contains("pas un fichier CSV"));
    assert!(advice(HEADER.as_bytes()).contains("que des titres"));
    assert!(advice(b"structure;besoins\na;b\n").contains("structure_id"));
    assert!(advice(format!("{HEADER}\n{GOOD}\ns2;\"coup").as_bytes()).contains("coupé"));
    assert!(advice(format!("{HEADER}\n{GOOD}\ns2;coup").as_bytes()).contains("cases au lieu de"));
}

#[test]
fn an_ambiguous_commune_is_asked_back() {
    let contenu = "structure_id;structure;commune;besoins;mode;couverture\ns1;A;Saint-Marcel;menage;a_domicile;france\n";
    let verification = check(contenu.as_bytes());
    assert_eq!(problems(&verification), [(2, "commune", true)]);
    assert!(verification.rapport.problemes[0].conseil.contains("code INSEE"));
}

#[test]
fn a_report_keeps_the_first_problems_and_counts_them_all() {
    let lines: Vec<String> = (0..2_000).map(|rang| format!("s{rang};A;26165;;xyzzy;a_domicile;france;m")).collect();
    let rapport = check_lines(&lines.iter().map(String::as_str).collect::<Vec<_>>()).rapport;
    assert_eq!((rapport.problemes.len(), rapport.total, rapport.bloquants), (500, 2_000, 2_000));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn no_bytes_make_the_reading_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        check(&bytes);
    }

    #[test]
    fn no_cells_make_the_reading_panic(cells in prop::collection::vec("\\PC{0,30}", 8), extra in "[;,\"\n\r\u{0}é]{0,5}") {
        check(format!("{HEADER}\n{GOOD}\n{}{extra}", cells.join(";")).as_bytes());
    }

    #[test]
    fn a_file_cut_anywhere_is_never_half_accepted(at in 0_usize..200) {
        let text = format!("{HEADER}\n{GOOD}\n{}", GOOD.replace("s1;", "s2;\"x\";").replace("\"x\";ADMR de Livron", "\"Autre\""));
        let cut = at.min(text.len());
        let verification = check(&text.as_bytes()[..cut]);
        if verification.rapport.is_accepted() {
            prop_assert_eq!(verification.inscriptions.len(), verification.rapport.lignes);
        }
    }
}
