//! The overview of HR: everybody sees what belongs to their desks; mails that were given up get another chance.

use std::collections::BTreeMap;
use std::time::Duration;

use awsomeshop::server::jobs::{self, Job};
use awsomeshop::types::role::{Desk, Role};
use awsomeshop::urls;

use crate::support::Shop;
use crate::support::browser::Browser;
use crate::support::html::Html;

const OFFICE: &str = "office:berlin";

/// A shop in which something needs every desk.
async fn busy_shop() -> (Shop, Vec<String>) {
    let shop = Shop::open().await;
    let ann = shop.person("ann").await;
    shop.grant(ann, 2_500, None).await;
    let lamp = shop.product("Desk lamp", 200, 5).await;
    let voucher = shop.digital_product("Book voucher", 100, &["AAAA-1111", "AAAA-2222"]).await;
    let mut numbers = vec![shop.browser_of(ann).await.redeem(&lamp, 2, OFFICE).await];
    shop.advance(3 * 86_400);
    let browser = shop.browser_of(ann).await;
    numbers.push(browser.redeem(&lamp, 1, OFFICE).await);
    numbers.push(browser.redeem(&voucher, 2, "").await);
    shop.grant(ann, 40, None).await;
    shop.job(Job::DeliverOutbox).await;
    shop.dead_mail().await;
    (shop, numbers)
}

