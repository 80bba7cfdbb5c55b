//! The plan of the house, held by a test: who uses whom, where queries live, what each room says of itself.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a trial stops where it fails")]

use std::fs;
use std::path::{Path, PathBuf};

/// The only allowed direction of use: a capability uses those before it (ARCHITECTURE.md).
const ORDER: [&str; 9] = ["territoire", "comptes", "messages", "annuaire", "diffusion", "accueil", "ligne", "observatoire", "repertoire"];
const BASE: [&str; 9] = ["kit", "ui", "schema", "sauvegarde", "sortant", "identite", "edition", "tableur", "testkit"];
/// Files longer than this are cut by noun.
const LINES: usize = 500;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_path_buf()
}

fn read(path: impl AsRef<Path>) -> String {
    fs::read_to_string(root().join(path.as_ref())).unwrap_or_else(|error| panic!("{}: {error}", path.as_ref().display()))
}

fn list_sources() -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> =
        ["base", "domain", "maillage", "essais", "bancs", "xtask"].iter().map(|name| root().join(name)).collect();
    let mut files = vec![];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap().flatten() {
            let path = entry.path();
            if path.is_dir() && !path.ends_with("node_modules") && !path.ends_with("target") {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push(path);
            }
        }
    }
    files
}

fn is_trial(path: &Path) -> bool {
    path.components().any(|part| matches!(part.as_os_str().to_str(), Some("tests" | "tests.rs" | "essais" | "testkit")))
}

#[test]
fn every_capability_stands_in_the_order_and_uses_only_those_before_it() {
    let mut rooms: Vec<String> =
        fs::read_dir(root().join("domain")).unwrap().flatten().map(|entry| entry.file_name().into_string().unwrap()).collect();
    rooms.sort();
    let mut known = ORDER.map(str::to_string).to_vec();
    known.sort();
    assert_eq!(rooms, known);
    for (place, room) in ORDER.iter().enumerate() {
        let manifest = read(format!("domain/{room}/Cargo.toml"));
        let uses = manifest.split("[dev-dependencies]").next().unwrap();
        for later in &ORDER[place..] {
            assert!(!uses.contains(&format!("\n{later} = ")), "{room} uses {later}, which comes after it");
        }
    }
}

#[test]
fn the_base_knows_no_capability() {
    for room in BASE {
        let manifest = read(format!("base/{room}/Cargo.toml"));
        for capability in ORDER {
            assert!(!manifest.contains(&format!("\n{capability} = ")), "{room} uses {capability}");
        }
    }
}

#[test]
fn queries_live_in_storage_alone() {
    let allowed = ["storage", "base/kit/src", "base/schema/src"];
    for path in list_sources().into_iter().filter(|path| !is_trial(path)) {
        let shown = path.strip_prefix(root()).unwrap().display().to_string();
        let text = fs::read_to_string(&path).unwrap();
        let has_query = ["SELECT ", "INSERT INTO", "UPDATE ", "DELETE FROM"]
            .iter()
            .any(|verb| text.contains(&format!("\"{verb}")) || text.contains(&format!("\n{verb}")));
        assert!(!has_query || allowed.iter().any(|place| shown.contains(place)), "{shown} holds a query");
    }
}

/// A route that is not in the registry would be in nobody's matrix of rights.
#[test]
fn every_route_is_declared_in_the_registry() {
    for path in list_sources().into_iter().filter(|path| !is_trial(path) && !path.ends_with("base/kit/src/routes.rs")) {
        let text = fs::read_to_string(&path).unwrap();
        assert!(!text.contains(".route(\"") && !text.contains(".nest("), "{} makes a route by hand: use kit::routes", path.display());
    }
}

#[test]
fn rules_know_neither_database_nor_clock_nor_http() {
    for path in list_sources().into_iter().filter(|path| path.components().any(|part| part.as_os_str() == "rules")) {
        let text = fs::read_to_string(&path).unwrap();
        for forbidden in ["sea_orm", "axum", "async fn", "Clock", "kit::Db", "kit::sql"] {
            assert!(!text.contains(forbidden), "{} knows {forbidden}", path.display());
        }
    }
}

#[test]
fn a_capability_writes_only_its_own_tables() {
    for room in ORDER {
        for path in list_sources().into_iter().filter(|path| path.starts_with(root().join("domain").join(room)) && !is_trial(path)) {
            let text = fs::read_to_string(&path).unwrap();
            for other in ORDER.iter().filter(|other| **other != room) {
                for verb in ["INSERT INTO ", "UPDATE ", "DELETE FROM ", "table: \""] {
                    assert!(!text.contains(&format!("{verb}{other}_")), "{} writes {other}_*", path.display());
                }
            }
        }
    }
}

#[test]
fn every_crate_opens_with_what_it_is_for_and_no_file_is_long() {
    for path in list_sources() {
        let text = fs::read_to_string(&path).unwrap();
        if path.ends_with("src/lib.rs") || path.ends_with("src/main.rs") {
            assert!(text.starts_with("//! "), "{} does not say what the room is for", path.display());
        }
        let lines = text.lines().count();
        assert!(lines <= LINES, "{} has {lines} lines: cut it by noun", path.display());
    }
}

#[test]
fn every_public_type_of_the_field_is_in_the_glossary() {
    let glossary = read("GLOSSAIRE.md");
    for path in list_sources().into_iter().filter(|path| path.ends_with("model.rs") || path.ends_with("installation.rs")) {
        let text = fs::read_to_string(&path).unwrap();
        let declared = text.lines().filter_map(|line| line.trim().strip_prefix("pub struct ").or(line.trim().strip_prefix("pub enum ")));
        for name in declared.filter_map(|rest| rest.split([' ', '<', '(', '{']).next()) {
            assert!(glossary.contains(&format!("`{name}`")), "{name} ({}) is not in GLOSSAIRE.md", path.display());
        }
    }
}

#[test]
fn pages_carry_neither_inline_script_nor_inline_style() {
    let mut folders = vec![root().join("base"), root().join("domain"), root().join("maillage")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "html") {
                let text = fs::read_to_string(&path).unwrap();
                for forbidden in [" style=\"", "<style", "<script>", " onclick=", "javascript:"] {
                    assert!(!text.contains(forbidden), "{} has {forbidden}", path.display());
                }
            }
        }
    }
}
