//! One list out of several that are in order each by an index of their own. Asked for as one, MySQL walks through an index
//! that has all rows in order and throws away the others, however rare the wanted ones are.

use sea_orm::Order;
use sea_orm::sea_query::{Query, SelectStatement, UnionType};

/// One page of all `parts` together. Each selects `id` and `sorted_by`, is in `order` of both, and ends where the page does at
/// the latest. Without parts there is no page.
#[must_use]
pub fn page(
    parts: impl IntoIterator<Item = SelectStatement>,
    order: &Order,
    offset: u64,
    limit: u64,
) -> Option<SelectStatement> {
    // Within another query each, because SQLite allows neither order nor limit in a part of a union.
    let mut parts = parts
        .into_iter()
        .map(|part| Query::select().columns(["id", "sorted_by"]).from_subquery(part, "part").to_owned());
    let mut all = parts.next()?;
    for part in parts {
        all.union(UnionType::All, part);
    }
    let page = Query::select()
        .column("id")
        .from_subquery(all, "parts")
        .order_by("sorted_by", order.clone())
        .order_by("id", order.clone())
        .offset(offset)
        .limit(limit)
        .to_owned();
    Some(page)
}
