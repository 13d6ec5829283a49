//! What is written down of an act says what was and what became of it, and the trail leads to what it was done on.

use awsomeshop::orders::batch::Act;
use awsomeshop::server::jobs::Job;
use awsomeshop::types::id::CodeId;
use awsomeshop::types::role::Desk;
use awsomeshop::urls;
use sea_orm::FromQueryResult;
use serde_json::{Value, json};

use super::list;
use crate::grant_runs::stage::{colleague, commit, draft};
use crate::support::Shop;

const OFFICE: &str = "office:berlin";

/// What was written down of the acts of this name, oldest first.
async fn told(shop: &Shop, action: &str) -> Vec<Value> {
    #[derive(FromQueryResult)]
    struct Written {
        details: Value,
    }
    let sql = format!("SELECT details FROM audit_events WHERE action = '{action}' ORDER BY id");
    let rows: Vec<Written> = shop.database().rows(&sql).await;
    rows.into_iter().map(|row| row.details).collect()
}

/// The note of each of them, and what was before and after.
async fn sides(shop: &Shop, action: &str) -> Vec<[Value; 3]> {
    let each = told(shop, action).await;
    each.into_iter().map(|it| ["note", "before", "after"].map(|name| it[name].clone())).collect()
}

fn state(name: &str) -> Value {
    json!({ "state": name })
}

