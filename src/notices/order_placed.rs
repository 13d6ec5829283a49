//! The letter that confirms an order.

use crate::outbox::event::OrderPlaced;
use crate::platform::config::Config;
use crate::urls;
use crate::web::text::Text;

/// The subject line.
pub(super) fn subject(text: Text, order: &OrderPlaced) -> String {
    text.say("notice-order-placed-subject").with("number", &order.number).to_string()
}

/// The letter as plain text: what was bought, what it took, where it goes, and the way to the order's page.
pub(super) fn body(text: Text, order: &OrderPlaced, config: &Config) -> String {
    let mut lines = vec![
        text.say("notice-greeting").with("name", &order.name).to_string(),
        String::new(),
        text.say("notice-order-placed-thanks").with("number", &order.number).to_string(),
        String::new(),
    ];
    for line in &order.lines {
        let said = text.say("notice-order-placed-line").with("count", line.quantity);
        lines.push(said.with("name", &line.name).with("points", line.points).to_string());
    }
    lines.push(String::new());
    lines.push(text.say("notice-order-placed-total").with("points", order.total).to_string());
    lines.push(text.say("notice-order-placed-balance").with("points", order.balance_after).to_string());
    if !order.delivery.is_empty() {
        lines.push(String::new());
        lines.push(text.say("notice-order-placed-delivery").to_string());
        lines.extend(order.delivery.lines().map(str::to_owned));
    }
    lines.push(String::new());
    let address = config.public_address(&urls::order(&order.number));
    lines.push(text.say("notice-order-placed-page").with("address", address).to_string());
    lines.push(String::new());
    lines.join("\n")
}
