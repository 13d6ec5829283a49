//! One deduction: points taken from one person, never more than there are.

use sea_orm::{EntityTrait, FromQueryResult, Set};
use serde_json::json;

use super::tell;
use crate::audit::{self, Act};
use crate::entity::deductions;
use crate::error::{Error, Refusal, Result};
use crate::ledger::{accounts, deduct as books};
use crate::people;
use crate::platform::db::Tx;
use crate::platform::dialect;
use crate::types::actor::Actor;
use crate::types::form_key::FormKey;
use crate::types::id::{DeductionId, PersonId};
use crate::types::points::Points;
use crate::types::time::Timestamp;

/// What is taken, from whom and why.
#[derive(Clone, Debug)]
pub struct Deduction {
    pub person_id: PersonId,
    pub amount: Points,
    /// One of [`super::reasons::OF_DEDUCTIONS`].
    pub reason: &'static str,
    /// What the person reads beside it.
    pub note: String,
}

/// Takes points as a form says, what expires first first, and tells the person. The same form sent again takes nothing.
///
/// # Errors
/// [`Refusal::NotEnoughPoints`] when there are fewer; [`Refusal::FormReused`] when the key stands for another deduction.
pub async fn take_once(
    tx: &Tx,
    now: Timestamp,
    taker: PersonId,
    key: FormKey,
    deduction: Deduction,
) -> Result<DeductionId> {
    #[derive(FromQueryResult)]
    struct Before {
        id: DeductionId,
        person_id: PersonId,
        amount: Points,
        reason: String,
        note: String,
    }
    // Under the person's lock: of two clicks the second finds what the first one made.
    people::lock_person(tx, deduction.person_id).await?;
    let sql = "SELECT id, person_id, amount, reason, note FROM deductions WHERE form_key = ?";
    let before: Option<Before> = dialect::row(tx, sql, [key.into()]).await?;
    if let Some(before) = before {
        let is_same = before.person_id == deduction.person_id
            && before.amount == deduction.amount
            && before.reason == deduction.reason
            && before.note == deduction.note;
        return if is_same { Ok(before.id) } else { Err(Refusal::FormReused.into()) };
    }
    take(tx, now, taker, key, deduction).await.map_err(|error| match error {
        Error::Database(error) if dialect::is_duplicate(&error) => Refusal::FormReused.into(),
        error => error,
    })
}

async fn take(
    tx: &Tx,
    now: Timestamp,
    taker: PersonId,
    key: FormKey,
    deduction: Deduction,
) -> Result<DeductionId> {
    let Deduction { person_id, amount, reason, note } = deduction;
    let actor = Actor::Person(taker);
    let mut account = accounts::lock_or_open(tx, now, person_id).await?;
    let transfer_id = books::deduct(tx, now, &mut account, amount, actor, note.clone()).await?;
    // What had lapsed until now has ended before, by transfers of its own.
    let balance_before = account.balance.plus(amount).unwrap_or_default();
    let id = DeductionId::new();
    let row = deductions::ActiveModel {
        id: Set(id),
        person_id: Set(person_id),
        transfer_id: Set(transfer_id),
        amount: Set(amount),
        reason: Set(reason.to_owned()),
        note: Set(note.clone()),
        form_key: Set(key),
        actor_id: Set(taker),
        at: Set(now),
    };
    deductions::Entity::insert(row).exec_without_returning(tx).await?;
    let act = Act {
        action: "points.deduct",
        subject_kind: "deduction",
        subject_id: id.to_string(),
        details: json!({
            "person": person_id, "amount": amount, "reason": reason, "note": note,
            "before": { "balance": balance_before }, "after": { "balance": account.balance },
        }),
    };
    audit::record(tx, now, actor, act).await?;
    tell::of_deduction(tx, now, person_id, amount, &note).await?;
    Ok(id)
}
