//! The register of columns against the real databases.

use std::collections::BTreeSet;

use schema::colonnes::{Nature, Personne, list_colonnes};
use schema::traitements::{list_traitements, write_registre};

#[tokio::test]
async fn every_column_of_the_database_is_classed_and_no_other() {
    let classed: Vec<(String, String)> = list_colonnes().unwrap().into_iter().map(|one| (one.table, one.colonne)).collect();
    let once: BTreeSet<&(String, String)> = classed.iter().collect();
    assert_eq!(once.len(), classed.len(), "a column is classed twice in colonnes.csv");
    for db in testkit::databases().await {
        let real: BTreeSet<(String, String)> =
            testkit::list_columns(&db).await.unwrap().into_iter().map(|one| (one.table_name, one.column_name)).collect();
        let unclassed: Vec<_> = real.iter().filter(|one| !once.contains(one)).collect();
        assert!(unclassed.is_empty(), "class these columns in base/schema/colonnes.csv: {unclassed:?}");
        let gone: Vec<_> = once.iter().filter(|one| !real.contains(**one)).collect();
        assert!(gone.is_empty(), "these lines of base/schema/colonnes.csv are of no column: {gone:?}");
    }
}

#[test]
fn every_purpose_of_a_column_is_a_treatment_and_every_treatment_has_columns() {
    let traitements: BTreeSet<String> = list_traitements().unwrap().into_iter().map(|one| one.code).collect();
    let finalites: BTreeSet<String> = list_colonnes().unwrap().into_iter().map(|one| one.finalite).collect();
    assert_eq!(traitements, finalites);
}

#[test]
fn a_column_about_a_person_is_never_kept_as_long_as_a_statistic() {
    for one in list_colonnes().unwrap().iter().filter(|one| one.personne != Personne::Aucune) {
        assert_ne!(one.conservation.code, "statistique-sans-limite", "{}.{}", one.table, one.colonne);
        assert_ne!(one.nature, Nature::Referentiel, "{}.{}", one.table, one.colonne);
    }
    for one in list_colonnes().unwrap().iter().filter(|one| one.personne == Personne::Aucune) {
        let is_personal = matches!(one.nature, Nature::Identite | Nature::Contact | Nature::Libre | Nature::Sensible | Nature::Secret);
        assert!(!is_personal, "{}.{} is {} of nobody", one.table, one.colonne, one.nature.code());
    }
}

#[test]
fn the_register_of_treatments_says_what_the_law_asks() {
    let registre = write_registre(|one| one.colonne == "note").unwrap();
    for traitement in list_traitements().unwrap() {
        assert!(registre.contains(&format!("## {}\n", traitement.titre)), "{registre}");
    }
    for asked in ["Finalité", "Base légale", "Personnes concernées", "Catégories de données", "Destinataires", "Durée", "Mesures"] {
        assert!(registre.contains(&format!("* **{asked}** : ")), "{asked}");
    }
    assert!(registre.contains("accueil_demande.rappel_telephone") && registre.contains("(XChaCha20-Poly1305) de note"), "{registre}");
    assert!(!registre.contains("kit_fait"), "what is about nobody is not listed");
}
