//! Putting something on the shelves: categories and products. Stock begins at zero and arrives by `stock::receive`.

use sea_orm::{ConnectionTrait, EntityTrait, FromQueryResult, Set};
use serde_json::json;

use crate::audit::{self, Act};
use crate::catalog;
use crate::catalog::slug;
use crate::entity::{categories, products};
use crate::error::{Error, FieldErrors, FieldProblem, Result};
use crate::platform::db::Tx;
use crate::platform::dialect;
use crate::types::actor::Actor;
use crate::types::folding::fold;
use crate::types::id::{CategoryId, ProductId};
use crate::types::limit::{Limit, MOST_OF_A_LIMIT};
use crate::types::points::{MOST_POINTS, Points};
use crate::types::product_kind::{ProductKind, ProductState};
use crate::types::time::Timestamp;

/// Characters of a product's name.
pub const LONGEST_NAME: usize = 120;
/// Characters of a category's name.
const LONGEST_CATEGORY: usize = 80;
/// Bytes of each longer text, below what MySQL's `TEXT` holds.
const LONGEST_TEXT: usize = 20_000;
/// Bytes of the text that is searched; folding may make a text longer.
const MOST_SEARCHED: usize = 60_000;
/// Products of one name.
const MOST_NAMESAKES: u32 = 100;

/// A product as it is entered.
#[derive(Clone, Debug)]
pub struct NewProduct {
    pub category_id: CategoryId,
    pub kind: ProductKind,
    pub state: ProductState,
    pub name: String,
    /// Paragraphs, with blank lines between; so are the next two.
    pub description: String,
    pub terms: String,
    pub how_to_use: String,
    pub price: Points,
    /// From this stock on the page says how few are left.
    pub low_stock_at: i64,
    /// How many one person may have.
    pub limit: Option<Limit>,
}

impl NewProduct {
    /// What is wrong with it, field by field.
    ///
    /// # Errors
    /// [`Error::Invalid`].
    pub fn check(&self) -> Result<()> {
        let mut errors = FieldErrors::default();
        check_name(&self.name, LONGEST_NAME, &mut errors);
        if !(1..=MOST_POINTS).contains(&self.price.0) {
            errors.add("price", FieldProblem::OutOfRange { min: 1, max: MOST_POINTS });
        }
        if !(0..=MOST_POINTS).contains(&self.low_stock_at) {
            errors.add("low_stock_at", FieldProblem::OutOfRange { min: 0, max: MOST_POINTS });
        }
        if self.limit.is_some_and(|limit| !(1..=MOST_OF_A_LIMIT).contains(&limit.count)) {
            errors.add("limit", FieldProblem::OutOfRange { min: 1, max: MOST_OF_A_LIMIT });
        }
        if self.description.trim().is_empty() {
            errors.add("description", FieldProblem::Required);
        }
        let texts =
            [("description", &self.description), ("terms", &self.terms), ("how_to_use", &self.how_to_use)];
        for (field, text) in texts {
            if text.len() > LONGEST_TEXT {
                errors.add(field, too_long(LONGEST_TEXT));
            }
        }
        errors.check()
    }
}

/// Enters a product and returns its id. Its address is made of its name and stays.
///
/// # Errors
/// [`Error::Invalid`], or [`Error::NotFound`] when there is no such category.
pub async fn create(tx: &Tx, now: Timestamp, actor: Actor, new: NewProduct) -> Result<ProductId> {
    new.check()?;
    let category = catalog::find_category(tx, new.category_id).await?.ok_or(Error::NotFound)?;
    let id = ProductId::new();
    let name = new.name.trim().to_owned();
    let row = products::ActiveModel {
        id: Set(id),
        slug: Set(String::new()),
        category_id: Set(category.id),
        kind: Set(new.kind),
        state: Set(new.state),
        name: Set(name.clone()),
        search_text: Set(search_text(&name, &category.name, &new.description)),
        description: Set(new.description),
        terms: Set(new.terms),
        how_to_use: Set(new.how_to_use),
        price: Set(new.price),
        stock: Set(0),
        redeemed: Set(0),
        low_stock_at: Set(new.low_stock_at),
        limit_count: Set(new.limit.map(|limit| limit.count)),
        limit_period: Set(new.limit.map(|limit| limit.period)),
        version: Set(1),
        created_at: Set(now),
    };
    let slug = insert_under_free_slug(tx, row, &slug::slug(&name)).await?;
    let act = Act {
        action: "product.create",
        subject_kind: "product",
        subject_id: id.to_string(),
        details: json!({
            "slug": slug, "name": name, "price": new.price, "limit": new.limit.map(|limit| limit.to_string()),
        }),
    };
    audit::record(tx, now, actor, act).await?;
    Ok(id)
}

