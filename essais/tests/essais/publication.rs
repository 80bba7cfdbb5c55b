//! What is told outside the team: one value of a finished year, the same through every page, file and address, whatever the day and
//! the dates that are asked; and what all of it together gives of what it hides.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a trial stops where it fails")]

use std::collections::{BTreeMap, BTreeSet};

use comptes::Role;
use comptes::storage::insert_compte;
use essais::{COURRIEL, MOT_DE_PASSE, Site};
use kit::fait::{Fait, insert_fait};
use kit::{Db, Id, Instant, sql};
use testkit::NOON;

const ICI: &str = "val-de-drome";
const ANNEE: i32 = 2025;
const ELUE: &str = "elue@essai.example";

/// A day of the year that is published.
fn day(rang: i64) -> Instant {
    // 1 January 2025, at noon.
    Instant(1_735_729_200 + rang * 86_400)
}

type Faits = (&'static str, &'static str, Option<&'static str>, usize);

/// Demandes of four communes, two of them with few; needs and outcomes, some of them rare.
const DEMANDES: [Faits; 8] = [
    ("26165", "telephone", Some("femme"), 24),
    ("26165", "web", Some("homme"), 13),
    ("26166", "telephone", Some("femme"), 11),
    ("26166", "telephone", Some("homme"), 9),
    ("26006", "web", Some("femme"), 3),
    ("26006", "telephone", None, 1),
    ("26108", "telephone", Some("homme"), 7),
    ("26108", "guichet", Some("femme"), 2),
];
const ISSUES: [Faits; 6] = [
    ("menage", "orientee", Some("femme"), 21),
    ("menage", "sans_solution", Some("femme"), 4),
    ("jardinage", "orientee", Some("homme"), 12),
    ("jardinage", "information", None, 6),
    ("garde-nuit", "sans_solution", Some("femme"), 8),
    ("garde-nuit", "orientee", Some("femme"), 2),
];

fn fait(code: &'static str, rang: i64, sexe: Option<&'static str>) -> Fait {
    Fait {
        territoire_id: Id::from_name(ICI),
        code,
        at: day(rang % 364),
        code_insee: None,
        sexe,
        tranche_age: None,
        quantite: 1,
        dimensions: vec![],
    }
}

async fn record(db: &Db) {
    let tx = db.begin().await.unwrap();
    let mut rang = 0;
    for (commune, canal, sexe, times) in DEMANDES {
        for _ in 0..times {
            rang += 7;
            let one = fait("demande", rang, sexe);
            let dimensions = vec![("canal", canal.to_string())];
            insert_fait(&tx, &Fait { code_insee: Some(commune.into()), dimensions, ..one }).await.unwrap();
        }
    }
    for (besoin, issue, sexe, times) in ISSUES {
        for _ in 0..times {
            rang += 7;
            let dimensions = vec![("besoin", besoin.to_string()), ("issue", issue.to_string())];
            insert_fait(&tx, &Fait { dimensions, ..fait("issue", rang, sexe) }).await.unwrap();
        }
    }
    tx.commit().await.unwrap();
}

/// The coordination, signed in; and an elected official who is not.
async fn open(db: &Db) -> Site {
    let site = Site::signed_in(db, ICI).await;
    record(db).await;
    let tx = db.begin().await.unwrap();
    insert_compte(&tx, Id::from_name(ICI), (ELUE, "Élue"), (MOT_DE_PASSE, &[Role::Lecture]), NOON).await.unwrap();
    tx.commit().await.unwrap();
    site
}

fn path(rest: &str) -> String {
    format!("/{ICI}/equipe/observatoire{rest}")
}

async fn publish(site: &Site, annee: i32) -> u16 {
    site.post(&path(&format!("/bilan/{annee}/publication")), "").await.status
}

async fn become_elue(site: &mut Site) {
    site.cookie = Some(site.sign_in(ICI, ELUE).await);
}

/// Everything that is read outside the team, with dates of all kinds.
fn list_addresses() -> Vec<String> {
    let mut list = vec![];
    for query in ["", "?de=2025-01&a=2025-12", "?de=2025-03&a=2025-05", "?de=2024-06&a=2026-02", "?a=2025-12&de2=2025-02&a2=2025-02"] {
        list.push(path(query));
        let more = if query.is_empty() { "?" } else { &format!("{query}&") };
        for (code, axe) in [("demandes", "commune"), ("demandes", "canal"), ("part-sans-solution", "besoin"), ("sans-solution", "besoin")] {
            list.push(path(&format!("/indicateurs/{code}{more}axe={axe}")));
            list.push(path(&format!("/indicateurs/{code}/tableau.csv{more}axe={axe}")));
        }
        list.extend(["26165", "26006", "26166"].map(|commune| path(&format!("/communes/{commune}{query}"))));
    }
    list.push(path(&format!("/bilan/{ANNEE}")));
    list.push(path("/territoires"));
    list.extend(["/chiffres", "/chiffres/cadre", "/chiffres/2025.csv"].map(|end| format!("/{ICI}{end}")));
    list.push(format!("/api/v1/chiffres?territoire={ICI}"));
    list
}

async fn read_all(site: &Site) -> BTreeMap<String, String> {
    let mut read = BTreeMap::new();
    for address in list_addresses() {
        let answer = site.get(&address).await;
        assert_eq!(answer.status, 200, "{address}: {}", answer.body);
        read.insert(address, answer.body);
    }
    read
}

#[tokio::test]
async fn nothing_is_told_before_it_is_published_and_only_a_finished_year_is() {
    for db in testkit::databases().await {
        let mut site = open(&db).await;
        assert_eq!(publish(&site, 2026).await, 409, "the year runs");
        assert_eq!(publish(&site, 1999).await, 409);
        assert!(site.get(&path("/bilan/2025")).await.body.contains("Document de travail"), "the team reads its draft");
        become_elue(&mut site).await;
        assert_eq!(publish(&site, ANNEE).await, 403);
        assert_eq!(site.get(&path("/bilan/2025")).await.status, 409);
        let glance = site.get(&path("?de=2025-01&a=2025-12")).await.body;
        assert!(glance.contains("Aucune année n’est encore publiée") && glance.contains("non publié"), "{glance}");
        for address in ["/chiffres.csv", "/chiffres/ligne", "/chiffres/ligne.csv"] {
            assert_eq!(site.get(&format!("/{ICI}/equipe{address}")).await.status, 403, "{address}: days that anybody chooses");
        }
        assert_eq!(site.get(&format!("/{ICI}/equipe/chiffres")).await.status, 303);
        site.cookie = None;
        assert!(site.get(&format!("/{ICI}/chiffres")).await.body.contains("pas encore publié d’année"));
        for address in ["/chiffres/2025.csv", "/chiffres?annee=2025", "/chiffres?annee=demain", "/chiffres/2025.exe"] {
            assert_eq!(site.get(&format!("/{ICI}{address}")).await.status, 404, "{address}");
        }
        assert_eq!(site.get(&format!("/api/v1/chiffres?territoire={ICI}")).await.status, 404);
        assert_eq!(site.get("/api/v1/chiffres?territoire=nulle-part").await.status, 404);
        assert_eq!(site.get(&format!("/api/v1/chiffres?territoire={ICI}&annee=demain")).await.status, 400);
    }
}

#[tokio::test]
async fn dates_days_late_facts_and_another_threshold_change_nothing_of_what_is_told() {
    for db in testkit::databases().await {
        let mut site = open(&db).await;
        assert_eq!(publish(&site, ANNEE).await, 303);
        let coordination = site.cookie.clone();
        become_elue(&mut site).await;
        let before = read_all(&site).await;
        for (address, body) in &before {
            // Whatever dates are asked, the answer is that of the year.
            let Some((plain, _)) = address.split_once("?de=2025-03&a=2025-05") else { continue };
            let whole = before.iter().find(|(other, _)| other.starts_with(&format!("{plain}?de=2025-01&a=2025-12"))).unwrap().1;
            if address.contains(".csv") {
                let same = before.get(&address.replace("de=2025-03&a=2025-05", "de=2025-01&a=2025-12")).unwrap();
                assert_eq!(body, same, "{address}");
            }
            assert!(body.contains("de janvier 2025 à décembre 2025") == whole.contains("de janvier 2025 à décembre 2025"), "{address}");
        }
        // Somebody's demande is written late, another one is taken back, the threshold is raised, the year is published again.
        let tx = db.begin().await.unwrap();
        let late =
            Fait { code_insee: Some("26006".into()), dimensions: vec![("canal", "web".into())], ..fait("demande", 40, Some("femme")) };
        insert_fait(&tx, &late).await.unwrap();
        tx.commit().await.unwrap();
        site.cookie = coordination;
        assert_eq!(site.post(&path("/seuil"), "seuil=11&annee=2025").await.status, 303);
        assert_eq!(publish(&site, ANNEE).await, 303);
        become_elue(&mut site).await;
        for (address, body) in read_all(&site).await {
            let strip = |body: &str| body.lines().filter(|line| !line.contains("csrf")).collect::<Vec<_>>().join("\n");
            assert_eq!(strip(&body), strip(&before[&address]), "{address}");
        }
        let acts = sql::number(db.read(), "SELECT COUNT(*) FROM kit_journal WHERE acte = 'publication d’une année'", []).await.unwrap();
        assert_eq!(acts, 1, "two clicks publish once");
    }
}

/// One row of the open file.
struct Rang {
    place: (String, String),
    valeur: String,
    part: String,
    nombre: Option<i64>,
}

fn read_file(csv: &str) -> Vec<Rang> {
    let mut lines = csv.trim_start_matches('\u{feff}').lines();
    let columns: Vec<&str> = lines.next().unwrap().split(';').collect();
    let at = |name: &str| columns.iter().position(|column| *column == name).unwrap();
    let (fait, axe, valeur, part, nombre) = (at("fait"), at("axe"), at("valeur"), at("part"), at("nombre"));
    let read = |line: &str| {
        let cells: Vec<&str> = line.split(';').collect();
        Rang {
            place: (cells[fait].into(), cells[axe].into()),
            valeur: cells[valeur].into(),
            part: cells[part].into(),
            nombre: cells[nombre].parse().ok(),
        }
    };
    lines.map(read).collect()
}

#[tokio::test]
async fn no_row_and_no_column_of_the_open_file_hides_one_count_alone() {
    for db in testkit::databases().await {
        let mut site = open(&db).await;
        publish(&site, ANNEE).await;
        site.cookie = None;
        let rows = read_file(&site.get(&format!("/{ICI}/chiffres/2025.csv")).await.body);
        let shown: BTreeMap<_, _> = rows.iter().map(|row| ((&row.place, row.valeur.as_str(), row.part.as_str()), row.nombre)).collect();
        let whole = |fait: &str| rows.iter().find(|row| row.place == (fait.into(), String::new()) && row.part.is_empty()).unwrap().nombre;
        assert_eq!((whole("demande"), whole("issue")), (Some(70), Some(53)));
        assert!(rows.iter().all(|row| !matches!(row.nombre, Some(1..=4))), "a small count is told");
        let places: BTreeSet<_> = rows.iter().map(|row| &row.place).filter(|(_, axe)| !axe.is_empty()).collect();
        let mut hidden = 0;
        for place in places {
            let parts: BTreeSet<&str> = rows.iter().filter(|row| row.place == *place).map(|row| row.part.as_str()).collect();
            let values: BTreeSet<&str> = rows.iter().filter(|row| row.place == *place).map(|row| row.valeur.as_str()).collect();
            let is_hidden = |value: &str, part: &str| shown.get(&(place, value, part)).is_some_and(Option::is_none);
            for part in &parts {
                let column = values.iter().filter(|value| is_hidden(value, part)).count();
                // Bassins and communes are of two tables here: each of them is a partition by itself.
                let is_told = shown[&(&(place.0.clone(), String::new()), "", *part)].is_some();
                assert!(column != 1 || !is_told, "{place:?}, {part}: the whole less the others would tell it");
                hidden += column;
            }
            for value in &values {
                let cells = parts.iter().filter(|part| !part.is_empty() && is_hidden(value, part)).count();
                assert!(cells != 1 || is_hidden(value, ""), "{place:?}, {value}: its total less the others would tell it");
            }
        }
        assert!(hidden > 10, "{hidden} hidden counts: something was to be hidden");
    }
}

#[tokio::test]
async fn the_same_figure_is_read_in_the_page_the_file_the_api_the_bilan_and_the_frame() {
    for db in testkit::databases().await {
        let mut site = open(&db).await;
        publish(&site, ANNEE).await;
        become_elue(&mut site).await;
        let csv = site.get(&path("/indicateurs/sans-solution/tableau.csv?axe=besoin")).await.body;
        assert!(csv.contains("ensemble;12;"), "{csv}");
        let portrait = site.get(&path("/communes/26165")).await.body;
        assert!(portrait.contains("37\u{a0}demandes"), "{portrait}");
        assert!(site.get(&path("/bilan/2025")).await.body.contains("Besoins restés sans solution\u{a0}: 12."));
        site.cookie = None;
        let page = site.get(&format!("/{ICI}/chiffres")).await;
        assert!(page.body.contains("Besoins restés sans solution\u{a0}: 12.") && page.body.contains("Licence Ouverte 2.0"));
        let api: serde_json::Value = serde_json::from_str(&site.get(&format!("/api/v1/chiffres?territoire={ICI}")).await.body).unwrap();
        let find = |fait: &str, axe: &str, valeur: &str, part: &str| {
            let list = api["chiffres"].as_array().unwrap();
            list.iter().find(|one| one["fait"] == fait && one["axe"] == axe && one["valeur"] == valeur && one["part"] == part).unwrap()["nombre"].as_i64()
        };
        assert_eq!((find("issue", "", "", "sans_solution"), find("demande", "commune", "26165", "")), (Some(12), Some(37)));
        assert_eq!((api["annee"].as_i64(), api["seuil"].as_i64()), (Some(2025), Some(5)));
        let frame = site.get(&format!("/{ICI}/chiffres/cadre")).await;
        assert!(frame.body.contains("<dd><strong>70</strong></dd>") && frame.headers.contains("frame-ancestors *"), "{}", frame.headers);
        assert!(page.headers.contains("frame-ancestors 'none'"), "the whole page is shown nowhere else");
    }
}

#[tokio::test]
async fn somebody_who_is_forgotten_leaves_the_published_year_as_it_was() {
    for db in testkit::databases().await {
        let mut site = open(&db).await;
        publish(&site, ANNEE).await;
        site.cookie = None;
        let before = site.get(&format!("/{ICI}/chiffres/2025.csv")).await.body;
        maillage::conservation::do_today(&db, Instant(NOON.0 + 3 * 366 * 86_400)).await.unwrap();
        assert_eq!(site.get(&format!("/{ICI}/chiffres/2025.csv")).await.body, before);
        site.cookie = Some(site.sign_in(ICI, COURRIEL).await);
        assert!(site.get(&path("/bilan/2025")).await.body.contains("ces chiffres ne changent plus"));
    }
}
