//! The trail as it is searched: newest first, and never more of it read than is shown, however long it has become.

use std::collections::HashMap;

use sea_orm::sea_query::{Expr, Func, Query};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, Order, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait,
};

use crate::audit::subjects::About;
use crate::entity::audit_events::{self, Column, Model};
use crate::error::{Error, Result};
use crate::types::id::PersonId;
use crate::types::paging::{Paged, Paging};
use crate::types::time::Timestamp;

/// Counted and paged through no further: whoever looks for something older says from when.
pub const MOST_COUNTED: u64 = 1_000;
/// Rows in a download.
pub const MOST_EXPORTED: u64 = 20_000;
/// Rows read at once.
const CHUNK: usize = 500;

/// Which acts are wanted. What is `None` is not asked for; an empty list fits nothing.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// On what, or about whom.
    pub about: Option<About>,
    pub people: Option<Vec<PersonId>>,
    pub by: Option<By>,
    pub action: Option<String>,
    /// From this moment on.
    pub from: Option<Timestamp>,
    /// Before this moment.
    pub before: Option<Timestamp>,
    pub request_id: Option<String>,
    pub oldest_first: bool,
}

/// Whose acts.
#[derive(Clone, Debug)]
pub enum By {
    People(Vec<PersonId>),
    /// What happened by itself.
    Shop,
}

/// One page of the trail. The total is [`MOST_COUNTED`] plus one when there is more. A page beyond the last that is counted
/// is that one.
///
/// # Errors
/// When the database fails.
pub async fn page(
    db: &impl ConnectionTrait,
    wanted: &Wanted,
    paging: Paging,
) -> Result<(Paged<Model>, Paging)> {
    let total = count(db, wanted).await?;
    let paging = paging.within(Ord::min(total, MOST_COUNTED));
    Ok((Paged { rows: rows(db, wanted, paging.offset(), paging.limit()).await?, total }, paging))
}

/// All that fit, up to [`MOST_EXPORTED`].
///
/// # Errors
/// When the database fails.
pub async fn all(db: &impl ConnectionTrait, wanted: &Wanted) -> Result<Vec<Model>> {
    rows(db, wanted, 0, MOST_EXPORTED).await
}

/// One act.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn load(db: &impl ConnectionTrait, id: i64) -> Result<Model> {
    audit_events::Entity::find_by_id(id).one(db).await?.ok_or(Error::NotFound)
}

/// What else was done in a request, in the order in which it was done.
///
/// # Errors
/// When the database fails.
pub async fn of_request(db: &impl ConnectionTrait, request_id: &str, most: u64) -> Result<Vec<Model>> {
    let of_it = audit_events::Entity::find().filter(Column::RequestId.eq(request_id));
    Ok(of_it.order_by_asc(Column::Id).limit(most).all(db).await?)
}

/// First which, by indices alone, then these few as a whole: what an act holds is long, and need not be sorted.
async fn rows(db: &impl ConnectionTrait, wanted: &Wanted, offset: u64, limit: u64) -> Result<Vec<Model>> {
    let order = if wanted.oldest_first { Order::Asc } else { Order::Desc };
    let found = audit_events::Entity::find().filter(filter(wanted)).select_only().column(Column::Id);
    let found = found.order_by(moment(wanted), order.clone()).order_by(Column::Id, order);
    let ids: Vec<i64> = found.offset(offset).limit(limit).into_tuple().all(db).await?;
    let mut rows = Vec::with_capacity(ids.len());
    for chunk in ids.chunks(CHUNK) {
        let some = audit_events::Entity::find().filter(Column::Id.is_in(chunk.iter().copied()));
        let mut some: HashMap<i64, Model> =
            some.all(db).await?.into_iter().map(|event| (event.id, event)).collect();
        rows.extend(chunk.iter().filter_map(|id| some.remove(id)));
    }
    Ok(rows)
}

/// What it is sorted by. Few rows fit when somebody or something is asked for: they are found first and sorted then, where
/// the database might otherwise walk through all time until it has a page full of them.
fn moment(wanted: &Wanted) -> Expr {
    let at = Expr::col((audit_events::Entity, Column::At));
    let is_selective = wanted.about.is_some() || wanted.people.is_some() || wanted.request_id.is_some();
    if is_selective { Func::coalesce([at.clone(), at]).into() } else { at }
}

async fn count(db: &impl ConnectionTrait, wanted: &Wanted) -> Result<u64> {
    let some = audit_events::Entity::find().filter(filter(wanted)).select_only().column(Column::Id);
    let some = some.limit(MOST_COUNTED + 1).into_query();
    let count = Query::select().expr(Expr::cust("COUNT(*)")).from_subquery(some, "found").to_owned();
    let row = db.query_one_raw(db.get_database_backend().build(&count)).await?;
    let count: i64 = row.map(|row| row.try_get_by_index(0)).transpose()?.unwrap_or_default();
    Ok(u64::try_from(count).unwrap_or_default())
}

fn filter(wanted: &Wanted) -> Condition {
    let people = |column: Column, ids: &Vec<PersonId>| column.is_in(ids.iter().copied());
    Condition::all()
        .add_option(wanted.about.as_ref().map(about))
        .add_option(wanted.people.as_ref().map(|ids| people(Column::PersonId, ids)))
        .add_option(wanted.by.as_ref().map(|by| match by {
            By::People(ids) => people(Column::ActorId, ids),
            By::Shop => Column::ActorId.is_null(),
        }))
        .add_option(wanted.action.as_ref().map(|action| Column::Action.eq(action)))
        .add_option(wanted.from.map(|from| Column::At.gte(from)))
        .add_option(wanted.before.map(|before| Column::At.lt(before)))
        .add_option(wanted.request_id.as_ref().map(|id| Column::RequestId.eq(id)))
}

fn about(about: &About) -> Condition {
    let things = about.things.iter().map(|(kind, ids)| {
        Condition::all().add(Column::SubjectKind.eq(*kind)).add(Column::SubjectId.is_in(ids))
    });
    let people = Column::PersonId.is_in(about.people.iter().copied());
    things.fold(Condition::any().add(people), Condition::add)
}
