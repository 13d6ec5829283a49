//! The list of all that HR and the rules did with points: grants, deductions, and grants that were taken back.
//!
//! First the numbers of the transfers of one page, by indices alone, then what the page says of these few: the list stays
//! quick however long it gets. An index has each kind of transfer in order, so grants and deductions are found apart and
//! then merged. Nobody needs the exact number of very many, so counting ends at [`MOST_COUNTED`].

use std::collections::HashMap;

use sea_orm::sea_query::{Expr, Func, Query, SimpleExpr};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, FromQueryResult, Order, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait, Select,
};

use super::reasons;
use crate::entity::{accounts, deductions, grants, people, transfers};
use crate::error::Result;
use crate::people::lookup;
use crate::platform::{dialect, merge};
use crate::types::id::{GrantId, PersonId};
use crate::types::paging::{Paged, Paging};
use crate::types::points::Points;
use crate::types::search;
use crate::types::time::Timestamp;
use crate::types::transfer_kind::TransferKind;

/// A longer list is not counted to its end.
pub const MOST_COUNTED: u64 = 1_000;
/// Rows in a download.
pub const MOST_EXPORTED: u64 = 50_000;
/// People whose acts are looked for when many fit a search.
pub const MOST_PEOPLE: u32 = 200;
/// Grants, from the newest on, and as many deductions, whose notes are searched.
pub const NOTES_SEARCHED: u64 = 20_000;
/// So many acts of one reason are not sorted to find the first of them.
const MANY: u64 = 1_000;
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

/// One page of the list; its total is no more than [`MOST_COUNTED`] and one. A page beyond the last is the last one; of a
/// list that is not counted to its end, the last that is counted.
///
/// # Errors
/// When the database fails.
pub async fn page(
    db: &impl ConnectionTrait,
    wanted: &Wanted,
    paging: Paging,
) -> Result<(Paged<Act>, Paging)> {
    let nothing = (Paged { rows: vec![], total: 0 }, paging.within(0));
    let Some(filter) = filter(db, wanted).await? else { return Ok(nothing) };
    let mut total: u64 = 0;
    let is_by_note = !wanted.note.trim().is_empty();
    for part in parts(db, wanted, &filter, false).await? {
        // In the order in which their oldest was found, so that MySQL keeps to that index.
        let part = if is_by_note { newest_first(part) } else { part };
        total = total.saturating_add(count(db, part).await?);
    }
    if total == 0 {
        return Ok(nothing);
    }
    let parts = parts(db, wanted, &filter, total >= MANY).await?;
    let mut paging = if total > MOST_COUNTED { paging } else { paging.within(total) };
    let mut ids = merged(db, parts.clone(), wanted, paging.offset(), paging.limit()).await?;
    if ids.is_empty() {
        paging = paging.within(MOST_COUNTED);
        ids = merged(db, parts, wanted, paging.offset(), paging.limit()).await?;
    }
    Ok((Paged { rows: told(db, &ids).await?, total: Ord::min(total, MOST_COUNTED + 1) }, paging))
}

/// Whether more people fit the search than are looked for.
///
/// # Errors
/// When the database fails.
pub async fn fits_too_many(db: &impl ConnectionTrait, wanted: &Wanted) -> Result<bool> {
    let found = lookup::search(db, &wanted.search, MOST_PEOPLE + 1).await?;
    Ok(u32::try_from(found.len()).is_ok_and(|count| count > MOST_PEOPLE))
}

/// The list as a whole, as far as [`MOST_EXPORTED`].
///
/// # Errors
/// When the database fails.
pub async fn whole(db: &impl ConnectionTrait, wanted: &Wanted) -> Result<Vec<Act>> {
    let Some(filter) = filter(db, wanted).await? else { return Ok(vec![]) };
    let parts = parts(db, wanted, &filter, false).await?;
    let ids = merged(db, parts, wanted, 0, MOST_EXPORTED).await?;
    let mut acts = Vec::with_capacity(ids.len());
    for chunk in ids.chunks(CHUNK) {
        acts.extend(told(db, chunk).await?);
    }
    Ok(acts)
}

/// Whose, by whom and when; `None` when it is clear that there are none.
async fn filter(db: &impl ConnectionTrait, wanted: &Wanted) -> Result<Option<Condition>> {
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
    filter = match wanted.maker {
        None => filter,
        Some(Maker::Shop) => filter.add(transfers::Column::ActorId.is_null()),
        Some(Maker::Person(id)) => filter.add(transfers::Column::ActorId.eq(id)),
    };
    let filter = filter
        .add_option(wanted.from.map(|from| transfers::Column::At.gte(from)))
        .add_option(wanted.before.map(|before| transfers::Column::At.lt(before)));
    Ok(Some(filter))
}

/// The wanted transfers, in parts that an index has in order. A page of many is found soon by walking through them.
async fn parts(
    db: &impl ConnectionTrait,
    wanted: &Wanted,
    filter: &Condition,
    are_many: bool,
) -> Result<Vec<Select<transfers::Entity>>> {
    let mut parts = Vec::new();
    for kind in of_kind(wanted, are_many) {
        let part = transfers::Entity::find().filter(filter.clone()).filter(kind);
        parts.push(with_note(db, part, &wanted.note).await?);
    }
    Ok(parts)
}

