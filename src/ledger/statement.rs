//! The statement: every transfer of a person, newest first, with what it was for.

use std::collections::HashMap;

use sea_orm::sea_query::Query;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect,
};

use crate::entity::{accounts, grants, orders, people, transfers};
use crate::error::Result;
use crate::types::id::{GrantId, OrderId, PersonId};
use crate::types::paging::{Paged, Paging};
use crate::types::points::Points;
use crate::types::time::Timestamp;
use crate::types::transfer_kind::TransferKind;

/// Rows in a download; the statement of a lifetime is far below.
pub const MOST_EXPORTED: u64 = 50_000;
/// Lines whose words are looked up at once.
const CHUNK: usize = 500;

/// Which transfers are wanted.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    pub kind: Option<TransferKind>,
    /// From this moment on.
    pub from: Option<Timestamp>,
    /// Before this moment.
    pub before: Option<Timestamp>,
}

/// One line of the statement.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Line {
    pub id: i64,
    pub at: Timestamp,
    pub kind: TransferKind,
    pub amount: Points,
    pub balance_after: Points,
    pub reason: String,
    pub order_id: Option<OrderId>,
    /// The transfer that this one takes back.
    pub reverses_id: Option<i64>,
    /// Whoever did it; `None` is the shop itself.
    pub actor_id: Option<PersonId>,
}

/// What HR reads beside a line.
#[derive(Clone, Debug)]
pub struct Act {
    /// Whoever did it; `None` is the shop itself.
    pub actor: Option<String>,
    /// The grant that it made or took back.
    pub grant_id: Option<GrantId>,
}

/// A line, and the number of the order it was for, if it was for one.
pub type Told = (Line, Option<String>);

/// One page of a person's statement. A page beyond the last is the last one.
///
/// # Errors
/// When the database fails.
pub async fn page(
    db: &impl ConnectionTrait,
    person_id: PersonId,
    wanted: &Wanted,
    paging: Paging,
) -> Result<(Paged<Told>, Paging)> {
    let filter = filter(person_id, wanted);
    let total = transfers::Entity::find().filter(filter.clone()).count(db).await?;
    let paging = paging.within(total);
    let lines = lines(db, filter, paging.offset(), paging.limit()).await?;
    Ok((Paged { rows: with_orders(db, lines).await?, total }, paging))
}

/// A person's statement as a whole, newest first, no more than [`MOST_EXPORTED`].
///
/// # Errors
/// When the database fails.
pub async fn whole(db: &impl ConnectionTrait, person_id: PersonId, wanted: &Wanted) -> Result<Vec<Told>> {
    let lines = lines(db, filter(person_id, wanted), 0, MOST_EXPORTED).await?;
    with_orders(db, lines).await
}

/// Who did what these lines tell of, and which grants they made or took back; by the number of the line.
///
/// # Errors
/// When the database fails.
pub async fn acts(db: &impl ConnectionTrait, lines: &[Told]) -> Result<HashMap<i64, Act>> {
    let mut acts = HashMap::with_capacity(lines.len());
    for chunk in lines.chunks(CHUNK) {
        let granted: Vec<(i64, GrantId)> = grants::Entity::find()
            .select_only()
            .columns([grants::Column::TransferId, grants::Column::Id])
            .filter(grants::Column::TransferId.is_in(chunk.iter().map(|(line, _)| origin_of(line))))
            .into_tuple()
            .all(db)
            .await?;
        let actors: Vec<(PersonId, String)> = people::Entity::find()
            .select_only()
            .columns([people::Column::Id, people::Column::Name])
            .filter(people::Column::Id.is_in(chunk.iter().filter_map(|(line, _)| line.actor_id)))
            .into_tuple()
            .all(db)
            .await?;
        let granted: HashMap<i64, GrantId> = granted.into_iter().collect();
        let actors: HashMap<PersonId, String> = actors.into_iter().collect();
        acts.extend(chunk.iter().map(|(line, _)| {
            let actor = line.actor_id.and_then(|id| actors.get(&id).cloned());
            (line.id, Act { actor, grant_id: granted.get(&origin_of(line)).copied() })
        }));
    }
    Ok(acts)
}

/// The transfer that made what a line is about: itself, or the one it takes back.
fn origin_of(line: &Line) -> i64 {
    line.reverses_id.unwrap_or(line.id)
}

fn filter(person_id: PersonId, wanted: &Wanted) -> Condition {
    let account = Query::select()
        .column(accounts::Column::Id)
        .from(accounts::Entity)
        .and_where(accounts::Column::PersonId.eq(person_id))
        .to_owned();
    Condition::all()
        .add(transfers::Column::AccountId.in_subquery(account))
        .add_option(wanted.kind.map(|kind| transfers::Column::Kind.eq(kind)))
        .add_option(wanted.from.map(|from| transfers::Column::At.gte(from)))
        .add_option(wanted.before.map(|before| transfers::Column::At.lt(before)))
}

async fn lines(db: &impl ConnectionTrait, filter: Condition, offset: u64, limit: u64) -> Result<Vec<Line>> {
    let query = transfers::Entity::find().filter(filter).order_by_desc(transfers::Column::Id);
    Ok(query.offset(offset).limit(limit).into_model::<Line>().all(db).await?)
}

async fn with_orders(db: &impl ConnectionTrait, lines: Vec<Line>) -> Result<Vec<Told>> {
    let mut told = Vec::with_capacity(lines.len());
    for chunk in lines.chunks(CHUNK) {
        let ids = chunk.iter().filter_map(|line| line.order_id);
        let found = orders::Entity::find().filter(orders::Column::Id.is_in(ids)).all(db).await?;
        let numbers: HashMap<OrderId, String> =
            found.into_iter().map(|order| (order.id, order.number)).collect();
        told.extend(chunk.iter().map(|line| {
            let number = line.order_id.and_then(|id| numbers.get(&id).cloned());
            (line.clone(), number)
        }));
    }
    Ok(told)
}

/// The balance that was left when an order had been paid.
///
/// # Errors
/// When the database fails.
pub async fn balance_after(db: &impl ConnectionTrait, order_id: OrderId) -> Result<Points> {
    let charge = transfers::Entity::find()
        .filter(transfers::Column::OrderId.eq(order_id))
        .filter(transfers::Column::Kind.eq(TransferKind::Redeem))
        .one(db)
        .await?;
    Ok(charge.map(|charge| charge.balance_after).unwrap_or_default())
}
