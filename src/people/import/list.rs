//! The list of sheets, as the desk works with it.

use sea_orm::sea_query::{Expr, Func};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, JoinType, Order, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect, Select,
};

use super::{COMMITTED, PREVIEWED, remembered};
use crate::entity::{people, people_imports};
use crate::error::Result;
use crate::people::lookup;
use crate::platform::dialect;
use crate::types::id::ImportId;
use crate::types::paging::{Paged, Paging};
use crate::types::search;
use crate::types::time::Timestamp;

/// Sheets in a file.
pub const MOST_EXPORTED: u64 = 10_000;

/// Whether a sheet was entered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    Waiting,
    Entered,
}

impl Standing {
    pub const ALL: [Self; 2] = [Self::Waiting, Self::Entered];

    /// As it stands in an address.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Entered => "entered",
        }
    }
}

/// What the list can be sorted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SortedBy {
    Created,
    File,
    Rows,
    Maker,
}

/// Which sheets are wanted, and in which order.
#[derive(Clone, Debug)]
pub struct Wanted {
    pub standing: Option<Standing>,
    /// In the file's name, or what the maker is found by.
    pub search: String,
    pub sorted_by: SortedBy,
    pub descending: bool,
}

/// A sheet in the list.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Listed {
    pub id: ImportId,
    pub file_name: String,
    pub maker: String,
    pub row_count: i64,
    pub created_at: Timestamp,
    pub committed_at: Option<Timestamp>,
    pub entered: i64,
    pub changed: i64,
    pub unchanged: i64,
    pub refused: i64,
}

/// One page of the list. A page beyond the last is the last one.
///
/// # Errors
/// When the database fails.
pub async fn page(
    db: &impl ConnectionTrait,
    now: Timestamp,
    wanted: &Wanted,
    paging: Paging,
) -> Result<(Paged<Listed>, Paging)> {
    let total = found(now, wanted).select_only().column(people_imports::Column::Id).count(db).await?;
    let paging = paging.within(total);
    let rows = sorted(now, wanted).offset(paging.offset()).limit(paging.limit());
    Ok((Paged { rows: rows.into_model().all(db).await?, total }, paging))
}

/// All of it, no more than [`MOST_EXPORTED`].
///
/// # Errors
/// When the database fails.
pub async fn whole(db: &impl ConnectionTrait, now: Timestamp, wanted: &Wanted) -> Result<Vec<Listed>> {
    Ok(sorted(now, wanted).limit(MOST_EXPORTED).into_model().all(db).await?)
}

fn found(now: Timestamp, wanted: &Wanted) -> Select<people_imports::Entity> {
    let maker = people_imports::Entity::belongs_to(people::Entity)
        .from(people_imports::Column::MakerId)
        .to(people::Column::Id)
        .into();
    let words = search::typed(&wanted.search);
    let search = (!words.is_empty()).then(|| {
        let file_name = Expr::col((people_imports::Entity, people_imports::Column::FileName));
        let named = dialect::contains(file_name, &words);
        Condition::any().add(named).add(lookup::named(&words))
    });
    let state = wanted.standing.map(|standing| match standing {
        Standing::Waiting => people_imports::Column::State.eq(PREVIEWED),
        Standing::Entered => people_imports::Column::State.eq(COMMITTED),
    });
    people_imports::Entity::find()
        .join(JoinType::InnerJoin, maker)
        .filter(Condition::all().add(remembered(now)).add_option(state).add_option(search))
}

/// What is sorted stays small: the content of a sheet is not read.
fn sorted(now: Timestamp, wanted: &Wanted) -> Select<people_imports::Entity> {
    let order = if wanted.descending { Order::Desc } else { Order::Asc };
    let all = found(now, wanted);
    let all = match wanted.sorted_by {
        SortedBy::Created => all.order_by(people_imports::Column::CreatedAt, order.clone()),
        SortedBy::File => {
            let file_name = Expr::col((people_imports::Entity, people_imports::Column::FileName));
            all.order_by(Expr::expr(Func::lower(file_name)), order.clone())
        }
        SortedBy::Rows => all.order_by(people_imports::Column::RowCount, order.clone()),
        // It begins with the name.
        SortedBy::Maker => all.order_by(people::Column::SearchText, order.clone()),
    };
    all.order_by(people_imports::Column::Id, order)
        .select_only()
        .columns([
            people_imports::Column::Id,
            people_imports::Column::FileName,
            people_imports::Column::RowCount,
            people_imports::Column::CreatedAt,
            people_imports::Column::CommittedAt,
            people_imports::Column::Entered,
            people_imports::Column::Changed,
            people_imports::Column::Unchanged,
            people_imports::Column::Refused,
        ])
        .column_as(people::Column::Name, "maker")
}
