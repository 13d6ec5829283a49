//! Rules: what the shop gives by itself.
//!
//! A rule says when (`calendar`, pure), how much, and why; one person may be given another amount, or never anything
//! (`overrides`). The job applies each active rule on its own day (`apply`): a **period** is what one person is given once
//! for, a month or a year, and unique among grants, so that any number of tasks may run the job at any time. A **round**
//! is a rule applied for one month or day, and is closed when everybody has got theirs. What was due on a day that is over
//! and whose round is not closed (the shop was down, the rule was paused, somebody's account could not take it) was
//! missed; it is given only when HR asks for it (`missed`).
//!
//! What gives everybody together more than `SHOP_APPROVAL_ABOVE` waits until another person of the desk has looked at it
//! (`approval`), and gives nothing meanwhile.
//!
//! Left out are people who are inactive when it is given, and who came after the day: who was not hired yet, or not yet
//! entered in the shop.

pub mod apply;
pub mod approval;
pub mod calendar;
pub mod edit;
pub mod missed;
pub mod overrides;
pub mod upcoming;

use std::collections::{BTreeMap, HashSet};

use chrono_tz::Tz;
use sea_orm::{ConnectionTrait, EntityTrait, FromQueryResult, QueryOrder, QuerySelect, Value};

use crate::entity::grant_rules;
use crate::error::{Error, Result};
use crate::grants::single::Ends;
use crate::platform::db::Tx;
use crate::platform::dialect;
use crate::types::expiry::ExpiryPolicy;
use crate::types::id::{PersonId, RuleId};
use crate::types::points::Points;
use crate::types::rule_kind::RuleKind;
use crate::types::time::{Day, Timestamp};
use calendar::{Facts, When};

/// Rules there may be.
pub const MOST_RULES: u32 = 50;
/// People read at once.
const BATCH: i64 = 2_000;
/// Batches of people; the shop is for companies of far fewer.
const MOST_BATCHES: usize = 200;
/// All of them.
const MOST_PEOPLE: i64 = 400_000;

/// A rule as it stands.
pub type Rule = grant_rules::Model;

impl Rule {
    /// When it gives.
    #[must_use]
    pub fn when(&self) -> When {
        When::new(self.kind, self.day_of_month)
    }

    /// Until when its points are good.
    #[must_use]
    pub fn ends(&self, policy: ExpiryPolicy, zone: Tz) -> Ends {
        let own = self.lasts_months.and_then(|months| u32::try_from(months).ok()).map(ExpiryPolicy::Months);
        Ends::ByPolicy { policy: own.unwrap_or(policy), zone }
    }
}

/// Somebody a rule may concern.
#[derive(Clone, Debug)]
pub struct Candidate {
    pub id: PersonId,
    pub name: String,
    pub employee_number: Option<String>,
    pub facts: Facts,
}

/// What a rule gives to some people instead of its own amount; `None` is never anything.
pub type Overrides = BTreeMap<PersonId, Option<Points>>;

/// All rules, the oldest first.
///
/// # Errors
/// When the database fails.
pub async fn all(db: &impl ConnectionTrait) -> Result<Vec<Rule>> {
    let rules =
        grant_rules::Entity::find().order_by_asc(grant_rules::Column::Id).limit(u64::from(MOST_RULES));
    Ok(rules.all(db).await?)
}

/// A rule that must be there.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn load(db: &impl ConnectionTrait, id: RuleId) -> Result<Rule> {
    grant_rules::Entity::find_by_id(id).one(db).await?.ok_or(Error::NotFound)
}

/// Locks a rule, so that it stays as it is until the transaction ends; its version.
async fn lock_version(tx: &Tx, id: RuleId) -> Result<i64> {
    #[derive(FromQueryResult)]
    struct Locked {
        version: i64,
    }
    let sql = "SELECT version FROM grant_rules WHERE id = ?";
    let locked: Option<Locked> = dialect::locked_row(tx, sql, [id.into()]).await?;
    locked.map(|rule| rule.version).ok_or(Error::NotFound)
}

/// A candidate as the database has them.
#[derive(FromQueryResult)]
struct Row {
    id: PersonId,
    name: String,
    employee_number: Option<String>,
    hired_on: Option<Day>,
    birthday: Option<Day>,
    created_at: Timestamp,
    first_signed_in_at: Option<Timestamp>,
}

