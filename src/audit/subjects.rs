//! What acts are about: found by the words somebody types, and named for those who read.

use std::collections::HashMap;

use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect,
};

use crate::entity::audit_events::Model;
use crate::entity::{categories, orders, people, products};
use crate::error::Result;
use crate::platform::dialect;
use crate::types::id::{CategoryId, OrderId, PersonId, ProductId};
use crate::types::{order_number, search};

/// People or things that one word may mean; a word that means more is too short.
pub const MOST_MEANT: usize = 100;
/// What has no name of its own, and is found by its id.
const KNOWN_BY_ID: [&str; 8] =
    ["grant", "deduction", "grant-run", "rule", "category", "import", "message", "order-batch"];
/// Ids asked for at once.
const CHUNK: usize = 500;

/// What a search means: people, and things by their kind.
#[derive(Clone, Debug, Default)]
pub struct About {
    pub people: Vec<PersonId>,
    pub things: Vec<(&'static str, Vec<String>)>,
}

/// The person of this id, or the people with all these words in their name, number, e-mail address or department, as at
/// every desk. No more than [`MOST_MEANT`] plus one.
///
/// # Errors
/// When the database fails.
pub async fn people(db: &impl ConnectionTrait, words: &str) -> Result<Vec<PersonId>> {
    if let Ok(id) = words.parse() {
        return Ok(vec![id]);
    }
    if search::words(words).is_empty() {
        return Ok(vec![]);
    }
    let named = dialect::has_words(&people::Column::SearchText.into_expr(), words);
    let found = people::Entity::find().select_only().column(people::Column::Id).filter(named);
    let found =
        found.order_by_asc(people::Column::Id).limit(u64::try_from(MOST_MEANT + 1).unwrap_or(u64::MAX));
    Ok(found.into_tuple().all(db).await?)
}

/// Whatever `words` can mean: a person, the beginning of an order's number, a product, or the id of anything.
///
/// # Errors
/// When the database fails.
pub async fn about(db: &impl ConnectionTrait, words: &str) -> Result<About> {
    #[derive(FromQueryResult)]
    struct Order {
        id: OrderId,
    }
    #[derive(FromQueryResult)]
    struct Product {
        id: ProductId,
    }
    let orders: Vec<Order> = match order_number::beginning(words) {
        Some(number) => {
            let sql = "SELECT id FROM orders WHERE number LIKE ? ESCAPE '!' LIMIT ?";
            dialect::rows(db, sql, [dialect::beginning_with(&number).into(), most()]).await?
        }
        None => vec![],
    };
    let pattern = dialect::containing(words);
    let products: Vec<Product> = dialect::rows(
        db,
        "SELECT id FROM products WHERE name LIKE ? ESCAPE '!' OR slug = ? LIMIT ?",
        [pattern.into(), words.into(), most()],
    )
    .await?;
    let mut things = vec![
        ("order", orders.into_iter().map(|order| order.id.to_string()).collect()),
        ("product", products.into_iter().map(|product| product.id.to_string()).collect()),
    ];
    things.extend(KNOWN_BY_ID.map(|kind| (kind, vec![words.to_owned()])));
    if let Ok(id) = words.parse::<OrderId>() {
        things.extend(["order", "product"].map(|kind| (kind, vec![id.to_string()])));
    }
    Ok(About { people: people(db, words).await?, things })
}

impl About {
    /// Whether `words` meant more than are looked for.
    #[must_use]
    pub fn is_too_much(&self) -> bool {
        self.people.len() > MOST_MEANT || self.things.iter().any(|(_, ids)| ids.len() > MOST_MEANT)
    }
}

/// The names of what acts are about.
#[derive(Debug, Default)]
pub struct Names {
    pub people: HashMap<PersonId, String>,
    /// Numbers of orders, names of products and categories, by kind and id.
    pub things: HashMap<(&'static str, String), String>,
}

/// The names of everybody and everything in `events`.
///
/// # Errors
/// When the database fails.
pub async fn names(db: &impl ConnectionTrait, events: &[Model]) -> Result<Names> {
    let mut names = Names::default();
    let people = events.iter().flat_map(|event| [event.actor_id, event.person_id]).flatten();
    for ids in chunks(people.collect()) {
        let found = people::Entity::find().filter(people::Column::Id.is_in(ids)).all(db).await?;
        names.people.extend(found.into_iter().map(|person| (person.id, person.name)));
    }
    for ids in chunks::<OrderId>(of_kind(events, "order")) {
        let found = orders::Entity::find().filter(orders::Column::Id.is_in(ids)).all(db).await?;
        names.things.extend(found.into_iter().map(|order| (("order", order.id.to_string()), order.number)));
    }
    for ids in chunks::<ProductId>(of_kind(events, "product")) {
        let found = products::Entity::find().filter(products::Column::Id.is_in(ids)).all(db).await?;
        names.things.extend(found.into_iter().map(|row| (("product", row.id.to_string()), row.name)));
    }
    for ids in chunks::<CategoryId>(of_kind(events, "category")) {
        let found = categories::Entity::find().filter(categories::Column::Id.is_in(ids)).all(db).await?;
        names.things.extend(found.into_iter().map(|row| (("category", row.id.to_string()), row.name)));
    }
    Ok(names)
}

fn of_kind<T: std::str::FromStr>(events: &[Model], kind: &str) -> Vec<T> {
    let those = events.iter().filter(|event| event.subject_kind == kind);
    those.filter_map(|event| event.subject_id.parse().ok()).collect()
}

fn chunks<T: Ord + Copy>(mut ids: Vec<T>) -> Vec<Vec<T>> {
    ids.sort_unstable();
    ids.dedup();
    ids.chunks(CHUNK).map(<[T]>::to_vec).collect()
}

fn most() -> sea_orm::Value {
    i64::try_from(MOST_MEANT + 1).unwrap_or(i64::MAX).into()
}
