//! The list of all that HR and the rules did with points: grants, deductions, and grants that were taken back.
//!
//! First the numbers of the transfers of one page, by indices alone, then what the page says of these few: the list stays
//! quick however long it gets. Nobody needs the exact number of very many, so counting ends at [`MOST_COUNTED`].

use std::collections::HashMap;

use sea_orm::sea_query::{Alias, Expr, Func, LikeExpr, Query};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, FromQueryResult, Order, QueryFilter,
    QueryOrder, QuerySelect, Statement,
};

use super::reasons;
use crate::entity::{accounts, deductions, grants, people, transfers};
use crate::error::Result;
use crate::people::lookup;
use crate::types::id::{GrantId, PersonId};
use crate::types::paging::{Paged, Paging};
use crate::types::points::Points;
use crate::types::time::Timestamp;
use crate::types::transfer_kind::TransferKind;

/// A longer list is not counted to its end.
pub const MOST_COUNTED: u64 = 10_000;
/// Rows in a download.
pub const MOST_EXPORTED: u64 = 50_000;
/// People whose acts are looked for when many fit a search.
const MOST_PEOPLE: u32 = 200;
/// Transfers, from the newest on, whose notes are searched.
const NOTES_SEARCHED: i64 = 200_000;
/// Characters of a search in notes that are looked at.
const LONGEST_SEARCH: usize = 60;
/// Rows whose words are looked up at once.
const CHUNK: usize = 500;

/// What kind of act it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Grant,
    Deduction,
    /// A grant that was taken back.
    Undo,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Grant, Self::Deduction, Self::Undo];

    /// Its name in addresses.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Grant => "grant",
            Self::Deduction => "deduction",
            Self::Undo => "undo",
        }
    }
}

/// Who did it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Maker {
    Shop,
    Person(PersonId),
}

/// By what the list is sorted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum By {
    #[default]
    Time,
    Points,
}

/// Which acts are wanted, in which order.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// In the name, number or e-mail address of the person.
    pub search: String,
    /// In the note.
    pub note: String,
    pub kind: Option<Kind>,
    pub reason: Option<&'static str>,
    pub maker: Option<Maker>,
    pub from: Option<Timestamp>,
    pub before: Option<Timestamp>,
    pub by: By,
    pub ascending: bool,
}

/// One act.
#[derive(Clone, Debug)]
pub struct Act {
    pub kind: Kind,
    pub at: Timestamp,
    pub person_id: PersonId,
    pub person: String,
    pub employee_number: Option<String>,
    /// Its reason's code; a grant that was taken back has none.
    pub reason: Option<String>,
    pub note: String,
    pub amount: Points,
    pub balance_after: Points,
    /// `None` is the shop itself.
    pub maker: Option<String>,
    /// The grant that was made or taken back.
    pub grant_id: Option<GrantId>,
}

/// One page of the list; its total is no more than [`MOST_COUNTED`] and one.
///
/// # Errors
/// When the database fails.
pub async fn page(db: &impl ConnectionTrait, wanted: &Wanted, paging: Paging) -> Result<Paged<Act>> {
    let Some(found) = select(db, wanted).await? else { return Ok(Paged { rows: vec![], total: 0 }) };
    let total = count(db, found.clone()).await?;
    let ids = ordered(found, wanted).offset(paging.offset()).limit(paging.limit());
    let ids = ids.into_tuple::<i64>().all(db).await?;
    Ok(Paged { rows: told(db, &ids).await?, total })
}

/// The list as a whole, as far as [`MOST_EXPORTED`].
///
/// # Errors
/// When the database fails.
pub async fn whole(db: &impl ConnectionTrait, wanted: &Wanted) -> Result<Vec<Act>> {
    let Some(found) = select(db, wanted).await? else { return Ok(vec![]) };
    let ids = ordered(found, wanted).limit(MOST_EXPORTED).into_tuple::<i64>().all(db).await?;
    let mut acts = Vec::with_capacity(ids.len());
    for chunk in ids.chunks(CHUNK) {
        acts.extend(told(db, chunk).await?);
    }
    Ok(acts)
}

