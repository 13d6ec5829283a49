//! Pages of a list: numbered from one, of a size that the list names, never beyond a limit.

/// Nobody reads further; a larger number in an address is taken for this.
pub const LAST_PAGE: u32 = 10_000;

/// Which page of a list, and how long a page is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Paging {
    pub number: u32,
    pub size: u32,
}

impl Paging {
    /// Page `number` (from an address: anything odd is page one) of `size` rows.
    #[must_use]
    pub fn new(number: Option<u32>, size: u32) -> Self {
        Self { number: number.unwrap_or(1).clamp(1, LAST_PAGE), size }
    }

    /// Rows before this page.
    #[must_use]
    pub fn offset(self) -> u64 {
        u64::from(self.number - 1) * u64::from(self.size)
    }

    /// Rows of this page.
    #[must_use]
    pub fn limit(self) -> u64 {
        u64::from(self.size)
    }

    /// The same page, or the last one when there are only `total` rows.
    #[must_use]
    pub fn within(self, total: u64) -> Self {
        Self { number: self.number.min(self.pages(total)), ..self }
    }

    /// How many pages `total` rows make; an empty list is one empty page.
    #[must_use]
    pub fn pages(self, total: u64) -> u32 {
        u32::try_from(total.div_ceil(self.limit())).unwrap_or(LAST_PAGE).clamp(1, LAST_PAGE)
    }
}

/// One page of a list, and how many rows the whole list has.
#[derive(Clone, Debug)]
pub struct Paged<T> {
    pub rows: Vec<T>,
    pub total: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_counted_from_one() {
        let page = Paging::new(Some(3), 24);
        assert_eq!((page.offset(), page.limit()), (48, 24));
        assert_eq!([0, 1, 24, 25].map(|total| page.pages(total)), [1, 1, 1, 2]);
        assert_eq!([1, 3, 9].map(|number| Paging::new(Some(number), 24).within(49).number), [1, 3, 3]);
        assert_eq!(Paging::new(Some(0), 24).number, 1);
        assert_eq!(Paging::new(Some(u32::MAX), 24).number, LAST_PAGE);
    }
}