async fn overview_of(shop: &Shop, role: Role) -> Html {
    let person = shop.person(&format!("hr-{role}")).await;
    shop.role(person, role).await;
    shop.browser_of(person).await.get("/hr").await.expect(200).html()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_desk_sees_what_belongs_to_it_and_nothing_else() {
    let (shop, numbers) = busy_shop().await;
    let sections = |page: &Html| page.attributes("main section[id]", "id");
    let figures = |page: &Html| page.all(".figure");
    let (today, open) = ("2Orders today", "2Open orders");
    let (issued, redeemed) = ("40Points given today", "400Points redeemed today");
    let cases: [(Role, &[&str], &[&str]); 7] = [
        (
            Role::SuperAdmin,
            &["orders", "grants", "goods", "pools", "machinery", "mails"],
            &[today, open, issued, redeemed],
        ),
        (Role::Desk(Desk::Orders), &["orders"], &[today, open]),
        (Role::Desk(Desk::Points), &["grants"], &[issued, redeemed]),
        (Role::Desk(Desk::Products), &["goods", "pools"], &[]),
        (Role::Desk(Desk::Reports), &[], &[today, open, issued, redeemed]),
        (Role::Desk(Desk::Audit), &["machinery", "mails"], &[]),
        (Role::Desk(Desk::People), &[], &[]),
    ];
    for (role, expected, numbers_of_today) in cases {
        let page = overview_of(&shop, role).await;
        assert_eq!(sections(&page), expected, "{role}");
        assert_eq!(figures(&page), numbers_of_today, "{role}");
        let is_at_orders = role.opens(Desk::Orders);
        assert_eq!(page.text_of("main").contains(&numbers[0]), is_at_orders, "{role}");
        assert_eq!(page.text_of("main").contains("Ann Archer"), is_at_orders, "{role}");
        assert_eq!(page.text_of("main").contains("Desk lamp"), role.opens(Desk::Products), "{role}");
    }
    let page = shop.super_admin().await.get("/hr").await.expect(200).html();
    assert_eq!(
        page.all("#orders li"),
        [format!("{} Ann Archer 3 days", numbers[0]), format!("{} Ann Archer just now", numbers[1])],
        "oldest first"
    );
    assert_eq!(page.all("#goods li"), ["Desk lamp 2 left"]);
    assert_eq!(page.all("#pools li"), ["Book voucher None left"]);
    assert!(page.text_of("#mails").contains("the mail server refused a letter with 550"));
    shop.close().await;
}

/// The points of the rows behind a link, as the file with the same filter has them.
async fn points_behind(browser: &Browser, href: &str) -> i64 {
    browser.get(href).await.expect(200);
    let (path, query) = href.split_once('?').unwrap();
    let file = browser.get(&format!("{path}.csv?{query}")).await.expect(200).text();
    let mut reader = csv::Reader::from_reader(file.trim_start_matches('\u{feff}').as_bytes());
    let rows = reader.deserialize::<BTreeMap<String, String>>();
    rows.map(|row| row.unwrap()["Points"].parse::<i64>().unwrap()).sum()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn figures_of_today_are_the_sum_of_the_rows_they_lead_to() {
    let shop = Shop::open().await;
    let ann = shop.person("ann").await;
    let lamp = shop.product("Desk lamp", 200, 9).await;
    // The last second of 15 June in Berlin, and the first one of the 16th.
    shop.advance(12 * 3_600 - 1);
    shop.grant(ann, 1_000, None).await;
    shop.browser_of(ann).await.redeem(&lamp, 1, OFFICE).await;
    shop.advance(1);
    shop.grant(ann, 40, None).await;
    shop.grant(ann, 2, None).await;
    shop.browser_of(ann).await.redeem(&lamp, 2, OFFICE).await;

    let today = "from=2026-06-16&to=2026-06-16";
    let acts = format!("/hr/points?kind=grant&{today}");
    let given = format!("/hr/reports/transfers?kind=grant&{today}");
    let redeemed = format!("/hr/reports/transfers?kind=redeem&{today}");
    let orders = ["/hr/orders?state=all&from=2026-06-16", "/hr/orders"].map(str::to_owned);
    let all = shop.person("all").await;
    shop.role(all, Role::SuperAdmin).await;
    let all = shop.browser_of(all).await;
    for (role, expected) in [
        (Role::SuperAdmin, vec![orders[0].clone(), orders[1].clone(), acts.clone(), redeemed.clone()]),
        (Role::Desk(Desk::Points), vec![acts.clone()]),
        (Role::Desk(Desk::Reports), vec![given.clone(), redeemed.clone()]),
        (Role::Desk(Desk::Orders), orders.to_vec()),
    ] {
        let page = overview_of(&shop, role).await;
        assert_eq!(page.attributes(".figure", "href"), expected, "{role}");
        let points = page.all(".figure").into_iter().filter(|figure| figure.contains("Points"));
        let expected: &[&str] = match role {
            Role::Desk(Desk::Orders) => &[],
            _ => &["42Points given today", "400Points redeemed today"],
        };
        assert_eq!(points.collect::<Vec<_>>(), expected, "{role}");
    }
    assert_eq!(points_behind(&all, &acts).await, 42);
    assert_eq!(points_behind(&all, &given).await, 42);
    assert_eq!(points_behind(&all, &redeemed).await, -400);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_runs_out_is_counted_kind_by_kind_and_all_of_it_is_a_click_away() {
    let shop = Shop::open().await;
    // More goods are gone than anybody would name, and one pool has a code left.
    for number in 0..101 {
        shop.product(&format!("Mug {number:03}"), 10, 0).await;
    }
    shop.product("Desk lamp", 200, 4).await;
    shop.digital_product("Book voucher", 100, &["AAAA-1111"]).await;
    let hr = shop.hr(Desk::Products).await;

    let page = hr.get("/hr").await.expect(200).html();
    let named: Vec<String> = (0..8).map(|number| format!("Mug {number:03} None left")).collect();
    assert_eq!(page.all("#goods li"), named);
    assert_eq!(page.all("#pools li"), ["Book voucher 1 left"]);
    assert_eq!((page.text_of("#goods p"), page.count("#pools p")), ("and 93 more".to_owned(), 0));
    let href = page.attribute("#goods p a", "href").unwrap();
    assert_eq!(href, "/hr/products?state=listed&kind=physical&stock=low&sort=stock");
    let list = hr.get(&href).await.expect(200).html();
    assert_eq!(list.text_of("#results [data-announce]"), "101 products");
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn mails_that_were_given_up_are_all_counted() {
    let shop = Shop::open().await;
    for _ in 0..110 {
        shop.dead_mail().await;
    }
    let page = overview_of(&shop, Role::Desk(Desk::Audit)).await;
    assert_eq!(page.count("#mails li"), 8);
    assert!(page.text_of("#mails").ends_with("and 102 more"), "{}", page.text_of("#mails"));
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_empty_shop_needs_nobody_and_employees_see_no_overview() {
    let shop = Shop::open().await;
    let page = overview_of(&shop, Role::SuperAdmin).await;
    assert_eq!(page.count("main li"), 0);
    assert_eq!(page.all(".figure__value"), ["0", "0", "0", "0"], "nothing has happened today");
    let ann = shop.person("ann").await;
    shop.browser_of(ann).await.get("/hr").await.expect(403);
    assert_eq!(shop.browser().get("/hr").await.status(), 303);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mail_that_was_given_up_is_tried_again_once_and_audited() {
    let (shop, _) = busy_shop().await;
    let audit = shop.hr(Desk::Audit).await;
    let alive = "SELECT COUNT(*) FROM outbox_messages WHERE dead_at IS NULL AND attempts = 0 AND kind = 'points-expiring'";
    let audited = "SELECT COUNT(*) FROM audit_events WHERE action = 'message.revive'";
    let page = audit.get("/hr").await.expect(200).html();
    let form = page.form("#mails li form");

    audit.submit(&form).await.expect(303);

    assert_eq!((shop.scalar(alive).await, shop.scalar(audited).await), (1, 1));
    let before = shop.contents().await;
    audit.submit(&form).await.expect(303);
    audit.post(&urls::hr::mail_delivery(uuid::Uuid::nil()), &[]).await.expect(404);
    audit.post(&urls::hr::mail_delivery("x"), &[]).await.expect(404);
    let orders = shop.hr(Desk::Orders).await;
    let before_orders = shop.contents().await;
    assert_ne!(before.counts(), before_orders.counts(), "somebody was entered");
    orders.submit(&form).await.expect(403);
    orders.post(&urls::hr::mail_deliveries(), &[]).await.expect(403);
    shop.assert_unchanged(&before_orders, "what was refused").await;

    for _ in 0..3 {
        shop.dead_mail().await;
    }
    let done = audit.post(&urls::hr::mail_deliveries(), &[]).await.expect(303);
    assert_eq!((shop.scalar(alive).await, shop.scalar(audited).await), (4, 4));
    assert!(audit.follow(done).await.html().text_of("body").contains("3 mails are tried again"));
    let page = audit.get("/hr").await.expect(200).html();
    assert!(!page.has("#mails form") && page.text_of("#mails").contains("Every mail gets where it should"));
    // A letter that can be told goes out; it is not that nobody looks.
    shop.advance(3_601);
    let again = shop.id_of("SELECT id FROM people WHERE email = 'hr-audit@example.test'", []).await;
    let audit = shop.browser_of(awsomeshop::types::id::PersonId(again)).await;
    let page = audit.get("/hr").await.expect(200).html();
    assert!(
        page.text_of("#mails").contains("mails wait for more than an hour"),
        "{}",
        page.text_of("#mails")
    );
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn jobs_that_fail_or_stand_still_and_broken_books_are_told() {
    let shop = Shop::open().await;
    let person = shop.person("aud").await;
    shop.role(person, Role::Desk(Desk::Audit)).await;
    let hour = Duration::from_hours(1);
    let told = async || {
        let audit = shop.browser_of(person).await;
        audit.get("/hr").await.expect(200).html().text_of("#machinery")
    };
    let mut noted = None;
    jobs::run_and_note(&shop.app, Job::WarnOfExpiry, hour, &mut noted).await;
    assert_eq!(noted, Some(shop.now()));
    assert!(told().await.contains("Everything runs."));
    let runs =
        "SELECT COUNT(*) FROM job_runs WHERE name = 'warn-of-expiry' AND every_s = 3600 AND done_at = ?";
    assert_eq!(shop.scalar_of(runs, [shop.now().into()]).await, 1);
    // What goes well is not written down again and again.
    let first = shop.now();
    shop.advance(30);
    jobs::run_and_note(&shop.app, Job::WarnOfExpiry, hour, &mut noted).await;
    assert_eq!(shop.scalar_of(runs, [first.into()]).await, 1);

    shop.sql("ALTER TABLE leases RENAME TO mislaid", []).await;
    shop.advance(60);
    jobs::run_and_note(&shop.app, Job::WarnOfExpiry, hour, &mut noted).await;
    assert_eq!(noted, None);
    let failing = told().await;
    assert!(failing.contains("Warning of points that lapse: failed the last time"), "{failing}");
    assert!(failing.contains("leases"), "the reason: {failing}");
    shop.sql("ALTER TABLE mislaid RENAME TO leases", []).await;
    shop.advance(60);
    jobs::run_and_note(&shop.app, Job::WarnOfExpiry, hour, &mut noted).await;
    assert!(told().await.contains("Everything runs."), "it is well again");

    shop.advance(3 * 3_600 + 1);
    assert!(told().await.contains("has not been done for long"));
    let broken = "INSERT INTO book_checks (at, broken_laws, offences) VALUES (?, 'balance-is-lots', 2)";
    shop.sql(broken, [shop.now().into()]).await;
    assert!(told().await.contains("The points books are wrong: balance-is-lots"));
    shop.close().await;
}
