//! The same structures from other formats: spreadsheets, JSON of other directories, the extract of FINESS.

use std::io::{Cursor, Write};

use super::territoire;
use crate::Categorie;
use crate::import::{Verification, verify};

fn check(contenu: &[u8]) -> Verification {
    let verification = verify(contenu, "essai", &territoire(), &|_, _| {});
    assert!(verification.rapport.is_accepted(), "{:?}", verification.rapport.problemes);
    verification
}

/// A workbook whose first sheet has these rows, every cell a text.
fn xlsx(rows: &[&[&str]]) -> Vec<u8> {
    let cell = |text: &&str| format!(r#"<c t="inlineStr"><is><t>{text}</t></is></c>"#);
    let rows: String = rows.iter().map(|row| format!("<row>{}</row>", row.iter().map(cell).collect::<String>())).collect();
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let links = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let package = "http://schemas.openxmlformats.org/package/2006/relationships";
    let entries = [
        (
            "_rels/.rels",
            format!(
                r#"<Relationships xmlns="{package}"><Relationship Id="r" Type="{links}/officeDocument" Target="xl/workbook.xml"/></Relationships>"#
            ),
        ),
        (
            "xl/workbook.xml",
            format!(r#"<workbook xmlns="{main}" xmlns:r="{links}"><sheets><sheet name="F" sheetId="1" r:id="r"/></sheets></workbook>"#),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            format!(
                r#"<Relationships xmlns="{package}"><Relationship Id="r" Type="{links}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#
            ),
        ),
        ("xl/worksheets/sheet1.xml", format!(r#"<worksheet xmlns="{main}"><sheetData>{rows}</sheetData></worksheet>"#)),
    ];
    let mut writer = zip::ZipWriter::new(Cursor::new(vec![]));
    for (name, text) in entries {
        writer.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(text.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

#[test]
fn a_spreadsheet_is_read_as_the_same_file_in_csv() {
    let title: &[&str] = &["Les structures du Val de Drôme"];
    let file = xlsx(&[
        title,
        &["Nom", "Type", "Code INSEE", "Tél."],
        &["Mairie de Livron", "Mairie", "26165", "0475617466"],
        &["ADMR", "", "26166"],
    ]);
    let read = check(&file);
    let csv = check("Nom;Type;Code INSEE;Tél.\nMairie de Livron;Mairie;26165;0475617466\nADMR;;26166;\n".as_bytes());
    assert_eq!(read.structures, csv.structures);
    assert_eq!(read.structures[0].structure.categorie, Categorie::Mairie);
}

#[test]
fn a_spreadsheet_of_services_is_read_too() {
    let file = xlsx(&[
        &["structure_id", "structure", "code_insee", "besoins", "mode", "couverture"],
        &["s1", "ADMR de Livron", "26165", "menage", "a_domicile", "epci:242600252"],
    ]);
    assert_eq!(check(&file).inscriptions.len(), 1);
}

#[test]
fn data_inclusion_structures_are_read_in_both_versions() {
    let text = r#"{"structures": [
        {"id": "dora--1", "source": "dora", "nom": "France services Livron", "reseaux_porteurs": ["france-services"], "code_insee": "26165",
         "commune": "Livron-sur-Drôme", "code_postal": "26250", "adresse": "90 avenue Joseph Combier", "latitude": 44.768, "longitude": 4.84,
         "telephone": "0469110057", "courriel": null, "site_web": "https://example.org", "siret": "26261018100022", "description": "Un lieu"},
        {"id": "2", "source": "dora", "nom": "L’Entraide", "typologie": "AI", "code_insee": "26166", "labels_nationaux": []}
    ], "services": []}"#;
    let read = check(text.as_bytes());
    let [first, second] = read.structures.as_slice() else { panic!("{read:?}") };
    assert_eq!((first.structure.source.as_str(), first.structure.source_id.as_str()), ("dora", "dora--1"));
    assert_eq!(
        (first.structure.categorie, first.structure.contact.telephone.as_deref()),
        (Categorie::FranceServices, Some("04 69 11 00 57"))
    );
    assert_eq!((second.structure.categorie, second.lieu.commune.as_str()), (Categorie::AssociationIntermediaire, "26166"));
    let list = r#"[{"id": "1", "source": "x", "nom": "A", "code_insee": "26165"}]"#;
    assert_eq!(check(list.as_bytes()).structures.len(), 1);
}

#[test]
fn hsds_organizations_are_read_with_their_first_place() {
    let text = r#"{"total_items": 1, "contents": [{"id": "6f0a", "name": "ADMR de Livron", "description": "Aide à domicile", "email": "a@example.org",
        "website": "https://example.org", "phones": [{"number": "04 75 25 43 82"}],
        "organization_identifiers": [{"identifier_type": "SIRET", "identifier": "73282932000074"}],
        "locations": [{"latitude": 44.768, "longitude": 4.84, "addresses": [{"address_1": "1 rue du Pont", "city": "Livron-sur-Drôme", "postal_code": "26250"}]}]}]}"#;
    let read = check(text.as_bytes());
    let one = &read.structures[0];
    assert_eq!((one.structure.categorie, one.structure.siret.as_deref()), (Categorie::Admr, Some("73282932000074")));
    assert_eq!((one.lieu.commune.as_str(), one.lieu.adresse.as_deref()), ("26165", Some("1 rue du Pont")));
}

#[test]
fn the_extract_of_finess_is_read_with_its_points() {
    let text = "finess;etalab;93;2026-11-10\n\
        structureet;260000001;260000100;EHPAD LES TILLEULS;EHPAD LES TILLEULS;;;12;R;DU PONT;;;165;26;DROME;26250 LIVRON SUR DROME;475616161;;500;Etablissement d'hébergement pour personnes âgées dépendantes;4401;;73282932000074;8710A;;;;;2000-01-01;2000-01-01;2026-01-01;\n\
        structureet;260000002;260000100;LABO;LABORATOIRE;;;;;;;BP 3;166;26;DROME;26270 LORIOL SUR DROME CEDEX;;;611;Laboratoire;3202;;;;;;;;;;;\n\
        geolocalisation;260000001;845150;6409500;1,ATLASANTE,100,IGN,BD_ADRESSE,V2.2,LAMBERT93;2026-01-01\n";
    let read = check(text.as_bytes());
    let [ehpad, labo] = read.structures.as_slice() else { panic!("{read:?}") };
    assert_eq!((ehpad.structure.categorie, ehpad.structure.source.as_str()), (Categorie::Ehpad, "finess"));
    assert_eq!((ehpad.lieu.commune.as_str(), ehpad.lieu.adresse.as_deref()), ("26165", Some("12 R DU PONT")));
    assert_eq!(ehpad.structure.contact.telephone.as_deref(), Some("04 75 61 61 61"));
    assert!(ehpad.lieu.point.is_some(), "{:?}", read.rapport.problemes);
    assert_eq!((labo.structure.categorie, labo.lieu.commune.as_str()), (Categorie::Autre, "26166"));
}

#[test]
fn json_that_is_cut_or_of_something_else_says_so() {
    for (text, words) in [("[{\"nom\": \"A\"", "coupé"), ("{\"a\": 1}", "data·inclusion"), ("[1, 2]", "data·inclusion")] {
        let verification = verify(text.as_bytes(), "essai.json", &territoire(), &|_, _| {});
        assert!(verification.rapport.problemes[0].conseil.contains(words), "{text}: {:?}", verification.rapport.problemes);
    }
}

#[tokio::test]
async fn what_was_said_of_columns_is_remembered_for_the_same_titles_of_the_same_territoire() {
    use crate::import::{Appris, Association, ChoixRefuse, Colonne, verify_with};
    use crate::storage::colonnes::{list_appris, save_association};
    let text = "Dénomination usuelle;Où;Bla\nADMR de Livron;26165;x\n";
    let refused = verify(text.as_bytes(), "essai.csv", &territoire(), &|_, _| {});
    assert!(refused.rapport.problemes[0].conseil.contains("ce que contient chaque colonne"));
    let choice = |name: &str, colonne| (name.to_string(), colonne);
    let choix = [choice("Dénomination usuelle", Some(Colonne::Structure)), choice("Où", Some(Colonne::CodeInsee)), choice("Bla", None)];
    let twice = [choice("a", Some(Colonne::Structure)), choice("b", Some(Colonne::Structure))];
    assert!(matches!(Association::read(&twice), Err(ChoixRefuse::DeuxFois(_))));
    assert_eq!(Association::read(&choix[..1]), Err(ChoixRefuse::Incomplet));
    let association = Association::read(&choix).unwrap();
    assert_eq!(Association::parse(&association.write()), association);
    let titres: Vec<String> = choix.iter().map(|(titre, _)| titre.clone()).collect();
    for db in testkit::databases().await {
        let tx = db.begin().await.unwrap();
        territoire::storage::insert_territoire(&tx, &territoire(), testkit::NOON).await.unwrap();
        tx.commit().await.unwrap();
        let compte = kit::Id::from_name("compte");
        for _ in 0..2 {
            save_association(&db, territoire().id, (&titres, &association), compte, testkit::NOON).await.unwrap();
        }
        let read = |appris: &Appris| verify_with(text.as_bytes(), "essai.csv", (&territoire(), appris), &|_, _| {});
        let verification = read(&list_appris(&db, territoire().id).await.unwrap());
        assert!(verification.rapport.is_accepted(), "{:?}", verification.rapport.problemes);
        assert_eq!(verification.structures[0].structure.nom, "ADMR de Livron");
        assert!(!read(&list_appris(&db, kit::Id::from_name("elsewhere")).await.unwrap()).rapport.is_accepted());
    }
}
