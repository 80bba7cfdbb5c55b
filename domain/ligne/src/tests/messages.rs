//! Messages: once each, unreadable in the database, closed once, erased with the demande.

use accueil::{Canal, Circonstance, DemandeInput};
use kit::{Coffre, Db, Id, Instant, sql};

use super::monde::{SON, open, territoire, vocal};
use crate::Ligne;
use crate::model::{NouveauMessage, NouveauSon, SansSuite, Son, Suite};
use crate::rules::{SON_MAXIMUM, TROP_LOURD};
use crate::storage::{self, rechiffrement};

pub async fn leave(ligne: &Ligne, message: &NouveauMessage) -> Option<Id> {
    let tx = ligne.accueil.db.begin().await.unwrap();
    let id = storage::insert_message(&tx, &ligne.accueil.coffre, message).await.unwrap();
    tx.commit().await.unwrap();
    id
}

async fn find(ligne: &Ligne, id: Id) -> Option<crate::Message> {
    storage::find_message(&ligne.accueil.db, &ligne.accueil.coffre, territoire().id, id).await.unwrap()
}

async fn close(ligne: &Ligne, id: Id, suite: Suite) -> bool {
    let tx = ligne.accueil.db.begin().await.unwrap();
    let closed = storage::close_message(&tx, (territoire().id, id), (None, testkit::NOON), suite).await.unwrap();
    tx.commit().await.unwrap();
    closed
}

/// A demande recorded from the call screen, under the key of a message.
async fn record(ligne: &Ligne, cle: String) -> Id {
    let input = DemandeInput {
        commune: "26165".into(),
        besoin: "menage".into(),
        cle,
        rappel_telephone: "06.12.34.56.78".into(),
        consentement: "oui".into(),
        ..DemandeInput::default()
    };
    let circonstance = Circonstance { territoire_id: territoire().id, canal: Canal::Web, now: testkit::NOON, compte_id: None };
    accueil::acte::record(&ligne.accueil, input.parse(circonstance).unwrap(), &[]).await.unwrap().id
}

#[tokio::test]
async fn a_message_comes_once_and_nothing_of_it_is_readable_in_the_database() {
    for db in testkit::databases().await {
        let ligne = open(&db).await;
        let message = NouveauMessage { texte: Some("Marqueur-de-voix".into()), expediteur: Some("Zoé Marqueur".into()), ..vocal("CA1") };
        let id = leave(&ligne, &message).await.unwrap();
        assert_eq!(leave(&ligne, &message).await, None, "the same key twice");
        let found = find(&ligne, id).await.unwrap();
        assert_eq!((found.numero.as_deref(), found.texte.as_deref()), (Some("06 12 34 56 78"), Some("Marqueur-de-voix")));
        assert_eq!(found.son, Son::Present { mime: "audio/wav".into(), taille: i64::try_from(SON.len()).unwrap() });
        for mark in ["Marqueur", "12345678", "12 34 56", "CA1"] {
            assert_eq!(testkit::find_text(&db, mark).await.unwrap(), [] as [&str; 0], "{mark}");
        }
        let heard = storage::find_son(&db, &ligne.accueil.coffre, (territoire().id, id)).await.unwrap().unwrap();
        assert_eq!(heard, ("audio/wav".into(), SON.to_vec()));
        let elsewhere = storage::find_son(&db, &ligne.accueil.coffre, (Id::from_name("ailleurs"), id)).await.unwrap();
        assert!(elsewhere.is_none(), "another territoire hears nothing");
        let waiting = storage::list_waiting(&db, &ligne.accueil.coffre, territoire().id, 10).await.unwrap();
        assert_eq!(waiting.iter().map(|one| (one.id, one.numero.as_deref())).collect::<Vec<_>>(), [(id, Some("06 12 34 56 78"))]);
    }
}

#[tokio::test]
async fn a_recording_of_fifty_megabytes_is_refused_and_its_message_stays() {
    let db = testkit::databases().await.remove(0);
    let ligne = open(&db).await;
    let mut contenu = SON.to_vec();
    contenu.resize(10 * SON_MAXIMUM, 0);
    let son = NouveauSon::Recu { mime: "audio/wav".into(), contenu };
    let id = leave(&ligne, &NouveauMessage { son, ..vocal("CA1") }).await.unwrap();
    assert_eq!(find(&ligne, id).await.unwrap().son, Son::Absent(TROP_LOURD.into()));
    assert_eq!(sql::number(db.read(), "SELECT COUNT(*) FROM ligne_enregistrement WHERE contenu IS NOT NULL", []).await.unwrap(), 0);
}

