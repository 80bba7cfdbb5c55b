//! A fresh database for each test, on SQLite always and on PostgreSQL when `cargo xtask test` has started one
//! (`MAILLAGE_TEST_POSTGRES` holds its address); the same test body runs on both.
//! Public face: `databases`, `NOON`, `list_columns`, `find_text`.

mod colonnes;

use std::sync::atomic::{AtomicU32, Ordering};

use kit::{Db, Instant};
use sea_orm::ConnectionTrait;

pub use colonnes::{ColonneReelle, find_text, list_columns};

/// Tuesday 17 November 2026, noon in Paris: an ordinary opening hour.
pub const NOON: Instant = Instant(1_794_913_200);

/// The address of the PostgreSQL server of the tests.
pub const POSTGRES: &str = "MAILLAGE_TEST_POSTGRES";

static COUNT: AtomicU32 = AtomicU32::new(0);

/// One migrated, empty database per available server. Says so on the test's output when PostgreSQL is not there.
pub async fn databases() -> Vec<Db> {
    let mut databases = vec![open(&sqlite_path()).await];
    match std::env::var(POSTGRES) {
        Ok(server) => databases.push(open(&create_postgres(&server).await).await),
        Err(_) => eprintln!("PostgreSQL skipped: {POSTGRES} is not set (cargo xtask test sets it)"),
    }
    databases
}

/// A path where no file is yet, in the system's temporary folder.
pub fn sqlite_path() -> String {
    std::env::temp_dir().join(format!("{}.sqlite", unique_name())).display().to_string()
}

/// The address of a new, empty database on `server`.
#[allow(clippy::expect_used, reason = "a test that cannot open its database must stop there")]
pub async fn create_postgres(server: &str) -> String {
    let name = unique_name();
    let admin = Db::open(&format!("{server}/postgres")).await.expect("the PostgreSQL server of the tests answers");
    admin.read().execute_unprepared(&format!("CREATE DATABASE {name}")).await.expect("the database of the test is created");
    format!("{server}/{name}")
}

fn unique_name() -> String {
    format!("maillage_essai_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed))
}

#[allow(clippy::expect_used, reason = "a test that cannot open its database must stop there")]
async fn open(url: &str) -> Db {
    let db = Db::open(url).await.expect("the database of the test opens");
    schema::migrate(&db, NOON).await.expect("the schema is applied");
    db
}
