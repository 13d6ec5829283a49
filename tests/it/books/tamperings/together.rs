//! What only two tables together say: each statement alone would be seen by another condition of the same law.

use std::collections::BTreeSet;

use awsomeshop::reports::books;

use crate::books::scene;
use crate::support::Shop;

/// The statements, the law that must name them, and every other one that they break by their nature.
const TOGETHER: &[([&str; 2], &str, &[&str])] = &[
    (
        [
            "UPDATE products SET stock = stock - 6 WHERE kind = 'physical'",
            "UPDATE stock_moves SET quantity = quantity - 6 WHERE reason = 'received' AND quantity = 9",
        ],
        "stock-is-its-moves",
        &[],
    ),
    (
        [
            "UPDATE transfers SET id = CASE kind WHEN 'grant' THEN 999 ELSE id END, \
             reverses_id = CASE kind WHEN 'deduct' THEN 999 END WHERE amount = 40",
            "UPDATE lots SET transfer_id = 999 WHERE granted = 40",
        ],
        "reversals-name-their-grant",
        &["balance-after-follows", "draws-fit-their-lot", "grants-are-booked"],
    ),
    (
        [
            "UPDATE grant_run_rows SET state = 'failed' WHERE state = 'good'",
            "UPDATE grant_runs SET failed_count = good_count WHERE state = 'draft'",
        ],
        "runs-count-their-rows",
        &[],
    ),
    (
        [
            "DELETE FROM order_lines WHERE order_id = (SELECT id FROM orders WHERE state = 'cancelled')",
            "UPDATE orders SET refunded = 0 WHERE state = 'cancelled'",
        ],
        "cancelled-is-refunded",
        &["order-total-is-its-lines", "sold-is-taken"],
    ),
    (
        [
            "DELETE FROM order_lines WHERE kind = 'digital'",
            "UPDATE orders SET refunded = 1 WHERE delivery_kind = 'none'",
        ],
        "cancelled-is-refunded",
        &[
            "codes-fit-their-line",
            "order-state-fits",
            "order-total-is-its-lines",
            "redeemed-is-sold",
            "shown-codes-are-steps",
            "sold-is-taken",
        ],
    ),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_two_tables_agree_on_is_noticed_too() {
    let shop = Shop::open().await;
    scene::a_bit_of_everything(&shop).await;
    scene::loosen(&shop).await;
    for (statements, law, also) in TOGETHER {
        for sql in statements {
            assert!(shop.sql(sql, []).await > 0, "{sql}");
        }
        let report = books::check(shop.app.db.reads()).await.unwrap();
        let named: BTreeSet<&str> = report.broken().map(|finding| finding.law).collect();
        let expected: BTreeSet<&str> = also.iter().copied().chain([*law]).collect();
        assert_eq!(named, expected, "{statements:?}");
        for sql in statements {
            scene::restore(&shop, sql).await;
        }
    }
    shop.close().await;
}
