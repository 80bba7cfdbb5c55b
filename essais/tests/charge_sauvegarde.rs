//! A large base is saved while people write: nobody waits for it, and what is restored is what was saved.
//! Small in the tests; a gigabyte in `cargo xtask pannes`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a trial stops where it fails")]

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use essais::{Programme, is_long, post};
use kit::{Db, Engine, sql};

const WRITES_PER_SECOND: u32 = 50;
const WRITERS: u32 = 5;
const SLOWEST: Duration = Duration::from_secs(1);

/// Rows of about a kilobyte that no compression would spare.
async fn fill(db: &Db, rows: i64) {
    let numbered = match db.engine() {
        Engine::Sqlite => {
            "WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < $1)
             INSERT INTO kit_fait_dimension (territoire_id, fait_id, rang, nom, valeur)
             SELECT 't', 'f', n, 'n', hex(randomblob(480)) FROM c"
        }
        Engine::Postgres => {
            "INSERT INTO kit_fait_dimension (territoire_id, fait_id, rang, nom, valeur)
             SELECT 't', 'f', n, 'n', string_agg(md5(CAST(n * 31 + i AS TEXT) || 'sel'), '')
               FROM generate_series(1, $1) n, generate_series(1, 30) i GROUP BY n"
        }
    };
    let fact = "INSERT INTO kit_fait (territoire_id, id, code, jour, quantite) VALUES ('t', 'f', 'essai', '2026-11-17', 1)";
    let tx = db.begin().await.unwrap();
    sql::execute(&tx, fact, []).await.unwrap();
    sql::execute(&tx, numbered, kit::values![rows]).await.unwrap();
    tx.commit().await.unwrap();
    db.settle().await.unwrap();
}

/// Writes at a steady pace until told to stop; gives the keys and how long each took.
fn write(at: SocketAddr, writer: u32, is_over: &AtomicBool) -> Vec<(String, Duration)> {
    let (start, pace) = (Instant::now(), Duration::from_secs(1) * WRITERS / WRITES_PER_SECOND);
    let mut written = vec![];
    while !is_over.load(Ordering::Relaxed) {
        let rang = u32::try_from(written.len()).unwrap();
        std::thread::sleep((start + pace * rang).saturating_duration_since(Instant::now()));
        let cle = format!("charge-{writer}-{rang}");
        let asked = Instant::now();
        let body = format!(r#"{{"commune":"36173","besoin":"portage-repas","cle":"{cle}"}}"#);
        assert_eq!(post(at, "/api/v1/demandes", "application/json", &body).unwrap().status, 201);
        written.push((cle, asked.elapsed()));
    }
    written
}

fn run(arguments: &[&str]) -> String {
    let output = Programme::run(arguments);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

async fn list_cles(base: &str) -> BTreeSet<String> {
    let db = Db::open(base).await.unwrap();
    sql::texts(db.read(), "SELECT cle FROM accueil_demande WHERE cle LIKE 'charge-%'", []).await.unwrap().into_iter().collect()
}

async fn check(base: &str, elsewhere: &str) {
    let rows = if is_long() { 1_050_000 } else { 5_000 };
    drop(Programme::start("demo", base));
    let db = Db::open(base).await.unwrap();
    fill(&db, rows).await;
    let programme = Programme::start("servir", base);
    let (folder, is_over) = (format!("{}.dossier", testkit::sqlite_path()), AtomicBool::new(false));
    std::fs::create_dir(&folder).unwrap();
    let (cle, archive) = (format!("{folder}/cle"), format!("{folder}/une.sauvegarde"));
    run(&["cle", "creer", &cle]);
    let (mut written, taken) = std::thread::scope(|scope| {
        let writers: Vec<_> = (0..WRITERS)
            .map(|writer| {
                let is_over = &is_over;
                scope.spawn(move || write(programme.at, writer, is_over))
            })
            .collect();
        std::thread::sleep(Duration::from_secs(2));
        let start = Instant::now();
        run(&["sauvegarder", &archive, "--cle", &cle, "--base", base]);
        let taken = start.elapsed();
        std::thread::sleep(Duration::from_secs(1));
        is_over.store(true, Ordering::Relaxed);
        (writers.into_iter().flat_map(|writer| writer.join().unwrap()).collect::<Vec<_>>(), taken)
    });
    written.sort_by_key(|(_, time)| *time);
    let (slowest, octets) = (written.last().unwrap().1, std::fs::metadata(&archive).unwrap().len());
    run(&["restaurer", &archive, "--cle", &cle, "--base", elsewhere]);
    let (all, restored) = (list_cles(base).await, list_cles(elsewhere).await);
    eprintln!(
        "{:?}: archive of {} MB made and verified in {taken:?} under {} writes; slowest {slowest:?}, p99 {:?}; restored and compared, {} of the writes in it",
        db.engine(),
        octets / 1_000_000,
        written.len(),
        written[written.len() * 99 / 100].1,
        restored.len()
    );
    assert_eq!(all.len(), written.len(), "no write was lost");
    assert!(!restored.is_empty() && restored.is_subset(&all), "one state of the base, in the middle of the writes");
    assert!(slowest < SLOWEST, "a write waited {slowest:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_under_load_makes_nobody_wait_on_sqlite() {
    check(&testkit::sqlite_path(), &testkit::sqlite_path()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_under_load_makes_nobody_wait_on_postgresql() {
    match std::env::var(testkit::POSTGRES) {
        Ok(server) => {
            let base = testkit::create_postgres(&server).await;
            check(&base, &format!("{base}_ailleurs")).await;
        }
        Err(_) => eprintln!("skipped: {} is not set", testkit::POSTGRES),
    }
}
