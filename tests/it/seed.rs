//! The demonstration: it is there after one start, keeps every law of the books, and comes once.

use awsomeshop::dev::seed;
use awsomeshop::ledger::accounts;
use awsomeshop::reports::books;
use awsomeshop::types::id::PersonId;
use awsomeshop::types::points::Points;

use crate::support::Shop;

async fn person(shop: &Shop, key: &str) -> PersonId {
    let email = format!("{key}@awsomeshop.example");
    PersonId(shop.id_of("SELECT id FROM people WHERE email = ?", [email.into()]).await)
}

async fn balance(shop: &Shop, key: &str) -> Points {
    let person = person(shop, key).await;
    accounts::spendable(shop.app.db.reads(), shop.now(), person).await.unwrap()
}

#[tokio::test]
async fn an_empty_shop_is_filled_once_and_its_books_are_right() {
    let shop = Shop::open().await;
    assert!(seed::run(&shop.app).await.unwrap());
    let report = books::check(shop.app.db.reads()).await.unwrap();
    assert!(report.is_clean(), "{report:?}");
    let counts = shop.row_counts().await;
    assert_eq!(
        (counts["people"], counts["products"], counts["categories"], counts["pictures"]),
        (13, 44, 8, 44)
    );
    assert!((60..=120).contains(&counts["orders"]), "{}", counts["orders"]);
    // Nobody has signed in yet.
    assert_eq!((counts["person_roles"], counts["sessions"], counts["cart_lines"]), (0, 0, 0));
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM people WHERE issuer IS NOT NULL").await, 0);
    // No mail of the past is sent today.
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM outbox_messages WHERE done_at IS NULL").await, 0);

    let before = shop.contents().await;
    assert!(!seed::run(&shop.app).await.unwrap());
    shop.assert_unchanged(&before, "seeding again").await;
    shop.close().await;
}

#[tokio::test]
async fn the_demonstration_shows_what_a_shop_can_look_like() {
    let shop = Shop::open().await;
    seed::run(&shop.app).await.unwrap();
    let now = shop.now();
    let count = async |sql: &str| shop.scalar(sql).await;
    // Something of everything.
    assert!(count("SELECT COUNT(*) FROM transfers WHERE kind = 'expire'").await > 0);
    assert!(count("SELECT COUNT(*) FROM orders WHERE state IN ('placed', 'preparing')").await > 0);
    assert!(count("SELECT COUNT(*) FROM orders WHERE state = 'cancelled' AND refunded = total").await > 0);
    assert!(
        count("SELECT COUNT(*) FROM orders WHERE state = 'fulfilled' AND delivery_kind = 'address'").await
            > 0
    );
    assert!(
        count("SELECT COUNT(*) FROM orders WHERE state = 'fulfilled' AND delivery_kind = 'office'").await > 0
    );
    assert!(count("SELECT COUNT(*) FROM orders WHERE delivery_kind = 'none'").await > 0);
    assert!(count("SELECT COUNT(*) FROM codes WHERE revealed_at IS NOT NULL").await > 0);
    assert!(count("SELECT COUNT(*) FROM products WHERE stock = 0").await > 0);
    assert!(count("SELECT COUNT(*) FROM products WHERE stock BETWEEN 1 AND low_stock_at").await > 0);
    let soon = [now.into(), now.plus_days(30).into()];
    let lapsing = "SELECT COUNT(*) FROM lots WHERE remaining > 0 AND expires_at > ? AND expires_at < ?";
    assert!(shop.scalar_of(lapsing, soon).await > 0);
    // Nothing is later than now.
    for (table, column) in
        [("orders", "placed_at"), ("transfers", "at"), ("audit_events", "at"), ("order_events", "at")]
    {
        let sql = format!("SELECT COUNT(*) FROM {table} WHERE {column} > ?");
        assert_eq!(shop.scalar_of(&sql, [now.into()]).await, 0, "{table}");
    }
    // Of each account, what was written later happened later.
    let back = "SELECT COUNT(*) FROM transfers a JOIN transfers b ON a.account_id = b.account_id AND a.id < b.id AND a.at > b.at";
    assert_eq!(count(back).await, 0);

    let liam = person(&shop, "liam.goh").await;
    assert_eq!(balance(&shop, "liam.goh").await, Points::ZERO);
    assert_eq!(shop.scalar_of("SELECT COUNT(*) FROM orders WHERE person_id = ?", [liam.into()]).await, 0);
    assert!(balance(&shop, "jonas.weber").await < Points(100));
    assert!(balance(&shop, "ines.carvalho").await > Points(1_500));
    shop.close().await;
}

#[tokio::test]
async fn people_sign_in_wherever_the_identity_provider_has_moved() {
    let shop = Shop::open().await;
    let ann = shop.person("ann").await;
    shop.browser().sign_in("ann").await;
    let issuer = async || {
        shop.scalar_of("SELECT COUNT(*) FROM people WHERE issuer = ?", ["http://127.0.0.1:1".into()]).await
    };
    seed::follow_issuer(&shop.app.db, "http://127.0.0.1:1").await.unwrap();
    assert_eq!(issuer().await, 1);
    // Who never signed in is linked to nobody still.
    let ben = shop.person("ben").await;
    seed::follow_issuer(&shop.app.db, "http://127.0.0.1:1").await.unwrap();
    assert_eq!(
        shop.scalar_of("SELECT COUNT(*) FROM people WHERE id = ? AND issuer IS NULL", [ben.into()]).await,
        1
    );
    assert_ne!(ann, ben);
    shop.close().await;
}
