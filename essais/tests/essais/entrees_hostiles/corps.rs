//! Bodies that are too large, too deep, or larger than they look.

use std::io::Write;

use essais::{Programme, ask, get, pour, send};

use super::{FORM, demo, get_as, sign_in};

const HUGE: usize = 100 * 1_024 * 1_024;
/// What a refusal may have read first, buffers of the system included.
const READ_BEFORE_REFUSING: usize = 12 * 1_024 * 1_024;
const MORE_MEMORY_KIB: u64 = 24 * 1_024;

const JSON: &str = "application/json";
const URLENCODED: &str = "application/x-www-form-urlencoded";

/// Everything that can be posted: the API, the forms of everybody, those of the team.
const POSTS: [(&str, &str, bool); 11] = [
    ("/api/v1/demandes", JSON, true),
    ("/api/v1/orientations", JSON, true),
    ("/api/v1/communes", JSON, true),
    ("/api/v1/besoins", JSON, true),
    ("/brenne/demandes", URLENCODED, true),
    ("/brenne/connexion", URLENCODED, true),
    ("/brenne/invitation/x", URLENCODED, true),
    ("/brenne/equipe/demandes", URLENCODED, true),
    ("/brenne/equipe/comptes", URLENCODED, true),
    ("/brenne/equipe/mon-compte/mot-de-passe", URLENCODED, true),
    ("/brenne/ma-demande/x/effacement", URLENCODED, false),
];

fn started() -> (Programme, String, u64) {
    let programme = demo();
    let cookie = sign_in(programme.at, super::ADMINISTRATION);
    assert_eq!(get(programme.at, "/brenne").unwrap().status, 200);
    let memory = programme.memory_kib();
    (programme, cookie, memory)
}

fn assert_unmoved(programme: &Programme, before: u64, about: &str) {
    let more = programme.memory_kib().saturating_sub(before);
    eprintln!("{about}: memory +{more} KiB");
    assert!(more < MORE_MEMORY_KIB, "{about} costs {more} KiB");
    assert_eq!(get(programme.at, "/brenne").unwrap().status, 200, "{about}: pages go on");
}

#[test]
fn a_hundred_megabytes_are_refused_early_wherever_they_are_posted() {
    let (programme, cookie, before) = started();
    let piece = vec![b'a'; 64 * 1_024];
    let chunk = [format!("{:x}\r\n", piece.len()).as_bytes(), &piece, b"\r\n"].concat();
    for (path, kind, has_body) in POSTS {
        let head = format!("POST {path} HTTP/1.1\r\nHost: a\r\nCookie: {cookie}\r\nContent-Type: {kind}\r\nConnection: close\r\n");
        let announced = format!("{head}Content-Length: {HUGE}\r\n\r\n");
        let unannounced = format!("{head}Transfer-Encoding: chunked\r\n\r\n");
        for (head, piece) in [(announced, &piece), (unannounced, &chunk)] {
            let (poured, answer) = pour(programme.at, &head, (piece, HUGE)).unwrap();
            assert!((400..500).contains(&answer.status), "{path} answers {}", answer.status);
            assert!(!has_body || poured < READ_BEFORE_REFUSING, "{path} took {poured} bytes before it refused");
        }
    }
    assert_unmoved(&programme, before, &format!("{} times a hundred megabytes", 2 * POSTS.len()));
}

