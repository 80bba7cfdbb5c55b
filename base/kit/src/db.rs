//! One handle on either database: many readers, and on SQLite a single writer that never fails for being late.

use std::str::FromStr;
use std::time::Duration;

use anyhow::Context;
use sea_orm::sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use sea_orm::sqlx::{self, Connection};
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DatabaseTransaction, IsolationLevel, SqliteTransactionMode,
    SqlxSqliteConnector, TransactionOptions, TransactionTrait,
};

use crate::Result;

/// Which of the two databases holds the rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

/// The database of the program. Cloning it shares the connections.
#[derive(Clone, Debug)]
pub struct Db {
    readers: DatabaseConnection,
    writer: DatabaseConnection,
    engine: Engine,
}

const READERS: u32 = 4;
const PATIENCE: Duration = Duration::from_secs(5);
const RETRY_EVERY: Duration = Duration::from_millis(20);

impl Db {
    /// Opens `url`: `postgres://…`, or `sqlite:PATH` (created when absent), or a bare path of a SQLite file.
    pub async fn open(url: &str) -> Result<Self> {
        if url.starts_with("postgres:") || url.starts_with("postgresql:") {
            return Self::open_postgres(url).await;
        }
        Self::open_sqlite(url.trim_start_matches("sqlite://").trim_start_matches("sqlite:")).await
    }

    async fn open_postgres(url: &str) -> Result<Self> {
        let mut options = ConnectOptions::new(url);
        options.max_connections(10).acquire_timeout(PATIENCE).connect_timeout(PATIENCE).sqlx_logging(false);
        // Our queries are short: to compile one, or to start processes for it, takes longer than to answer it.
        options.map_sqlx_postgres_opts(|asked| asked.options([("jit", "off"), ("max_parallel_workers_per_gather", "0")]));
        let pool = Database::connect(options).await?;
        Ok(Self { readers: pool.clone(), writer: pool, engine: Engine::Postgres })
    }

    /// WAL, and `synchronous=FULL`: NORMAL loses acknowledged writes when the power goes (ARCHITECTURE, traps).
    async fn open_sqlite(path: &str) -> Result<Self> {
        let options = SqliteConnectOptions::from_str(path)
            .with_context(|| format!("opening {path}"))?
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(PATIENCE)
            .foreign_keys(true)
            // 16 MB, not 2: a national annuaire is read at start in the order of its structures, which is not that of its pages.
            .pragma("cache_size", "-16000")
            // What is erased is written over: the file keeps no trace of it.
            .pragma("secure_delete", "ON")
            .statement_cache_capacity(500)
            // A large reading would otherwise pass from thread to thread every 50 rows.
            .row_buffer_size(4_096);
        let unavailable = |error| crate::Error::Unavailable(format!("{path} : {error}"));
        let writer = open_first(&options).await.map_err(unavailable)?;
        let readers = pool(READERS).connect_with(options).await.map_err(unavailable)?;
        Ok(Self {
            readers: SqlxSqliteConnector::from_sqlx_sqlite_pool(readers),
            writer: SqlxSqliteConnector::from_sqlx_sqlite_pool(writer),
            engine: Engine::Sqlite,
        })
    }

    pub fn engine(&self) -> Engine {
        self.engine
    }

    /// Where queries that change nothing go.
    pub fn read(&self) -> &DatabaseConnection {
        &self.readers
    }

    /// Opens the transaction of one act; dropping it without `commit` undoes everything.
    /// Immediate on SQLite: a deferred transaction that reads then writes fails under concurrency (STACK, trap 1).
    pub async fn begin(&self) -> Result<DatabaseTransaction> {
        let options = TransactionOptions { sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate), ..Default::default() };
        Ok(self.writer.begin_with_options(options).await?)
    }

    /// The database as it is at one moment, read by as many queries as one likes while others write.
    pub async fn snapshot(&self) -> Result<DatabaseTransaction> {
        let isolation_level = (self.engine == Engine::Postgres).then_some(IsolationLevel::RepeatableRead);
        Ok(self.readers.begin_with_options(TransactionOptions { isolation_level, ..Default::default() }).await?)
    }

    /// After a large writing on SQLite: moves it from the log to the file itself, where reading is direct. Does nothing on PostgreSQL.
    pub async fn settle(&self) -> Result<()> {
        if self.engine == Engine::Sqlite {
            self.writer.execute_unprepared("PRAGMA wal_checkpoint(TRUNCATE)").await?;
        }
        Ok(())
    }

    /// Closes the connections at once: a database that is to be renamed or dropped allows none.
    pub async fn close(self) -> Result<()> {
        self.readers.close().await?;
        self.writer.close().await?;
        Ok(())
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<()> {
        self.readers.execute_unprepared("SELECT 1").await?;
        Ok(())
    }
}

fn pool(size: u32) -> SqlitePoolOptions {
    SqlitePoolOptions::new().max_connections(size).min_connections(1).acquire_timeout(PATIENCE)
}

/// Opens the writer's connection. Two programs that create the same file meet while its log is made, and there
/// SQLite refuses at once, whatever `busy_timeout` says: the later one tries again.
async fn open_first(options: &SqliteConnectOptions) -> Result<SqlitePool, sqlx::Error> {
    let deadline = tokio::time::Instant::now() + PATIENCE;
    loop {
        match pool(1).before_acquire(|connection, _| Box::pin(async { Ok(is_clean(connection)) })).connect_with(options.clone()).await {
            Err(error) if is_locked(&error) && tokio::time::Instant::now() < deadline => tokio::time::sleep(RETRY_EVERY).await,
            outcome => return outcome,
        }
    }
}

/// Whether a connection is outside of any transaction; one that is not is closed, and another opened.
/// When SQLite refuses a COMMIT (disk full, I/O error) it undoes the transaction itself; the ROLLBACK that follows fails,
/// and sqlx goes on counting a transaction that is gone. The next ones would be savepoints inside a transaction that
/// nobody ever commits: acknowledged, and lost with the process (`essais/tests/disque_plein.rs`).
fn is_clean(connection: &impl Connection) -> bool {
    !connection.is_in_transaction()
}

fn is_locked(error: &sqlx::Error) -> bool {
    const SQLITE_BUSY: &str = "5";
    error.as_database_error().and_then(|error| error.code()).is_some_and(|code| code == SQLITE_BUSY)
}
