//! On both databases, with a folder for server, or one that speaks SMTP and answers what the test asks (`serveur`).
#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

mod plateforme;
mod serveur;

use std::path::{Path, PathBuf};
use std::time::Duration;

use kit::envoi::{self, Envoi, Porte};
use kit::{Clock, Coffre, Db, Engine, Id, Instant};
use sea_orm::ConnectionTrait;
use territoire::{Couleurs, LigneUnique, Territoire, Territoires};
use testkit::{NOON, databases};

use crate::rules::Silence;
use crate::{Facteur, Messagerie};
use serveur::Serveur;

/// Nine in the evening, the same day.
const EVENING: Instant = Instant(NOON.0 + 9 * 3_600);

async fn territoire(db: &Db) -> Id {
    let id = Id::from_name("brenne");
    let couleurs = Couleurs { principale: "#1f5c45".into(), accent: "#7a4b00".into() };
    let (slug, nom) = ("brenne".into(), "Brenne".into());
    let ligne = LigneUnique::default();
    let territoire = Territoire { id, slug, nom, couleurs, ligne, communes: vec![0], bassins: vec![], logo: None, fermeture: None };
    let tx = db.begin().await.unwrap();
    territoire::storage::insert_territoire(&tx, &territoire, NOON).await.unwrap();
    tx.commit().await.unwrap();
    id
}

fn facteur(db: &Db, dossier: &Path) -> Facteur {
    facteur_of(db, dossier.to_str().unwrap())
}

fn facteur_of(db: &Db, serveur: &str) -> Facteur {
    Facteur {
        db: db.clone(),
        clock: Clock::stopped_at(NOON),
        coffre: Coffre::ephemeral().unwrap(),
        territoires: Territoires::default(),
        messagerie: Some(Messagerie::new(serveur, "maillage@example.org").unwrap()),
        passerelle: None,
        silence: Silence::default(),
    }
}

const LIEN: Envoi<'static> = Envoi {
    cause: "lien de connexion",
    cle: None,
    destinataire: "elodie@example.org",
    objet: "Votre lien d’accès",
    texte: "Ouvrez https://ligne.example/abc\n",
    attendu: true,
    perime_at: None,
};

async fn write(facteur: &Facteur, territoire: Id, (cle, attendu): (Option<&str>, bool)) -> Id {
    write_envoi(facteur, territoire, &Envoi { cle, attendu, ..LIEN }).await
}

async fn write_envoi(facteur: &Facteur, territoire: Id, envoi: &Envoi<'_>) -> Id {
    let tx = facteur.db.begin().await.unwrap();
    let id = envoi::insert(&tx, &facteur.coffre, (territoire, NOON), envoi).await.unwrap();
    tx.commit().await.unwrap();
    id
}

fn files(dossier: &Path) -> Vec<PathBuf> {
    std::fs::read_dir(dossier).unwrap().flatten().map(|entry| entry.path()).collect()
}

#[tokio::test]
async fn a_message_leaves_once_and_nothing_says_afterwards_to_whom() {
    for db in databases().await {
        let dossier = tempfile::tempdir().unwrap();
        let (facteur, territoire) = (facteur(&db, dossier.path()), territoire(&db).await);
        write(&facteur, territoire, (Some("une fois"), false)).await;
        write(&facteur, territoire, (Some("une fois"), false)).await;
        assert_eq!(testkit::find_text(&db, "elodie@example.org").await.unwrap(), Vec::<String>::new(), "encrypted while it waits");
        assert_eq!(facteur.deliver_due().await.unwrap(), 1);
        assert_eq!(facteur.deliver_due().await.unwrap(), 0);
        let sent = files(dossier.path());
        let text = std::fs::read_to_string(&sent[0]).unwrap();
        assert_eq!(sent.len(), 1);
        assert!(text.contains("To: elodie@example.org") && text.contains("Auto-Submitted: auto-generated"), "{text}");
        let suivi = envoi::list(&db, territoire, 10).await.unwrap();
        assert_eq!((suivi.len(), suivi[0].envoye_at), (1, Some(NOON.0)));
        assert_eq!(envoi::erase_before(&db, territoire, NOON.plus_seconds(1)).await.unwrap(), 1);
    }
}

