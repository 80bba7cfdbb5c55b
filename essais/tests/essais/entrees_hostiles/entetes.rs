//! What would end in a header, and headers that would end in a page.

use std::net::SocketAddr;

use essais::{COURRIEL, Reponse, ask, get, send};

use super::{FORM, demo, get_as, sign_in, sign_in_with};

/// What must never appear as a header of its own, in the ways it may be written in an address.
const INJECTIONS: [&str; 8] = [
    "%0d%0aX-Injecte:%20oui",
    "%0aX-Injecte:%20oui",
    "%0dX-Injecte:%20oui",
    "%E5%98%8A%E5%98%8DX-Injecte:%20oui",
    "%250d%250aX-Injecte:%20oui",
    "%0d%0a%0d%0a<html>X-Injecte: oui",
    "%C4%8D%C4%8AX-Injecte:%20oui",
    "%00%0d%0aX-Injecte:%20oui",
];

/// Every parameter that comes near a `Location`, a `Set-Cookie` or a file name.
const ADRESSES: [&str; 16] = [
    "/brenne/equipe/demandes?q=@",
    "/brenne/equipe/appel?ou=@",
    "/brenne/equipe/@",
    "/brenne/connexion?suite=@",
    "/brenne/connexion?suite=/brenne/equipe/@",
    "/brenne/orientation?ou=@&quoi=@",
    "/brenne/orientation?commune=36173@&besoin=menage@",
    "/brenne/orientation/36173/menage?tour=@",
    "/brenne/orientation/36173@/menage@",
    "/brenne/demandes/nouvelle?commune=36173@&besoin=menage@&tour=@",
    "/brenne/demandes/merci?numero=1@",
    "/brenne/structures/@",
    "/brenne/ma-demande/@",
    "/brenne/invitation/@",
    "/fichiers/@/site.css@",
    "/api/v1/orientations?commune=36173@&besoin=menage@&territoire=@",
];

const RESERVEES: [&str; 5] = [
    "/brenne/equipe/chiffres.csv?du=2026-01-01@&au=@",
    "/brenne/equipe/annuaire/imports/@",
    "/brenne/equipe/second-facteur?suite=@",
    "/brenne/equipe/demandes/@/document",
    "/brenne/equipe/demandes?issue=@&du=@",
];

fn assert_whole(answer: &Reponse, about: &str) {
    let injected = answer.headers.lines().any(|line| line.to_lowercase().starts_with("x-injecte") || line.starts_with('<'));
    assert!(!injected && !answer.headers.contains("\r\r"), "{about}:\n{}", answer.headers);
    assert!(answer.status < 500, "{about} answers {}", answer.status);
}

#[test]
fn line_ends_in_a_parameter_never_end_a_header() {
    let programme = demo();
    let cookie = sign_in(programme.at, COURRIEL);
    for injection in INJECTIONS {
        for path in ADRESSES.iter().chain(&RESERVEES) {
            let path = path.replace('@', injection).replace(' ', "%20").replace(['<', '>'], "");
            assert_whole(&get(programme.at, &path).unwrap(), &path);
            assert_whole(&get_as(programme.at, &path, &cookie), &path);
        }
        let suite = format!("/brenne/equipe/demandes{injection}").replace(['<', '>'], "");
        let answer = sign_in_with(programme.at, (COURRIEL, &suite), "");
        assert_whole(&answer, &suite);
        // The session, and the browser it was opened from.
        assert_eq!(answer.all("set-cookie").filter(|cookie| cookie.starts_with("__Host-maillage-")).count(), 2);
        assert_eq!(answer.all("set-cookie").count(), 2);
        let form =
            format!("commune=36173&besoin=portage-repas&rappel_telephone=0254281212&consentement=oui&cle={injection}&tour={injection}");
        assert_whole(&ask(programme.at, ("POST", "/brenne/demandes"), &[FORM], &form).unwrap(), &form);
    }
    eprintln!("{} answers, none with a header more", INJECTIONS.len() * (2 * (ADRESSES.len() + RESERVEES.len()) + 2));
}

