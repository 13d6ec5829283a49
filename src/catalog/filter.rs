//! The catalog's filter: read from an address, written back into one. Pure.
//!
//! Whatever stands in the address, there is a page: what is unknown counts as not chosen, what is no number is shown
//! beside its field and does not filter. An address is canonical: only what is chosen stands in it, always in one order.

use crate::error::{FieldErrors, FieldProblem};
use crate::types::paging::Paging;
use crate::types::points::{MOST_POINTS, Points};
use crate::types::quantity::whole_number;
use crate::types::search::LONGEST_SEARCH;

/// Characters of any other field that are kept, to be shown again.
const LONGEST_FIELD: usize = 80;
/// Products on a page.
const PAGE_SIZE: u32 = 24;

/// In which order products are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    #[default]
    Newest,
    PriceUp,
    PriceDown,
    Name,
    MostRedeemed,
}

impl Sort {
    /// Every order, as the page offers them.
    pub const ALL: [Self; 5] = [Self::Newest, Self::PriceUp, Self::PriceDown, Self::Name, Self::MostRedeemed];

    /// Its name in addresses.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Newest => "newest",
            Self::PriceUp => "price-up",
            Self::PriceDown => "price-down",
            Self::Name => "name",
            Self::MostRedeemed => "most-redeemed",
        }
    }

    fn named(name: &str) -> Self {
        Self::ALL.into_iter().find(|sort| sort.name() == name).unwrap_or_default()
    }
}

/// What is wanted of the catalog.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// What was typed into the search box, trimmed and cut.
    pub q: String,
    /// The slug of a category; empty for all.
    pub category: String,
    /// As typed, to be shown again.
    pub min: String,
    pub max: String,
    pub affordable: bool,
    pub in_stock: bool,
    pub sort: Sort,
    pub page: Option<u32>,
    /// The prices that count.
    pub price_from: Option<Points>,
    pub price_to: Option<Points>,
    /// What is wrong with `min` and `max`.
    pub errors: FieldErrors,
}

impl Filter {
    /// Reads the fields of an address. Of a field that stands there twice the first counts.
    #[must_use]
    pub fn read(fields: &[(String, String)]) -> Self {
        let field =
            |name: &str| fields.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.trim());
        let is_on = |name: &str| matches!(field(name), "true" | "on" | "1");
        let mut errors = FieldErrors::default();
        let price_from = price(field("min"), "min", &mut errors);
        let mut price_to = price(field("max"), "max", &mut errors);
        if let (Some(from), Some(to)) = (price_from, price_to)
            && from > to
        {
            errors.add("max", FieldProblem::RangeOrder);
            price_to = None;
        }
        Self {
            q: cut(field("q"), LONGEST_SEARCH),
            category: cut(field("category"), LONGEST_FIELD),
            min: cut(field("min"), LONGEST_FIELD),
            max: cut(field("max"), LONGEST_FIELD),
            affordable: is_on("affordable"),
            in_stock: is_on("in_stock"),
            sort: Sort::named(field("sort")),
            page: whole_number(field("page")).and_then(|page| u32::try_from(page).ok()),
            price_from,
            price_to,
            errors,
        }
    }

    /// Which part of the list is wanted.
    #[must_use]
    pub fn paging(&self) -> Paging {
        Paging::new(self.page, PAGE_SIZE)
    }

    /// Whether any product may be left out.
    #[must_use]
    pub fn is_any(&self) -> bool {
        let typed = [&self.q, &self.category, &self.min, &self.max].into_iter().any(|text| !text.is_empty());
        typed || self.affordable || self.in_stock
    }

    /// The query string of page `page`: only what is chosen and not the default.
    #[must_use]
    pub fn to_query(&self, page: Option<u32>) -> String {
        let price = |limit: Option<Points>| limit.map(|points| points.0.to_string()).unwrap_or_default();
        let flag = |on: bool| if on { "true".to_owned() } else { String::new() };
        let sort = if self.sort == Sort::default() { "" } else { self.sort.name() };
        let page = page.filter(|number| *number > 1).map(|number| number.to_string());
        let fields = [
            ("q", self.q.clone()),
            ("category", self.category.clone()),
            ("min", price(self.price_from)),
            ("max", price(self.price_to)),
            ("affordable", flag(self.affordable)),
            ("in_stock", flag(self.in_stock)),
            ("sort", sort.to_owned()),
            ("page", page.unwrap_or_default()),
        ];
        let chosen: Vec<_> = fields.into_iter().filter(|(_, value)| !value.is_empty()).collect();
        serde_urlencoded::to_string(chosen).unwrap_or_default()
    }
}

