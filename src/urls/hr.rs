//! The addresses of HR's desk, desk by desk.

mod audit;
mod orders;
mod people;
mod points;
mod products;
mod reports;
mod runs;

use std::fmt::Display;

pub use audit::*;
pub use orders::*;
pub use people::*;
pub use points::*;
pub use products::*;
pub use reports::*;
pub use runs::*;

/// Where every address of the desk begins.
pub const ROOT: &str = "/hr";

/// What needs somebody.
#[must_use]
pub fn overview() -> String {
    ROOT.to_owned()
}

/// Another chance for a mail that was given up.
#[must_use]
pub fn mail_delivery(message: impl Display) -> String {
    format!("/hr/mails/{message}/delivery")
}

/// The same for all of them.
#[must_use]
pub fn mail_deliveries() -> String {
    "/hr/mails/deliveries".to_owned()
}
