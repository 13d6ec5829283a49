//! A person's account: opened once, locked before anything moves.

use sea_orm::{ConnectionTrait, EntityTrait, FromQueryResult, Set};

use crate::entity::accounts;
use crate::error::{Error, Result};
use crate::platform::db::Tx;
use crate::platform::dialect;
use crate::types::id::{AccountId, PersonId};
use crate::types::points::Points;
use crate::types::time::Timestamp;

/// A person's account, locked for this transaction: nobody else moves its points until the end.
#[derive(Debug, FromQueryResult)]
pub struct LockedAccount {
    pub id: AccountId,
    pub balance: Points,
}

/// Opens the account of a person who has none yet.
///
/// # Errors
/// When the database fails.
pub async fn open_if_missing(tx: &Tx, now: Timestamp, person_id: PersonId) -> Result<()> {
    let row = accounts::ActiveModel {
        id: Set(AccountId::new()),
        kind: Set("person".to_owned()),
        person_id: Set(Some(person_id)),
        balance: Set(Some(Points::ZERO)),
        created_at: Set(now),
    };
    match accounts::Entity::insert(row).exec_without_returning(tx).await {
        Err(error) if !dialect::is_duplicate(&error) => Err(error.into()),
        _ => Ok(()),
    }
}

/// Locks the account of a person. Everything that moves points begins here.
///
/// # Errors
/// [`Error::NotFound`] when the person has no account.
pub async fn lock_account(tx: &Tx, person_id: PersonId) -> Result<LockedAccount> {
    dialect::locked_row(tx, "SELECT id, balance FROM accounts WHERE person_id = ?", [person_id.into()])
        .await?
        .ok_or(Error::NotFound)
}

/// The same, opening the account of somebody who has none yet.
///
/// # Errors
/// When the database fails.
pub async fn lock_or_open(tx: &Tx, now: Timestamp, person_id: PersonId) -> Result<LockedAccount> {
    match lock_account(tx, person_id).await {
        Err(Error::NotFound) => {
            open_if_missing(tx, now, person_id).await?;
            lock_account(tx, person_id).await
        }
        locked => locked,
    }
}

/// Locks an account by its id.
///
/// # Errors
/// [`Error::NotFound`] when there is none, or it is not a person's.
pub async fn lock_account_by_id(tx: &Tx, id: AccountId) -> Result<LockedAccount> {
    dialect::locked_row(
        tx,
        "SELECT id, balance FROM accounts WHERE id = ? AND person_id IS NOT NULL",
        [id.into()],
    )
    .await?
    .ok_or(Error::NotFound)
}

/// Writes the balance after a transfer, and holds the lock to its word: it must still be what was locked.
pub(super) async fn set_balance(tx: &Tx, account: &mut LockedAccount, balance: Points) -> Result<()> {
    let changed = dialect::execute(
        tx,
        "UPDATE accounts SET balance = ? WHERE id = ? AND balance = ?",
        [balance.into(), account.id.into(), account.balance.into()],
    )
    .await?;
    if changed != 1 {
        return Err(Error::Internal(anyhow::anyhow!("account {} changed under its lock", account.id)));
    }
    account.balance = balance;
    Ok(())
}

/// What a person can spend now: the balance without lots whose time has come.
///
/// # Errors
/// When the database fails.
pub async fn spendable(db: &impl ConnectionTrait, now: Timestamp, person_id: PersonId) -> Result<Points> {
    #[derive(FromQueryResult)]
    struct Spendable {
        points: Option<Points>,
    }
    let row: Option<Spendable> = dialect::row(
        db,
        "SELECT CAST(SUM(l.remaining) AS SIGNED) AS points FROM lots l JOIN accounts a ON a.id = l.account_id \
         WHERE a.person_id = ? AND l.remaining > 0 AND (l.expires_at IS NULL OR l.expires_at > ?)",
        [person_id.into(), now.into()],
    )
    .await?;
    Ok(row.and_then(|row| row.points).unwrap_or_default())
}
