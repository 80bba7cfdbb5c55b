//! What the program gives to everybody, held against the official tools: the package `data-inclusion-schema`, strict, and the
//! compiled schemas of HSDS closed to keys that they do not declare. On the demo, and on the national annuaire of the bench:
//! its first thousand structures in the tests, the hundred thousand in `cargo xtask pannes`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a trial stops where it fails")]

use std::path::{Path, PathBuf};
use std::process::Command;

use essais::{Programme, Site, ask, get, is_long};
use serde_json::Value;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_path_buf()
}

/// Where `cargo xtask setup` puts it.
fn python() -> PathBuf {
    let python = essais::binary().parent().unwrap().with_file_name("donnees_ouvertes").join("bin/python");
    assert!(python.exists(), "{} is missing: `cargo xtask setup` installs it", python.display());
    python
}

/// The schemas of HSDS, which are not part of the project (CC BY-SA).
fn schemas() -> Option<PathBuf> {
    let schemas = root().parent().unwrap().join("shared/interop/hsds/compiled");
    if !schemas.is_dir() {
        eprintln!("HSDS skipped: {} is not there", schemas.display());
    }
    schemas.is_dir().then_some(schemas)
}

/// What the official tools say; the last line counts.
fn verify(arguments: &[&str]) -> (bool, String) {
    let output = Command::new(python()).arg(root().join("essais/donnees_ouvertes/verifier.py")).args(arguments).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    (output.status.success(), said)
}

fn export(more: &[&str], format: &str) -> PathBuf {
    let folder = PathBuf::from(format!("{}.{format}", testkit::sqlite_path()));
    let shown = folder.display().to_string();
    let output = Programme::run(&[&["exporter", "--format", format, "--sortie", &shown], more].concat());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    folder
}

/// Exports in both forms, and checks them.
fn check(about: &str, more: &[&str]) {
    let folder = export(more, "data-inclusion");
    let (is_right, said) = verify(&["data-inclusion", &folder.display().to_string()]);
    eprintln!("data·inclusion, {about}: {}", said.lines().last().unwrap_or_default());
    assert!(is_right, "{said}");
    let Some(schemas) = schemas() else { return };
    let folder = export(more, "hsds");
    let pair = |file: &str, schema: &str| format!("{}={schema}", folder.join(file).display());
    let pairs = [pair("organizations.json", "organization"), pair("services.json", "service")];
    let (is_right, said) = verify(&["hsds", &schemas.display().to_string(), &pairs[0], &pairs[1]]);
    eprintln!("HSDS, {about}: {}", said.lines().last().unwrap_or_default());
    assert!(is_right, "{said}");
}

#[test]
fn the_demo_passes_the_official_checks() {
    check("demo", &["--demo"]);
}

#[test]
fn the_national_annuaire_passes_the_official_checks() {
    let bancs = essais::binary().with_file_name("bancs");
    assert!(bancs.exists(), "{} is missing: `cargo build --workspace` makes it", bancs.display());
    let base = testkit::sqlite_path();
    let (file, wanted) = (format!("{base}.csv"), if is_long() { "100000" } else { "1000" });
    assert!(Command::new(bancs).args(["generer", "--structures", wanted, &file]).output().unwrap().status.success());
    let run = |arguments: &[&str]| {
        let output = Programme::run(arguments);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    };
    run(&["territoire", "creer", "--slug", "france", "--nom", "France", "--france", "--base", &base]);
    run(&["importer", "annuaire", &file, "--base", &base]);
    check("national", &["--base", &base]);
}

/// A check that cannot fail checks nothing.
#[test]
fn the_official_checks_see_what_is_wrong() {
    let folder = export(&["--demo", "--territoire", "brenne"], "data-inclusion");
    let path = folder.join("services.json");
    let right = std::fs::read_to_string(&path).unwrap();
    for (before, after) in [
        ("\"thematiques\":[\"", "\"thematiques\":[\"inconnue--"),
        ("\"structure_id\":\"", "\"structure_id\":\"autre-"),
        ("\"source\":", "\"inconnu\":1,\"source\":"),
        ("\"date_maj\":\"2", "\"date_maj\":\"3"),
    ] {
        assert!(right.contains(before));
        std::fs::write(&path, right.replacen(before, after, 1)).unwrap();
        let (is_right, said) = verify(&["data-inclusion", &folder.display().to_string()]);
        assert!(!is_right && said.contains("\"errors\": 1"), "{after}: {said}");
    }
    let Some(schemas) = schemas() else { return };
    let path = export(&["--demo", "--territoire", "brenne"], "hsds").join("services.json");
    let right = std::fs::read_to_string(&path).unwrap();
    for (before, after) in [("\"status\":\"active\"", "\"status\":\"ouvert\""), ("\"type\":\"voice\"", "\"sorte\":\"voice\"")] {
        assert!(right.contains(before));
        std::fs::write(&path, right.replacen(before, after, 1)).unwrap();
        let (is_right, said) = verify(&["hsds", &schemas.display().to_string(), &format!("{}=service", path.display())]);
        assert!(!is_right && said.contains("\"errors\": 1"), "{after}: {said}");
    }
}

