//! The letter about a cancelled order: what was cancelled, which points came back, and until when they are good if their
//! own time was over.

use askama::Template;

use crate::error::Result;
use crate::outbox::event::OrderCancelled;
use crate::platform::config::Config;
use crate::platform::mail::Letter;
use crate::urls;
use crate::web::text::Text;

#[derive(Template)]
#[template(path = "notices/order_cancelled.txt")]
struct Plain<'a> {
    text: Text,
    order: &'a OrderCancelled,
    address: &'a str,
    grace: Option<String>,
}

#[derive(Template)]
#[template(path = "notices/order_cancelled.html")]
struct Page<'a> {
    text: Text,
    order: &'a OrderCancelled,
    address: &'a str,
    grace: Option<String>,
}

/// Writes it to whoever placed the order.
///
/// # Errors
/// When a template fails.
pub(super) fn letter(text: Text, config: &Config, id: String, order: &OrderCancelled) -> Result<Letter> {
    let address = &config.public_address(&urls::order(&order.number));
    let grace = order.grace_ends_at.map(|end| end.last_day_in(config.time_zone));
    Ok(Letter {
        id,
        name: order.name.clone(),
        address: order.email.clone(),
        subject: text.say("notice-order-cancelled-subject").with("number", &order.number).to_string(),
        text: Plain { text, order, address, grace: grace.clone() }.render().map_err(anyhow::Error::new)?,
        html: Page { text, order, address, grace }.render().map_err(anyhow::Error::new)?,
    })
}
