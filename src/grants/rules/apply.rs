//! The job: each active rule that waits for nobody gives what is due today, and what HR has asked for of earlier days.
//!
//! Everybody is given theirs in a transaction of their own, so one who cannot be given holds up nobody. Running it twice,
//! in several tasks at once, or again after it was killed, gives nobody anything twice: the period is unique.

use std::collections::BTreeSet;

use chrono_tz::Tz;
use futures::FutureExt;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, Set};

use super::calendar::Due;
use super::overrides::{self, Instead};
use super::{Candidate, Overrides, Rule};
use crate::entity::grant_rule_rounds as rounds;
use crate::error::{Error, Refusal, Result};
use crate::grants::single::{self, Grant};
use crate::people;
use crate::platform::app::App;
use crate::platform::db::{Db, Tx};
use crate::platform::dialect;
use crate::types::expiry::ExpiryPolicy;
use crate::types::id::PersonId;
use crate::types::rule_kind::RuleKind;
use crate::types::time::{Day, Timestamp};

/// How the company counts days and keeps points.
#[derive(Clone, Copy, Debug)]
pub struct Customs {
    pub zone: Tz,
    pub policy: ExpiryPolicy,
}

/// A rule to be applied for one of its months or days.
#[derive(Clone, Debug)]
struct Round {
    rule: Rule,
    slot: String,
    due_on: Day,
    /// Of an earlier day, which HR wants.
    is_asked: bool,
}

impl Customs {
    /// As the shop was told.
    #[must_use]
    pub fn of(app: &App) -> Self {
        Self { zone: app.config.time_zone, policy: app.config.points_expire }
    }
}

/// Applies all rules; returns how many grants were made.
///
/// # Errors
/// The first failure; everybody else has been given theirs all the same.
pub async fn run(db: &Db, now: Timestamp, customs: Customs) -> Result<usize> {
    let today = now.day_in(customs.zone);
    let mut due = Vec::new();
    for rule in super::all(db.long_reads()).await?.into_iter().filter(|rule| !rule.is_waiting) {
        due.extend(asked_for(db, &rule, today).await?);
        if rule.is_active && rule.starts_on <= today {
            let slots = rule.when().slots(first_day(&rule, today), today).into_iter();
            let round = |(slot, due_on)| Round { rule: rule.clone(), slot, due_on, is_asked: false };
            due.extend(slots.map(round));
        }
    }
    if due.is_empty() {
        return Ok(0);
    }
    let everybody = super::candidates(db.long_reads(), customs.zone).await?;
    let (mut made, mut failed) = (0, None);
    for round in due {
        let (count, failure) = apply(db, now, customs, round, &everybody).await?;
        made += count;
        failed = failed.or(failure);
    }
    failed.map_or(Ok(made), Err)
}

/// The first day that a rule gives for by itself. A first sign-in may come after the last run of its day.
fn first_day(rule: &Rule, today: Day) -> Day {
    match rule.kind {
        RuleKind::Welcome => today.minus_days(1).max(rule.starts_on),
        RuleKind::Monthly | RuleKind::Anniversary | RuleKind::Birthday => today,
    }
}

/// Rounds of earlier days that HR wants, on the days that the rule says now: it may be another since they asked. What is before
/// its first day by now waits for a rule that gives it.
async fn asked_for(db: &Db, rule: &Rule, today: Day) -> Result<Vec<Round>> {
    let asked = rounds::Entity::find()
        .filter(rounds::Column::RuleId.eq(rule.id))
        .filter(rounds::Column::AskedAt.is_not_null())
        .filter(rounds::Column::ClosedAt.is_null())
        .order_by_asc(rounds::Column::Slot);
    let asked = asked.all(db.long_reads()).await?.into_iter();
    let due = asked.filter_map(|asked| {
        let day = rule.when().day_of(&asked.slot, asked.due_on)?;
        let is_due = rule.starts_on <= day && day < today;
        is_due.then(|| Round { rule: rule.clone(), slot: asked.slot, due_on: day, is_asked: true })
    });
    Ok(due.collect())
}

