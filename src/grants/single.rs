//! One grant to one person: what every way of giving ends in.

use chrono_tz::Tz;
use sea_orm::{ColumnTrait, EntityTrait, FromQueryResult, PaginatorTrait, QueryFilter, Set};
use serde_json::json;

use super::runs::propose;
use super::tell::{self, Gift};
use crate::audit::{self, Act};
use crate::entity::grants;
use crate::error::{Error, FieldErrors, FieldProblem, Refusal, Result};
use crate::ledger::accounts;
use crate::ledger::credit::{self, Credit};
use crate::people;
use crate::platform::db::Tx;
use crate::platform::dialect;
use crate::types::actor::Actor;
use crate::types::expiry::ExpiryPolicy;
use crate::types::form_key::FormKey;
use crate::types::id::{GrantId, PersonId, RuleId};
use crate::types::points::Points;
use crate::types::time::Timestamp;

/// The most that one grant can give: more is a slip of the hand.
pub const MOST_GRANTED: i64 = 1_000_000;
/// Characters of a note.
pub const LONGEST_NOTE: usize = 500;

/// What is given, to whom and why.
#[derive(Clone, Debug)]
pub struct Grant {
    pub person_id: PersonId,
    pub amount: Points,
    /// A code: `monthly`, `anniversary`, `thank-you`, …
    pub reason: &'static str,
    /// What the person reads beside it.
    pub note: String,
    pub ends: Ends,
}

/// Until when granted points are good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ends {
    /// As the company has decided for all.
    ByPolicy { policy: ExpiryPolicy, zone: Tz },
    /// As this grant says; `None` never.
    At(Option<Timestamp>),
}

impl Ends {
    /// When points lapse that are given now.
    #[must_use]
    pub fn of(self, now: Timestamp) -> Option<Timestamp> {
        match self {
            Self::ByPolicy { policy, zone } => policy.ends(now, zone),
            Self::At(end) => end,
        }
    }
}

/// What a grant comes from, where that can come again: it gives once.
#[derive(Clone, Debug, Default)]
pub enum Cause {
    #[default]
    None,
    /// A form that somebody was shown.
    Form(FormKey),
    /// A rule, for one of its periods.
    Rule { rule_id: RuleId, period: String },
}

/// What became of a form that was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Given {
    Now(GrantId),
    /// The same form had been sent already.
    Before(GrantId),
}

/// A grant that was made.
struct Made {
    id: GrantId,
    expires_at: Option<Timestamp>,
}

/// Gives points.
///
/// # Errors
/// [`Refusal::GrantToSelf`] when giver and receiver are one person; [`Refusal::ReceiverInactive`] when the receiver has
/// left; [`Refusal::BalanceFull`] when they would have more than anybody may.
pub async fn give(tx: &Tx, now: Timestamp, actor: Actor, grant: Grant) -> Result<GrantId> {
    refuse_self_and_leavers(tx, actor, grant.person_id).await?;
    Ok(give_for(tx, now, actor, grant, Cause::None).await?.id)
}

/// Gives points as a form says, and tells the person. The same form sent again gives nothing.
///
/// # Errors
/// As [`give`]; [`Refusal::FormReused`] when the key stands for another grant.
pub async fn give_once(tx: &Tx, now: Timestamp, actor: Actor, key: FormKey, grant: Grant) -> Result<Given> {
    #[derive(FromQueryResult)]
    struct Before {
        id: GrantId,
        person_id: PersonId,
        amount: Points,
        reason: String,
        note: String,
        at: Timestamp,
        expires_at: Option<Timestamp>,
    }
    refuse_self_and_leavers(tx, actor, grant.person_id).await?;
    // Under the person's lock: of two clicks the second finds what the first one made.
    let before: Option<Before> = dialect::row(
        tx,
        "SELECT g.id, g.person_id, g.amount, g.reason, g.note, g.at, l.expires_at FROM grants g \
         JOIN accounts a ON a.person_id = g.person_id \
         JOIN lots l ON l.account_id = a.id AND l.transfer_id = g.transfer_id WHERE g.form_key = ?",
        [key.into()],
    )
    .await?;
    if let Some(before) = before {
        // The policy is asked about the moment of the first click: the second may come after midnight. An end that is over
        // may have been brought forward, for somebody who had left and is back, and tells nothing any more.
        let ends_alike =
            before.expires_at == grant.ends.of(before.at) || before.expires_at.is_some_and(|end| end <= now);
        let is_same = before.person_id == grant.person_id
            && before.amount == grant.amount
            && before.reason == grant.reason
            && before.note == grant.note
            && ends_alike;
        return if is_same { Ok(Given::Before(before.id)) } else { Err(Refusal::FormReused.into()) };
    }
    if propose::is_proposed(tx, key).await? {
        return Err(Refusal::FormReused.into());
    }
    let (person_id, amount, note) = (grant.person_id, grant.amount, grant.note.clone());
    let made = give_for(tx, now, actor, grant, Cause::Form(key)).await.map_err(|error| match error {
        Error::Database(error) if dialect::is_duplicate(&error) => Refusal::FormReused.into(),
        error => error,
    })?;
    let Made { id, expires_at } = made;
    tell::of_grant(tx, now, person_id, Gift { amount, note: &note, expires_at }).await?;
    Ok(Given::Now(id))
}

