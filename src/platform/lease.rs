//! Leases: of any number of tasks one does a job at a time. Whoever dies holding one is waited for no longer than the
//! lease runs. A lease saves work and never guards the books: what a job does must be right when two do it at once.

use futures::FutureExt;
use sea_orm::{EntityTrait, Set};

use crate::entity::leases;
use crate::error::Result;
use crate::platform::db::{Db, Tx};
use crate::platform::dialect;
use crate::types::id::LeaseId;
use crate::types::time::Timestamp;

/// How long a lease runs that nobody gives back, in seconds: longer than a job usually takes.
const RUNS_S: i64 = 900;

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
    let done = work.await;
    let given_back = db.write("lease.give_back", move |tx| give_back(tx, now, name, holder).boxed()).await;
    if let Err(error) = given_back {
        tracing::warn!(lease = name, %error, "a lease could not be given back; it will run out");
    }
    done.map(Some)
}

async fn take(tx: &Tx, now: Timestamp, name: &'static str, holder: LeaseId) -> Result<bool> {
    let until = now.plus_seconds(RUNS_S);
    let taken = dialect::execute(
        tx,
        "UPDATE leases SET holder = ?, held_until = ? WHERE name = ? AND held_until <= ?",
        [holder.into(), until.into(), name.into(), now.into()],
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

async fn give_back(tx: &Tx, now: Timestamp, name: &'static str, holder: LeaseId) -> Result<()> {
    dialect::execute(
        tx,
        "UPDATE leases SET held_until = ? WHERE name = ? AND holder = ?",
        [now.into(), name.into(), holder.into()],
    )
    .await?;
    Ok(())
}
