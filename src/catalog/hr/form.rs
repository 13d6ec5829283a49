//! The form of a product: what was typed, what it means, and what it says of a product that is there.

use chrono_tz::Tz;
use serde::Deserialize;

use crate::catalog::details::Details;
use crate::entity::products;
use crate::error::{Error, FieldErrors, FieldProblem, Result};
use crate::types::id::CategoryId;
use crate::types::limit::{Limit, Period};
use crate::types::points::Points;
use crate::types::product_kind::ProductKind;
use crate::types::quantity::whole_number;
use crate::types::time::{Day, Timestamp};
use crate::types::window::Window;

/// The fields as a browser sends them.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct ProductForm {
    /// The id a new product will have: the same form twice is one product.
    pub key: String,
    /// The version of a product that was looked at.
    pub version: String,
    pub name: String,
    pub slug: String,
    pub category: String,
    pub kind: String,
    pub price: String,
    pub description: String,
    pub terms: String,
    pub how_to_use: String,
    /// Days of the company's calendar, both included.
    pub visible_from: String,
    pub visible_until: String,
    pub limit_count: String,
    pub limit_period: String,
    pub low_stock_at: String,
}

impl ProductForm {
    /// What a product says of itself.
    #[must_use]
    pub fn of(product: &products::Model, zone: Tz) -> Self {
        let day = |at: Option<Timestamp>| at.map(|at| at.day_in(zone).0.to_string()).unwrap_or_default();
        Self {
            key: String::new(),
            version: product.version.to_string(),
            name: product.name.clone(),
            slug: product.slug.clone(),
            category: product.category_id.to_string(),
            kind: product.kind.name().to_owned(),
            price: product.price.0.to_string(),
            description: product.description.clone(),
            terms: product.terms.clone(),
            how_to_use: product.how_to_use.clone(),
            visible_from: day(product.visible_from),
            // The window ends when its last day is over.
            visible_until: day(product.visible_until.map(|end| end.plus_seconds(-1))),
            limit_count: product.limit_count.map(|count| count.to_string()).unwrap_or_default(),
            limit_period: product.limit_period.unwrap_or(Period::Month).name().to_owned(),
            low_stock_at: product.low_stock_at.to_string(),
        }
    }

    /// What was typed, in the terms of the catalog.
    ///
    /// # Errors
    /// [`Error::Invalid`] with everything that is wrong.
    pub fn read(&self, zone: Tz) -> Result<Details> {
        let mut errors = FieldErrors::default();
        let category = self.category.parse::<CategoryId>();
        if category.is_err() {
            errors.add("category", FieldProblem::NotInList);
        }
        let kind = self.kind.parse::<ProductKind>();
        if kind.is_err() {
            errors.add("kind", FieldProblem::NotInList);
        }
        let price = number(&self.price, "price", &mut errors);
        let low_stock_at = number(&self.low_stock_at, "low_stock_at", &mut errors);
        let limit = self.limit(&mut errors);
        let window = Window {
            from: day(&self.visible_from, "visible_from", &mut errors).map(|day| day.start_in(zone)),
            until: day(&self.visible_until, "visible_until", &mut errors).map(|day| day.end_in(zone)),
        };
        let slug = self.slug.trim();
        let details = Details {
            category_id: category.unwrap_or_default(),
            kind: kind.unwrap_or(ProductKind::Physical),
            name: self.name.trim().to_owned(),
            slug: (!slug.is_empty()).then(|| slug.to_owned()),
            description: text(&self.description),
            terms: text(&self.terms),
            how_to_use: text(&self.how_to_use),
            price: Points(price.unwrap_or_default()),
            low_stock_at: low_stock_at.unwrap_or_default(),
            limit,
            window,
        };
        details.look_over(&mut errors);
        errors.check()?;
        Ok(details)
    }

    /// The version that was looked at.
    ///
    /// # Errors
    /// [`Error::Malformed`] when it is none.
    pub fn version(&self) -> Result<i64> {
        whole_number(&self.version).ok_or(Error::Malformed("the product's version"))
    }

    /// Left empty there is no limit, whatever its period says.
    fn limit(&self, errors: &mut FieldErrors) -> Option<Limit> {
        if self.limit_count.is_empty() {
            return None;
        }
        let count = number(&self.limit_count, "limit", errors)?;
        let Ok(period) = self.limit_period.parse::<Period>() else {
            errors.add("limit", FieldProblem::NotInList);
            return None;
        };
        Some(Limit { count, period })
    }
}

fn number(typed: &str, field: &'static str, errors: &mut FieldErrors) -> Option<i64> {
    let number = whole_number(typed);
    if typed.is_empty() {
        errors.add(field, FieldProblem::Required);
    } else if number.is_none() {
        errors.add(field, FieldProblem::NotANumber);
    }
    number
}

fn day(typed: &str, field: &'static str, errors: &mut FieldErrors) -> Option<Day> {
    let day = Day::parse(typed);
    if day.is_none() && !typed.is_empty() {
        errors.add(field, FieldProblem::NotADate);
    }
    day
}

/// As browsers send the end of a line and as nobody else does.
fn text(typed: &str) -> String {
    typed.replace("\r\n", "\n").trim().to_owned()
}
