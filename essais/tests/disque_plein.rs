//! The disk fills up: people go on reading, what they write is refused with a sentence, and it recovers by itself.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a trial stops where it fails")]

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use essais::{Programme, get, leave, post};
use kit::{Db, sql};

/// A file system of a few megabytes, in memory; only root may make one.
struct PetitDisque(PathBuf);

impl PetitDisque {
    fn mount() -> Option<Self> {
        let folder = PathBuf::from(format!("{}.disque", testkit::sqlite_path()));
        std::fs::create_dir(&folder).unwrap();
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", "size=48m", "tmpfs"]).arg(&folder).output();
        mounted.is_ok_and(|output| output.status.success()).then_some(Self(folder))
    }

    /// Takes every byte that is left.
    fn fill(&self) -> PathBuf {
        let path = self.0.join("remplissage");
        let mut file = std::fs::File::create(&path).unwrap();
        while file.write_all(&[0; 4_096]).is_ok() {}
        path
    }
}

impl Drop for PetitDisque {
    fn drop(&mut self) {
        let _gone_with_the_machine_otherwise = Command::new("umount").arg(&self.0).status();
    }
}

fn record(programme: &Programme, cle: usize) -> essais::Reponse {
    let body = format!(r#"{{"commune":"36173","besoin":"portage-repas","cle":"plein-{cle}"}}"#);
    post(programme.at, "/api/v1/demandes", "application/json", &body).unwrap()
}

fn check(folder: &Path, disque: &PetitDisque) {
    let base = folder.join("maillage.sqlite").display().to_string();
    let programme = Programme::start("demo", &base);
    let filler = disque.fill();
    // What the log of SQLite had already taken is used up first.
    let mut written = 0;
    let refused = loop {
        let answer = record(&programme, written);
        if answer.status != 201 {
            break answer;
        }
        written += 1;
        assert!(written < 5_000, "the disk never filled");
    };
    assert!(refused.status == 503 && refused.body.contains("rien n’est perdu"), "{refused:?}");
    for path in ["/brenne", "/sante/vivant", "/api/v1/orientations?commune=36173&besoin=portage-repas"] {
        assert_eq!(get(programme.at, path).unwrap().status, 200, "{path} is read on a full disk");
    }
    let form = "commune=36173&besoin=portage-repas&rappel_telephone=0254281212&consentement=oui&note=le+matin&cle=formulaire";
    let page = leave(programme.at, "brenne", form).unwrap();
    assert!(page.status == 503 && page.body.contains("le matin"), "the form keeps what was typed: {}", page.status);

    std::fs::remove_file(filler).unwrap();
    assert_eq!(record(&programme, written).status, 201, "it recovers without a restart");
    drop(programme);
    let programme = Programme::start("servir", &base);
    for cle in 0..=written {
        assert_eq!(record(&programme, cle).status, 200, "plein-{cle} was acknowledged and is there");
    }
    eprintln!("disk full: {written} written on what was left, then refused; read all along; {} found again", written + 1);
}

/// What SQLite undoes by itself leaves nothing half open behind it: what is acknowledged next is really written.
#[tokio::test]
async fn what_is_acknowledged_after_a_refusal_is_seen_by_everybody() {
    let db = Db::open(&testkit::sqlite_path()).await.unwrap();
    schema::migrate(&db, testkit::NOON).await.unwrap();
    let insert = "INSERT INTO kit_fait (territoire_id, id, code, jour, quantite) VALUES ('t', $1, 'essai', '2026-11-17', 1)";
    let undone = db.begin().await.unwrap();
    // As SQLite does when a COMMIT finds the disk full.
    sql::execute(&undone, "ROLLBACK", []).await.unwrap();
    drop(undone);
    drop(db.begin().await.unwrap());
    let tx = db.begin().await.unwrap();
    sql::execute(&tx, insert, kit::values!["suivant"]).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(sql::number(db.read(), "SELECT COUNT(*) FROM kit_fait", []).await.unwrap(), 1, "seen by a reader");
}

#[test]
fn a_full_disk_stops_writing_and_nothing_else() {
    match PetitDisque::mount() {
        Some(disque) => check(&disque.0.clone(), &disque),
        None => eprintln!("skipped: only root may mount a small disk"),
    }
}
