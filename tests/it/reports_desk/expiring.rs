//! Points that will lapse: whose, when, found, sorted and paged; of people who have left when the company says so.

use awsomeshop::server::jobs::Job;
use awsomeshop::types::role::Desk;

use super::rows::{behind, number, table};
use super::{figures, go, history, moment};
use crate::support::Shop;
use crate::support::browser::Browser;

const KEEP: &[(&str, &str)] = &[("SHOP_LEAVER_POINTS_DAYS", "30")];
const LIST: &str = "/hr/reports/expiring";

/// What the overview says of 30, 60 and 90 days.
async fn ahead(browser: &Browser) -> [String; 3] {
    let figures = figures(browser, "").await;
    let within = figures.into_iter().filter(|figure| figure.starts_with("Within"));
    within.collect::<Vec<_>>().try_into().unwrap()
}

fn said(points: [i64; 3]) -> [String; 3] {
    let [first, second, third] = points;
    [
        format!("Within 30 days: {first}"),
        format!("Within 60 days: {second}"),
        format!("Within 90 days: {third}"),
    ]
}

/// The lots of the file: whose, how many points, the last day.
async fn lots(browser: &Browser, query: &str) -> Vec<String> {
    let rows = behind(browser, &format!("{LIST}{query}")).await;
    rows.iter().map(|row| format!("{} {} {}", row["Person"], row["Points"], row["Last day"])).collect()
}

async fn count(browser: &Browser, query: &str) -> String {
    let page = browser.get(&format!("{LIST}{query}")).await.expect(200).html();
    page.text_of("#results [data-announce]")
}

