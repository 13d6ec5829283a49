//! Connections that do not wait for ever: every statement has a time limit.
//!
//! A server that fails over can leave established connections silent: nothing comes back and nothing says so. Whoever waits
//! there gives up after [`STATEMENT_LIMIT`], and from then on for a while every connection must prove that it still
//! answers before it is used or kept. One that does not is replaced by a fresh one in its place: closing it would mean
//! to wait for its good-bye, which TLS wants, and the pool would be one connection short for ever.
//! What it left behind on a server that still lives, a transaction that holds its locks, is ended from the fresh one.
//! SQLite has no such silence, and its statements need no limit.

use std::str::FromStr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use sea_orm::sqlx::error::DatabaseError;
use sea_orm::sqlx::mysql::{MySqlConnectOptions, MySqlDatabaseError};
use sea_orm::sqlx::{self, ConnectOptions, Connection, Executor, MySqlConnection, Row};
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, ExecResult, FromQueryResult,
    QueryResult, RuntimeErr, Statement,
};
use tokio::sync::Semaphore;
use tokio::time::{Instant, timeout};
use tokio_util::sync::CancellationToken;

use crate::platform::metrics;

/// How long one statement may take, the wait for a connection included. Longer than a lock is waited for.
const STATEMENT_LIMIT: Duration = Duration::from_secs(4);
/// The same where nobody waits: longer than any takes, so that a connection that fell silent does not hold up a job for
/// ever.
const LONG_LIMIT: Duration = Duration::from_mins(10);
/// How long a transaction may take to be given up.
const ROLLBACK_LIMIT: Duration = Duration::from_millis(500);
/// A connection that cannot roll back within this time when it returns to the pool is closed.
const RELEASE_LIMIT: Duration = Duration::from_secs(2);
/// For so long after a silence the others are suspected too …
const SUSPICION: Duration = Duration::from_secs(10);
/// … and have this long to answer.
const SUSPECT_LIMIT: Duration = Duration::from_millis(300);
/// A connection unused for this long is tried before it is used again, and has that long to answer.
const LONG_IDLE: Duration = Duration::from_secs(30);
const IDLE_LIMIT: Duration = Duration::from_secs(1);
/// Statements that a connection keeps prepared, roughly: the server holds some 60 KB for each.
const STATEMENTS_KEPT: usize = 100;
/// More than one request ever needs. Where the driver has no room left, it closes a statement right before it runs the
/// next, without `TCP_NODELAY`: that one waits 40 ms for the server to acknowledge the first.
const STATEMENTS_ROOM: usize = 2_000;
/// How long a fresh connection may take, and the pause before another try.
const CONNECT_LIMIT: Duration = Duration::from_millis(1_500);
const CONNECT_PAUSE: Duration = Duration::from_millis(500);
/// How often it is tried to end what a silent connection left behind.
const KILL_ATTEMPTS: u32 = 10;
/// What each of them is set to, in one journey: on a slow line a connection must still be made in time. Nothing relies on
/// the isolation level; the lower one waits less.
const SESSION: &str = "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED; \
     SET SESSION innodb_lock_wait_timeout = 3; \
     SET SESSION sql_mode = 'STRICT_ALL_TABLES,ONLY_FULL_GROUP_BY,NO_ZERO_DATE,NO_ZERO_IN_DATE,\
     ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION'";
/// What the error says then; `dialect::fault` knows it.
pub(in crate::platform) const SILENT: &str = "the database did not answer in time";

/// How long to wait, when somebody last waited in vain, and how to connect anew. Shared by all connections to one server.
#[derive(Clone, Debug)]
pub(super) struct Patience {
    options: Arc<MySqlConnectOptions>,
    began: Instant,
    /// Milliseconds since `began`, plus one; 0 never.
    last_silence: Arc<AtomicU64>,
    closing: CancellationToken,
}

