//! The hooks, called as the platform calls them: signed, doubled, in any order.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::body::Body;
use axum::http::{Request, StatusCode};
use kit::{Id, Instant, sql};
use sortant::Sortant;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tower::ServiceExt;

use super::monde::{NUMERO, SON, open, territoire};
use crate::Ligne;
use crate::model::{NatureMessage, Poste, Son};
use crate::storage;
use crate::telephonie::{Releve, routes, sign};

type Form = Vec<(String, String)>;

fn form(pairs: &[(&str, &str)]) -> Form {
    let to = kit::telephone::dial(NUMERO);
    let usual = [("To", to.as_str()), ("From", "+33612345678"), ("AccountSid", "ACessai")];
    usual.iter().chain(pairs).map(|(name, value)| (name.to_string(), value.to_string())).collect()
}

async fn post(ligne: &Ligne, path: &str, form: &Form, signature: &str) -> (StatusCode, String) {
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
    let request = Request::post(path).header("x-twilio-signature", signature).body(Body::from(body)).unwrap();
    let answer = routes(ligne.clone()).into_router().oneshot(request).await.unwrap();
    let status = answer.status();
    let body = axum::body::to_bytes(answer.into_body(), 100_000).await.unwrap();
    (status, String::from_utf8(body.to_vec()).unwrap().replace(['\u{a0}', '\u{202f}'], " "))
}

/// Signed as the platform signs.
async fn call(ligne: &Ligne, path: &str, pairs: &[(&str, &str)]) -> String {
    let form = form(pairs);
    let (status, body) = post(ligne, path, &form, &sign(ligne.telephonie.as_ref().unwrap(), path, &form)).await;
    assert_eq!(status, StatusCode::OK, "{path}: {body}");
    body
}

async fn add_postes(ligne: &Ligne, numeros: &[&str]) {
    let tx = ligne.accueil.db.begin().await.unwrap();
    for numero in numeros {
        let poste = Poste { id: Id::from_name(numero), nom: format!("Poste {numero}"), numero: numero.to_string() };
        storage::insert_poste(&tx, territoire().id, &poste).await.unwrap();
    }
    tx.commit().await.unwrap();
}

async fn count(ligne: &Ligne, nature: NatureMessage) -> usize {
    let waiting = storage::list_waiting(&ligne.accueil.db, &ligne.accueil.coffre, territoire().id, 10_000).await.unwrap();
    waiting.iter().filter(|one| one.nature == nature).count()
}

/// Tuesday 17 November 2026, ten o’clock: the line is open.
const TEN: Instant = Instant(testkit::NOON.0 - 2 * 3_600);

#[tokio::test]
async fn a_closed_line_says_its_hours_and_takes_a_message() {
    for db in testkit::databases().await {
        let ligne = open(&db).await;
        let said = call(&ligne, "/telephonie/appel", &[("CallSid", "CA1"), ("CallStatus", "ringing")]).await;
        assert!(said.contains("Bonjour, vous êtes bien à la ligne Val de Drôme."), "{said}");
        assert!(said.contains("Elle ouvre aujourd’hui à 14 heures.") && said.contains("9 heures à 12 heures"), "{said}");
        assert!(said.contains("<Record ") && said.contains("action=\"/telephonie/enregistrement\""), "{said}");
        let tx = db.begin().await.unwrap();
        storage::update_bienvenue(&tx, territoire().id, "Ici <1001 services> & l’accueil.").await.unwrap();
        tx.commit().await.unwrap();
        let said = call(&ligne, "/telephonie/appel", &[("CallSid", "CA2")]).await;
        assert!(said.contains("Ici &lt;1001 services&gt; &amp; l’accueil.") && !said.contains("Bonjour"), "{said}");
        let left =
            call(&ligne, "/telephonie/enregistrement", &[("CallSid", "CA1"), ("RecordingSid", "RE1"), ("RecordingDuration", "7")]).await;
        assert!(left.contains("Votre message est enregistré"), "{left}");
        call(&ligne, "/telephonie/etat", &[("CallSid", "CA1"), ("CallStatus", "completed")]).await;
        assert_eq!((count(&ligne, NatureMessage::MessageVocal).await, count(&ligne, NatureMessage::AppelManque).await), (1, 0));
    }
}