/// The numbers of the wanted transfers; `None` when it is clear that there are none.
async fn select(
    db: &impl ConnectionTrait,
    wanted: &Wanted,
) -> Result<Option<sea_orm::Select<transfers::Entity>>> {
    let mut filter = Condition::all();
    if !wanted.search.trim().is_empty() {
        let people = lookup::search(db, &wanted.search, MOST_PEOPLE).await?;
        let people: Vec<_> = people.into_iter().map(|found| found.id).collect();
        let found = accounts::Entity::find().filter(accounts::Column::PersonId.is_in(people)).all(db).await?;
        if found.is_empty() {
            return Ok(None);
        }
        filter = filter.add(transfers::Column::AccountId.is_in(found.into_iter().map(|account| account.id)));
    }
    let words: String = wanted.note.trim().to_lowercase().chars().take(LONGEST_SEARCH).collect();
    if !words.is_empty() {
        let pattern = words.replace('!', "!!").replace('%', "!%").replace('_', "!_");
        let pattern = LikeExpr::new(format!("%{pattern}%")).escape('!');
        let newest = newest(db).await?;
        let note = Expr::expr(Func::lower(Expr::col((transfers::Entity, transfers::Column::Reason))));
        filter = filter.add(transfers::Column::Id.gt(newest - NOTES_SEARCHED)).add(note.like(pattern));
    }
    filter = match wanted.maker {
        None => filter,
        Some(Maker::Shop) => filter.add(transfers::Column::ActorId.is_null()),
        Some(Maker::Person(id)) => filter.add(transfers::Column::ActorId.eq(id)),
    };
    let filter = filter
        .add_option(wanted.from.map(|from| transfers::Column::At.gte(from)))
        .add_option(wanted.before.map(|before| transfers::Column::At.lt(before)));
    let all = transfers::Entity::find().filter(filter).select_only().column(transfers::Column::Id);
    Ok(Some(of_kind(all, wanted)))
}

/// A code tells giving from taking, so the smaller table leads where one is named.
fn of_kind(all: sea_orm::Select<transfers::Entity>, wanted: &Wanted) -> sea_orm::Select<transfers::Entity> {
    let taken = wanted.reason.is_some_and(|code| reasons::of_deduction(code).is_some());
    let granted = wanted.reason.is_some() && !taken;
    let of_grants = |reason: Option<&str>| {
        let mut ids = Query::select();
        ids.column(grants::Column::TransferId).from(grants::Entity);
        if let Some(code) = reason {
            ids.and_where(grants::Column::Reason.eq(code));
        }
        transfers::Column::Id.in_subquery(ids)
    };
    let of_deductions = |reason: Option<&str>| {
        let mut ids = Query::select();
        ids.column(deductions::Column::TransferId).from(deductions::Entity);
        if let Some(code) = reason {
            ids.and_where(deductions::Column::Reason.eq(code));
        }
        transfers::Column::Id.in_subquery(ids)
    };
    let nothing = || Expr::val(1).eq(0);
    match wanted.kind {
        None if granted => all.filter(of_grants(wanted.reason)),
        None if taken => all.filter(of_deductions(wanted.reason)),
        None => all.filter(transfers::Column::Kind.is_in([TransferKind::Grant, TransferKind::Deduct])),
        Some(Kind::Grant) if taken => all.filter(nothing()),
        Some(Kind::Grant) if granted => all.filter(of_grants(wanted.reason)),
        Some(Kind::Grant) => all.filter(transfers::Column::Kind.eq(TransferKind::Grant)),
        Some(Kind::Deduction) if granted => all.filter(nothing()),
        Some(Kind::Deduction) => all.filter(of_deductions(wanted.reason)),
        Some(Kind::Undo) if wanted.reason.is_some() => all.filter(nothing()),
        Some(Kind::Undo) => all.filter(transfers::Column::ReversesId.is_not_null()),
    }
}

