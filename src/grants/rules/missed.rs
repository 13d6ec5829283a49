//! What a rule has not given on its day, month by month, and HR's word that it shall be given after all.

use std::collections::BTreeMap;

use chrono_tz::Tz;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, Set};
use serde_json::json;

use super::calendar::month_of;
use super::upcoming::{self, Gift};
use super::{Rule, apply, overrides};
use crate::audit::{self, Act};
use crate::entity::grant_rule_rounds as rounds;
use crate::error::{Refusal, Result};
use crate::platform::db::Tx;
use crate::platform::dialect;
use crate::types::actor::Actor;
use crate::types::id::RuleId;
use crate::types::points::Points;
use crate::types::time::{Day, Timestamp};

/// What was missed longer ago is forgotten.
pub const DAYS_BACK: i64 = 400;

/// What was missed in one month.
#[derive(Clone, Debug)]
pub struct Missed {
    /// `2026-06`
    pub month: String,
    /// By day and name.
    pub gifts: Vec<Gift>,
    pub total: Points,
    /// Somebody has asked for all of it; the job is at it, or soon will be.
    pub is_asked: bool,
}

/// The months in which a rule has missed anything, the latest first.
///
/// # Errors
/// When the database fails.
pub async fn of_rule(
    db: &impl ConnectionTrait,
    now: Timestamp,
    zone: Tz,
    rule: &Rule,
) -> Result<Vec<Missed>> {
    let open = open_slots(db, now, zone, rule).await?;
    let (Some(from), Some(to)) =
        (open.values().map(|(on, _)| *on).min(), open.values().map(|(on, _)| *on).max())
    else {
        return Ok(vec![]);
    };
    let overrides = overrides::of_rule(db, rule.id).await?;
    let everybody = super::candidates(db, zone).await?;
    let when = rule.when();
    let mut due = apply::due(rule, &overrides, &everybody, from, to);
    due.retain(|(_, due)| open.contains_key(&when.slot(due.on)));
    let is_asked = |gift: &Gift| open.get(&when.slot(gift.on)).is_some_and(|(_, is_asked)| *is_asked);
    let mut months: BTreeMap<String, Vec<Gift>> = BTreeMap::new();
    for gift in upcoming::open(db, rule, &overrides, due).await? {
        months.entry(month_of(gift.on)).or_default().push(gift);
    }
    let missed = months.into_iter().rev().map(|(month, gifts)| Missed {
        is_asked: gifts.iter().all(is_asked),
        total: Points::sum(gifts.iter().map(|gift| gift.amount)).unwrap_or_default(),
        gifts,
        month,
    });
    Ok(missed.collect())
}

/// Wants what was missed in `month`; the job gives it. Asking twice changes nothing.
///
/// # Errors
/// [`Refusal::ChangedMeanwhile`] while the rule waits, which gives nothing until somebody has looked at it;
/// [`crate::error::Error::NotFound`] when there is no such rule.
pub async fn ask(
    tx: &Tx,
    now: Timestamp,
    actor: Actor,
    zone: Tz,
    rule_id: RuleId,
    month: &str,
) -> Result<()> {
    super::lock_version(tx, rule_id).await?;
    let rule = super::load(tx, rule_id).await?;
    if rule.is_waiting {
        return Err(Refusal::ChangedMeanwhile.into());
    }
    let open = open_slots(tx, now, zone, &rule).await?;
    let mut wanted = 0;
    for (slot, (due_on, _)) in open.into_iter().filter(|(_, (on, asked))| !asked && month_of(*on) == month) {
        let row = rounds::ActiveModel {
            rule_id: Set(rule_id),
            slot: Set(slot),
            due_on: Set(due_on),
            asked_at: Set(Some(now)),
            closed_at: Set(None),
        };
        match rounds::Entity::insert(row).exec_without_returning(tx).await {
            Ok(_) => wanted += 1,
            // The other click.
            Err(error) if dialect::is_duplicate(&error) => {}
            Err(error) => return Err(error.into()),
        }
    }
    if wanted == 0 {
        return Ok(());
    }
    let act = Act {
        action: "rule.catch-up",
        subject_kind: "rule",
        subject_id: rule_id.to_string(),
        details: json!({ "month": month, "rounds": wanted }),
    };
    audit::record(tx, now, actor, act).await
}

/// Days that are over and whose rounds are not closed: by slot the day, and whether somebody has asked for it.
async fn open_slots(
    db: &impl ConnectionTrait,
    now: Timestamp,
    zone: Tz,
    rule: &Rule,
) -> Result<BTreeMap<String, (Day, bool)>> {
    let from = now.plus_days(-DAYS_BACK).day_in(zone).max(rule.starts_on);
    let Some(yesterday) = now.day_in(zone).0.pred_opt().map(Day).filter(|yesterday| *yesterday >= from)
    else {
        return Ok(BTreeMap::new());
    };
    let slots = rule.when().slots(from, yesterday).into_iter();
    let mut open: BTreeMap<_, _> = slots.map(|(slot, on)| (slot, (on, false))).collect();
    let known = rounds::Entity::find()
        .filter(rounds::Column::RuleId.eq(rule.id))
        .filter(rounds::Column::DueOn.gte(from));
    for round in known.all(db).await? {
        if round.closed_at.is_some() {
            open.remove(&round.slot);
        } else if let Some((_, is_asked)) = open.get_mut(&round.slot) {
            *is_asked = true;
        }
    }
    Ok(open)
}
