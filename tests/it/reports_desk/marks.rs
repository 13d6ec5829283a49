//! The sums of the past say what the past says, whatever happens to them.

use awsomeshop::server::jobs::Job;

use super::{go, history, moment, take_back};
use crate::support::Shop;
use crate::support::browser::Browser;

/// Ranges that begin and end on marks, between them and beyond them.
const RANGES: [&str; 14] = [
    "from=2026-05-01&to=2026-05-31",
    "from=2026-06-01&to=2026-06-30",
    "from=2026-07-01&to=2026-07-31",
    "from=2026-01-01&to=2026-12-31",
    "from=2026-06-05&to=2026-06-05",
    "from=2026-06-06&to=2026-07-09",
    "from=2026-05-31&to=2026-06-01",
    "from=2026-07-10&to=2026-07-20",
    "from=2020-01-01&to=2026-05-30",
    "from=2025-06-07&to=2026-06-07",
    // Without a mark within; from one on; up to one; from before what somebody redeemed last to long after it.
    "from=2026-06-12&to=2026-06-19",
    "from=2026-06-11&to=2026-06-12",
    "from=2026-06-04&to=2026-06-10",
    "from=2026-06-06&to=2026-07-10",
];

/// Everything that the overviews of those ranges say, and the people and products behind them.
async fn told(reader: &Browser) -> Vec<String> {
    let mut told = Vec::new();
    for range in RANGES {
        for list in ["", "/people", "/products"] {
            let page = reader.get(&format!("/hr/reports{list}?{range}")).await.expect(200).html();
            told.push(format!("{list} {range}: {}", page.text_of("main")));
        }
    }
    told
}

async fn marks(shop: &Shop) -> i64 {
    shop.scalar("SELECT COUNT(*) FROM marks").await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sums_of_the_past_change_no_figure() {
    let (shop, reader) = history().await;
    let before = told(&reader).await;
    shop.job(Job::MakeMarks).await;
    // Those before 11 and 21 May, 1, 11 and 21 June and 1 July stay; and the last day that is over: 9 July.
    assert_eq!(marks(&shop).await, 7);
    assert_eq!(told(&reader).await, before);
    // Once more makes nothing more.
    let contents = shop.contents().await;
    shop.job(Job::MakeMarks).await;
    let changes = contents.changes(&shop.contents().await);
    assert!(changes.iter().all(|change| change.contains("leases")), "{changes:?}");

    // A day counts as over six hours after its end; marks of days go when newer ones have come.
    go(&shop, "2026-07-13T03:59:59Z");
    shop.job(Job::MakeMarks).await;
    let at = |text: &str| [moment(text).into()];
    let marked = "SELECT COUNT(*) FROM marks WHERE at = ?";
    assert_eq!(shop.scalar_of(marked, at("2026-07-11T22:00:00Z")).await, 1);
    assert_eq!((shop.scalar_of(marked, at("2026-07-12T22:00:00Z")).await, marks(&shop).await), (0, 8));
    go(&shop, "2026-07-13T04:00:00Z");
    shop.job(Job::MakeMarks).await;
    assert_eq!((shop.scalar_of(marked, at("2026-07-12T22:00:00Z")).await, marks(&shop).await), (1, 9));
    let ann = shop.id_of("SELECT id FROM people WHERE name = 'Ann Archer'", []).await;
    assert_eq!(told(&reader_of(&shop).await).await, before);
    // What happens later belongs to later days, and to no mark yet.
    take_back(&shop, awsomeshop::types::id::PersonId(ann), 5).await;
    let after = told(&reader_of(&shop).await).await;
    let changed: Vec<&str> = RANGES
        .into_iter()
        .filter(|range| {
            let of = |told: &[String]| {
                told.iter().filter(|text| text.contains(range)).cloned().collect::<Vec<_>>()
            };
            of(&after) != of(&before)
        })
        .collect();
    assert_eq!(changed, [RANGES[2], RANGES[3], RANGES[7]]);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sums_that_do_not_fit_the_books_are_made_anew() {
    let (shop, reader) = history().await;
    let before = told(&reader).await;
    shop.job(Job::MakeMarks).await;
    for tampering in [
        "UPDATE marks SET issued = issued + 1",
        "UPDATE marks SET transfers = transfers - 1",
        "UPDATE account_marks SET redeemed = redeemed + 1",
        "UPDATE product_marks SET points = points + 1",
        "DELETE FROM account_marks",
        "UPDATE account_marks SET last_redeemed_at = NULL",
        "UPDATE day_marks SET expired = expired + 1",
        "DELETE FROM day_marks",
        "UPDATE department_marks SET department = 'Sales' WHERE department = 'Design'",
        "UPDATE department_marks SET active = active + 1",
        // Such as a version makes that knows less of marks.
        "UPDATE account_marks SET last_redeemed_at = NULL",
    ] {
        assert!(shop.sql(tampering, []).await > 0, "{tampering}");
        shop.job(Job::MakeMarks).await;
        assert_eq!(marks(&shop).await, 7, "{tampering}");
        assert_eq!(told(&reader_of(&shop).await).await, before, "{tampering}");
    }
    shop.close().await;
}

/// A session that has not run out, of the same person.
async fn reader_of(shop: &Shop) -> Browser {
    let person = shop.id_of("SELECT person_id FROM person_roles WHERE role = 'reports'", []).await;
    shop.browser_of(awsomeshop::types::id::PersonId(person)).await
}
