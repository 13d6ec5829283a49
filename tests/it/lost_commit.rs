//! The database has committed an order, and the connection ends before it says so. Nobody knows then, and the key of the
//! form does: the shop itself looks the order up, and whoever confirmed it hears of it at once.
//! A file has no connections, so on SQLite there is nothing to try.

use uuid::Uuid;

use crate::faults::proxy::Proxy;
use crate::support::{Shop, database};

const CONFIRM_FORM: &str = "form[method=post][action='/checkout']";
const ROUNDS: i64 = 10;
const PRICE: i64 = 7;
/// The order of one form.
const PLACED: &str = "SELECT COUNT(*) FROM orders WHERE number = ? AND checkout_key = ?";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_confirms_hears_of_their_order_although_nobody_heard_its_commit() {
    if !database::asks_for_mysql() {
        return;
    }
    let proxy = Proxy::before(&database::server()).await;
    let shop = Shop::open_behind(&[], |url| proxy.reading_along_to(url)).await;
    let lamp = shop.product("Desk lamp", PRICE, 100).await;
    let ann = shop.person("ann").await;
    shop.grant(ann, 1_000, None).await;
    let browser = shop.browser_of(ann).await;
    let asks_once = browser.clone().impatient();
    let product = lamp.id.to_string();
    for round in 1..=ROUNDS {
        browser.post("/cart/lines", &[("product", product.as_str())]).await.expect(303);
        let form = browser.get("/checkout").await.expect(200).html().form(CONFIRM_FORM);
        let form = form.with("delivery", "office:berlin");
        // The order is all that is written from here on.
        proxy.swallow_answers_to_commits(1);
        let placed = asks_once.submit(&form).await.expect(303);

        assert_eq!(proxy.answers_to_swallow(), 0, "{round}: the commit was heard");
        let number = placed.location().strip_prefix("/orders/").unwrap();
        let key: Uuid = form.value("key").parse().unwrap();
        assert_eq!(shop.scalar_of(PLACED, [number.into(), key.into()]).await, 1, "{round}: another order");
        assert_eq!(shop.scalar("SELECT COUNT(*) FROM orders").await, round);
    }
    let left = 1_000 - PRICE * ROUNDS;
    assert_eq!(shop.scalar_of("SELECT balance FROM accounts WHERE person_id = ?", [ann.into()]).await, left);
    assert_eq!(shop.scalar("SELECT stock FROM products").await, 100 - ROUNDS);
    shop.close().await;
}
