//! Accounts and sessions on both databases.

use kit::{Clock, Id};
use territoire::{Couleurs, LigneUnique, Territoire, Territoires};

use crate::storage::{delete_session, find_secret, find_session, insert_compte, insert_session};
use crate::{Comptes, PasswordRefused, check_password};

const PHRASE: &str = "une phrase de quelques mots";

async fn territoire(db: &kit::Db) -> Id {
    let id = Id::new(testkit::NOON);
    let couleurs = Couleurs { principale: "#1f5c45".into(), accent: "#7a4b00".into() };
    let territoire = Territoire {
        id,
        slug: "brenne".into(),
        nom: "Brenne".into(),
        couleurs,
        ligne: LigneUnique::default(),
        communes: vec![0],
        bassins: vec![],
    };
    let tx = db.begin().await.unwrap();
    territoire::storage::insert_territoire(&tx, &territoire, testkit::NOON).await.unwrap();
    tx.commit().await.unwrap();
    id
}

#[test]
fn a_password_has_fifteen_characters_at_least() {
    assert_eq!(check_password("quatorze lett."), Err(PasswordRefused::TooShort));
    assert_eq!(check_password("quinze lettres."), Ok(()));
    assert_eq!(check_password(&"é".repeat(201)), Err(PasswordRefused::TooLong));
}

#[tokio::test]
async fn an_account_signs_in_with_its_password_only() {
    for db in testkit::databases().await {
        let territoire = territoire(&db).await;
        let comptes = Comptes::new(db.clone(), Clock::stopped_at(testkit::NOON), Territoires::default());
        let tx = db.begin().await.unwrap();
        insert_compte(&tx, territoire, ("Accueil@Example.org", "Accueil"), PHRASE, testkit::NOON).await.unwrap();
        let twice = insert_compte(&tx, territoire, ("accueil@example.org", "Accueil"), PHRASE, testkit::NOON).await;
        assert!(matches!(twice, Err(kit::Error::Conflict(_))));
        tx.commit().await.unwrap();
        let (_, stored) = find_secret(&db, territoire, "ACCUEIL@example.org").await.unwrap().unwrap();
        assert!(comptes.verify(PHRASE.into(), Some(stored.clone())).await.unwrap());
        assert!(!comptes.verify("une autre phrase".into(), Some(stored)).await.unwrap());
        assert!(!comptes.verify(PHRASE.into(), None).await.unwrap());
    }
}

#[tokio::test]
async fn a_session_ends_at_its_hour_at_sign_out_and_at_the_border_of_its_territoire() {
    for db in testkit::databases().await {
        let here = territoire(&db).await;
        let tx = db.begin().await.unwrap();
        let compte = insert_compte(&tx, here, ("a@example.org", "A"), PHRASE, testkit::NOON).await.unwrap();
        tx.commit().await.unwrap();
        let end = testkit::NOON.plus_seconds(60);
        insert_session(&db, here, compte, "empreinte", (testkit::NOON, end)).await.unwrap();
        assert!(find_session(&db, here, "empreinte", testkit::NOON.plus_seconds(59)).await.unwrap().is_some());
        assert!(find_session(&db, here, "empreinte", end).await.unwrap().is_none());
        assert!(find_session(&db, Id::from_name("elsewhere"), "empreinte", testkit::NOON).await.unwrap().is_none());
        delete_session(&db, here, "empreinte").await.unwrap();
        assert!(find_session(&db, here, "empreinte", testkit::NOON).await.unwrap().is_none());
    }
}