impl Patience {
    /// # Errors
    /// When `url` is no address of a server.
    pub(super) fn new(url: &str) -> Result<Self, DbErr> {
        let options = MySqlConnectOptions::from_str(url)
            .map_err(|error| DbErr::Conn(RuntimeErr::SqlxError(Arc::new(error))))?;
        Ok(Self {
            options: Arc::new(with_room(options.disable_statement_logging())),
            began: Instant::now(),
            last_silence: Arc::default(),
            closing: CancellationToken::new(),
        })
    }

    /// From now on nothing is replaced any more.
    pub(super) fn close(&self) {
        self.closing.cancel();
    }

    /// Sets a connection up as the shop needs it.
    pub(super) async fn set_up(connection: &mut MySqlConnection) -> Result<(), sqlx::Error> {
        connection.execute(SESSION).await?;
        Ok(())
    }

    async fn within<T>(
        &self,
        limit: Duration,
        answer: impl Future<Output = Result<T, DbErr>>,
    ) -> Result<T, DbErr> {
        if let Ok(answer) = timeout(limit, answer).await {
            return answer;
        }
        let now = u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.last_silence.store(now.saturating_add(1), Ordering::Relaxed);
        Err(DbErr::Conn(RuntimeErr::Internal(SILENT.to_owned())))
    }

    fn is_suspicious(&self) -> bool {
        let last = self.last_silence.load(Ordering::Relaxed);
        last > 0 && self.began.elapsed() < Duration::from_millis(last) + SUSPICION
    }

    /// Whether a connection that lay idle can be used.
    pub(super) async fn may_take(&self, connection: &mut MySqlConnection, idle_for: Duration) -> bool {
        let limit = match (self.is_suspicious(), idle_for >= LONG_IDLE) {
            (true, _) => SUSPECT_LIMIT,
            (false, true) => IDLE_LIMIT,
            (false, false) => return true,
        };
        match timeout(limit, connection.execute("DO 0")).await {
            Ok(answered) => answered.is_ok(),
            Err(_silent) => self.replace(connection).await,
        }
    }

    /// Whether a connection can be kept: a request that was dropped while its BEGIN was under way returns one inside an
    /// open transaction, on which later writes would vanish. On one that the driver believes inside a transaction the next
    /// would be a mere savepoint.
    pub(super) async fn may_keep(&self, connection: &mut MySqlConnection) -> bool {
        let limit = if self.is_suspicious() { SUSPECT_LIMIT } else { RELEASE_LIMIT };
        if let Ok(tidied) = timeout(limit, tidy(connection)).await {
            return tidied.unwrap_or(false);
        }
        while !self.closing.is_cancelled() {
            if self.replace(connection).await {
                return true;
            }
            tokio::time::sleep(CONNECT_PAUSE).await;
        }
        false
    }

    /// Puts a fresh connection in the place of a silent one, which is dropped without a word.
    async fn replace(&self, connection: &mut MySqlConnection) -> bool {
        let fresh = async {
            let mut fresh = self.options.connect().await?;
            Self::set_up(&mut fresh).await?;
            Ok::<_, sqlx::Error>(fresh)
        };
        match timeout(CONNECT_LIMIT, fresh).await {
            Ok(Ok(fresh)) => {
                *connection = fresh;
                true
            }
            Ok(Err(_)) | Err(_) => false,
        }
    }
}

/// Room for as many statements as a request may need; [`tidy`] sees to it that they do not stay.
pub(super) fn with_room(options: MySqlConnectOptions) -> MySqlConnectOptions {
    options.statement_cache_capacity(STATEMENTS_ROOM)
}

/// Ends what a connection was at, and closes all its statements when they have become many; whether it is as new.
async fn tidy(connection: &mut MySqlConnection) -> Result<bool, sqlx::Error> {
    connection.execute("ROLLBACK").await?;
    if connection.cached_statements_size() >= STATEMENTS_KEPT {
        connection.clear_cached_statements().await?;
        // Waits here for what the next request would wait for.
        connection.execute("DO 0").await?;
    }
    Ok(!connection.is_in_transaction())
}