#[tokio::test]
async fn an_open_line_rings_its_telephones_in_order_then_takes_a_message() {
    for db in testkit::databases().await {
        let ligne = open(&db).await;
        ligne.accueil.clock.set(TEN);
        add_postes(&ligne, &["02 54 00 00 01", "02 54 00 00 02"]).await;
        let said = call(&ligne, "/telephonie/appel", &[("CallSid", "CA1")]).await;
        assert!(
            said.contains("<Number>+33254000001</Number>") && said.contains("callerId=\"+33254281212\"") && !said.contains("position"),
            "{said}"
        );
        let next = "/telephonie/suite?poste=1&tour=0";
        assert!(said.contains("poste=1&amp;tour=0"), "{said}");
        let said = call(&ligne, next, &[("CallSid", "CA1"), ("DialCallStatus", "no-answer")]).await;
        assert!(said.contains("<Number>+33254000002</Number>"), "{said}");
        let said = call(&ligne, "/telephonie/suite?poste=2&tour=0", &[("CallSid", "CA1"), ("DialCallStatus", "no-answer")]).await;
        assert!(said.contains("Tous nos postes sont occupés.") && said.contains("<Record"), "{said}");
        // Two calls are under way: for the third one, no telephone is free.
        call(&ligne, "/telephonie/appel", &[("CallSid", "CA2")]).await;
        let said = call(&ligne, "/telephonie/appel", &[("CallSid", "CA3")]).await;
        ligne.accueil.clock.set(TEN.plus_seconds(1));
        let fourth = call(&ligne, "/telephonie/appel", &[("CallSid", "CA4")]).await;
        assert!(fourth.contains("Vous êtes en position 2."), "{said} {fourth}");
        let busy = call(&ligne, "/telephonie/suite?poste=2&tour=0", &[("CallSid", "CA4"), ("DialCallStatus", "busy")]).await;
        assert!(busy.contains("position 2") && busy.contains("<Redirect") && busy.contains("poste=0&amp;tour=1"), "{busy}");
        call(&ligne, "/telephonie/etat", &[("CallSid", "CA1"), ("CallStatus", "completed")]).await;
        let busy = call(&ligne, "/telephonie/suite?poste=2&tour=1", &[("CallSid", "CA4"), ("DialCallStatus", "busy")]).await;
        assert!(busy.contains("position 1"), "one has left: {busy}");
    }
}

#[tokio::test]
async fn who_hangs_up_before_an_answer_is_to_be_called_back_and_who_was_answered_is_not() {
    for db in testkit::databases().await {
        let ligne = open(&db).await;
        ligne.accueil.clock.set(TEN);
        add_postes(&ligne, &["02 54 00 00 01"]).await;
        call(&ligne, "/telephonie/appel", &[("CallSid", "CA1")]).await;
        call(&ligne, "/telephonie/etat", &[("CallSid", "CA1"), ("CallStatus", "no-answer")]).await;
        call(&ligne, "/telephonie/etat", &[("CallSid", "CA2"), ("CallStatus", "ringing")]).await;
        assert_eq!(count(&ligne, NatureMessage::AppelManque).await, 1);
        // The end of the call comes before its answer.
        call(&ligne, "/telephonie/etat", &[("CallSid", "CA2"), ("CallStatus", "completed")]).await;
        call(&ligne, "/telephonie/suite?poste=1&tour=0", &[("CallSid", "CA2"), ("DialCallStatus", "completed")]).await;
        assert_eq!(count(&ligne, NatureMessage::AppelManque).await, 1);
    }
}

#[tokio::test]
async fn a_forged_call_is_refused_and_writes_nothing() {
    let db = testkit::databases().await.remove(0);
    let mut ligne = open(&db).await;
    let pairs = form(&[("CallSid", "CA1"), ("CallStatus", "no-answer")]);
    let telephonie = ligne.telephonie.clone().unwrap();
    let right = sign(&telephonie, "/telephonie/etat", &pairs);
    let other_path = sign(&telephonie, "/telephonie/appel", &pairs);
    let other_key = sign(&crate::Telephonie { jeton: "autre".into(), ..telephonie.clone() }, "/telephonie/etat", &pairs);
    let mut changed = pairs.clone();
    changed[1].1 = "+33699999999".into();
    for (form, signature) in [(&pairs, ""), (&pairs, "🙂"), (&pairs, &other_path), (&pairs, &other_key), (&changed, right.as_str())] {
        assert_eq!(post(&ligne, "/telephonie/etat", form, signature).await.0, StatusCode::FORBIDDEN, "{signature}");
    }
    let heavy: Form = vec![("CallSid".into(), "x".repeat(100_000))];
    assert_eq!(post(&ligne, "/telephonie/etat", &heavy, &sign(&telephonie, "/telephonie/etat", &heavy)).await.0, StatusCode::BAD_REQUEST);
    for table in ["ligne_message", "ligne_appel"] {
        assert_eq!(sql::number(db.read(), &format!("SELECT COUNT(*) FROM {table}"), []).await.unwrap(), 0);
    }
    assert_eq!(post(&ligne, "/telephonie/etat", &pairs, &right).await.0, StatusCode::OK);
    ligne.telephonie = None;
    assert_eq!(post(&ligne, "/telephonie/etat", &pairs, &right).await.0, StatusCode::FORBIDDEN, "no platform is known");
}

#[tokio::test]
async fn a_number_that_is_no_line_of_ours_is_told_so() {
    let db = testkit::databases().await.remove(0);
    let ligne = open(&db).await;
    let mut unknown = form(&[("CallSid", "CA1")]);
    unknown[0].1 = "+33254999999".into();
    let (_, said) =
        post(&ligne, "/telephonie/appel", &unknown, &sign(ligne.telephonie.as_ref().unwrap(), "/telephonie/appel", &unknown)).await;
    assert!(said.contains("relié à aucune ligne") && said.contains("<Hangup/>"), "{said}");
}

