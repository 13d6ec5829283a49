//! What is asked for is found, all of it and nothing else.

use awsomeshop::types::actor::Actor;
use awsomeshop::types::role::{Desk, Role};
use awsomeshop::urls::hr;
use serde_json::json;

use super::{list, record};
use crate::support::Shop;
use crate::support::answer::Answer;
use crate::support::browser::Browser;

/// The cells of a file, without its heading.
pub fn cells(csv: &Answer) -> Vec<Vec<String>> {
    let text = csv.text();
    let file = text.trim_start_matches('\u{feff}').as_bytes();
    let mut reader = csv::Reader::from_reader(file);
    reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
}

/// The names of the acts that fit, as the page and as the file have them.
async fn found(browser: &Browser, query: &str) -> Vec<String> {
    let shown = list(browser, query).await.len();
    let file = browser.get(&format!("/hr/audit.csv{query}")).await.expect(200);
    let names: Vec<String> = cells(&file).into_iter().map(|row| row[3].clone()).collect();
    assert_eq!(names.len(), shown, "{query}");
    names
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn acts_are_found_by_person_actor_act_day_request_and_subject() {
    let shop = Shop::open().await;
    let (ann, ben, hal) = (shop.person("ann").await, shop.person("ben").await, shop.person("hal").await);
    shop.grant(ann, 500, None).await;
    let lamp = shop.product("Desk lamp", 200, 5).await;
    // Twenty files a minute are let through for each.
    let mut auditors = Vec::new();
    for name in ["auditor-1", "auditor-2", "auditor-3"] {
        let person = shop.person(name).await;
        shop.role(person, Role::Desk(Desk::Audit)).await;
        auditors.push(person);
    }
    shop.advance(3_600);
    let browser = shop.browser_of(ann).await;
    let number = browser.redeem(&lamp, 1, "office:berlin").await;
    shop.advance(86_400);
    let by_hal = Actor::Person(hal);
    record(&shop, by_hal, "product.edit", ("product", &lamp.id.to_string()), json!({})).await;
    record(&shop, by_hal, "person.roles", ("person", &ben.to_string()), json!({})).await;
    record(&shop, by_hal, "run.commit", ("grant-run", "run-7"), json!({})).await;

    let request = shop
        .database()
        .rows::<Request>("SELECT request_id FROM audit_events WHERE action = 'order.place'")
        .await;
    let request = request[0].request_id.clone().unwrap();
    let questions = [
        // About whom: by name, part of it, address, number, id.
        ("?person=ann+archer", "order.place points.grant person.enter"),
        ("?person=archer", "order.place points.grant person.enter"),
        ("?person=ARCHER+ann", "order.place points.grant person.enter"),
        ("?person=E-an", "order.place points.grant person.enter"),
        ("?person=ann%40example.test", "order.place points.grant person.enter"),
        ("?person=E-ann", "order.place points.grant person.enter"),
        (&format!("?person={ben}"), "person.roles person.enter"),
        ("?person=nobody", ""),
        ("?person=%25", ""),
        // Who.
        ("?by=hal", "run.commit person.roles product.edit"),
        ("?by=ann", "order.place"),
        ("?by=shop&person=ben", "person.enter"),
        ("?by=nobody", ""),
        // What.
        ("?action=order.place", "order.place"),
        ("?action=order", ""),
        ("?action=person.roles&by=hal", "person.roles"),
        ("?action=person.roles&by=ann", ""),
        // On what.
        (&format!("?q={number}"), "order.place"),
        (&format!("?q={}", number.to_lowercase()), "order.place"),
        (&format!("?q={}", number.replace('-', "").to_lowercase()), "order.place"),
        (&format!("?q={}", number.chars().take(6).collect::<String>()), "order.place"),
        ("?q=desk+lamp", "product.edit"),
        ("?q=desk-lamp", "product.edit"),
        (&format!("?q={}", lamp.id), "product.edit"),
        ("?q=run-7", "run.commit"),
        ("?q=run-", ""),
        ("?q=archer", "order.place points.grant person.enter"),
        // In which request.
        (&format!("?request={request}"), "order.place"),
        ("?request=0", ""),
        // When, by the company's days: it is 16 June.
        ("?from=2026-06-16&sort=when", "product.edit person.roles run.commit"),
        ("?from=2026-06-16&to=2026-06-16", "run.commit person.roles product.edit"),
        ("?to=2026-06-15&by=ann", "order.place"),
        ("?from=2026-06-17", ""),
    ];
    let auditors =
        futures::future::join_all(auditors.into_iter().map(|person| shop.browser_of(person))).await;
    for ((query, expected), auditor) in questions.into_iter().zip(auditors.iter().cycle()) {
        let names: Vec<&str> = expected.split_whitespace().collect();
        assert_eq!(found(auditor, query).await, names, "{query}");
    }
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn people_are_found_by_what_every_desk_finds_them_by() {
    let shop = Shop::open().await;
    let zoe = shop.person("zoe").await;
    shop.person("ann").await;
    let all = shop.super_admin().await;
    let form = all.get(&hr::person_edit(zoe)).await.expect(200).html().form("main form");
    all.submit(&form.with("name", "Zoë Müller").with("department", "Sales")).await.expect(303);
    shop.grant(zoe, 5, None).await;
    for words in ["muller", "M%C3%9CLLER+zoe", "E-zo", "zoe%40ex", "sales+e-zoe"] {
        let entered = list(&all, &format!("?action=person.enter&person={words}")).await;
        let whom: Vec<_> = entered.iter().map(|[_, _, on, _]| on.as_str()).collect();
        assert_eq!(whom, ["Person Zoë Müller"], "{words}");
        let page = all.get(&hr::reports_transfers(&format!("q={words}"))).await.expect(200).html();
        assert_eq!(page.text_of("#results [data-announce]"), "1 transfer · 5 points in", "{words}");
    }
    shop.close().await;
}

#[derive(sea_orm::FromQueryResult)]
struct Request {
    request_id: Option<String>,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn days_that_cannot_be_are_said_and_fit_nothing() {
    let shop = Shop::open().await;
    shop.person("ann").await;
    let auditor = shop.hr(Desk::Audit).await;
    for (query, said) in [
        ("?from=2026-02-30", "Please enter a date."),
        ("?from=2026-06-02&to=2026-06-01", "The end of this range is before its start."),
    ] {
        let page = auditor.get(&format!("/hr/audit{query}")).await.expect(200).html();
        assert!(page.text_of("#results [role=alert]").contains(said), "{}", page.text_of("#results"));
        assert_eq!(page.count("#results tbody tr"), 0);
        assert!(page.text_of("#filter").contains(said));
        assert_eq!(auditor.get(&format!("/hr/audit.csv{query}")).await.status(), 422);
    }
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn long_lists_come_in_pages_that_keep_the_filter() {
    let shop = Shop::open().await;
    let hal = shop.person("hal").await;
    let auditor = shop.hr(Desk::Audit).await;
    for _ in 0..120 {
        record(&shop, Actor::Person(hal), "run.step", ("grant-run", "r"), json!({})).await;
    }
    let first = auditor.get("/hr/audit?by=hal&q=r").await.expect(200).html();
    assert_eq!(
        (first.count("#results tbody tr"), first.text_of("#results [data-announce]")),
        (50, "120 acts".into())
    );
    let next = first.attribute("#pager-next", "href").unwrap();
    assert_eq!(next, "/hr/audit?q=r&by=hal&page=2");
    let last =
        auditor.ask("GET".parse().unwrap(), "/hr/audit?q=r&by=hal&page=3").htmx("results").send().await;
    let last = last.expect(200);
    assert!(!last.text().contains("<html"), "only the results are swapped");
    assert_eq!(last.html().count("tbody tr"), 20);
    let beyond = auditor.get("/hr/audit?q=r&by=hal&page=9").await.expect(200).html();
    assert_eq!(beyond.count("#results tbody tr"), 20, "a page beyond the last is the last");
    assert_eq!(beyond.attribute("#pager-previous", "href").as_deref(), Some("/hr/audit?q=r&by=hal&page=2"));
    let turned = auditor.get("/hr/audit?by=hal&sort=when").await.expect(200).html();
    assert_eq!(turned.attributes("#results [name=sort][form=filter]", "value"), ["when"]);
    let everything = auditor.get("/hr/audit.csv?by=hal&q=r").await.expect(200);
    assert_eq!(cells(&everything).len(), 120);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_list_that_is_not_counted_to_its_end_says_how_much_of_it_the_file_holds() {
    let shop = Shop::open().await;
    let hal = shop.person("hal").await;
    let auditor = shop.hr(Desk::Audit).await;
    record(&shop, Actor::Person(hal), "run.step", ("grant-run", "r"), json!({})).await;
    let double = "INSERT INTO audit_events (actor_id, action, subject_kind, subject_id, details, at) \
                  SELECT actor_id, action, subject_kind, subject_id, details, at FROM audit_events \
                  WHERE action = 'run.step'";
    let said = async |query: &str| {
        let page = auditor.get(&format!("/hr/audit{query}")).await.expect(200).html();
        assert_eq!(page.count("#results a[download]"), 1, "{query}");
        page.all("#results .results__head .row > span")
    };
    for _ in 0..9 {
        shop.sql(double, []).await;
    }
    assert_eq!(said("?by=hal").await, [""; 0], "512 are counted");
    shop.sql(double, []).await;
    let limit = "The file holds the first 20,000 at most; narrow the filter if there are more.";
    assert_eq!(said("?by=hal").await, [limit]);
    assert_eq!(said("?by=shop").await, [""; 0]);
    let beyond = auditor.get("/hr/audit?by=hal&page=21").await.expect(200).html();
    assert_eq!(
        (beyond.count("#results tbody tr"), beyond.count("#pager-next")),
        (50, 0),
        "page 20 is the last that is counted"
    );
    shop.close().await;
}