/// Waits for `answer` as long as patience allows, or for ever without any.
async fn within<T>(
    patience: Option<&Patience>,
    limit: Duration,
    answer: impl Future<Output = Result<T, DbErr>>,
) -> Result<T, DbErr> {
    match patience {
        Some(patience) => patience.within(limit, answer).await,
        None => answer.await,
    }
}

/// Who a connection is to its server, by the server's own name: after a failover the same number may be somebody else.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
struct Session {
    server: String,
    id: i64,
}

const WHO_AM_I: &str = "SELECT CAST(@@hostname AS CHAR) AS server, CAST(CONNECTION_ID() AS SIGNED) AS id";

impl Patience {
    /// Ends a session that fell silent inside a transaction, if its server still has it.
    #[expect(clippy::disallowed_methods, reason = "nobody waits for it")]
    fn end(&self, silent: Session) {
        let patience = self.clone();
        tokio::spawn(async move {
            let mut failed = None;
            for _ in 0..KILL_ATTEMPTS {
                match timeout(CONNECT_LIMIT, patience.kill(&silent)).await {
                    Ok(Ok(())) => return,
                    Ok(Err(error)) => failed = Some(error),
                    Err(_elapsed) => {}
                }
                tokio::time::sleep(CONNECT_PAUSE).await;
            }
            tracing::warn!(session = silent.id, error = ?failed, "a session that fell silent could not be ended");
        });
    }

    async fn kill(&self, silent: &Session) -> Result<(), sqlx::Error> {
        let mut fresh = self.options.connect().await?;
        let row = sqlx::query(WHO_AM_I).fetch_one(&mut fresh).await?;
        if row.try_get::<String, _>("server")? == silent.server
            && !is_committing(&mut fresh, silent.id).await?
        {
            // MySQL takes no placeholder here; the id is a number.
            match fresh.execute(sqlx::AssertSqlSafe(format!("KILL {}", silent.id))).await {
                Err(sqlx::Error::Database(refusal)) if is_no_session(refusal.as_ref()) => {}
                killed => {
                    killed?;
                }
            }
        }
        fresh.close().await
    }
}

/// Whether a session is at its COMMIT. The server ends that by itself and holds nothing afterwards; a MySQL that is
/// disturbed while it waits for room on its disk gives up as a whole.
async fn is_committing(fresh: &mut MySqlConnection, id: i64) -> Result<bool, sqlx::Error> {
    // Not by information_schema: MySQL fails to show it while anybody is at a statement with an id in it, which is no text.
    for row in sqlx::raw_sql("SHOW PROCESSLIST").fetch_all(fresh).await? {
        if row.try_get_unchecked::<i64, _>("Id")? == id {
            let at: Option<Vec<u8>> = row.try_get_unchecked("Info")?;
            return Ok(at.is_some_and(|at| at.starts_with(b"COMMIT")));
        }
    }
    Ok(false)
}

/// Whether a session could not be ended because it has ended already.
fn is_no_session(refusal: &dyn DatabaseError) -> bool {
    const NO_SUCH_THREAD: u16 = 1094;
    refusal.try_downcast_ref::<MySqlDatabaseError>().is_some_and(|error| error.number() == NO_SUCH_THREAD)
}

/// For reading.
#[derive(Clone, Debug)]
pub struct Reads {
    connection: DatabaseConnection,
    patience: Option<Patience>,
    limit: Duration,
    /// So many read at a time, where each may take long: the others need connections, too.
    places: Option<Arc<Semaphore>>,
}

/// A transaction in progress. Only [`super::Db::write`] makes one.
pub struct Tx {
    transaction: DatabaseTransaction,
    patience: Option<Patience>,
    session: Option<Session>,
    request_id: Option<Arc<str>>,
    /// Points that have moved, to be told as numbers once they are committed.
    moved: Mutex<Vec<(&'static str, i64)>>,
}

impl Reads {
    pub(super) fn new(connection: DatabaseConnection, patience: Option<Patience>) -> Self {
        Self { connection, patience, limit: STATEMENT_LIMIT, places: None }
    }

