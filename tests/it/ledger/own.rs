//! What is somebody's own: beside another person with points and orders, everybody reads their own lines and lots and no
//! other, and so does HR of the one it asks for.

use awsomeshop::types::role::Desk;
use awsomeshop::urls::hr;

use crate::support::Shop;
use crate::support::answer::Answer;

const COUNT: &str = "#statement [data-announce]";

/// The lines of a file, without their time and their kind.
fn lines(file: &Answer) -> Vec<Vec<String>> {
    let text = file.text();
    let mut rows = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    rows.records().map(|row| row.unwrap().iter().skip(2).map(str::to_owned).collect()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_statement_has_the_lines_of_one_person() {
    let shop = Shop::open().await;
    let (ann, ben) = (shop.person("ann").await, shop.person("ben").await);
    shop.grant(ann, 300, None).await;
    shop.grant(ben, 700, None).await;
    let lamp = shop.product("Desk lamp", 150, 5).await;
    let own = [shop.browser_of(ann).await, shop.browser_of(ben).await];
    let numbers =
        [own[0].redeem(&lamp, 1, "office:berlin").await, own[1].redeem(&lamp, 2, "office:berlin").await];
    let desk = shop.hr(Desk::Points).await;

    let expected = [
        (ann, ["−150", "+300"], ["150", "300"], ["-150", "150"], "Ann Archer"),
        (ben, ["−300", "+700"], ["400", "700"], ["-300", "400"], "Ben Brook"),
    ];
    for (place, (person, amounts, balances, paid, name)) in expected.into_iter().enumerate() {
        let (browser, number) = (&own[place], numbers[place].as_str());
        let page = browser.get("/points").await.expect(200).html();
        assert_eq!(page.all("#statement td.amount"), amounts, "{name}");
        assert_eq!(page.all("#statement td.after .num"), balances, "{name}");
        assert_eq!(page.attributes("#statement th.what a", "href"), [format!("/orders/{number}")], "{name}");
        assert_eq!(page.text_of(COUNT), "2 entries", "{name}");

        let file = lines(&browser.get("/points.csv").await.expect(200));
        assert_eq!(file, [[number, paid[0], paid[1]], ["Thank you", balances[1], balances[1]]], "{name}");

        let account = desk.get(&hr::account(person)).await.expect(200).html();
        let cells = [amounts[0], balances[0], amounts[1], balances[1]];
        assert_eq!(account.all("#statement tbody td.end"), cells, "{name}");
        assert_eq!(account.text_of(COUNT), "2 entries", "{name}");

        let file = lines(&desk.get(&hr::account_csv(person, "")).await.expect(200));
        let given = ["Thank you", balances[1], balances[1], "The shop itself"];
        assert_eq!(file, [[number, paid[0], paid[1], name], given], "{name}");
    }
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_lapses_and_what_pays_are_the_lots_of_one_person() {
    let shop = Shop::open().await;
    let (ann, ben) = (shop.person("ann").await, shop.person("ben").await);
    shop.grant(ann, 100, Some(shop.now().plus_days(10))).await;
    shop.grant(ann, 40, None).await;
    // Theirs end first, so that they would be spent first.
    shop.grant(ben, 500, Some(shop.now().plus_days(5))).await;
    let lamp = shop.product("Desk lamp", 120, 5).await;
    let (own, other) = (shop.browser_of(ann).await, shop.browser_of(ben).await);

    let page = own.get("/points").await.expect(200).html();
    assert_eq!(page.all("main .lot"), ["100 points until 25 June 2026"]);
    assert_eq!(
        page.text_of("main .note--warn"),
        "100 points are over within 30 days, the first after 25 June 2026."
    );
    let page = other.get("/points").await.expect(200).html();
    assert_eq!(page.all("main .lot"), ["500 points until 20 June 2026"]);

    let product = lamp.id.to_string();
    let line = [("product", product.as_str()), ("quantity", "1"), ("then", "checkout")];
    for (browser, balance, after, lots) in [
        (&own, "140 points", "20 points", &["100 points until 25 June 2026", "20 points never expire"][..]),
        (&other, "500 points", "380 points", &["120 points until 20 June 2026"][..]),
    ] {
        let added = browser.post("/cart/lines", &line).await.expect(303);
        let confirm = browser.follow(added).await.expect(200).html();
        assert_eq!(confirm.text_of(".sums > div:first-child dd"), balance);
        assert_eq!(confirm.text_of(".sums > div:last-child dd"), after);
        assert_eq!(confirm.all("main .lot"), lots);
    }
    shop.close().await;
}
