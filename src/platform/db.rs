//! The database: one handle for reads, one way to write.
//!
//! A write is a transaction that runs as a task of its own, so that a client that hangs up cannot drop it half-way.
//! It is committed when its work returns `Ok` and rolled back on anything else; when the database itself asks for
//! another try (deadlock, lock wait, busy), the whole work runs again. An error while committing is never tried
//! again: nobody knows whether the commit happened, and the unique keys tell when somebody asks.

use std::time::Duration;

use futures::future::BoxFuture;
use sea_orm::sqlx::Executor;
use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
use sea_orm::{
    ConnectOptions, Database, DatabaseConnection, DatabaseTransaction, SqliteTransactionMode,
    TransactionOptions, TransactionTrait,
};
use secrecy::ExposeSecret;
use tokio::runtime::Handle;
use tokio_util::task::TaskTracker;
use tracing::Instrument;

use crate::error::{Error, Result};
use crate::platform::config::DatabaseConfig;
use crate::platform::dialect::{self, Fault};

/// A transaction in progress. Only [`Db::write`] makes one.
pub type Tx = DatabaseTransaction;

/// How often one write is tried when the database asks for another try.
const WRITE_ATTEMPTS: u32 = 3;
/// The pause before another try, in milliseconds: somewhere between these.
const RETRY_PAUSE_MS: std::ops::Range<u64> = 10..150;
/// How long a request waits for a connection.
const ACQUIRE_TIMEOUT: Duration = Duration::from_millis(1_500);
/// How long a write waits for SQLite's one writer, which everyone shares.
const SQLITE_WRITER_TIMEOUT: Duration = Duration::from_secs(5);
/// How long the first connection may take at start-up, in all, and how often it is tried.
const START_UP_TIMEOUT: Duration = Duration::from_secs(30);
const START_UP_ATTEMPTS: u32 = 3;
/// A connection unused for this long is closed.
const IDLE_TIMEOUT: Duration = Duration::from_mins(5);
/// A connection unused for this long is tried before it is used again.
const TEST_AFTER_IDLE: Duration = Duration::from_secs(30);
/// A connection that cannot roll back within this time when it returns to the pool is closed.
const RELEASE_TIMEOUT: Duration = Duration::from_secs(2);
/// SQLite readers; more only get in each other's way.
const SQLITE_READERS: u32 = 4;

/// What every MySQL connection is set to. Nothing relies on the isolation level; the lower one waits less.
const MYSQL_SESSION: [&str; 3] = [
    "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED",
    "SET SESSION innodb_lock_wait_timeout = 3",
    "SET SESSION sql_mode = 'STRICT_ALL_TABLES,ONLY_FULL_GROUP_BY,NO_ZERO_DATE,NO_ZERO_IN_DATE,\
     ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION'",
];

/// The handle to the database; cheap to clone.
#[derive(Clone, Debug)]
pub struct Db {
    reader: DatabaseConnection,
    writer: DatabaseConnection,
    tasks: TaskTracker,
    /// Writes run here and not on the thread of the request, which may end before them.
    runtime: Handle,
}

impl Db {
    /// Connects, trying a few times with growing pauses.
    ///
    /// # Errors
    /// When the database cannot be reached within the start-up time.
    pub async fn connect(config: &DatabaseConfig) -> Result<Self> {
        let url = config.url.expose_secret();
        let (tasks, runtime) = (TaskTracker::new(), Handle::current());
        if url.starts_with("sqlite:") {
            let writer = patiently(|| sqlite(url, 1, SQLITE_WRITER_TIMEOUT, false)).await?;
            let reader = patiently(|| sqlite(url, SQLITE_READERS, ACQUIRE_TIMEOUT, true)).await?;
            return Ok(Self { reader, writer, tasks, runtime });
        }
        // A connection lives on the runtime that opened it, so writes never use one that a request's thread opened;
        // and writes that wait for each other leave reads alone.
        let writers = config.pool_max.div_ceil(2);
        let writer = patiently(|| mysql(config, writers)).await?;
        let reader = patiently(|| mysql(config, config.pool_max - writers)).await?;
        Ok(Self { reader, writer, tasks, runtime })
    }

    /// For reading. What it reads may be old by the time it is looked at; decisions are made inside [`Db::write`].
    #[must_use]
    pub fn reads(&self) -> &DatabaseConnection {
        &self.reader
    }

