//! The links under a list that lead to its other pages and keep its filter.

use crate::types::paging::Paging;

/// Where one is in a list, and the ways on.
#[derive(Clone, Debug)]
pub struct Pager {
    pub number: u32,
    pub count: u32,
    pub first: Option<String>,
    pub previous: Option<String>,
    pub next: Option<String>,
    pub total: u64,
}

impl Pager {
    /// `address` makes the address of a page from its number.
    #[must_use]
    pub fn new(paging: Paging, total: u64, address: impl Fn(u32) -> String) -> Self {
        let count = paging.pages(total);
        let number = paging.number;
        Self {
            number,
            count,
            first: (number > 2).then(|| address(1)),
            previous: (number > 1).then(|| address((number - 1).min(count))),
            next: (number < count).then(|| address(number + 1)),
            total,
        }
    }
}
