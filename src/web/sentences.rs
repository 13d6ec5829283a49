//! Refusals and form problems in words.

use crate::error::{FieldProblem, PictureProblem, Refusal, WhyNoRun, WhyNot};
use crate::types::sheet::SheetProblem;
use crate::web::text::Text;

/// The sentence of a refusal, with its numbers.
#[must_use]
pub fn refusal(text: Text, refusal: &Refusal) -> String {
    match refusal {
        Refusal::CartEmpty => text.say("refusal-cart-empty"),
        Refusal::PriceChanged { was, now } => {
            text.say("refusal-price-changed").with("was", *was).with("now", *now)
        }
        Refusal::CartChanged => text.say("refusal-cart-changed"),
        Refusal::NotEnoughPoints { short_by } => {
            text.say("refusal-not-enough-points").with("short", *short_by)
        }
        Refusal::OutOfStock { name, left } => {
            text.say("refusal-out-of-stock").with("name", name).with("left", *left)
        }
        Refusal::Withdrawn { name } => text.say("refusal-withdrawn").with("name", name),
        Refusal::LimitReached { name, limit, left, period } => text
            .say("refusal-limit-reached")
            .with("name", name)
            .with("limit", *limit)
            .with("left", *left)
            .with("period", period.name()),
        Refusal::OrderLimitReached { limit, period } => {
            text.say("refusal-order-limit-reached").with("limit", *limit).with("period", period.name())
        }
        Refusal::PointLimitReached { limit, left, period } => text
            .say("refusal-point-limit-reached")
            .with("limit", *limit)
            .with("left", *left)
            .with("period", period.name()),
        Refusal::KeyReused => text.say("refusal-key-reused"),
        Refusal::PersonInactive => text.say("refusal-person-inactive"),
        Refusal::TooManyInCart { limit } => text.say("refusal-too-many-in-cart").with("limit", *limit),
        Refusal::TooManyOfOne { name, limit } => {
            text.say("refusal-too-many-of-one").with("name", name.as_str()).with("limit", *limit)
        }
        Refusal::TooManyAddresses { limit } => text.say("refusal-too-many-addresses").with("limit", *limit),
        Refusal::NothingToFulfil => text.say("refusal-nothing-to-fulfil"),
        Refusal::OrderNotCancellable(why) => return not_cancellable(text, *why),
        Refusal::Run(why) => return no_run(text, *why),
        Refusal::ChangedMeanwhile => text.say("refusal-changed-meanwhile"),
        Refusal::GrantSpent { left } => text.say("refusal-grant-spent").with("left", *left),
        Refusal::GrantToSelf => text.say("refusal-grant-to-self"),
        Refusal::OwnOverride => text.say("refusal-own-override"),
        Refusal::ExceptionTooMuch { most } => text.say("refusal-exception-too-much").with("most", *most),
        Refusal::OwnRule => text.say("refusal-own-rule"),
        Refusal::ReceiverInactive => text.say("refusal-receiver-inactive"),
        Refusal::BalanceFull { most, room } => {
            text.say("refusal-balance-full").with("most", *most).with("room", *room)
        }
        Refusal::FormReused => text.say("refusal-form-reused"),
        Refusal::TooManyRules { limit } => text.say("refusal-too-many-rules").with("limit", *limit),
        Refusal::OwnRecord => text.say("refusal-own-record"),
        Refusal::ImportForgotten => text.say("refusal-import-forgotten"),
        Refusal::NotFromHere => text.say("refusal-not-from-here"),
        Refusal::ProductStays => text.say("refusal-product-stays"),
        Refusal::CategoryNotEmpty => text.say("refusal-category-not-empty"),
        Refusal::StockTooLow { left } => text.say("refusal-stock-too-low").with("left", *left),
        Refusal::StockMoved { was, now } => {
            text.say("refusal-stock-moved").with("was", *was).with("now", *now)
        }
        Refusal::StockIsCodes => text.say("refusal-stock-is-codes"),
        Refusal::NoCodesHere => text.say("refusal-no-codes-here"),
        Refusal::CodeNotFree => text.say("refusal-code-not-free"),
    }
    .to_string()
}

/// Why an order, or so much of it, cannot be cancelled.
#[must_use]
pub fn not_cancellable(text: Text, why: WhyNot) -> String {
    match why {
        WhyNot::Begun => text.say("refusal-cancel-begun"),
        WhyNot::HandedOver => text.say("refusal-cancel-handed-over"),
        WhyNot::CodeShown => text.say("refusal-cancel-code-shown"),
        WhyNot::TooLate => text.say("refusal-cancel-too-late"),
        WhyNot::NothingLeft => text.say("refusal-cancel-nothing-left"),
    }
    .to_string()
}

