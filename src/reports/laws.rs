//! The laws, each a name, a sentence and a query for the rows that break it. A row says what, what was expected and what
//! was found. The queries read the tables alone and share nothing with the code that writes them; where a table is big
//! they join sums made once, so that the whole of it stays a matter of seconds.

mod lots;
mod orders;
mod people;
mod points;
mod records;
mod refunds;
mod runs;
mod stock;

/// A promise of the books.
pub(super) struct Law {
    pub name: &'static str,
    pub meaning: &'static str,
    /// Columns `what`, `expected`, `found`.
    pub query: &'static str,
}

/// Every law, noun by noun.
pub(super) fn all() -> impl Iterator<Item = &'static Law> {
    let nouns = [
        points::LAWS,
        lots::LAWS,
        orders::LAWS,
        refunds::LAWS,
        stock::LAWS,
        people::LAWS,
        runs::LAWS,
        records::LAWS,
    ];
    nouns.into_iter().flatten()
}
