//! What a rule will give next: to whom, how much, and how much in all.

use chrono_tz::Tz;
use sea_orm::ConnectionTrait;

use super::calendar::Due;
use super::{Candidate, Overrides, Rule, apply, overrides};
use crate::error::Result;
use crate::types::id::PersonId;
use crate::types::points::Points;
use crate::types::rule_kind::RuleKind;
use crate::types::time::{Day, Timestamp};

/// How far ahead rules are looked at that give on each person's own day.
pub const DAYS_AHEAD: u64 = 30;
/// Months ahead in which a monthly rule surely gives.
const MONTHS_AHEAD: u32 = 2;

/// Something one person will be given, or has missed.
#[derive(Clone, Debug)]
pub struct Gift {
    pub person_id: PersonId,
    pub name: String,
    pub employee_number: Option<String>,
    pub on: Day,
    pub amount: Points,
    /// Not the rule's own amount.
    pub is_exception: bool,
}

/// What comes next.
#[derive(Clone, Debug)]
pub struct Upcoming {
    pub from: Day,
    pub to: Day,
    /// By day and name.
    pub gifts: Vec<Gift>,
    pub total: Points,
}

/// The next run of a rule as if it were active: the next day of a monthly one, the next [`DAYS_AHEAD`] days of others.
///
/// # Errors
/// When the database fails.
pub async fn of_rule(db: &impl ConnectionTrait, now: Timestamp, zone: Tz, rule: &Rule) -> Result<Upcoming> {
    let overrides = overrides::of_rule(db, rule.id).await?;
    let everybody = super::candidates(db, zone).await?;
    let from = now.day_in(zone).max(rule.starts_on);
    if rule.kind != RuleKind::Monthly {
        let to = from.plus_days(DAYS_AHEAD);
        return between(db, rule, &overrides, &everybody, from, to).await;
    }
    let mut days = rule.when().slots(from, from.plus_months(MONTHS_AHEAD)).into_iter().map(|(_, on)| on);
    let first = days.next().unwrap_or(from);
    let next = between(db, rule, &overrides, &everybody, first, first).await?;
    match days.next() {
        // Today's is given already.
        Some(second) if next.gifts.is_empty() && first == now.day_in(zone) => {
            between(db, rule, &overrides, &everybody, second, second).await
        }
        _ => Ok(next),
    }
}

async fn between(
    db: &impl ConnectionTrait,
    rule: &Rule,
    overrides: &Overrides,
    everybody: &[Candidate],
    from: Day,
    to: Day,
) -> Result<Upcoming> {
    let gifts = open(db, rule, overrides, apply::due(rule, overrides, everybody, from, to)).await?;
    let total = Points::sum(gifts.iter().map(|gift| gift.amount)).unwrap_or_default();
    Ok(Upcoming { from, to, gifts, total })
}

/// What of all that is due has not been given, by day and name.
pub(super) async fn open(
    db: &impl ConnectionTrait,
    rule: &Rule,
    overrides: &Overrides,
    due: Vec<(&Candidate, Due)>,
) -> Result<Vec<Gift>> {
    let periods: std::collections::BTreeSet<_> = due.iter().map(|(_, due)| due.period.clone()).collect();
    let given = super::given(db, rule.id, periods).await?;
    let mut gifts: Vec<Gift> = due
        .into_iter()
        .filter(|(who, due)| !given.contains(&(due.period.clone(), who.id)))
        .map(|(who, due)| {
            let own = overrides.get(&who.id).copied().flatten();
            Gift {
                person_id: who.id,
                name: who.name.clone(),
                employee_number: who.employee_number.clone(),
                on: due.on,
                amount: own.unwrap_or(rule.amount),
                is_exception: own.is_some(),
            }
        })
        .collect();
    gifts.sort_by(|a, b| (a.on, &a.name, a.person_id).cmp(&(b.on, &b.name, b.person_id)));
    Ok(gifts)
}
