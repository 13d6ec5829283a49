//! A little of everything that the laws speak about, by the shop's own doors, and the same tables without constraints.

use awsomeshop::catalog::stock::{self, Adjustment, By};
use awsomeshop::codes::withdraw;
use awsomeshop::ledger::{accounts, deduct};
use awsomeshop::server::jobs::Job;
use awsomeshop::types::actor::Actor;
use awsomeshop::types::form_key::FormKey;
use awsomeshop::types::id::{CodeId, PersonId, ProductId};
use awsomeshop::types::points::Points;
use awsomeshop::types::role::{Desk, Role};
use awsomeshop::types::stock_reason::StockReason;
use awsomeshop::urls;
use futures::FutureExt;
use sea_orm::ConnectionTrait;

use crate::grant_runs::stage;
use crate::support::Shop;
use crate::support::browser::Browser;

const OFFICE: &str = "office:berlin";
const SAVED: &str = "_saved";
const LOOSE: &str = "_loose";

/// Ann is given points that lapse, are deducted and taken back; she orders goods and codes, cancels one order early and
/// HR another when its lot has lapsed; one is handed over, one prepared and noted upon. A piece breaks, a code is withdrawn,
/// and a rule has not given anything yet.
pub async fn a_bit_of_everything(shop: &Shop) {
    let ann = shop.person("ann").await;
    shop.person("ben").await;
    let hal = shop.person("hal").await;
    shop.role(hal, Role::Desk(Desk::Orders)).await;
    shop.grant(ann, 30, Some(shop.now().plus_seconds(60))).await;
    shop.grant(ann, 200, Some(shop.now().plus_days(10))).await;
    shop.grant(ann, 500, None).await;
    shop.grant(ann, 700, None).await;
    shop.grant(ann, 40, None).await;
    a_run(shop).await;
    shop.advance(120);
    shop.job(Job::ExpirePoints).await;
    let lamp = shop.product("Desk lamp", 100, 9).await;
    let voucher = shop.digital_product("Book voucher", 50, &["AAAA-1111", "BBBB-2222", "CCCC-3333"]).await;
    let late = shop.browser_of(ann).await.redeem(&lamp, 2, OFFICE).await;
    shop.advance(11 * 86_400);
    let (browser, desk) = (shop.browser_of(ann).await, shop.browser_of(hal).await);
    cancel_a_piece(&desk, &late).await;
    let early = browser.redeem(&lamp, 1, OFFICE).await;
    browser.post(&urls::order_cancellation(&early), &[]).await.expect(303);
    let codes = browser.redeem(&voucher, 1, "").await;
    let reveal = browser.get(&urls::order(&codes)).await.expect(200).html().form("#codes form");
    browser.submit(&reveal).await.expect(200);
    let fulfilled = browser.redeem(&lamp, 1, OFFICE).await;
    desk.post(&urls::hr::order_fulfilment(&fulfilled), &[("note", "")]).await.expect(303);
    let prepared = browser.redeem(&lamp, 1, OFFICE).await;
    desk.post(&urls::hr::order_preparation(&prepared), &[]).await.expect(303);
    let notes = urls::hr::order_notes(&prepared);
    desk.post(&notes, &[("words", "So")]).await.expect(303);
    desk.post(&notes, &[("words", "So"), ("public", "true")]).await.expect(303);
    take_back(shop, ann).await;
    let desk = shop.super_admin().await;
    let page = desk.get(&urls::hr::new_deduction_for(ann)).await.expect(200).html();
    let form = page.form("#by-hand").with("amount", "5").with("reason", "mistake").with("note", "So");
    desk.submit(&form.with("step", "do")).await.expect(303);
    put_aside(shop, lamp.id, voucher.id).await;
    shop.monthly_rule(1, 250, "2027-01-01").await;
}