    /// The same for what nobody waits for, with half of the connections at most.
    pub(super) fn long(self, connections: u32) -> Self {
        let half = usize::try_from(connections / 2).unwrap_or_default().max(1);
        Self { limit: LONG_LIMIT, places: Some(Arc::new(Semaphore::new(half))), ..self }
    }

    /// The pool itself, for measuring it.
    #[must_use]
    pub fn connection(&self) -> &DatabaseConnection {
        &self.connection
    }

    pub(super) async fn close(&self) -> Result<(), DbErr> {
        self.connection.close_by_ref().await
    }
}

impl Tx {
    pub(super) async fn begin(
        patience: Option<Patience>,
        request_id: Option<Arc<str>>,
        began: impl Future<Output = Result<DatabaseTransaction, DbErr>>,
    ) -> Result<Self, DbErr> {
        let transaction = within(patience.as_ref(), STATEMENT_LIMIT, began).await?;
        let mut tx = Self { transaction, patience, session: None, request_id, moved: Mutex::default() };
        if tx.patience.is_some() {
            let who = Statement::from_string(DbBackend::MySql, WHO_AM_I);
            tx.session = Session::find_by_statement(who).one(&tx).await?;
        }
        Ok(tx)
    }

    /// The request in which this is done; none for what the shop does by itself.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    /// Points have moved: they count in the numbers of the shop when this is committed.
    pub fn count_points(&self, kind: &'static str, points: i64) {
        self.moved.lock().unwrap_or_else(PoisonError::into_inner).push((kind, points));
    }

    pub(super) async fn commit(self) -> Result<(), DbErr> {
        let Self { transaction, patience, session, moved, .. } = self;
        let done = within(patience.as_ref(), STATEMENT_LIMIT, transaction.commit()).await;
        end_if_silent(patience.as_ref(), session.as_ref(), &done);
        if done.is_ok() {
            let moved = moved.into_inner().unwrap_or_else(PoisonError::into_inner);
            for (kind, points) in moved {
                metrics::points_moved(kind, points);
            }
        }
        done
    }

    pub(super) async fn rollback(self) -> Result<(), DbErr> {
        let Self { transaction, patience, session, .. } = self;
        let done = within(patience.as_ref(), ROLLBACK_LIMIT, transaction.rollback()).await;
        end_if_silent(patience.as_ref(), session.as_ref(), &done);
        done
    }
}

fn end_if_silent<T>(patience: Option<&Patience>, session: Option<&Session>, done: &Result<T, DbErr>) {
    if let (Some(patience), Some(session), Err(DbErr::Conn(RuntimeErr::Internal(said)))) =
        (patience, session, done)
        && said == SILENT
    {
        patience.end(session.clone());
    }
}

impl Reads {
    async fn within<T>(&self, answer: impl Future<Output = Result<T, DbErr>>) -> Result<T, DbErr> {
        let place = self.places.as_ref().map(|places| places.acquire());
        let _place = futures::future::OptionFuture::from(place).await;
        within(self.patience.as_ref(), self.limit, answer).await
    }
}

impl Tx {
    async fn within<T>(&self, answer: impl Future<Output = Result<T, DbErr>>) -> Result<T, DbErr> {
        let done = within(self.patience.as_ref(), STATEMENT_LIMIT, answer).await;
        end_if_silent(self.patience.as_ref(), self.session.as_ref(), &done);
        done
    }
}

/// Both pass everything on to what they hold, within the limit.
macro_rules! patient {
    ($kind:ty, $inner:ident) => {
        #[async_trait::async_trait]
        impl ConnectionTrait for $kind {
            fn get_database_backend(&self) -> DbBackend {
                self.$inner.get_database_backend()
            }

            async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
                self.within(self.$inner.execute_raw(statement)).await
            }

            async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
                self.within(self.$inner.execute_unprepared(sql)).await
            }

            async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
                self.within(self.$inner.query_one_raw(statement)).await
            }

            async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
                self.within(self.$inner.query_all_raw(statement)).await
            }
        }
    };
}

patient!(Reads, connection);
patient!(Tx, transaction);
