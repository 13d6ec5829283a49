//! The letter that an order was handed over or sent: what is in it, where it goes, and the number to follow it by.

use askama::Template;

use crate::error::Result;
use crate::outbox::event::OrderFulfilled;
use crate::platform::config::Config;
use crate::platform::mail::Letter;
use crate::urls;
use crate::web::text::Text;

#[derive(Template)]
#[template(path = "notices/order_fulfilled.txt")]
struct Plain<'a> {
    text: Text,
    order: &'a OrderFulfilled,
    address: &'a str,
    sent: &'a str,
}

#[derive(Template)]
#[template(path = "notices/order_fulfilled.html")]
struct Page<'a> {
    text: Text,
    order: &'a OrderFulfilled,
    address: &'a str,
    sent: &'a str,
}

/// Writes it to whoever placed the order.
///
/// # Errors
/// When a template fails.
pub(super) fn letter(text: Text, config: &Config, id: String, order: &OrderFulfilled) -> Result<Letter> {
    let address = &config.public_address(&urls::order(&order.number));
    let sent = if order.is_sent { "yes" } else { "no" };
    let subject = text.say("notice-order-fulfilled-subject").with("number", &order.number).with("sent", sent);
    Ok(Letter {
        id,
        name: order.name.clone(),
        address: order.email.clone(),
        subject: subject.to_string(),
        text: Plain { text, order, address, sent }.render().map_err(anyhow::Error::new)?,
        html: Page { text, order, address, sent }.render().map_err(anyhow::Error::new)?,
    })
}