/// Ann is here, Ben left today; both have points that end by themselves, Ben also some that never would.
async fn somebody_left(variables: &[(&str, &str)]) -> (Shop, Browser) {
    let shop = Shop::open_with(variables).await;
    let (ann, ben) = (shop.person("ann").await, shop.person("ben").await);
    shop.sql("UPDATE people SET department = 'Design' WHERE id = ?", [ben.into()]).await;
    shop.grant(ann, 10, Some(moment("2026-07-10T22:00:00Z"))).await;
    shop.grant(ann, 1_000, None).await;
    shop.grant(ben, 100, None).await;
    shop.grant(ben, 40, Some(moment("2026-07-01T22:00:00Z"))).await;
    shop.grant(ben, 7, Some(moment("2026-09-01T22:00:00Z"))).await;
    shop.deactivate(ben).await;
    let reader = shop.hr(Desk::Reports).await;
    (shop, reader)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn points_of_leavers_lapse_when_the_company_says_so_unless_they_end_before() {
    let (shop, reader) = somebody_left(KEEP).await;
    // What Ben has left ends with 15 July, the thirtieth day after today; thirty days from today on end with the 14th.
    assert_eq!(ahead(&reader).await, said([50, 157, 157]));
    assert_eq!(lots(&reader, "?days=30").await, ["Ben Brook 40 2026-07-01", "Ann Archer 10 2026-07-10"]);
    let of_60_days = [
        "Ben Brook 40 2026-07-01",
        "Ann Archer 10 2026-07-10",
        "Ben Brook 7 2026-07-15",
        "Ben Brook 100 2026-07-15",
    ];
    assert_eq!(lots(&reader, "?days=60").await, of_60_days);
    assert_eq!(lots(&reader, "?days=90").await, of_60_days);
    let page = reader.get("/hr/reports/expiring?days=60").await.expect(200).html();
    assert_eq!(
        page.all("#results tbody tr"),
        [
            "Ben BrookDeactivated Design 40 1 July 2026",
            "Ann Archer Without a department 10 10 July 2026",
            "Ben BrookDeactivated Design 7 15 July 2026",
            "Ben BrookDeactivated Design 100 15 July 2026",
        ]
    );
    assert_eq!(count(&reader, "?days=60").await, "157 points in 4 portions");
    assert_eq!(count(&reader, "?days=60&department=Design").await, "147 points in 3 portions");
    assert_eq!(count(&reader, "?days=60&q=ann").await, "10 points in 1 portion");

    // When their time has come they lapse no more, whether or not the job has been there; and so many it takes.
    go(&shop, "2026-07-15T22:00:00Z");
    let reader = shop.super_admin().await;
    assert_eq!(ahead(&reader).await, said([0, 0, 0]));
    assert_eq!(lots(&reader, "?days=90").await, [""; 0]);
    shop.job(Job::ExpirePoints).await;
    shop.job(Job::ExpireLeavers).await;
    assert_eq!(figures(&reader, "").await[3], "Expired: 157");
    assert_eq!(ahead(&reader).await, said([0, 0, 0]));
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_the_policy_points_of_leavers_lapse_by_themselves_only() {
    let (shop, reader) = somebody_left(&[]).await;
    assert_eq!(ahead(&reader).await, said([50, 50, 57]));
    let of_90_days = ["Ben Brook 40 2026-07-01", "Ann Archer 10 2026-07-10", "Ben Brook 7 2026-09-01"];
    assert_eq!(lots(&reader, "?days=90").await, of_90_days);
    assert_eq!(count(&reader, "?days=90&department=Design").await, "47 points in 2 portions");
    shop.close().await;
}

/// A row of a page or of the file: whose, and how many points.
type Row = (String, i64);

/// Every row of every page, and how many pages there are.
async fn walk(reader: &Browser, query: &str) -> (Vec<Row>, usize) {
    let mut rows = Vec::new();
    let mut pages = 0;
    loop {
        let address = format!("{LIST}?days=60{query}&page={}", pages + 1);
        let page = reader.get(&address).await.expect(200).html();
        let names = page.all("#results tbody th");
        assert!(names.len() <= 50, "{address}");
        let points = page.all("#results tbody td:nth-child(3)");
        let names = names.iter().map(|name| name.trim_end_matches("Deactivated").to_owned());
        rows.extend(names.zip(points.iter().map(|points| number(points))));
        pages += 1;
        if !page.has("#pager-next") {
            return (rows, pages);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_hold_every_lot_once_in_every_order_whoever_has_left() {
    let shop = Shop::open_with(KEEP).await;
    // 80 lots that end by themselves within nine days, and 27 that end because their owners have left.
    for place in 0..80_i64 {
        let who = shop.person(&format!("person-{:03}", (place * 7) % 80)).await;
        shop.grant(who, 10 + place % 5, Some(shop.now().plus_days(1 + place % 9))).await;
        shop.grant(who, 3, None).await;
        if place % 3 == 0 {
            shop.deactivate(who).await;
        }
    }
    let reader = shop.hr(Desk::Reports).await;
    let mut everything: Option<Vec<Row>> = None;
    for sort in ["day", "-day", "points", "-points", "person", "-person"] {
        let query = format!("&sort={sort}");
        let file = table(&reader.get(&format!("{LIST}.csv?days=60{query}")).await.expect(200));
        let rows: Vec<Row> =
            file.iter().map(|row| (row["Person"].clone(), row["Points"].parse().unwrap())).collect();
        assert_eq!(walk(&reader, &query).await, (rows.clone(), 3), "{sort}");
        let (descending, column) = (sort.starts_with('-'), sort.trim_start_matches('-'));
        let days: Vec<&str> = file.iter().map(|row| row["Last day"].as_str()).collect();
        let mut keys: Vec<(i64, &str)> = match column {
            "day" => days.iter().map(|day| (0, *day)).collect(),
            "points" => rows.iter().map(|row| (row.1, "")).collect(),
            _ => rows.iter().map(|row| (0, row.0.as_str())).collect(),
        };
        if descending {
            keys.reverse();
        }
        assert!(keys.is_sorted(), "{sort}: {keys:?}");
        let mut all = rows;
        all.sort();
        assert_eq!(*everything.get_or_insert_with(|| all.clone()), all, "{sort}");
    }
    let all = everything.unwrap();
    assert_eq!((all.len(), all.iter().filter(|row| row.1 == 3).count()), (107, 27));
    let points: i64 = all.iter().map(|row| row.1).sum();
    assert_eq!(points, 1_041);
    assert_eq!(count(&reader, "?days=60").await, "1,041 points in 107 portions");
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lots_are_found_and_sorted_and_every_way_on_keeps_what_was_asked_for() {
    let (shop, reader) = history().await;
    assert_eq!(lots(&reader, "?days=90").await, ["Cleo Crane 40 2026-07-20", "Dan Dale 70 2026-09-15"]);
    assert_eq!(lots(&reader, "?days=90&sort=-day").await[0], "Dan Dale 70 2026-09-15");
    assert_eq!(lots(&reader, "?days=90&sort=-points").await[0], "Dan Dale 70 2026-09-15");
    assert_eq!(lots(&reader, "?days=90&sort=person").await[0], "Cleo Crane 40 2026-07-20");
    assert_eq!(lots(&reader, "?days=90&department=Sales").await, ["Dan Dale 70 2026-09-15"]);
    assert_eq!(lots(&reader, "?days=90&department=-").await, ["Cleo Crane 40 2026-07-20"]);
    assert_eq!(lots(&reader, "?days=90&q=E-cleo").await, ["Cleo Crane 40 2026-07-20"]);
    // Nothing found is said otherwise than nothing there.
    let page = reader.get("/hr/reports/expiring?days=90&q=nobody").await.expect(200).html();
    assert_eq!(page.text_of("#results h2"), "Nothing fits");
    assert_eq!(page.attribute("#results .centred a", "href").unwrap(), LIST);

    let page = reader.get("/hr/reports/expiring?days=90&sort=-points").await.expect(200).html();
    assert_eq!(page.attributes("#results th[aria-sort]", "aria-sort"), ["descending"]);
    let sort = page.attribute("#results input[name=sort][form=filter]", "value");
    assert_eq!(sort.as_deref(), Some("-points"), "who looks for others keeps the order");
    let form = page.form("#filter").with("q", "dale").with("department", "Sales");
    let page = reader.submit(&form).await.expect(200).html();
    assert_eq!(page.all("#results tbody th"), ["Dan Dale"]);
    assert_eq!(
        page.attribute("#results a[download]", "href").unwrap(),
        "/hr/reports/expiring.csv?department=Sales&days=90&q=dale"
    );
    assert_eq!(
        page.attributes("#results thead a", "href"),
        ["person", "-points", "-day"]
            .map(|sort| format!("/hr/reports/expiring?department=Sales&days=90&q=dale&sort={sort}"))
    );
    let form = page.form("#filter");
    assert_eq!(["days", "department", "q"].map(|name| form.value(name)), ["90", "Sales", "dale"]);
    shop.close().await;
}