/// Whether the form gave already.
///
/// # Errors
/// When the database fails.
pub async fn is_given(tx: &Tx, key: FormKey) -> Result<bool> {
    let sent = grants::Entity::find().filter(grants::Column::FormKey.eq(key));
    Ok(sent.count(tx).await? > 0)
}

/// Gives points as a rule says for one of its periods, and tells the person; `None` when they have them already.
///
/// # Errors
/// As [`give`].
pub(super) async fn give_by_rule(
    tx: &Tx,
    now: Timestamp,
    grant: Grant,
    rule_id: RuleId,
    period: String,
) -> Result<Option<GrantId>> {
    #[derive(FromQueryResult)]
    struct Before {
        given: i64,
    }
    refuse_self_and_leavers(tx, Actor::Shop, grant.person_id).await?;
    let before: Option<Before> = dialect::row(
        tx,
        "SELECT COUNT(*) AS given FROM grants WHERE rule = ? AND period = ? AND person_id = ?",
        [rule_id.to_string().into(), period.as_str().into(), grant.person_id.into()],
    )
    .await?;
    if before.is_some_and(|before| before.given > 0) {
        return Ok(None);
    }
    let (person_id, amount, note) = (grant.person_id, grant.amount, grant.note.clone());
    let Made { id, expires_at } =
        give_for(tx, now, Actor::Shop, grant, Cause::Rule { rule_id, period }).await?;
    tell::of_grant(tx, now, person_id, Gift { amount, note: &note, expires_at }).await?;
    Ok(Some(id))
}

/// Locks the receiver's row: from here on nobody deactivates them, and no other form gives to them.
async fn refuse_self_and_leavers(tx: &Tx, actor: Actor, person_id: PersonId) -> Result<()> {
    if actor.person() == Some(person_id) {
        return Err(Refusal::GrantToSelf.into());
    }
    if people::lock_person(tx, person_id).await?.is_active {
        Ok(())
    } else {
        Err(Refusal::ReceiverInactive.into())
    }
}

async fn give_for(tx: &Tx, now: Timestamp, actor: Actor, grant: Grant, cause: Cause) -> Result<Made> {
    let expires_at = grant.ends.of(now);
    // The day that was chosen may have passed since the form was looked at.
    if expires_at.is_some_and(|end| end <= now) {
        let mut errors = FieldErrors::default();
        errors.add("ends_on", FieldProblem::NotAhead);
        errors.check()?;
    }
    let mut account = accounts::lock_or_open(tx, now, grant.person_id).await?;
    let balance_before = account.balance;
    let credit = Credit { amount: grant.amount, expires_at, actor, reason: grant.note.clone() };
    let transfer_id = credit::credit(tx, now, &mut account, credit).await?;
    let id = GrantId::new();
    let (form_key, rule, period) = match cause {
        Cause::None => (None, None, None),
        Cause::Form(key) => (Some(key), None, None),
        Cause::Rule { rule_id, period } => (None, Some(rule_id.to_string()), Some(period)),
    };
    let row = grants::ActiveModel {
        id: Set(id),
        person_id: Set(grant.person_id),
        transfer_id: Set(transfer_id),
        amount: Set(grant.amount),
        reason: Set(grant.reason.to_owned()),
        note: Set(grant.note.clone()),
        rule: Set(rule.clone()),
        period: Set(period.clone()),
        actor_id: Set(actor.person()),
        at: Set(now),
        form_key: Set(form_key),
        ..Default::default()
    };
    grants::Entity::insert(row).exec_without_returning(tx).await?;
    let act = Act {
        action: "points.grant",
        subject_kind: "grant",
        subject_id: id.to_string(),
        details: json!({
            "person": grant.person_id, "amount": grant.amount, "reason": grant.reason, "note": grant.note,
            "rule": rule, "period": period, "expires_at": expires_at,
            "before": { "balance": balance_before }, "after": { "balance": account.balance },
        }),
    };
    audit::record(tx, now, actor, act).await?;
    Ok(Made { id, expires_at })
}