/// Adds a category as the last one and returns its id.
///
/// # Errors
/// [`Error::Invalid`] when its name is empty, too long, or taken.
pub async fn add_category(tx: &Tx, now: Timestamp, actor: Actor, name: String) -> Result<CategoryId> {
    let mut errors = FieldErrors::default();
    check_name(&name, LONGEST_CATEGORY, &mut errors);
    errors.check()?;
    let id = CategoryId::new();
    let name = name.trim().to_owned();
    let slug = slug::slug(&name).chars().take(LONGEST_CATEGORY).collect::<String>();
    let row = categories::ActiveModel {
        id: Set(id),
        slug: Set(slug.clone()),
        name: Set(name.clone()),
        position: Set(next_position(tx, "SELECT MAX(position) AS last FROM categories").await?),
    };
    match categories::Entity::insert(row).exec_without_returning(tx).await {
        Err(error) if dialect::is_duplicate(&error) => {
            let mut errors = FieldErrors::default();
            errors.add("name", FieldProblem::Taken);
            return Err(Error::Invalid(errors));
        }
        done => done?,
    };
    let details = json!({ "slug": slug, "name": name });
    let act =
        Act { action: "category.create", subject_kind: "category", subject_id: id.to_string(), details };
    audit::record(tx, now, actor, act).await?;
    Ok(id)
}

/// What the search looks through. The name comes first: sorting by this text is sorting by name.
fn search_text(name: &str, category: &str, description: &str) -> String {
    let mut text = [name, category, description].map(fold).join("\n");
    text.truncate(text.floor_char_boundary(MOST_SEARCHED));
    text
}

/// Inserts the product under the first of its slugs that is free; who has it is for the unique key to tell.
async fn insert_under_free_slug(tx: &Tx, row: products::ActiveModel, base: &str) -> Result<String> {
    for n in 1..=MOST_NAMESAKES {
        let slug = slug::numbered(base, n);
        let row = products::ActiveModel { slug: Set(slug.clone()), ..row.clone() };
        match products::Entity::insert(row).exec_without_returning(tx).await {
            Ok(_) => return Ok(slug),
            Err(error) if dialect::is_duplicate(&error) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(Error::Internal(anyhow::anyhow!("{MOST_NAMESAKES} products are called {base} already")))
}

async fn next_position(db: &impl ConnectionTrait, last: &'static str) -> Result<i64> {
    #[derive(FromQueryResult)]
    struct Last {
        last: Option<i64>,
    }
    let row: Option<Last> = dialect::row(db, last, []).await?;
    Ok(row.and_then(|row| row.last).map_or(0, |last| last + 1))
}

fn check_name(name: &str, longest: usize, errors: &mut FieldErrors) {
    if name.trim().is_empty() {
        errors.add("name", FieldProblem::Required);
    } else if name.trim().chars().count() > longest {
        errors.add("name", too_long(longest));
    }
}

fn too_long(longest: usize) -> FieldProblem {
    FieldProblem::TooLong { max: u64::try_from(longest).unwrap_or(u64::MAX) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::limit::Period;

    fn lamp() -> NewProduct {
        NewProduct {
            category_id: CategoryId::new(),
            kind: ProductKind::Physical,
            state: ProductState::Listed,
            name: "Lamp".to_owned(),
            description: "It shines.".to_owned(),
            terms: String::new(),
            how_to_use: String::new(),
            price: Points(100),
            low_stock_at: 3,
            limit: None,
        }
    }

    fn problem(new: &NewProduct, field: &str) -> Option<FieldProblem> {
        match new.check() {
            Err(Error::Invalid(errors)) => errors.get(field).cloned(),
            _ => None,
        }
    }

    #[test]
    fn limits_are_exact() {
        assert!(lamp().check().is_ok());
        for price in [1, MOST_POINTS] {
            assert!(NewProduct { price: Points(price), ..lamp() }.check().is_ok());
        }
        for price in [i64::MIN, -1, 0, MOST_POINTS + 1] {
            let out = FieldProblem::OutOfRange { min: 1, max: MOST_POINTS };
            assert_eq!(problem(&NewProduct { price: Points(price), ..lamp() }, "price"), Some(out));
        }
        assert!(NewProduct { name: "ü".repeat(120), ..lamp() }.check().is_ok());
        let long = NewProduct { name: "ü".repeat(121), ..lamp() };
        assert_eq!(problem(&long, "name"), Some(FieldProblem::TooLong { max: 120 }));
        assert_eq!(
            problem(&NewProduct { name: " ".to_owned(), ..lamp() }, "name"),
            Some(FieldProblem::Required)
        );
        assert!(problem(&NewProduct { low_stock_at: -1, ..lamp() }, "low_stock_at").is_some());
        for (count, fits) in [(0, false), (1, true), (MOST_OF_A_LIMIT, true), (MOST_OF_A_LIMIT + 1, false)] {
            let limit = Some(Limit { count, period: Period::Month });
            assert_eq!(problem(&NewProduct { limit, ..lamp() }, "limit").is_none(), fits, "{count}");
        }
        assert!(problem(&NewProduct { description: "\n".to_owned(), ..lamp() }, "description").is_some());
        assert!(problem(&NewProduct { terms: "a".repeat(20_001), ..lamp() }, "terms").is_some());
    }

    #[test]
    fn the_search_looks_through_name_category_and_description() {
        assert_eq!(search_text("Café  Lamp", "Büro", "It\n\nSHINES."), "cafe lamp\nburo\nit shines.");
    }
}