/// Three of a crowd are given 9 points by a run, and one of them 8 more that are taken back; one has left meanwhile, and is
/// the bad row of a draft.
async fn a_run(shop: &Shop) {
    let ids = stage::crowd(shop, 4).await;
    let hr = shop.hr(Desk::Points).await;
    let run = stage::draft(&hr, &stage::sheet(4, 9)).await;
    shop.deactivate(ids[3]).await;
    stage::commit(&hr, &run, &[]).await.expect(303);
    shop.job(Job::WorkGrantRuns).await;
    let again = stage::granted(shop, &hr, "number,amount\nE-1,8\n").await;
    let page = hr.get(&format!("{again}/reversal")).await.expect(200).html();
    let form = page.form("form[action$='/reversal']").with("reason", "So");
    hr.submit(&form).await.expect(303);
    shop.job(Job::WorkGrantRuns).await;
    stage::draft(&hr, &stage::sheet(4, 7)).await;
}

async fn cancel_a_piece(desk: &Browser, number: &str) {
    let page = desk.get(&urls::hr::order(number)).await.expect(200).html();
    let form = page.form(&format!("form[action='{}']", urls::hr::order_cancellation(number)));
    let line = page.attribute("form input[type=number]", "name").expect("a line to cancel");
    desk.submit(&form.with("reason", "Broken").with(&line, "1")).await.expect(303);
}

async fn take_back(shop: &Shop, person_id: PersonId) {
    let now = shop.now();
    let grant = shop.scalar("SELECT id FROM transfers WHERE kind = 'grant' AND amount = 40").await;
    let done = shop.app.db.write("test.take_back", move |tx| {
        async move {
            let mut account = accounts::lock_account(tx, person_id).await?;
            deduct::reverse(tx, now, &mut account, grant, Actor::Shop, "So".to_owned()).await?;
            deduct::deduct(tx, now, &mut account, Points(20), Actor::Shop, "So".to_owned()).await
        }
        .boxed()
    });
    done.await.unwrap();
}

async fn put_aside(shop: &Shop, lamp: ProductId, voucher: ProductId) {
    let now = shop.now();
    let free = "SELECT id FROM codes WHERE product_id = ? AND order_line_id IS NULL ORDER BY id LIMIT 1";
    let code = CodeId(shop.id_of(free, [voucher.into()]).await);
    let done = shop.app.db.write("test.put_aside", move |tx| {
        async move {
            let by = By::Pieces(StockReason::Damaged, -1);
            let broken = Adjustment { key: FormKey::mint(), by, note: "So".to_owned() };
            stock::adjust(tx, now, Actor::Shop, lamp, &broken).await?;
            withdraw::withdraw(tx, now, Actor::Shop, voucher, code, "So").await
        }
        .boxed()
    });
    done.await.unwrap();
}

/// Copies every table without any constraint into its own place, and keeps another copy aside.
pub async fn loosen(shop: &Shop) {
    let database = shop.database();
    let run = async |sql: String| {
        let done = database.connection().execute_unprepared(&sql).await;
        done.unwrap_or_else(|error| panic!("{sql}: {error}"));
    };
    let unchecked =
        if database.is_sqlite() { "PRAGMA foreign_keys = OFF" } else { "SET FOREIGN_KEY_CHECKS = 0" };
    run(unchecked.to_owned()).await;
    let tables = database.tables().await;
    for table in &tables {
        run(format!("CREATE TABLE {table}{SAVED} AS SELECT * FROM {table}")).await;
        run(format!("CREATE TABLE {table}{LOOSE} AS SELECT * FROM {table}")).await;
    }
    for table in &tables {
        run(format!("DROP TABLE {table}")).await;
    }
    for table in &tables {
        run(format!("ALTER TABLE {table}{LOOSE} RENAME TO {table}")).await;
    }
}

/// Makes the table that `tampering` touched what it was.
pub async fn restore(shop: &Shop, tampering: &str) {
    let words: Vec<&str> = tampering.split_whitespace().collect();
    let table = if words[0] == "UPDATE" { words[1] } else { words[2] };
    shop.sql(&format!("DELETE FROM {table}"), []).await;
    shop.sql(&format!("INSERT INTO {table} SELECT * FROM {table}{SAVED}"), []).await;
}
