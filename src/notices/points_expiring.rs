//! The letter that points are about to lapse: how many, until when they are good, and the way to the shop.

use askama::Template;

use crate::error::Result;
use crate::outbox::event::PointsExpiring;
use crate::platform::config::Config;
use crate::platform::mail::Letter;
use crate::urls;
use crate::web::text::Text;

#[derive(Template)]
#[template(path = "notices/points_expiring.txt")]
struct Plain<'a> {
    text: Text,
    notice: &'a PointsExpiring,
    day: &'a str,
    address: &'a str,
}

#[derive(Template)]
#[template(path = "notices/points_expiring.html")]
struct Page<'a> {
    text: Text,
    notice: &'a PointsExpiring,
    day: &'a str,
    address: &'a str,
}

/// Writes it to whoever has the points.
///
/// # Errors
/// When a template fails.
pub(super) fn letter(text: Text, config: &Config, id: String, notice: &PointsExpiring) -> Result<Letter> {
    let address = &config.public_address(&urls::points());
    let day = &notice.ends_at.last_day_in(config.time_zone);
    let subject = text.say("notice-points-expiring-subject").with("points", notice.points).with("day", day);
    Ok(Letter {
        id,
        name: notice.name.clone(),
        address: notice.email.clone(),
        subject: subject.to_string(),
        text: Plain { text, notice, day, address }.render().map_err(anyhow::Error::new)?,
        html: Page { text, notice, day, address }.render().map_err(anyhow::Error::new)?,
    })
}
