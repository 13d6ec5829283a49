//! Why stock moved.

use std::str::FromStr;

/// The reason of a move. Its name is what the books keep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StockReason {
    /// Left for an order, and came back from one.
    Sold,
    Returned,
    /// Arrived.
    Received,
    /// Was there after all.
    Found,
    Damaged,
    Lost,
    /// Taken for something else than an order: a present, a sample.
    TakenOut,
    /// One more or one less, by a button.
    Corrected,
    /// As many as somebody counted.
    Counted,
    /// A code that shall not be sold.
    Withdrawn,
}

impl StockReason {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Sold,
        Self::Returned,
        Self::Received,
        Self::Found,
        Self::Damaged,
        Self::Lost,
        Self::TakenOut,
        Self::Corrected,
        Self::Counted,
        Self::Withdrawn,
    ];
    /// Those that a person enters with a number.
    pub const ENTERED: [Self; 6] =
        [Self::Received, Self::Counted, Self::Found, Self::Damaged, Self::Lost, Self::TakenOut];

    /// Its name in the database and in forms.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Sold => "sold",
            Self::Returned => "returned",
            Self::Received => "received",
            Self::Found => "found",
            Self::Damaged => "damaged",
            Self::Lost => "lost",
            Self::TakenOut => "taken-out",
            Self::Corrected => "corrected",
            Self::Counted => "counted",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// Whether pieces leave for it.
    #[must_use]
    pub fn takes_away(self) -> bool {
        matches!(self, Self::Sold | Self::Damaged | Self::Lost | Self::TakenOut | Self::Withdrawn)
    }
}

impl FromStr for StockReason {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|reason| reason.name() == text).ok_or(())
    }
}