#[tokio::test]
async fn of_two_operators_who_close_a_message_the_second_one_changes_nothing() {
    for db in testkit::databases().await {
        let ligne = open(&db).await;
        let id = leave(&ligne, &vocal("CA1")).await.unwrap();
        assert!(close(&ligne, id, Suite::SansSuite(SansSuite::Rappele)).await);
        assert!(!close(&ligne, id, Suite::SansSuite(SansSuite::SansObjet)).await);
        assert_eq!(find(&ligne, id).await.unwrap().traite.unwrap().suite, Suite::SansSuite(SansSuite::Rappele));
        assert!(storage::list_waiting(&db, &ligne.accueil.coffre, territoire().id, 10).await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn the_demande_of_a_message_closes_it_is_offered_for_its_number_and_takes_it_along_when_it_is_erased() {
    for db in testkit::databases().await {
        let ligne = open(&db).await;
        let (id, other) = (leave(&ligne, &vocal("CA1")).await.unwrap(), leave(&ligne, &vocal("CA2")).await.unwrap());
        let hidden = NouveauMessage { numero: Some("anonymous".into()), ..vocal("CA3") };
        let hidden = leave(&ligne, &hidden).await.unwrap();
        let territoire = territoire().id;
        assert_eq!(storage::settle_messages(&db, territoire, testkit::NOON).await.unwrap(), 0);
        let message = find(&ligne, id).await.unwrap();
        let demande = record(&ligne, message.cle_de_demande()).await;
        assert_eq!(storage::settle_messages(&db, territoire, testkit::NOON).await.unwrap(), 1);
        assert_eq!(storage::settle_messages(&db, territoire, testkit::NOON).await.unwrap(), 0);
        assert_eq!(find(&ligne, id).await.unwrap().traite.unwrap().suite, Suite::Demande(demande));

        let offered = storage::list_of_numero(&db, &ligne.accueil.coffre, &find(&ligne, other).await.unwrap()).await.unwrap();
        assert_eq!(offered.iter().map(|one| (one.id, one.demande_id)).collect::<Vec<_>>(), [(id, Some(demande))]);
        let offered = storage::list_of_numero(&db, &ligne.accueil.coffre, &find(&ligne, hidden).await.unwrap()).await.unwrap();
        assert!(offered.is_empty(), "those who hide their number are not one person");
        let demandes = accueil::storage::list_demandes_de_numero(&db, &ligne.accueil.coffre, territoire, "06 12 34 56 78").await.unwrap();
        assert_eq!(
            demandes.iter().map(|one| (one.id, one.besoins.as_slice())).collect::<Vec<_>>(),
            [(demande, &["menage".to_string()][..])]
        );

        let found = accueil::storage::find_demande(&db, &ligne.accueil.coffre, territoire, demande).await.unwrap().unwrap();
        accueil::acte::effacer(&ligne.accueil, &found, (None, testkit::NOON)).await.unwrap();
        assert!(find(&ligne, id).await.is_none() && find(&ligne, other).await.is_some());
        assert_eq!(count_sons(&db).await, 2, "its sound left with it");
    }
}

async fn count_sons(db: &Db) -> i64 {
    sql::number(db.read(), "SELECT COUNT(*) FROM ligne_enregistrement WHERE contenu IS NOT NULL", []).await.unwrap()
}

#[tokio::test]
async fn what_was_dealt_with_long_ago_goes_and_what_waits_stays() {
    for db in testkit::databases().await {
        let ligne = open(&db).await;
        let (closed, tied) = (leave(&ligne, &vocal("CA1")).await.unwrap(), leave(&ligne, &vocal("CA2")).await.unwrap());
        let waiting = leave(&ligne, &vocal("CA3")).await.unwrap();
        close(&ligne, closed, Suite::SansSuite(SansSuite::Rappele)).await;
        let demande = record(&ligne, find(&ligne, tied).await.unwrap().cle_de_demande()).await;
        close(&ligne, tied, Suite::Demande(demande)).await;
        let erase = async |before: Instant| storage::erase_before(&db, territoire().id, (before, before)).await.unwrap();
        assert_eq!(erase(testkit::NOON.plus_seconds(-1)).await, 0);
        assert_eq!(count_sons(&db).await, 3);
        assert_eq!(erase(testkit::NOON).await, 1);
        assert!(find(&ligne, closed).await.is_none());
        assert!(matches!(find(&ligne, tied).await.unwrap().son, Son::Absent(why) if why.contains("conservation")));
        assert!(matches!(find(&ligne, waiting).await.unwrap().son, Son::Present { .. }));
    }
}

#[tokio::test]
async fn a_new_key_reads_what_the_former_one_wrote_and_writes_it_again() {
    let line = |id: &str, byte: u8| format!("{id} {}", <base64ct::Base64 as base64ct::Encoding>::encode_string(&[byte; 32]));
    for db in testkit::databases().await {
        let mut ligne = open(&db).await;
        ligne.accueil.coffre = Coffre::parse(&line("a", 1)).unwrap();
        let message = NouveauMessage { texte: Some("Bonjour".into()), expediteur: Some("Zoé".into()), ..vocal("CA1") };
        let id = leave(&ligne, &message).await.unwrap();
        ligne.accueil.coffre = Coffre::parse(&format!("{}\n{}", line("a", 1), line("b", 2))).unwrap();
        assert_eq!(rechiffrement::rechiffrer(&db, &ligne.accueil.coffre).await.unwrap(), (4, 0), "number, sender, text, sound");
        assert_eq!(rechiffrement::rechiffrer(&db, &ligne.accueil.coffre).await.unwrap(), (0, 0));
        ligne.accueil.coffre = Coffre::parse(&line("b", 2)).unwrap();
        assert_eq!(find(&ligne, id).await.unwrap().texte.as_deref(), Some("Bonjour"));
        assert_eq!(rechiffrement::rechiffrer(&db, &Coffre::parse(&line("c", 3)).unwrap()).await.unwrap(), (0, 4));
    }
}
