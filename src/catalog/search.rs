//! Searching the catalog: one page of listed products, filtered and in order.

use sea_orm::sea_query::Query;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, Order, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect, Select,
};

use crate::catalog::filter::{Filter, Sort};
use crate::catalog::pictures;
use crate::entity::{categories, pictures as picture_row, products};
use crate::error::Result;
use crate::platform::dialect;
use crate::types::id::{CategoryId, ProductId};
use crate::types::paging::{Paged, Paging};
use crate::types::points::Points;
use crate::types::product_kind::{ProductKind, ProductState};
use crate::types::time::Timestamp;

/// A product in the list.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Found {
    pub id: ProductId,
    pub slug: String,
    pub name: String,
    pub category_id: CategoryId,
    pub kind: ProductKind,
    pub price: Points,
    pub stock: i64,
    pub low_stock_at: i64,
}

/// A product in the list, with the picture that stands for it.
#[derive(Clone, Debug)]
pub struct Card {
    pub product: Found,
    pub picture: Option<picture_row::Model>,
}

/// One page of what `filter` wants of what is on offer now, for somebody who can spend `balance`. A page beyond the last is the last one.
///
/// # Errors
/// When the database fails.
pub async fn search(
    db: &impl ConnectionTrait,
    now: Timestamp,
    filter: &Filter,
    balance: Points,
) -> Result<(Paged<Card>, Paging)> {
    let wanted = products::Entity::find().filter(condition(now, filter, balance));
    let total = wanted.clone().select_only().column(products::Column::Id).count(db).await?;
    let asked = filter.paging();
    let paging = Paging { number: asked.number.min(asked.pages(total)), ..asked };
    let page = in_order(wanted, filter.sort).offset(paging.offset()).limit(paging.limit());
    let found: Vec<Found> = columns(page).into_model().all(db).await?;
    let mut first = pictures::first_of(db, found.iter().map(|product| product.id).collect()).await?;
    let cards = found.into_iter().map(|product| {
        let picture =
            first.iter().position(|picture| picture.product_id == product.id).map(|at| first.swap_remove(at));
        Card { product, picture }
    });
    Ok((Paged { rows: cards.collect(), total }, paging))
}

/// What is listed and within its window of time.
fn on_offer(now: Timestamp) -> Condition {
    let (from, until) = (products::Column::VisibleFrom, products::Column::VisibleUntil);
    Condition::all()
        .add(products::Column::State.eq(ProductState::Listed))
        .add(Condition::any().add(from.is_null()).add(from.lte(now)))
        .add(Condition::any().add(until.is_null()).add(until.gt(now)))
}

/// Where each word of a search is found.
pub(super) fn words(q: &str) -> Condition {
    dialect::has_words(&products::Column::SearchText.into_expr(), q)
}

fn condition(now: Timestamp, filter: &Filter, balance: Points) -> Condition {
    let mut condition = on_offer(now).add(words(&filter.q));
    if !filter.category.is_empty() {
        let shelf = Query::select()
            .column(categories::Column::Id)
            .from(categories::Entity)
            .and_where(categories::Column::Slug.eq(filter.category.as_str()))
            .to_owned();
        condition = condition.add(products::Column::CategoryId.in_subquery(shelf));
    }
    condition
        .add_option(filter.price_from.map(|from| products::Column::Price.gte(from)))
        .add_option(filter.price_to.map(|to| products::Column::Price.lte(to)))
        .add_option(filter.affordable.then(|| products::Column::Price.lte(balance)))
        .add_option(filter.in_stock.then(|| products::Column::Stock.gt(0)))
}

/// Equal products are told apart by their ids, so that no product is on two pages and none on neither. Both in one
/// direction: only then an index tells the order.
fn in_order(query: Select<products::Entity>, sort: Sort) -> Select<products::Entity> {
    let (column, order) = match sort {
        Sort::Newest => (products::Column::CreatedAt, Order::Desc),
        Sort::PriceUp => (products::Column::Price, Order::Asc),
        Sort::PriceDown => (products::Column::Price, Order::Desc),
        // It begins with the folded name: the same order on every database.
        Sort::Name => (products::Column::SearchText, Order::Asc),
        Sort::MostRedeemed => (products::Column::Redeemed, Order::Desc),
    };
    query.order_by(column, order.clone()).order_by(products::Column::Id, order)
}

fn columns(query: Select<products::Entity>) -> Select<products::Entity> {
    query.select_only().columns([
        products::Column::Id,
        products::Column::Slug,
        products::Column::Name,
        products::Column::CategoryId,
        products::Column::Kind,
        products::Column::Price,
        products::Column::Stock,
        products::Column::LowStockAt,
    ])
}