#[tokio::test]
async fn a_message_that_a_server_refuses_for_now_is_tried_again_later_then_given_up() {
    for db in databases().await {
        let dossier = tempfile::tempdir().unwrap();
        let (facteur, territoire) = (facteur(&db, dossier.path()), territoire(&db).await);
        write(&facteur, territoire, (None, true)).await;
        let path = dossier.keep();
        std::fs::remove_dir(&path).unwrap();
        assert_eq!(facteur.deliver_due().await.unwrap(), 1);
        assert_eq!(facteur.deliver_due().await.unwrap(), 0, "not again at once");
        assert_eq!(envoi::list(&db, territoire, 1).await.unwrap()[0].du_at, NOON.0 + 60);
        let mut now = NOON;
        for _ in 1..=7 {
            now = now.plus_seconds(2 * 86_400);
            facteur.clock.set(now);
            assert_eq!(facteur.deliver_due().await.unwrap(), 1);
        }
        let suivi = envoi::list(&db, territoire, 1).await.unwrap();
        assert_eq!((suivi[0].abandonne_at, suivi[0].essais), (Some(now.0), 8));
        assert!(!suivi[0].erreur.is_empty());
    }
}

#[tokio::test]
async fn at_night_only_what_somebody_waits_for_leaves() {
    for db in databases().await {
        let dossier = tempfile::tempdir().unwrap();
        let (facteur, territoire) = (facteur(&db, dossier.path()), territoire(&db).await);
        write(&facteur, territoire, (None, false)).await;
        write(&facteur, territoire, (None, true)).await;
        facteur.clock.set(EVENING);
        assert_eq!(facteur.deliver_due().await.unwrap(), 1);
        facteur.clock.set(EVENING.plus_seconds(11 * 3_600));
        assert_eq!(facteur.deliver_due().await.unwrap(), 1);
        assert_eq!(files(dossier.path()).len(), 2);
    }
}

#[tokio::test]
async fn two_processes_never_take_the_same_message_and_one_left_by_the_dead_is_taken_again() {
    for db in databases().await {
        let dossier = tempfile::tempdir().unwrap();
        let (facteur, territoire) = (facteur(&db, dossier.path()), territoire(&db).await);
        for _ in 0..30 {
            write(&facteur, territoire, (None, true)).await;
        }
        let hidden = NOON.plus_seconds(900);
        let take = || envoi::take(&db, &facteur.coffre, (NOON, hidden), (&[Porte::Courriel], false, 20));
        let (first, second) = tokio::join!(take(), take());
        let mut taken: Vec<Id> = first.unwrap().into_iter().chain(second.unwrap()).map(|pli| pli.id).collect();
        let count = taken.len();
        taken.sort();
        taken.dedup();
        assert_eq!(taken.len(), count, "each is in one hand only");
        facteur.clock.set(hidden);
        while facteur.deliver_due().await.unwrap() > 0 {}
        assert_eq!(files(dossier.path()).len(), 30);
    }
}

#[tokio::test]
async fn a_stop_while_handing_over_sends_again_only_what_somebody_waits_for() {
    for db in databases().await {
        let dossier = tempfile::tempdir().unwrap();
        let (facteur, territoire) = (facteur(&db, dossier.path()), territoire(&db).await);
        for attendu in [true, false] {
            write(&facteur, territoire, (None, attendu)).await;
        }
        let take = async |now: Instant| {
            envoi::take(&db, &facteur.coffre, (now, now.plus_seconds(900)), (&[Porte::Courriel], false, 20)).await.unwrap()
        };
        for pli in take(NOON).await {
            envoi::mark_remise(&db, (pli.territoire, pli.id), NOON).await.unwrap();
        }
        let again = take(NOON.plus_seconds(900)).await;
        assert_eq!(again.iter().map(|pli| pli.attendu).collect::<Vec<_>>(), [true]);
        assert_eq!(envoi::count_abandonnes(&db, NOON).await.unwrap(), 1, "the other one is said to have left perhaps");
        assert!(take(NOON.plus_seconds(1_900)).await.iter().all(|pli| pli.attendu));
    }
}

#[tokio::test]
async fn a_refusal_that_repeats_the_address_leaves_no_trace_of_it() {
    for db in databases().await {
        let territoire = territoire(&db).await;
        for (answer, again) in [
            ("550 5.1.1 <ELODIE@example.org>: Recipient address rejected: elodie", None),
            ("451 4.7.1 <elodie@example.org>: Greylisted, see postmaster@example.org", Some(NOON.0 + 60)),
        ] {
            let serveur = Serveur::refusing(answer);
            let facteur = facteur_of(&db, &serveur.adresse());
            let id = write(&facteur, territoire, (None, true)).await;
            assert_eq!(facteur.deliver_due().await.unwrap(), 1);
            let suivi = envoi::list(&db, territoire, 10).await.unwrap().into_iter().find(|one| one.id == id.to_string()).unwrap();
            assert!(suivi.erreur.contains(&answer[4..9]) && suivi.erreur.contains("<…>"), "{}", suivi.erreur);
            assert_eq!((suivi.abandonne_at.is_none(), suivi.envoye_at), (again.is_some(), None), "{answer}");
            assert!(again.is_none_or(|again| suivi.du_at == again), "{}", suivi.du_at);
            for trace in ["elodie", "ELODIE", "postmaster"] {
                assert_eq!(testkit::find_text(&db, trace).await.unwrap(), Vec::<String>::new(), "{answer}");
            }
        }
    }
}