fn ordered(found: sea_orm::Select<transfers::Entity>, wanted: &Wanted) -> sea_orm::Select<transfers::Entity> {
    let order = if wanted.ascending { Order::Asc } else { Order::Desc };
    let first = match wanted.by {
        By::Time => transfers::Column::At,
        By::Points => transfers::Column::Amount,
    };
    found.order_by(first, order.clone()).order_by(transfers::Column::Id, order)
}

async fn count(db: &impl ConnectionTrait, found: sea_orm::Select<transfers::Entity>) -> Result<u64> {
    #[derive(FromQueryResult)]
    struct Count {
        acts: i64,
    }
    let first = sea_orm::QueryTrait::into_query(found.limit(MOST_COUNTED + 1));
    let counted = Query::select()
        .expr_as(Func::count(Expr::val(1)), Alias::new("acts"))
        .from_subquery(first, Alias::new("found"))
        .to_owned();
    let statement: Statement = db.get_database_backend().build(&counted);
    let counted = Count::find_by_statement(statement).one(db).await?;
    Ok(counted.and_then(|counted| u64::try_from(counted.acts).ok()).unwrap_or_default())
}

async fn newest(db: &impl ConnectionTrait) -> Result<i64> {
    let newest = transfers::Entity::find().order_by_desc(transfers::Column::Id).one(db).await?;
    Ok(newest.map_or(0, |transfer| transfer.id))
}

/// The words of these transfers, in their order.
async fn told(db: &impl ConnectionTrait, ids: &[i64]) -> Result<Vec<Act>> {
    let rows =
        transfers::Entity::find().filter(transfers::Column::Id.is_in(ids.iter().copied())).all(db).await?;
    let accounts = accounts::Entity::find()
        .filter(accounts::Column::Id.is_in(rows.iter().map(|row| row.account_id)))
        .all(db)
        .await?;
    let owners: HashMap<_, _> =
        accounts.into_iter().filter_map(|account| Some((account.id, account.person_id?))).collect();
    let concerned = owners.values().copied().chain(rows.iter().filter_map(|row| row.actor_id));
    let people = people::Entity::find().filter(people::Column::Id.is_in(concerned)).all(db).await?;
    let people: HashMap<_, _> = people.into_iter().map(|person| (person.id, person)).collect();
    let of = rows.iter().map(|row| row.reverses_id.unwrap_or(row.id));
    let granted = grants::Entity::find().filter(grants::Column::TransferId.is_in(of)).all(db).await?;
    let granted: HashMap<_, _> = granted.into_iter().map(|grant| (grant.transfer_id, grant)).collect();
    let taken = deductions::Entity::find()
        .filter(deductions::Column::TransferId.is_in(ids.iter().copied()))
        .all(db)
        .await?;
    let taken: HashMap<_, _> = taken.into_iter().map(|taken| (taken.transfer_id, taken.reason)).collect();
    let mut rows: HashMap<_, _> = rows.into_iter().map(|row| (row.id, row)).collect();
    let mut acts = Vec::with_capacity(ids.len());
    for id in ids {
        let Some(row) = rows.remove(id) else { continue };
        let Some(person) = owners.get(&row.account_id).and_then(|owner| people.get(owner)) else { continue };
        let grant = granted.get(&row.reverses_id.unwrap_or(row.id));
        let kind = match row.kind {
            TransferKind::Grant => Kind::Grant,
            _ if row.reverses_id.is_some() => Kind::Undo,
            _ => Kind::Deduction,
        };
        acts.push(Act {
            kind,
            at: row.at,
            person_id: person.id,
            person: person.name.clone(),
            employee_number: person.employee_number.clone(),
            reason: match kind {
                Kind::Grant => grant.map(|grant| grant.reason.clone()),
                Kind::Deduction => taken.get(id).cloned(),
                Kind::Undo => None,
            },
            note: row.reason,
            amount: row.amount,
            balance_after: row.balance_after,
            maker: row.actor_id.and_then(|id| people.get(&id)).map(|maker| maker.name.clone()),
            grant_id: grant.map(|grant| grant.id),
        });
    }
    Ok(acts)
}
