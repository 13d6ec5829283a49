//! Orders as the desk needs them: everybody's, with how many stand where.
//!
//! Half a million orders must not slow a page, so nothing here reads more rows than a page shows or a named limit says:
//! people and products that are looked for become ids first (`narrow`), counts end at [`MOST_COUNTED`], every order of
//! the list is that of an index, and names and lines are fetched for the rows of the page alone.

mod narrow;

use std::collections::BTreeMap;

use sea_orm::sea_query::{Asterisk, Expr, Func, Query, SelectStatement, UnionType};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, Iterable, Order, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait,
};

use crate::entity::{order_lines, orders, people};
use crate::error::Result;
use crate::platform::merge;
use crate::types::id::{OrderId, PersonId};
use crate::types::order_state::OrderState;
use crate::types::paging::Paging;
use crate::types::time::Timestamp;

pub use narrow::{Narrowed, narrowed};

/// Orders of one state that are counted; beyond it says "more than".
pub const MOST_COUNTED: u64 = 500;
/// What the list can be sorted by.
pub const COLUMNS: &[&str] = &["placed", "number", "total"];
/// Orders whose lines are fetched in one statement.
const CHUNK: usize = 500;

/// Which part of the queue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Queue {
    /// What waits for somebody: placed or being prepared.
    #[default]
    Waiting,
    All,
    One(OrderState),
}

impl Queue {
    /// Every part there is.
    pub fn each() -> impl Iterator<Item = Self> {
        [Self::Waiting, Self::All].into_iter().chain(OrderState::iter().map(Self::One))
    }

    /// As it stands in an address.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::All => "all",
            Self::One(state) => state.name(),
        }
    }

    fn holds(self, state: OrderState) -> bool {
        match self {
            Self::Waiting => matches!(state, OrderState::Placed | OrderState::Preparing),
            Self::All => true,
            Self::One(one) => one == state,
        }
    }
}

/// Which orders are wanted, and in which order.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    pub queue: Queue,
    /// An order's number or how it begins, or words of a person's name, number or e-mail.
    pub search: String,
    pub person: Option<PersonId>,
    /// A product's slug, or a part of its name.
    pub product: String,
    pub department: String,
    /// From this moment on.
    pub from: Option<Timestamp>,
    /// Before this moment.
    pub before: Option<Timestamp>,
    /// One of [`COLUMNS`].
    pub sort: &'static str,
    pub descending: bool,
}

/// An order in the list.
#[derive(Clone, Debug)]
pub struct Listed {
    pub order: orders::Model,
    pub person: people::Model,
    pub lines: Vec<order_lines::Model>,
}