impl Row {
    fn candidate(self, zone: Tz) -> Candidate {
        let entered_on = self.created_at.day_in(zone);
        Candidate {
            id: self.id,
            name: self.name,
            employee_number: self.employee_number,
            facts: Facts {
                here_since: self.hired_on.map_or(entered_on, |hired_on| hired_on.max(entered_on)),
                hired_on: self.hired_on,
                birthday: self.birthday,
                first_signed_in_on: self.first_signed_in_at.map(|at| at.day_in(zone)),
            },
        }
    }
}

/// Everybody who is active now, with the days that rules go by.
async fn candidates(db: &impl ConnectionTrait, zone: Tz) -> Result<Vec<Candidate>> {
    let mut found = Vec::new();
    let mut last = PersonId(uuid::Uuid::nil());
    for _ in 0..MOST_BATCHES {
        let rows: Vec<Row> = dialect::rows(
            db,
            "SELECT id, name, employee_number, hired_on, birthday, created_at, first_signed_in_at FROM people \
             WHERE is_active AND id > ? ORDER BY id LIMIT ?",
            [last.into(), BATCH.into()],
        )
        .await?;
        let Some(furthest) = rows.last() else { break };
        last = furthest.id;
        found.extend(rows.into_iter().map(|row| row.candidate(zone)));
    }
    Ok(found)
}

/// Those of them, and few others, to whom something is due from one day to another because of a day of their own; the two
/// are less than a year apart.
async fn candidates_within(
    db: &impl ConnectionTrait,
    zone: Tz,
    rule: &Rule,
    from: Day,
    to: Day,
) -> Result<Vec<Candidate>> {
    if rule.kind == RuleKind::Monthly {
        return candidates(db, zone).await;
    }
    if rule.kind == RuleKind::Welcome {
        let rows: Vec<Row> = dialect::rows(
            db,
            "SELECT id, name, employee_number, hired_on, birthday, created_at, first_signed_in_at FROM people \
             WHERE is_active AND (first_signed_in_at >= ? OR (first_signed_in_at IS NOT NULL AND hired_on >= ?)) \
             ORDER BY id LIMIT ?",
            [from.start_in(zone).into(), from.into(), MOST_PEOPLE.into()],
        )
        .await?;
        return Ok(rows.into_iter().map(|row| row.candidate(zone)).collect());
    }
    // A day more on both sides, because the 29th of February becomes the 28th.
    let [first, last] = [from.minus_days(1), to.plus_days(1)].map(|day| day.0.format("%m-%d").to_string());
    let mut values: Vec<Value> = vec![rule.kind.name().into()];
    values.extend([&first, &last, &first, &last, &first, &last].map(|day| Value::from(day.as_str())));
    values.push(MOST_PEOPLE.into());
    let rows: Vec<Row> = dialect::rows(
        db,
        "SELECT id, name, employee_number, hired_on, birthday, created_at, first_signed_in_at FROM ( \
           SELECT p.*, CASE ? WHEN 'birthday' THEN SUBSTR(p.birthday, 6, 5) ELSE SUBSTR(p.hired_on, 6, 5) END AS day_of_year \
           FROM people p WHERE p.is_active) some \
         WHERE day_of_year BETWEEN ? AND ? OR (? > ? AND (day_of_year >= ? OR day_of_year <= ?)) ORDER BY id LIMIT ?",
        values,
    )
    .await?;
    Ok(rows.into_iter().map(|row| row.candidate(zone)).collect())
}

/// Who has been given what a rule gives for each of these periods.
async fn given(
    db: &impl ConnectionTrait,
    id: RuleId,
    periods: impl IntoIterator<Item = String>,
) -> Result<HashSet<(String, PersonId)>> {
    #[derive(FromQueryResult)]
    struct Row {
        person_id: PersonId,
    }
    let mut given = HashSet::new();
    for period in periods {
        let sql = "SELECT person_id FROM grants WHERE rule = ? AND period = ?";
        let rows: Vec<Row> = dialect::rows(db, sql, [id.to_string().into(), period.as_str().into()]).await?;
        given.extend(rows.into_iter().map(|row| (period.clone(), row.person_id)));
    }
    Ok(given)
}
