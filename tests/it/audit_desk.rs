//! The audit desk: what is done is found there, and nothing can be done to it.

mod before_after;
mod found;
mod words;

use awsomeshop::audit::{self, Act};
use awsomeshop::types::actor::Actor;
use awsomeshop::types::id::PersonId;
use awsomeshop::types::role::Desk;
use futures::FutureExt;
use sea_orm::FromQueryResult;
use serde_json::{Value, json};

use crate::support::Shop;
use crate::support::browser::Browser;

/// An act as the table has it.
#[derive(Debug, PartialEq, Eq, FromQueryResult)]
struct Row {
    action: String,
    request_id: Option<String>,
    person: Option<String>,
}

async fn rows(shop: &Shop) -> Vec<Row> {
    shop.database()
        .rows(
            "SELECT e.action, e.request_id, p.name AS person FROM audit_events e LEFT JOIN people p ON p.id = e.person_id \
             ORDER BY e.id",
        )
        .await
}

/// Writes an act down as the shop does.
async fn record(
    shop: &Shop,
    actor: Actor,
    action: &'static str,
    subject: (&'static str, &str),
    details: Value,
) {
    let now = shop.now();
    let (kind, id) = (subject.0, subject.1.to_owned());
    let done = shop.app.db.write("test.act", move |tx| {
        let act = Act { action, subject_kind: kind, subject_id: id.clone(), details: details.clone() };
        audit::record(tx, now, actor, act).boxed()
    });
    done.await.unwrap();
}

/// What the list shows: act, who, on what, changes.
async fn list(browser: &Browser, query: &str) -> Vec<[String; 4]> {
    let page = browser.get(&format!("/hr/audit{query}")).await.expect(200).html();
    let [acts, whos, ons, changes] = [
        page.all("#results tbody th"),
        page.all("#results tbody td:nth-child(3)"),
        page.all("#results tbody td:nth-child(4)"),
        page.all("#results tbody td:nth-child(5)"),
    ];
    assert!([&whos, &ons, &changes].iter().all(|column| column.len() == acts.len()));
    let lines = acts.into_iter().zip(whos).zip(ons).zip(changes);
    lines.map(|(((act, who), on), change)| [act, who, on, change]).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_act_says_the_request_it_was_done_in_and_whom_it_is_about() {
    let shop = Shop::open().await;
    let ann = shop.person("ann").await;
    let ora = shop.hr(Desk::Orders).await;
    shop.grant(ann, 1_000, None).await;
    let lamp = shop.product("Desk lamp", 200, 5).await;
    let voucher = shop.digital_product("Voucher", 100, &["AAAA-BBBB-1111"]).await;
    let browser = shop.browser_of(ann).await;
    let before = rows(&shop).await.len();
    let mut expected = Vec::new();
    let mut did = |action: &str, answer: &crate::support::answer::Answer| {
        let request_id = answer.header("x-request-id").map(str::to_owned);
        assert!(request_id.as_ref().is_some_and(|id| id.len() == 32));
        expected.push(Row { action: action.to_owned(), request_id, person: Some("Ann Archer".to_owned()) });
    };

    let confirmed =
        |answer: crate::support::answer::Answer| answer.html().form("form[method=post][action='/checkout']");
    let mut numbers = Vec::new();
    for (goods, delivery) in [(&lamp, "office:berlin"), (&lamp, "office:berlin"), (&voucher, "")] {
        let product = goods.id.to_string();
        browser.post("/cart/lines", &[("product", &product), ("quantity", "1")]).await.expect(303);
        let mut form = confirmed(browser.get("/checkout").await.expect(200));
        if !delivery.is_empty() {
            form = form.with("delivery", delivery);
        }
        let placed = browser.submit(&form).await.expect(303);
        did("order.place", &placed);
        numbers.push(placed.location().trim_start_matches("/orders/").to_owned());
    }
    let [first, second, third] = [&numbers[0], &numbers[1], &numbers[2]];
    did("order.cancel", &browser.post(&format!("/orders/{first}/cancellation"), &[]).await.expect(303));
    did("order.prepare", &ora.post(&format!("/hr/orders/{second}/preparation"), &[]).await.expect(303));
    did(
        "order.fulfil",
        &ora.post(&format!("/hr/orders/{second}/fulfilment"), &[("note", "7")]).await.expect(303),
    );
    let code = shop.id_of("SELECT id FROM codes", []).await;
    did("code.reveal", &browser.post(&format!("/orders/{third}/codes/{code}/reveal"), &[]).await);
    assert_eq!(rows(&shop).await.split_off(before), expected);

    // What was refused is in no trail, and what the shop does by itself names no request.
    browser.post(&format!("/orders/{first}/cancellation"), &[]).await.expect(303);
    ora.post(&format!("/hr/orders/{first}/fulfilment"), &[("note", "7")]).await.expect(409);
    record(&shop, Actor::Shop, "person.note", ("note", "x"), json!({ "person": ann, "amount": 5 })).await;
    let last = rows(&shop).await.split_off(before + expected.len());
    let person = Some("Ann Archer".to_owned());
    assert_eq!(last, [Row { action: "person.note".to_owned(), request_id: None, person }]);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_and_what_became_stand_side_by_side_and_whatever_was_written_is_only_text() {
    let shop = Shop::open().await;
    let (ann, hal) = (shop.person("ann").await, shop.person("hal").await);
    let auditor = shop.hr(Desk::Audit).await;
    let actor = Actor::Person(hal);
    let details = json!({
        "before": { "name": "Lamp", "price": 1200, "terms": null },
        "after": { "name": "<b>Desk</b> lamp", "price": 1350, "terms": "As new" },
        "reason": "=1+1",
    });
    record(&shop, actor, "product.edit", ("product", &ann.to_string()), details).await;
    record(&shop, actor, "never.heard-of", ("moon", "the far side"), json!({ "n": 12345 })).await;
    record(
        &shop,
        actor,
        "person.roles",
        ("person", &ann.to_string()),
        json!({ "before": [], "after": ["audit"] }),
    )
    .await;

    let found = list(&auditor, "?by=Hal+Hart").await;
    let line = |parts: [&str; 4]| parts.map(str::to_owned);
    assert_eq!(
        found,
        [
            line(["Changed what a person may do", "Hal Hart", "Person Ann Archer", "nothing → audit"]),
            line(["never.heard-of", "Hal Hart", "moon the far", "n 12,345"]),
            line([
                found[2][0].as_str(),
                "Hal Hart",
                "Product Lamp",
                "name Lamp → <b>Desk</b> lampprice 1,200 → 1,350terms nothing → As newand 1 more",
            ]),
        ]
    );
    let id = shop.scalar("SELECT id FROM audit_events WHERE action = 'product.edit'").await;
    let page = auditor.get(&format!("/hr/audit/{id}")).await.expect(200).html();
    assert_eq!(
        page.all(".changes-table tbody tr"),
        ["name Lamp <b>Desk</b> lamp", "price 1,200 1,350", "terms nothing As new", "reason =1+1"]
    );
    assert!(page.text_of(".facts").contains("None: it was done in the background"));
    for nobody in ["999999999", "0", "-1", "x", "1.0", "9999999999999999999"] {
        auditor.get(&format!("/hr/audit/{nobody}")).await.expect(404);
    }

    let csv = auditor.get("/hr/audit.csv?by=hal%40example.test&action=product.edit").await.expect(200);
    assert_eq!(csv.header("content-disposition"), Some("attachment; filename=\"audit.csv\""));
    let cells = found::cells(&csv);
    assert_eq!((cells.len(), cells[0][3].as_str(), cells[0][2].as_str()), (1, "product.edit", "Hal Hart"));
    assert!(cells[0][9].contains(r#""reason":"=1+1""#), "{:?}", cells[0]);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_trail_is_read_and_nothing_is_done_to_it() {
    let shop = Shop::open().await;
    let ann: PersonId = shop.person("ann").await;
    record(&shop, Actor::Person(ann), "product.edit", ("product", "x"), json!({ "note": "=cmd()" })).await;
    let auditor = shop.hr(Desk::Audit).await;
    let before = shop.contents().await;
    for path in [
        "/hr/audit",
        "/hr/audit.csv",
        "/hr/audit/1",
        "/hr/audit?q=%25&person=_&by=!&from=x&to=y&page=-1&sort=z",
    ] {
        assert_eq!(auditor.get(path).await.status(), 200, "{path}");
        for method in ["POST", "PUT", "PATCH", "DELETE"] {
            let answer = auditor.ask(method.parse().unwrap(), path).form(&[("action", "x")]).send().await;
            assert_eq!(answer.status(), 405, "{method} {path}");
        }
    }
    shop.assert_unchanged(&before, "reading the trail").await;
    for desk in [Desk::Points, Desk::Products, Desk::Orders, Desk::People, Desk::Reports] {
        let other = shop.hr(desk).await;
        for path in ["/hr/audit", "/hr/audit.csv", "/hr/audit/1"] {
            other.get(path).await.expect(403);
        }
    }
    shop.close().await;
}
