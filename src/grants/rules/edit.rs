//! Making and changing rules. A change says which version it was made from; what was given stays given. What gives more than
//! one person may decide waits (`super::approval`), and waits again when its terms change.

use sea_orm::{EntityTrait, PaginatorTrait, Set};
use serde_json::{Value, json};

use super::{MOST_RULES, Rule, approval};
use crate::audit::{self, Act};
use crate::entity::grant_rules;
use crate::error::{Refusal, Result};
use crate::platform::db::Tx;
use crate::platform::dialect;
use crate::types::actor::Actor;
use crate::types::id::RuleId;
use crate::types::points::Points;
use crate::types::rule_kind::RuleKind;
use crate::types::time::{Day, Timestamp};

/// What a rule says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    /// 1 to 31, for monthly ones and no others.
    pub day_of_month: Option<i64>,
    pub amount: Points,
    pub note: String,
    /// How long its points are good; `None` as the company's policy says.
    pub lasts_months: Option<i64>,
    /// Nothing that was due before is given.
    pub starts_on: Day,
    pub is_active: bool,
}

/// Makes a rule under an id that was minted for it: the same form twice is one rule. One person alone may decide `above` so
/// many points.
///
/// # Errors
/// [`Refusal::TooManyRules`] beyond [`MOST_RULES`]; [`Refusal::FormReused`] when the id is that of another.
pub async fn create(
    tx: &Tx,
    now: Timestamp,
    actor: Actor,
    id: RuleId,
    kind: RuleKind,
    terms: Terms,
    above: Option<Points>,
) -> Result<()> {
    if grant_rules::Entity::find_by_id(id).one(tx).await?.is_some() {
        return is_the_same(tx, id, kind, &terms).await;
    }
    if grant_rules::Entity::find().count(tx).await? >= u64::from(MOST_RULES) {
        return Err(Refusal::TooManyRules { limit: i64::from(MOST_RULES) }.into());
    }
    let is_waiting = approval::is_needed(tx, above, terms.amount).await?;
    let details = json!({ "kind": kind.name(), "after": told(&terms, is_waiting) });
    let row = grant_rules::ActiveModel {
        id: Set(id),
        kind: Set(kind),
        day_of_month: Set(terms.day_of_month),
        amount: Set(terms.amount),
        note: Set(terms.note.clone()),
        lasts_months: Set(terms.lasts_months),
        starts_on: Set(terms.starts_on),
        is_active: Set(terms.is_active),
        version: Set(1),
        created_at: Set(now),
        is_waiting: Set(is_waiting),
        maker_id: Set(actor.person()),
        judge_id: Set(None),
    };
    match grant_rules::Entity::insert(row).exec_without_returning(tx).await {
        // The other click, at the same moment.
        Err(error) if dialect::is_duplicate(&error) => return is_the_same(tx, id, kind, &terms).await,
        made => made?,
    };
    record(tx, now, actor, "rule.create", id, details).await
}

/// Whether the rule that is there is the one that was asked for.
async fn is_the_same(tx: &Tx, id: RuleId, kind: RuleKind, terms: &Terms) -> Result<()> {
    let rule = super::load(tx, id).await?;
    if rule.kind == kind && of(rule) == *terms { Ok(()) } else { Err(Refusal::FormReused.into()) }
}

/// Changes a rule that somebody was shown as `version`. Saying what it says already changes nothing, of whichever version:
/// the second click finds what the first one has saved.
///
/// # Errors
/// [`Refusal::ChangedMeanwhile`] when it is another by now; [`crate::error::Error::NotFound`].
pub async fn update(
    tx: &Tx,
    now: Timestamp,
    actor: Actor,
    id: RuleId,
    version: i64,
    terms: Terms,
    above: Option<Points>,
) -> Result<()> {
    super::lock_version(tx, id).await?;
    let rule = super::load(tx, id).await?;
    let (was_waiting, maker, judge) = (rule.is_waiting, rule.maker_id, rule.judge_id);
    let before = of(rule);
    if before == terms {
        return Ok(());
    }
    let (is_waiting, maker, judge) = if terms.give_as(&before) {
        (was_waiting, maker, judge)
    } else {
        (approval::is_needed(tx, above, terms.amount).await?, actor.person(), None)
    };
    let changed = dialect::execute(
        tx,
        "UPDATE grant_rules SET day_of_month = ?, amount = ?, note = ?, lasts_months = ?, starts_on = ?, is_active = ?, \
         is_waiting = ?, maker_id = ?, judge_id = ?, version = version + 1 WHERE id = ? AND version = ?",
        [
            terms.day_of_month.into(),
            terms.amount.into(),
            terms.note.as_str().into(),
            terms.lasts_months.into(),
            terms.starts_on.into(),
            terms.is_active.into(),
            is_waiting.into(),
            maker.into(),
            judge.into(),
            id.into(),
            version.into(),
        ],
    )
    .await?;
    if changed != 1 {
        return Err(Refusal::ChangedMeanwhile.into());
    }
    let details = json!({ "before": told(&before, was_waiting), "after": told(&terms, is_waiting) });
    record(tx, now, actor, "rule.change", id, details).await
}

/// What a rule says now.
fn of(rule: Rule) -> Terms {
    Terms {
        day_of_month: rule.day_of_month,
        amount: rule.amount,
        note: rule.note,
        lasts_months: rule.lasts_months,
        starts_on: rule.starts_on,
        is_active: rule.is_active,
    }
}

impl Terms {
    /// Whether they give the same, to the same people, on the same days; words and a pause give nobody anything.
    fn give_as(&self, others: &Self) -> bool {
        let gift = |terms: &Self| (terms.day_of_month, terms.amount, terms.lasts_months, terms.starts_on);
        gift(self) == gift(others)
    }
}

/// What a rule says, and whether it waits by that until somebody else has looked at it.
fn told(terms: &Terms, is_waiting: bool) -> Value {
    json!({
        "day_of_month": terms.day_of_month, "amount": terms.amount, "note": terms.note,
        "lasts_months": terms.lasts_months, "starts_on": terms.starts_on, "is_active": terms.is_active,
        "is_waiting": is_waiting,
    })
}

pub(super) async fn record(
    tx: &Tx,
    now: Timestamp,
    actor: Actor,
    action: &'static str,
    id: RuleId,
    details: Value,
) -> Result<()> {
    let act = Act { action, subject_kind: "rule", subject_id: id.to_string(), details };
    audit::record(tx, now, actor, act).await
}
