//! `check-books`: clean after everything, and each law names what was done to the rows behind its back.

use awsomeshop::reports::books;

use crate::support::Shop;

/// Something done by hand, how to undo it, and the law that must notice.
const TAMPERINGS: &[(&str, &str, &str)] = &[
    (
        "UPDATE accounts SET balance = balance + 1 WHERE person_id IS NOT NULL",
        "UPDATE accounts SET balance = balance - 1 WHERE person_id IS NOT NULL",
        "balance-is-transfers",
    ),
    (
        "UPDATE transfers SET amount = amount + 1 WHERE kind = 'redeem'",
        "UPDATE transfers SET amount = amount - 1 WHERE kind = 'redeem'",
        "balance-is-transfers",
    ),
    (
        "UPDATE transfers SET amount = amount + 1 WHERE kind = 'grant'",
        "UPDATE transfers SET amount = amount - 1 WHERE kind = 'grant'",
        "credits-make-lots",
    ),
    (
        "UPDATE transfers SET balance_after = balance_after + 1 WHERE kind = 'redeem'",
        "UPDATE transfers SET balance_after = balance_after - 1 WHERE kind = 'redeem'",
        "balance-after-follows",
    ),
    (
        "UPDATE transfers SET to_account_id = (SELECT id FROM accounts WHERE kind = 'expired') WHERE kind = 'redeem'",
        "UPDATE transfers SET to_account_id = (SELECT id FROM accounts WHERE kind = 'redeemed') WHERE kind = 'redeem'",
        "transfers-have-two-ends",
    ),
    (
        "UPDATE lots SET remaining = remaining - 1 WHERE remaining > 1",
        "UPDATE lots SET remaining = remaining + 1 WHERE remaining > 0",
        "balance-is-lots",
    ),
    (
        "UPDATE draws SET amount = amount + 1",
        "UPDATE draws SET amount = amount - 1",
        "lots-are-what-was-drawn",
    ),
    (
        "UPDATE orders SET total = total - 1",
        "UPDATE orders SET total = total + 1",
        "order-total-is-its-lines",
    ),
    ("UPDATE orders SET total = total - 1", "UPDATE orders SET total = total + 1", "one-charge-per-order"),
    (
        "UPDATE order_lines SET quantity = quantity + 1",
        "UPDATE order_lines SET quantity = quantity - 1",
        "sold-is-taken",
    ),
    (
        "UPDATE order_lines SET unit_price = unit_price + 1",
        "UPDATE order_lines SET unit_price = unit_price - 1",
        "order-total-is-its-lines",
    ),
    ("UPDATE products SET stock = stock + 1", "UPDATE products SET stock = stock - 1", "stock-is-its-moves"),
    (
        "UPDATE products SET redeemed = redeemed + 1",
        "UPDATE products SET redeemed = redeemed - 1",
        "redeemed-is-sold",
    ),
    (
        "UPDATE stock_moves SET quantity = quantity - 1 WHERE reason = 'sold'",
        "UPDATE stock_moves SET quantity = quantity + 1 WHERE reason = 'sold'",
        "sold-is-taken",
    ),
    (
        "UPDATE codes SET order_line_id = NULL",
        "UPDATE codes SET order_line_id = (SELECT id FROM order_lines WHERE kind = 'digital')",
        "sold-codes-are-assigned",
    ),
    (
        "UPDATE codes SET order_line_id = NULL",
        "UPDATE codes SET order_line_id = (SELECT id FROM order_lines WHERE kind = 'digital')",
        "codes-are-stock",
    ),
    ("UPDATE grants SET amount = amount + 1", "UPDATE grants SET amount = amount - 1", "grants-are-booked"),
    ("UPDATE grants SET actor_id = person_id", "UPDATE grants SET actor_id = NULL", "grants-are-booked"),
    (
        "UPDATE audit_events SET action = 'x' WHERE action = 'points.grant'",
        "UPDATE audit_events SET action = 'points.grant' WHERE action = 'x'",
        "acts-are-audited",
    ),
    (
        "UPDATE audit_events SET action = 'x' WHERE action = 'order.place'",
        "UPDATE audit_events SET action = 'order.place' WHERE action = 'x'",
        "acts-are-audited",
    ),
    (
        "UPDATE transfers SET lot_id = NULL WHERE kind = 'expire'",
        "UPDATE transfers SET lot_id = (SELECT lot_id FROM draws WHERE draws.transfer_id = transfers.id) WHERE kind = 'expire'",
        "expiry-names-its-lot",
    ),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_law_notices_what_is_done_behind_its_back() {
    let shop = Shop::open().await;
    let ann = shop.person("ann").await;
    shop.grant(ann, 30, Some(shop.now().plus_seconds(60))).await;
    shop.grant(ann, 500, None).await;
    shop.advance(120);
    shop.job(awsomeshop::server::jobs::Job::ExpirePoints).await;
    let lamp = shop.product("Desk lamp", 100, 5).await;
    let voucher = shop.digital_product("Book voucher", 50, &["AAAA-1111"]).await;
    let browser = shop.browser_of(ann).await;
    browser.redeem(&lamp, 2, "office:berlin").await;
    browser.redeem(&voucher, 1, "").await;

    for (tampering, undoing, law) in TAMPERINGS {
        assert!(shop.sql(tampering, []).await > 0, "{tampering} touches nothing");
        let report = books::check(shop.app.db.reads()).await.unwrap();
        let broken: Vec<_> = report.broken().map(|finding| finding.law).collect();
        assert!(broken.contains(law), "{tampering}: {law} is silent, only {broken:?} speak");
        shop.sql(undoing, []).await;
        let report = books::check(shop.app.db.reads()).await.unwrap();
        assert!(report.is_clean(), "after {undoing}: {report:?}");
    }
    shop.close().await;
}
