//! Accounts, sessions and invitations on both databases.

use kit::journal::{self, Acte, Verdict};
use kit::{Clock, Coffre, Db, Id, Instant};
use territoire::{Couleurs, LigneUnique, Territoire, Territoires};
use testkit::NOON;

use crate::rules::session::Etat;
use crate::storage::{
    NouvelleSession, close_session, close_sessions, delete_invitation, find_compte, find_invite, find_secret, find_session, insert_compte,
    insert_invitation, insert_session, is_last_administration, list_sessions, replace_roles, update_desactive,
};
use crate::{Comptes, Moyen, Role, SecondFacteur};

const PHRASE: &str = "tuile bleue vieille";

async fn territoire(db: &Db, slug: &str) -> Id {
    let id = Id::from_name(slug);
    let couleurs = Couleurs { principale: "#1f5c45".into(), accent: "#7a4b00".into() };
    let ligne = LigneUnique::default();
    let (slug, nom) = (slug.to_string(), slug.to_string());
    let territoire = Territoire { id, slug, nom, couleurs, ligne, communes: vec![0], bassins: vec![], logo: None, fermeture: None };
    let tx = db.begin().await.unwrap();
    territoire::storage::insert_territoire(&tx, &territoire, NOON).await.unwrap();
    tx.commit().await.unwrap();
    id
}

async fn compte(db: &Db, territoire: Id, courriel: &str, roles: &[Role]) -> Id {
    let tx = db.begin().await.unwrap();
    let id = insert_compte(&tx, territoire, (courriel, "Équipe"), (PHRASE, roles), NOON).await.unwrap();
    tx.commit().await.unwrap();
    id
}

fn opened_at(at: Instant) -> Etat {
    Etat { opened_at: at, seen_at: at, is_poste: false }
}

async fn open(db: &Db, (territoire, compte): (Id, Id), (empreinte, appareil): (&str, &str), etat: Etat) -> Id {
    let session = NouvelleSession { empreinte, appareil, etat, moyen: Moyen::MotDePasse, has_prouve: false, jeton: "" };
    insert_session(db, (territoire, compte), &session, &Coffre::ephemeral().unwrap()).await.unwrap()
}

#[tokio::test]
async fn an_account_signs_in_with_its_password_only() {
    for db in testkit::databases().await {
        let territoire = territoire(&db, "brenne").await;
        let comptes =
            Comptes::new(db.clone(), Clock::stopped_at(NOON), Territoires::default(), (Coffre::ephemeral().unwrap(), SecondFacteur::Exige));
        compte(&db, territoire, "Accueil@Example.org", &[Role::TeleConseil]).await;
        let tx = db.begin().await.unwrap();
        let twice = insert_compte(&tx, territoire, ("accueil@example.org", "Équipe"), (PHRASE, &[]), NOON).await;
        assert!(matches!(twice, Err(kit::Error::Conflict(_))));
        let short = insert_compte(&tx, territoire, ("b@example.org", "Équipe"), ("trop court", &[]), NOON).await;
        assert!(matches!(short, Err(kit::Error::Conflict(_))));
        drop(tx);
        let (_, stored) = find_secret(&db, territoire, "ACCUEIL@example.org").await.unwrap().unwrap();
        assert!(comptes.verify(PHRASE.into(), Some(stored.clone())).await.unwrap());
        assert!(!comptes.verify("une autre phrase".into(), Some(stored)).await.unwrap());
        assert!(!comptes.verify(PHRASE.into(), None).await.unwrap());
    }
}

#[tokio::test]
async fn a_session_opens_its_territoire_only_and_closes_from_elsewhere() {
    for db in testkit::databases().await {
        let here = territoire(&db, "brenne").await;
        let who = compte(&db, here, "a@example.org", &[Role::TeleConseil, Role::Lecture]).await;
        let first = open(&db, (here, who), ("un", "iPad"), opened_at(NOON)).await;
        open(&db, (here, who), ("deux", "iPad"), opened_at(NOON.plus_seconds(60))).await;
        let found = find_session(&db, here, "un").await.unwrap().unwrap();
        assert_eq!((found.compte_id, found.session_id), (who, first));
        assert_eq!(found.roles, [Role::Lecture, Role::TeleConseil]);
        assert!(find_session(&db, Id::from_name("elsewhere"), "un").await.unwrap().is_none());
        assert_eq!(list_sessions(&db, here, who, NOON.plus_seconds(60)).await.unwrap().len(), 2);
        assert_eq!(list_sessions(&db, here, who, NOON.plus_seconds(1_830)).await.unwrap().len(), 1, "idle ones are not shown");
        assert!(!close_session(&db, here, Id::from_name("somebody else"), first).await.unwrap());
        assert!(close_session(&db, here, who, first).await.unwrap());
        assert!(find_session(&db, here, "un").await.unwrap().is_none() && find_session(&db, here, "deux").await.unwrap().is_some());
        let tx = db.begin().await.unwrap();
        assert_eq!(close_sessions(&tx, here, who, None).await.unwrap(), 1);
        tx.commit().await.unwrap();
        assert!(find_session(&db, here, "deux").await.unwrap().is_none());
    }
}