/// What tells the transfers of one kind from all others. A code tells giving from taking.
fn of_kind(wanted: &Wanted, are_many: bool) -> Vec<Condition> {
    let code = wanted.reason;
    let taken = code.is_some_and(|code| reasons::of_deduction(code).is_some());
    let given = code.is_some() && !taken;
    let grants = || Condition::all().add(transfers::Column::Kind.eq(TransferKind::Grant));
    let of_code = || grants().add_option(code.map(|code| has_reason(code, are_many)));
    let deductions = || {
        let mut ids = Query::select();
        ids.column(deductions::Column::TransferId).from(deductions::Entity);
        ids.and_where_option(code.map(|code| deductions::Column::Reason.eq(code)));
        Condition::all().add(transfers::Column::Id.in_subquery(ids))
    };
    match wanted.kind {
        None if given => vec![of_code()],
        None if taken => vec![deductions()],
        None => vec![grants(), Condition::all().add(transfers::Column::Kind.eq(TransferKind::Deduct))],
        Some(Kind::Grant) if taken => vec![],
        Some(Kind::Grant) => vec![of_code()],
        Some(Kind::Deduction) if given => vec![],
        Some(Kind::Deduction) => vec![deductions()],
        Some(Kind::Undo) if code.is_some() => vec![],
        Some(Kind::Undo) => vec![Condition::all().add(transfers::Column::ReversesId.is_not_null())],
    }
}

/// Of few, the grants of the reason come first; of many, each grant is asked in turn: its limit keeps MySQL from sorting
/// all of them.
fn has_reason(code: &'static str, are_many: bool) -> Expr {
    if !are_many {
        let mut ids = Query::select();
        ids.column(grants::Column::TransferId)
            .from(grants::Entity)
            .and_where(grants::Column::Reason.eq(code));
        return transfers::Column::Id.in_subquery(ids);
    }
    let reason = Query::select()
        .column(grants::Column::Reason)
        .from(grants::Entity)
        .and_where(grants::Column::TransferId.into_expr().equals((transfers::Entity, transfers::Column::Id)))
        .limit(1)
        .to_owned();
    Expr::expr(SimpleExpr::SubQuery(None, Box::new(reason.into()))).eq(code)
}

/// Only those of the newest [`NOTES_SEARCHED`] of `part` in whose note this stands. The oldest of them is found first, which
/// an index does, so that a page of many is full soon.
async fn with_note(
    db: &impl ConnectionTrait,
    part: Select<transfers::Entity>,
    note: &str,
) -> Result<Select<transfers::Entity>> {
    let words = search::typed(note);
    if words.is_empty() {
        return Ok(part);
    }
    let oldest = part.clone().select_only().columns([transfers::Column::At, transfers::Column::Id]);
    let oldest = newest_first(oldest).offset(NOTES_SEARCHED - 1).limit(1);
    let oldest: Option<(Timestamp, i64)> = oldest.into_tuple().one(db).await?;
    let written = dialect::contains(Expr::col((transfers::Entity, transfers::Column::Reason)), &words);
    let is_new = oldest.map(|(at, id)| {
        let is_later = Condition::any().add(transfers::Column::At.gt(at)).add(transfers::Column::Id.gte(id));
        Condition::all().add(transfers::Column::At.gte(at)).add(is_later)
    });
    Ok(part.filter(Condition::all().add_option(is_new)).filter(written))
}

fn newest_first(part: Select<transfers::Entity>) -> Select<transfers::Entity> {
    part.order_by_desc(transfers::Column::At).order_by_desc(transfers::Column::Id)
}

/// The numbers of the transfers of all parts, in order.
async fn merged(
    db: &impl ConnectionTrait,
    parts: Vec<Select<transfers::Entity>>,
    wanted: &Wanted,
    offset: u64,
    limit: u64,
) -> Result<Vec<i64>> {
    #[derive(FromQueryResult)]
    struct Row {
        id: i64,
    }
    let order = if wanted.ascending { Order::Asc } else { Order::Desc };
    let sorted_by = match wanted.by {
        By::Time => transfers::Column::At,
        By::Points => transfers::Column::Amount,
    };
    // The few transfers of the people who were looked for are found first and sorted then.
    let is_few = !wanted.search.trim().is_empty();
    let parts = parts.into_iter().map(|part| {
        let column = Expr::col((transfers::Entity, sorted_by));
        let by = if is_few { Func::coalesce([column.clone(), column]).into() } else { column };
        part.select_only()
            .column(transfers::Column::Id)
            .column_as(Expr::col((transfers::Entity, sorted_by)), "sorted_by")
            .order_by(by, order.clone())
            .order_by(transfers::Column::Id, order.clone())
            .limit(offset + limit)
            .into_query()
    });
    let Some(page) = merge::page(parts, &order, offset, limit) else { return Ok(vec![]) };
    let rows = Row::find_by_statement(db.get_database_backend().build(&page)).all(db).await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

async fn count(db: &impl ConnectionTrait, part: Select<transfers::Entity>) -> Result<u64> {
    #[derive(FromQueryResult)]
    struct Count {
        acts: i64,
    }
    let first = part.select_only().column(transfers::Column::Id).limit(MOST_COUNTED + 1).into_query();
    let counted =
        Query::select().expr_as(Func::count(Expr::val(1)), "acts").from_subquery(first, "found").to_owned();
    let counted = Count::find_by_statement(db.get_database_backend().build(&counted)).one(db).await?;
    Ok(counted.and_then(|counted| u64::try_from(counted.acts).ok()).unwrap_or_default())
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
