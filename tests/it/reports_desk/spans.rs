//! Whatever the days: departments, people and the whole are what their transfers say, whether marks say it or not.

use std::collections::BTreeMap;

use awsomeshop::platform::dialect;
use awsomeshop::reports::hr::percent;
use awsomeshop::reports::marks::departments;
use awsomeshop::server::jobs::Job;
use awsomeshop::types::id::PersonId;
use awsomeshop::types::time::{Day, Timestamp};
use awsomeshop::urls;
use awsomeshop::web::text::grouped;
use sea_orm::FromQueryResult;

use super::{go, take_back};
use crate::support::Shop;
use crate::support::browser::Browser;
use crate::support::setting::Goods;

/// First and last days, in each order that makes a range: on marks, a day beside them, around the hour that comes twice
/// on 25 October, before everything and after the newest mark.
const DAYS: [&str; 10] = [
    "2026-08-01",
    "2026-09-10",
    "2026-09-11",
    "2026-09-30",
    "2026-10-01",
    "2026-10-24",
    "2026-10-25",
    "2026-10-26",
    "2026-11-08",
    "2026-11-12",
];

/// Somebody's transfer; nothing moved for whoever has none.
#[derive(FromQueryResult)]
struct Row {
    name: String,
    department: Option<String>,
    is_active: bool,
    kind: Option<String>,
    amount: Option<i64>,
    at: Option<Timestamp>,
}

/// Of some people: how many are active, how many of those redeemed more than was given back; issued, redeemed, given back, expired, taken back;
/// held at the end.
#[derive(Clone, Debug, Default)]
struct Told {
    active: i64,
    redeemers: i64,
    moved: [i64; 5],
    held: i64,
}

impl Told {
    fn line(&self) -> String {
        let numbers = self.moved.into_iter().chain([self.held]);
        numbers.map(grouped).collect::<Vec<_>>().join(" ")
    }
}

type Key = (Option<String>, String, bool);

/// What the transfers say of each person between two days.
async fn expected(shop: &Shop, first: Day, last: Day) -> BTreeMap<Key, Told> {
    let (from, before) = (first.start_in(chrono_tz::Europe::Berlin), last.end_in(chrono_tz::Europe::Berlin));
    let sql = "SELECT p.name, p.department, p.is_active, t.kind, t.amount, t.at FROM people p \
        LEFT JOIN accounts a ON a.person_id = p.id LEFT JOIN transfers t ON t.account_id = a.id";
    let rows: Vec<Row> = dialect::rows(shop.app.db.reads(), sql, []).await.unwrap();
    let mut people: BTreeMap<Key, Told> = BTreeMap::new();
    for row in rows {
        let told = people.entry((row.department, row.name, row.is_active)).or_default();
        told.active = row.is_active.into();
        let (Some(kind), Some(amount), Some(at)) = (row.kind, row.amount, row.at) else { continue };
        if at >= before {
            continue;
        }
        let place =
            ["grant", "redeem", "refund", "expire", "deduct"].iter().position(|one| *one == kind).unwrap();
        told.held += if matches!(place, 0 | 2) { amount } else { -amount };
        if at >= from {
            told.moved[place] += amount;
            told.redeemers = i64::from(row.is_active && told.moved[1] > told.moved[2]);
        }
    }
    people
}

fn together<'t>(all: impl IntoIterator<Item = &'t Told>) -> Told {
    let mut sum = Told::default();
    for one in all {
        sum.active += one.active;
        sum.redeemers += one.redeemers;
        sum.held += one.held;
        for (all, one) in sum.moved.iter_mut().zip(one.moved) {
            *all += one;
        }
    }
    sum
}

/// Compares every range with the transfers.
async fn compare(shop: &Shop, reader: &Browser, when: &str) {
    let days = DAYS.map(|day| Day::parse(day).unwrap());
    for (index, first) in days.into_iter().enumerate() {
        for last in days.into_iter().skip(index) {
            let people = expected(shop, first, last).await;
            let query = format!("from={}&to={}", first.0, last.0);
            let page = reader.get(&format!("/hr/reports?{query}")).await.expect(200).html();
            let mut groups: BTreeMap<Option<String>, Vec<&Told>> = BTreeMap::new();
            for ((department, ..), told) in &people {
                groups.entry(department.clone()).or_default().push(told);
            }
            let mut groups: Vec<(Option<String>, Told)> =
                groups.into_iter().map(|(name, all)| (name, together(all))).collect();
            groups.sort_by_key(|(name, told)| (name.is_none(), -told.moved[1], name.clone()));
            let lines: Vec<String> = groups
                .into_iter()
                .map(|(name, told)| {
                    let name = name.unwrap_or_else(|| "Without a department".to_owned());
                    format!("{name} {} {}", told.line(), percent(told.redeemers, told.active))
                })
                .collect();
            assert_eq!(page.all("#departments-table tbody tr"), lines, "{query} {when}");
            let all = together(people.values());
            assert_eq!(page.all(".figure__value")[..6].join(" "), all.line(), "{query} {when}");
            assert_eq!(page.all(".figure__value")[6], percent(all.redeemers, all.active), "{query} {when}");

            let page = reader.get(&format!("/hr/reports/people?{query}")).await.expect(200).html();
            let mut people: Vec<(Key, Told)> = people.into_iter().collect();
            people.sort_by_key(|((_, name, _), _)| name.to_lowercase());
            let lines: Vec<String> = people
                .into_iter()
                .map(|((department, name, is_active), told)| {
                    let department = department.unwrap_or_else(|| "Without a department".to_owned());
                    let gone = if is_active { "" } else { "Deactivated" };
                    format!("{name}{gone} {department} {}", told.line())
                })
                .collect();
            assert_eq!(page.all("#results tbody tr"), lines, "{query} {when}");
            assert_eq!(page.all("#results tfoot tr"), [format!("Together {}", all.line())], "{query} {when}");
        }
    }
}