/// One limit of the price; empty is none.
fn price(text: &str, field: &'static str, errors: &mut FieldErrors) -> Option<Points> {
    if text.is_empty() {
        return None;
    }
    let Some(number) = whole_number(text) else {
        errors.add(field, FieldProblem::NotANumber);
        return None;
    };
    if number > MOST_POINTS {
        errors.add(field, FieldProblem::OutOfRange { min: 0, max: MOST_POINTS });
        return None;
    }
    Some(Points(number))
}

/// The first `longest` characters, without those that cannot be typed.
fn cut(text: &str, longest: usize) -> String {
    let printable = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    printable.take(longest).collect::<String>().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(query: &str) -> Filter {
        Filter::read(&serde_urlencoded::from_str::<Vec<(String, String)>>(query).unwrap())
    }

    #[test]
    fn an_address_without_fields_chooses_nothing() {
        let filter = read("");
        assert_eq!(filter, Filter::default());
        assert!(!filter.is_any());
        assert_eq!(filter.to_query(None), "");
        assert_eq!(filter.to_query(Some(1)), "");
        assert_eq!(filter.to_query(Some(2)), "page=2");
    }

    #[test]
    fn what_is_chosen_is_read_and_written_back_in_one_order() {
        let query = "q=desk+lamp&category=home&min=100&max=900&affordable=true&in_stock=true&sort=price-up";
        let filter = read(&format!(
            "page=3&sort=price-up&in_stock=true&affordable=true&max=900&min=100&category=home&q=desk+lamp&{query}"
        ));
        assert_eq!(filter.to_query(None), query);
        assert_eq!(filter.paging(), Paging::new(Some(3), 24));
        assert_eq!((filter.price_from, filter.price_to), (Some(Points(100)), Some(Points(900))));
        assert!(filter.is_any() && filter.errors.is_empty());
    }

    #[test]
    fn empty_fields_of_a_plain_form_are_left_out() {
        let filter = read("q=&category=&min=&max=&sort=newest");
        assert_eq!(filter, Filter::default());
        assert_eq!(read("q=%20a%20").to_query(None), "q=a");
    }

    #[test]
    fn what_is_no_price_is_shown_again_and_does_not_filter() {
        for bad in ["1e3", "-1", "1.5", "abc", "%D9%A3", "99999999999999999999"] {
            let filter = read(&format!("min={bad}"));
            assert_eq!(filter.errors.get("min"), Some(&FieldProblem::NotANumber), "{bad}");
            assert_eq!(filter.price_from, None);
            assert!(!filter.min.is_empty() && filter.is_any());
            assert_eq!(filter.to_query(None), "");
        }
        let beyond = read("max=1000000001");
        assert_eq!(beyond.errors.get("max"), Some(&FieldProblem::OutOfRange { min: 0, max: MOST_POINTS }));
        assert!(read("max=1000000000&min=0").errors.is_empty());
    }

    #[test]
    fn limits_the_wrong_way_round_are_said_and_the_first_counts() {
        let filter = read("min=500&max=100");
        assert_eq!(filter.errors.get("max"), Some(&FieldProblem::RangeOrder));
        assert_eq!((filter.price_from, filter.price_to), (Some(Points(500)), None));
        assert!(read("min=100&max=100").errors.is_empty());
    }

    #[test]
    fn odd_values_fall_back() {
        let filter = read("sort=random&page=0&affordable=maybe&in_stock=&unknown=1");
        assert_eq!(filter, Filter { page: Some(0), ..Filter::default() });
        assert_eq!(filter.paging().number, 1);
        for page in ["-1", "1e3", "99999999999999", "x", ""] {
            assert_eq!(read(&format!("page={page}")).paging().number, 1, "{page}");
        }
    }

    #[test]
    fn long_and_unprintable_searches_are_cut() {
        assert_eq!(read(&format!("q={}", "a".repeat(10_000))).q.len(), 100);
        assert_eq!(read(&format!("q={}", "%C3%BC".repeat(10_000))).q.chars().count(), 100);
        assert_eq!(read("q=a%00b").q, "a b");
        assert_eq!(read("q=%00").q, "");
    }
}
