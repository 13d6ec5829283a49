//! One person's account: where the points came from and where they went.

use awsomeshop::types::role::Desk;
use awsomeshop::urls::{self, hr};

use crate::support::Shop;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hr_can_tell_where_480_points_went() {
    let shop = Shop::open().await;
    let ann = shop.person("ann").await;
    shop.grant(ann, 300, Some(shop.now().plus_days(30))).await;
    shop.grant(ann, 400, None).await;
    let lamp = shop.product("Desk lamp", 480, 5).await;
    let voucher = shop.digital_product("Voucher", 50, &["AAAA-1111"]).await;
    let browser = shop.browser_of(ann).await;
    let number = browser.redeem(&lamp, 1, "office:berlin").await;
    let returned = browser.redeem(&voucher, 1, "").await;
    browser.post(&urls::order_cancellation(&returned), &[]).await.expect(303);

    let desk = shop.hr(Desk::Points).await;
    let page = desk.get(&hr::account(ann)).await.expect(200).html();
    assert_eq!(page.all(".figure__value"), ["220", "700", "480", "0", "0"]);
    // One lot is left; what was given back is no part of what it paid.
    assert_eq!(page.all("#lots-title ~ .table-wrap tbody td.end"), ["400", "220"]);
    assert_eq!(
        page.all("#lots-title ~ .table-wrap .pieces li"),
        [format!("180 points Order {number} 15 June 2026")]
    );
    let rows = page.all("#statement tbody th");
    assert_eq!(rows.len(), 5, "{rows:#?}");
    assert!(rows[0].starts_with(&format!("Given back for order {returned}")), "{rows:#?}");
    assert!(
        rows[0].contains("Back into one grant 50 points Points received – Thank you 15 June 2026"),
        "{rows:#?}"
    );
    assert!(
        rows[2].contains(
            "Out of 2 grants 300 points Points received – Thank you 15 June 2026 \
             180 points Points received – Thank you 15 June 2026"
        ),
        "{rows:#?}"
    );
    assert!(
        rows[4].contains(&format!("nothing is left 300 points Order {number} 15 June 2026")),
        "{rows:#?}"
    );

    let redeemed = desk.get(&hr::account_filtered(ann, "kind=redeem")).await.expect(200).html();
    assert_eq!(redeemed.count("#statement tbody tr"), 2);
    let part = desk.ask(reqwest::Method::GET, &hr::account(ann)).htmx("account").send().await.expect(200);
    assert!(
        part.text().trim_start().starts_with("<div class=\"stack stack--wide\" id=\"account\">"),
        "{part}"
    );
    let file = desk.get(&hr::account_csv(ann, "kind=redeem")).await.expect(200).text();
    assert_eq!(file.lines().count(), 3, "{file}");
    assert!(file.contains(&format!("Redeemed,{number},-480,220")), "{file}");
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn somebody_without_an_account_has_an_empty_page_and_nobody_has_none() {
    let shop = Shop::open().await;
    let ann = shop.person("ann").await;
    shop.sql("DELETE FROM accounts WHERE person_id = ?", [ann.into()]).await;
    let desk = shop.hr(Desk::Points).await;
    let page = desk.get(&hr::account(ann)).await.expect(200).html();
    assert_eq!(page.all(".figure__value"), ["0", "0", "0", "0", "0"]);
    // Giving opens it.
    let form = super::giving(&desk, ann, "5").await.with("step", "do");
    desk.submit(&form).await.expect(303);
    assert_eq!(super::balance(&shop, ann).await, 5);
    desk.get(&hr::account(uuid::Uuid::now_v7())).await.expect(404);
    shop.close().await;
}
