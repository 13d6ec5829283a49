//! Rows to break constraints with. They mean nothing to the shop: of each table there are two that differ only where they
//! must, and of what others point at one more at which nothing points.

use crate::support::database::TestDatabase;

/// In this order, tables before those that point at them. Ids are as short as can be; x'EE' is nobody's and nothing's.
const ROWS: &[&str] = &[
    // People.
    "INSERT INTO people (id, issuer, subject, employee_number, name, email, is_active, version, created_at) VALUES \
     (x'01', 'idp', 'ann', '1', 'Ann', 'ann@example.test', TRUE, 1, '2026-06-15'), \
     (x'02', 'idp', 'ben', '2', 'Ben', 'ben@example.test', TRUE, 1, '2026-06-15'), \
     (x'03', 'idp', 'cleo', '3', 'Spare', 'cleo@example.test', TRUE, 1, '2026-06-15')",
    "INSERT INTO person_roles (person_id, role) VALUES (x'01', 'orders'), (x'01', 'points')",
    "INSERT INTO addresses (id, person_id, default_of, recipient, line1, line2, postcode, city, region, country, phone, \
     created_at) VALUES \
     (x'01', x'01', x'01', 'Ann', 'Lamp Street 1', '', '10115', 'Berlin', '', 'DE', '', '2026-06-15'), \
     (x'02', x'01', NULL, 'Ann', 'Lamp Street 2', '', '10115', 'Berlin', '', 'DE', '', '2026-06-15')",
    "INSERT INTO sign_in_attempts (token_hash, state, nonce, verifier, return_to, expires_at) VALUES \
     (x'01', '', '', '', '/', '2026-06-15'), (x'02', '', '', '', '/', '2026-06-15')",
    "INSERT INTO sessions (token_hash, person_id, created_at, last_seen_at) VALUES \
     (x'01', x'01', '2026-06-15', '2026-06-15'), (x'02', x'01', '2026-06-15', '2026-06-15')",
    "INSERT INTO people_imports (id, digest, file_name, state, content, row_count, entered, changed, unchanged, refused, \
     maker_id, created_at) VALUES \
     (x'01', x'01', 'people.csv', 'draft', '{}', 1, 0, 0, 0, 0, x'01', '2026-06-15'), \
     (x'02', x'01', 'people.csv', 'draft', '{}', 1, 0, 0, 0, 0, x'01', '2026-06-15')",
    // Catalog.
    "INSERT INTO categories (id, slug, name, position) VALUES (x'01', 'things', 'Things', 1), \
     (x'02', 'spare', 'Spare', 2)",
    "INSERT INTO products (id, slug, category_id, kind, state, name, description, terms, how_to_use, search_text, price, \
     stock, redeemed, low_stock_at, version, created_at) VALUES \
     (x'01', 'lamp', x'01', 'physical', 'listed', 'Lamp', '', '', '', '', 100, 9, 1, 3, 1, '2026-06-15'), \
     (x'02', 'voucher', x'01', 'digital', 'listed', 'Voucher', '', '', '', '', 50, 1, 1, 3, 1, '2026-06-15'), \
     (x'03', 'spare', x'01', 'physical', 'listed', 'Spare', '', '', '', '', 100, 0, 0, 3, 1, '2026-06-15')",
    "INSERT INTO pictures (id, product_id, position, object_key, widths, alt, created_at) VALUES \
     (x'01', x'01', 1, 'one', '320', '', '2026-06-15'), (x'02', x'01', 2, 'two', '320', '', '2026-06-15')",
    "INSERT INTO stray_pictures (object_key, widths, due_at) VALUES ('one', '320', '2026-06-15'), \
     ('two', '320', '2026-06-15')",
    "INSERT INTO code_batches (id, product_id, hmac, added, repeated, known, actor_id, at) VALUES \
     (x'01', x'02', x'01', 1, 0, 0, x'01', '2026-06-15'), (x'02', x'02', x'02', 1, 0, 0, NULL, '2026-06-15')",
    // Orders.
    "INSERT INTO cart_lines (person_id, product_id, quantity, price_seen, added_at) VALUES \
     (x'01', x'01', 1, 100, '2026-06-15'), (x'02', x'02', 1, 50, '2026-06-15')",
    "INSERT INTO orders (id, number, person_id, checkout_key, state, expected_total, total, delivery_kind, delivery_to, \
     version, placed_at) VALUES \
     (x'01', 'one', x'01', x'01', 'placed', 150, 150, 'office', '', 1, '2026-06-15'), \
     (x'02', 'two', x'01', x'02', 'placed', 150, 150, 'office', '', 1, '2026-06-15'), \
     (x'03', 'spare', x'01', x'03', 'placed', 150, 150, 'office', '', 1, '2026-06-15')",
    "INSERT INTO order_lines (id, order_id, product_id, position, kind, name, object_key, widths, unit_price, quantity) \
     VALUES (x'01', x'01', x'01', 1, 'physical', 'Lamp', '', '', 100, 1), \
     (x'02', x'01', x'02', 2, 'digital', 'Voucher', '', '', 50, 1)",
    "INSERT INTO order_events (id, order_id, kind, note, actor_id, at) VALUES \
     (1, x'01', 'placed', '', x'01', '2026-06-15'), (2, x'01', 'fulfilled', '', NULL, '2026-06-15')",
    "INSERT INTO order_batches (id, digest, act, note, actor_id, at) VALUES \
     (x'01', 'one', 'prepare', '', x'01', '2026-06-15'), (x'02', 'two', 'prepare', '', x'01', '2026-06-15')",
    "INSERT INTO order_batch_items (batch_id, order_id, outcome) VALUES (x'01', x'01', 'done'), \
     (x'01', x'02', 'cancelled')",
    "INSERT INTO codes (id, product_id, sealed, hmac, last_four, order_line_id, claimed_at, created_at) VALUES \
     (x'01', x'02', x'01', x'01', '1111', x'02', '2026-06-15', '2026-06-15'), \
     (x'02', x'02', x'02', x'02', '2222', NULL, NULL, '2026-06-15')",
    "INSERT INTO stock_moves (id, product_id, quantity, reason, order_id, actor_id, at) VALUES \
     (1, x'01', 10, 'received', NULL, x'01', '2026-06-15'), (2, x'01', -1, 'ordered', x'01', NULL, '2026-06-15')",
    // Ledger.
    "INSERT INTO accounts (id, kind, person_id, balance, created_at) VALUES \
     (x'11', 'person', x'01', 100, '2026-06-15'), (x'12', 'person', x'02', 0, '2026-06-15')",
    "INSERT INTO transfers (id, kind, from_account_id, to_account_id, account_id, amount, balance_after, order_id, \
     actor_id, reason, at) VALUES \
     (1, 'grant', x'12', x'11', x'11', 100, 100, NULL, x'01', '', '2026-06-15'), \
     (2, 'redeem', x'11', x'12', x'11', 100, 0, x'01', NULL, '', '2026-06-15'), \
     (3, 'refund', x'12', x'11', x'11', 100, 100, x'01', NULL, '', '2026-06-15'), \
     (9, 'spare', x'12', x'11', x'11', 100, 100, NULL, NULL, '', '2026-06-15')",
    "INSERT INTO lots (id, account_id, transfer_id, granted, remaining, created_at) VALUES \
     (x'01', x'11', 1, 60, 60, '2026-06-15'), (x'02', x'11', 1, 40, 40, '2026-06-15'), \
     (x'03', x'11', 1, 7, 7, '2026-06-15')",
    "INSERT INTO draws (id, transfer_id, lot_id, amount) VALUES (1, 2, x'01', 60), (2, 2, x'02', 40), (9, 3, x'01', 1)",
    "INSERT INTO refund_parts (id, transfer_id, draw_id, amount) VALUES (1, 3, 1, 60), (2, 3, 2, 40)",
    "INSERT INTO expiry_warnings (account_id, ends_at, days_before, at) VALUES \
     (x'11', '2026-07-15', 30, '2026-06-15'), (x'11', '2026-07-15', 7, '2026-07-08')",
    // Grants.
    "INSERT INTO grants (id, person_id, transfer_id, amount, reason, note, rule, period, actor_id, at, form_key, run_id, \
     run_position) VALUES \
     (x'01', x'01', 1, 60, 'thank-you', '', 'rule', '2026-05', x'01', '2026-06-15', x'01', x'01', 1), \
     (x'02', x'01', 2, 40, 'thank-you', '', 'rule', '2026-06', NULL, '2026-06-15', x'02', x'01', 2)",
    "INSERT INTO deductions (id, person_id, transfer_id, amount, reason, note, form_key, actor_id, at) VALUES \
     (x'01', x'01', 1, 5, 'mistake', '', x'01', x'01', '2026-06-15'), \
     (x'02', x'01', 2, 6, 'mistake', '', x'02', x'01', '2026-06-15')",
    "INSERT INTO grant_rules (id, kind, day_of_month, amount, note, starts_on, is_active, version, created_at) VALUES \
     (x'01', 'monthly', 1, 250, '', '2026-01-01', TRUE, 1, '2026-06-15'), \
     (x'02', 'birthday', NULL, 250, '', '2026-01-01', TRUE, 1, '2026-06-15'), \
     (x'03', 'welcome', NULL, 250, '', '2026-01-01', TRUE, 1, '2026-06-15')",
    "INSERT INTO grant_rule_overrides (rule_id, person_id, amount, at) VALUES (x'01', x'01', 5, '2026-06-15'), \
     (x'02', x'02', NULL, '2026-06-15')",
    "INSERT INTO grant_rule_rounds (rule_id, slot, due_on) VALUES (x'01', '2026-05', '2026-05-01'), \
     (x'01', '2026-06', '2026-06-01')",
    "INSERT INTO grant_runs (id, origin, state, file_name, form_key, digest, reason, note, ends, row_count, good_count, \
     total, granted_count, granted_total, failed_count, taken_back_count, taken_back_total, kept_count, maker_id, \
     verdict, reversal_note, version, created_at) VALUES \
     (x'01', 'sheet', 'granted', '', x'01', x'01', 'thank-you', '', 'never', 2, 2, 10, 1, 5, 1, 1, 5, 0, x'01', \
     '', '', 1, '2026-06-15'), \
     (x'02', 'single', 'granted', '', x'02', x'01', 'thank-you', '', 'never', 2, 2, 10, 1, 5, 1, 1, 5, 0, x'01', \
     '', '', 1, '2026-06-15')",
    "INSERT INTO grant_run_rows (run_id, position, line, who, amount_typed, note, person_id, amount, is_unusual, state) \
     VALUES (x'01', 1, 2, 'ann', '5', '', x'01', 5, FALSE, 'granted'), \
     (x'01', 2, 3, 'nobody', '5', '', NULL, NULL, FALSE, 'bad')",
    // Records.
    "INSERT INTO audit_events (id, actor_id, action, subject_kind, subject_id, details, at, person_id) VALUES \
     (1, x'01', 'act', 'person', '1', '{}', '2026-06-15', x'01'), (2, NULL, 'act', 'shop', '', '{}', '2026-06-15', NULL)",
    "INSERT INTO outbox_messages (id, kind, payload, attempts, last_error, created_at, due_at) VALUES \
     (x'01', 'letter', '{}', 0, '', '2026-06-15', '2026-06-15'), \
     (x'02', 'letter', '{}', 0, '', '2026-06-15', '2026-06-15')",
    "INSERT INTO leases (name, holder, held_until) VALUES ('one', x'01', '2026-06-15'), ('two', x'01', '2026-06-15')",
    "INSERT INTO job_runs (name, every_s, last_error) VALUES ('one', 60, ''), ('two', 60, '')",
    "INSERT INTO book_checks (id, at, broken_laws, offences) VALUES (1, '2026-06-15', '', 0), (2, '2026-06-15', '', 0)",
    "INSERT INTO marks (at, transfers, moves, issued, redeemed, refunded, expired, deducted) VALUES \
     ('2026-05-01', 1, 0, 1, 0, 0, 0, 0), ('2026-06-01', 9, 0, 9, 0, 0, 0, 0)",
    "INSERT INTO account_marks (mark_at, account_id, issued, redeemed, refunded, expired, deducted) VALUES \
     ('2026-05-01', x'11', 1, 0, 0, 0, 0), ('2026-05-01', x'12', 2, 0, 0, 0, 0)",
    "INSERT INTO product_marks (mark_at, product_id, pieces, points) VALUES ('2026-05-01', x'01', 1, 100), \
     ('2026-05-01', x'02', 2, 100)",
    "INSERT INTO department_marks (id, mark_at, people, active, issued, redeemed, refunded, expired, deducted) VALUES \
     (1, '2026-05-01', 1, 1, 1, 0, 0, 0, 0), (2, '2026-05-01', 1, 1, 1, 0, 0, 0, 0)",
    "INSERT INTO day_marks (at, issued, redeemed, refunded, expired, deducted) VALUES \
     ('2026-05-01', 1, 0, 0, 0, 0), ('2026-05-02', 1, 0, 0, 0, 0)",
];

pub(super) async fn set(database: &TestDatabase) {
    for rows in ROWS {
        database.run(rows).await;
    }
}
