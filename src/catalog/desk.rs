//! Products as the desk sees them: all of them, whatever their state, searched, filtered and in order.

use sea_orm::ExprTrait;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, Order, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect, Select,
};

use crate::catalog::search;
use crate::entity::products;
use crate::error::Result;
use crate::types::id::{CategoryId, ProductId};
use crate::types::paging::{Paged, Paging};
use crate::types::points::Points;
use crate::types::product_kind::{ProductKind, ProductState};
use crate::types::time::Timestamp;
use crate::types::window::Window;

/// Rows of a download.
pub const MOST_EXPORTED: u64 = 10_000;

/// By what the list can be sorted, as it stands in an address.
pub const COLUMNS: &[&str] = &["name", "points", "stock", "sold", "added"];

/// Products of which little is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Running {
    /// Down to where it is said, or none at all.
    Low,
    Out,
}

/// What the list is asked for.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    pub q: String,
    /// Without one all that are not archived.
    pub state: Option<ProductState>,
    pub category: Option<CategoryId>,
    pub kind: Option<ProductKind>,
    pub running: Option<Running>,
}

/// A product of the list.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Listed {
    pub id: ProductId,
    pub slug: String,
    pub name: String,
    pub category_id: CategoryId,
    pub kind: ProductKind,
    pub state: ProductState,
    pub price: Points,
    pub stock: i64,
    pub low_stock_at: i64,
    pub redeemed: i64,
    pub created_at: Timestamp,
    pub visible_from: Option<Timestamp>,
    pub visible_until: Option<Timestamp>,
}

impl Listed {
    /// When employees see it, as long as it is listed.
    #[must_use]
    pub fn window(&self) -> Window {
        Window { from: self.visible_from, until: self.visible_until }
    }
}

/// One page of the products that are wanted, in the order of one of [`COLUMNS`]. A page beyond the last is the last one.
///
/// # Errors
/// When the database fails.
pub async fn page(
    db: &impl ConnectionTrait,
    wanted: &Wanted,
    (column, descending): (&str, bool),
    paging: Paging,
) -> Result<(Paged<Listed>, Paging)> {
    let found = products::Entity::find().filter(condition(wanted));
    let total = found.clone().select_only().column(products::Column::Id).count(db).await?;
    let paging = paging.within(total);
    let rows = in_order(found, column, descending).offset(paging.offset()).limit(paging.limit());
    Ok((Paged { rows: rows.into_model().all(db).await?, total }, paging))
}

/// All that are wanted, for a download, no more than [`MOST_EXPORTED`].
///
/// # Errors
/// When the database fails.
pub async fn whole(
    db: &impl ConnectionTrait,
    wanted: &Wanted,
    (column, descending): (&str, bool),
) -> Result<Vec<Listed>> {
    let found = in_order(products::Entity::find().filter(condition(wanted)), column, descending);
    Ok(found.limit(MOST_EXPORTED).into_model().all(db).await?)
}

fn condition(wanted: &Wanted) -> Condition {
    let stock = Expr::col(products::Column::Stock);
    let running = wanted.running.map(|running| match running {
        Running::Low => stock.lte(Expr::col(products::Column::LowStockAt)),
        Running::Out => stock.eq(0),
    });
    search::words(&wanted.q)
        .add(match wanted.state {
            Some(state) => products::Column::State.eq(state),
            None => products::Column::State.ne(ProductState::Archived),
        })
        .add_option(wanted.category.map(|category| products::Column::CategoryId.eq(category)))
        .add_option(wanted.kind.map(|kind| products::Column::Kind.eq(kind)))
        .add_option(running)
}

fn in_order(query: Select<products::Entity>, column: &str, descending: bool) -> Select<products::Entity> {
    let column = match column {
        "points" => products::Column::Price,
        "stock" => products::Column::Stock,
        "sold" => products::Column::Redeemed,
        "added" => products::Column::CreatedAt,
        // It begins with the folded name: the same order on every database.
        _ => products::Column::SearchText,
    };
    let order = if descending { Order::Desc } else { Order::Asc };
    query.order_by(column, order).order_by_asc(products::Column::Id).select_only().columns([
        products::Column::Id,
        products::Column::Slug,
        products::Column::Name,
        products::Column::CategoryId,
        products::Column::Kind,
        products::Column::State,
        products::Column::Price,
        products::Column::Stock,
        products::Column::LowStockAt,
        products::Column::Redeemed,
        products::Column::CreatedAt,
        products::Column::VisibleFrom,
        products::Column::VisibleUntil,
    ])
}
