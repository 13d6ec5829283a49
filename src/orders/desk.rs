//! Orders as the desk needs them: everybody's, oldest first while they wait.

use sea_orm::sea_query::{Expr, LikeExpr};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, FromQueryResult, JoinType,
    PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};

use crate::entity::{orders, people};
use crate::error::Result;
use crate::orders::history::escaped;
use crate::types::order_state::OrderState;
use crate::types::paging::{Paged, Paging};
use crate::types::points::Points;
use crate::types::time::Timestamp;

/// Characters of a search that are looked at.
const LONGEST_SEARCH: usize = 60;

/// Which orders are wanted.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// `None`: those that wait for somebody.
    pub state: Option<OrderState>,
    /// In the number or in the name of the person.
    pub search: String,
}

/// An order in the queue.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Queued {
    pub number: String,
    pub person: String,
    pub state: OrderState,
    pub total: Points,
    pub refunded: Points,
    pub placed_at: Timestamp,
}

/// One page of the queue: what waits, oldest first; everything else newest first.
///
/// # Errors
/// When the database fails.
pub async fn page(db: &impl ConnectionTrait, wanted: &Wanted, paging: Paging) -> Result<Paged<Queued>> {
    let person = orders::Entity::belongs_to(people::Entity)
        .from(orders::Column::PersonId)
        .to(people::Column::Id)
        .into();
    let found = orders::Entity::find().join(JoinType::InnerJoin, person).filter(filter(wanted));
    let total = found.clone().count(db).await?;
    let ordered = match wanted.state {
        None | Some(OrderState::Placed | OrderState::Preparing) => {
            found.order_by_asc(orders::Column::PlacedAt).order_by_asc(orders::Column::Id)
        }
        Some(OrderState::Fulfilled | OrderState::Cancelled) => {
            found.order_by_desc(orders::Column::PlacedAt).order_by_desc(orders::Column::Id)
        }
    };
    let rows = ordered
        .select_only()
        .columns([
            orders::Column::Number,
            orders::Column::State,
            orders::Column::Total,
            orders::Column::Refunded,
            orders::Column::PlacedAt,
        ])
        .column_as(people::Column::Name, "person")
        .offset(paging.offset())
        .limit(paging.limit())
        .into_model::<Queued>()
        .all(db)
        .await?;
    Ok(Paged { rows, total })
}

fn filter(wanted: &Wanted) -> Condition {
    let words: String = wanted.search.trim().chars().take(LONGEST_SEARCH).collect();
    let matches = (!words.is_empty()).then(|| {
        let pattern = LikeExpr::new(format!("%{}%", escaped(&words.to_lowercase()))).escape('!');
        let lower = |column: Expr| Expr::expr(sea_orm::sea_query::Func::lower(column));
        Condition::any()
            .add(lower(Expr::col((orders::Entity, orders::Column::Number))).like(pattern.clone()))
            .add(lower(Expr::col((people::Entity, people::Column::Name))).like(pattern))
    });
    let state = match wanted.state {
        Some(state) => orders::Column::State.eq(state),
        None => orders::Column::State.is_in([OrderState::Placed, OrderState::Preparing]),
    };
    Condition::all().add(state).add_option(matches)
}