#[test]
fn a_header_cut_by_a_line_end_or_given_twice_is_refused() {
    let programme = demo();
    for request in [
        "GET /brenne HTTP/1.1\r\nHost: a\r\nX-A: b\rX-Injecte: oui\r\n\r\n",
        "GET /brenne HTTP/1.1\r\nHost: a\r\nX-A: b\0c\r\n\r\n",
        "GET /bre\x01nne HTTP/1.1\r\nHost: a\r\n\r\n",
        "POST /brenne/demandes HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
        "GET /brenne HTTP/1.1\r\n Host: a\r\n\r\n",
    ] {
        assert_eq!(send(programme.at, request.as_bytes()).unwrap().status, 400, "{request:?}");
    }
    // Two ways of saying where a body ends: what follows must never be read as a second request.
    let smuggled = "POST /brenne/demandes HTTP/1.1\r\nHost: a\r\nContent-Length: 40\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /sante HTTP/1.1\r\nHost: a\r\n\r\n";
    let answers = send(programme.at, smuggled.as_bytes()).unwrap();
    assert!(!answers.body.contains("HTTP/1.1 200"), "{answers:?}");
}

const MENSONGES: [(&str, &str); 7] = [
    ("X-Forwarded-Host", "ailleurs.example"),
    ("X-Forwarded-Server", "ailleurs.example"),
    ("X-Host", "ailleurs.example"),
    ("X-Original-URL", "/brenne/equipe/etat"),
    ("X-Rewrite-URL", "/ailleurs.example"),
    ("X-Forwarded-Prefix", "/ailleurs.example"),
    ("Forwarded", "host=ailleurs.example;proto=http"),
];

/// Asked with a host of somebody else's choosing: said in the first line, in `Host`, or in what a proxy would add.
fn lie(at: SocketAddr, path: &str, cookie: &str) -> Vec<Reponse> {
    let others: String = MENSONGES.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    let tail = format!("Cookie: {cookie}\r\nConnection: close\r\n\r\n");
    [
        format!("GET {path} HTTP/1.1\r\nHost: ailleurs.example\r\n{others}{tail}"),
        format!("GET {path} HTTP/1.1\r\nHost: {at}\r\n{others}{tail}"),
        format!("GET http://ailleurs.example{path} HTTP/1.1\r\nHost: {at}\r\n{tail}"),
        format!("GET {path} HTTP/1.1\r\nHost: {at}@ailleurs.example\r\n{tail}"),
    ]
    .map(|request| send(at, request.as_bytes()).unwrap())
    .into()
}

#[test]
fn no_link_and_no_redirection_is_made_of_the_host_that_was_claimed() {
    let programme = demo();
    let cookie = sign_in(programme.at, super::ADMINISTRATION);
    let pages = [
        "/",
        "/brenne",
        "/brenne/connexion",
        "/brenne/equipe",
        "/brenne/equipe/demandes",
        "/brenne/equipe/comptes",
        "/brenne/equipe/etat",
        "/brenne/orientation?ou=Rosnay&quoi=menage",
        "/brenne/orientation/36173/menage",
        "/brenne/demandes/nouvelle",
        "/api",
        "/api/openapi.json",
        "/api/v1/communes?q=rosnay",
        "/nulle-part",
        "/brenne/couleurs.css",
        "/sante",
    ];
    let mut count = 0;
    for path in pages {
        for cookie in ["", cookie.as_str()] {
            for answer in lie(programme.at, path, cookie) {
                let said = format!("{}\n{}", answer.headers, answer.body);
                assert!(!said.contains("ailleurs.example"), "{path}: {said}");
                let location = answer.header("location");
                assert!(location.is_empty() || location.starts_with('/') && !location.starts_with("//"), "{path} leads to {location}");
                count += 1;
            }
        }
    }
    let forms = [("X-Forwarded-Host", "ailleurs.example"), FORM, ("Cookie", cookie.as_str())];
    let invited =
        ask(programme.at, ("POST", "/brenne/equipe/comptes"), &forms, "nom=Zo%C3%A9&courriel=zoe%40example.org&role=tele_conseil").unwrap();
    // By the address of the settings, never by that of the request.
    assert!(
        invited.body.contains("href=\"http://localhost:")
            && invited.body.contains("/brenne/invitation/")
            && !invited.body.contains("ailleurs.example"),
        "{}",
        invited.body
    );
    eprintln!("{count} answers to a host that was claimed, none repeats it");
}