/// How many of the orders that are wanted stand where; each count ends one beyond [`MOST_COUNTED`].
#[derive(Clone, Debug, Default)]
pub struct Counts(BTreeMap<&'static str, u64>);

impl Counts {
    /// How many there are in a part of the queue, and whether there are more.
    #[must_use]
    pub fn of(&self, queue: Queue) -> (u64, bool) {
        let own = OrderState::iter().filter(|state| queue.holds(*state));
        let counts: Vec<u64> = own.filter_map(|state| self.0.get(state.name()).copied()).collect();
        let has_more = counts.iter().any(|count| *count > MOST_COUNTED);
        (counts.iter().map(|count| (*count).min(MOST_COUNTED)).sum(), has_more)
    }
}

/// One page of the list.
#[derive(Clone, Debug)]
pub struct Found {
    pub rows: Vec<Listed>,
    pub counts: Counts,
    /// The part of the queue that is shown: all of it when a whole number was looked for.
    pub queue: Queue,
}

/// One page of the orders that are wanted.
///
/// # Errors
/// When the database fails.
pub async fn page(db: &impl ConnectionTrait, wanted: &Wanted, paging: Paging) -> Result<Found> {
    let narrowed = narrowed(db, wanted).await?;
    // Whoever types a whole number wants that order wherever it stands.
    let queue = if narrowed.is_one_number { Queue::All } else { wanted.queue };
    let counts = counts(db, &narrowed.condition).await?;
    let paging = Paging { number: paging.number.min(paging.pages(counts.of(queue).0)), ..paging };
    let orders = in_order(&narrowed.condition, queue, wanted, (paging.offset(), paging.limit()));
    let orders = load(db, orders).await?;
    Ok(Found { rows: with_lines(db, orders).await?, counts, queue })
}

/// The first `most` of the orders that are wanted.
///
/// # Errors
/// When the database fails.
pub async fn whole(db: &impl ConnectionTrait, wanted: &Wanted, most: u64) -> Result<Vec<Listed>> {
    let narrowed = narrowed(db, wanted).await?;
    let queue = if narrowed.is_one_number { Queue::All } else { wanted.queue };
    let orders = load(db, in_order(&narrowed.condition, queue, wanted, (0, most))).await?;
    with_lines(db, orders).await
}

/// The newest orders of one person.
///
/// # Errors
/// When the database fails.
pub async fn newest_of(db: &impl ConnectionTrait, person: PersonId, most: u64) -> Result<Vec<Listed>> {
    let wanted = Wanted {
        queue: Queue::All,
        person: Some(person),
        sort: "placed",
        descending: true,
        ..Wanted::default()
    };
    whole(db, &wanted, most).await
}

/// The ids of one page, `offset` and `limit`: each state by itself, which an index has in order.
fn in_order(
    condition: &Condition,
    queue: Queue,
    wanted: &Wanted,
    (offset, limit): (u64, u64),
) -> Option<SelectStatement> {
    let states = match queue {
        Queue::All => vec![None],
        Queue::Waiting => vec![Some(OrderState::Placed), Some(OrderState::Preparing)],
        Queue::One(state) => vec![Some(state)],
    };
    let column = match wanted.sort {
        "number" => orders::Column::Number,
        "total" => orders::Column::Total,
        _ => orders::Column::PlacedAt,
    };
    let order = if wanted.descending { Order::Desc } else { Order::Asc };
    let parts = states.into_iter().map(|state| {
        // What waits is few among all: found first, and sorted then. By time an index has it in order.
        let is_few = matches!(state, Some(OrderState::Placed | OrderState::Preparing))
            && !matches!(column, orders::Column::PlacedAt);
        let sorted_by = Expr::col((orders::Entity, column));
        let by = if is_few { Func::coalesce([sorted_by.clone(), sorted_by]).into() } else { sorted_by };
        orders::Entity::find()
            .select_only()
            .column(orders::Column::Id)
            .column_as(Expr::col((orders::Entity, column)), "sorted_by")
            .filter(condition.clone())
            .filter(Condition::all().add_option(state.map(|state| orders::Column::State.eq(state))))
            .order_by(by, order.clone())
            .order_by(orders::Column::Id, order.clone())
            .limit(offset + limit)
            .into_query()
    });
    merge::page(parts, &order, offset, limit)
}

/// Whole orders are read only of those that are on the page.
async fn load(db: &impl ConnectionTrait, page: Option<SelectStatement>) -> Result<Vec<orders::Model>> {
    #[derive(FromQueryResult)]
    struct Row {
        id: OrderId,
    }
    let Some(page) = page else { return Ok(vec![]) };
    let rows = Row::find_by_statement(db.get_database_backend().build(&page)).all(db).await?;
    let ids: Vec<OrderId> = rows.into_iter().map(|row| row.id).collect();
    let mut found = BTreeMap::new();
    for chunk in ids.chunks(CHUNK) {
        let some = orders::Entity::find().filter(orders::Column::Id.is_in(chunk.iter().copied()));
        found.extend(some.all(db).await?.into_iter().map(|order| (order.id, order)));
    }
    Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
}

/// One statement: each state counted by itself, which an index does without looking at a row.
async fn counts(db: &impl ConnectionTrait, condition: &Condition) -> Result<Counts> {
    use sea_orm::ExprTrait;
    #[derive(FromQueryResult)]
    struct Count {
        state: OrderState,
        found: i64,
    }
    let of_state = |state: OrderState| -> SelectStatement {
        let some = Query::select()
            .expr_as(Expr::val(1), "one")
            .from(orders::Entity)
            .cond_where(condition.clone())
            .and_where(orders::Column::State.eq(state))
            .limit(MOST_COUNTED + 1)
            .to_owned();
        Query::select()
            .expr_as(Expr::val(state.name()), "state")
            .expr_as(Expr::col(Asterisk).count(), "found")
            .from_subquery(some, "some")
            .to_owned()
    };
    let mut states = OrderState::iter().map(of_state);
    let Some(mut all) = states.next() else { return Ok(Counts::default()) };
    for one in states {
        all.union(UnionType::All, one);
    }
    let counts = Count::find_by_statement(db.get_database_backend().build(&all)).all(db).await?;
    let counts =
        counts.into_iter().map(|row| (row.state.name(), u64::try_from(row.found).unwrap_or_default()));
    Ok(Counts(counts.collect()))
}

/// The orders with whose they are and what was ordered.
async fn with_lines(db: &impl ConnectionTrait, orders: Vec<orders::Model>) -> Result<Vec<Listed>> {
    let mut listed = Vec::with_capacity(orders.len());
    for chunk in orders.chunks(CHUNK) {
        let owners = chunk.iter().map(|order| order.person_id);
        let people = people::Entity::find().filter(people::Column::Id.is_in(owners)).all(db).await?;
        let people: BTreeMap<PersonId, people::Model> =
            people.into_iter().map(|person| (person.id, person)).collect();
        let lines = order_lines::Entity::find()
            .filter(order_lines::Column::OrderId.is_in(chunk.iter().map(|order| order.id)))
            .order_by_asc(order_lines::Column::Position)
            .all(db)
            .await?;
        let mut of_order: BTreeMap<_, Vec<order_lines::Model>> = BTreeMap::new();
        for line in lines {
            of_order.entry(line.order_id).or_default().push(line);
        }
        for order in chunk {
            let Some(person) = people.get(&order.person_id).cloned() else { continue };
            let lines = of_order.remove(&order.id).unwrap_or_default();
            listed.push(Listed { order: order.clone(), person, lines });
        }
    }
    Ok(listed)
}
