//! One person's account: where the points came from and where they went.

use awsomeshop::server::jobs::Job;
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
    assert_eq!(page.all(".figure__value"), ["220", "700", "480", "0", "0", "0"]);
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
    // A page beyond the last is the last one, to HR as to whoever reads their own.
    let beyond = desk.get(&hr::account_filtered(ann, "page=9")).await.expect(200).html();
    assert_eq!(beyond.all("#statement tbody th"), rows);
    let own = browser.get("/points?page=9").await.expect(200).html();
    assert_eq!(own.count("#statement tbody tr"), 5);
    let part = desk.ask(reqwest::Method::GET, &hr::account(ann)).htmx("account").send().await.expect(200);
    assert!(
        part.text().trim_start().starts_with("<div class=\"stack stack--wide\" id=\"account\">"),
        "{part}"
    );
    let days = hr::account_filtered(ann, "from=2026-06-16&to=2026-06-15");
    let part = desk.ask(reqwest::Method::GET, &days).htmx("statement").send().await.expect(200).html();
    assert_eq!(
        part.all("#statement .note--warn"),
        ["Part of the filter is left out: The end of this range is before its start."]
    );
    let file = desk.get(&hr::account_csv(ann, "kind=redeem")).await.expect(200).text();
    assert_eq!(file.lines().count(), 3, "{file}");
    assert!(file.contains(&format!("Redeemed,{number},-480,220")), "{file}");
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_received_less_all_the_other_figures_is_what_can_be_spent() {
    let shop = Shop::open().await;
    let ann = shop.person("ann").await;
    shop.grant(ann, 400, None).await;
    let voucher = shop.digital_product("Voucher", 50, &["AAAA-1111", "BBBB-2222"]).await;
    let browser = shop.browser_of(ann).await;
    browser.redeem(&voucher, 1, "").await;
    let returned = browser.redeem(&voucher, 1, "").await;
    browser.post(&urls::order_cancellation(&returned), &[]).await.expect(303);
    let desk = shop.hr(Desk::Points).await;
    desk.submit(&super::taking(&desk, ann, "120").await.with("step", "do")).await.expect(303);
    shop.grant(ann, 90, None).await;
    let undone = shop.id_of("SELECT id FROM grants WHERE amount = 90", []).await;
    desk.post(&hr::grant_reversal(undone), &[("note", "Meant for Ben")]).await.expect(303);
    shop.grant(ann, 60, Some(shop.now().plus_seconds(60))).await;
    let figures = async || desk.get(&hr::account(ann)).await.expect(200).html().all(".figure__value");
    assert_eq!(figures().await, ["290", "550", "50", "0", "210", "60"]);
    // What has lapsed has expired, whether the job has been there or not.
    shop.advance(60);
    assert_eq!(figures().await, ["230", "550", "50", "60", "210", "0"]);
    shop.job(Job::ExpirePoints).await;
    assert_eq!(figures().await, ["230", "550", "50", "60", "210", "0"]);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_line_leads_to_its_order_or_grant_and_says_who_of_hr_it_was() {
    let shop = Shop::open().await;
    let ann = shop.person("ann").await;
    shop.grant(ann, 300, None).await;
    let (points, orders) = (shop.hr(Desk::Points).await, shop.hr(Desk::Orders).await);
    points.submit(&super::giving(&points, ann, "70").await.with("step", "do")).await.expect(303);
    let grant = async |amount: i64| {
        hr::grant(shop.id_of("SELECT id FROM grants WHERE amount = ?", [amount.into()]).await)
    };
    let (by_shop, by_hand) = (grant(300).await, grant(70).await);
    points.post(&format!("{by_hand}/reversal"), &[("note", "Meant for Ben")]).await.expect(303);
    points.submit(&super::taking(&points, ann, "30").await.with("step", "do")).await.expect(303);
    let lamp = shop.product("Desk lamp", 200, 5).await;
    let number = shop.browser_of(ann).await.redeem(&lamp, 1, "office:berlin").await;
    let page = orders.get(&hr::order(&number)).await.expect(200).html();
    let form = page.form(&format!("form[action='{}']", hr::order_cancellation(&number)));
    orders.submit(&form.with("reason", "Out of production")).await.expect(303);

    // Given back, redeemed, taken, undone, given by hand, given by the shop.
    let page = points.get(&hr::account(ann)).await.expect(200).html();
    let links = "#statement tbody th > a";
    assert_eq!(page.attributes(links, "href"), [by_hand.as_str(), &by_hand, &by_shop]);
    assert_eq!(page.attributes("#statement tr:nth-child(2) .pieces a", "href"), [by_shop.as_str()]);
    let by = page.all("#statement tbody td:first-of-type .table__sub");
    assert_eq!(by, ["hr-orders", "hr-points", "hr-points", "hr-points"]);
    let both = shop.super_admin().await.get(&hr::account(ann)).await.expect(200).html();
    let order = hr::order(&number);
    assert_eq!(both.attributes(links, "href"), [order.as_str(), &order, &by_hand, &by_hand, &by_shop]);

    let file = points.get(&hr::account_csv(ann, "")).await.expect(200).text();
    let by: Vec<_> = file.lines().filter_map(|line| line.rsplit(',').next()).collect();
    assert_eq!(
        by,
        ["By", "hr-orders", "Ann Archer", "hr-points", "hr-points", "hr-points", "The shop itself"]
    );
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_address_follows_the_statement_on_its_own_page_and_on_no_other() {
    let shop = Shop::open().await;
    let ann = shop.person("ann").await;
    for _ in 0..26 {
        shop.grant(ann, 1, None).await;
    }
    let desk = shop.hr(Desk::Points).await;
    let page = desk.get(&hr::account(ann)).await.expect(200).html();
    for asks in ["#statement-filter[hx-get]", "#pager-next-statement[hx-get]"] {
        assert_eq!(page.count(&format!("main [hx-push-url=true] {asks}")), 1, "{asks}");
    }
    for part in ["account", "statement"] {
        let held = desk.ask(reqwest::Method::GET, &hr::account(ann)).htmx(part).send().await;
        let held = held.expect(200).html();
        assert_eq!((held.count("#pager-next-statement"), held.count("[hx-push-url]")), (1, 0), "{part}");
    }
    // A list that no other page holds pushes its address by itself.
    let own = shop.browser_of(ann).await.get("/points").await.expect(200).html();
    assert_eq!(own.count("[hx-push-url=true] #pager-next-statement"), 1);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn somebody_without_an_account_has_an_empty_page_and_nobody_has_none() {
    let shop = Shop::open().await;
    let ann = shop.person("ann").await;
    shop.sql("DELETE FROM accounts WHERE person_id = ?", [ann.into()]).await;
    let desk = shop.hr(Desk::Points).await;
    let page = desk.get(&hr::account(ann)).await.expect(200).html();
    assert_eq!(page.all(".figure__value"), ["0"; 6]);
    // Giving opens it.
    let form = super::giving(&desk, ann, "5").await.with("step", "do");
    desk.submit(&form).await.expect(303);
    assert_eq!(super::balance(&shop, ann).await, 5);
    desk.get(&hr::account(uuid::Uuid::now_v7())).await.expect(404);
    shop.close().await;
}
