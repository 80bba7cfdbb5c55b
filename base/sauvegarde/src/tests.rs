use std::path::{Path, PathBuf};

use kit::{Db, sql, values};
use testkit::NOON;

use super::*;

const ALTERED: usize = 500;
const LIGNES: i64 = 200;

/// A base with rows, its address, a key and an empty folder.
struct Essai {
    db: Db,
    base: String,
    cle: Cle,
    folder: PathBuf,
}

impl Essai {
    async fn open(base: String) -> Self {
        let db = Db::open(&base).await.unwrap();
        schema::migrate(&db, NOON).await.unwrap();
        let tx = db.begin().await.unwrap();
        for rang in 0..LIGNES {
            let id = format!("fait-{rang} d’été");
            sql::execute(
                &tx,
                "INSERT INTO kit_fait (territoire_id, id, code, jour, quantite) VALUES ('t', $1, 'essai', '2026-11-17', $2)",
                values![id, rang],
            )
            .await
            .unwrap();
        }
        tx.commit().await.unwrap();
        let folder = PathBuf::from(format!("{}.dossier", testkit::sqlite_path()));
        std::fs::create_dir(&folder).unwrap();
        let cle = Cle::create(&folder.join("cle")).unwrap();
        Self { db, base, cle, folder }
    }

    async fn save(&self) -> Sauvegarde {
        write_sauvegarde(&self.db, &self.base, &self.cle, &self.folder, NOON).await.unwrap()
    }

    /// The address of a base that does not exist yet, on the same engine.
    fn elsewhere(&self) -> String {
        match self.base.rsplit_once('/').filter(|_| self.base.starts_with("postgres")) {
            Some((server, name)) => format!("{server}/{name}_ailleurs"),
            None => testkit::sqlite_path(),
        }
    }
}

async fn list_essais() -> Vec<Essai> {
    let mut essais = vec![Essai::open(testkit::sqlite_path()).await];
    match std::env::var(testkit::POSTGRES) {
        Ok(server) => essais.push(Essai::open(testkit::create_postgres(&server).await).await),
        Err(_) => eprintln!("PostgreSQL skipped: {} is not set", testkit::POSTGRES),
    }
    essais
}

async fn count_faits(base: &str) -> i64 {
    let db = Db::open(base).await.unwrap();
    let count = sql::number(db.read(), "SELECT COUNT(*) FROM kit_fait", []).await.unwrap();
    db.close().await.unwrap();
    count
}

