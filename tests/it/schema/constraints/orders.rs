//! From cart to order, and what happened to it since.

use super::{Breach, check, foreign_key, implied_check, primary_key, unique};

pub(super) const BREACHES: &[Breach] = &[
    primary_key(
        "cart_lines (person_id, product_id)",
        "UPDATE cart_lines SET person_id = x'01', product_id = x'01'",
    ),
    foreign_key(
        "cart_lines_person",
        "cart_lines (person_id) REFERENCES people (id)",
        "UPDATE cart_lines SET person_id = x'EE'",
    ),
    foreign_key(
        "cart_lines_product",
        "cart_lines (product_id) REFERENCES products (id)",
        "UPDATE cart_lines SET product_id = x'EE'",
    ),
    check("cart_lines_quantity_positive", "UPDATE cart_lines SET quantity = 0"),
    // Orders.
    primary_key("orders (id)", "UPDATE orders SET id = x'01' WHERE number = 'spare'"),
    unique("orders_number", "orders (number)", "UPDATE orders SET number = 'same'"),
    unique(
        "orders_checkout_key",
        "orders (person_id, checkout_key)",
        "UPDATE orders SET checkout_key = x'01'",
    ),
    foreign_key(
        "orders_person",
        "orders (person_id) REFERENCES people (id)",
        "UPDATE orders SET person_id = x'EE'",
    ),
    // Nothing fits between no refund and a total below nothing.
    implied_check("orders_total_not_negative", "orders_refunded_within", "UPDATE orders SET total = -1"),
    check("orders_refunded_within", "UPDATE orders SET refunded = -1"),
    check("orders_refunded_within", "UPDATE orders SET refunded = total + 1"),
    // Their lines.
    primary_key("order_lines (id)", "UPDATE order_lines SET id = x'02' WHERE position = 1"),
    unique(
        "order_lines_product_once",
        "order_lines (order_id, product_id)",
        "UPDATE order_lines SET product_id = x'01'",
    ),
    foreign_key(
        "order_lines_order",
        "order_lines (order_id) REFERENCES orders (id)",
        "UPDATE order_lines SET order_id = x'EE'",
    ),
    foreign_key(
        "order_lines_product",
        "order_lines (product_id) REFERENCES products (id)",
        "UPDATE order_lines SET product_id = x'EE' WHERE position = 1",
    ),
    check("order_lines_price_positive", "UPDATE order_lines SET unit_price = 0"),
    check("order_lines_quantity_positive", "UPDATE order_lines SET quantity = 0"),
    check("order_lines_cancelled_within", "UPDATE order_lines SET cancelled = -1"),
    check("order_lines_cancelled_within", "UPDATE order_lines SET cancelled = quantity + 1"),
    // What happened to them.
    primary_key("order_events (id)", "UPDATE order_events SET id = 1"),
    foreign_key(
        "order_events_order",
        "order_events (order_id) REFERENCES orders (id)",
        "UPDATE order_events SET order_id = x'EE'",
    ),
    foreign_key(
        "order_events_actor",
        "order_events (actor_id) REFERENCES people (id)",
        "UPDATE order_events SET actor_id = x'EE'",
    ),
    // Several at once.
    primary_key("order_batches (id)", "UPDATE order_batches SET id = x'01' WHERE digest = 'two'"),
    unique("order_batches_digest", "order_batches (digest)", "UPDATE order_batches SET digest = 'same'"),
    foreign_key(
        "order_batches_actor",
        "order_batches (actor_id) REFERENCES people (id)",
        "UPDATE order_batches SET actor_id = x'EE'",
    ),
    primary_key("order_batch_items (batch_id, order_id)", "UPDATE order_batch_items SET order_id = x'01'"),
    foreign_key(
        "order_batch_items_batch",
        "order_batch_items (batch_id) REFERENCES order_batches (id)",
        "UPDATE order_batch_items SET batch_id = x'EE'",
    ),
    foreign_key(
        "order_batch_items_order",
        "order_batch_items (order_id) REFERENCES orders (id)",
        "UPDATE order_batch_items SET order_id = x'EE' WHERE outcome = 'done'",
    ),
];
