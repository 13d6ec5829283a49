//! The reports desk: exact figures of a small known history around the end of a month, where the company is.

mod expiring;
mod holders;
mod marks;
mod rows;
mod spans;
mod taking_part;
mod ways;

use awsomeshop::ledger::{accounts, deduct};
use awsomeshop::server::jobs::Job;
use awsomeshop::types::actor::Actor;
use awsomeshop::types::id::PersonId;
use awsomeshop::types::points::Points;
use awsomeshop::types::role::Desk;
use awsomeshop::types::time::Timestamp;
use futures::FutureExt;

use crate::support::Shop;
use crate::support::browser::Browser;

const VALUE: (&str, &str) = ("SHOP_POINT_VALUE", "0.01 EUR");

fn moment(text: &str) -> Timestamp {
    Timestamp(chrono::DateTime::parse_from_rfc3339(text).unwrap().to_utc())
}

/// Moves time to a moment.
fn go(shop: &Shop, text: &str) {
    shop.advance(moment(text).seconds() - shop.now().seconds());
}

async fn take_back(shop: &Shop, person_id: PersonId, points: i64) {
    let now = shop.now();
    let taken = shop.app.db.write("test.deduct", move |tx| {
        async move {
            let mut account = accounts::lock_account(tx, person_id).await?;
            let why = "A mistake".to_owned();
            deduct::deduct(tx, now, &mut account, Points(points), Actor::Shop, why).await
        }
        .boxed()
    });
    taken.await.unwrap();
}

/// What happened in May, June and July; it is 10 July then. Who looks at it is somebody of the desk.
async fn history() -> (Shop, Browser) {
    let shop = Shop::open_with(&[VALUE]).await;
    let [ann, ben, cleo, dan] = [
        shop.person("ann").await,
        shop.person("ben").await,
        shop.person("cleo").await,
        shop.person("dan").await,
    ];
    for (department, person) in [("Design", ann), ("Design", ben), ("Sales", dan)] {
        shop.sql("UPDATE people SET department = ? WHERE id = ?", [department.into(), person.into()]).await;
    }
    let lamp = shop.product("Desk lamp", 200, 9).await;
    let mug = shop.product("Mug", 100, 9).await;
    shop.product("Vase", 50, 9).await;

    // The last second of May in Berlin, and the first one of June.
    go(&shop, "2026-05-31T21:59:59Z");
    shop.grant(ann, 1_000, Some(moment("2026-06-10T22:00:00Z"))).await;
    shop.grant(ben, 500, None).await;
    go(&shop, "2026-05-31T22:00:00Z");
    shop.grant(ann, 300, None).await;
    shop.grant(cleo, 40, Some(moment("2026-07-20T22:00:00Z"))).await;
    go(&shop, "2026-06-05T10:00:00Z");
    let browser = shop.browser_of(ann).await;
    browser.redeem(&lamp, 2, "office:berlin").await;
    let regretted = browser.redeem(&mug, 1, "office:berlin").await;
    shop.browser_of(ben).await.redeem(&lamp, 1, "office:berlin").await;
    go(&shop, "2026-06-07T10:00:00Z");
    let browser = shop.browser_of(ann).await;
    browser.post(&format!("/orders/{regretted}/cancellation"), &[]).await.expect(303);
    go(&shop, "2026-06-11T00:00:00Z");
    shop.job(Job::ExpirePoints).await;
    go(&shop, "2026-06-12T10:00:00Z");
    take_back(&shop, ben, 30).await;
    go(&shop, "2026-06-30T21:59:59Z");
    shop.grant(dan, 7, None).await;
    go(&shop, "2026-06-30T22:00:00Z");
    shop.grant(dan, 70, Some(moment("2026-09-15T22:00:00Z"))).await;
    go(&shop, "2026-07-03T10:00:00Z");
    shop.deactivate(ben).await;
    go(&shop, "2026-07-10T10:00:00Z");
    let reader = shop.hr(Desk::Reports).await;
    (shop, reader)
}

