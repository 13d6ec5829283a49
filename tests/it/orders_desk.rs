//! The orders desk: finding orders, several at once, notes, tracking, packing lists.

mod batch;
mod cancelling;
mod handing_over;
mod notes;
mod packing;
mod queue;

use awsomeshop::types::id::PersonId;
use awsomeshop::types::role::Desk;
use awsomeshop::urls;

use crate::support::Shop;
use crate::support::browser::Browser;
use crate::support::html::Html;
use crate::support::setting::Goods;

const OFFICE: &str = "office:berlin";

/// A shop with somebody at the orders desk.
async fn shop_with_desk() -> (Shop, Browser) {
    let shop = Shop::open().await;
    let hr = shop.hr(Desk::Orders).await;
    (shop, hr)
}

/// Whoever is at the orders desk, signed in anew: a session ends when nobody uses it for long.
async fn desk_again(shop: &Shop) -> Browser {
    let sql = "SELECT id FROM people WHERE email = 'hr-orders@example.test'";
    shop.browser_of(PersonId(shop.id_of(sql, []).await)).await
}

/// Somebody with plenty of points, and their browser.
async fn buyer(shop: &Shop, key: &str) -> (PersonId, Browser) {
    let person = shop.person(key).await;
    shop.grant(person, 10_000, None).await;
    (person, shop.browser_of(person).await)
}

/// So many orders of one piece each, a second apart.
async fn orders(shop: &Shop, browser: &Browser, goods: &Goods, count: usize) -> Vec<String> {
    let mut numbers = Vec::new();
    for _ in 0..count {
        numbers.push(browser.redeem(goods, 1, OFFICE).await);
        shop.advance(1);
    }
    numbers
}

/// So many cancelled orders beside this one, from ZZZZ-0000 on. Nobody ever placed them: they are no part of the books.
async fn copies(shop: &Shop, number: &str, count: u128) {
    let copy = "INSERT INTO orders (id, number, person_id, checkout_key, state, expected_total, total, refunded, \
                delivery_kind, delivery_to, version, placed_at) SELECT ?, ?, person_id, ?, 'cancelled', 1, 0, 0, \
                delivery_kind, delivery_to, 1, placed_at FROM orders WHERE number = ?";
    for n in 0..count {
        let (id, copied) = (uuid::Uuid::from_u128(n), format!("ZZZZ-{n:04}"));
        shop.sql(copy, [id.into(), copied.into(), id.into(), number.into()]).await;
    }
}

/// The numbers in a list, in its order.
fn numbers(page: &Html) -> Vec<String> {
    page.all("#orders tbody th a")
}

async fn state(shop: &Shop, number: &str, state: &str) -> bool {
    let sql = "SELECT COUNT(*) FROM orders WHERE number = ? AND state = ?";
    shop.scalar_of(sql, [number.into(), state.into()]).await == 1
}

async fn show(hr: &Browser, number: &str) -> Html {
    hr.get(&urls::hr::order(number)).await.expect(200).html()
}