#[tokio::test]
async fn a_message_refused_for_now_leaves_once_the_server_accepts() {
    for db in databases().await {
        let (serveur, territoire) = (Serveur::refusing("451 4.7.1 Greylisted"), territoire(&db).await);
        let facteur = facteur_of(&db, &serveur.adresse());
        write(&facteur, territoire, (None, true)).await;
        assert_eq!(facteur.deliver_due().await.unwrap(), 1);
        serveur.accept();
        facteur.clock.set(NOON.plus_seconds(60));
        assert_eq!(facteur.deliver_due().await.unwrap(), 1);
        assert_eq!(envoi::list(&db, territoire, 1).await.unwrap()[0].envoye_at, Some(NOON.0 + 60));
    }
}

#[tokio::test]
async fn a_server_that_never_answers_is_not_waited_for() {
    for db in databases().await {
        let (serveur, territoire) = (Serveur::taking(Duration::from_secs(60)), territoire(&db).await);
        let mut facteur = facteur_of(&db, &serveur.adresse());
        facteur.messagerie.as_mut().unwrap().patience = Duration::from_millis(300);
        write(&facteur, territoire, (None, true)).await;
        assert_eq!(facteur.deliver_due().await.unwrap(), 1);
        let suivi = envoi::list(&db, territoire, 1).await.unwrap();
        assert_eq!((suivi[0].du_at, suivi[0].erreur.as_str()), (NOON.0 + 60, "le serveur a trop tardé à répondre"));
    }
}

#[tokio::test]
async fn messages_leave_four_at_a_time() {
    for db in databases().await {
        let (serveur, territoire) = (Serveur::taking(Duration::from_millis(200)), territoire(&db).await);
        let facteur = facteur_of(&db, &serveur.adresse());
        for _ in 0..9 {
            write(&facteur, territoire, (None, true)).await;
        }
        assert_eq!(facteur.deliver_due().await.unwrap(), 9);
        assert!(envoi::list(&db, territoire, 9).await.unwrap().iter().all(|one| one.envoye_at.is_some()));
        assert_eq!(serveur.most_at_once(), 4);
    }
}

/// The database refuses that this message be gone, as on a full disk.
async fn refuse_gone(db: &Db, id: Id) {
    let refusal = match db.engine() {
        Engine::Sqlite => format!(
            "CREATE TRIGGER essai_refus BEFORE UPDATE OF envoye_at ON kit_envoi WHEN NEW.id = '{id}' BEGIN SELECT RAISE(ABORT, 'full'); END"
        ),
        Engine::Postgres => format!("ALTER TABLE kit_envoi ADD CONSTRAINT essai_refus CHECK (id <> '{id}' OR envoye_at IS NULL)"),
    };
    run(db, &refusal).await;
}

async fn accept_gone(db: &Db) {
    match db.engine() {
        Engine::Sqlite => run(db, "DROP TRIGGER essai_refus").await,
        Engine::Postgres => run(db, "ALTER TABLE kit_envoi DROP CONSTRAINT essai_refus").await,
    }
}

