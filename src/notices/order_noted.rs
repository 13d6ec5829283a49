//! The letter with a note of HR's about an order.

use askama::Template;

use crate::error::Result;
use crate::outbox::event::OrderNoted;
use crate::platform::config::Config;
use crate::platform::mail::Letter;
use crate::urls;
use crate::web::text::Text;

#[derive(Template)]
#[template(path = "notices/order_noted.txt")]
struct Plain<'a> {
    text: Text,
    order: &'a OrderNoted,
    address: &'a str,
}

#[derive(Template)]
#[template(path = "notices/order_noted.html")]
struct Page<'a> {
    text: Text,
    order: &'a OrderNoted,
    address: &'a str,
}

/// Writes it to whoever placed the order.
///
/// # Errors
/// When a template fails.
pub(super) fn letter(text: Text, config: &Config, id: String, order: &OrderNoted) -> Result<Letter> {
    let address = &config.public_address(&urls::order(&order.number));
    Ok(Letter {
        id,
        name: order.name.clone(),
        address: order.email.clone(),
        subject: text.say("notice-order-noted-subject").with("number", &order.number).to_string(),
        text: Plain { text, order, address }.render().map_err(anyhow::Error::new)?,
        html: Page { text, order, address }.render().map_err(anyhow::Error::new)?,
    })
}
