//! The second pair of eyes of rules. A rule gives again and again, so what counts is what everybody who is here is given
//! once, all together. Somebody else of the desk lets it begin: not whoever made its terms. That they get points by it
//! themselves does not matter, since it gives to everybody.

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::json;

use super::edit;
use crate::entity::{grant_rules, people};
use crate::error::{Refusal, Result};
use crate::platform::db::Tx;
use crate::platform::dialect;
use crate::types::actor::Actor;
use crate::types::id::{PersonId, RuleId};
use crate::types::points::Points;
use crate::types::time::Timestamp;

/// Whether a rule that gives each so much is more than one person may decide.
pub(super) async fn is_needed(
    db: &impl ConnectionTrait,
    above: Option<Points>,
    amount: Points,
) -> Result<bool> {
    let Some(above) = above else { return Ok(false) };
    let here = people::Entity::find().filter(people::Column::IsActive.eq(true)).count(db).await?;
    let total = i64::try_from(here).ok().and_then(|here| amount.times(here));
    Ok(amount > above || total.is_none_or(|total| total > above))
}

/// Lets a rule begin that waits. The same click twice is once.
///
/// # Errors
/// [`Refusal::OwnRule`] for whoever made it; [`Refusal::ChangedMeanwhile`] when it is another by now, or does not wait any
/// more; [`crate::error::Error::NotFound`].
pub async fn approve(tx: &Tx, now: Timestamp, judge: PersonId, id: RuleId, version: i64) -> Result<()> {
    let rule = super::load(tx, id).await?;
    if rule.maker_id == Some(judge) {
        return Err(Refusal::OwnRule.into());
    }
    if !rule.is_waiting && rule.judge_id == Some(judge) {
        return Ok(());
    }
    let sql = "UPDATE grant_rules SET is_waiting = FALSE, judge_id = ?, version = version + 1 \
               WHERE id = ? AND version = ? AND is_waiting";
    if dialect::execute(tx, sql, [judge.into(), id.into(), version.into()]).await? != 1 {
        return Err(Refusal::ChangedMeanwhile.into());
    }
    let details = json!({
        "amount": rule.amount, "before": { "is_waiting": true }, "after": { "is_waiting": false },
    });
    edit::record(tx, now, Actor::Person(judge), "rule.approve", id, details).await
}

/// How many rules wait.
///
/// # Errors
/// When the database fails.
pub async fn waiting(db: &impl ConnectionTrait) -> Result<u64> {
    Ok(grant_rules::Entity::find().filter(grant_rules::Column::IsWaiting.eq(true)).count(db).await?)
}