#[test]
fn whoever_signs_in_is_never_led_elsewhere() {
    let programme = demo();
    for suite in [
        "https://ailleurs.example",
        "//ailleurs.example",
        "///ailleurs.example",
        "/\\ailleurs.example",
        "\\/\\/ailleurs.example",
        "/%2failleurs.example",
        "javascript:alert(1)",
        "/brenne/equipe@ailleurs.example",
        "/brenne/equipe/../../..//ailleurs.example",
        "/brenne/equipe/%2e%2e//ailleurs.example",
        "http:/brenne/equipe",
        "%09//ailleurs.example",
        " //ailleurs.example",
        "/brenne/equipe\t//ailleurs.example",
        "?//ailleurs.example",
        "/val-de-drome/equipe",
        "data:text/html,x",
        "/brenne/equipe/%5c..%5c..%5cailleurs.example",
        "ailleurs.example/brenne/equipe",
        "#@ailleurs.example",
    ] {
        let encoded: String = suite.bytes().map(|byte| format!("%{byte:02X}")).collect();
        for suite in [encoded, suite.replace([' ', '\t', '\\', '#'], "")] {
            let answer = sign_in_with(programme.at, (COURRIEL, &suite), "");
            assert_eq!(answer.status, 303, "{suite}");
            let location = answer.header("location");
            let is_ours = location == "/brenne/equipe" || location.starts_with("/brenne/equipe/");
            assert!(
                is_ours && !location.contains("..") && !location.contains('\\') && !location.contains("//"),
                "{suite} leads to {location}"
            );
        }
    }
    for path in
        ["//ailleurs.example/brenne/equipe", "/%2f%2failleurs.example", "/brenne//ailleurs.example", "/ailleurs.example/equipe/demandes"]
    {
        assert!(get(programme.at, path).unwrap().header("location").is_empty(), "{path}");
    }
}

const DEFENCES: [&str; 3] = ["content-security-policy", "x-content-type-options", "content-type"];
const DEFENCES_OF_PAGES: [&str; 5] =
    ["referrer-policy", "strict-transport-security", "cross-origin-opener-policy", "cross-origin-resource-policy", "permissions-policy"];

#[test]
fn every_answer_carries_its_defences_errors_and_files_included() {
    let base = testkit::sqlite_path();
    let programme = demo();
    let metered = essais::Programme::start_with("servir", &base, "jeton_metriques = \"jeton\"");
    let cookie = sign_in(programme.at, super::ADMINISTRATION);
    let home = get(programme.at, "/brenne").unwrap();
    let file = home.body.split("href=\"").map(|rest| rest.split('"').next().unwrap()).find(|href| href.ends_with("site.css")).unwrap();
    let pages = [
        "/",
        "/brenne",
        file,
        "/fichiers/0/absent.css",
        "/brenne/couleurs.css",
        "/nulle-part",
        "/brenne/structures/x",
        "/api",
        "/api/openapi.json",
        "/api/v1/communes?q=a",
        "/brenne/equipe/comptes",
        "/brenne/equipe/journal.csv",
        "/brenne/equipe/demandes",
        "/sante",
        "/brenne/demandes",
    ];
    let mut answers: Vec<(String, Reponse, bool)> =
        pages.iter().map(|path| (path.to_string(), get_as(programme.at, path, &cookie), true)).collect();
    let json = [("Content-Type", "application/json")];
    let orientations = "/api/v1/orientations?commune=36173&besoin=menage";
    for (line, body) in [
        (("GET", orientations), ""),
        (("GET", "/api/v1/orientations?commune=x"), ""),
        (("DELETE", orientations), ""),
        (("POST", "/api/v1/demandes"), "{"),
        (("POST", "/api/v1/demandes"), r#"{"commune":"36173","besoin":"menage"}"#),
    ] {
        answers.push((line.1.to_string(), ask(programme.at, line, &json, body).unwrap(), false));
    }
    answers.push((
        "403".into(),
        ask(programme.at, ("POST", "/brenne/demandes"), &[FORM, ("Sec-Fetch-Site", "cross-site")], "").unwrap(),
        true,
    ));
    answers.push(("/metriques".into(), ask(metered.at, ("GET", "/metriques"), &[("Authorization", "Bearer jeton")], "").unwrap(), true));
    for (path, answer, is_page) in &answers {
        let of_page = DEFENCES_OF_PAGES.iter().filter(|_| *is_page);
        for name in DEFENCES.iter().chain(of_page) {
            assert!(!answer.header(name).is_empty(), "{path} ({}) has no {name}:\n{}", answer.status, answer.headers);
        }
        let csp = answer.header("content-security-policy");
        assert!(csp.contains("default-src 'none'") && csp.contains("frame-ancestors 'none'") && !csp.contains("unsafe"), "{path}: {csp}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert!(answer.header("server").is_empty() && answer.header("x-powered-by").is_empty(), "{path} says what it runs on");
        if path.contains("/equipe/") {
            assert_eq!(answer.header("cache-control"), "no-store", "{path} stays in nobody’s cache");
        }
    }
    eprintln!("{} answers carry their defences", answers.len());
}
