//! Cancelling: pieces of an order go back, and the points they cost, in one transaction.
//!
//! Locks are taken as everywhere: order → person (whoever does it) → account → lots → products →
//! codes. What was charged is never worked out again:
//! the points return by the draws of the charge, at the price the line was sold at.

mod judge;

use sea_orm::ConnectionTrait;
use serde_json::json;

use crate::audit::{self, Act};
use crate::catalog::stock;
use crate::codes;
use crate::entity::{order_lines, orders as order_row};
use crate::error::{Error, Refusal, Result, WhyNot};
use crate::ledger::accounts::{self, LockedAccount};
use crate::ledger::refund::{self, Refund};
use crate::orders::timeline::{self, Step};
use crate::orders::{find, find_for, lines, lock};
use crate::outbox::event::{Event, OrderCancelled, OrderedLine};
use crate::platform::config::CancelPolicy;
use crate::platform::db::Tx;
use crate::platform::dialect;
use crate::types::actor::Actor;
use crate::types::id::{OrderLineId, PersonId};
use crate::types::order_state::OrderState;
use crate::types::points::Points;
use crate::types::product_kind::ProductKind;
use crate::types::time::Timestamp;
use crate::{outbox, people};

pub use judge::{LinePieces, by_owner as judge_owner, open_pieces};

/// What HR wants cancelled.
#[derive(Clone, Debug)]
pub enum Wanted {
    /// All that is left of it.
    Whole,
    /// So many pieces of these lines.
    Lines(Vec<(OrderLineId, i64)>),
}

/// What HR asks for, and what they saw when they asked.
#[derive(Clone, Debug)]
pub struct Request {
    pub number: String,
    pub version: i64,
    pub wanted: Wanted,
    /// Told to the owner.
    pub reason: String,
}

/// So many pieces of this line go back.
struct Returned<'a> {
    line: &'a order_lines::Model,
    pieces: i64,
    points: Points,
}

/// Cancels a person's own order, whole. Asked again, it is done already.
///
/// # Errors
/// [`Error::NotFound`] when it is not theirs; [`Refusal::OrderNotCancellable`] with the reason.
pub async fn by_owner(
    tx: &Tx,
    now: Timestamp,
    person_id: PersonId,
    number: &str,
    policy: &CancelPolicy,
) -> Result<()> {
    let order = lock(tx, find_for(tx, person_id, number).await?.id).await?;
    if order.state == OrderState::Cancelled {
        return Ok(());
    }
    let lines = lines(tx, order.id).await?;
    let pieces = pieces_of(tx, &order, &lines).await?;
    judge::by_owner(&order, &pieces, now, policy).map_err(Refusal::OrderNotCancellable)?;
    let returned = returned(&lines, &pieces, &Wanted::Whole)?;
    carry_out(tx, now, Actor::Person(person_id), &order, &returned, "", policy).await
}

/// Cancels an order for HR, whole or in part.
///
/// # Errors
/// [`Error::NotFound`]; [`Refusal::ChangedMeanwhile`] when the order is not as it was shown;
/// [`Refusal::OrderNotCancellable`] when some of it was handed over or seen.
pub async fn by_hr(
    tx: &Tx,
    now: Timestamp,
    actor: Actor,
    request: &Request,
    policy: &CancelPolicy,
) -> Result<()> {
    let order = lock(tx, find(tx, &request.number).await?.id).await?;
    if order.version != request.version {
        return Err(Refusal::ChangedMeanwhile.into());
    }
    let lines = lines(tx, order.id).await?;
    let pieces = pieces_of(tx, &order, &lines).await?;
    let returned = returned(&lines, &pieces, &request.wanted)?;
    carry_out(tx, now, actor, &order, &returned, &request.reason, policy).await
}

/// What is left of each line, and what of that can still be cancelled.
///
/// # Errors
/// When the database fails.
pub async fn pieces_of(
    db: &impl ConnectionTrait,
    order: &order_row::Model,
    lines: &[order_lines::Model],
) -> Result<Vec<LinePieces>> {
    let codes = codes::of_order(db, order.id).await?;
    let of_line = |line: &order_lines::Model| {
        let seen =
            codes.iter().filter(|code| code.order_line_id == line.id && code.revealed_at.is_some()).count();
        open_pieces(order.state, line, i64::try_from(seen).unwrap_or(i64::MAX))
    };
    Ok(lines.iter().map(of_line).collect())
}

fn returned<'a>(
    lines: &'a [order_lines::Model],
    pieces: &[LinePieces],
    wanted: &Wanted,
) -> Result<Vec<Returned<'a>>> {
    let asked = |id: OrderLineId, left: i64| match wanted {
        Wanted::Whole => left,
        Wanted::Lines(some) => some.iter().filter(|(line_id, _)| *line_id == id).map(|(_, n)| *n).sum(),
    };
    if let Wanted::Lines(some) = wanted
        && !some.iter().all(|(id, n)| *n > 0 && lines.iter().any(|line| line.id == *id))
    {
        return Err(Error::Malformed("lines to cancel"));
    }
    let mut returned = Vec::new();
    for (line, of_line) in lines.iter().zip(pieces) {
        let pieces = asked(line.id, of_line.left);
        if pieces > of_line.open {
            return Err(Refusal::OrderNotCancellable(of_line.why_not()).into());
        }
        if pieces > 0 {
            let points = line.unit_price.times(pieces).ok_or_else(|| anyhow::anyhow!("beyond counting"))?;
            returned.push(Returned { line, pieces, points });
        }
    }
    if returned.is_empty() {
        return Err(Refusal::OrderNotCancellable(WhyNot::NothingLeft).into());
    }
    returned.sort_by_key(|line| line.line.product_id);
    Ok(returned)
}