fn list_folder(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[tokio::test]
async fn what_is_saved_is_restored_row_for_row() {
    for essai in list_essais().await {
        let saved = essai.save().await;
        assert_eq!(list_folder(&essai.folder), ["cle", rotation::name(NOON).as_str()], "no draft is left");
        let elsewhere = essai.elsewhere();
        let restored = restore_sauvegarde(&elsewhere, &essai.cle, &saved.archive, Existante::Refuser, NOON).await.unwrap();
        assert_eq!(restored, Restauration { manifeste: saved.manifeste.clone(), mise_de_cote: None });
        assert_eq!(count_faits(&elsewhere).await, LIGNES);
        let kept = saved.manifeste.tables.iter().find(|table| table.nom == "kit_fait").unwrap();
        assert_eq!(kept.lignes, LIGNES);
        assert!(saved.manifeste.empreinte.is_some() != kept.empreinte.is_some(), "a hash of the file, or of each table");
    }
}

#[tokio::test]
async fn an_archive_shows_nothing_of_what_it_holds() {
    for essai in list_essais().await {
        let bytes = std::fs::read(essai.save().await.archive).unwrap();
        for word in ["kit_fait", "fait-199", "SQLite format", "PGDMP", "tables"] {
            assert!(!bytes.windows(word.len()).any(|window| window == word.as_bytes()), "{word} is readable");
        }
    }
}

#[tokio::test]
async fn one_byte_altered_anywhere_is_refused_and_nothing_is_replaced() {
    for essai in list_essais().await {
        let saved = essai.save().await;
        let whole = std::fs::read(&saved.archive).unwrap();
        let (altered, target) = (essai.folder.join("altered"), essai.elsewhere());
        let is_file = !target.starts_with("postgres");
        if is_file {
            std::fs::write(&target, "the base in service").unwrap();
        }
        let mut detected = 0;
        for rang in 0..ALTERED {
            // The header whole, the end, and evenly in between.
            let place = if rang < 60 { rang } else { (rang * (whole.len() - 1) / (ALTERED - 1)).min(whole.len() - 1) };
            let mut bytes = whole.clone();
            bytes[place] ^= 1 << (rang % 8);
            std::fs::write(&altered, bytes).unwrap();
            let outcome = check_refused(&essai, &target, &altered).await;
            detected += usize::from(outcome);
            assert!(outcome, "byte {place} of {}", whole.len());
        }
        if is_file {
            assert_eq!(std::fs::read_to_string(&target).unwrap(), "the base in service");
        }
        eprintln!("{:?}: {detected} archives of {ALTERED} altered by one bit in one byte, {detected} refused", saved.manifeste.moteur);
    }
}

/// On PostgreSQL each restore would create a database: reading the archive is where the refusal is born.
async fn check_refused(essai: &Essai, target: &str, archive: &Path) -> bool {
    if target.starts_with("postgres") {
        return postgres::check_archive(archive, &essai.cle).is_err();
    }
    restore_sauvegarde(target, &essai.cle, archive, Existante::MettreDeCote, NOON).await.is_err()
}

#[tokio::test]
async fn an_archive_cut_short_or_prolonged_is_refused() {
    for essai in list_essais().await {
        let whole = std::fs::read(essai.save().await.archive).unwrap();
        let (altered, target) = (essai.folder.join("altered"), essai.elsewhere());
        let piece = 48 + 64 * 1_024 + 16;
        for length in [0, 10, 47, 48, 49, 100, piece - 1, piece, piece + 1, whole.len() - 1] {
            std::fs::write(&altered, &whole[..length.min(whole.len() - 1)]).unwrap();
            assert!(check_refused(&essai, &target, &altered).await, "cut at {length}");
        }
        std::fs::write(&altered, [whole.as_slice(), b"x"].concat()).unwrap();
        assert!(check_refused(&essai, &target, &altered).await, "one byte more");
    }
}

#[tokio::test]
async fn another_key_is_told_apart_from_a_damaged_archive() {
    for essai in list_essais().await {
        let archive = essai.save().await.archive;
        let other = Cle::create(&essai.folder.join("autre")).unwrap();
        let refused = restore_sauvegarde(&essai.elsewhere(), &other, &archive, Existante::Refuser, NOON).await.unwrap_err();
        assert!(format!("{refused:#}").contains("autre clé"), "{refused:#}");
    }
}

#[tokio::test]
async fn a_base_with_something_in_it_is_replaced_only_when_asked_and_kept_aside() {
    for essai in list_essais().await {
        let saved = essai.save().await;
        let Essai { db, base, cle, .. } = &essai;
        sql::execute(db.read(), "DELETE FROM kit_fait", []).await.unwrap();
        db.clone().close().await.unwrap();
        let fact = "INSERT INTO kit_fait (territoire_id, id, code, jour, quantite) VALUES ('t', 'seul', 'essai', '2026-11-17', 1)";
        let later = Db::open(base).await.unwrap();
        sql::execute(later.read(), fact, []).await.unwrap();
        let busy = restore_sauvegarde(base, cle, &saved.archive, Existante::MettreDeCote, NOON).await.unwrap_err();
        assert!(format!("{busy:#}").contains("en service"), "{busy:#}");
        later.close().await.unwrap();

        let refused = restore_sauvegarde(base, cle, &saved.archive, Existante::Refuser, NOON).await.unwrap_err();
        assert!(format!("{refused:#}").contains("--remplacer"), "{refused:#}");
        assert_eq!(count_faits(base).await, 1);

        let restored = restore_sauvegarde(base, cle, &saved.archive, Existante::MettreDeCote, NOON).await.unwrap();
        assert_eq!(count_faits(base).await, LIGNES);
        let aside = restored.mise_de_cote.unwrap();
        let aside = if base.starts_with("postgres") { format!("{}/{aside}", base.rsplit_once('/').unwrap().0) } else { aside };
        assert_eq!(count_faits(&aside).await, 1, "what was replaced is still there");
    }
}

#[tokio::test]
async fn a_backup_never_replaces_another() {
    for essai in list_essais().await {
        essai.save().await;
        assert!(write_sauvegarde(&essai.db, &essai.base, &essai.cle, &essai.folder, NOON).await.is_err());
    }
}

#[tokio::test]
async fn the_copy_before_a_migration_is_made_once_and_only_when_there_is_something_to_lose() {
    let essai = Essai::open(testkit::sqlite_path()).await;
    assert_eq!(copy_before_migration(&essai.db, &essai.base).await.unwrap(), None, "nothing to migrate");
    let last = schema::list_migrations().pop().unwrap();
    let forget = "DELETE FROM schema_migration WHERE version = $1";
    sql::execute(essai.db.read(), forget, values![last.clone()]).await.unwrap();
    let copy = copy_before_migration(&essai.db, &essai.base).await.unwrap().unwrap();
    assert!(copy.display().to_string().ends_with(&format!(".avant-{last}")));
    assert_eq!(count_faits(&copy.display().to_string()).await, LIGNES);
    assert_eq!(copy_before_migration(&essai.db, &essai.base).await.unwrap(), Some(copy), "the first copy is kept as it is");
    let empty = Db::open(&testkit::sqlite_path()).await.unwrap();
    assert_eq!(copy_before_migration(&empty, "x.sqlite").await.unwrap(), None, "an empty base loses nothing");
}

#[tokio::test]
async fn the_last_verified_backup_is_told_from_the_last_attempt() {
    for essai in list_essais().await {
        let done = storage::Passage {
            began_at: NOON.0 - 100,
            ended_at: NOON.0 - 90,
            archive: Some("a".into()),
            octets: Some(12),
            verified_at: Some(NOON.0 - 90),
            erreur: None,
        };
        let failed =
            storage::Passage { began_at: NOON.0, ended_at: NOON.0, verified_at: None, erreur: Some("plein".into()), ..done.clone() };
        let dreamt = storage::Passage { began_at: NOON.0 + 31_536_000, ..done.clone() };
        for passage in [&done, &failed, &dreamt] {
            storage::insert_passage(&essai.db, passage).await.unwrap();
        }
        assert_eq!(storage::find_dernier_verifie(&essai.db, NOON).await.unwrap(), Some(done));
        assert_eq!(storage::find_dernier_passage(&essai.db, NOON).await.unwrap(), Some(failed));
    }
}
