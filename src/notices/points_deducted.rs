//! The letter that points were taken: how many, why, and what is left.

use askama::Template;

use crate::error::Result;
use crate::outbox::event::PointsDeducted;
use crate::platform::config::Config;
use crate::platform::mail::Letter;
use crate::urls;
use crate::web::text::Text;

#[derive(Template)]
#[template(path = "notices/points_deducted.txt")]
struct Plain<'a> {
    text: Text,
    taken: &'a PointsDeducted,
    address: &'a str,
}

#[derive(Template)]
#[template(path = "notices/points_deducted.html")]
struct Page<'a> {
    text: Text,
    taken: &'a PointsDeducted,
    address: &'a str,
}

/// Writes it to whoever had them.
///
/// # Errors
/// When a template fails.
pub(super) fn letter(text: Text, config: &Config, id: String, taken: &PointsDeducted) -> Result<Letter> {
    let address = &config.public_address(&urls::points());
    Ok(Letter {
        id,
        name: taken.name.clone(),
        address: taken.email.clone(),
        subject: text.say("notice-points-deducted-subject").with("points", taken.points).to_string(),
        text: Plain { text, taken, address }.render().map_err(anyhow::Error::new)?,
        html: Page { text, taken, address }.render().map_err(anyhow::Error::new)?,
    })
}