#[test]
fn a_base_that_is_not_there_is_said_and_not_made() {
    let base = testkit::sqlite_path();
    let output = Programme::run(&["exporter", "--format", "csv", "--sortie", "/tmp", "--base", &base]);
    assert!(!output.status.success() && String::from_utf8_lossy(&output.stderr).contains("n’existe pas"));
    assert!(!Path::new(&base).exists());
}

fn read_json(programme: &Programme, path: &str) -> Value {
    let answer = get(programme.at, path).unwrap();
    assert_eq!(answer.status, 200, "{path}: {}", answer.body);
    serde_json::from_str(&answer.body).unwrap()
}

/// The addresses of HSDS on the demo: every page of every list, then the objects one by one.
#[test]
fn the_api_of_hsds_answers_as_its_schemas_say() {
    let programme = Programme::start("demo", &testkit::sqlite_path());
    let mut pairs = vec![];
    let mut keep = |path: &str, schema: &str, content: &Value| {
        let file = format!("{}.json", testkit::sqlite_path());
        std::fs::write(&file, content.to_string()).unwrap_or_else(|error| panic!("{path}: {error}"));
        pairs.push(format!("{file}={schema}"));
    };
    for (list, schema, total) in
        [("services", "service", 212), ("organizations", "organization", 152), ("service_at_locations", "service_at_location", 212)]
    {
        let mut seen = vec![];
        for page in 1.. {
            let content = read_json(&programme, &format!("/hsds/{list}?page={page}&per_page=90"));
            assert_eq!((content["total_items"].as_i64(), content["page_number"].as_i64()), (Some(total), Some(page)), "{list}");
            assert_eq!((content["first_page"].as_bool(), content["empty"].as_bool()), (Some(page == 1), Some(false)), "{list}");
            seen.extend(content["contents"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().to_string()));
            keep(list, &format!("{schema}_list"), &content);
            if content["last_page"].as_bool().unwrap() {
                break;
            }
        }
        let count = seen.len();
        seen.sort();
        seen.dedup();
        assert_eq!((count, seen.len()), (usize::try_from(total).unwrap(), count), "{list}: each once");
        keep(list, schema, &read_json(&programme, &format!("/brenne/hsds/{list}?full=true&per_page=100")));
        for id in seen.iter().step_by(40) {
            keep(list, schema, &read_json(&programme, &format!("/hsds/{list}/{id}")));
        }
    }
    let organization = read_json(&programme, "/brenne/hsds/organizations?per_page=1")["contents"][0]["id"].as_str().unwrap().to_string();
    let of_it = read_json(&programme, &format!("/hsds/services?organization_id={organization}"));
    assert!(of_it["contents"].as_array().unwrap().iter().all(|one| one["organization_id"] == organization.as_str()));
    let terms = read_json(&programme, "/hsds/taxonomy_terms?per_page=100");
    let menage = terms["contents"].as_array().unwrap().iter().find(|term| term["code"] == "menage").unwrap()["id"].as_str().unwrap();
    let found = read_json(&programme, &format!("/hsds/services?taxonomy_term_id={menage}"))["total_items"].as_i64().unwrap();
    assert!((1..100).contains(&found), "{found}");
    assert_eq!(read_json(&programme, "/hsds/services?modified_after=2100-01-01")["empty"], true);
    for wrong in ["/hsds/services?page=0", "/hsds/services?per_page=1000", "/hsds/services/rien", "/hsds/services?modified_after=hier"] {
        let answer = get(programme.at, wrong).unwrap();
        assert!((400..500).contains(&answer.status) && answer.body.contains("\"detail\""), "{wrong}: {}", answer.body);
    }
    let Some(schemas) = schemas() else { return };
    let schemas = schemas.display().to_string();
    let arguments: Vec<&str> = ["hsds", &schemas].into_iter().chain(pairs.iter().map(String::as_str)).collect();
    let (is_right, said) = verify(&arguments);
    assert!(is_right, "{said}");
}

