//! Categories, the shelves of the shop: added, renamed, put in order, removed when nothing stands on them.
//! Where a category is locked together with products, it is locked first.

use sea_orm::{EntityTrait, FromQueryResult, Set};
use serde_json::json;

use crate::audit::{self, Act};
use crate::catalog;
use crate::catalog::details::check_name;

use crate::catalog::slug;
use crate::entity::categories;
use crate::error::{Error, FieldErrors, FieldProblem, Refusal, Result};
use crate::platform::db::Tx;
use crate::platform::dialect;
use crate::types::actor::Actor;
use crate::types::folding::fold;
use crate::types::id::CategoryId;
use crate::types::time::Timestamp;

/// Characters of a category's name.
pub const LONGEST_NAME: usize = 80;
/// As many as a person can still choose from.
const MOST_CATEGORIES: usize = 60;

/// A category, and how much stands on it.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Shelf {
    pub id: CategoryId,
    pub slug: String,
    pub name: String,
    pub version: i64,
    /// Without those that are archived.
    pub products: i64,
    pub listed: i64,
    pub archived: i64,
}

/// All of them in their order.
///
/// # Errors
/// When the database fails.
pub async fn all(db: &impl sea_orm::ConnectionTrait) -> Result<Vec<Shelf>> {
    dialect::rows(
        db,
        "SELECT c.id, c.slug, c.name, c.version, COALESCE(p.products, 0) AS products, \
           COALESCE(p.listed, 0) AS listed, COALESCE(p.archived, 0) AS archived \
         FROM categories c LEFT JOIN (SELECT category_id, \
             COUNT(CASE WHEN state <> 'archived' THEN 1 END) AS products, \
             COUNT(CASE WHEN state = 'listed' THEN 1 END) AS listed, \
             COUNT(CASE WHEN state = 'archived' THEN 1 END) AS archived FROM products GROUP BY category_id) p \
           ON p.category_id = c.id ORDER BY c.position, c.id",
        [],
    )
    .await
}

/// The category a product is put into, locked, so that it keeps its name until the product is written.
///
/// # Errors
/// [`Error::Invalid`] when there is no such category.
pub(super) async fn lock(tx: &Tx, id: CategoryId) -> Result<categories::Model> {
    lock_row(tx, id).await?.ok_or_else(|| invalid("category", FieldProblem::NotInList))
}

/// Adds a category as the last one and returns its id. Its address is made of its name and stays.
///
/// # Errors
/// [`Error::Invalid`] when its name is empty, too long, or taken, or there are enough.
pub async fn add(tx: &Tx, now: Timestamp, actor: Actor, name: String) -> Result<CategoryId> {
    let shelves = catalog::categories(tx).await?;
    let name = checked(&name, None, &shelves)?;
    if shelves.len() >= MOST_CATEGORIES {
        let most = u64::try_from(MOST_CATEGORIES).unwrap_or(u64::MAX);
        return Err(invalid("name", FieldProblem::Full { max: most }));
    }
    let id = CategoryId::new();
    let slug = slug::slug(&name).chars().take(LONGEST_NAME).collect::<String>();
    let row = categories::ActiveModel {
        id: Set(id),
        slug: Set(slug.clone()),
        name: Set(name.clone()),
        position: Set(shelves.iter().map(|shelf| shelf.position).max().map_or(0, |last| last + 1)),
        version: Set(1),
    };
    match categories::Entity::insert(row).exec_without_returning(tx).await {
        Err(error) if dialect::is_duplicate(&error) => return Err(invalid("name", FieldProblem::Taken)),
        done => done?,
    };
    record(tx, now, actor, "category.create", id, json!({ "slug": slug, "name": name })).await?;
    Ok(id)
}

