//! The second walls of the books: what cannot be as long as everybody keeps to the locks is looked for all the same, and
//! ends the whole transaction when it is there.

use std::fmt::Debug;

use awsomeshop::error::{Error, Result};
use awsomeshop::ledger::accounts::LockedAccount;
use awsomeshop::ledger::credit::{self, Credit};
use awsomeshop::orders::cancel::{Request, Wanted, by_hr};
use awsomeshop::types::actor::Actor;
use awsomeshop::types::id::AccountId;
use awsomeshop::types::points::Points;
use futures::FutureExt;

use crate::support::Shop;

/// The account of somebody who has ten points.
async fn ten_points(shop: &Shop, key: &str) -> AccountId {
    let person = shop.person(key).await;
    shop.grant(person, 10, None).await;
    AccountId(shop.id_of("SELECT id FROM accounts WHERE person_id = ?", [person.into()]).await)
}

fn five() -> Credit {
    Credit { amount: Points(5), expires_at: None, actor: Actor::Shop, reason: "Thank you".to_owned() }
}

/// It ended as a broken promise that says this.
#[track_caller]
fn assert_broken<T: Debug>(done: &Result<T>, said: &str) {
    let is_so = matches!(done, Err(Error::Internal(promise)) if promise.to_string().contains(said));
    assert!(is_so, "{said}: {done:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_account_that_is_not_as_it_was_locked_is_given_nothing() {
    let shop = Shop::open().await;
    let (ann, ben) = (ten_points(&shop, "ann").await, ten_points(&shop, "ben").await);
    let now = shop.now();
    let before = shop.contents().await;
    for balance in [0, 9, 11] {
        let alone = shop.app.db.write("test.credit", move |tx| {
            async move {
                let mut account = LockedAccount { id: ann, balance: Points(balance) };
                credit::credit(tx, now, &mut account, five()).await
            }
            .boxed()
        });
        assert_broken(&alone.await, "changed under its lock");
        // One who is as they should be gets nothing beside one who is not.
        let beside = shop.app.db.write("test.credit", move |tx| {
            let right = LockedAccount { id: ben, balance: Points(10) };
            let wrong = LockedAccount { id: ann, balance: Points(balance) };
            credit::credit_many(tx, now, vec![(right, five()), (wrong, five())]).boxed()
        });
        assert_broken(&beside.await, "one of 2 accounts changed under its lock");
        shop.assert_unchanged(&before, "points for an account that is another by now").await;
    }
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_comes_back_that_the_rows_say_never_went() {
    let shop = Shop::open().await;
    let ann = shop.person("ann").await;
    shop.grant(ann, 500, None).await;
    let lamp = shop.product("Desk lamp", 100, 5).await;
    let number = shop.browser_of(ann).await.redeem(&lamp, 2, "office:berlin").await;
    let (now, policy) = (shop.now(), shop.app.config.cancelling);
    let version = shop.scalar("SELECT version FROM orders").await;
    let request = Request { number, version, wanted: Wanted::Whole, reason: "Broken".to_owned() };
    let cancelled = async || {
        let request = request.clone();
        let cancelling = shop.app.db.write("test.cancel", move |tx| {
            let request = request.clone();
            async move { by_hr(tx, now, Actor::Shop, &request, &policy).await }.boxed()
        });
        cancelling.await
    };
    for (tampering, said, undoing) in [
        ("UPDATE lots SET remaining = granted", "would overflow", "UPDATE lots SET remaining = 300"),
        ("UPDATE products SET redeemed = 0", "were never redeemed", "UPDATE products SET redeemed = 2"),
        ("UPDATE orders SET refunded = total", "changed under its lock", "UPDATE orders SET refunded = 0"),
    ] {
        assert_eq!(shop.sql(tampering, []).await, 1, "{tampering}");
        let before = shop.contents().await;
        assert_broken(&cancelled().await, said);
        shop.assert_unchanged(&before, "what ended as a broken promise").await;
        assert_eq!(shop.sql(undoing, []).await, 1, "{undoing}");
    }
    cancelled().await.unwrap();
    assert_eq!(shop.scalar("SELECT balance FROM accounts WHERE person_id IS NOT NULL").await, 500);
    shop.close().await;
}
