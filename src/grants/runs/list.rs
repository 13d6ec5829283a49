//! The list of runs, as the desk works with it.

use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, JoinType, Order, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect, Select,
};

use crate::entity::{grant_runs, people};
use crate::error::Result;
use crate::people::lookup;
use crate::platform::dialect;
use crate::types::grant_run::{RunOrigin, RunState};
use crate::types::id::RunId;
use crate::types::paging::{Paged, Paging};
use crate::types::points::Points;
use crate::types::search;
use crate::types::time::Timestamp;

/// Runs in a file.
pub const MOST_EXPORTED: u64 = 10_000;

/// What a list of runs can be sorted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SortedBy {
    Made,
    Rows,
    Total,
    Maker,
}

/// Which runs are wanted, and in which order.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// `None`: all but those that were thrown away.
    pub state: Option<RunState>,
    /// In the file's name, the note or the name of the maker.
    pub search: String,
    pub sorted_by: SortedBy,
    pub descending: bool,
}

/// A run in the list.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Listed {
    pub id: RunId,
    pub origin: RunOrigin,
    pub state: RunState,
    pub file_name: String,
    pub reason: String,
    pub note: String,
    pub row_count: i64,
    pub good_count: i64,
    pub granted_count: i64,
    pub total: Points,
    pub created_at: Timestamp,
    pub maker: String,
}

/// One page of the list. A page beyond the last is the last one.
///
/// # Errors
/// When the database fails.
pub async fn page(
    db: &impl ConnectionTrait,
    wanted: &Wanted,
    paging: Paging,
) -> Result<(Paged<Listed>, Paging)> {
    let total = found(wanted).count(db).await?;
    let paging = paging.within(total);
    let rows = sorted(wanted).offset(paging.offset()).limit(paging.limit()).into_model().all(db).await?;
    Ok((Paged { rows, total }, paging))
}

/// All of it, no more than [`MOST_EXPORTED`].
///
/// # Errors
/// When the database fails.
pub async fn whole(db: &impl ConnectionTrait, wanted: &Wanted) -> Result<Vec<Listed>> {
    Ok(sorted(wanted).limit(MOST_EXPORTED).into_model().all(db).await?)
}

fn found(wanted: &Wanted) -> Select<grant_runs::Entity> {
    let maker = grant_runs::Entity::belongs_to(people::Entity)
        .from(grant_runs::Column::MakerId)
        .to(people::Column::Id)
        .into();
    let words = search::typed(&wanted.search);
    let search = (!words.is_empty()).then(|| {
        let [file_name, note] = [grant_runs::Column::FileName, grant_runs::Column::Note]
            .map(|column| dialect::contains(Expr::col((grant_runs::Entity, column)), &words));
        Condition::any().add(file_name).add(note).add(lookup::named(&words))
    });
    let state = match wanted.state {
        Some(state) => grant_runs::Column::State.eq(state),
        None => grant_runs::Column::State.ne(RunState::Discarded),
    };
    grant_runs::Entity::find()
        .join(JoinType::InnerJoin, maker)
        .filter(Condition::all().add(state).add_option(search))
}

fn sorted(wanted: &Wanted) -> Select<grant_runs::Entity> {
    let order = if wanted.descending { Order::Desc } else { Order::Asc };
    let all = found(wanted);
    let all = match wanted.sorted_by {
        SortedBy::Made => all,
        SortedBy::Rows => all.order_by(grant_runs::Column::GoodCount, order.clone()),
        SortedBy::Total => all.order_by(grant_runs::Column::Total, order.clone()),
        SortedBy::Maker => all.order_by(people::Column::Name, order.clone()),
    };
    all.order_by(grant_runs::Column::Id, order)
        .select_only()
        .columns([
            grant_runs::Column::Id,
            grant_runs::Column::Origin,
            grant_runs::Column::State,
            grant_runs::Column::FileName,
            grant_runs::Column::Reason,
            grant_runs::Column::Note,
            grant_runs::Column::RowCount,
            grant_runs::Column::GoodCount,
            grant_runs::Column::GrantedCount,
            grant_runs::Column::Total,
            grant_runs::Column::CreatedAt,
        ])
        .column_as(people::Column::Name, "maker")
}
