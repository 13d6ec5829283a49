//! Every way to fail, on one screen. Features return these and know no HTTP; the web kit turns them into answers.

use std::collections::BTreeMap;

use sea_orm::DbErr;

use crate::types::limit::Period;
use crate::types::points::Points;

/// What a fallible function of the shop returns.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Everything that can keep a request from being done.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("nobody is signed in")]
    SignIn,
    #[error("not allowed")]
    Forbidden,
    /// A write that another site's page sent.
    #[error("a write from another origin")]
    CrossOrigin,
    #[error("not found")]
    NotFound,
    /// The request itself is not well formed: a missing form field nobody could have left out, a broken id.
    #[error("malformed request: {0}")]
    Malformed(&'static str),
    /// More than a named limit lets in.
    #[error("request body too large")]
    TooLarge,
    /// The body is packed, and nobody knows how large it will be.
    #[error("compressed request body")]
    Compressed,
    /// The body did not arrive in time.
    #[error("request body too slow")]
    TooSlow,
    /// A person typed something that cannot be; beside each field stands why.
    #[error("invalid form")]
    Invalid(FieldErrors),
    /// The shop's own "no", said in a sentence.
    #[error("refused: {0:?}")]
    Refused(Refusal),
    #[error("too many requests")]
    TooMany { retry_after_s: u64 },
    /// Something outside is down; trying again later may work.
    #[error("{0} is unavailable")]
    Unavailable(&'static str),
    /// The database said so; whether it is down, busy or misused is for the platform to tell.
    #[error("database: {}", without_values(.0))]
    Database(#[from] DbErr),
    /// A bug or a broken promise. Logged once, with its whole chain, by the error pages.
    #[error(transparent)]
    Internal(#[from] anyhow::Error),
}

/// What the database said, without the value it stumbled over: MySQL quotes it, and it may be somebody's address.
fn without_values(error: &DbErr) -> String {
    let said = error.to_string();
    match said.split_once('\'').and_then(|(head, rest)| Some((head, rest.rsplit_once("' for ")?.1))) {
        Some((head, tail)) => format!("{head}'…' for {tail}"),
        None => said,
    }
}

/// Every "no" the shop can say for reasons of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    CartEmpty,
    /// The total is higher than the one the person agreed to.
    PriceChanged {
        was: Points,
        now: Points,
    },
    /// The cart is not the one the person looked at when confirming.
    CartChanged,
    NotEnoughPoints {
        short_by: Points,
    },
    OutOfStock {
        name: String,
        left: i64,
    },
    Withdrawn {
        name: String,
    },
    /// One person may not have so many of a product in one period.
    LimitReached {
        name: String,
        limit: i64,
        left: i64,
        period: Period,
    },
    /// Nor place so many orders.
    OrderLimitReached {
        limit: i64,
        period: Period,
    },
    /// Nor spend so many points.
    PointLimitReached {
        limit: Points,
        left: Points,
        period: Period,
    },
    /// The checkout key already stands for another order.
    KeyReused,
    PersonInactive,
    /// So many different things.
    TooManyInCart {
        limit: i64,
    },
    /// So many pieces of one of them.
    TooManyOfOne {
        name: String,
        limit: i64,
    },
    TooManyAddresses {
        limit: i64,
    },
    NothingToFulfil,
    OrderNotCancellable(WhyNot),
    /// Somebody else changed it since the page was shown.
    ChangedMeanwhile,
    /// A grant can be taken back only while its lot is whole.
    GrantSpent {
        left: Points,
    },
    GrantToSelf,
    /// Nobody sets what a rule gives to themselves.
    OwnOverride,
    /// Nobody gives one person more than this by an exception; as a grant somebody else looks at it.
    ExceptionTooMuch {
        most: Points,
    },
    /// Nobody lets a rule begin that they made.
    OwnRule,
    /// Whoever has left is given nothing.
    ReceiverInactive,
    /// An account holds no more than so much.
    BalanceFull {
        most: Points,
        room: Points,
    },
    /// There are as many rules as there may be.
    TooManyRules {
        limit: i64,
    },
    /// Nobody changes what HR keeps about themselves, nor shuts themselves out.
    OwnRecord,
    /// A sheet that was looked at too long ago.
    ImportForgotten,
    /// The key of this form stands for something else already.
    FormReused,
    /// A product of this state cannot become what was asked for.
    NotFromHere,
    /// Something hangs on the product: it can be archived, not removed.
    ProductStays,
    CategoryNotEmpty,
    /// More pieces would go than there are.
    StockTooLow {
        left: i64,
    },
    /// Somebody counted on a stock that has changed since.
    StockMoved {
        was: i64,
        now: i64,
    },
    /// The stock of a digital product is its free codes.
    StockIsCodes,
    /// Codes belong to digital products only.
    NoCodesHere,
    /// The code was sold or withdrawn meanwhile.
    CodeNotFree,
    Run(WhyNoRun),
}

/// Why a run of grants is not made, judged or taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhyNoRun {
    /// Only its maker commits or discards it.
    NotYours,
    /// Its maker is no second pair of eyes.
    OwnRun,
    /// Nor is whoever gets points by it.
    GivesToYou,
    /// No row of it can be granted.
    NothingToGrant,
    /// Nothing of it was granted.
    NothingToTakeBack,
    /// Its points would have lapsed already.
    EndsPassed,
}

/// Why an order, or so much of it, cannot be cancelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhyNot {
    /// It is being prepared already; HR can still stop it.
    Begun,
    /// It was handed over.
    HandedOver,
    /// A code was shown, and what was seen cannot be given back.
    CodeShown,
    /// The time for it is over.
    TooLate,
    /// Nothing is left of it, or less than was asked for.
    NothingLeft,
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<WhyNoRun> for Error {
    fn from(why: WhyNoRun) -> Self {
        Refusal::Run(why).into()
    }
}

/// What is wrong with a form, field by field: each a key of `locales/` with its arguments.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldErrors(BTreeMap<&'static str, FieldProblem>);

/// What is wrong with one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldProblem {
    Required,
    TooLong {
        max: u64,
    },
    NotANumber,
    OutOfRange {
        min: i64,
        max: i64,
    },
    NotADate,
    ChooseDelivery,
    RangeOrder,
    RangeTooLong {
        max: i64,
    },
    NotInList,
    Taken,
    NotAPhoneNumber,
    /// A box that must be ticked to go on.
    Confirm,
    /// Only so many points are there to be taken.
    OnlySoMany {
        left: Points,
    },
    /// A day that is over, or too far ahead.
    NotAhead,
    /// What the shop says to it.
    Refused(Refusal),
    NotAnEmail,
    /// A day that has not come yet.
    InTheFuture,
    NotASlug,
    /// It was settled before and stays.
    Fixed,
    TooMany {
        max: u64,
    },
    /// There are as many as there can be.
    Full {
        max: u64,
    },
    /// A line of a list is longer than any can be.
    LineTooLong {
        line: u64,
        max: u64,
    },
    /// A line of a list holds more than one thing.
    NotOneALine {
        line: u64,
    },
    NotText,
    /// Files that are no pictures for the shop, by their names.
    Pictures(Vec<(String, PictureProblem)>),
    TooManyPictures {
        most: u64,
        left: u64,
    },
}

