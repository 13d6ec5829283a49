//! The points page: balance, what lapses when, the statement with its filters, and the download.

mod own;
mod walls;

use awsomeshop::types::role::Desk;
use awsomeshop::urls;

use crate::support::Shop;
use crate::support::copies::numbers;

const DAY_S: i64 = 86_400;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_statement_tells_every_move_with_its_cause_and_balance() {
    let shop = Shop::open().await;
    let ann = shop.person("ann").await;
    shop.grant(ann, 100, Some(shop.now().plus_days(1))).await;
    shop.grant(ann, 300, None).await;
    let lamp = shop.product("Desk lamp", 150, 5).await;
    let browser = shop.browser_of(ann).await;
    let number = browser.redeem(&lamp, 1, "office:berlin").await;
    let page = browser.get("/points").await.expect(200).html();
    let rows = page.all("#statement tbody tr");
    assert_eq!(rows.len(), 3, "{rows:?}");
    assert!(rows[0].contains(&number) && rows[0].contains("150") && rows[0].contains("250"), "{rows:?}");
    assert!(rows[1].contains("300") && rows[1].contains("400") && rows[1].contains("Thank you"), "{rows:?}");
    assert!(rows[2].contains("100"), "{rows:?}");

    for (query, expected) in [
        ("?kind=grant", 2),
        ("?kind=redeem", 1),
        ("?kind=nonsense", 3),
        ("?from=2026-06-15&to=2026-06-15", 3),
        ("?from=2026-06-16", 0),
        ("?to=2026-06-14", 0),
        ("?from=not-a-day", 3),
    ] {
        let page = browser.get(&format!("/points{query}")).await.expect(200).html();
        assert_eq!(page.count("#statement tbody tr"), expected, "{query}");
    }
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lapsed_points_leave_the_balance_at_once_and_the_books_by_the_job() {
    let shop = Shop::open().await;
    let ann = shop.person("ann").await;
    shop.grant(ann, 100, Some(shop.now().plus_seconds(DAY_S))).await;
    shop.grant(ann, 40, None).await;
    let browser = shop.browser_of(ann).await;
    assert!(
        browser.get("/points").await.expect(200).text().contains("16 June 2026"),
        "what lapses when is said"
    );

    shop.advance(DAY_S);
    let browser = shop.browser_of(ann).await;
    let header = |page: &crate::support::html::Html| page.text_of("header .pill--points");
    assert!(header(&browser.get("/points").await.expect(200).html()).contains("40"));
    assert_eq!(shop.scalar("SELECT balance FROM accounts WHERE person_id IS NOT NULL").await, 140);

    for _ in 0..2 {
        shop.job(awsomeshop::server::jobs::Job::ExpirePoints).await;
    }
    assert_eq!(shop.scalar("SELECT balance FROM accounts WHERE person_id IS NOT NULL").await, 40);
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM transfers WHERE kind = 'expire'").await, 1);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_download_holds_the_same_lines_and_no_formula() {
    let shop = Shop::open().await;
    let ann = shop.person("ann").await;
    shop.grant(ann, 300, None).await;
    shop.sql("UPDATE transfers SET reason = '=1+1'", []).await;
    let lamp = shop.product("Desk lamp", 150, 5).await;
    let browser = shop.browser_of(ann).await;
    let number = browser.redeem(&lamp, 1, "office:berlin").await;

    let file = browser.get("/points.csv").await.expect(200);

    assert_eq!(file.header("content-type"), Some("text/csv; charset=utf-8"));
    let text = file.text();
    let mut rows = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let rows: Vec<Vec<String>> =
        rows.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect();
    assert_eq!(rows.len(), 2);
    assert_eq!(rows[0][2..], [number, "-150".to_owned(), "150".to_owned()]);
    assert_eq!(rows[1][2..], ["'=1+1".to_owned(), "300".to_owned(), "300".to_owned()]);
    browser.get("/points.csv?from=nonsense").await.expect(422);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_statement_that_is_longer_than_its_file_says_how_much_of_it_the_file_holds() {
    let shop = Shop::open().await;
    let ann = shop.person("ann").await;
    shop.grant(ann, 300, None).await;
    let copies = format!(
        "INSERT INTO transfers (kind, from_account_id, to_account_id, account_id, amount, balance_after, reason, at) \
         SELECT kind, from_account_id, to_account_id, account_id, amount, balance_after, CONCAT_WS('', 'copy ', n), at \
         FROM transfers, {}",
        numbers(50_000)
    );
    assert_eq!(shop.sql(&copies, []).await, 50_000);
    let (own, desk) = (shop.browser_of(ann).await, shop.hr(Desk::Points).await);
    let said = async |query: &str| {
        let own = own.get(&urls::points_filtered(query)).await.expect(200).html();
        let told = own.all("#statement .results__head .row > span");
        let account = desk.get(&urls::hr::account_filtered(ann, query)).await.expect(200).html();
        assert_eq!(account.all("#statement .results__head .row > span"), told, "HR reads the same");
        told
    };

    let limit = "The file holds the first 50,000 at most; narrow the filter if there are more.";
    assert_eq!(said("").await, [limit]);
    assert_eq!(said("kind=redeem").await, [""; 0]);
    shop.sql("DELETE FROM transfers WHERE reason = 'copy 100007'", []).await;
    assert_eq!(said("").await, [""; 0], "the file holds all of it");
    // Nobody ever moved these points: the books are wrong.
    shop.abandon().await;
}
