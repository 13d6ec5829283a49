//! The letter that points were given: how many, why, until when they are good, and the way to them.

use askama::Template;

use crate::error::Result;
use crate::outbox::event::GrantMade;
use crate::platform::config::Config;
use crate::platform::mail::Letter;
use crate::urls;
use crate::web::text::Text;

#[derive(Template)]
#[template(path = "notices/grant_made.txt")]
struct Plain<'a> {
    text: Text,
    grant: &'a GrantMade,
    last_day: Option<String>,
    address: &'a str,
}

#[derive(Template)]
#[template(path = "notices/grant_made.html")]
struct Page<'a> {
    text: Text,
    grant: &'a GrantMade,
    last_day: Option<String>,
    address: &'a str,
}

/// Writes it to whoever received them.
///
/// # Errors
/// When a template fails.
pub(super) fn letter(text: Text, config: &Config, id: String, grant: &GrantMade) -> Result<Letter> {
    let address = &config.public_address(&urls::points());
    let last_day = grant.expires_at.map(|end| end.last_day_in(config.time_zone));
    Ok(Letter {
        id,
        name: grant.name.clone(),
        address: grant.email.clone(),
        subject: text.say("notice-grant-made-subject").with("points", grant.points).to_string(),
        text: Plain { text, grant, last_day: last_day.clone(), address }
            .render()
            .map_err(anyhow::Error::new)?,
        html: Page { text, grant, last_day, address }.render().map_err(anyhow::Error::new)?,
    })
}
