//! Points go back for what was cancelled: into the lots they were drawn from, by the recorded draws, last drawn first.
//! A lot that has lapsed since is not woken: what it would get makes a fresh lot with a grace period. The one place that
//! writes refund parts; they are only ever added.

use sea_orm::{ConnectionTrait, EntityTrait, FromQueryResult, Set};

use crate::entity::refund_parts;
use crate::error::{Error, Result};
use crate::ledger::accounts::{self, LockedAccount};
use crate::ledger::lots;
use crate::ledger::transfers::{self, NewTransfer};
use crate::platform::db::Tx;
use crate::platform::dialect;
use crate::types::actor::Actor;
use crate::types::id::{LotId, OrderId};
use crate::types::points::Points;
use crate::types::time::Timestamp;
use crate::types::transfer_kind::TransferKind;

/// What goes back, and for which order.
pub struct Refund {
    pub amount: Points,
    pub order_id: OrderId,
    pub actor: Actor,
    /// What the statement says: the order's number.
    pub reason: String,
    /// When points lapse whose lot is over already.
    pub grace_ends_at: Timestamp,
}

/// A draw of the charge and what of it has not gone back yet.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Open {
    draw_id: i64,
    lot_id: LotId,
    left: Points,
    lapsed: bool,
}

/// So much of this draw goes back.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Part {
    draw_id: i64,
    lot_id: LotId,
    amount: Points,
    lapsed: bool,
}

/// Gives points back to the locked account that paid an order. Returns when the first of them lapse that came too late
/// for their lot, if there are any.
///
/// # Errors
/// When that is more than was charged and not given back: a bug, never an answer to a person.
pub async fn refund(
    tx: &Tx,
    now: Timestamp,
    account: &mut LockedAccount,
    refund: Refund,
) -> Result<Option<Timestamp>> {
    let open = open_draws(tx, now, account, refund.order_id).await?;
    let parts = plan(&open, refund.amount).ok_or_else(|| {
        Error::Internal(anyhow::anyhow!(
            "{:?} is more than is left of the charge of {}",
            refund.amount,
            refund.order_id
        ))
    })?;
    let balance = account
        .balance
        .plus(refund.amount)
        .ok_or_else(|| anyhow::anyhow!("the balance of {} is beyond counting", account.id))?;
    accounts::set_balance(tx, account, balance).await?;
    let transfer = NewTransfer {
        kind: TransferKind::Refund,
        account_id: account.id,
        amount: refund.amount,
        balance_after: balance,
        order_id: Some(refund.order_id),
        lot_id: None,
        reverses_id: None,
        actor: refund.actor,
        reason: refund.reason,
    };
    let transfer_id = transfers::record(tx, now, transfer).await?;
    let late = lots::sum(parts.iter().filter(|part| part.lapsed).map(|part| part.amount))?;
    let grace = if late > Points::ZERO {
        Some(lots::open(tx, now, account.id, transfer_id, late, Some(refund.grace_ends_at)).await?)
    } else {
        None
    };
    for part in parts.iter().filter(|part| !part.lapsed) {
        lots::put_back(tx, part.lot_id, part.amount).await?;
    }
    let rows = parts.iter().map(|part| refund_parts::ActiveModel {
        transfer_id: Set(transfer_id),
        draw_id: Set(part.draw_id),
        amount: Set(part.amount),
        grace_lot_id: Set(grace.filter(|_| part.lapsed)),
        ..Default::default()
    });
    refund_parts::Entity::insert_many(rows).exec_without_returning(tx).await?;
    Ok(grace.map(|_| refund.grace_ends_at))
}

/// Which draws `amount` goes back to: the last drawn first. `None` when they do not hold as much.
fn plan(open: &[Open], amount: Points) -> Option<Vec<Part>> {
    let mut missing = amount;
    let mut parts = Vec::new();
    for draw in open.iter().rev() {
        let back = draw.left.min(missing);
        if back > Points::ZERO {
            parts.push(Part {
                draw_id: draw.draw_id,
                lot_id: draw.lot_id,
                amount: back,
                lapsed: draw.lapsed,
            });
            missing = missing.minus(back)?;
        }
    }
    (missing == Points::ZERO && !parts.is_empty()).then_some(parts)
}

/// The draws of an order's charge, oldest first. A lot is over when its time has come, and also when it was ended by a
/// transfer already: this transaction's `now` may be older than the one that ended it.
async fn open_draws(
    db: &impl ConnectionTrait,
    now: Timestamp,
    account: &LockedAccount,
    order_id: OrderId,
) -> Result<Vec<Open>> {
    #[derive(FromQueryResult)]
    struct Row {
        draw_id: i64,
        lot_id: LotId,
        remaining: Points,
        expires_at: Option<Timestamp>,
        ended: i64,
    }
    let rows: Vec<Row> = dialect::rows(
        db,
        "SELECT d.id AS draw_id, d.lot_id, l.expires_at, \
           CAST(d.amount - COALESCE((SELECT SUM(r.amount) FROM refund_parts r WHERE r.draw_id = d.id), 0) AS SIGNED) \
             AS remaining, \
           (SELECT COUNT(*) FROM transfers e WHERE e.lot_id = d.lot_id) AS ended \
         FROM transfers t JOIN draws d ON d.transfer_id = t.id JOIN lots l ON l.id = d.lot_id \
         WHERE t.order_id = ? AND t.kind = 'redeem' AND t.account_id = ? ORDER BY d.id",
        [order_id.into(), account.id.into()],
    )
    .await?;
    let open = rows.into_iter().map(|row| Open {
        draw_id: row.draw_id,
        lot_id: row.lot_id,
        left: row.remaining,
        lapsed: row.ended > 0 || row.expires_at.is_some_and(|end| end <= now),
    });
    Ok(open.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(left: &[i64]) -> Vec<Open> {
        let each = left.iter().zip(1_i64..);
        each.map(|(left, draw_id)| Open { draw_id, lot_id: LotId::new(), left: Points(*left), lapsed: false })
            .collect()
    }

    fn back(left: &[i64], amount: i64) -> Option<Vec<(i64, i64)>> {
        let parts = plan(&open(left), Points(amount))?;
        Some(parts.iter().map(|part| (part.draw_id, part.amount.0)).collect())
    }

    #[test]
    fn what_was_drawn_last_goes_back_first() {
        assert_eq!(back(&[5, 7], 7), Some(vec![(2, 7)]));
        assert_eq!(back(&[5, 7], 9), Some(vec![(2, 7), (1, 2)]));
        assert_eq!(back(&[5, 0, 7], 12), Some(vec![(3, 7), (1, 5)]));
    }

    #[test]
    fn nothing_goes_back_beyond_the_charge() {
        assert_eq!(back(&[5, 7], 13), None);
        assert_eq!(back(&[], 1), None);
        assert_eq!(back(&[5], 0), None);
    }
}
