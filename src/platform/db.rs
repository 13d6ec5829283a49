//! The database: one handle for reads, one way to write.
//!
//! A write is a transaction that runs as a task of its own, so that a client that hangs up cannot drop it half-way.
//! It is committed when its work returns `Ok` and rolled back on anything else; when the database itself asks for
//! another try (deadlock, lock wait, busy), the whole work runs again. An error while committing is never tried
//! again: nobody knows whether the commit happened, and the unique keys tell when somebody asks.

mod patience;

use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;
use sea_orm::sqlx::sqlite::{SqliteConnection, SqliteJournalMode, SqliteSynchronous};
use sea_orm::sqlx::{self, Connection};
use sea_orm::{
    AccessMode, ConnectOptions, Database, DatabaseConnection, DatabaseTransaction, DbBackend, IsolationLevel,
    SqliteTransactionMode, TransactionOptions, TransactionTrait,
};
use secrecy::ExposeSecret;
use tokio::runtime::Handle;
use tokio_util::task::TaskTracker;
use tracing::Instrument;

use crate::error::{Error, Result};
use crate::platform::config::DatabaseConfig;
use crate::platform::dialect::{self, Fault};
use crate::platform::{metrics, request_id, traces};

use patience::Patience;
pub(super) use patience::SILENT;
pub use patience::{Reads, Tx};

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
/// SQLite readers; more only get in each other's way.
const SQLITE_READERS: u32 = 4;

/// How long reads of one moment may take, in all: longer than any do, so that a connection that fell silent meanwhile does not
/// hold up a job for ever.
const SNAPSHOT_LIMIT: Duration = Duration::from_hours(1);

/// How long the connections may take to be closed.
const CLOSE_LIMIT: Duration = Duration::from_secs(3);

