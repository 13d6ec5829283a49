//! Exceptions: what a rule gives to one person instead of its own amount, or that it never gives them anything.

use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, PaginatorTrait, QueryFilter, Set, Value,
};
use serde_json::json;

use super::Overrides;
use crate::audit::{self, Act};
use crate::entity::grant_rule_overrides as overrides;
use crate::error::{Error, Refusal, Result};
use crate::people;
use crate::platform::db::Tx;
use crate::platform::dialect;
use crate::types::id::{PersonId, RuleId};
use crate::types::paging::{Paged, Paging};
use crate::types::points::Points;
use crate::types::time::Timestamp;

/// An exception as a page shows it.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Exception {
    pub person_id: PersonId,
    pub name: String,
    pub employee_number: Option<String>,
    /// `None` is never anything.
    pub amount: Option<Points>,
}

/// What somebody gets instead of the rule's own amount; `None` is never anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Instead(pub Option<Points>);

/// One page of the exceptions of a rule, by name; the last one when there are not so many.
///
/// # Errors
/// When the database fails.
pub async fn page(db: &impl ConnectionTrait, rule_id: RuleId, paging: Paging) -> Result<Paged<Exception>> {
    let total = overrides::Entity::find().filter(overrides::Column::RuleId.eq(rule_id)).count(db).await?;
    let paging = paging.within(total);
    let number = |number: u64| Value::from(i64::try_from(number).unwrap_or(i64::MAX));
    let rows = dialect::rows(
        db,
        "SELECT o.person_id, p.name, p.employee_number, o.amount FROM grant_rule_overrides o \
         JOIN people p ON p.id = o.person_id WHERE o.rule_id = ? ORDER BY p.name, p.id LIMIT ? OFFSET ?",
        [rule_id.into(), number(paging.limit()), number(paging.offset())],
    );
    Ok(Paged { rows: rows.await?, total })
}

pub(super) async fn of_rule(db: &impl ConnectionTrait, rule_id: RuleId) -> Result<Overrides> {
    let rows = overrides::Entity::find().filter(overrides::Column::RuleId.eq(rule_id)).all(db).await?;
    Ok(rows.into_iter().map(|row| (row.person_id, row.amount)).collect())
}

/// What the exception of one person says, if there is one.
///
/// # Errors
/// When the database fails.
pub async fn of_person(
    db: &impl ConnectionTrait,
    rule_id: RuleId,
    person_id: PersonId,
) -> Result<Option<Instead>> {
    let row = overrides::Entity::find_by_id((rule_id, person_id)).one(db).await?;
    Ok(row.map(|row| Instead(row.amount)))
}

/// Makes or changes an exception; `None` is never anything. What is beyond what one person alone may decide is given as a
/// grant, where somebody else looks at it.
///
/// # Errors
/// [`Refusal::OwnOverride`] for one's own; [`Refusal::ExceptionTooMuch`] for more than `most`; [`Error::NotFound`] without such a rule or person.
pub async fn set(
    tx: &Tx,
    now: Timestamp,
    actor: PersonId,
    rule_id: RuleId,
    person_id: PersonId,
    amount: Option<Points>,
    most: Option<Points>,
) -> Result<()> {
    if let (Some(amount), Some(most)) = (amount, most)
        && amount > most
    {
        return Err(Refusal::ExceptionTooMuch { most }.into());
    }
    let before = begin(tx, actor, rule_id, person_id).await?;
    if before == Some(Instead(amount)) {
        return Ok(());
    }
    if before.is_some() {
        dialect::execute(
            tx,
            "UPDATE grant_rule_overrides SET amount = ?, at = ? WHERE rule_id = ? AND person_id = ?",
            [amount.into(), now.into(), rule_id.into(), person_id.into()],
        )
        .await?;
    } else {
        let row = overrides::ActiveModel {
            rule_id: Set(rule_id),
            person_id: Set(person_id),
            amount: Set(amount),
            at: Set(now),
        };
        overrides::Entity::insert(row).exec_without_returning(tx).await?;
    }
    record(tx, now, actor, (rule_id, person_id), before, Some(Instead(amount))).await
}

/// Takes an exception away, so that the rule gives its own amount again.
///
/// # Errors
/// As [`set`]; nothing happens when there is none.
pub async fn remove(
    tx: &Tx,
    now: Timestamp,
    actor: PersonId,
    rule_id: RuleId,
    person_id: PersonId,
) -> Result<()> {
    let before = begin(tx, actor, rule_id, person_id).await?;
    if before.is_none() {
        return Ok(());
    }
    let sql = "DELETE FROM grant_rule_overrides WHERE rule_id = ? AND person_id = ?";
    dialect::execute(tx, sql, [rule_id.into(), person_id.into()]).await?;
    record(tx, now, actor, (rule_id, person_id), before, None).await
}

/// Under the person's lock, so that two who change it at once come one after the other; what it says now.
async fn begin(
    tx: &Tx,
    actor: PersonId,
    rule_id: RuleId,
    person_id: PersonId,
) -> Result<Option<Instead>, Error> {
    if actor == person_id {
        return Err(Refusal::OwnOverride.into());
    }
    // In this order, as the job does.
    super::lock_version(tx, rule_id).await?;
    people::lock_person(tx, person_id).await?;
    of_person(tx, rule_id, person_id).await
}

async fn record(
    tx: &Tx,
    now: Timestamp,
    actor: PersonId,
    (rule_id, person_id): (RuleId, PersonId),
    before: Option<Instead>,
    after: Option<Instead>,
) -> Result<()> {
    let told = |exception: Option<Instead>| {
        exception.map(|Instead(amount)| amount.map_or_else(|| json!("never"), |amount| json!(amount)))
    };
    let act = Act {
        action: "rule.override",
        subject_kind: "rule",
        subject_id: rule_id.to_string(),
        details: json!({ "person": person_id, "before": told(before), "after": told(after) }),
    };
    audit::record(tx, now, crate::types::actor::Actor::Person(actor), act).await
}