async fn run(db: &Db, statement: &str) {
    let tx = db.begin().await.unwrap();
    tx.execute_unprepared(statement).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn a_hiccup_of_the_database_holds_up_no_other_message_and_sends_none_twice() {
    for db in databases().await {
        let dossier = tempfile::tempdir().unwrap();
        let (facteur, territoire) = (facteur(&db, dossier.path()), territoire(&db).await);
        let first = write(&facteur, territoire, (None, true)).await;
        for _ in 0..5 {
            write(&facteur, territoire, (None, true)).await;
        }
        refuse_gone(&db, first).await;
        let round = tokio::spawn({
            let facteur = facteur.clone();
            async move { facteur.deliver_due().await }
        });
        let count_gone = async || envoi::list(&db, territoire, 10).await.unwrap().iter().filter(|one| one.envoye_at.is_some()).count();
        while count_gone().await < 5 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        accept_gone(&db).await;
        assert_eq!(round.await.unwrap().unwrap(), 6);
        assert_eq!(count_gone().await, 6);
        facteur.clock.set(NOON.plus_seconds(3_600));
        assert_eq!(facteur.deliver_due().await.unwrap(), 0);
        assert_eq!(files(dossier.path()).len(), 6);
    }
}

#[tokio::test]
async fn what_somebody_waits_for_goes_before_an_older_backlog() {
    for db in databases().await {
        let dossier = tempfile::tempdir().unwrap();
        let (facteur, territoire) = (facteur(&db, dossier.path()), territoire(&db).await);
        for _ in 0..3 {
            write(&facteur, territoire, (None, false)).await;
        }
        let awaited = write(&facteur, territoire, (None, true)).await;
        let now = NOON.plus_seconds(60);
        let taken = envoi::take(&db, &facteur.coffre, (now, now.plus_seconds(900)), (&[Porte::Courriel], false, 2)).await.unwrap();
        assert_eq!((taken.len(), taken[0].id), (2, awaited));
    }
}

#[tokio::test]
async fn a_link_that_opens_nothing_any_more_is_given_up() {
    for db in databases().await {
        let dossier = tempfile::tempdir().unwrap();
        let (facteur, territoire) = (facteur(&db, dossier.path()), territoire(&db).await);
        let lien = Envoi { perime_at: Some(NOON.plus_seconds(900)), ..LIEN };
        write_envoi(&facteur, territoire, &lien).await;
        facteur.clock.set(NOON.plus_seconds(899));
        assert_eq!(facteur.deliver_due().await.unwrap(), 1);
        assert_eq!(files(dossier.path()).len(), 1, "there is one second left");
        let late = write_envoi(&facteur, territoire, &lien).await.to_string();
        facteur.clock.set(NOON.plus_seconds(900));
        assert_eq!(facteur.deliver_due().await.unwrap(), 1);
        assert_eq!(files(dossier.path()).len(), 1);
        let suivi = envoi::list(&db, territoire, 10).await.unwrap().into_iter().find(|one| one.id == late).unwrap();
        assert_eq!((suivi.abandonne_at, suivi.erreur.as_str()), (Some(NOON.0 + 900), "périmé"));
    }
}

#[tokio::test]
async fn a_link_that_would_be_tried_again_too_late_is_given_up_at_once() {
    for db in databases().await {
        let (serveur, territoire) = (Serveur::refusing("451 4.7.1 Greylisted"), territoire(&db).await);
        let facteur = facteur_of(&db, &serveur.adresse());
        write_envoi(&facteur, territoire, &Envoi { perime_at: Some(NOON.plus_seconds(60)), ..LIEN }).await;
        assert_eq!(facteur.deliver_due().await.unwrap(), 1);
        let suivi = envoi::list(&db, territoire, 1).await.unwrap();
        assert_eq!(suivi[0].abandonne_at, Some(NOON.0));
        assert!(suivi[0].erreur.starts_with("périmé ; transient error (451)"), "{}", suivi[0].erreur);
    }
}

#[tokio::test]
async fn looking_for_messages_waits_for_nobody_who_writes() {
    for db in databases().await {
        let dossier = tempfile::tempdir().unwrap();
        let facteur = facteur(&db, dossier.path());
        let tx = db.begin().await.unwrap();
        tx.execute_unprepared("DELETE FROM kit_envoi").await.unwrap();
        assert_eq!(tokio::time::timeout(Duration::from_secs(2), facteur.deliver_due()).await.unwrap().unwrap(), 0);
    }
}

#[tokio::test]
async fn late_and_given_up_messages_are_counted() {
    for db in databases().await {
        let dossier = tempfile::tempdir().unwrap();
        let (facteur, territoire) = (facteur(&db, dossier.path()), territoire(&db).await);
        write(&facteur, territoire, (None, false)).await;
        write_envoi(&facteur, territoire, &Envoi { perime_at: Some(NOON), ..LIEN }).await;
        let count = async |since| envoi::count_late(&db, since).await.unwrap();
        assert_eq!(count((NOON, false)).await, 0);
        assert_eq!((count((NOON.plus_seconds(1), false)).await, count((NOON.plus_seconds(1), true)).await), (2, 1));
        assert_eq!(facteur.deliver_due().await.unwrap(), 2);
        assert_eq!(count((NOON.plus_seconds(1), false)).await, 0);
        assert_eq!(envoi::count_abandonnes(&db, NOON).await.unwrap(), 1);
        assert_eq!(envoi::count_abandonnes(&db, NOON.plus_seconds(1)).await.unwrap(), 0);
    }
}

#[tokio::test]
async fn settings_that_cannot_be_read_are_refused_in_words() {
    assert!(Messagerie::new("smtp://localhost:25", "pas une adresse").is_err());
    assert!(Messagerie::new("gopher://ailleurs", "maillage@example.org").is_err());
    assert!(Messagerie::new("smtp://localhost:25", "maillage@example.org").is_ok());
}