fn balance(points: i64) -> Value {
    json!({ "balance": points })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn steps_of_an_order_say_its_state_before_and_after_and_a_cancellation_the_balance() {
    let shop = Shop::open().await;
    let ann = shop.person("ann").await;
    let ora = shop.hr(Desk::Orders).await;
    shop.grant(ann, 1_000, None).await;
    let lamp = shop.product("Desk lamp", 200, 9).await;
    let browser = shop.browser_of(ann).await;
    let begun = browser.redeem(&lamp, 1, OFFICE).await;
    let at_once = browser.redeem(&lamp, 1, OFFICE).await;
    let regretted = browser.redeem(&lamp, 2, OFFICE).await;

    ora.post(&urls::hr::order_preparation(&begun), &[]).await.expect(303);
    for number in [&begun, &at_once] {
        ora.post(&urls::hr::order_fulfilment(number), &[("note", "7")]).await.expect(303);
    }
    browser.post(&urls::order_cancellation(&regretted), &[]).await.expect(303);

    assert_eq!(sides(&shop, "order.prepare").await, [[Value::Null, state("placed"), state("preparing")]]);
    assert_eq!(
        sides(&shop, "order.fulfil").await,
        [
            [json!("7"), state("preparing"), state("fulfilled")],
            [json!("7"), state("placed"), state("fulfilled")]
        ]
    );
    assert_eq!(
        sides(&shop, "order.cancel").await,
        [[
            Value::Null,
            json!({ "state": "placed", "balance": 200 }),
            json!({ "state": "cancelled", "balance": 600 })
        ]]
    );
    let auditor = shop.hr(Desk::Audit).await;
    let changes = |rows: Vec<[String; 4]>| rows.into_iter().map(|[.., changes]| changes).collect::<Vec<_>>();
    let prepared = changes(list(&auditor, "?action=order.prepare").await);
    assert_eq!(prepared, ["state placed → preparing"]);
    let cancelled = changes(list(&auditor, "?action=order.cancel").await);
    assert!(cancelled[0].starts_with("balance 200 → 600state placed → cancelled"), "{cancelled:?}");
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn points_given_and_taken_say_the_note_and_the_balance_before_and_after() {
    let shop = Shop::open().await;
    let ann = shop.person("ann").await;
    shop.grant(ann, 100, None).await;
    let desk = shop.hr(Desk::Points).await;
    for (address, amount, reason, note) in [
        (urls::hr::new_grant_for(ann), "250", "idea", "For the sign"),
        (urls::hr::new_deduction_for(ann), "50", "mistake", "Not meant"),
    ] {
        let form = desk.get(&address).await.expect(200).html().form("#by-hand");
        let form = form.with("amount", amount).with("reason", reason).with("note", note);
        desk.submit(&form.with("step", "do")).await.expect(303);
    }
    let run = draft(&desk, "number,amount,note\nE-ann,70,\n").await;
    commit(&desk, &run, &[]).await.expect(303);
    shop.job(Job::WorkGrantRuns).await;

    assert_eq!(
        sides(&shop, "points.grant").await,
        [
            [json!("Thank you"), balance(0), balance(100)],
            [json!("For the sign"), balance(100), balance(350)],
            [json!("For the good year"), balance(300), balance(370)]
        ]
    );
    let taken = sides(&shop, "points.deduct").await;
    assert_eq!(taken, [[json!("Not meant"), balance(350), balance(300)]]);
    let auditor = shop.hr(Desk::Audit).await;
    let found = list(&auditor, "?action=points.deduct").await;
    assert_eq!(found[0][3], "balance 350 → 300amount 50note Not meantand 1 more");
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rule_says_when_it_waits_and_who_let_it_begin_changed_nothing_else() {
    let shop = Shop::open_with(&[("SHOP_APPROVAL_ABOVE", "250")]).await;
    let (_, hal) = colleague(&shop, "hal").await;
    let (_, pia) = colleague(&shop, "pia").await;
    let form = hal.get(&urls::hr::new_rule("monthly")).await.expect(200).html().form("form.panel");
    let form = form.with("day_of_month", "15").with("note", "Your points");
    let made = hal.submit(&form.with("amount", "200").with("starts_on", "2026-06-01")).await.expect(303);
    let rule = made.location().to_owned();
    let approval = pia.get(&rule).await.expect(200).html().form("form[action$='/approval']");
    pia.submit(&approval).await.expect(303);
    let form = hal.get(&format!("{rule}/edit")).await.expect(200).html().form("form.panel");
    hal.submit(&form.with("amount", "300")).await.expect(303);

    assert_eq!(told(&shop, "rule.create").await[0]["after"]["is_waiting"], json!(true));
    let approved =
        json!({ "amount": 200, "before": { "is_waiting": true }, "after": { "is_waiting": false } });
    assert_eq!(told(&shop, "rule.approve").await, [approved]);
    let auditor = shop.hr(Desk::Audit).await;
    let approved = list(&auditor, "?action=rule.approve").await;
    assert_eq!(approved[0][3], "is waiting true → falseamount 200");
    let changed = list(&auditor, "?action=rule.change").await;
    assert_eq!(changed[0][3], "amount 200 → 300is waiting false → true");
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_code_that_is_withdrawn_was_free_before() {
    let shop = Shop::open().await;
    let voucher = shop.digital_product("Voucher", 100, &["AAAA-BBBB-1111"]).await;
    let code = CodeId(shop.id_of("SELECT id FROM codes", []).await);
    let desk = shop.hr(Desk::Products).await;
    let withdrawal = urls::hr::code_withdrawal(voucher.id, code);
    desk.post(&withdrawal, &[("reason", "In a newspaper")]).await.expect(303);
    let expected = json!({
        "code": code, "reason": "In a newspaper", "before": state("free"), "after": state("withdrawn"),
    });
    assert_eq!(told(&shop, "code.withdraw").await, [expected]);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn orders_handled_at_once_sheets_of_people_and_categories_are_a_click_away() {
    let shop = Shop::open().await;
    let (ann, ora) = (shop.person("ann").await, shop.person("ora").await);
    let everywhere = shop.super_admin().await;
    shop.grant(ann, 500, None).await;
    let lamp = shop.product("Desk lamp", 200, 5).await;
    let number = shop.browser_of(ann).await.redeem(&lamp, 1, OFFICE).await;
    let batch = shop.batch(ora, Act::Prepare, &[&number]).await;
    let sheet = shop.sheet_of_people(ora, "number,name,email\nE-new,Nora New,nora@example.test\n").await;
    everywhere.post(&urls::hr::import_entry(sheet), &[]).await.expect(303);
    shop.category("Empty").await;

    let auditor = shop.hr(Desk::Audit).await;
    for (action, href) in [
        ("order.batch", urls::hr::order_batch(batch)),
        ("people.import", urls::hr::import(sheet)),
        ("category.create", urls::hr::categories()),
    ] {
        let trail = format!("/hr/audit?action={action}");
        let subject = "#results tbody td:nth-child(4) a";
        let page = everywhere.get(&trail).await.expect(200).html();
        assert_eq!(page.attributes(subject, "href"), [href.as_str()], "{action}");
        everywhere.get(&href).await.expect(200);
        let page = auditor.get(&trail).await.expect(200).html();
        assert_eq!((page.count("#results tbody tr"), page.has(subject)), (1, false), "another desk's");
    }
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_gone_is_called_as_it_was_and_leads_nowhere() {
    let shop = Shop::open().await;
    let light = shop.category("Light").await;
    let everywhere = shop.super_admin().await;
    let form = everywhere.get(&urls::hr::new_product()).await.expect(200).html().form("form.form[data-once]");
    let form = form.with("name", "Desk lamp").with("description", "It shines.").with("price", "300");
    let lamp = everywhere.submit(&form).await.expect(303).location().to_owned();
    let links = async |action: &str| {
        let page = everywhere.get(&format!("/hr/audit?action={action}")).await.expect(200).html();
        let subject = "#results tbody td:nth-child(4)";
        (page.all(subject), page.attributes(&format!("{subject} a"), "href"))
    };
    let named = |name: &str| vec![name.to_owned()];
    assert_eq!(links("product.create").await, (named("Product Desk lamp"), named(&lamp)));

    everywhere.post(&format!("{lamp}/removal"), &[]).await.expect(303);
    everywhere.post(&urls::hr::category_removal(light), &[]).await.expect(303);
    let nowhere: Vec<String> = vec![];
    assert_eq!(links("product.remove").await, (named("Product Desk lamp"), nowhere.clone()));
    assert_eq!(links("category.remove").await, (named("Category Light"), nowhere.clone()));
    assert_eq!(links("product.create").await.1, nowhere, "the trail leads to what is there");
    shop.close().await;
}
