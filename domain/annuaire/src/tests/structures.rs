//! Files of structures: the real ones with their quirks, the faults they are known for, and what becomes of them in the tables.

use std::io::Read;

use kit::{Db, sql, values};
use territoire::Territoire;

use super::doublons::shared;
use super::territoire;
use crate::Categorie;
use crate::doublons::{SEUIL, find_paires};
use crate::import::{Verification, import, verify};
use crate::storage::doublons::{list_candidats, list_candidats_near};
use crate::storage::fiche::find_fiche;
use crate::storage::list_structures;

fn read(name: &str) -> Option<Vec<u8>> {
    let contenu = std::fs::read(shared(name)?).unwrap();
    let mut text = vec![];
    match name.ends_with(".gz") {
        true => flate2::read::GzDecoder::new(contenu.as_slice()).read_to_end(&mut text).map(|_| text).ok(),
        false => Some(contenu),
    }
}

fn check(contenu: &[u8], name: &str) -> Verification {
    verify(contenu, name, &territoire(), &|_, _| {})
}

/// (line, column) of each remark about which `words` are said.
fn said<'a>(verification: &'a Verification, words: &str) -> Vec<(u64, &'a str)> {
    let remarks = verification.rapport.problemes.iter().filter(|one| one.conseil.contains(words));
    remarks.map(|one| (one.ligne, one.colonne.as_str())).collect()
}

#[test]
fn the_known_faults_of_the_brenne_are_listed_with_line_column_and_advice() {
    let Some(contenu) = read("jeu_brenne.csv") else { return };
    let verification = check(&contenu, "jeu_brenne.csv");
    let rapport = &verification.rapport;
    assert!(rapport.is_accepted(), "{:?}", rapport.problemes);
    assert_eq!((rapport.lignes, rapport.structures, verification.structures.len()), (98, 98, 98));
    assert_eq!(said(&verification, "points sur 100"), [(23, "structure")], "Brenne Box is the France services of line 2");
    assert_eq!(said(&verification, "le point est à"), [(27, "latitude")], "INFREP, 80 km away");
    assert_eq!(said(&verification, "c’est le nom qui est retenu"), [(24, "categorie")], "the CCAS typed « Mairie »");
    assert_eq!(said(&verification, "aucun téléphone").len(), 14);
    assert_eq!(said(&verification, "aucun point").len(), 6);
    assert!(said(&verification, "même SIRET").is_empty() && said(&verification, "clé d’un SIRET").is_empty());
    assert!(rapport.problemes.iter().all(|one| one.fichier == "jeu_brenne.csv" && !one.conseil.is_empty()));
    let infrep = verification.structures.iter().find(|one| one.structure.nom == "INFREP").unwrap();
    assert_eq!((infrep.lieu.point, infrep.lieu.commune.as_str()), (None, "36018"));
    let argy = verification.structures.iter().find(|one| one.structure.nom == "Mairie Argy").unwrap();
    assert_eq!((argy.lieu.adresse.as_deref(), argy.structure.categorie), (Some("11 place de la Mairie"), Categorie::Mairie));
}

#[test]
fn the_faults_of_the_val_de_drome_are_listed_and_its_duplicates_are_found_as_imported() {
    let Some(contenu) = read("jeu_val_de_drome.csv") else { return };
    let verification = check(&contenu, "jeu_val_de_drome.csv");
    assert!(verification.rapport.is_accepted(), "{:?}", verification.rapport.problemes);
    assert_eq!(verification.structures.len(), 74, "three lines that share a SIRET as id are three structures");
    assert_eq!(said(&verification, "points sur 100").len(), 10);
    let shared_siret = said(&verification, "même SIRET").into_iter().map(|(ligne, _)| ligne).collect::<Vec<_>>();
    assert_eq!(shared_siret, [13, 16, 18, 19, 20, 21, 23, 24, 26]);
    let aubenasson = verification.structures.iter().find(|one| one.structure.nom == "Mairie Aubenasson").unwrap();
    assert!(aubenasson.lieu.adresse.as_deref().unwrap().contains("Saillans"), "an address in another commune stays whole");
}

