//! What the shop offers: categories, products, their pictures and codes, and every move of stock.

use super::{Breach, check, foreign_key, primary_key, unique};

pub(super) const BREACHES: &[Breach] = &[
    primary_key("categories (id)", "UPDATE categories SET id = x'01' WHERE slug = 'spare'"),
    unique("categories_slug", "categories (slug)", "UPDATE categories SET slug = 'same'"),
    // Products.
    primary_key("products (id)", "UPDATE products SET id = x'01' WHERE slug = 'spare'"),
    unique("products_slug", "products (slug)", "UPDATE products SET slug = 'same'"),
    foreign_key(
        "products_category",
        "products (category_id) REFERENCES categories (id)",
        "UPDATE products SET category_id = x'EE'",
    ),
    check("products_price_positive", "UPDATE products SET price = 0"),
    check("products_stock_not_negative", "UPDATE products SET stock = -1"),
    check("products_limit_positive", "UPDATE products SET limit_count = 0, limit_period = 'week'"),
    check("products_limit_whole", "UPDATE products SET limit_count = 1"),
    check("products_limit_whole", "UPDATE products SET limit_period = 'week'"),
    check("products_limit_period_known", "UPDATE products SET limit_count = 1, limit_period = 'day'"),
    check(
        "products_window_in_order",
        "UPDATE products SET visible_from = '2026-06-15', visible_until = '2026-06-15'",
    ),
    check(
        "products_window_in_order",
        "UPDATE products SET visible_from = '2026-06-16', visible_until = '2026-06-15'",
    ),
    // Pictures.
    primary_key("pictures (id)", "UPDATE pictures SET id = x'01'"),
    unique("pictures_position", "pictures (product_id, position)", "UPDATE pictures SET position = 1"),
    foreign_key(
        "pictures_product",
        "pictures (product_id) REFERENCES products (id)",
        "UPDATE pictures SET product_id = x'EE'",
    ),
    primary_key("stray_pictures (object_key)", "UPDATE stray_pictures SET object_key = 'same'"),
    // Codes.
    primary_key("codes (id)", "UPDATE codes SET id = x'01'"),
    unique("codes_hmac", "codes (hmac)", "UPDATE codes SET hmac = x'01'"),
    foreign_key(
        "codes_product",
        "codes (product_id) REFERENCES products (id)",
        "UPDATE codes SET product_id = x'EE'",
    ),
    foreign_key(
        "codes_order_line",
        "codes (order_line_id) REFERENCES order_lines (id)",
        "UPDATE codes SET order_line_id = x'EE'",
    ),
    check(
        "codes_withdrawn_is_nobodys",
        "UPDATE codes SET withdrawn_at = '2026-06-15' WHERE order_line_id IS NOT NULL",
    ),
    primary_key("code_batches (id)", "UPDATE code_batches SET id = x'01'"),
    foreign_key(
        "code_batches_product",
        "code_batches (product_id) REFERENCES products (id)",
        "UPDATE code_batches SET product_id = x'EE'",
    ),
    foreign_key(
        "code_batches_actor",
        "code_batches (actor_id) REFERENCES people (id)",
        "UPDATE code_batches SET actor_id = x'EE'",
    ),
    check("code_batches_counted", "UPDATE code_batches SET added = -1"),
    check("code_batches_counted", "UPDATE code_batches SET repeated = -1"),
    check("code_batches_counted", "UPDATE code_batches SET known = -1"),
    // Moves of stock.
    primary_key("stock_moves (id)", "UPDATE stock_moves SET id = 1"),
    unique("stock_moves_form", "stock_moves (form_key)", "UPDATE stock_moves SET form_key = x'01'"),
    foreign_key(
        "stock_moves_product",
        "stock_moves (product_id) REFERENCES products (id)",
        "UPDATE stock_moves SET product_id = x'EE'",
    ),
    foreign_key(
        "stock_moves_order",
        "stock_moves (order_id) REFERENCES orders (id)",
        "UPDATE stock_moves SET order_id = x'EE'",
    ),
    foreign_key(
        "stock_moves_actor",
        "stock_moves (actor_id) REFERENCES people (id)",
        "UPDATE stock_moves SET actor_id = x'EE'",
    ),
];