    /// Runs `work` in one transaction. `name` stands in the logs.
    ///
    /// # Errors
    /// What `work` returned, after a rollback; [`Error::Unavailable`] when the database could not carry it out,
    /// in which case the write may or may not have happened if the connection was lost while committing.
    pub async fn write<T, F>(&self, name: &'static str, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: for<'t> Fn(&'t Tx) -> BoxFuture<'t, Result<T>> + Send + Sync + 'static,
    {
        let writer = self.writer.clone();
        let work = async move {
            let mut attempt = 1;
            loop {
                match attempt_write(&writer, &work).await {
                    Err(Error::Database(error))
                        if attempt < WRITE_ATTEMPTS && dialect::fault(&error) == Fault::TryAgain =>
                    {
                        tracing::debug!(name, attempt, %error, "the database asked to try the write again");
                        attempt += 1;
                        tokio::time::sleep(Duration::from_millis(rand::random_range(RETRY_PAUSE_MS))).await;
                    }
                    Err(Error::Database(error)) if dialect::fault(&error) != Fault::Bug => {
                        tracing::warn!(name, attempt, %error, "the database could not carry out the write");
                        return Err(Error::Unavailable("database"));
                    }
                    done => return done,
                }
            }
        };
        let task = self.tasks.spawn_on(work.instrument(tracing::Span::current()), &self.runtime);
        task.await.map_err(|panic| Error::Internal(anyhow::Error::new(panic).context(name)))?
    }

    /// Waits until every write that has begun has ended, then closes the connections.
    pub async fn close(self) {
        self.tasks.close();
        self.tasks.wait().await;
        for pool in [self.reader, self.writer] {
            if let Err(error) = pool.close().await {
                tracing::warn!(%error, "the connection pool did not close cleanly");
            }
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "the one place that begins a transaction")]
async fn attempt_write<T, F>(db: &DatabaseConnection, work: &F) -> Result<T>
where
    F: for<'t> Fn(&'t Tx) -> BoxFuture<'t, Result<T>>,
{
    // On SQLite a transaction that reads first and writes later fails at once when another has written meanwhile.
    let immediate = TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..Default::default()
    };
    let tx = db.begin_with_options(immediate).await?;
    match work(&tx).await {
        Ok(value) => match tx.commit().await {
            Ok(()) => Ok(value),
            Err(error) => {
                tracing::error!(%error, "a commit failed: whether it happened is unknown");
                Err(Error::Unavailable("database"))
            }
        },
        Err(error) => {
            // After a lock wait MySQL leaves the transaction open: always end it.
            if let Err(rollback) = tx.rollback().await {
                tracing::debug!(%rollback, "rolling back failed; the connection is given up");
            }
            Err(error)
        }
    }
}

async fn mysql(config: &DatabaseConfig, connections: u32) -> Result<DatabaseConnection, sea_orm::DbErr> {
    let mut options = ConnectOptions::new(config.url.expose_secret());
    options
        .min_connections(config.pool_min.min(connections))
        .max_connections(connections)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .idle_timeout(IDLE_TIMEOUT)
        .test_before_acquire_if_idle_for(TEST_AFTER_IDLE)
        .sqlx_logging(false)
        .map_sqlx_mysql_pool_opts(|pool| {
            pool.after_connect(|connection, _| {
                Box::pin(async move {
                    for statement in MYSQL_SESSION {
                        connection.execute(statement).await?;
                    }
                    Ok(())
                })
            })
            // A request that was dropped while its BEGIN was under way returns a connection inside an open
            // transaction, on which later writes would vanish; a silent path to a dead server never answers.
            .after_release(|connection, _| {
                Box::pin(async move {
                    let rollback = tokio::time::timeout(RELEASE_TIMEOUT, connection.execute("ROLLBACK")).await;
                    Ok(matches!(rollback, Ok(Ok(_))))
                })
            })
        });
    Database::connect(options).await
}

async fn sqlite(
    url: &str,
    connections: u32,
    timeout: Duration,
    read_only: bool,
) -> Result<DatabaseConnection, sea_orm::DbErr> {
    let mut options = ConnectOptions::new(url);
    options
        .min_connections(1)
        .max_connections(connections)
        .acquire_timeout(timeout)
        .sqlx_logging(false)
        .map_sqlx_sqlite_opts(move |sqlite| {
            sqlite
                .foreign_keys(true)
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(SqliteSynchronous::Full)
                .busy_timeout(SQLITE_WRITER_TIMEOUT)
                .pragma("recursive_triggers", "ON")
                .pragma("query_only", if read_only { "ON" } else { "OFF" })
        });
    Database::connect(options).await
}

/// Tries `connect` a few times with growing pauses while there is start-up time left.
async fn patiently<F>(connect: impl Fn() -> F) -> Result<DatabaseConnection>
where
    F: Future<Output = Result<DatabaseConnection, sea_orm::DbErr>>,
{
    let tries = async {
        let mut pause = Duration::from_secs(1);
        for _ in 1..START_UP_ATTEMPTS {
            match connect().await {
                Ok(pool) => return Ok(pool),
                Err(error) => tracing::warn!(%error, "the database does not answer yet"),
            }
            tokio::time::sleep(pause).await;
            pause *= 2;
        }
        connect().await
    };
    let connected = tokio::time::timeout(START_UP_TIMEOUT, tries)
        .await
        .map_err(|_elapsed| Error::Unavailable("database"))?;
    Ok(connected?)
}