#[test]
fn the_lists_of_france_load_with_their_quirks() {
    for (name, lignes, structures, categorie) in [
        ("siae_62.csv", 126, 126, Categorie::Aci),
        ("ehpad_2023.csv.gz", 6_301, 6_301, Categorie::Ehpad),
        ("france_services_2024.csv.gz", 2_845, 2_845, Categorie::FranceServices),
        ("mediation_numerique_2023.csv.gz", 3_490, 3_490, Categorie::Association),
        ("agences_emploi_2026.csv", 957, 957, Categorie::Autre),
    ] {
        let Some(contenu) = read(name) else { continue };
        let verification = check(&contenu, name);
        let rapport = &verification.rapport;
        let blocking: Vec<_> = rapport.problemes.iter().filter(|one| one.bloquant).take(5).collect();
        assert!(rapport.is_accepted(), "{name}: {blocking:#?}");
        println!("{name}: {} structures, {} remarks", verification.structures.len(), rapport.total);
        assert_eq!(rapport.lignes, lignes, "{name}");
        assert!(verification.structures.len() * 100 >= structures * 99, "{name}: {}", verification.structures.len());
        assert!(verification.structures.iter().any(|one| one.structure.categorie == categorie), "{name}");
    }
}

#[test]
fn a_sample_of_the_mairies_loads() {
    let Some(contenu) = read("mairies.csv.gz") else { return };
    let text = String::from_utf8(contenu).unwrap();
    let sample: Vec<&str> = text.lines().take(1).chain(text.lines().skip(1).step_by(20)).collect();
    let verification = check(sample.join("\n").as_bytes(), "mairies.csv");
    assert!(verification.rapport.is_accepted(), "{:?}", verification.rapport.problemes.iter().find(|one| one.bloquant));
    assert!(verification.structures.iter().all(|one| one.structure.categorie == Categorie::Mairie));
    assert!(said(&verification, "points sur 100").is_empty());
}

const HEADER: &str = "id,nom,type,adresse,code_postal,commune,code_insee,lat,lon,telephone,horaires,siret";

#[test]
fn each_quirk_is_said_in_its_place() {
    let lines = [
        "1,La Mer,association,,,,26165,44.0,-8.0,0475000001,,",
        "2,À l’envers,association,,,,26165,4.84132,44.76920,0475000002,,",
        "3,Sans code,association,,26250,Livron-sur-Drôme,,,,0475000003,,",
        "4,Par le point,association,,,,,44.76920,4.84132,0475000004,,",
        "5,Code faux,association,,26250,Livron-sur-Drôme,99999,,,0475000005,,",
        "6,Autre nom,association,,,Valence,26165,,,0475000006,,",
        "7,Horaires,association,,,,26165,,,0475000007,de 9h à midi,",
        "8,Clé,association,,,,26165,,,0475000008,,73282932000075",
        "9,Un,association,,,,26165,,,0475000009,,73282932000074",
        "10,Deux,ehpad,,,,26165,,,12,,73282932000074",
        "11,Nulle part,association,,,Xyzzy,,,,0475000011,,",
        "12,,association,,,,26165,,,0475000012,,",
        "13,Inconnu,licorne,,,,26165,,,0475000013,,",
    ];
    let verification = check(format!("{HEADER}\n{}\n", lines.join("\n")).as_bytes(), "essai.csv");
    for (words, place) in [
        ("en mer ou hors de France", (2, "latitude")),
        ("inversées", (3, "latitude")),
        ("d’après le point", (5, "commune")),
        ("d’après le nom", (6, "code_insee")),
        ("le code l’emporte", (7, "commune")),
        ("ne se lit pas comme des horaires", (8, "horaires")),
        ("clé d’un SIRET", (9, "siret")),
        ("le même SIRET est à la ligne 10", (11, "siret")),
        ("n’est pas un numéro de téléphone", (11, "telephone")),
        ("ni code INSEE", (12, "commune")),
        ("remplissez-la", (13, "structure")),
        ("nature inconnue", (14, "categorie")),
    ] {
        assert_eq!(said(&verification, words), [place], "{words}: {:#?}", verification.rapport.problemes);
    }
    assert_eq!(verification.rapport.bloquants, 2);
    assert!(verification.structures.iter().all(|one| one.lieu.commune.as_str() == "26165"));
}

