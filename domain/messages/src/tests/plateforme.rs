//! SMS, by a platform of the trial: what it is sent, what it answers.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use kit::envoi::{self, Depense, Porte, Sms, opposition};
use kit::{Db, Id};
use sortant::Sortant;
use testkit::{NOON, databases};

use super::{facteur, territoire};
use crate::{Facteur, Passerelle};

/// What came: who signed, and the form.
type Recus = Arc<Mutex<Vec<(String, String)>>>;

async fn plateforme(answer: StatusCode) -> (Passerelle, Recus) {
    let recus = Recus::default();
    let kept = recus.clone();
    let receive = move |headers: HeaderMap, body: String| async move {
        let who = headers.get("authorization").and_then(|value| value.to_str().ok()).unwrap_or_default().to_string();
        kept.lock().unwrap().push((who, body));
        (answer, "{}")
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let router = Router::new().route("/2010-04-01/Accounts/AC1/Messages.json", post(receive));
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    let passerelle = Passerelle {
        sortant: Sortant::new(&["localhost".into()]).unwrap(),
        serveur: format!("http://localhost:{port}"),
        compte: "AC1".into(),
        jeton: "secret".into(),
        numero: Some("07 80 12 34 56".into()),
        prix: 450,
        par_jour: 3,
    };
    (passerelle, recus)
}

async fn facteur_by(db: &Db, answer: StatusCode) -> (Facteur, Id, Recus) {
    let territoire = territoire(db).await;
    let (passerelle, recus) = plateforme(answer).await;
    let base = facteur(db, &std::env::temp_dir());
    (Facteur { messagerie: None, passerelle: Some(passerelle), ..base }, territoire, recus)
}

async fn write_sms(facteur: &Facteur, territoire: Id, texte: &str) -> Option<Id> {
    let tx = facteur.db.begin().await.unwrap();
    let sms = Sms { cause: "fin d’appel", cle: None, numero: "06.12.34.56.78", texte, attendu: false, perime_at: None };
    let written = envoi::insert_sms(&tx, &facteur.coffre, (territoire, NOON), &sms).await.unwrap();
    tx.commit().await.unwrap();
    written
}

#[tokio::test]
async fn an_sms_leaves_in_the_old_alphabet_and_its_parts_are_counted() {
    for db in databases().await {
        let (facteur, territoire, recus) = facteur_by(&db, StatusCode::CREATED).await;
        write_sms(&facteur, territoire, "L’ADMR vous rappelle : forêt").await;
        write_sms(&facteur, territoire, &"é".repeat(161)).await;
        assert_eq!(facteur.deliver_due().await.unwrap(), 2);
        let recus = recus.lock().unwrap().clone();
        assert_eq!(recus[0].0, "Basic QUMxOnNlY3JldA==");
        assert!(
            recus.iter().any(|(_, form)| form == "To=%2B33612345678&From=%2B33780123456&Body=L%27ADMR+vous+rappelle+%3A+foret"),
            "{recus:?}"
        );
        let depense = envoi::sum_depense(&db, territoire, Porte::Sms, NOON).await.unwrap();
        assert_eq!(depense, Depense { messages: 2, parties: 3, cout: 1_350 });
        assert_eq!(facteur.deliver_due().await.unwrap(), 0);
    }
}

#[tokio::test]
async fn a_number_that_answered_stop_is_sent_nothing_until_it_comes_back() {
    for db in databases().await {
        let (facteur, territoire, recus) = facteur_by(&db, StatusCode::CREATED).await;
        write_sms(&facteur, territoire, "écrit avant le STOP").await.unwrap();
        opposition::oppose(&db, &facteur.coffre, (territoire, NOON), "+33 6 12 34 56 78").await.unwrap();
        assert_eq!(write_sms(&facteur, territoire, "écrit après").await, None);
        assert_eq!(facteur.deliver_due().await.unwrap(), 1);
        assert!(recus.lock().unwrap().is_empty());
        assert_eq!(envoi::list(&db, territoire, 1).await.unwrap()[0].erreur, "la personne a répondu STOP");
        opposition::lift(&db, &facteur.coffre, territoire, "0612345678").await.unwrap();
        assert!(write_sms(&facteur, territoire, "de nouveau").await.is_some());
    }
}

#[tokio::test]
async fn a_refusal_is_tried_again_or_given_up_and_a_day_has_its_ceiling() {
    for db in databases().await {
        let (facteur, territoire, recus) = facteur_by(&db, StatusCode::TOO_MANY_REQUESTS).await;
        write_sms(&facteur, territoire, "trop vite").await;
        facteur.deliver_due().await.unwrap();
        let suivi = envoi::list(&db, territoire, 1).await.unwrap().remove(0);
        assert_eq!((suivi.envoye_at, suivi.abandonne_at, suivi.du_at), (None, None, NOON.0 + 60));
        assert_eq!(recus.lock().unwrap().len(), 1);

        let (refusing, _) = plateforme(StatusCode::BAD_REQUEST).await;
        write_sms(&facteur, territoire, "numéro mort").await;
        let stubborn = Facteur { passerelle: Some(refusing), ..facteur.clone() };
        stubborn.deliver_due().await.unwrap();
        assert!(
            envoi::list(&db, territoire, 2).await.unwrap().iter().any(|one| one.abandonne_at.is_some() && one.erreur.starts_with("400"))
        );

        let (open, recus) = plateforme(StatusCode::CREATED).await;
        let facteur = Facteur { passerelle: Some(Passerelle { par_jour: 1, ..open }), ..facteur };
        write_sms(&facteur, territoire, "un").await;
        facteur.deliver_due().await.unwrap();
        write_sms(&facteur, territoire, "deux").await;
        facteur.deliver_due().await.unwrap();
        assert_eq!(recus.lock().unwrap().len(), 1);
        assert!(envoi::list(&db, territoire, 5).await.unwrap().iter().any(|one| one.erreur.contains("plafond de 1 SMS")));
    }
}