/// Gives a category another name; its address stays, and its products are found by the new one.
///
/// # Errors
/// [`Error::NotFound`], [`Refusal::ChangedMeanwhile`], [`Error::Invalid`] as for [`add`].
pub async fn rename(
    tx: &Tx,
    now: Timestamp,
    actor: Actor,
    id: CategoryId,
    version: i64,
    name: String,
) -> Result<()> {
    let shelves = catalog::categories(tx).await?;
    let before = lock_row(tx, id).await?.ok_or(Error::NotFound)?;
    let name = checked(&name, Some(id), &shelves)?;
    if name == before.name {
        return Ok(());
    }
    let renamed = dialect::execute(
        tx,
        "UPDATE categories SET name = ?, version = version + 1 WHERE id = ? AND version = ?",
        [name.as_str().into(), id.into(), version.into()],
    )
    .await?;
    if renamed != 1 {
        return Err(Refusal::ChangedMeanwhile.into());
    }
    // The category's line in what is searched; see `details`.
    let line = |name: &str| format!("\n{}\n", fold(name));
    dialect::execute(
        tx,
        "UPDATE products SET search_text = REPLACE(search_text, ?, ?) WHERE category_id = ?",
        [line(&before.name).into(), line(&name).into(), id.into()],
    )
    .await?;
    let details = json!({ "before": { "name": before.name }, "after": { "name": name } });
    record(tx, now, actor, "category.rename", id, details).await
}

/// Puts a category at this place among the others, counted from zero; beyond the last is the last. Doing it twice changes
/// nothing.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn place(tx: &Tx, now: Timestamp, actor: Actor, id: CategoryId, place: usize) -> Result<()> {
    let mut order = lock_all(tx).await?;
    let was = order.iter().position(|shelf| shelf.id == id).ok_or(Error::NotFound)?;
    let is = place.min(order.len().saturating_sub(1));
    if was == is {
        return Ok(());
    }
    let shelf = order.remove(was);
    order.insert(is, shelf);
    for (shelf, position) in order.iter().zip(0_i64..).filter(|(shelf, position)| shelf.position != *position)
    {
        let values = [position.into(), shelf.id.into()];
        dialect::execute(tx, "UPDATE categories SET position = ? WHERE id = ?", values).await?;
    }
    let details = json!({ "before": { "place": was }, "after": { "place": is } });
    record(tx, now, actor, "category.move", id, details).await
}

/// Takes an empty category away and returns its name; nothing when it is gone already.
///
/// # Errors
/// [`Refusal::CategoryNotEmpty`].
pub async fn remove(tx: &Tx, now: Timestamp, actor: Actor, id: CategoryId) -> Result<Option<String>> {
    let Some(category) = lock_row(tx, id).await? else { return Ok(None) };
    let removed = dialect::execute(
        tx,
        "DELETE FROM categories WHERE id = ? AND NOT EXISTS (SELECT 1 FROM products p WHERE p.category_id = categories.id)",
        [id.into()],
    )
    .await?;
    if removed != 1 {
        return Err(Refusal::CategoryNotEmpty.into());
    }
    let details = json!({ "before": { "slug": category.slug, "name": category.name } });
    record(tx, now, actor, "category.remove", id, details).await?;
    Ok(Some(category.name))
}

/// The name as it is kept, when no other category is called so.
fn checked(name: &str, id: Option<CategoryId>, shelves: &[categories::Model]) -> Result<String> {
    let mut errors = FieldErrors::default();
    check_name(name, LONGEST_NAME, &mut errors);
    if shelves.iter().any(|shelf| Some(shelf.id) != id && fold(&shelf.name) == fold(name)) {
        errors.add("name", FieldProblem::Taken);
    }
    errors.check()?;
    Ok(name.trim().to_owned())
}

/// All of them in their order, ascending ids first, so that two who sort at once never wait for each other in a ring.
async fn lock_all(tx: &Tx) -> Result<Vec<categories::Model>> {
    let mut shelves = Vec::new();
    let mut ids: Vec<_> = catalog::categories(tx).await?.into_iter().map(|shelf| shelf.id).collect();
    ids.sort_unstable();
    for id in ids {
        shelves.extend(lock_row(tx, id).await?);
    }
    shelves.sort_by_key(|shelf| (shelf.position, shelf.id));
    Ok(shelves)
}

async fn lock_row(tx: &Tx, id: CategoryId) -> Result<Option<categories::Model>> {
    dialect::locked_row(tx, "SELECT * FROM categories WHERE id = ?", [id.into()]).await
}

fn invalid(field: &'static str, problem: FieldProblem) -> Error {
    let mut errors = FieldErrors::default();
    errors.add(field, problem);
    Error::Invalid(errors)
}

async fn record(
    tx: &Tx,
    now: Timestamp,
    actor: Actor,
    action: &'static str,
    id: CategoryId,
    details: serde_json::Value,
) -> Result<()> {
    let act = Act { action, subject_kind: "category", subject_id: id.to_string(), details };
    audit::record(tx, now, actor, act).await
}
