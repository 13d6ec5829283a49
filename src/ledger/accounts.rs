//! A person's account: opened once, locked before anything moves.

use std::collections::BTreeMap;

use sea_orm::sea_query::{CaseStatement, Expr};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, FromQueryResult, JoinType, QueryFilter,
    QueryOrder, QuerySelect, Set,
};

use crate::entity::{accounts, lots};
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

/// Locks the accounts of several people, in the order of their ids, opening those that are missing: what each of them has.
///
/// # Errors
/// When the database fails.
pub async fn lock_or_open_many(
    tx: &Tx,
    now: Timestamp,
    people: &[PersonId],
) -> Result<BTreeMap<PersonId, LockedAccount>> {
    let mut ids = ids_of(tx, people).await?;
    let missing: Vec<_> = people.iter().filter(|person| !ids.contains_key(person)).copied().collect();
    if !missing.is_empty() {
        for person in missing {
            open_if_missing(tx, now, person).await?;
        }
        ids = ids_of(tx, people).await?;
    }
    // By the primary key alone, so that whoever locks several does so in one order.
    let locked = accounts::Entity::find()
        .filter(accounts::Column::Id.is_in(ids.into_values()))
        .order_by_asc(accounts::Column::Id)
        .lock_exclusive()
        .all(tx)
        .await?;
    let with_balance =
        |row: accounts::Model| Some((row.person_id?, LockedAccount { id: row.id, balance: row.balance? }));
    Ok(locked.into_iter().filter_map(with_balance).collect())
}

async fn ids_of(db: &impl ConnectionTrait, people: &[PersonId]) -> Result<BTreeMap<PersonId, AccountId>> {
    let rows = accounts::Entity::find()
        .select_only()
        .columns([accounts::Column::PersonId, accounts::Column::Id])
        .filter(accounts::Column::PersonId.is_in(people.iter().copied()))
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows.into_iter().collect())
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

/// The same for several accounts in one statement. Each of them stands there once.
pub(super) async fn set_balances(tx: &Tx, changes: &[(LockedAccount, Points)]) -> Result<()> {
    let id = || Expr::col(accounts::Column::Id);
    let (mut before, mut after) = (CaseStatement::new(), CaseStatement::new());
    for (account, balance) in changes {
        before = before.case(id().eq(account.id), account.balance);
        after = after.case(id().eq(account.id), *balance);
    }
    let changed = accounts::Entity::update_many()
        .col_expr(accounts::Column::Balance, after.into())
        .filter(accounts::Column::Id.is_in(changes.iter().map(|(account, _)| account.id)))
        .filter(Expr::col(accounts::Column::Balance).eq(before))
        .exec(tx)
        .await?;
    if usize::try_from(changed.rows_affected).ok() == Some(changes.len()) {
        return Ok(());
    }
    Err(Error::Internal(anyhow::anyhow!("one of {} accounts changed under its lock", changes.len())))
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

/// The same for several people; who has nothing to spend is left out.
///
/// # Errors
/// When the database fails.
pub async fn spendable_many(
    db: &impl ConnectionTrait,
    now: Timestamp,
    people: &[PersonId],
) -> Result<BTreeMap<PersonId, Points>> {
    let account = lots::Entity::belongs_to(accounts::Entity)
        .from(lots::Column::AccountId)
        .to(accounts::Column::Id)
        .into();
    let sums = lots::Entity::find()
        .select_only()
        .column(accounts::Column::PersonId)
        .column_as(lots::Column::Remaining.sum().cast_as("SIGNED"), "points")
        .join(JoinType::InnerJoin, account)
        .filter(accounts::Column::PersonId.is_in(people.iter().copied()))
        .filter(lots::Column::Remaining.gt(0))
        .filter(Condition::any().add(lots::Column::ExpiresAt.is_null()).add(lots::Column::ExpiresAt.gt(now)))
        .group_by(accounts::Column::PersonId)
        .into_tuple()
        .all(db)
        .await?;
    Ok(sums.into_iter().collect())
}
