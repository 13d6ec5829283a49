//! The rows of a run, page by page or all of them.

use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, JoinType, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect, Select,
};

use super::MOST_ROWS;
use crate::entity::{grant_run_rows, people};
use crate::error::Result;
use crate::people::lookup;
use crate::platform::dialect;
use crate::types::grant_run::{RowProblem, RowState};
use crate::types::id::{PersonId, RunId};
use crate::types::paging::{Paged, Paging};
use crate::types::points::Points;
use crate::types::search;

/// Which rows are wanted.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    pub states: Option<&'static [RowState]>,
    pub unusual_only: bool,
    /// In what was typed, or in the name of the person.
    pub search: String,
}

/// A row as it is shown.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Shown {
    pub line: i64,
    pub who: String,
    pub amount_typed: String,
    pub note: String,
    pub person_id: Option<PersonId>,
    pub person: Option<String>,
    pub amount: Option<Points>,
    pub is_unusual: bool,
    pub state: RowState,
    pub problem: Option<RowProblem>,
    pub other_line: Option<i64>,
}

/// One page of them, in the order of the sheet. A page beyond the last is the last one.
///
/// # Errors
/// When the database fails.
pub async fn page(
    db: &impl ConnectionTrait,
    id: RunId,
    wanted: &Wanted,
    paging: Paging,
) -> Result<(Paged<Shown>, Paging)> {
    let total = found(id, wanted).count(db).await?;
    let paging = paging.within(total);
    let rows = columns(found(id, wanted)).offset(paging.offset()).limit(paging.limit());
    Ok((Paged { rows: rows.into_model().all(db).await?, total }, paging))
}

/// All of them; a run has no more than [`MOST_ROWS`].
///
/// # Errors
/// When the database fails.
pub async fn whole(db: &impl ConnectionTrait, id: RunId, wanted: &Wanted) -> Result<Vec<Shown>> {
    let limit = u64::try_from(MOST_ROWS).unwrap_or(u64::MAX);
    Ok(columns(found(id, wanted)).limit(limit).into_model().all(db).await?)
}

/// How many rows of a run can be granted and are unusual.
///
/// # Errors
/// When the database fails.
pub async fn unusual(db: &impl ConnectionTrait, id: RunId) -> Result<u64> {
    Ok(found(id, &Wanted { unusual_only: true, ..Wanted::default() }).count(db).await?)
}

fn found(id: RunId, wanted: &Wanted) -> Select<grant_run_rows::Entity> {
    let person = grant_run_rows::Entity::belongs_to(people::Entity)
        .from(grant_run_rows::Column::PersonId)
        .to(people::Column::Id)
        .into();
    let words = search::typed(&wanted.search);
    let search = (!words.is_empty()).then(|| {
        let who = Expr::col((grant_run_rows::Entity, grant_run_rows::Column::Who));
        Condition::any().add(dialect::contains(who, &words)).add(lookup::named(&words))
    });
    let states = wanted.states.map(|states| grant_run_rows::Column::State.is_in(states.iter().copied()));
    let unusual = wanted.unusual_only.then(|| grant_run_rows::Column::IsUnusual.eq(true));
    grant_run_rows::Entity::find().join(JoinType::LeftJoin, person).filter(
        Condition::all()
            .add(grant_run_rows::Column::RunId.eq(id))
            .add_option(states)
            .add_option(unusual)
            .add_option(search),
    )
}

fn columns(found: Select<grant_run_rows::Entity>) -> Select<grant_run_rows::Entity> {
    found
        .order_by_asc(grant_run_rows::Column::Position)
        .select_only()
        .columns([
            grant_run_rows::Column::Line,
            grant_run_rows::Column::Who,
            grant_run_rows::Column::AmountTyped,
            grant_run_rows::Column::Note,
            grant_run_rows::Column::PersonId,
            grant_run_rows::Column::Amount,
            grant_run_rows::Column::IsUnusual,
            grant_run_rows::Column::State,
            grant_run_rows::Column::Problem,
            grant_run_rows::Column::OtherLine,
        ])
        .column_as(people::Column::Name, "person")
}
