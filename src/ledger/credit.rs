//! Points come in: the balance grows and a lot is made of them.

use crate::error::{Error, Refusal, Result};
use crate::ledger::accounts::{self, LockedAccount};
use crate::ledger::lots::{self, NewLot};
use crate::ledger::transfers::{self, NewTransfer};
use crate::platform::db::Tx;
use crate::types::actor::Actor;
use crate::types::id::AccountId;
use crate::types::points::{MOST_POINTS, Points};
use crate::types::time::Timestamp;
use crate::types::transfer_kind::TransferKind;

/// Points to be given.
pub struct Credit {
    pub amount: Points,
    /// When what is left of them lapses; `None` never.
    pub expires_at: Option<Timestamp>,
    pub actor: Actor,
    pub reason: String,
}

/// Gives points to a locked account and returns the number of the transfer.
///
/// # Errors
/// [`Refusal::BalanceFull`] when the balance would be beyond [`MOST_POINTS`].
pub async fn credit(tx: &Tx, now: Timestamp, account: &mut LockedAccount, new: Credit) -> Result<i64> {
    let balance = balance_after(account, new.amount)?;
    accounts::set_balance(tx, account, balance).await?;
    let (amount, expires_at) = (new.amount, new.expires_at);
    let transfer_id = transfers::record(tx, now, transfer(account.id, balance, new)).await?;
    lots::open(tx, now, account.id, transfer_id, amount, expires_at).await?;
    Ok(transfer_id)
}

/// Gives points to several locked accounts in as few statements as to one, and returns the numbers of the transfers in
/// the same order. Each account stands there once.
///
/// # Errors
/// [`Refusal::BalanceFull`] when one of them has no room ([`balance_after`] tells before); nobody is given anything then.
pub async fn credit_many(tx: &Tx, now: Timestamp, new: Vec<(LockedAccount, Credit)>) -> Result<Vec<i64>> {
    let (mut balances, mut transfers, mut lots) = (vec![], vec![], vec![]);
    for (account, credit) in new {
        let balance = balance_after(&account, credit.amount)?;
        let (account_id, amount, expires_at) = (account.id, credit.amount, credit.expires_at);
        lots.push(NewLot { account_id, transfer_id: 0, amount, expires_at });
        transfers.push(transfer(account_id, balance, credit));
        balances.push((account, balance));
    }
    if balances.is_empty() {
        return Ok(vec![]);
    }
    accounts::set_balances(tx, &balances).await?;
    let numbers = transfers::record_many(tx, now, transfers).await?;
    for lot in &mut lots {
        let number = numbers.get(&lot.account_id).copied();
        lot.transfer_id = number.ok_or_else(|| anyhow::anyhow!("no transfer to {}", lot.account_id))?;
    }
    let numbers = lots.iter().map(|lot| lot.transfer_id).collect();
    lots::open_many(tx, now, lots).await?;
    Ok(numbers)
}

/// What an account will have after `amount` has come in.
///
/// # Errors
/// [`Refusal::BalanceFull`] when that is beyond [`MOST_POINTS`].
pub fn balance_after(account: &LockedAccount, amount: Points) -> Result<Points> {
    if amount <= Points::ZERO {
        return Err(Error::Internal(anyhow::anyhow!("{amount:?} cannot be credited to {account:?}")));
    }
    let balance = account.balance.plus(amount).filter(|after| after.0 <= MOST_POINTS);
    let room = Points(MOST_POINTS).minus(account.balance).unwrap_or_default();
    Ok(balance.ok_or(Refusal::BalanceFull { most: Points(MOST_POINTS), room })?)
}

fn transfer(account_id: AccountId, balance_after: Points, new: Credit) -> NewTransfer {
    NewTransfer {
        kind: TransferKind::Grant,
        account_id,
        amount: new.amount,
        balance_after,
        order_id: None,
        lot_id: None,
        reverses_id: None,
        actor: new.actor,
        reason: new.reason,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(balance: i64, amount: i64) -> Result<Points> {
        let account = LockedAccount { id: AccountId::new(), balance: Points(balance) };
        balance_after(&account, Points(amount))
    }

    #[test]
    fn nothing_and_less_than_nothing_never_come_in() {
        for amount in [0, -1, -10, i64::MIN] {
            for balance in [0, 10, MOST_POINTS] {
                let refused = after(balance, amount);
                assert!(matches!(refused, Err(Error::Internal(_))), "{amount} to {balance}: {refused:?}");
            }
        }
        assert_eq!(after(10, 1).unwrap(), Points(11));
    }

    #[test]
    fn an_account_is_filled_to_the_brim_and_not_beyond() {
        assert_eq!(after(MOST_POINTS - 3, 3).unwrap(), Points(MOST_POINTS));
        for (balance, amount, left) in
            [(MOST_POINTS - 3, 4, 3), (MOST_POINTS, 1, 0), (5, i64::MAX, MOST_POINTS - 5)]
        {
            let refused = after(balance, amount);
            let expected = Refusal::BalanceFull { most: Points(MOST_POINTS), room: Points(left) };
            assert!(
                matches!(&refused, Err(Error::Refused(refusal)) if *refusal == expected),
                "{amount} to {balance}: {refused:?}"
            );
        }
    }
}