async fn carry_out(
    tx: &Tx,
    now: Timestamp,
    actor: Actor,
    order: &order_row::Model,
    returned: &[Returned<'_>],
    reason: &str,
    policy: &CancelPolicy,
) -> Result<()> {
    let refunded = Points::sum(returned.iter().map(|line| line.points))
        .ok_or_else(|| anyhow::anyhow!("points beyond counting"))?;
    // What is written names whoever does it, which holds their row: before the account, as whoever gives them points does.
    if let Some(person_id) = actor.person() {
        people::lock_person(tx, person_id).await?;
    }
    let mut account = accounts::lock_account(tx, order.person_id).await?;
    let balance_before = account.balance;
    let back = Refund {
        amount: refunded,
        order_id: order.id,
        actor,
        reason: order.number.clone(),
        grace_ends_at: policy.grace_ends(now),
    };
    let grace_ends_at = refund::refund(tx, now, &mut account, back).await?;
    for Returned { line, pieces, .. } in returned {
        stock::put_back(tx, now, actor, order.id, line.product_id, *pieces).await?;
    }
    for Returned { line, pieces, .. } in returned {
        if line.kind == ProductKind::Digital {
            codes::put_back(tx, line.id, *pieces).await?;
        }
        note_on_line(tx, line, *pieces).await?;
    }
    let state = note_on_order(tx, order, refunded).await?;
    let step = if state == OrderState::Cancelled { Step::Cancelled } else { Step::PartlyCancelled };
    timeline::note(tx, now, actor, order.id, step, reason).await?;
    if state == OrderState::Fulfilled && order.state != OrderState::Fulfilled {
        timeline::note(tx, now, Actor::Shop, order.id, Step::Fulfilled, "").await?;
    }
    let act = Act {
        action: "order.cancel",
        subject_kind: "order",
        subject_id: order.id.to_string(),
        details: json!({
            "number": order.number, "refunded": refunded, "reason": reason,
            "lines": returned.iter().map(|r| json!({ "line": r.line.id, "pieces": r.pieces })).collect::<Vec<_>>(),
            "before": { "state": order.state.name(), "balance": balance_before },
            "after": { "state": state.name(), "balance": account.balance },
        }),
    };
    audit::record(tx, now, actor, act).await?;
    tell_owner(tx, now, order, returned, Told { account, refunded, grace_ends_at, reason, state }).await
}

async fn note_on_line(tx: &Tx, line: &order_lines::Model, pieces: i64) -> Result<()> {
    let changed = dialect::execute(
        tx,
        "UPDATE order_lines SET cancelled = cancelled + ? WHERE id = ? AND cancelled = ?",
        [pieces.into(), line.id.into(), line.cancelled.into()],
    )
    .await?;
    if changed == 1 {
        Ok(())
    } else {
        Err(Error::Internal(anyhow::anyhow!("line {} changed under its lock", line.id)))
    }
}

/// Where an order stands without its cancelled pieces: with only codes left there is nothing to hand over.
fn state_of(lines: &[order_lines::Model], before: OrderState) -> OrderState {
    let left = |line: &&order_lines::Model| line.quantity > line.cancelled;
    if !lines.iter().any(|line| left(&line)) {
        OrderState::Cancelled
    } else if lines.iter().filter(left).all(|line| line.kind == ProductKind::Digital) {
        OrderState::Fulfilled
    } else {
        before
    }
}

/// Writes down what came back.
async fn note_on_order(tx: &Tx, order: &order_row::Model, refunded: Points) -> Result<OrderState> {
    let state = state_of(&lines(tx, order.id).await?, order.state);
    let changed = dialect::execute(
        tx,
        "UPDATE orders SET refunded = refunded + ?, state = ?, version = version + 1 \
         WHERE id = ? AND version = ? AND refunded + ? <= total",
        [refunded.into(), state.name().into(), order.id.into(), order.version.into(), refunded.into()],
    )
    .await?;
    if changed == 1 {
        Ok(state)
    } else {
        Err(Error::Internal(anyhow::anyhow!("order {} changed under its lock", order.id)))
    }
}

struct Told<'a> {
    account: LockedAccount,
    refunded: Points,
    grace_ends_at: Option<Timestamp>,
    reason: &'a str,
    state: OrderState,
}

async fn tell_owner(
    tx: &Tx,
    now: Timestamp,
    order: &order_row::Model,
    returned: &[Returned<'_>],
    told: Told<'_>,
) -> Result<()> {
    let person = people::load(tx, order.person_id).await?;
    let lines = returned.iter().map(|returned| OrderedLine {
        name: returned.line.name.clone(),
        quantity: returned.pieces,
        points: returned.points,
    });
    let event = Event::OrderCancelled(OrderCancelled {
        number: order.number.clone(),
        person_id: order.person_id,
        name: person.name,
        email: person.email,
        cancelled_at: now,
        whole: told.state == OrderState::Cancelled,
        lines: lines.collect(),
        refunded: told.refunded,
        balance_after: told.account.balance,
        grace_ends_at: told.grace_ends_at,
        reason: told.reason.to_owned(),
    });
    outbox::publish(tx, now, &event).await
}