#[tokio::test]
async fn a_closed_account_opens_nothing_at_the_next_request() {
    for db in testkit::databases().await {
        let here = territoire(&db, "brenne").await;
        let who = compte(&db, here, "a@example.org", &[Role::TeleConseil]).await;
        open(&db, (here, who), ("un", "iPad"), opened_at(NOON)).await;
        let tx = db.begin().await.unwrap();
        update_desactive(&tx, here, who, Some(NOON)).await.unwrap();
        tx.commit().await.unwrap();
        assert!(find_session(&db, here, "un").await.unwrap().is_none());
        assert!(find_secret(&db, here, "a@example.org").await.unwrap().is_none());
    }
}

#[tokio::test]
async fn an_invitation_serves_once_and_for_seven_days() {
    for db in testkit::databases().await {
        let here = territoire(&db, "brenne").await;
        let who = compte(&db, here, "a@example.org", &[Role::Lecture]).await;
        let until = NOON.plus_seconds(10);
        let tx = db.begin().await.unwrap();
        insert_invitation(&tx, here, who, ("ancienne", until)).await.unwrap();
        insert_invitation(&tx, here, who, ("nouvelle", until)).await.unwrap();
        tx.commit().await.unwrap();
        assert!(find_invite(&db, here, "ancienne", NOON).await.unwrap().is_none(), "a new link replaces the former");
        assert!(find_invite(&db, Id::from_name("elsewhere"), "nouvelle", NOON).await.unwrap().is_none());
        assert_eq!(find_invite(&db, here, "nouvelle", NOON).await.unwrap().unwrap().id, who);
        assert!(find_invite(&db, here, "nouvelle", until).await.unwrap().is_none());
        let tx = db.begin().await.unwrap();
        assert!(delete_invitation(&tx, here, "nouvelle").await.unwrap());
        assert!(!delete_invitation(&tx, here, "nouvelle").await.unwrap());
    }
}

#[tokio::test]
async fn the_last_administration_is_known_and_roles_are_replaced() {
    for db in testkit::databases().await {
        let here = territoire(&db, "brenne").await;
        let first = compte(&db, here, "a@example.org", &[Role::Administration]).await;
        let tx = db.begin().await.unwrap();
        assert!(is_last_administration(&tx, here, first).await.unwrap());
        tx.commit().await.unwrap();
        let second = compte(&db, here, "b@example.org", &[Role::Administration]).await;
        let tx = db.begin().await.unwrap();
        assert!(!is_last_administration(&tx, here, first).await.unwrap());
        replace_roles(&tx, here, second, &[Role::Lecture, Role::Lecture]).await.unwrap();
        assert!(is_last_administration(&tx, here, first).await.unwrap());
        tx.commit().await.unwrap();
        assert_eq!(find_compte(&db, here, second).await.unwrap().unwrap().roles, [Role::Lecture]);
    }
}

#[tokio::test]
async fn a_line_of_the_journal_that_is_changed_or_taken_away_shows() {
    for db in testkit::databases().await {
        let here = territoire(&db, "brenne").await;
        let act = |acte| Acte { auteur: None, acte, objet: ("demande", Id::from_name("d")), detail: "" };
        assert_eq!(journal::verify(&db, here).await.unwrap(), Verdict::Intact(0));
        for acte in ["lecture", "lecture", "écriture", "lecture"] {
            journal::record_alone(&db, here, NOON, &act(acte)).await.unwrap();
        }
        journal::record_alone(&db, Id::from_name("elsewhere"), NOON, &act("lecture")).await.unwrap();
        assert_eq!(journal::verify(&db, here).await.unwrap(), Verdict::Intact(4));
        for (harm, broken) in [
            ("UPDATE kit_journal SET detail = 'autre' WHERE numero = 3", 3),
            ("DELETE FROM kit_journal WHERE numero = 2", 2),
            ("DELETE FROM kit_journal WHERE numero > 1", 2),
        ] {
            tamper(&db, harm).await;
            assert_eq!(journal::verify(&db, here).await.unwrap(), Verdict::Rompu(broken), "{harm}");
        }
    }
}

async fn tamper(db: &Db, harm: &str) {
    let tx = db.begin().await.unwrap();
    kit::sql::execute(&tx, harm, []).await.unwrap();
    tx.commit().await.unwrap();
}
