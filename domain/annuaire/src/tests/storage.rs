//! The tables of the annuaire on both databases.

use kit::{Db, sql, values};
use territoire::Referentiel;

use super::territoire;
use crate::import::{import, verify};
use crate::storage::fiche::find_fiche;
use crate::storage::{count_structures, list_revisions, list_structures, load_aiguillage};

const HEADER: &str = "structure_id;structure;code_insee;adresse;besoins;mode;couverture;service_id;creneaux;disponibilite;horaires";
const FIRST: &str = "s1;L’Entraide d’Allex & <b>Cie</b>;26006;1 rue du Pont;menage|jardinage;a_domicile;epci:242600252 sauf commune:26166;m1;soir;complet;Mo 09:00-12:00";

async fn open(db: &Db) {
    let tx = db.begin().await.unwrap();
    territoire::storage::insert_territoire(&tx, &territoire(), testkit::NOON).await.unwrap();
    tx.commit().await.unwrap();
}

async fn take(db: &Db, lines: &str) -> kit::Result<()> {
    let verification = verify(format!("{HEADER}\n{lines}\n").as_bytes(), "essai.csv", &territoire(), &|_, _| {});
    import(db, &territoire(), &verification, testkit::NOON, &|_, _| {}).await
}

async fn count(db: &Db, table: &str) -> i64 {
    sql::number(db.read(), &format!("SELECT COUNT(*) FROM {table} WHERE territoire_id = $1"), values![territoire().id]).await.unwrap()
}

#[tokio::test]
async fn what_is_imported_is_read_back_whole() {
    for db in testkit::databases().await {
        open(&db).await;
        take(&db, FIRST).await.unwrap();
        let listed = list_structures(&db, territoire().id, "entraide ALLEX", 0).await.unwrap();
        assert_eq!((listed.len(), listed[0].nom.as_str(), listed[0].services), (1, "L’Entraide d’Allex & <b>Cie</b>", 1));
        let fiche = find_fiche(db.read(), territoire().id, listed[0].id.parse().unwrap()).await.unwrap().unwrap().fiche;
        let expected = &verify(format!("{HEADER}\n{FIRST}\n").as_bytes(), "x", &territoire(), &|_, _| {}).inscriptions[0].service;
        assert_eq!(fiche.list_services(), [expected]);
    }
}

#[tokio::test]
async fn the_same_file_again_updates_and_never_duplicates() {
    for db in testkit::databases().await {
        open(&db).await;
        take(&db, FIRST).await.unwrap();
        take(&db, &FIRST.replace("1 rue du Pont", "2 rue du Lac").replace("complet", "ouvert")).await.unwrap();
        assert_eq!(
            (count(&db, "annuaire_structure").await, count(&db, "annuaire_service").await, count(&db, "annuaire_lieu").await),
            (1, 1, 1)
        );
        let id = list_structures(&db, territoire().id, "", 0).await.unwrap()[0].id.parse().unwrap();
        let fiche = find_fiche(db.read(), territoire().id, id).await.unwrap().unwrap().fiche;
        let services = fiche.list_services();
        assert_eq!((services[0].lieu.adresse.as_deref(), services[0].disponibilite.code()), (Some("2 rue du Lac"), "ouvert"));
    }
}

#[tokio::test]
async fn a_file_with_one_wrong_line_writes_nothing() {
    for db in testkit::databases().await {
        open(&db).await;
        let refused = take(&db, &format!("{FIRST}\ns2;B;00000;;menage;a_domicile;france;m1;;;")).await;
        assert!(matches!(refused, Err(kit::Error::Conflict(_))));
        assert_eq!(count_structures(&db, territoire().id).await.unwrap(), 0);
    }
}

#[tokio::test]
async fn each_write_moves_the_revision_and_the_snapshot_reads_it() {
    for db in testkit::databases().await {
        open(&db).await;
        take(&db, FIRST).await.unwrap();
        assert_eq!(list_revisions(&db, testkit::NOON.day()).await.unwrap(), [(territoire().id, 1_000_000)]);
        take(&db, FIRST).await.unwrap();
        assert_eq!(list_revisions(&db, testkit::NOON.day()).await.unwrap(), [(territoire().id, 2_000_000)]);
        let aiguillage = load_aiguillage(&db, &territoire(), (2, testkit::NOON.day())).await.unwrap();
        let menage = crate::besoin::Taxonomie::get().find("menage").unwrap().rang;
        let served = |code: &str| aiguillage.list_desservants(Referentiel::get().resolve_code(code).unwrap().commune, menage).len();
        assert_eq!((served("26165"), served("26166"), served("26113")), (1, 0, 0), "the exception and the border hold");
    }
}

#[tokio::test]
async fn structures_of_another_territoire_are_not_found() {
    for db in testkit::databases().await {
        open(&db).await;
        take(&db, FIRST).await.unwrap();
        let id = list_structures(&db, territoire().id, "", 0).await.unwrap()[0].id.parse().unwrap();
        let elsewhere = kit::Id::from_name("elsewhere");
        assert!(find_fiche(db.read(), elsewhere, id).await.unwrap().is_none());
        assert!(list_structures(&db, elsewhere, "", 0).await.unwrap().is_empty());
    }
}
