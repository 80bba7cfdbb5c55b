//! A demande acknowledged is never lost: the program is killed between any two requests.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a trial stops where it fails")]

use std::sync::atomic::{AtomicUsize, Ordering};

use essais::{Programme, get, post};
use kit::{Db, sql};

/// Enough to fall at many moments of a write; the full run of faults is `cargo xtask pannes`, to come.
const KILLS: usize = 6;
const WRITERS: usize = 4;
const WRITES: usize = 20;

fn record(at: std::net::SocketAddr, cle: &str) -> bool {
    let body = format!(r#"{{"commune":"36173","besoin":"portage-repas","cle":"{cle}"}}"#);
    post(at, "/api/v1/demandes", "application/json", &body).is_ok_and(|answer| answer.status == 201)
}

/// Writers send until the program dies under them; gives the keys that were acknowledged.
fn write_until_killed(base: &str, round: usize) -> Vec<String> {
    let mut programme = Programme::start("demo", base);
    let (at, sent) = (programme.at, AtomicUsize::new(0));
    std::thread::scope(|scope| {
        let writers: Vec<_> = (0..WRITERS)
            .map(|writer| {
                let sent = &sent;
                scope.spawn(move || {
                    let keys = (0..WRITES).map(|rang| format!("{round}-{writer}-{rang}"));
                    keys.filter(|cle| record(at, cle) && sent.fetch_add(1, Ordering::Relaxed) < usize::MAX).collect::<Vec<_>>()
                })
            })
            .collect();
        while sent.load(Ordering::Relaxed) < 5 + 11 * round {
            std::thread::sleep(std::time::Duration::from_millis(1));
        }
        programme.kill();
        writers.into_iter().flat_map(|writer| writer.join().unwrap()).collect()
    })
}

async fn check(base: &str) {
    let mut acknowledged = vec![];
    for round in 0..KILLS {
        acknowledged.extend(write_until_killed(base, round));
    }
    let programme = Programme::start("servir", base);
    assert_eq!(get(programme.at, "/brenne").unwrap().status, 200);
    let db = Db::open(base).await.unwrap();
    for cle in &acknowledged {
        let found =
            sql::number(db.read(), "SELECT COUNT(*) FROM accueil_demande WHERE cle = $1", kit::values![cle.as_str()]).await.unwrap();
        assert_eq!(found, 1, "{cle} was acknowledged");
    }
    let half = "SELECT COUNT(*) FROM accueil_demande d WHERE NOT EXISTS
                  (SELECT 1 FROM accueil_demande_besoin b WHERE b.territoire_id = d.territoire_id AND b.demande_id = d.id)";
    assert_eq!(sql::number(db.read(), half, []).await.unwrap(), 0, "none is half written");
    eprintln!("{KILLS} kills, {} demandes acknowledged, 0 lost", acknowledged.len());
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
