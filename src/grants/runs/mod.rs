//! Points for many people at once: a *run*, from a sheet, from people picked by a filter, or from one grant that is too
//! large for one pair of eyes.
//!
//! What somebody uploads is judged row by row (`check`) and kept as a draft (`propose`), which they look at before they
//! commit it (`commit`). A run above the amount of `SHOP_APPROVAL_ABOVE` then waits until another person of the desk has
//! looked, too (`approve`); all others begin at once. A job (`work`) gives the points in small pieces (`give`), each a
//! transaction that locks its rows, gives, and says so in the rows: a piece is done as a whole or not at all, and a row is
//! granted by whoever holds it. So any number of tasks may work at a run, and each may die at any moment. A row that
//! cannot be granted any more says why and holds up nobody.
//!
//! A run that was a mistake is taken back as a whole (`reverse`): grants that nobody has touched, by transfers that name
//! them; what was spent stays. Locks are taken in the order run → rows → people → accounts, each by ascending id.

pub mod approve;
pub mod check;
pub mod commit;
pub mod directory;
mod give;
pub mod list;
pub mod pick;
pub mod propose;
pub mod read;
pub mod reverse;
pub mod rows;
mod take_back;
pub mod work;

use chrono_tz::Tz;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, PaginatorTrait, QueryFilter, QuerySelect,
};
use serde_json::{Value, json};

use crate::audit::{self, Act};
use crate::entity::grant_runs;
use crate::error::{Error, Result};
use crate::platform::config::Config;
use crate::platform::db::Tx;
use crate::platform::dialect;
use crate::types::actor::Actor;
use crate::types::expiry::ExpiryPolicy;
use crate::types::grant_run::RunState;
use crate::types::id::{PersonId, RunId};
use crate::types::points::Points;
use crate::types::time::Timestamp;

/// The most rows of a run: twice the largest company we know.
pub const MOST_ROWS: usize = 20_000;

/// A run as it stands.
pub type Run = grant_runs::Model;

/// What the company has decided about runs.
#[derive(Clone, Copy, Debug)]
pub struct Terms {
    /// Runs of more points need a second pair of eyes; `None` never.
    pub approval_above: Option<Points>,
    pub expire: ExpiryPolicy,
    pub zone: Tz,
}

impl Terms {
    #[must_use]
    pub fn of(config: &Config) -> Self {
        Self { approval_above: config.approval_above, expire: config.points_expire, zone: config.time_zone }
    }

    /// Whether so many points need a second pair of eyes.
    #[must_use]
    pub fn asks_for_approval(&self, total: Points) -> bool {
        self.approval_above.is_some_and(|above| total > above)
    }
}

/// A run that must be there.
///
/// # Errors
/// [`Error::NotFound`] when it is not.
pub async fn find(db: &impl ConnectionTrait, id: RunId) -> Result<Run> {
    grant_runs::Entity::find_by_id(id).one(db).await?.ok_or(Error::NotFound)
}

/// How many runs wait for a second pair of eyes.
///
/// # Errors
/// When the database fails.
pub async fn waiting(db: &impl ConnectionTrait) -> Result<u64> {
    let waiting = grant_runs::Entity::find().filter(grant_runs::Column::State.eq(RunState::Waiting));
    Ok(waiting.count(db).await?)
}

/// A run, locked for this transaction.
async fn lock_run(tx: &Tx, id: RunId) -> Result<Run> {
    grant_runs::Entity::find_by_id(id).lock_exclusive().one(tx).await?.ok_or(Error::NotFound)
}

/// Whether a person gets points by a run.
async fn gives_to(db: &impl ConnectionTrait, id: RunId, person: PersonId) -> Result<bool> {
    #[derive(FromQueryResult)]
    struct Count {
        gifts: i64,
    }
    let sql =
        "SELECT COUNT(*) AS gifts FROM grant_run_rows WHERE run_id = ? AND person_id = ? AND state <> 'bad'";
    let found: Option<Count> = dialect::row(db, sql, [id.into(), person.into()]).await?;
    Ok(found.is_some_and(|found| found.gifts > 0))
}

/// Writes down what was done with a run: its state before and after, and what else `more` says.
async fn record(
    tx: &Tx,
    now: Timestamp,
    actor: Actor,
    action: &'static str,
    run: &Run,
    after: RunState,
    more: Value,
) -> Result<()> {
    let mut details = json!({
        "before": { "state": run.state.name() }, "after": { "state": after.name() },
        "rows": run.good_count, "total": run.total,
    });
    if let (Value::Object(all), Value::Object(more)) = (&mut details, more) {
        all.extend(more);
    }
    let act = Act { action, subject_kind: "grant-run", subject_id: run.id.to_string(), details };
    audit::record(tx, now, actor, act).await
}
