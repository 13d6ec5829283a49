//! What is looked for, as a condition on orders alone: names become ids before any order is read.

use sea_orm::sea_query::{Expr, ExprTrait, Query, SimpleExpr};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
};

use super::Wanted;
use crate::entity::{order_lines, orders, people, products};
use crate::error::Result;
use crate::people::lookup;
use crate::platform::dialect;
use crate::types::id::{OrderId, PersonId, ProductId};
use crate::types::{order_number, search};

/// So many people are few enough that their orders are all looked at; more are met soon by walking through all orders.
const FEW_PEOPLE: u64 = 1_000;
/// Orders whose numbers begin alike, and products whose names are.
const MOST_NUMBERS: u64 = 50;
const MOST_PRODUCTS: u64 = 20;
/// Sorts behind every sign of a number.
const LAST_SIGN: &str = "~";

/// Which orders, apart from where they stand.
#[derive(Clone, Debug)]
pub struct Narrowed {
    pub condition: Condition,
    /// A whole number was typed, and it is one order's.
    pub is_one_number: bool,
}

/// What `wanted` asks for, but for the part of the queue.
///
/// # Errors
/// When the database fails.
pub async fn narrowed(db: &impl ConnectionTrait, wanted: &Wanted) -> Result<Narrowed> {
    let mut condition = Condition::all()
        .add_option(wanted.person.map(|person| orders::Column::PersonId.eq(person)))
        .add_option(wanted.from.map(|from| orders::Column::PlacedAt.gte(from)))
        .add_option(wanted.before.map(|before| orders::Column::PlacedAt.lt(before)));
    let mut is_one_number = false;
    if !wanted.department.is_empty() {
        let there = Condition::all().add(people::Column::Department.eq(wanted.department.as_str()));
        condition = condition.add(of_people(db, there, Few::FoundWithin).await?);
    }
    let product = wanted.product.trim();
    if !product.is_empty() {
        condition = condition.add(with_product(db, product).await?);
    }
    let search = search::typed(&wanted.search);
    if !search.is_empty() {
        let numbered = numbered(db, &search).await?;
        is_one_number = order_number::whole(&search).is_some() && numbered.len() == 1;
        let mut either = Condition::any();
        if !numbered.is_empty() {
            either = either.add(orders::Column::Id.is_in(numbered.iter().copied()));
        }
        if !is_one_number {
            let few = if numbered.is_empty() { Few::FoundWithin } else { Few::Told };
            either = either.add(of_people(db, lookup::named(&search), few).await?);
        }
        condition = condition.add(either);
    }
    Ok(Narrowed { condition, is_one_number })
}

/// The orders whose number begins like this, or is this, if it reads like a number.
async fn numbered(db: &impl ConnectionTrait, search: &str) -> Result<Vec<OrderId>> {
    let Some(beginning) = order_number::beginning(search) else { return Ok(vec![]) };
    let last = format!("{beginning}{LAST_SIGN}");
    let found = orders::Entity::find()
        .select_only()
        .column(orders::Column::Id)
        .filter(orders::Column::Number.gte(beginning))
        .filter(orders::Column::Number.lt(last))
        .limit(MOST_NUMBERS);
    Ok(found.into_tuple().all(db).await?)
}

/// How a statement knows few people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Few {
    /// It finds them itself, also where it asks for them several times: MySQL takes longer to be told hundreds of ids.
    FoundWithin,
    /// By their ids: what is asked for besides them, with an `OR`, an index can only answer so.
    Told,
}

/// Orders of the people who fit.
async fn of_people(db: &impl ConnectionTrait, condition: Condition, how: Few) -> Result<SimpleExpr> {
    let few = people::Entity::find().select_only().column(people::Column::Id).filter(condition.clone());
    let few = few.limit(FEW_PEOPLE + 1);
    let ids: Vec<PersonId> = few.clone().into_tuple().all(db).await?;
    if u64::try_from(ids.len()).is_ok_and(|count| count <= FEW_PEOPLE) {
        if how == Few::Told {
            return Ok(orders::Column::PersonId.is_in(ids));
        }
        // Within another query, because MariaDB allows no limit here; the limit has MySQL find them first.
        let few = Query::select().column("id").from_subquery(few.into_query(), "few").to_owned();
        return Ok(orders::Column::PersonId.in_subquery(few));
    }
    // Asked of each order in turn: its limit keeps MySQL from reading all people's orders first.
    let is_one_of_many = Query::select()
        .expr(Expr::val(1))
        .from(people::Entity)
        .and_where(people::Column::Id.into_expr().equals((orders::Entity, orders::Column::PersonId)))
        .cond_where(condition)
        .limit(1)
        .to_owned();
    Ok(Expr::expr(SimpleExpr::SubQuery(None, Box::new(is_one_of_many.into()))).eq(1))
}

/// Orders with the product of this slug, or with one whose name has this in it.
async fn with_product(db: &impl ConnectionTrait, product: &str) -> Result<SimpleExpr> {
    let named = dialect::contains(Expr::col(products::Column::Name), &search::typed(product));
    let fits = Condition::any().add(products::Column::Slug.eq(product)).add(named);
    let found: Vec<(ProductId, String)> = products::Entity::find()
        .select_only()
        .columns([products::Column::Id, products::Column::Slug])
        .filter(fits)
        .order_by_desc(products::Column::Slug.eq(product))
        .limit(MOST_PRODUCTS)
        .into_tuple()
        .all(db)
        .await?;
    let exact = found.iter().find(|(_, slug)| slug == product).map(|(id, _)| vec![*id]);
    let ids = exact.unwrap_or_else(|| found.iter().map(|(id, _)| *id).collect());
    let with = Query::select()
        .column(order_lines::Column::OrderId)
        .from(order_lines::Entity)
        .and_where(order_lines::Column::ProductId.is_in(ids))
        .to_owned();
    Ok(orders::Column::Id.in_subquery(with))
}
