//! Files of other directories, in every form they come: what is understood, what is left aside, what an archive hides.

use std::io::{Cursor, Write};

use crate::import::{Verification, verify};
use crate::tests::territoire;
use crate::{Frais, Mode, Public, Service};

fn check(contenu: &[u8]) -> Verification {
    let verification = verify(contenu, "essai", &territoire(), &|_, _| {});
    assert!(verification.rapport.is_accepted(), "{:?}", verification.rapport.problemes);
    verification
}

fn said(verification: &Verification) -> String {
    verification.rapport.problemes.iter().map(|one| format!("{} {}\n", one.valeur, one.conseil)).collect()
}

fn find<'a>(verification: &'a Verification, nom: &str) -> &'a Service {
    &verification.inscriptions.iter().find(|one| one.service.nom == nom).unwrap_or_else(|| panic!("{nom}: {}", said(verification))).service
}

const STRUCTURES: &str = r#"[
    {"id": "x--1", "source": "x", "nom": "Entraide de Livron", "code_insee": "26165", "adresse": "1 rue du Pont"},
    {"id": "x--2", "source": "x", "nom": "Mairie de Loriol", "code_insee": "26166"}]"#;

const SERVICES: &str = r#"[
    {"id": "x--s1", "source": "x", "structure_id": "x--1", "nom": "Ménage", "description": "Une aide au domicile de la personne",
     "thematiques": ["equipement-et-alimentation--aide-menagere"], "modes_accueil": ["en-presentiel"], "frais": "payant",
     "frais_precisions": "24 €", "publics": ["seniors", "tous-publics"], "zone_eligibilite": ["242600252", "26", "zz"],
     "conditions_acces": "Avoir 60 ans", "mobilisation_precisions": "Appeler le matin", "telephone": "0475000001"},
    {"id": "x--s2", "source": "x", "structure_id": "x--1", "nom": "Écoute", "thematiques": ["sante--sante-mentale"], "modes_accueil": ["a-distance"]},
    {"id": "x--s3", "source": "x", "structure_id": "x--1", "nom": "Zut", "thematiques": ["sante--acces-aux-soins"], "modes_accueil": []},
    {"id": "x--s4", "source": "x", "structure_id": "x--9", "nom": "Ménage", "thematiques": []}]"#;

fn whole() -> String {
    format!(r#"{{"structures": {STRUCTURES}, "services": {SERVICES}}}"#)
}

#[test]
fn services_of_data_inclusion_come_with_their_structures() {
    let read = check(whole().as_bytes());
    assert_eq!((read.inscriptions.len(), read.structures.len()), (2, 1), "{}", said(&read));
    assert!(read.rapport.catalogue && read.rapport.services == 2);
    let menage = find(&read, "Ménage");
    assert!(menage.besoins.contains(&"menage".to_string()));
    assert_eq!((menage.mode, menage.couverture.to_string().as_str()), (Mode::ADomicile, "epci:242600252 departement:26"));
    assert_eq!((menage.tarif.as_deref(), menage.telephone.as_deref()), (Some("24 €"), Some("04 75 00 00 01")));
    let modalites = &menage.modalites;
    assert_eq!((modalites.frais, modalites.publics.as_slice()), (Some(Frais::Payant), [Public::PersonnesAgees].as_slice()));
    assert_eq!((modalites.conditions.as_deref(), modalites.demarche.as_deref()), (Some("Avoir 60 ans"), Some("Appeler le matin")));
    assert_eq!(menage.lieu.adresse.as_deref(), Some("1 rue du Pont"), "its structure’s place");
    let ecoute = find(&read, "Écoute");
    assert_eq!((ecoute.mode, ecoute.couverture.to_string().as_str()), (Mode::ADistance, "france"));
    let said = said(&read);
    for words in ["zz service n° 1", "aucun besoin de la liste n’y répond (« Zut »)", "x--9 service n° 4 : aucune structure"] {
        assert!(said.contains(words), "{words}: {said}");
    }
}

#[test]
fn a_service_of_the_interface_says_its_structure_inside() {
    let text = r#"{"items": [{"id": "d--s1", "source": "d", "structure_id": "d--1", "nom": "Portage de repas", "modes_accueil": ["en-presentiel"],
        "structure": {"id": "d--1", "source": "d", "nom": "CCAS de Livron", "code_insee": "26165"}}]}"#;
    let read = check(text.as_bytes());
    assert_eq!(find(&read, "Portage de repas").besoins, ["portage-repas"]);
    assert_eq!(find(&read, "Portage de repas").couverture.to_string(), "commune:26165", "nothing wider than what is known");
    assert!(said(&read).contains("les communes desservies ne sont pas dites"));
}

#[test]
fn services_alone_say_what_to_send_with_them() {
    let verification = verify(SERVICES.as_bytes(), "services.json", &territoire(), &|_, _| {});
    assert!(verification.rapport.problemes[0].conseil.contains("archive ZIP"), "{:?}", verification.rapport.problemes);
}