#[test]
fn the_annuaire_is_read_to_its_end_by_cursor_and_what_is_known_is_not_sent_again() {
    let programme = Programme::start("demo", &testkit::sqlite_path());
    for (list, total) in [("structures", 152), ("services", 212)] {
        let (mut seen, mut cursor) = (vec![], String::new());
        loop {
            let content = read_json(&programme, &format!("/api/v1/{list}?limite=37&curseur={cursor}"));
            seen.extend(content[list].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().to_string()));
            match content["suivant"].as_str() {
                Some(next) => cursor = next.to_string(),
                None => break,
            }
        }
        let count = seen.len();
        seen.sort();
        seen.dedup();
        assert_eq!((count, seen.len()), (total, total), "{list}");
    }
    let count = |path: &str, list: &str| read_json(&programme, path)[list].as_array().unwrap().len();
    let menage = count("/api/v1/services?besoin=menage&commune=36173", "services");
    assert!((1..30).contains(&menage), "{menage}");
    assert!(count("/api/v1/services?besoin=vie-quotidienne&commune=36173", "services") > menage);
    assert!(count("/api/v1/structures?categorie=mairie&territoire=brenne&limite=200", "structures") >= 56);
    assert_eq!(count("/api/v1/services?depuis=2100-01-01", "services"), 0);
    for (wrong, status) in [
        ("commune=douze", 400),
        ("commune=99999", 404),
        ("besoin=fusee", 404),
        ("categorie=x", 404),
        ("curseur=a.b", 404),
        ("depuis=hier", 400),
        ("limite=0", 400),
        ("limite=201", 400),
        ("limite=1&limite=2", 400),
    ] {
        let answer = get(programme.at, &format!("/api/v1/services?{wrong}")).unwrap();
        assert!(answer.status == status && answer.body.contains("\"detail\""), "{wrong}: {} {}", answer.status, answer.body);
    }
    let first = get(programme.at, "/hsds/services?per_page=5").unwrap();
    let (tag, date) = (first.header("etag").to_string(), first.header("last-modified").to_string());
    for known in [("If-None-Match", tag.as_str()), ("If-Modified-Since", date.as_str())] {
        let again = ask(programme.at, ("GET", "/hsds/services?per_page=5"), &[known], "").unwrap();
        assert_eq!((again.status, again.body.as_str()), (304, ""), "{known:?}");
    }
    assert_eq!(ask(programme.at, ("GET", "/hsds/services?per_page=6"), &[("If-None-Match", &tag)], "").unwrap().status, 200);
}

#[tokio::test]
async fn the_search_is_lent_to_the_sites_that_are_named_and_to_no_other() {
    for db in testkit::databases().await {
        let site = Site::signed_in(&db, "val-de-drome").await;
        let script = site.get("/widget.js").await;
        assert!(script.status == 200 && script.headers.contains("cross-origin-resource-policy: cross-origin"), "{}", script.headers);
        let frame = site.get("/val-de-drome/integration").await;
        assert!(frame.status == 200 && frame.headers.contains("frame-ancestors 'self'\n"), "{}", frame.headers);
        let refused = site.post("/val-de-drome/equipe/donnees/hotes", "hotes=https%3A%2F%2Fa.fr%3B+script-src+*").await;
        assert!(refused.status == 422 && refused.body.contains("n’est pas un site"), "{}", refused.body);
        assert_eq!(site.post("/val-de-drome/equipe/donnees/hotes", "hotes=https%3A%2F%2Fwww.mairie.fr").await.status, 303);
        let frame = site.get("/val-de-drome/integration").await;
        assert!(frame.headers.contains("frame-ancestors 'self' https://www.mairie.fr\n"), "{}", frame.headers);
        assert!(site.get("/brenne/integration").await.headers.contains("frame-ancestors 'self'\n"));
        assert!(site.get("/val-de-drome").await.headers.contains("frame-ancestors 'none'"));
    }
}

#[tokio::test]
async fn an_edition_is_published_when_somebody_asks_and_read_by_everybody() {
    for db in testkit::databases().await {
        let mut site = Site::signed_in(&db, "val-de-drome").await;
        assert_eq!(site.post("/val-de-drome/equipe/donnees/edition", "").await.status, 303);
        let refused = site.post("/val-de-drome/equipe/donnees/abonnements", "adresse=http%3A%2F%2F10.0.0.1").await;
        assert_eq!(refused.status, 422, "{}", refused.body);
        site.cookie = None;
        let page = site.get("/val-de-drome/donnees").await.body;
        assert!(page.contains("Dernière édition") && page.contains("2026-11-17") && page.contains("Licence Ouverte 2.0"), "{page}");
        let last = site.get("/val-de-drome/donnees/derniere/annuaire.csv").await;
        assert!(last.status == 307 && last.headers.contains("location: /val-de-drome/donnees/2026-11-17/annuaire.csv"), "{}", last.headers);
        let file = site.get("/val-de-drome/donnees/2026-11-17/annuaire.csv").await;
        assert!(file.status == 200 && file.headers.contains("immutable") && file.body.contains("ADMR de Livron"), "{}", file.headers);
        assert_eq!(site.get("/val-de-drome/donnees/2026-11-17/autre.csv").await.status, 404);
        assert_eq!(site.get("/brenne/donnees/2026-11-17/annuaire.csv").await.status, 404, "another territoire");
    }
}
