//! Picking people by a filter, to give each of them the same.

use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect,
};

use super::MOST_ROWS;
use super::check::{self, Directory, Judged, Typed};
use super::directory::{self, Found};
use crate::entity::people;
use crate::error::Result;
use crate::people::lookup;
use crate::platform::dialect;
use crate::types::id::PersonId;
use crate::types::points::Points;
use crate::types::time::Day;

/// People shown as examples of who is picked.
const MOST_EXAMPLES: u64 = 20;
/// Departments and offices offered.
const MOST_CHOICES: u64 = 300;

/// Who is picked: active people that fit all of it. The one who picks is left out.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub department: Option<String>,
    pub office: Option<String>,
    /// Hired on this day or later.
    pub hired_from: Option<Day>,
    /// Hired on this day or earlier.
    pub hired_to: Option<Day>,
    /// In the name, number, e-mail or department.
    pub search: String,
}

/// Somebody who is picked.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Picked {
    pub name: String,
    pub employee_number: Option<String>,
    pub department: Option<String>,
}

/// How many are picked, and the first of them by name.
///
/// # Errors
/// When the database fails.
pub async fn examples(
    db: &impl ConnectionTrait,
    filter: &Filter,
    maker: PersonId,
) -> Result<(u64, Vec<Picked>)> {
    let picked = people::Entity::find().filter(condition(filter, maker));
    let count = picked.clone().count(db).await?;
    let first = picked
        .select_only()
        .columns([people::Column::Name, people::Column::EmployeeNumber, people::Column::Department])
        // It begins with the name, and an index has it in order.
        .order_by_asc(people::Column::SearchText)
        .order_by_asc(people::Column::Id)
        .limit(MOST_EXAMPLES)
        .into_model()
        .all(db)
        .await?;
    Ok((count, first))
}

/// A row of `amount` for each who is picked; one more than [`MOST_ROWS`] when there are too many.
///
/// # Errors
/// When the database fails.
pub async fn rows(
    db: &impl ConnectionTrait,
    filter: &Filter,
    maker: PersonId,
    amount: Points,
) -> Result<Vec<Judged>> {
    let limit = u64::try_from(MOST_ROWS).unwrap_or(u64::MAX).saturating_add(1);
    let found: Vec<Found> = directory::found()
        .filter(condition(filter, maker))
        .order_by_asc(people::Column::Name)
        .order_by_asc(people::Column::Id)
        .limit(limit)
        .into_model()
        .all(db)
        .await?;
    let typed: Vec<_> = (1..)
        .zip(&found)
        .map(|(line, person)| Typed {
            line,
            email: person.email.clone(),
            amount: amount.0.to_string(),
            ..Typed::default()
        })
        .collect();
    let mut everybody = Directory::default();
    everybody.add(found);
    Ok(check::judge(&typed, &everybody, maker))
}

/// The departments of those who are here, and their offices.
///
/// # Errors
/// When the database fails.
pub async fn choices(db: &impl ConnectionTrait) -> Result<(Vec<String>, Vec<String>)> {
    #[derive(FromQueryResult)]
    struct Row {
        department: String,
    }
    // One look at each department, which the index has, and not at everybody.
    let departments = "SELECT d.department FROM ( \
           SELECT DISTINCT department FROM people WHERE department IS NOT NULL) d \
         WHERE EXISTS (SELECT 1 FROM people p WHERE p.department = d.department AND p.is_active) \
         ORDER BY d.department LIMIT ?";
    let departments: Vec<Row> = dialect::rows(db, departments, [MOST_CHOICES.into()]).await?;
    let offices = people::Entity::find()
        .select_only()
        .column(people::Column::Office)
        .distinct()
        .filter(people::Column::IsActive.eq(true))
        .filter(people::Column::Office.is_not_null())
        .order_by_asc(people::Column::Office)
        .limit(MOST_CHOICES);
    let departments = departments.into_iter().map(|row| row.department).collect();
    Ok((departments, offices.into_tuple().all(db).await?))
}

fn condition(filter: &Filter, maker: PersonId) -> Condition {
    lookup::named(&filter.search)
        .add(people::Column::IsActive.eq(true))
        .add(people::Column::Id.ne(maker))
        .add_option(filter.department.as_ref().map(|name| people::Column::Department.eq(name.as_str())))
        .add_option(filter.office.as_ref().map(|name| people::Column::Office.eq(name.as_str())))
        .add_option(filter.hired_from.map(|day| people::Column::HiredOn.gte(day)))
        .add_option(filter.hired_to.map(|day| people::Column::HiredOn.lte(day)))
}
