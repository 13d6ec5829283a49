//! What HR says about a product: the fields of its form, what they may be, and how they are kept. Pure.

use sea_orm::Set;
use serde_json::{Map, Value, json};

use crate::catalog::slug;
use crate::entity::products;
use crate::error::{FieldErrors, FieldProblem, Result};
use crate::types::folding::fold;
use crate::types::id::CategoryId;
use crate::types::limit::{Limit, MOST_OF_A_LIMIT};
use crate::types::points::{MOST_POINTS, Points};
use crate::types::product_kind::ProductKind;
use crate::types::window::Window;

/// Characters of a product's name.
pub const LONGEST_NAME: usize = 120;
/// Characters of its address.
pub const LONGEST_SLUG: usize = 110;
/// Bytes of each longer text: four of them and a form is full, far below what MySQL's `TEXT` holds.
pub const LONGEST_TEXT: usize = 20_000;
/// Bytes of the text that is searched; folding may make a text longer.
const MOST_SEARCHED: usize = 60_000;

/// A product as it is entered.
#[derive(Clone, Debug)]
pub struct Details {
    pub category_id: CategoryId,
    pub kind: ProductKind,
    pub name: String,
    /// Where its page is. Left out, a new product's is made of its name and another one's stays.
    pub slug: Option<String>,
    /// Paragraphs, with blank lines between; so are the next two.
    pub description: String,
    pub terms: String,
    pub how_to_use: String,
    pub price: Points,
    /// From this stock on the page says how few are left.
    pub low_stock_at: i64,
    /// How many one person may have.
    pub limit: Option<Limit>,
    /// When employees see it, as long as it is listed.
    pub window: Window,
}

impl Details {
    /// What is wrong with them, field by field.
    ///
    /// # Errors
    /// [`crate::error::Error::Invalid`].
    pub fn check(&self) -> Result<()> {
        let mut errors = FieldErrors::default();
        self.look_over(&mut errors);
        errors.check()
    }

    /// Notes what is wrong beside what is known to be.
    pub fn look_over(&self, errors: &mut FieldErrors) {
        check_name(&self.name, LONGEST_NAME, errors);
        if let Some(slug) = &self.slug {
            if !slug::is_slug(slug) {
                errors.add("slug", FieldProblem::NotASlug);
            } else if slug.len() > LONGEST_SLUG {
                errors.add("slug", too_long(LONGEST_SLUG));
            }
        }
        if !(1..=MOST_POINTS).contains(&self.price.0) {
            errors.add("price", FieldProblem::OutOfRange { min: 1, max: MOST_POINTS });
        }
        if !(0..=MOST_POINTS).contains(&self.low_stock_at) {
            errors.add("low_stock_at", FieldProblem::OutOfRange { min: 0, max: MOST_POINTS });
        }
        if self.limit.is_some_and(|limit| !(1..=MOST_OF_A_LIMIT).contains(&limit.count)) {
            errors.add("limit", FieldProblem::OutOfRange { min: 1, max: MOST_OF_A_LIMIT });
        }
        if self.window.is_empty() {
            errors.add("visible_until", FieldProblem::RangeOrder);
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
    }

    /// The columns they become, the slug apart.
    pub(super) fn columns(&self, category: &str) -> products::ActiveModel {
        let name = self.name.trim();
        products::ActiveModel {
            category_id: Set(self.category_id),
            kind: Set(self.kind),
            name: Set(name.to_owned()),
            search_text: Set(search_text(name, category, &self.description)),
            description: Set(self.description.clone()),
            terms: Set(self.terms.clone()),
            how_to_use: Set(self.how_to_use.clone()),
            price: Set(self.price),
            low_stock_at: Set(self.low_stock_at),
            limit_count: Set(self.limit.map(|limit| limit.count)),
            limit_period: Set(self.limit.map(|limit| limit.period)),
            visible_from: Set(self.window.from),
            visible_until: Set(self.window.until),
            ..Default::default()
        }
    }

    /// As the audit trail keeps them.
    pub(super) fn told(&self, slug: &str) -> Map<String, Value> {
        told(json!({
            "category": self.category_id, "kind": self.kind.name(), "name": self.name.trim(), "slug": slug,
            "description": self.description, "terms": self.terms, "how_to_use": self.how_to_use,
            "price": self.price, "low_stock_at": self.low_stock_at,
            "limit": self.limit.map(|limit| limit.to_string()),
            "visible_from": self.window.from, "visible_until": self.window.until,
        }))
    }
}

/// A product that is there as its form shows it.
impl From<&products::Model> for Details {
    fn from(product: &products::Model) -> Self {
        Self {
            category_id: product.category_id,
            kind: product.kind,
            name: product.name.clone(),
            slug: Some(product.slug.clone()),
            description: product.description.clone(),
            terms: product.terms.clone(),
            how_to_use: product.how_to_use.clone(),
            price: product.price,
            low_stock_at: product.low_stock_at,
            limit: Limit::of(product.limit_count, product.limit_period),
            window: product.window(),
        }
    }
}

/// What differs between two tellings: the fields before, and the same fields after.
pub(super) fn difference(
    before: Map<String, Value>,
    after: Map<String, Value>,
) -> (Map<String, Value>, Map<String, Value>) {
    let (was, is): (Vec<_>, Vec<_>) =
        before.into_iter().zip(after).filter(|((_, was), (_, is))| was != is).unzip();
    (was.into_iter().collect(), is.into_iter().collect())
}

fn told(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(fields) => fields,
        _ => Map::new(),
    }
}

