//! The transfers behind a figure: of a kind, of some days, of a person, of the people of a department.
//!
//! Whose department counts is the one people are in now, as in `departments`: whoever goes to another one takes what
//! moved on their account along.

use std::collections::HashMap;

use sea_orm::sea_query::{Alias, Expr, ExprTrait, Query, SelectStatement};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, Iterable, QueryFilter, QueryOrder,
    QuerySelect,
};

use crate::entity::{accounts, orders, people, transfers};
use crate::error::Result;
use crate::types::id::{AccountId, OrderId, PersonId};
use crate::types::paging::Paging;
use crate::types::points::Points;
use crate::types::time::Timestamp;
use crate::types::transfer_kind::TransferKind;

/// Ids asked for at once.
const CHUNK: usize = 500;

/// Which transfers are wanted.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    pub kind: Option<TransferKind>,
    pub from: Option<Timestamp>,
    pub before: Option<Timestamp>,
    /// Of these people; an empty list fits nothing.
    pub people: Option<Vec<PersonId>>,
    /// Of those who are in one department, or in none.
    pub department: Option<Option<String>>,
    pub oldest_first: bool,
}

/// How many fit, and what they move.
#[derive(Clone, Debug, Default)]
pub struct Total {
    pub transfers: u64,
    /// Points that people got.
    pub credits: i64,
    /// Points that went from them.
    pub debits: i64,
}

/// A transfer as it is read.
#[derive(Clone, Debug)]
pub struct Moved {
    pub id: i64,
    pub at: Timestamp,
    pub kind: TransferKind,
    pub person_id: Option<PersonId>,
    pub person: String,
    pub points: Points,
    pub balance_after: Points,
    /// The number of the order it was for.
    pub order: Option<String>,
    pub reason: String,
}

/// How many fit, and their points.
///
/// # Errors
/// When the database fails.
pub async fn total(db: &impl ConnectionTrait, wanted: &Wanted) -> Result<Total> {
    #[derive(FromQueryResult)]
    struct Row {
        kind: TransferKind,
        transfers: i64,
        points: i64,
    }
    let amount = Expr::col((transfers::Entity, transfers::Column::Amount));
    let rows = transfers::Entity::find()
        .select_only()
        .column(transfers::Column::Kind)
        .expr_as(Expr::cust("COUNT(*)"), "transfers")
        .expr_as(amount.sum().cast_as(Alias::new("SIGNED")), "points")
        .filter(filter(wanted))
        // Every kind by name, so that the index by kind and moment serves all of them.
        .filter(transfers::Column::Kind.is_in(TransferKind::iter()))
        .group_by(transfers::Column::Kind)
        .into_model::<Row>()
        .all(db)
        .await?;
    let mut total = Total::default();
    for row in rows {
        total.transfers += u64::try_from(row.transfers).unwrap_or_default();
        *if row.kind.is_credit() { &mut total.credits } else { &mut total.debits } += row.points;
    }
    Ok(total)
}

/// One page, newest first unless asked otherwise.
///
/// # Errors
/// When the database fails.
pub async fn page(db: &impl ConnectionTrait, wanted: &Wanted, paging: Paging) -> Result<Vec<Moved>> {
    let order = if wanted.oldest_first { sea_orm::Order::Asc } else { sea_orm::Order::Desc };
    let rows = transfers::Entity::find()
        .filter(filter(wanted))
        .order_by(transfers::Column::At, order.clone())
        .order_by(transfers::Column::Id, order)
        .offset(paging.offset())
        .limit(paging.limit())
        .all(db)
        .await?;
    named(db, rows).await
}

fn filter(wanted: &Wanted) -> Condition {
    let people = wanted.people.as_ref();
    let of_people =
        people.map(|people| of_accounts(accounts::Column::PersonId.is_in(people.iter().copied())));
    let department = wanted.department.as_ref();
    let of_department = department
        .map(|name| of_accounts(accounts::Column::PersonId.in_subquery(people_in(name.as_deref()))));
    Condition::all()
        .add_option(wanted.kind.map(|kind| transfers::Column::Kind.eq(kind)))
        .add_option(wanted.from.map(|from| transfers::Column::At.gte(from)))
        .add_option(wanted.before.map(|before| transfers::Column::At.lt(before)))
        .add_option(of_people)
        .add_option(of_department)
}

/// On accounts of which this is so.
fn of_accounts(is_so: Expr) -> Expr {
    let accounts =
        Query::select().column(accounts::Column::Id).from(accounts::Entity).and_where(is_so).to_owned();
    transfers::Column::AccountId.in_subquery(accounts)
}

/// Who is in a department, or in none. Departments are told apart letter by letter, as everywhere.
fn people_in(department: Option<&str>) -> SelectStatement {
    let is_there = match department {
        Some(name) => Expr::cust_with_values("HEX(department) = HEX(?)", [name]),
        None => people::Column::Department.is_null(),
    };
    Query::select().column(people::Column::Id).from(people::Entity).and_where(is_there).to_owned()
}

async fn named(db: &impl ConnectionTrait, rows: Vec<transfers::Model>) -> Result<Vec<Moved>> {
    let mut moved = Vec::with_capacity(rows.len());
    for chunk in rows.chunks(CHUNK) {
        let owners = owners(db, chunk).await?;
        let ids = chunk.iter().filter_map(|row| row.order_id);
        let found_orders = orders::Entity::find().filter(orders::Column::Id.is_in(ids)).all(db).await?;
        let numbers: HashMap<OrderId, String> =
            found_orders.into_iter().map(|order| (order.id, order.number)).collect();
        moved.extend(chunk.iter().map(|row| {
            let person = owners.get(&row.account_id);
            Moved {
                id: row.id,
                at: row.at,
                kind: row.kind,
                person_id: person.map(|(id, _)| *id),
                person: person.map(|(_, name)| name.clone()).unwrap_or_default(),
                points: row.amount,
                balance_after: row.balance_after,
                order: row.order_id.and_then(|id| numbers.get(&id).cloned()),
                reason: row.reason.clone(),
            }
        }));
    }
    Ok(moved)
}

async fn owners(
    db: &impl ConnectionTrait,
    rows: &[transfers::Model],
) -> Result<HashMap<AccountId, (PersonId, String)>> {
    #[derive(FromQueryResult)]
    struct Owner {
        account_id: AccountId,
        person_id: PersonId,
        name: String,
    }
    let join = accounts::Entity::belongs_to(people::Entity)
        .from(accounts::Column::PersonId)
        .to(people::Column::Id)
        .into();
    let found = accounts::Entity::find()
        .join(sea_orm::JoinType::InnerJoin, join)
        .filter(accounts::Column::Id.is_in(rows.iter().map(|row| row.account_id)))
        .select_only()
        .column_as(accounts::Column::Id, "account_id")
        .column_as(people::Column::Id, "person_id")
        .column_as(people::Column::Name, "name")
        .into_model::<Owner>()
        .all(db)
        .await?;
    Ok(found.into_iter().map(|owner| (owner.account_id, (owner.person_id, owner.name))).collect())
}