#[tokio::test]
async fn a_thousand_webhooks_doubled_and_shuffled_give_each_message_once() {
    for db in testkit::databases().await {
        let ligne = open(&db).await;
        let mut hooks: Vec<(&str, Form)> = vec![];
        for n in 0..250 {
            let (call, recording) = (format!("CA{n}"), format!("RE{n}"));
            hooks.push(("/telephonie/etat", form(&[("CallSid", &call), ("CallStatus", "completed")])));
            hooks.push(match n % 2 {
                0 => ("/telephonie/enregistrement", form(&[("CallSid", &call), ("RecordingSid", &recording), ("RecordingDuration", "9")])),
                _ => ("/telephonie/appel", form(&[("CallSid", &call)])),
            });
        }
        hooks.extend(hooks.clone());
        assert_eq!(hooks.len(), 1_000);
        // The same disorder each time, and no order of ours: 7 919 has no common divisor with 1 000.
        let started = std::time::Instant::now();
        for n in 0..hooks.len() {
            let (path, form) = &hooks[n * 7_919 % hooks.len()];
            let signature = sign(ligne.telephonie.as_ref().unwrap(), path, form);
            assert_eq!(post(&ligne, path, form, &signature).await.0, StatusCode::OK);
        }
        println!("{:?} each, {:?}", started.elapsed() / 1_000, db.engine());
        assert_eq!((count(&ligne, NatureMessage::MessageVocal).await, count(&ligne, NatureMessage::AppelManque).await), (125, 125));
    }
}

/// A platform that answers once with `first`, then with a sound.
async fn start_platform(first: &'static str) -> (u16, Arc<AtomicUsize>) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (port, asked) = (listener.local_addr().unwrap().port(), Arc::new(AtomicUsize::new(0)));
    let counted = asked.clone();
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            let mut read = vec![0_u8; 2_048];
            let length = socket.read(&mut read).await.unwrap_or(0);
            let head = String::from_utf8_lossy(&read[..length]).to_lowercase();
            let is_right = head.starts_with("get /2010-04-01/accounts/acessai/recordings/re1.mp3")
                && head.contains("authorization: basic qunlc3nhaTpzZWNyZXQ=".to_lowercase().as_str());
            let turn = counted.fetch_add(1, Ordering::Relaxed);
            let (status, body): (&str, Vec<u8>) = match (is_right, turn, first) {
                (false, ..) => ("401 Unauthorized", vec![]),
                (true, 0, "404") => ("404 Not Found", vec![]),
                (true, 0, "lourd") => ("200 OK", vec![b'R'; 50 << 20]),
                _ => ("200 OK", SON.to_vec()),
            };
            let head = format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
            let _ = socket.write_all(&[head.as_bytes(), &body].concat()).await;
        }
    });
    (port, asked)
}

async fn son_of(ligne: &Ligne) -> Son {
    let waiting = storage::list_waiting(&ligne.accueil.db, &ligne.accueil.coffre, territoire().id, 10).await.unwrap();
    storage::find_message(&ligne.accueil.db, &ligne.accueil.coffre, territoire().id, waiting[0].id).await.unwrap().unwrap().son
}

#[tokio::test]
async fn a_recording_is_fetched_with_our_password_tried_again_and_given_up_when_it_weighs_too_much() {
    for db in testkit::databases().await {
        for first in ["404", "lourd"] {
            let mut ligne = open_again(&db, first == "404").await;
            let (port, asked) = start_platform(first).await;
            ligne.telephonie.as_mut().unwrap().serveur = format!("http://localhost:{port}");
            call(&ligne, "/telephonie/enregistrement", &[("CallSid", "CA1"), ("RecordingSid", "RE1"), ("RecordingDuration", "7")]).await;
            assert_eq!(son_of(&ligne).await, Son::EnChemin);
            let releve = Releve { ligne: ligne.clone(), sortant: Sortant::new(&["localhost".into()]).unwrap() };
            releve.do_once().await.unwrap();
            if first == "lourd" {
                assert_eq!(son_of(&ligne).await, Son::Absent(crate::rules::TROP_LOURD.into()));
                continue;
            }
            releve.do_once().await.unwrap();
            assert_eq!((son_of(&ligne).await, asked.load(Ordering::Relaxed)), (Son::EnChemin, 1), "not before its time");
            ligne.accueil.clock.set(testkit::NOON.plus_seconds(31));
            releve.do_once().await.unwrap();
            assert!(matches!(son_of(&ligne).await, Son::Present { mime, .. } if mime == "audio/wav"));
            releve.do_once().await.unwrap();
            assert_eq!(asked.load(Ordering::Relaxed), 2, "fetched once");
        }
    }
}

/// The second time, what the first one left is erased.
async fn open_again(db: &kit::Db, is_first: bool) -> Ligne {
    if !is_first {
        schema::territoire::erase(db, territoire().id).await.unwrap();
    }
    open(db).await
}