/// Gives everybody theirs, and closes the round when nobody is left; how many were given, and the first failure. A round of an
/// earlier day that took its time is looked at once more: somebody may be owed it since it began.
async fn apply(
    db: &Db,
    now: Timestamp,
    customs: Customs,
    round: Round,
    everybody: &[Candidate],
) -> Result<(usize, Option<Error>)> {
    let rule = &round.rule;
    let overrides = overrides::of_rule(db.long_reads(), rule.id).await?;
    let due = due(rule, &overrides, everybody, round.due_on, round.due_on);
    let periods: BTreeSet<_> = due.iter().map(|(_, due)| due.period.clone()).collect();
    let given = super::given(db.long_reads(), rule.id, periods).await?;
    let (mut made, mut failed) = (0, None);
    for (who, Due { period, .. }) in due {
        if given.contains(&(period.clone(), who.id)) {
            continue;
        }
        let (rule, person_id) = (rule.clone(), who.id);
        let rule_id = rule.id;
        let write = db.write("rules.give", move |tx| {
            give(tx, now, customs, rule.clone(), person_id, period.clone()).boxed()
        });
        match write.await {
            Ok(Outcome::Given) => made += 1,
            Ok(Outcome::Nothing) => {}
            // By terms that do not hold any more; the next run takes the round up by those that do.
            Ok(Outcome::Changed) => return Ok((made, failed)),
            Err(error) => {
                tracing::error!(rule = %rule_id, person = %person_id, %error, "a rule could not give to somebody");
                failed = failed.or(Some(error));
            }
        }
    }
    let may_come_yet = rule.kind == RuleKind::Welcome && round.due_on == now.day_in(customs.zone);
    let may_have_come = round.is_asked && made > 0;
    if failed.is_none() && !may_come_yet && !may_have_come {
        close(db, now, round).await?;
    }
    Ok((made, failed))
}

/// What a rule owes from one day to another, whether it was given or not, but for those who never get any.
pub(super) fn due<'p>(
    rule: &Rule,
    overrides: &Overrides,
    everybody: &'p [Candidate],
    from: Day,
    to: Day,
) -> Vec<(&'p Candidate, Due)> {
    let when = rule.when();
    let wanted = everybody.iter().filter(|who| overrides.get(&who.id) != Some(&None));
    wanted.flat_map(|who| when.dues(&who.facts, from, to).into_iter().map(move |due| (who, due))).collect()
}

/// What came of one person.
enum Outcome {
    Given,
    /// They have it already, or shall not have it any more.
    Nothing,
    /// The rule is another since the job began.
    Changed,
}

/// Gives one person theirs, by the rule as it stands: nobody changes it until this is done.
async fn give(
    tx: &Tx,
    now: Timestamp,
    customs: Customs,
    rule: Rule,
    person_id: PersonId,
    period: String,
) -> Result<Outcome> {
    if super::lock_version(tx, rule.id).await? != rule.version {
        return Ok(Outcome::Changed);
    }
    // Whoever makes an exception holds the person, too.
    people::lock_person(tx, person_id).await?;
    let amount = match overrides::of_person(tx, rule.id, person_id).await? {
        Some(Instead(None)) => return Ok(Outcome::Nothing),
        Some(Instead(Some(amount))) => amount,
        None => rule.amount,
    };
    let ends = rule.ends(customs.policy, customs.zone);
    let grant = Grant { person_id, amount, reason: rule.kind.name(), note: rule.note, ends };
    match single::give_by_rule(tx, now, grant, rule.id, period).await {
        Ok(Some(_)) => Ok(Outcome::Given),
        // Theirs already, or gone since the job began.
        Ok(None) | Err(Error::Refused(Refusal::ReceiverInactive)) => Ok(Outcome::Nothing),
        // Another task at the same moment, where the account's lock did not hold it.
        Err(Error::Database(error)) if dialect::is_duplicate(&error) => Err(Refusal::ChangedMeanwhile.into()),
        Err(error) => Err(error),
    }
}

async fn close(db: &Db, now: Timestamp, round: Round) -> Result<()> {
    let key = (round.rule.id, round.slot.clone());
    let known = rounds::Entity::find_by_id(key).one(db.long_reads()).await?;
    if known.is_some_and(|known| known.closed_at.is_some()) {
        return Ok(());
    }
    db.write("rules.close", move |tx| write_closed(tx, now, round.clone()).boxed()).await
}

/// Closing twice changes nothing, and neither does closing by terms that do not hold any more.
async fn write_closed(tx: &Tx, now: Timestamp, round: Round) -> Result<()> {
    if super::lock_version(tx, round.rule.id).await? != round.rule.version {
        return Ok(());
    }
    let (rule_id, slot) = (round.rule.id, round.slot);
    let closed = dialect::execute(
        tx,
        "UPDATE grant_rule_rounds SET closed_at = ? WHERE rule_id = ? AND slot = ? AND closed_at IS NULL",
        [now.into(), rule_id.into(), slot.as_str().into()],
    )
    .await?;
    if closed == 1 {
        return Ok(());
    }
    let row = rounds::ActiveModel {
        rule_id: Set(rule_id),
        slot: Set(slot),
        due_on: Set(round.due_on),
        asked_at: Set(None),
        closed_at: Set(Some(now)),
    };
    match rounds::Entity::insert(row).exec_without_returning(tx).await {
        Err(error) if !dialect::is_duplicate(&error) => Err(error.into()),
        _ => Ok(()),
    }
}
