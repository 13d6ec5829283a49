//! Claiming a checkout key: the first to insert the order has it, everybody else finds that order.

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, Set};

use crate::entity::orders;
use crate::error::{Error, Result};
use crate::platform::db::Tx;
use crate::platform::dialect;
use crate::types::checkout_key::CheckoutKey;
use crate::types::id::{OrderId, PersonId};
use crate::types::order_number;
use crate::types::order_state::OrderState;
use crate::types::points::Points;
use crate::types::time::Timestamp;

/// Numbers are random; a taken one is replaced this often.
const NUMBER_ATTEMPTS: u32 = 3;

/// A key, claimed.
#[derive(Debug)]
pub enum Claim {
    /// It is ours: an empty order that is to be filled in this transaction.
    New { id: OrderId, number: String },
    /// It was claimed before by this order.
    Before(Box<orders::Model>),
}

/// Claims `key` for a person.
///
/// # Errors
/// When the database fails.
pub async fn claim(
    tx: &Tx,
    now: Timestamp,
    person_id: PersonId,
    key: CheckoutKey,
    expected: Points,
) -> Result<Claim> {
    for _ in 0..NUMBER_ATTEMPTS {
        let (id, number) = (OrderId::new(), order_number::new());
        let row = orders::ActiveModel {
            id: Set(id),
            number: Set(number.clone()),
            person_id: Set(person_id),
            checkout_key: Set(key),
            state: Set(OrderState::Placed),
            expected_total: Set(expected),
            total: Set(Points::ZERO),
            refunded: Set(Points::ZERO),
            delivery_kind: Set(String::new()),
            delivery_to: Set(String::new()),
            version: Set(1),
            placed_at: Set(now),
        };
        match orders::Entity::insert(row).exec_without_returning(tx).await {
            Ok(_) => return Ok(Claim::New { id, number }),
            Err(error) if !dialect::is_duplicate(&error) => return Err(error.into()),
            Err(_duplicate) => {}
        }
        if let Some(order) = find(tx, person_id, key).await? {
            return Ok(Claim::Before(Box::new(order)));
        }
    }
    Err(Error::Internal(anyhow::anyhow!("no free order number in {NUMBER_ATTEMPTS} attempts")))
}

/// The order a key stands for, if it has become one.
///
/// # Errors
/// When the database fails.
pub async fn find(
    db: &impl ConnectionTrait,
    person_id: PersonId,
    key: CheckoutKey,
) -> Result<Option<orders::Model>> {
    Ok(orders::Entity::find()
        .filter(orders::Column::PersonId.eq(person_id))
        .filter(orders::Column::CheckoutKey.eq(key))
        .one(db)
        .await?)
}
