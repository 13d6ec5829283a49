//! The packing list: what goes into each parcel and where it goes. No prices: the slip may lie in the parcel.

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::entity::{order_lines, orders, people};
use crate::error::Result;
use crate::orders::desk::{self, Queue, Wanted};
use crate::types::order_state::OrderState;
use crate::types::product_kind::ProductKind;

/// Orders on one list.
pub const MOST_PACKED: usize = 200;

/// One order to be packed.
#[derive(Clone, Debug)]
pub struct Slip {
    pub order: orders::Model,
    pub person: String,
    pub department: Option<String>,
    /// Goods that are not cancelled; codes need no parcel.
    pub items: Vec<Goods>,
}

/// So many of a product.
#[derive(Clone, Debug)]
pub struct Goods {
    pub name: String,
    pub pieces: i64,
}

/// Which orders are to be packed.
pub enum Which {
    /// These, by their numbers.
    Chosen(Vec<String>),
    /// Those that wait among these.
    Waiting(Wanted),
}

/// What there is to pack, and how many orders were left out: because nothing of them has to be packed any more, or
/// because there are more than [`MOST_PACKED`].
#[derive(Clone, Debug)]
pub struct List {
    pub slips: Vec<Slip>,
    pub nothing_to_pack: usize,
    pub has_more: bool,
}

/// The list, oldest order first.
///
/// # Errors
/// When the database fails.
pub async fn list(db: &impl ConnectionTrait, which: &Which) -> Result<List> {
    let most = u64::try_from(MOST_PACKED).unwrap_or_default();
    let condition = match which {
        Which::Chosen(numbers) => orders::Column::Number.is_in(numbers).into(),
        Which::Waiting(wanted) => {
            let states = match wanted.queue {
                Queue::One(state) => vec![state],
                Queue::Waiting | Queue::All => vec![OrderState::Placed, OrderState::Preparing],
            };
            desk::narrowed(db, wanted).await?.condition.add(orders::Column::State.is_in(states))
        }
    };
    let mut found = orders::Entity::find()
        .filter(condition)
        .order_by_asc(orders::Column::PlacedAt)
        .order_by_asc(orders::Column::Id)
        .limit(most + 1)
        .all(db)
        .await?;
    let has_more = found.len() > MOST_PACKED;
    found.truncate(MOST_PACKED);
    let asked = match which {
        Which::Chosen(numbers) => numbers.len().min(MOST_PACKED),
        Which::Waiting(_) => found.len(),
    };
    found.retain(|order| matches!(order.state, OrderState::Placed | OrderState::Preparing));
    let slips = slips(db, found).await?;
    Ok(List { nothing_to_pack: asked.saturating_sub(slips.len()), slips, has_more })
}

async fn slips(db: &impl ConnectionTrait, orders: Vec<orders::Model>) -> Result<Vec<Slip>> {
    let lines = order_lines::Entity::find()
        .filter(order_lines::Column::OrderId.is_in(orders.iter().map(|order| order.id)))
        .filter(order_lines::Column::Kind.eq(ProductKind::Physical))
        .order_by_asc(order_lines::Column::Position)
        .all(db)
        .await?;
    let owners = orders.iter().map(|order| order.person_id);
    let people = people::Entity::find().filter(people::Column::Id.is_in(owners)).all(db).await?;
    let slips = orders.into_iter().map(|order| {
        let own = lines.iter().filter(|line| line.order_id == order.id && line.quantity > line.cancelled);
        let items = own.map(|line| Goods { name: line.name.clone(), pieces: line.quantity - line.cancelled });
        let owner = people.iter().find(|person| person.id == order.person_id);
        Slip {
            items: items.collect(),
            person: owner.map(|person| person.name.clone()).unwrap_or_default(),
            department: owner.and_then(|person| person.department.clone()),
            order,
        }
    });
    Ok(slips.filter(|slip| !slip.items.is_empty()).collect())
}
