use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use kit::Instant;
use openidconnect::{DiscoveryError, UserInfoError};
use sortant::Sortant;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::decouverte::Decouverte;
use super::refus::{error_code, refuse_userinfo, tell_discovery};
use super::{Fournisseur, Guichet, Inscription, Refus, Retour};

const RETOUR: &str = "https://ligne.example/brenne/connexion/fournisseur/retour";
const JETON: &str = "eyJQUI.eyJqZWFubmUi.c2lnbmF0dXJl";
const DEPART: Instant = Instant(1_700_000_000);

/// A provider of which the token endpoint gives one answer: status, type, body. Counts how often it was discovered.
async fn serve(answer: (u16, &'static str, String)) -> (Inscription, Arc<AtomicUsize>) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let emetteur = format!("http://localhost:{}", listener.local_addr().unwrap().port());
    let (told, asked) = (emetteur.clone(), Arc::new(AtomicUsize::new(0)));
    let count = asked.clone();
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            let mut head = vec![0_u8; 4_096];
            let read = socket.read(&mut head).await.unwrap_or(0);
            let line = String::from_utf8_lossy(&head[..read]).into_owned();
            let metadata = format!(
                r#"{{"issuer":"{told}","authorization_endpoint":"{told}/auth","token_endpoint":"{told}/token","jwks_uri":"{told}/jwks","response_types_supported":["code"],"subject_types_supported":["public"],"id_token_signing_alg_values_supported":["RS256"]}}"#
            );
            let (status, kind, body) = match line.split(' ').nth(1) {
                Some("/.well-known/openid-configuration") => {
                    count.fetch_add(1, Ordering::SeqCst);
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    if answer.0 == 500 { answer.clone() } else { (200, "application/json", metadata) }
                }
                Some("/jwks") => (200, "application/json", r#"{"keys":[]}"#.to_string()),
                _ => answer.clone(),
            };
            let length = body.len();
            let whole =
                format!("HTTP/1.1 {status} Said\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}");
            let _ = socket.write_all(whole.as_bytes()).await;
        }
    });
    let inscription = Inscription { nom: "Essai".into(), emetteur, client: "maillage".into(), secret: JETON.into(), courriel_sur: false };
    (inscription, asked)
}

fn sortant() -> Sortant {
    Sortant::new(&["localhost".into()]).unwrap()
}

/// Leaves and comes back, to a provider that answers this for the code.
async fn come_back(answer: (u16, &'static str, String)) -> Refus {
    let fournisseur = Fournisseur::new(serve(answer).await.0, sortant());
    let depart = fournisseur.start(RETOUR).await.unwrap_or_else(|refus| panic!("{refus}"));
    let state = depart.url.query_pairs().find(|(name, _)| name == "state").unwrap().1.into_owned();
    let retour = Retour { code: "un code".into(), state, ..Retour::default() };
    fournisseur.finish(&retour, (&depart.etat, RETOUR), DEPART).await.err().unwrap()
}

#[tokio::test]
async fn an_error_that_holds_a_token_or_an_address_does_not_print_it() {
    let personal = format!("{JETON} jeanne@example.org");
    let answers = [
        (
            200,
            "application/json",
            format!(r#"{{"access_token":"{personal}","id_token":"{personal}","token_type":"Bearer"}}"#),
            "unreadable",
        ),
        (200, "application/json", format!(r#"{{"access_token":12,"more":"{personal}"}}"#), "unreadable"),
        (200, "text/html", personal.clone(), "Content-Type"),
        (400, "application/json", format!(r#"{{"error":"invalid_grant","error_description":"{personal}"}}"#), "code: invalid_grant"),
        (400, "application/json", format!(r#"{{"error":"{personal}\nWARN","error_description":"x"}}"#), "code: "),
        (502, "text/html", personal.clone(), "unreadable"),
    ];
    for (status, kind, body, expected) in answers {
        let refus = come_back((status, kind, body)).await;
        assert_is_discreet(&format!("{refus} {refus:?}"), expected);
    }
    let body = personal.clone().into_bytes();
    let refus = refuse_userinfo(&UserInfoError::Response(http::StatusCode::FORBIDDEN, body.clone(), String::new()));
    assert_is_discreet(&format!("{refus} {refus:?}"), "403");
    assert_is_discreet(&tell_discovery(&DiscoveryError::Response(http::StatusCode::BAD_GATEWAY, body, "HTTP 502".into())), "502");
}

fn assert_is_discreet(told: &str, expected: &str) {
    assert!(told.contains(expected), "{told} does not say {expected}");
    for hidden in [JETON, "signature", "jeanne", "example.org", "\n", "WARN"] {
        assert!(!told.contains(hidden), "{told} says {hidden}");
    }
}

#[tokio::test]
async fn the_secret_is_not_printed_and_what_the_provider_declines_is_a_code() {
    let (inscription, _) = serve((200, "text/plain", String::new())).await;
    let fournisseur = Fournisseur::new(inscription.clone(), sortant());
    assert!(!format!("{inscription:?} {fournisseur:?}").contains(JETON));
    let depart = fournisseur.start(RETOUR).await.unwrap_or_else(|refus| panic!("{refus}"));
    let state = depart.url.query_pairs().find(|(name, _)| name == "state").unwrap().1.into_owned();
    let error = Some("access_denied\n\u{1b}[31m2026 WARN all is well".to_string());
    let refus = fournisseur.finish(&Retour { state, error, ..Retour::default() }, (&depart.etat, RETOUR), DEPART).await.err().unwrap();
    assert_eq!(refus.to_string(), "le fournisseur n’a pas donné son accord : access_denied");
    assert_eq!(error_code(&"a".repeat(100)).len(), 40);
}

#[tokio::test]
async fn a_provider_that_fails_is_asked_once_for_all_who_knock_and_left_alone() {
    let (inscription, asked) = serve((500, "text/plain", String::new())).await;
    let fournisseur = Fournisseur::new(inscription, sortant());
    let mut knocks = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let fournisseur = fournisseur.clone();
        knocks.spawn(async move { fournisseur.start(RETOUR).await.err() });
    }
    while let Some(refus) = knocks.join_next().await {
        assert!(matches!(refus.unwrap(), Some(Refus::Absent(_))));
    }
    assert_eq!(asked.load(Ordering::SeqCst), 1);
    assert!(matches!(fournisseur.start(RETOUR).await.err(), Some(Refus::Absent(_))));
    assert_eq!(asked.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn keys_are_looked_at_again_once_and_not_again_at_once() {
    let (inscription, asked) = serve((200, "text/plain", String::new())).await;
    let (decouverte, guichet) = (Decouverte::default(), Guichet(sortant()));
    let old = decouverte.learn((&inscription, &guichet)).await.unwrap();
    let new = decouverte.learn_again(&old, (&inscription, &guichet)).await.unwrap().unwrap();
    assert_eq!(asked.load(Ordering::SeqCst), 2);
    // Another sign-in that was under way with the old keys takes the new ones, without a call.
    assert!(decouverte.learn_again(&old, (&inscription, &guichet)).await.unwrap().is_some());
    assert!(decouverte.learn_again(&new, (&inscription, &guichet)).await.unwrap().is_none());
    assert_eq!(asked.load(Ordering::SeqCst), 2);
}
