//! A person's orders, page by page.

use sea_orm::sea_query::{Expr, Query};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect,
};

use crate::entity::{order_lines, orders};
use crate::error::Result;
use crate::platform::dialect;
use crate::types::id::PersonId;
use crate::types::order_state::OrderState;
use crate::types::paging::{Paged, Paging};
use crate::types::search;

/// Which orders are wanted.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    pub state: Option<OrderState>,
    /// In the number or in the name of a product.
    pub search: String,
}

/// An order with its lines.
#[derive(Clone, Debug)]
pub struct Listed {
    pub order: orders::Model,
    pub lines: Vec<order_lines::Model>,
}

/// One page of a person's orders, newest first.
///
/// # Errors
/// When the database fails.
pub async fn page(
    db: &impl ConnectionTrait,
    person_id: PersonId,
    wanted: &Wanted,
    paging: Paging,
) -> Result<Paged<Listed>> {
    let found = orders::Entity::find().filter(filter(person_id, wanted));
    let total = found.clone().count(db).await?;
    let page = found
        .order_by_desc(orders::Column::PlacedAt)
        .order_by_desc(orders::Column::Id)
        .offset(paging.offset())
        .limit(paging.limit())
        .all(db)
        .await?;
    let lines = order_lines::Entity::find()
        .filter(order_lines::Column::OrderId.is_in(page.iter().map(|order| order.id)))
        .order_by_asc(order_lines::Column::Position)
        .all(db)
        .await?;
    let rows = page.into_iter().map(|order| {
        let own = lines.iter().filter(|line| line.order_id == order.id).cloned().collect();
        Listed { order, lines: own }
    });
    Ok(Paged { rows: rows.collect(), total })
}

fn filter(person_id: PersonId, wanted: &Wanted) -> Condition {
    let words = search::typed(&wanted.search);
    let matches = (!words.is_empty()).then(|| {
        let with_product = Query::select()
            .column(order_lines::Column::OrderId)
            .from(order_lines::Entity)
            .and_where(dialect::contains(Expr::col(order_lines::Column::Name), &words))
            .to_owned();
        Condition::any()
            .add(orders::Column::Number.like(dialect::like(&words.to_uppercase())))
            .add(orders::Column::Id.in_subquery(with_product))
    });
    Condition::all()
        .add(orders::Column::PersonId.eq(person_id))
        .add_option(wanted.state.map(|state| orders::Column::State.eq(state)))
        .add_option(matches)
}