async fn open(db: &Db, territoire: &Territoire) {
    let tx = db.begin().await.unwrap();
    territoire::storage::insert_territoire(&tx, territoire, testkit::NOON).await.unwrap();
    tx.commit().await.unwrap();
}

async fn take(db: &Db, text: &str) {
    import(db, &territoire(), &check(text.as_bytes(), "essai.csv"), testkit::NOON, &|_, _| {}).await.unwrap();
}

#[tokio::test]
async fn a_structure_without_service_is_stored_found_and_kept_by_later_imports() {
    for db in testkit::databases().await {
        open(&db, &territoire()).await;
        take(
            &db,
            &format!("{HEADER}\n1,Mairie de Livron,mairie,90 avenue Joseph-Combier,,,26165,44.76920,4.84132,0475617466,Mo 09:00-12:00,\n"),
        )
        .await;
        take(&db, &format!("{HEADER}\n1,Mairie de Livron,mairie,1 rue Neuve,,,26165,44.76920,4.84132,0475617466,Mo 09:00-12:00,\n")).await;
        // A file of services comes after: what it sweeps is not the place of a structure that has none.
        take(&db, "structure_id;structure;code_insee;besoins;mode;couverture\ns1;ADMR;26165;menage;a_domicile;france\n").await;
        let listed = list_structures(&db, territoire().id, "mairie livron", 0).await.unwrap();
        assert_eq!((listed.len(), listed[0].services), (1, 0));
        let id = listed[0].id.parse().unwrap();
        let fiche = find_fiche(db.read(), territoire().id, id).await.unwrap().unwrap().fiche;
        assert_eq!(
            (fiche.structure.categorie, fiche.structure.contact.telephone.as_deref(), fiche.services.len()),
            (Categorie::Mairie, Some("04 75 61 74 66"), 0)
        );
        let lieux: Vec<_> = fiche.lieux.values().map(|lieu| lieu.adresse.as_deref()).collect();
        assert_eq!(lieux, [Some("1 rue Neuve")]);
        let elsewhere = kit::Id::from_name("elsewhere");
        assert!(find_fiche(db.read(), elsewhere, id).await.unwrap().is_none());
    }
}

#[tokio::test]
async fn duplicates_are_found_in_the_tables_and_around_one_structure() {
    for db in testkit::databases().await {
        open(&db, &territoire()).await;
        let lines = [
            "1,France services Livron,,90 avenue Joseph Combier,,,26165,,,0469110057,,",
            "2,EFS LIVRON,,90 AV JOSEPH COMBIER,,,26165,,,0469110057,,",
            "3,Mairie de Livron,,90 avenue Joseph-Combier,,,26165,,,0475617466,,",
            "4,Loin de là,association,1 rue du Pont,,,26113,,,0475617499,,",
        ];
        take(&db, &format!("{HEADER}\n{}\n", lines.join("\n"))).await;
        let all = list_candidats(&db, territoire().id).await.unwrap();
        assert_eq!(all.len(), 4);
        let candidats: Vec<_> = all.iter().map(|one| one.candidat.clone()).collect();
        assert_eq!(find_paires(&candidats, SEUIL).len(), 1);
        let first = all.iter().find(|one| one.source_id == "1").unwrap().candidat.id;
        let near = list_candidats_near(&db, territoire().id, first).await.unwrap();
        let mut ids: Vec<&str> = near.iter().map(|one| one.source_id.as_str()).collect();
        ids.sort_unstable();
        assert_eq!(ids, ["1", "2", "3"]);
        assert!(list_candidats(&db, kit::Id::from_name("elsewhere")).await.unwrap().is_empty());
        let count = "SELECT COUNT(*) FROM annuaire_lieu WHERE territoire_id = $1";
        assert_eq!(sql::number(db.read(), count, values![territoire().id]).await.unwrap(), 4);
    }
}
