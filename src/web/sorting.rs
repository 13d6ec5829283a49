//! The order of a list: one column of a closed list, up or down, in the address as `sort=name` or `sort=-balance`.

/// A list's order and the links of its headings that change it.
#[derive(Clone, Debug)]
pub struct Sorting {
    /// The column that the list is sorted by.
    pub key: &'static str,
    pub descending: bool,
    columns: &'static [&'static str],
}

/// A heading that sorts: where it leads and how the list stands.
#[derive(Clone, Debug)]
pub struct Column {
    pub label: String,
    pub href: String,
    /// For `aria-sort`: `ascending`, `descending` or `none`.
    pub state: &'static str,
    /// A column of numbers.
    pub numeric: bool,
}

impl Sorting {
    /// What `asked` says, or else `standard` (both as in an address). Only `columns` can be sorted by.
    #[must_use]
    pub fn new(asked: &str, standard: &'static str, columns: &'static [&'static str]) -> Self {
        let read = |text: &str| {
            let (name, descending) = text.strip_prefix('-').map_or((text, false), |name| (name, true));
            let key = columns.iter().find(|column| **column == name)?;
            Some(Self { key, descending, columns })
        };
        read(asked).or_else(|| read(standard)).unwrap_or(Self { key: "", descending: false, columns })
    }

    /// As it stands in an address.
    #[must_use]
    pub fn text(&self) -> String {
        format!("{}{}", if self.descending { "-" } else { "" }, self.key)
    }

    /// `ASC` or `DESC`.
    #[must_use]
    pub fn direction(&self) -> &'static str {
        if self.descending { "DESC" } else { "ASC" }
    }

    /// The heading of `key`; `address` makes the list's address from a value of `sort`. Numbers begin with the largest.
    #[must_use]
    #[expect(clippy::needless_pass_by_value, reason = "a sentence is handed over where it is made")]
    pub fn column(
        &self,
        key: &'static str,
        label: impl ToString,
        numeric: bool,
        address: impl Fn(&str) -> String,
    ) -> Column {
        debug_assert!(self.columns.contains(&key), "{key} is no column of this list");
        let is_current = self.key == key;
        let descending = if is_current { !self.descending } else { numeric };
        let state = match (is_current, self.descending) {
            (false, _) => "none",
            (true, true) => "descending",
            (true, false) => "ascending",
        };
        let sort = Self { key, descending, columns: self.columns }.text();
        Column { label: label.to_string(), href: address(&sort), state, numeric }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: &[&str] = &["name", "balance"];

    #[test]
    fn only_known_columns_are_sorted_by() {
        let read = |asked| Sorting::new(asked, "name", COLUMNS).text();
        assert_eq!(
            ["", "name", "-balance", "-name; DROP", "--name", "age"].map(read),
            ["name", "name", "-balance", "name", "name", "name"]
        );
    }

    #[test]
    fn a_heading_turns_its_own_order_round_and_numbers_begin_with_the_largest() {
        let sorting = Sorting::new("-balance", "name", COLUMNS);
        let address = |sort: &str| format!("/list?sort={sort}");
        let balance = sorting.column("balance", "Balance", true, address);
        assert_eq!((balance.href.as_str(), balance.state), ("/list?sort=balance", "descending"));
        let name = sorting.column("name", "Name", false, address);
        assert_eq!((name.href.as_str(), name.state), ("/list?sort=name", "none"));
        let other = Sorting::new("name", "name", COLUMNS).column("balance", "Balance", true, address);
        assert_eq!(other.href, "/list?sort=-balance");
    }
}
