//! A demande acknowledged is never lost: the program is killed between any two requests.
//! Short in the tests; `cargo xtask pannes` kills it two hundred times.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a trial stops where it fails")]

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use essais::{Programme, get, is_long, post};
use kit::{Db, sql};

const WRITERS: usize = 8;
/// Enough to reach 10 000 acknowledged writes in 200 kills.
const WRITES: std::ops::Range<usize> = 30..90;
const READY_WITHIN: Duration = Duration::from_secs(1);

/// What the callers know: the keys that were acknowledged, and those whose answer was lost with the connection.
#[derive(Default)]
struct Known {
    acknowledged: BTreeSet<String>,
    unknown: BTreeSet<String>,
}

fn record(at: SocketAddr, cle: &str) -> Option<u16> {
    let body = format!(r#"{{"commune":"36173","besoin":"portage-repas","cle":"{cle}"}}"#);
    post(at, "/api/v1/demandes", "application/json", &body).ok().map(|answer| answer.status)
}

/// Writers send until the program dies under them, after so many answers.
fn write_until_killed(mut programme: Programme, round: usize, answers: usize, known: &Mutex<Known>) {
    let (at, answered) = (programme.at, AtomicUsize::new(0));
    std::thread::scope(|scope| {
        for writer in 0..WRITERS {
            let answered = &answered;
            scope.spawn(move || {
                for rang in 0.. {
                    let cle = format!("{round}-{writer}-{rang}");
                    let status = record(at, &cle);
                    let mut known = known.lock().unwrap();
                    match status {
                        Some(status) => assert!(status == 201 && known.acknowledged.insert(cle), "a new key answered {status}"),
                        None => {
                            known.unknown.insert(cle);
                            return;
                        }
                    }
                    answered.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        while answered.load(Ordering::Relaxed) < answers {
            std::thread::sleep(Duration::from_micros(200));
        }
        programme.kill();
    });
}

/// Callers whose answer was lost ask again with the same key, as the API tells them to.
fn ask_again(at: SocketAddr, known: &mut Known) -> usize {
    let mut already_written = 0;
    for cle in std::mem::take(&mut known.unknown) {
        let status = record(at, &cle).unwrap();
        assert!(status == 201 || status == 200, "{cle} answered {status}");
        already_written += usize::from(status == 200);
        known.acknowledged.insert(cle);
    }
    already_written
}

async fn count(db: &Db, text: &str) -> usize {
    usize::try_from(sql::number(db.read(), text, []).await.unwrap()).unwrap()
}

async fn check(base: &str) {
    let kills = if is_long() { 200 } else { 6 };
    let known = Mutex::new(Known::default());
    drop(Programme::start("demo", base));
    let db = Db::open(base).await.unwrap();
    let before = count(&db, "SELECT COUNT(*) FROM accueil_demande").await;
    let past = count_past(&db).await;
    let (mut slowest, mut already_written) = (Duration::ZERO, 0);
    for round in 0..=kills {
        let start = Instant::now();
        let programme = Programme::start("servir", base);
        slowest = slowest.max(start.elapsed());
        already_written += ask_again(programme.at, &mut known.lock().unwrap());
        if round < kills {
            let answers = WRITES.start + (round * 37) % WRITES.len();
            write_until_killed(programme, round, answers, &known);
        } else {
            assert_eq!(get(programme.at, "/brenne").unwrap().status, 200);
        }
    }
    let acknowledged = known.into_inner().unwrap().acknowledged;
    let found: BTreeSet<String> = sql::texts(db.read(), "SELECT cle FROM accueil_demande", []).await.unwrap().into_iter().collect();
    let lost: Vec<_> = acknowledged.difference(&found).collect();
    assert!(lost.is_empty(), "acknowledged and lost: {lost:?}");
    let written = count(&db, "SELECT COUNT(*) FROM accueil_demande").await - before;
    assert_eq!(written, acknowledged.len(), "each key is one demande");
    check_whole(&db).await;
    assert_eq!(count_past(&db).await, past, "each demande and each need has its fact");
    eprintln!(
        "{:?}: {kills} kills under {WRITERS} writers, {} demandes acknowledged ({already_written} of them written although the answer was lost), \
         0 lost, 0 half, 0 double; ready again in {slowest:?} at most",
        db.engine(),
        acknowledged.len()
    );
    assert!(!is_long() || slowest < READY_WITHIN, "ready again in {slowest:?}");
}

/// Facts that no demande has, then those that no need has: the demo tells past years by facts alone.
async fn count_past(db: &Db) -> [usize; 2] {
    [
        count(db, "SELECT (SELECT COUNT(*) FROM kit_fait WHERE code = 'demande') - (SELECT COUNT(*) FROM accueil_demande)").await,
        count(db, "SELECT (SELECT COUNT(*) FROM kit_fait WHERE code = 'besoin') - (SELECT COUNT(*) FROM accueil_demande_besoin)").await,
    ]
}

/// Each demande with its need and its proposals; the numbers without a hole.
async fn check_whole(db: &Db) {
    for half in [
        "SELECT COUNT(*) FROM accueil_demande d WHERE NOT EXISTS
           (SELECT 1 FROM accueil_demande_besoin b WHERE b.territoire_id = d.territoire_id AND b.demande_id = d.id)",
        "SELECT COUNT(*) FROM accueil_demande d WHERE d.canal = 'api' AND NOT EXISTS
           (SELECT 1 FROM accueil_orientation o WHERE o.territoire_id = d.territoire_id AND o.demande_id = d.id)",
        "SELECT COUNT(*) FROM (SELECT territoire_id FROM accueil_demande GROUP BY territoire_id HAVING MAX(numero) <> COUNT(*)) t",
    ] {
        assert_eq!(count(db, half).await, 0, "half written: {half}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_acknowledged_demande_survives_kill_9_on_sqlite() {
    check(&testkit::sqlite_path()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_acknowledged_demande_survives_kill_9_on_postgresql() {
    match std::env::var(testkit::POSTGRES) {
        Ok(server) => check(&testkit::create_postgres(&server).await).await,
        Err(_) => eprintln!("skipped: {} is not set", testkit::POSTGRES),
    }
}
