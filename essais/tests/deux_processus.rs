//! Several processes on one database: what is mended through one is proposed by the other within a second.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a trial stops where it fails")]

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use essais::{MOT_DE_PASSE, Programme, ask, get};

const QUESTION: &str = "/api/v1/orientations?commune=36173&besoin=menage";
/// What is promised; a machine that tries many things at once is given more, once in a while.
const PROMIS: Duration = Duration::from_secs(1);
const TOLERE: Duration = Duration::from_secs(3);
const TOURS: usize = 5;

fn post(at: SocketAddr, path: &str, (cookie, form): (&str, &str)) -> essais::Reponse {
    let headers = [("Content-Type", "application/x-www-form-urlencoded"), ("Cookie", cookie), ("Sec-Fetch-Site", "same-origin")];
    ask(at, ("POST", path), &headers, form).unwrap()
}

fn sign_in(at: SocketAddr) -> String {
    let form = format!("courriel=accueil%40example.org&mot_de_passe={}", MOT_DE_PASSE.replace(' ', "+"));
    let answer = post(at, "/brenne/connexion", ("", &form));
    answer.header("set-cookie").split(';').next().unwrap_or_default().to_string()
}

/// The first structure and service proposed.
fn first(at: SocketAddr) -> (String, String) {
    let answer: serde_json::Value = serde_json::from_str(&get(at, QUESTION).unwrap().body).unwrap();
    let one = answer.pointer("/propositions/0").expect("a proposal");
    let text = |path: &str| one.pointer(path).and_then(serde_json::Value::as_str).unwrap_or_default().to_string();
    (text("/structure/id"), text("/service/id"))
}

/// How long until the answer of a process holds, or no longer holds, these words.
fn wait(at: SocketAddr, words: &str, (is_there, since): (bool, Instant)) -> Duration {
    while get(at, QUESTION).unwrap().body.contains(words) != is_there {
        assert!(since.elapsed() < TOLERE, "« {words} » is still {} after {TOLERE:?}", if is_there { "absent" } else { "there" });
        std::thread::sleep(Duration::from_millis(10));
    }
    since.elapsed()
}

fn try_on(base: &str) {
    let one = Programme::start("demo", base);
    let other = Programme::start("servir", base);
    let cookie = sign_in(one.at);
    let (structure, service) = first(one.at);
    let path = format!("/brenne/equipe/structures/{structure}");
    let mut longest = vec![];
    for _ in 0..TOURS {
        let since = Instant::now();
        let closed = post(one.at, &format!("{path}/informations"), (&cookie, &format!("nature=suspension&service={service}")));
        assert_eq!(closed.status, 303, "{}", closed.body);
        wait(one.at, &service, (false, since));
        longest.push(wait(other.at, &service, (false, since)));
        let page = ask(one.at, ("GET", &format!("{path}/complements")), &[("Cookie", &cookie)], "").unwrap().body;
        let action =
            page.split("action=\"").find(|part| part.contains("/informations/") && part.contains("/retrait")).expect("to take away");
        let since = Instant::now();
        assert_eq!(post(one.at, action.split('"').next().unwrap(), (&cookie, "")).status, 303);
        longest.push(wait(other.at, &service, (true, since)));
    }
    longest.sort();
    let (median, last) = (longest[longest.len() / 2], longest[longest.len() - 1]);
    println!("an edit is proposed by the other process: median {median:?}, at most {last:?}, {base}");
    assert!(median < PROMIS, "median {median:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_mended_through_one_process_is_proposed_by_the_other_within_a_second() {
    try_on(&testkit::sqlite_path());
    match std::env::var(testkit::POSTGRES) {
        Ok(server) => try_on(&testkit::create_postgres(&server).await),
        Err(_) => eprintln!("skipped on PostgreSQL: {} is not set", testkit::POSTGRES),
    }
}
