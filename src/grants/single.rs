//! One grant to one person.

use chrono_tz::Tz;
use sea_orm::{EntityTrait, Set};
use serde_json::json;

use crate::audit::{self, Act};
use crate::entity::grants;
use crate::error::{Refusal, Result};
use crate::ledger::accounts;
use crate::ledger::credit::{self, Credit};
use crate::platform::db::Tx;
use crate::types::actor::Actor;
use crate::types::expiry::ExpiryPolicy;
use crate::types::id::{GrantId, PersonId};
use crate::types::points::Points;
use crate::types::time::Timestamp;

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
    fn of(self, now: Timestamp) -> Option<Timestamp> {
        match self {
            Self::ByPolicy { policy, zone } => policy.ends(now, zone),
            Self::At(end) => end,
        }
    }
}

/// Gives points.
///
/// # Errors
/// [`Refusal::GrantToSelf`] when giver and receiver are one person.
pub async fn give(tx: &Tx, now: Timestamp, actor: Actor, grant: Grant) -> Result<GrantId> {
    if actor.person() == Some(grant.person_id) {
        return Err(Refusal::GrantToSelf.into());
    }
    let mut account = accounts::lock_account(tx, grant.person_id).await?;
    let credit =
        Credit { amount: grant.amount, expires_at: grant.ends.of(now), actor, reason: grant.note.clone() };
    let transfer_id = credit::credit(tx, now, &mut account, credit).await?;
    let id = GrantId::new();
    let row = grants::ActiveModel {
        id: Set(id),
        person_id: Set(grant.person_id),
        transfer_id: Set(transfer_id),
        amount: Set(grant.amount),
        reason: Set(grant.reason.to_owned()),
        note: Set(grant.note),
        rule: Set(None),
        period: Set(None),
        actor_id: Set(actor.person()),
        at: Set(now),
    };
    grants::Entity::insert(row).exec_without_returning(tx).await?;
    let act = Act {
        action: "points.grant",
        subject_kind: "grant",
        subject_id: id.to_string(),
        details: json!({ "person": grant.person_id, "amount": grant.amount, "balance_after": account.balance }),
    };
    audit::record(tx, now, actor, act).await?;
    Ok(id)
}
