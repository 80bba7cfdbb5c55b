//! Addresses that would climb out of a folder, or out of a territoire.

use essais::{COURRIEL, send};

use super::{demo, sign_in};

/// The ways of writing « go up ».
const MONTEES: [&str; 14] = [
    "../",
    "..%2f",
    "%2e%2e/",
    "%2e%2e%2f",
    "%252e%252e%252f",
    "..%5c",
    "..\\",
    "%2e%2e%5c",
    "....//",
    "..;/",
    "%c0%ae%c0%ae/",
    "..%00/",
    "..%c0%af",
    "%uff0e%uff0e/",
];

const DEPARTS: [&str; 10] = [
    "/fichiers/0/@",
    "/fichiers/@",
    "/fichiers/@0/",
    "/@",
    "/brenne/@",
    "/@brenne/",
    "/brenne/structures/@",
    "/brenne/equipe/annuaire/imports/@",
    "/brenne/ma-demande/@",
    "/api/v1/@",
];

const CIBLES: [&str; 4] = ["etc/passwd", "Cargo.toml", "etc/passwd%00.css", "val-de-drome/equipe/demandes"];

#[test]
fn no_way_of_going_up_leaves_what_is_served() {
    let programme = demo();
    let cookie = sign_in(programme.at, COURRIEL);
    let mut count = 0;
    for depart in DEPARTS {
        for montee in MONTEES {
            for cible in CIBLES {
                let path = format!("{}{cible}", depart.replace('@', &montee.repeat(6)));
                let request = format!("GET {path} HTTP/1.1\r\nHost: a\r\nCookie: {cookie}\r\nConnection: close\r\n\r\n");
                let answer = send(programme.at, request.as_bytes()).unwrap();
                assert!(matches!(answer.status, 400 | 404), "{path} answers {}: {}", answer.status, answer.body);
                assert!(!answer.body.contains("root:") && !answer.body.contains("[workspace]"), "{path}: {}", answer.body);
                count += 1;
            }
        }
    }
    eprintln!("{count} ways up, none leaves");
}