struct Scene {
    shop: Shop,
    mug: Goods,
    people: Vec<PersonId>,
}

impl Scene {
    async fn redeem(&self, at: &str, who: usize) -> String {
        go(&self.shop, at);
        self.shop.browser_of(self.people[who]).await.redeem(&self.mug, 1, "office:berlin").await
    }

    async fn move_to(&self, desk: &Browser, who: usize, department: &str) {
        let page = desk.get(&urls::hr::person_edit(self.people[who])).await.expect(200).html();
        desk.submit(&page.form("main form").with("department", department)).await.expect(303);
    }

    async fn desk(&self) -> Browser {
        let person = self.shop.id_of("SELECT id FROM people WHERE name = 'hr-all'", []).await;
        self.shop.browser_of(PersonId(person)).await
    }
}

/// Seven people in departments that differ by a letter's size only, and what they did from September to 12 November.
async fn autumn() -> Scene {
    let shop = Shop::open().await;
    let desk = shop.super_admin().await;
    let mut people = Vec::new();
    for name in ["p1", "p2", "p3", "p4", "p5", "p6", "p7"] {
        people.push(shop.person(name).await);
    }
    let mug = shop.product("Mug", 100, 90).await;
    let scene = Scene { shop, mug, people };
    let departments = ["Design", "Design", "design", "Sales", "Sales", "Sales", ""];
    for (who, department) in departments.into_iter().enumerate() {
        scene.move_to(&desk, who, department).await;
    }
    let shop = &scene.shop;
    go(shop, "2026-09-01T08:00:00Z");
    for (who, points) in scene.people.iter().zip(1..) {
        shop.grant(*who, 1_000 + points, None).await;
    }
    // The last second of 10 September, the first of the 11th.
    scene.redeem("2026-09-10T21:59:59Z", 0).await;
    let regretted = scene.redeem("2026-09-10T22:00:00Z", 1).await;
    go(shop, "2026-09-12T08:00:00Z");
    let cancel = format!("/orders/{regretted}/cancellation");
    shop.browser_of(scene.people[1]).await.post(&cancel, &[]).await.expect(303);
    scene.redeem("2026-09-30T21:59:59Z", 2).await;
    scene.redeem("2026-09-30T22:00:00Z", 3).await;
    // 25 October has 25 hours: from 22:00 to 23:00 of the day after.
    scene.redeem("2026-10-24T21:59:59Z", 4).await;
    scene.redeem("2026-10-24T22:00:00Z", 0).await;
    scene.redeem("2026-10-25T22:59:59Z", 3).await;
    scene.redeem("2026-10-25T23:00:00Z", 6).await;
    go(shop, "2026-11-02T08:00:00Z");
    take_back(shop, scene.people[4], 50).await;
    shop.deactivate(scene.people[3]).await;
    scene.redeem("2026-11-12T08:00:00Z", 5).await;
    scene.redeem("2026-11-12T09:00:00Z", 0).await;
    scene
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_span_says_what_its_transfers_say() {
    let scene = autumn().await;
    let (shop, desk) = (&scene.shop, scene.desk().await);
    compare(shop, &desk, "without marks").await;
    shop.job(Job::MakeMarks).await;
    // Every tenth day or so from 1 September on, and the night before.
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM marks WHERE people IS NOT NULL").await, 8);
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM day_marks").await, 73);
    compare(shop, &desk, "with marks").await;

    // Somebody moves to a department that is new, somebody leaves theirs: the marks know them as they were.
    scene.move_to(&desk, 0, "Legal").await;
    scene.move_to(&desk, 4, "").await;
    compare(shop, &desk, "with marks of other people").await;
    let known = "SELECT COUNT(*) FROM marks WHERE versions = (SELECT SUM(version) FROM people)";
    assert_eq!(shop.scalar(known).await, 0);
    shop.job(Job::MarkDepartments).await;
    assert_eq!(shop.scalar(known).await, 8);
    compare(shop, &desk, "with marks of these people").await;

    // Several tasks at once, if no lease keeps them apart, make each mark once.
    scene.move_to(&desk, 1, "Legal").await;
    let db = &shop.app.db;
    let made = futures::join!(departments::run(db), departments::run(db), departments::run(db));
    assert!([made.0, made.1, made.2].iter().all(Result::is_ok));
    let twice = "SELECT COUNT(*) FROM marks m WHERE (SELECT SUM(d.people) FROM department_marks d WHERE d.mark_at = m.at) \
        <> (SELECT COUNT(*) FROM people)";
    assert_eq!((shop.scalar(known).await, shop.scalar(twice).await), (8, 0));
    scene.shop.close().await;
}