/// The figures of a page: `Issued 347`, …
async fn figures(browser: &Browser, query: &str) -> Vec<String> {
    let page = browser.get(&format!("/hr/reports{query}")).await.expect(200).html();
    let labels = page.all(".figure > .figure__label:first-child");
    labels
        .into_iter()
        .zip(page.all(".figure__value"))
        .map(|(label, value)| format!("{label}: {value}"))
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_figure_is_exact_on_both_sides_of_the_end_of_a_month() {
    let (shop, reader) = history().await;
    let of_june = [
        "Issued: 347",
        "Redeemed: 700",
        "Given back: 100",
        "Expired: 600",
        "Taken back: 30",
        "Outstanding at the end: 617",
        "Owed in money: 6.17 EUR",
        "Participation: 25.0 %",
        "Redemption rate: 172.9 %",
        "Products never redeemed: 2",
        "Within 30 days: 40",
        "Within 60 days: 40",
        "Within 90 days: 110",
    ];
    assert_eq!(figures(&reader, "?from=2026-06-01&to=2026-06-30").await, of_june);
    assert_eq!(figures(&reader, "?range=last-month").await, of_june);
    let some = |figures: Vec<String>| figures.into_iter().take(7).collect::<Vec<_>>();
    let of_may = [
        "Issued: 1,500",
        "Redeemed: 0",
        "Given back: 0",
        "Expired: 0",
        "Taken back: 0",
        "Outstanding at the end: 1,500",
        "Owed in money: 15.00 EUR",
    ];
    assert_eq!(some(figures(&reader, "?from=2026-05-01&to=2026-05-31").await), of_may);
    let of_july = [
        "Issued: 70",
        "Redeemed: 0",
        "Given back: 0",
        "Expired: 0",
        "Taken back: 0",
        "Outstanding at the end: 687",
        "Owed in money: 6.87 EUR",
    ];
    assert_eq!(some(figures(&reader, "").await), of_july);
    assert_eq!(some(figures(&reader, "?range=this-quarter").await), of_july);
    let of_the_year = [
        "Issued: 1,917",
        "Redeemed: 700",
        "Given back: 100",
        "Expired: 600",
        "Taken back: 30",
        "Outstanding at the end: 687",
        "Owed in money: 6.87 EUR",
    ];
    assert_eq!(some(figures(&reader, "?range=this-year").await), of_the_year);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn departments_products_and_days_are_told_in_tables_behind_their_charts() {
    let (shop, reader) = history().await;
    let page = reader.get("/hr/reports?range=last-month").await.expect(200).html();
    assert_eq!(
        page.all("#departments-table tbody tr"),
        [
            "Design 300 700 100 600 30 570 100.0 %",
            "Sales 7 0 0 0 0 7 0.0 %",
            "Without a department 40 0 0 0 0 40 0.0 %"
        ]
    );
    assert_eq!(page.all("#products-table tbody tr"), ["Desk lamp 3 600"]);
    let days = page.all("#trend-table tbody tr");
    let eventful: Vec<&str> =
        days.iter().map(String::as_str).filter(|day| !day.ends_with(" 0 0 0 0 0")).collect();
    assert_eq!(
        (days.len(), eventful),
        (
            30,
            vec![
                "1 Jun 340 0 0 0 0",
                "5 Jun 0 700 0 0 0",
                "7 Jun 0 0 100 0 0",
                "11 Jun 0 0 0 600 0",
                "12 Jun 0 0 0 0 30",
                "30 Jun 7 0 0 0 0"
            ]
        )
    );
    // Whoever does not see the bars hears what they are, each with its number.
    for chart in ["trend", "products", "departments"] {
        let drawing = format!("svg[role=img][aria-labelledby='{chart}-title {chart}-desc']");
        assert_eq!(page.count(&drawing), 1, "{chart}");
        assert!(!page.text_of(&format!("#{chart}-desc")).is_empty());
    }
    let bars = page.all("svg[aria-labelledby^=trend] rect > title");
    assert_eq!(
        bars,
        ["1 Jun, Issued: 340", "5 Jun, Redeemed: 700", "11 Jun, Expired: 600", "30 Jun, Issued: 7"]
    );

    let months =
        reader.get("/hr/reports?range=this-year").await.expect(200).html().all("#trend-table tbody tr");
    assert_eq!(months.len(), 12);
    assert_eq!(
        months[4..7],
        ["May 2026 1,500 0 0 0 0", "Jun 2026 347 700 100 600 30", "Jul 2026 70 0 0 0 0"]
    );
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_empty_shop_has_nothing_to_tell_and_tells_it() {
    let shop = Shop::open().await;
    let reader = shop.hr(Desk::Reports).await;
    assert_eq!(
        figures(&reader, "?range=this-year").await,
        [
            "Issued: 0",
            "Redeemed: 0",
            "Given back: 0",
            "Expired: 0",
            "Taken back: 0",
            "Outstanding at the end: 0",
            "Participation: 0.0 %",
            "Redemption rate: –",
            "Products never redeemed: 0",
            "Within 30 days: 0",
            "Within 60 days: 0",
            "Within 90 days: 0",
        ]
    );
    shop.job(Job::MakeMarks).await;
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM marks").await, 0);
    for path in ["transfers", "people", "products", "expiring"] {
        reader.get(&format!("/hr/reports/{path}")).await.expect(200);
        reader.get(&format!("/hr/reports/{path}.csv")).await.expect(200);
    }
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn days_that_cannot_be_are_said_beside_them_and_nothing_else_is_shown() {
    let shop = Shop::open().await;
    let reader = shop.hr(Desk::Reports).await;
    for (query, field, said) in [
        ("?from=2026-02-30&to=2026-03-01", "from", "Please enter a date."),
        ("?from=2026-03-01&to=x", "to", "Please enter a date."),
        ("?from=2026-06-02&to=2026-06-01", "to", "The end of this range is before its start."),
        ("?from=1999-01-01&to=2026-06-01", "to", "This range is longer than 3,660 days."),
    ] {
        for list in ["", "/transfers", "/people", "/products"] {
            let page = reader.get(&format!("/hr/reports{list}{query}")).await.expect(422).html();
            assert_eq!(page.text_of(&format!("#{field}-error")), said, "{list}{query}");
            assert!(page.has(&format!("#{field}[aria-invalid=true]")) && page.has(".note--bad"));
            assert_eq!(page.count(".figure, #results tbody tr"), 0, "{list}{query}");
        }
        // What was typed stands there to be mended.
        let form = reader.get(&format!("/hr/reports{query}")).await.html().form("#filter");
        assert!(query.contains(&format!("from={}", form.value("from"))) && query.contains(form.value("to")));
        assert_eq!(reader.get(&format!("/hr/reports/people.csv{query}")).await.status(), 422, "{query}");
    }
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_day_alone_is_an_end_of_the_days_that_are_meant() {
    let (shop, reader) = history().await;
    for (query, from, to, issued) in [
        ("?to=2026-05-31", "2026-05-01", "2026-05-31", "Issued: 1,500"),
        ("?from=&to=2026-06-12", "2026-06-01", "2026-06-12", "Issued: 340"),
        ("?from=2026-06-02", "2026-06-02", "2026-07-31", "Issued: 77"),
        ("?from=2026-08-02&to=", "2026-08-02", "2026-08-02", "Issued: 0"),
    ] {
        assert_eq!(figures(&reader, query).await[0], issued, "{query}");
        let form = reader.get(&format!("/hr/reports{query}")).await.expect(200).html().form("#filter");
        assert_eq!((form.value("from"), form.value("to")), (from, to), "{query}");
    }
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn other_desks_learn_nothing_here() {
    let shop = Shop::open().await;
    for desk in [Desk::Points, Desk::Products, Desk::Orders, Desk::People, Desk::Audit] {
        let other = shop.hr(desk).await;
        for path in ["", ".csv", "/transfers", "/people.csv", "/products", "/expiring"] {
            other.get(&format!("/hr/reports{path}")).await.expect(403);
        }
    }
    shop.close().await;
}