#[test]
fn ten_thousand_levels_of_json_are_refused() {
    let (programme, _, before) = started();
    let deep = |open: &str, close: &str| format!("{}{}", open.repeat(10_000), close.repeat(10_000));
    let known = format!(r#"{{"commune":{}}}"#, deep("[", "]"));
    let unknown = format!(r#"{{"commune":"36173","besoin":"menage","inconnu":{}}}"#, deep("[", "]"));
    for body in [deep("[", "]"), deep(r#"{"a":"#, "}"), deep(r#"{"note":["#, "]}"), known, "[".repeat(1_000_000)] {
        let answer = ask(programme.at, ("POST", "/api/v1/demandes"), &[("Content-Type", JSON)], &body).unwrap();
        assert_eq!(answer.status, 400, "{}…", &body[..20]);
        assert_eq!(answer.header("content-type"), "application/problem+json");
    }
    // What this version does not know is skipped, whatever it holds, without being built.
    assert_eq!(ask(programme.at, ("POST", "/api/v1/demandes"), &[("Content-Type", JSON)], &unknown).unwrap().status, 201);
    assert_unmoved(&programme, before, "ten thousand levels");
}

/// A hundred megabytes of zeros that travel as a hundred kilobytes.
fn compressed() -> Vec<u8> {
    let mut child = std::process::Command::new("gzip")
        .args(["-9", "-c"])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    let writer = std::thread::spawn(move || (0..100).for_each(|_| input.write_all(&[b' '; 1_024 * 1_024]).unwrap()));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    output.stdout
}

#[test]
fn what_is_larger_than_it_looks_is_never_unfolded() {
    let (programme, cookie, before) = started();
    let bomb = compressed();
    assert!(bomb.len() < 200_000, "{}", bomb.len());
    for (path, kind) in [("/api/v1/demandes", JSON), ("/brenne/demandes", URLENCODED), ("/brenne/connexion", URLENCODED)] {
        for encoding in ["gzip", "gzip, gzip", "deflate", "br", "zstd"] {
            let head = format!(
                "POST {path} HTTP/1.1\r\nHost: a\r\nContent-Type: {kind}\r\nContent-Encoding: {encoding}\r\nConnection: close\r\nContent-Length: {}\r\n\r\n",
                bomb.len()
            );
            let answer = send(programme.at, &[head.as_bytes(), &bomb].concat()).unwrap();
            assert_eq!(answer.status, 415, "{path} in {encoding}: {answer:?}");
        }
    }
    assert_unmoved(&programme, before, "fifteen compressed bodies");
    let zip = [b"PK\x03\x04".as_slice(), &bomb].concat();
    let (texte, classeur) = ("trop lourd une fois décompressé", "pas un classeur lisible");
    for (name, contenu, said) in [("annuaire.csv", &bomb, texte), ("annuaire.csv", &zip, classeur), ("../../annuaire.xlsx", &zip, classeur)]
    {
        let path = send_file(&programme, &cookie, (name, contenu));
        let page = wait_for_report(&programme, &cookie, &path);
        assert!(page.contains(said), "{page}");
    }
    assert_unmoved(&programme, before, "three archives in place of a file");
}

/// Gives the address of its report.
fn send_file(programme: &Programme, cookie: &str, (name, contenu): (&str, &[u8])) -> String {
    let body = [
        format!("--essai\r\nContent-Disposition: form-data; name=\"fichier\"; filename=\"{name}\"\r\nContent-Type: text/csv\r\n\r\n")
            .as_bytes(),
        contenu,
        b"\r\n--essai--\r\n",
    ]
    .concat();
    let head = format!(
        "POST /brenne/equipe/annuaire/imports HTTP/1.1\r\nHost: a\r\nCookie: {cookie}\r\nConnection: close\r\nContent-Type: multipart/form-data; boundary=essai\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    let answer = send(programme.at, &[head.as_bytes(), &body].concat()).unwrap();
    assert_eq!(answer.status, 303, "{answer:?}");
    answer.location()
}

fn wait_for_report(programme: &Programme, cookie: &str, path: &str) -> String {
    for _ in 0..100 {
        let page = get_as(programme.at, path, cookie).body;
        if !page.contains("hx-trigger=\"every") {
            return page;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    panic!("{path} is still being verified");
}

#[test]
fn a_form_with_a_hundred_thousand_fields_is_read_or_refused_and_costs_nothing() {
    let (programme, cookie, before) = started();
    let many = (0..100_000).map(|n| format!("role={n}")).collect::<Vec<_>>().join("&");
    for path in ["/brenne/demandes", "/brenne/equipe/demandes", "/brenne/equipe/comptes"] {
        let answer = ask(programme.at, ("POST", path), &[FORM, ("Cookie", &cookie)], &many).unwrap();
        assert!((400..500).contains(&answer.status), "{path} answers {}", answer.status);
    }
    assert_unmoved(&programme, before, "three times a hundred thousand fields");
}
