//! Leases: of any number of tasks one does a job at a time, and renews its lease while it is at it. Whoever dies holding
//! one is waited for no longer than that. A lease saves work and never guards the books: what a job does must be right
//! when two do it at once.

use std::pin::pin;
use std::time::Duration;

use futures::FutureExt;
use futures::future::{Either, select};
use sea_orm::{EntityTrait, Set};

use crate::entity::leases;
use crate::error::Result;
use crate::platform::db::{Db, Tx};
use crate::platform::dialect;
use crate::types::id::LeaseId;
use crate::types::time::Timestamp;

/// How long a lease runs that nobody renews or gives back, in seconds.
const RUNS_S: i64 = 30;
/// Held for longer than this, in seconds, it is by a clock that is wrong.
const AHEAD_S: i64 = 10 * RUNS_S;
/// How often it is renewed while the work goes on, in seconds.
const RENEWED_EVERY_S: u32 = 10;

/// Does `work` if nobody else is at it, and tells whether it was done.
///
/// # Errors
/// What `work` returned; or when the database fails.
pub async fn alone<T>(
    db: &Db,
    now: Timestamp,
    name: &'static str,
    work: impl Future<Output = Result<T>>,
) -> Result<Option<T>> {
    let holder = LeaseId::new();
    if !db.write("lease.take", move |tx| take(tx, now, name, holder).boxed()).await? {
        tracing::debug!(lease = name, "another task is at this job");
        return Ok(None);
    }
    let mut work = pin!(work);
    let mut at = now;
    let done = loop {
        let pause = pin!(tokio::time::sleep(Duration::from_secs(RENEWED_EVERY_S.into())));
        match select(work, pause).await {
            Either::Left((done, _)) => break done,
            Either::Right(((), still)) => work = still,
        }
        at = at.plus_seconds(RENEWED_EVERY_S.into());
        let until = at.plus_seconds(RUNS_S);
        let renewed = db.write("lease.renew", move |tx| hold_until(tx, until, name, holder).boxed()).await;
        if let Err(error) = renewed {
            tracing::warn!(lease = name, %error, "a lease could not be renewed; another task may begin the same job");
        }
    };
    // At a time that is over by everybody's clock.
    let over = Timestamp::from_micros(0);
    let given_back = db.write("lease.give_back", move |tx| hold_until(tx, over, name, holder).boxed()).await;
    if let Err(error) = given_back {
        tracing::warn!(lease = name, %error, "a lease could not be given back; it will run out");
    }
    done.map(Some)
}

async fn take(tx: &Tx, now: Timestamp, name: &'static str, holder: LeaseId) -> Result<bool> {
    let until = now.plus_seconds(RUNS_S);
    let taken = dialect::execute(
        tx,
        "UPDATE leases SET holder = ?, held_until = ? WHERE name = ? AND (held_until <= ? OR held_until > ?)",
        [holder.into(), until.into(), name.into(), now.into(), now.plus_seconds(AHEAD_S).into()],
    )
    .await?;
    if taken == 1 {
        return Ok(true);
    }
    let row = leases::ActiveModel { name: Set(name.to_owned()), holder: Set(holder), held_until: Set(until) };
    match leases::Entity::insert(row).exec_without_returning(tx).await {
        Ok(_) => Ok(true),
        Err(error) if dialect::is_duplicate(&error) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

async fn hold_until(tx: &Tx, until: Timestamp, name: &'static str, holder: LeaseId) -> Result<()> {
    dialect::execute(
        tx,
        "UPDATE leases SET held_until = ? WHERE name = ? AND holder = ?",
        [until.into(), name.into(), holder.into()],
    )
    .await?;
    Ok(())
}