/// What the search looks through. The name comes first: sorting by this text is sorting by name. The shelf has a line of
/// its own, so that it can be exchanged when it is renamed.
fn search_text(name: &str, category: &str, description: &str) -> String {
    let mut text = [name, category, description].map(fold).join("\n");
    text.truncate(text.floor_char_boundary(MOST_SEARCHED));
    text
}

pub(super) fn check_name(name: &str, longest: usize, errors: &mut FieldErrors) {
    if name.trim().is_empty() {
        errors.add("name", FieldProblem::Required);
    } else if name.trim().chars().count() > longest {
        errors.add("name", too_long(longest));
    }
}

pub(super) fn too_long(longest: usize) -> FieldProblem {
    FieldProblem::TooLong { max: u64::try_from(longest).unwrap_or(u64::MAX) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;
    use crate::types::limit::Period;
    use crate::types::time::Timestamp;

    fn lamp() -> Details {
        Details {
            category_id: CategoryId::new(),
            kind: ProductKind::Physical,
            name: "Lamp".to_owned(),
            slug: None,
            description: "It shines.".to_owned(),
            terms: String::new(),
            how_to_use: String::new(),
            price: Points(100),
            low_stock_at: 3,
            limit: None,
            window: Window::default(),
        }
    }

    fn problem(new: &Details, field: &str) -> Option<FieldProblem> {
        match new.check() {
            Err(Error::Invalid(errors)) => errors.get(field).cloned(),
            _ => None,
        }
    }

    #[test]
    fn limits_are_exact() {
        assert!(lamp().check().is_ok());
        for price in [1, MOST_POINTS] {
            assert!(Details { price: Points(price), ..lamp() }.check().is_ok());
        }
        for price in [i64::MIN, -1, 0, MOST_POINTS + 1] {
            let out = FieldProblem::OutOfRange { min: 1, max: MOST_POINTS };
            assert_eq!(problem(&Details { price: Points(price), ..lamp() }, "price"), Some(out));
        }
        assert!(Details { name: "ü".repeat(120), ..lamp() }.check().is_ok());
        let long = Details { name: "ü".repeat(121), ..lamp() };
        assert_eq!(problem(&long, "name"), Some(FieldProblem::TooLong { max: 120 }));
        let blank = Details { name: " ".to_owned(), ..lamp() };
        assert_eq!(problem(&blank, "name"), Some(FieldProblem::Required));
        assert!(problem(&Details { low_stock_at: -1, ..lamp() }, "low_stock_at").is_some());
        for (count, fits) in [(0, false), (1, true), (MOST_OF_A_LIMIT, true), (MOST_OF_A_LIMIT + 1, false)] {
            let limit = Some(Limit { count, period: Period::Month });
            assert_eq!(problem(&Details { limit, ..lamp() }, "limit").is_none(), fits, "{count}");
        }
        assert!(problem(&Details { description: "\n".to_owned(), ..lamp() }, "description").is_some());
        assert!(problem(&Details { terms: "a".repeat(20_001), ..lamp() }, "terms").is_some());
        for (slug, fits) in [("lamp-2", true), ("Lamp", false), ("", false), ("a/b", false)] {
            let named = Details { slug: Some(slug.to_owned()), ..lamp() };
            assert_eq!(problem(&named, "slug").is_none(), fits, "{slug}");
        }
        assert!(problem(&Details { slug: Some("a".repeat(111)), ..lamp() }, "slug").is_some());
        let at = |micros| Some(Timestamp::from_micros(micros));
        let never = Details { window: Window { from: at(2), until: at(2) }, ..lamp() };
        assert_eq!(problem(&never, "visible_until"), Some(FieldProblem::RangeOrder));
    }

    #[test]
    fn the_search_looks_through_name_category_and_description() {
        assert_eq!(search_text("Café  Lamp", "Büro", "It\n\nSHINES."), "cafe lamp\nburo\nit shines.");
    }

    #[test]
    fn only_what_differs_is_told() {
        let before = lamp();
        let after = Details { price: Points(120), terms: "None.".to_owned(), ..before.clone() };
        let (was, is) = difference(before.told("lamp"), after.told("lamp"));
        assert_eq!(Value::Object(was), json!({ "price": 100, "terms": "" }));
        assert_eq!(Value::Object(is), json!({ "price": 120, "terms": "None." }));
    }
}
