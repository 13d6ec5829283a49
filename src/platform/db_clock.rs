//! The time is the database's, which all tasks share: points end, sessions are over and letters are due at one and the same
//! moment, whatever the clock of a machine says.

use std::time::{Duration, Instant};

use sea_orm::{ConnectionTrait, DbBackend, FromQueryResult};

use crate::error::Result;
use crate::platform::db::Db;
use crate::platform::dialect;
use crate::types::time::{Clock, Timestamp};

/// How often a task looks what time it is there.
pub const EVERY: Duration = Duration::from_mins(1);

#[derive(FromQueryResult)]
struct Present {
    at: Timestamp,
}

/// Looks what time it is in the database, and goes by that from now on. An SQLite file has no time of its own.
///
/// # Errors
/// When the database fails; the clock goes on as before.
pub async fn follow(db: &Db, clock: &Clock) -> Result<()> {
    let reads = db.probe();
    if matches!(clock, Clock::Fixed(_)) || reads.get_database_backend() == DbBackend::Sqlite {
        return Ok(());
    }
    let began = Instant::now();
    let present: Option<Present> = dialect::row(reads, "SELECT UTC_TIMESTAMP(6) AS at", []).await?;
    let differs = present.and_then(|present| clock.follow(present.at, began.elapsed()));
    if let Some(by) = differs {
        let ahead_s = by.num_seconds();
        tracing::warn!(ahead_s, "the database's clock is followed, which differs from this machine's");
    }
    Ok(())
}