/// The handle to the database; cheap to clone.
#[derive(Clone, Debug)]
pub struct Db {
    reader: Reads,
    /// The same with another limit on a statement.
    long_reader: Arc<Reads>,
    writer: DatabaseConnection,
    /// One connection for asking how the database is, so that a full pool is not taken for a dead server.
    probe: Arc<Reads>,
    patience: Option<Patience>,
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
        if url.starts_with("sqlite:") {
            let writer = patiently(|| sqlite(url, 1, SQLITE_WRITER_TIMEOUT, false)).await?;
            let reader = patiently(|| sqlite(url, SQLITE_READERS, ACQUIRE_TIMEOUT, true)).await?;
            let probe = patiently(|| sqlite(url, 1, ACQUIRE_TIMEOUT, true)).await?;
            return Ok(Self::over(reader, writer, probe, None));
        }
        // A connection lives on the runtime that opened it, so writes never use one that a request's thread opened;
        // and writes that wait for each other leave reads alone.
        let writers = config.pool_max.div_ceil(2);
        let patience = Patience::new(url)?;
        let writer = patiently(|| mysql(config, writers, patience.clone())).await?;
        let reader = patiently(|| mysql(config, config.pool_max - writers, patience.clone())).await?;
        let probe = patiently(|| mysql(config, 1, patience.clone())).await?;
        Ok(Self::over(reader, writer, probe, Some(patience)))
    }

    fn over(
        reader: DatabaseConnection,
        writer: DatabaseConnection,
        probe: DatabaseConnection,
        patience: Option<Patience>,
    ) -> Self {
        Self {
            long_reader: Arc::new(Reads::new(reader.clone(), patience.clone()).long(in_use(&reader).1)),
            reader: Reads::new(reader, patience.clone()),
            writer,
            probe: Arc::new(Reads::new(probe, patience.clone())),
            patience,
            tasks: TaskTracker::new(),
            runtime: Handle::current(),
        }
    }

    /// For reading. What it reads may be old by the time it is looked at; decisions are made inside [`Db::write`].
    #[must_use]
    pub fn reads(&self) -> &Reads {
        &self.reader
    }

    /// For reading a great deal at once, where nobody waits: a statement may take minutes.
    #[must_use]
    pub fn long_reads(&self) -> &Reads {
        &self.long_reader
    }

    /// Reads of one and the same moment, however many statements it takes: what is committed meanwhile is not in them.
    /// For what is longer than a request; all of them together may take an hour.
    ///
    /// # Errors
    /// What `read` returned, or when the database fails.
    #[expect(clippy::disallowed_methods, reason = "reads only, and what is dropped half-way holds nothing")]
    pub async fn snapshot<T, F>(&self, read: F) -> Result<T>
    where
        F: for<'t> FnOnce(&'t DatabaseTransaction) -> BoxFuture<'t, Result<T>>,
    {
        let connection = self.long_reader.connection();
        // SQLite's readers see one moment anyway, once they have begun.
        let one_moment = match connection.get_database_backend() {
            DbBackend::Sqlite => TransactionOptions::default(),
            _ => TransactionOptions {
                isolation_level: Some(IsolationLevel::RepeatableRead),
                access_mode: Some(AccessMode::ReadOnly),
                sqlite_transaction_mode: None,
            },
        };
        let reading = async {
            let transaction = connection.begin_with_options(one_moment).await?;
            let value = read(&transaction).await;
            transaction.rollback().await?;
            value
        };
        tokio::time::timeout(SNAPSHOT_LIMIT, reading).await.unwrap_or(Err(Error::Unavailable("database")))
    }

    /// How many connections are in use, to read and to write, and of how many.
    #[must_use]
    pub fn in_use(&self) -> [(&'static str, usize, u32); 2] {
        [("read", self.reader.connection()), ("write", &self.writer)].map(|(purpose, connection)| {
            let (in_use, limit) = in_use(connection);
            (purpose, in_use, limit)
        })
    }

    /// For asking how the database is; never waits for requests.
    #[must_use]
    pub fn probe(&self) -> &Reads {
        &self.probe
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
        let (writer, patience) = (self.writer.clone(), self.patience.clone());
        let request_id = request_id::current();
        let work = async move {
            let mut attempt = 1;
            loop {
                match attempt_write(&writer, patience.clone(), request_id.clone(), &work).await {
                    Err(Error::Database(error))
                        if attempt < WRITE_ATTEMPTS && dialect::fault(&error) == Fault::TryAgain =>
                    {
                        tracing::debug!(name, attempt, %error, "the database asked to try the write again");
                        metrics::write_repeated();
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
        let work = work.instrument(traces::span("write", name)).instrument(tracing::Span::current());
        let task = self.tasks.spawn_on(work, &self.runtime);
        // What a panic said may hold what was filled in at run time, and the error would repeat it in the log.
        task.await.map_err(|ended| {
            let how = if ended.is_panic() { "panicked" } else { "was given up" };
            Error::Internal(anyhow::anyhow!("{name} {how}"))
        })?
    }

    /// Waits until every write that has begun has ended, then closes the connections.
    pub async fn close(self) {
        self.tasks.close();
        self.tasks.wait().await;
        if let Some(patience) = &self.patience {
            patience.close();
        }
        // Long reads use the readers' pool.
        let pools = async { futures::join!(self.reader.close(), self.writer.close(), self.probe.close()) };
        // A silent connection never says good-bye.
        match tokio::time::timeout(CLOSE_LIMIT, pools).await {
            Ok((Ok(()), Ok(()), Ok(()))) => {}
            Ok(closed) => tracing::warn!(?closed, "the connection pools did not close cleanly"),
            Err(_elapsed) => tracing::warn!("some connections did not say good-bye"),
        }
    }
}

fn in_use(connection: &DatabaseConnection) -> (usize, u32) {
    let (open, idle, limit) = if connection.get_database_backend() == DbBackend::Sqlite {
        let pool = connection.get_sqlite_connection_pool();
        (pool.size(), pool.num_idle(), pool.options().get_max_connections())
    } else {
        let pool = connection.get_mysql_connection_pool();
        (pool.size(), pool.num_idle(), pool.options().get_max_connections())
    };
    (usize::try_from(open).unwrap_or(usize::MAX).saturating_sub(idle), limit)
}

#[expect(clippy::disallowed_methods, reason = "the one place that begins a transaction to write")]
async fn attempt_write<T, F>(
    db: &DatabaseConnection,
    patience: Option<Patience>,
    request_id: Option<Arc<str>>,
    work: &F,
) -> Result<T>
where
    F: for<'t> Fn(&'t Tx) -> BoxFuture<'t, Result<T>>,
{
    // On SQLite a transaction that reads first and writes later fails at once when another has written meanwhile.
    let immediate = TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..Default::default()
    };
    let tx = Tx::begin(patience, request_id, db.begin_with_options(immediate)).await?;
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

async fn mysql(
    config: &DatabaseConfig,
    connections: u32,
    patience: Patience,
) -> Result<DatabaseConnection, sea_orm::DbErr> {
    let mut options = ConnectOptions::new(config.url.expose_secret());
    options
        .min_connections(config.pool_min.min(connections))
        .max_connections(connections)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .idle_timeout(IDLE_TIMEOUT)
        // Proved by `Patience::may_take` instead, when there is reason to.
        .test_before_acquire(false)
        .sqlx_logging(false)
        .map_sqlx_mysql_opts(patience::with_room)
        .map_sqlx_mysql_pool_opts(move |pool| {
            let (before, after) = (patience.clone(), patience.clone());
            pool.after_connect(|connection, _| {
                Box::pin(Patience::set_up(connection))
            })
            .before_acquire(move |connection, state| {
                let patience = before.clone();
                Box::pin(async move { Ok(patience.may_take(connection, state.idle_for).await) })
            })
            .after_release(move |connection, _| {
                let patience = after.clone();
                Box::pin(async move { Ok(patience.may_keep(connection).await) })
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
        .map_sqlx_sqlite_pool_opts(|pool| {
            pool.after_release(|connection, _| Box::pin(is_outside_any_transaction(connection)))
        })
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

/// Whether a connection to a file can be kept. On a full disk SQLite gives a transaction up by itself and the driver goes on
/// counting it: the next one would be a mere savepoint, and its commit would write nothing.
async fn is_outside_any_transaction(connection: &mut SqliteConnection) -> Result<bool, sqlx::Error> {
    // A rollback that was asked for before is carried out first.
    connection.ping().await?;
    Ok(!connection.is_in_transaction())
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