/// Why a file cannot become a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PictureProblem {
    Empty,
    TooHeavy,
    /// Whatever its name says.
    NotAPicture,
    TooManyPixels {
        width: u32,
        height: u32,
    },
    Moving,
    /// Damaged, or not complete.
    Unreadable,
    /// It cannot be written in so few bytes as a page may need for it.
    TooDetailed,
}

impl FieldErrors {
    /// Notes a problem; the first one of a field stands.
    pub fn add(&mut self, field: &'static str, problem: FieldProblem) {
        self.0.entry(field).or_insert(problem);
    }

    /// The problem of a field.
    #[must_use]
    pub fn get(&self, field: &str) -> Option<&FieldProblem> {
        self.0.get(field)
    }

    /// Every problem there is, by field.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &FieldProblem)> {
        self.0.iter().map(|(field, problem)| (*field, problem))
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// `Err(Invalid)` when there is any.
    ///
    /// # Errors
    /// The collected problems.
    pub fn check(self) -> Result<()> {
        if self.is_empty() { Ok(()) } else { Err(Error::Invalid(self)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_error_tells_the_key_and_not_the_value() {
        let told = |said: &str| Error::from(DbErr::Custom(said.to_owned())).to_string();
        for value in ["ann@example.test", "Ann O'Hara", "x' for key 'y"] {
            assert_eq!(
                told(&format!("1062 (23000): Duplicate entry '{value}' for key 'people.people_email'")),
                "database: Custom Error: 1062 (23000): Duplicate entry '…' for key 'people.people_email'"
            );
            let incorrect =
                format!("1366 (HY000): Incorrect string value: '{value}' for column 'name' at row 1");
            assert!(!told(&incorrect).contains(value), "{}", told(&incorrect));
        }
        assert_eq!(told("no such table: lots"), "database: Custom Error: no such table: lots");
        assert_eq!(
            told("Unknown column 'x' in 'field list'"),
            "database: Custom Error: Unknown column 'x' in 'field list'"
        );
    }
}
