//! The rules of what is published, and the files read back.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use annuaire::besoin::Taxonomie;
use annuaire::import::{import, verify};
use annuaire::storage::export::{StructureDatee, list_structures_from};
use annuaire::{Categorie, Mode};
use kit::{Db, Id};
use territoire::{Couleurs, LigneUnique, Referentiel, Territoire};

use crate::rules::correspondance::{list_categories, list_traduits, reseau_porteur, translate};
use crate::rules::retenue::{is_courriel, is_site, retain};
use crate::rules::{data_inclusion, hsds};
use crate::{Format, Producteur, export};

const ANNUAIRE: &str = "structure_id;structure;categorie;siret;code_insee;adresse;telephone;courriel;site_web;besoins;mode;couverture;service_id;service;horaires;tarif;disponibilite;description
s1;L’Entraide d’Allex & <b>Cie</b>...;admr;;26006;1 rue du Pont;04 65 71 00 01;contact@entraide.example.org;https://entraide.example.org;menage|jardinage;a_domicile;epci:242600252 sauf commune:26166;m1;=1+1;Mo-Tu 09:00-12:00;23,50 € de l’heure;complet;@SUM(A1)
s1;L’Entraide d’Allex & <b>Cie</b>...;admr;;26006;1 rue du Pont;04 65 71 00 01;contact@entraide.example.org;https://entraide.example.org;papiers;sur_place;rayon:5;m2;Papiers;;Gratuit;;@SUM(A1)
s2;Aline, coiffure;micro_entreprise;;26165;3 impasse des Lilas;04 65 71 00 02;aline@example.org;;coiffure-esthetique;a_domicile;commune:26165;m1;Coiffure;;30 €;;
";

pub fn territoire() -> Territoire {
    Territoire {
        id: Id::from_name("val-de-drome"),
        slug: "val-de-drome".into(),
        nom: "Val de Drôme".into(),
        couleurs: Couleurs { principale: "#1f5c45".into(), accent: "#8a5a00".into() },
        ligne: LigneUnique::default(),
        communes: Referentiel::get().find_epci("242600252").unwrap().communes.clone(),
        bassins: vec![],
        logo: None,
        fermeture: None,
    }
}

fn producteur() -> Producteur {
    Producteur { territoire: Arc::new(territoire()), origine: Some("https://ligne.example.org".into()) }
}

pub async fn fill(db: &Db) {
    let tx = db.begin().await.unwrap();
    territoire::storage::insert_territoire(&tx, &territoire(), testkit::NOON).await.unwrap();
    tx.commit().await.unwrap();
    let verification = verify(ANNUAIRE.as_bytes(), "essai.csv", &territoire(), &|_, _| {});
    import(db, &territoire(), &verification, testkit::NOON, &|_, _| {}).await.unwrap();
}

async fn read(db: &Db) -> Vec<StructureDatee> {
    list_structures_from(db.read(), territoire().id, None, 100).await.unwrap()
}

fn of(all: &[StructureDatee], categorie: Categorie) -> StructureDatee {
    retain(all.iter().find(|one| one.structure.categorie == categorie).unwrap().clone())
}

#[test]
fn every_need_and_every_kind_of_structure_has_its_line_and_its_reason() {
    let needs: Vec<&str> = Taxonomie::get().iter().map(|besoin| &*besoin.code).collect();
    assert_eq!(list_traduits().iter().map(|one| one.besoin.as_str()).collect::<Vec<_>>(), needs);
    for besoin in Taxonomie::get().iter() {
        let traduit = translate(&besoin.code).unwrap();
        assert!(!traduit.raison.is_empty() && traduit.publics().count() > 0, "{}", besoin.code);
        let said = besoin.thematique_di.as_deref().unwrap_or(&traduit.thematique);
        assert_eq!(traduit.thematique, said, "{}: the taxonomy says another theme", besoin.code);
    }
    assert_eq!(list_categories(), Categorie::ALL.iter().map(|categorie| categorie.code()).collect::<Vec<_>>());
}

/// The vocabularies are not part of the project: they are looked at when they are there.
#[test]
fn every_code_of_the_tables_is_one_of_data_inclusion() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/vocabulaires");
    if !folder.is_dir() {
        eprintln!("vocabularies skipped: {} is not there", folder.display());
        return;
    }
    let codes = |name: &str| -> BTreeSet<String> {
        let mut rows = csv::Reader::from_path(folder.join(format!("data_inclusion_{name}.csv"))).unwrap();
        rows.records().map(|row| row.unwrap()[0].to_string()).collect()
    };
    let (thematiques, types, publics, reseaux) = (codes("thematique"), codes("type_service"), codes("public"), codes("reseau_porteur"));
    for traduit in list_traduits() {
        assert!(thematiques.contains(&traduit.thematique), "{}", traduit.thematique);
        assert!(traduit.r#type.is_empty() || types.contains(&traduit.r#type), "{}", traduit.r#type);
        assert!(traduit.publics().all(|code| publics.contains(code)), "{}", traduit.besoin);
    }
    assert!(Categorie::ALL.iter().filter_map(|categorie| reseau_porteur(*categorie)).all(|code| reseaux.contains(code)));
}

