//! The power goes, again and again: the disk forgets what was not synced, and nothing acknowledged is missing.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a trial stops where it fails")]

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Mutex;
use std::time::Duration;

use essais::{Disque, Programme, is_long, post};
use kit::{Db, sql};

const WRITERS: usize = 4;

fn record(at: SocketAddr, cle: &str) -> bool {
    let body = format!(r#"{{"commune":"36173","besoin":"portage-repas","cle":"{cle}"}}"#);
    post(at, "/api/v1/demandes", "application/json", &body).is_ok_and(|answer| answer.status == 201)
}

/// Writers send until the program dies, at a moment that changes each time.
fn write_until_killed(base: &str, round: usize, acknowledged: &Mutex<BTreeSet<String>>) {
    let mut programme = Programme::start("servir", base);
    let at = programme.at;
    std::thread::scope(|scope| {
        for writer in 0..WRITERS {
            scope.spawn(move || {
                for rang in 0.. {
                    let cle = format!("{round}-{writer}-{rang}");
                    if !record(at, &cle) {
                        return;
                    }
                    acknowledged.lock().unwrap().insert(cle);
                }
            });
        }
        std::thread::sleep(Duration::from_millis(60 + (round as u64 * 17) % 240));
        programme.kill();
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn an_acknowledged_demande_survives_a_power_cut() {
    let folder = PathBuf::from(format!("{}.coupure", testkit::sqlite_path()));
    std::fs::create_dir(&folder).unwrap();
    let (disque, base) = (Disque::default(), folder.join("maillage.sqlite").display().to_string());
    let Ok(mounted) = disque.mount(&folder) else {
        eprintln!("skipped: this trial mounts a disk of its own, with /dev/fuse and as root");
        return;
    };
    drop(Programme::start("demo", &base));
    disque.settle();
    drop(mounted);
    let cuts = if is_long() { 100 } else { 3 };
    let (acknowledged, mut lost) = (Mutex::new(BTreeSet::new()), 0);
    for round in 0..cuts {
        let mounted = disque.mount(&folder).unwrap();
        write_until_killed(&base, round, &acknowledged);
        drop(mounted);
        lost += disque.cut(round as u64);
    }
    let mounted = disque.mount(&folder).unwrap();
    let db = Db::open(&base).await.unwrap();
    let found: BTreeSet<String> = sql::texts(db.read(), "SELECT cle FROM accueil_demande", []).await.unwrap().into_iter().collect();
    let acknowledged = acknowledged.into_inner().unwrap();
    let missing: Vec<_> = acknowledged.difference(&found).collect();
    assert!(missing.is_empty(), "acknowledged and lost: {missing:?}");
    assert_eq!(sql::texts(db.read(), "PRAGMA integrity_check", []).await.unwrap(), ["ok"]);
    let half = "SELECT COUNT(*) FROM accueil_demande d WHERE NOT EXISTS
                  (SELECT 1 FROM accueil_demande_besoin b WHERE b.territoire_id = d.territoire_id AND b.demande_id = d.id)";
    assert_eq!(sql::number(db.read(), half, []).await.unwrap(), 0, "none is half written");
    db.close().await.unwrap();
    drop(mounted);
    eprintln!("{cuts} power cuts, {lost} unsynced sectors lost, {} demandes acknowledged, 0 missing", acknowledged.len());
}
