//! On both databases, with a folder for server: the real SMTP server is in `essais`.
#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

use std::path::{Path, PathBuf};

use kit::envoi::{self, Envoi};
use kit::{Clock, Coffre, Db, Id, Instant};
use territoire::{Couleurs, LigneUnique, Territoire, Territoires};
use testkit::{NOON, databases};

use crate::{Facteur, Messagerie};

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
    Facteur {
        db: db.clone(),
        clock: Clock::stopped_at(NOON),
        coffre: Coffre::ephemeral().unwrap(),
        territoires: Territoires::default(),
        messagerie: Messagerie::new(dossier.to_str().unwrap(), "maillage@example.org").unwrap(),
    }
}

async fn write(facteur: &Facteur, territoire: Id, (cle, attendu): (Option<&str>, bool)) {
    let envoi = Envoi {
        cause: "lien de connexion",
        cle,
        destinataire: "elodie@example.org",
        objet: "Votre lien d’accès",
        texte: "Ouvrez https://ligne.example/abc\n",
        attendu,
    };
    let tx = facteur.db.begin().await.unwrap();
    envoi::insert(&tx, &facteur.coffre, (territoire, NOON), &envoi).await.unwrap();
    tx.commit().await.unwrap();
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
        let take = || envoi::take(&db, &facteur.coffre, (NOON, hidden), (false, 20));
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
async fn settings_that_cannot_be_read_are_refused_in_words() {
    assert!(Messagerie::new("smtp://localhost:25", "pas une adresse").is_err());
    assert!(Messagerie::new("gopher://ailleurs", "maillage@example.org").is_err());
    assert!(Messagerie::new("smtp://localhost:25", "maillage@example.org").is_ok());
}
