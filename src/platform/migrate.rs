//! Bringing the schema up, one at a time, and knowing whether it is the one this program was written for.

use std::time::{Duration, Instant};

use migrations::{Migrator, MigratorTrait};
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, FromQueryResult};
use secrecy::ExposeSecret;

use crate::error::{Error, Result};
use crate::platform::config::DatabaseConfig;
use crate::platform::dialect::{self, Fault};

/// How long one migration waits for another to end, in seconds.
const LOCK_WAIT_S: u32 = 60;
/// The pause before a file is tried to be turned to write-ahead logging again.
const WAL_PAUSE: Duration = Duration::from_millis(20);

/// Runs the steps that have not run yet, under a lock, on one connection of its own.
///
/// # Errors
/// When the lock is not free in time, or a step fails; a failed run can be repeated.
pub async fn migrate(config: &DatabaseConfig) -> Result<()> {
    let url = config.url.expose_secret();
    let url = if url.starts_with("sqlite:") && !url.contains('?') {
        format!("{url}?mode=rwc")
    } else {
        url.to_owned()
    };
    let mut options = ConnectOptions::new(url);
    options.min_connections(1).max_connections(1).sqlx_logging(false);
    let db = Database::connect(options).await?;
    let done = locked(&db).await;
    db.close().await?;
    done
}

#[derive(FromQueryResult)]
struct Lock {
    taken: Option<i64>,
}

async fn locked(db: &DatabaseConnection) -> Result<()> {
    if db.get_database_backend() == DbBackend::Sqlite {
        // The other run holds the write lock of the file; wait for it as long as on MySQL.
        db.execute_unprepared(&format!("PRAGMA busy_timeout = {}", u64::from(LOCK_WAIT_S) * 1_000)).await?;
        write_ahead(db).await?;
        db.execute_unprepared("BEGIN IMMEDIATE").await?;
        let done = up(db).await;
        db.execute_unprepared(if done.is_ok() { "COMMIT" } else { "ROLLBACK" }).await?;
        return done;
    }
    let lock: Option<Lock> = dialect::row(
        db,
        "SELECT CAST(GET_LOCK('awsomeshop_migrate', ?) AS SIGNED) AS taken",
        [LOCK_WAIT_S.into()],
    )
    .await?;
    if lock.and_then(|l| l.taken) != Some(1) {
        return Err(Error::Internal(anyhow::anyhow!("another migration held the lock for {LOCK_WAIT_S} s")));
    }
    let done = up(db).await;
    db.execute_unprepared("DO RELEASE_LOCK('awsomeshop_migrate')").await?;
    done
}

/// A schema that a newer program has brought further is left as it is.
async fn up(db: &DatabaseConnection) -> Result<()> {
    if further(&done(db).await?)? > 0 {
        return check_schema(db).await;
    }
    Ok(Migrator::up(db, None).await?)
}

/// Two that turn a file to write-ahead logging at once do not wait for each other: SQLite says at once that it is locked.
async fn write_ahead(db: &DatabaseConnection) -> Result<()> {
    let began = Instant::now();
    loop {
        match db.execute_unprepared("PRAGMA journal_mode = WAL").await {
            Err(error)
                if dialect::fault(&error) == Fault::TryAgain
                    && began.elapsed() < Duration::from_secs(LOCK_WAIT_S.into()) =>
            {
                tokio::time::sleep(WAL_PAUSE).await;
            }
            turned => return Ok(turned.map(|_| ())?),
        }
    }
}

/// Whether this program can work on the schema: it has all the steps this program knows, and none further takes away what
/// this program needs.
///
/// # Errors
/// A sentence for the operator when steps are missing, or one has run that this program cannot work on.
pub async fn check_schema(db: &impl ConnectionTrait) -> Result<()> {
    let done = done(db).await?;
    let missing = migrations::names().filter(|known| !done.iter().any(|step| step == known)).count();
    if missing > 0 {
        return Err(Error::Internal(anyhow::anyhow!(
            "the schema lacks {missing} steps: run `awsomeshop migrate` first"
        )));
    }
    further(&done).map(|_| ())
}

/// How many steps a newer program has done, if all of them leave this one able to work.
fn further(done: &[String]) -> Result<usize> {
    let further: Vec<&String> =
        done.iter().filter(|step| !migrations::names().any(|known| known == *step)).collect();
    if let Some(step) = further.iter().find(|step| !migrations::works_after(step)) {
        return Err(Error::Internal(anyhow::anyhow!(
            "the schema is newer than this program, which cannot work after its step {step}"
        )));
    }
    if !further.is_empty() {
        tracing::warn!(
            steps = further.len(),
            "the schema is newer than this program, which can still work on it"
        );
    }
    Ok(further.len())
}

/// The steps that have run, also on a database that has none.
async fn done(db: &impl ConnectionTrait) -> Result<Vec<String>> {
    #[derive(FromQueryResult)]
    struct Done {
        version: String,
    }
    // This knows of a database without any, and fails where it does not know a step.
    if let Ok(known) = Migrator::get_applied_migrations_read_only(db).await {
        return Ok(known.iter().map(|step| step.name().to_owned()).collect());
    }
    let all: Vec<Done> = dialect::rows(db, "SELECT version FROM seaql_migrations", []).await?;
    Ok(all.into_iter().map(|step| step.version).collect())
}