/// Why a file is no sheet.
#[must_use]
pub fn sheet(text: Text, problem: SheetProblem) -> String {
    match problem {
        SheetProblem::Empty => text.say("sheet-empty"),
        SheetProblem::NotText => text.say("sheet-not-text"),
        SheetProblem::Unreadable { line } => text.say("sheet-unreadable").with("line", line),
        SheetProblem::TooManyRows { most } => text.say("sheet-too-many-rows").with("most", most),
        SheetProblem::TooManyColumns { most } => text.say("sheet-too-many-columns").with("most", most),
        SheetProblem::CellTooLong { line, most } => {
            text.say("sheet-cell-too-long").with("line", line).with("most", most)
        }
    }
    .to_string()
}

/// The sentence of a problem with one field.
#[must_use]
pub fn problem(text: Text, problem: &FieldProblem) -> String {
    match problem {
        FieldProblem::Required => text.say("form-required"),
        FieldProblem::TooLong { max } => text.say("form-too-long").with("max", *max),
        FieldProblem::NotANumber => text.say("form-not-a-number"),
        FieldProblem::OutOfRange { min, max } => {
            text.say("form-number-range").with("min", *min).with("max", *max)
        }
        FieldProblem::NotADate => text.say("form-date"),
        FieldProblem::ChooseDelivery => text.say("form-choose-delivery"),
        FieldProblem::RangeOrder => text.say("form-range-order"),
        FieldProblem::RangeTooLong { max } => text.say("form-range-too-long").with("max", *max),
        FieldProblem::NotInList => text.say("form-not-in-list"),
        FieldProblem::Taken => text.say("form-taken"),
        FieldProblem::NotAPhoneNumber => text.say("form-not-a-phone-number"),
        FieldProblem::Confirm => text.say("form-confirm"),
        FieldProblem::OnlySoMany { left } => text.say("form-only-so-many").with("left", *left),
        FieldProblem::NotAhead => text.say("form-not-ahead"),
        FieldProblem::Refused(why) => return refusal(text, why),
        FieldProblem::NotAnEmail => text.say("form-not-an-email"),
        FieldProblem::InTheFuture => text.say("form-in-the-future"),
        FieldProblem::Pictures(files) => {
            let sentences: Vec<String> =
                files.iter().map(|(name, why)| picture_problem(text, name, *why)).collect();
            return sentences.join(" ");
        }
        FieldProblem::TooManyPictures { most, left } => {
            text.say("picture-too-many").with("most", *most).with("left", *left)
        }
        FieldProblem::NotASlug => text.say("form-not-a-slug"),
        FieldProblem::Fixed => text.say("form-fixed"),
        FieldProblem::TooMany { max } => text.say("form-too-many").with("max", *max),
        FieldProblem::Full { max } => text.say("form-full").with("max", *max),
        FieldProblem::LineTooLong { line, max } => {
            text.say("form-line-too-long").with("line", *line).with("max", *max)
        }
        FieldProblem::NotOneALine { line } => text.say("form-not-one-a-line").with("line", *line),
        FieldProblem::NotText => text.say("form-not-text"),
    }
    .to_string()
}

/// Why the file of that name cannot become a picture.
fn picture_problem(text: Text, name: &str, problem: PictureProblem) -> String {
    match problem {
        PictureProblem::Empty => text.say("picture-empty"),
        PictureProblem::TooHeavy => text.say("picture-too-heavy"),
        PictureProblem::NotAPicture => text.say("picture-not-a-picture"),
        PictureProblem::TooManyPixels { width, height } => text
            .say("picture-too-many-pixels")
            .with("width", u64::from(width))
            .with("height", u64::from(height)),
        PictureProblem::Moving => text.say("picture-moving"),
        PictureProblem::Unreadable => text.say("picture-unreadable"),
        PictureProblem::TooDetailed => text.say("picture-too-detailed"),
    }
    .with("name", name)
    .to_string()
}

/// Why a run is not made, judged or taken back.
#[must_use]
pub fn no_run(text: Text, why: WhyNoRun) -> String {
    match why {
        WhyNoRun::NotYours => text.say("refusal-run-not-yours"),
        WhyNoRun::OwnRun => text.say("refusal-run-own"),
        WhyNoRun::GivesToYou => text.say("refusal-run-gives-to-you"),
        WhyNoRun::NothingToGrant => text.say("refusal-run-nothing-to-grant"),
        WhyNoRun::NothingToTakeBack => text.say("refusal-run-nothing-to-take-back"),
        WhyNoRun::EndsPassed => text.say("refusal-run-ends-passed"),
    }
    .to_string()
}