fn zip(entries: &[(&str, &str)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(vec![]));
    for (name, text) in entries {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(text.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

#[test]
fn an_archive_of_the_two_files_reads_as_one_in_json_and_in_csv() {
    let whole = check(whole().as_bytes());
    let json = check(&zip(&[("b/services.json", SERVICES), ("a/structures.json", STRUCTURES)]));
    let services = |read: &Verification| read.inscriptions.iter().map(|one| one.service.clone()).collect::<Vec<_>>();
    assert_eq!((services(&json), &json.structures), (services(&whole), &whole.structures));
    let structures = "id,source,nom,code_insee,adresse\nx--1,x,Entraide de Livron,26165,1 rue du Pont\n";
    let services = "id,source,structure_id,nom,thematiques,modes_accueil,zone_diffusion_type,zone_diffusion_code\n\
        x--s1,x,x--1,Ménage,\"['equipement-et-alimentation--aide-menagere']\",en-presentiel,epci,242600252\n";
    let csv = check(&zip(&[("services.csv", services), ("structures.csv", structures)]));
    assert_eq!(find(&csv, "Ménage").couverture.to_string(), "epci:242600252");
}

#[test]
fn an_archive_of_something_else_is_not_ours_and_a_broken_one_says_so() {
    for entries in [&[("photo.jpg", "x")][..], &[][..]] {
        assert!(!verify(&zip(entries), "essai.zip", &territoire(), &|_, _| {}).rapport.is_accepted());
    }
    let cut = zip(&[("structures.json", "[{\"nom\": \"A\"")]);
    let conseil = &verify(&cut, "essai.zip", &territoire(), &|_, _| {}).rapport.problemes[0].conseil;
    assert!(conseil.starts_with("structures.json : le fichier n’est pas du JSON lisible"), "{conseil}");
}

#[test]
fn a_file_compressed_alone_is_opened() {
    let mut encoder = flate2::write::GzEncoder::new(vec![], flate2::Compression::fast());
    encoder.write_all("Nom;Code INSEE\nADMR de Livron;26165\n".as_bytes()).unwrap();
    let compressed = encoder.finish().unwrap();
    assert_eq!(check(&compressed).structures.len(), 1);
    let cut = verify(&compressed[..20], "essai.csv.gz", &territoire(), &|_, _| {});
    assert!(cut.rapport.problemes[0].conseil.contains("abîmé"), "{:?}", cut.rapport.problemes);
}

#[test]
fn hsds_services_come_inside_their_organization_or_around_it() {
    let place = r#"{"latitude": 44.768, "longitude": 4.84, "external_identifier": "26165", "external_identifier_type": "code_insee", "addresses": [{"address_1": "1 rue du Pont", "city": "Livron-sur-Drôme", "postal_code": "26250"}]}"#;
    let term =
        r#"[{"label": "besoin", "taxonomy_term": {"code": "jardinage"}}, {"label": "mode", "taxonomy_term": {"code": "a_domicile"}}]"#;
    let service = format!(
        r#""id": "s", "name": "Petits travaux dehors", "status": "active", "fees_description": "20 €", "capacities": [{{"available": 3}}],
        "service_areas": [{{"name": "CC du Val de Drôme", "extent": "242600252"}}], "attributes": {term}, "service_at_locations": [{{"location": {place}}}]"#
    );
    let inside = format!(r#"{{"contents": [{{"id": "o", "name": "Les Jardins de Livron", "services": [{{{service}}}]}}]}}"#);
    let around = format!(r#"[{{{service}, "organization": {{"id": "o", "name": "Les Jardins de Livron", "locations": [{place}]}}}}]"#);
    for text in [inside, around] {
        let read = check(text.as_bytes());
        let found = find(&read, "Petits travaux dehors");
        assert_eq!((found.besoins.as_slice(), found.mode), (["jardinage".to_string()].as_slice(), Mode::ADomicile));
        assert_eq!((found.couverture.to_string().as_str(), found.modalites.places), ("epci:242600252", Some(3)));
    }
}

#[test]
fn the_official_examples_of_hsds_are_read_and_their_unknown_commune_is_said() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/interop/hsds-3.2.3-official-examples");
    for name in ["organization_full.json", "service_full.json"] {
        let Ok(contenu) = std::fs::read(format!("{folder}/{name}")) else {
            eprintln!("SKIPPED: {folder}/{name} is absent");
            return;
        };
        let verification = verify(&contenu, name, &territoire(), &|_, _| {});
        // A place in « MyCity »: what is wrong is said, nothing else happens.
        assert_eq!(verification.rapport.structures, 0, "{name}");
        assert!(verification.rapport.problemes.iter().any(|one| one.conseil.contains("commune")), "{name}: {}", said(&verification));
    }
}
