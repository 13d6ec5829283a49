//! Connections to the database that go silent, as in a failover: nothing comes back on them and nothing says so, while new
//! ones work. Without the limits of `platform/db/patience.rs` every connection would wait there for ever.
//! A file has no connections, so on SQLite there is nothing to try.

use std::sync::Arc;

use awsomeshop::error::Error;
use awsomeshop::ledger::accounts;
use futures::FutureExt;
use futures::future::join_all;

use crate::faults::proxy::Proxy;
use crate::support::answer::Answer;
use crate::support::browser::Browser;
use crate::support::html::Form;
use crate::support::{Shop, database};

const CONFIRM_FORM: &str = "form[method=post][action='/checkout']";
/// As many as have connections to write on, and to read on.
const BUYERS: usize = 12;
/// On a busy machine a connection may not be made in time, but not in every one of so many rounds.
const MOST_ROUNDS: usize = 6;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn when_every_connection_goes_silent_the_next_request_finds_new_ones() {
    if !database::asks_for_mysql() {
        return;
    }
    let proxy = Proxy::before(&database::server()).await;
    let shop = Shop::open_behind(&[], |url| proxy.on_the_way_to(url)).await;
    let lamp = shop.product("Desk lamp", 10, 100).await;
    let mut waiting = Vec::new();
    for index in 0..BUYERS {
        let person = shop.person(&format!("buyer{index}")).await;
        shop.grant(person, 10, None).await;
        let browser = shop.browser_of(person).await;
        browser.post("/cart/lines", &[("product", lamp.id.to_string().as_str())]).await.expect(303);
        let form = browser.get("/checkout").await.expect(200).html().form(CONFIRM_FORM);
        waiting.push((browser, form.with("delivery", "office:berlin")));
    }
    // The first time somebody has to wait in vain to find out.
    let statuses = confirmed_in_silence(&proxy, &waiting).await;
    assert!(statuses.contains(&503), "{statuses:?}");
    everybody_has_their_order(&waiting).await;

    // From then on every connection is suspected, and replaced before it is used: in time, where the machine is not busy.
    let mut told = Vec::new();
    while !told.last().is_some_and(|statuses: &Vec<u16>| statuses.iter().all(|status| *status == 303)) {
        assert!(told.len() < MOST_ROUNDS, "somebody always waits in vain: {told:?}");
        told.push(confirmed_in_silence(&proxy, &waiting).await);
    }
    everybody_has_their_order(&waiting).await;
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM orders").await, i64::try_from(BUYERS).unwrap());
    assert_eq!(shop.scalar("SELECT stock FROM products").await, 100 - i64::try_from(BUYERS).unwrap());
    shop.close().await;
}

/// All connections are busy, and then silent; what each is told who confirms then, and asks once.
async fn confirmed_in_silence(proxy: &Proxy, waiting: &[(Browser, Form)]) -> Vec<u16> {
    join_all(waiting.iter().map(|(browser, _)| browser.get("/"))).await;
    proxy.silence();
    let once = waiting.iter().map(|(browser, form)| async { browser.clone().impatient().submit(form).await });
    let statuses: Vec<u16> = join_all(once).await.iter().map(Answer::status).collect();
    assert!(statuses.iter().all(|status| [303, 503].contains(status)), "{statuses:?}");
    statuses
}

async fn everybody_has_their_order(waiting: &[(Browser, Form)]) {
    let answers = join_all(waiting.iter().map(|(browser, form)| browser.submit(form))).await;
    let statuses: Vec<u16> = answers.iter().map(Answer::status).collect();
    assert_eq!(statuses, [303; BUYERS]);
}

/// The server does not know that nobody listens to a session any more, and keeps its locks for it. Meanwhile others are at
/// statements with an id in them, which is no text in any language.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_silent_transaction_held_is_free_again() {
    if !database::asks_for_mysql() {
        return;
    }
    let proxy = Arc::new(Proxy::before(&database::server()).await);
    let shop = Shop::open_behind(&[], |url| proxy.on_the_way_to(url)).await;
    let person = shop.person("ann").await;
    let line = Arc::clone(&proxy);
    let held = shop.app.db.write("test.hold", move |tx| {
        let line = Arc::clone(&line);
        async move {
            accounts::lock_account(tx, person).await?;
            line.silence();
            accounts::lock_account(tx, person).await
        }
        .boxed()
    });
    let nobody = [0xFF_u8; 16].as_slice();
    let neighbour = shop.sql("SELECT SLEEP(12) FROM people WHERE id <> ?", [nobody.into()]);
    let freed = async {
        assert!(matches!(held.await, Err(Error::Unavailable("database"))));
        shop.grant(person, 10, None).await;
    };
    futures::join!(neighbour, freed);
    assert_eq!(shop.scalar("SELECT balance FROM accounts WHERE person_id IS NOT NULL").await, 10);
    shop.close().await;
}