#[test]
fn only_addresses_that_everybody_reads_leave() {
    for right in ["a@b.fr", "prenom.nom+x@sous-domaine.example.org", "o'neil@example.org"] {
        assert!(is_courriel(right), "{right}");
    }
    let long = format!("{}@example.org", "a".repeat(65));
    for wrong in
        ["", "a", "a@b", "é@example.org", "a..b@example.org", ".a@example.org", "a@-b.fr", "a@b.local", "a@b.1", "\"a\"@b.fr", &long]
    {
        assert!(!is_courriel(wrong), "{wrong}");
    }
    assert!(is_site("https://example.org/a?b=c") && is_site("http://example.org"));
    for wrong in ["", "example.org", "javascript:alert(1)", "https://", "https://é.fr", "https://exa mple.org", "ftp://example.org"] {
        assert!(!is_site(wrong), "{wrong}");
    }
}

#[tokio::test]
async fn a_micro_entreprise_keeps_its_contact_for_itself() {
    for db in testkit::databases().await {
        fill(&db).await;
        let all = read(&db).await;
        let alone = of(&all, Categorie::MicroEntreprise);
        assert_eq!((alone.structure.contact.telephone.clone(), alone.structure.contact.courriel.clone()), (None, None));
        let written = serde_json::to_string(&(
            data_inclusion::structure(&producteur(), &alone),
            data_inclusion::service(&producteur(), &alone, &alone.services[0]),
            hsds::full_organization(&producteur(), &alone),
        ));
        let written = written.unwrap();
        assert!(written.contains("Aline, coiffure") && written.contains("Livron-sur-Drôme"));
        for kept in ["71 00 02", "65710002", "aline@", "Lilas"] {
            assert!(!written.contains(kept), "{kept}: {written}");
        }
        assert!(of(&all, Categorie::Admr).structure.contact.telephone.is_some());
    }
}

#[tokio::test]
async fn what_is_written_for_data_inclusion_is_what_the_record_says() {
    for db in testkit::databases().await {
        fill(&db).await;
        let datee = of(&read(&db).await, Categorie::Admr);
        let structure = data_inclusion::structure(&producteur(), &datee);
        assert_eq!((structure.nom.as_str(), structure.date_maj.as_str()), ("L’Entraide d’Allex & <b>Cie</b>", "2026-11-17"));
        assert_eq!(structure.lieu.code_insee.as_deref(), Some("26006"));
        let home = datee.services.iter().find(|date| date.service.mode == Mode::ADomicile).unwrap();
        let home = data_inclusion::service(&producteur(), &datee, home);
        assert_eq!((home.modes_accueil.as_slice(), home.frais), (["en-presentiel"].as_slice(), Some("payant")));
        assert!(home.description.ends_with("au domicile de la personne."), "{}", home.description);
        let zones = home.zone_eligibilite.unwrap();
        assert!(zones.len() == 28 && !zones.contains(&"26166".to_string()), "{zones:?}");
        let place = datee.services.iter().find(|date| date.service.mode == Mode::SurPlace).unwrap();
        let place = data_inclusion::service(&producteur(), &datee, place);
        assert_eq!((place.frais, place.modes_mobilisation.unwrap().len()), (Some("gratuit"), 3));
    }
}

#[tokio::test]
async fn every_form_is_written_whole_and_no_cell_is_a_formula() {
    for db in testkit::databases().await {
        fill(&db).await;
        for format in Format::ALL {
            let folder = PathBuf::from(format!("{}.export", testkit::sqlite_path()));
            let bilan = export(&db, &[producteur()], *format, &folder).await.unwrap();
            assert_eq!((bilan.structures, bilan.services), (2, 3), "{format:?}");
            for fichier in &bilan.fichiers {
                let written = std::fs::read(fichier).unwrap();
                let text = String::from_utf8_lossy(&written);
                match fichier.extension().and_then(|extension| extension.to_str()).unwrap() {
                    "csv" => assert!(!text.contains(";=1") && !text.contains(",=1") && !text.contains(",@SUM") && !text.contains(";@SUM")),
                    "xlsx" => assert!(written.starts_with(b"PK")),
                    _ => drop(serde_json::from_slice::<serde_json::Value>(&written).unwrap()),
                }
            }
        }
    }
}

#[tokio::test]
async fn what_leaves_as_a_table_can_come_back() {
    for db in testkit::databases().await {
        fill(&db).await;
        let folder = PathBuf::from(format!("{}.export", testkit::sqlite_path()));
        let bilan = export(&db, &[producteur()], Format::Csv, &folder).await.unwrap();
        let again = verify(&std::fs::read(&bilan.fichiers[0]).unwrap(), "annuaire.csv", &territoire(), &|_, _| {});
        assert!(again.rapport.is_accepted(), "{:?}", again.rapport.problemes);
        assert_eq!((again.rapport.structures, again.rapport.lignes), (2, 3));
    }
}
