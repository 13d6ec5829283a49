//! The letter that confirms an order: what was redeemed, what is left, where it goes, and the way to the order's page.

use askama::Template;

use crate::error::Result;
use crate::outbox::event::OrderPlaced;
use crate::platform::config::Config;
use crate::platform::mail::Letter;
use crate::urls;
use crate::web::text::Text;

#[derive(Template)]
#[template(path = "notices/order_placed.txt")]
struct Plain<'a> {
    text: Text,
    order: &'a OrderPlaced,
    address: &'a str,
}

#[derive(Template)]
#[template(path = "notices/order_placed.html")]
struct Page<'a> {
    text: Text,
    order: &'a OrderPlaced,
    address: &'a str,
}

/// Writes it to whoever placed the order.
///
/// # Errors
/// When a template fails.
pub(super) fn letter(text: Text, config: &Config, id: String, order: &OrderPlaced) -> Result<Letter> {
    let address = &config.public_address(&urls::order(&order.number));
    Ok(Letter {
        id,
        name: order.name.clone(),
        address: order.email.clone(),
        subject: text.say("notice-order-placed-subject").with("number", &order.number).to_string(),
        text: Plain { text, order, address }.render().map_err(anyhow::Error::new)?,
        html: Page { text, order, address }.render().map_err(anyhow::Error::new)?,
    })
}
