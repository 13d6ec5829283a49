//! A lease is given back by whoever holds it, and by nobody else.

use awsomeshop::platform::lease;
use tokio::sync::Notify;

use crate::support::Shop;

const NAME: &str = "test";

/// The first was so slow that its lease has run out; the second is at the same job when the first comes to its end.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_ends_late_does_not_give_back_what_another_holds_by_now() {
    let shop = Shop::open().await;
    let (db, now) = (&shop.app.db, shop.now());
    let (first_is_at_it, first_may_end, first_is_over) = (Notify::new(), Notify::new(), Notify::new());

    let first = async {
        let work = async {
            first_is_at_it.notify_one();
            first_may_end.notified().await;
            Ok(1)
        };
        let done = lease::alone(db, now, NAME, work).await;
        first_is_over.notify_one();
        done
    };
    let second = async {
        first_is_at_it.notified().await;
        let work = async {
            first_may_end.notify_one();
            first_is_over.notified().await;
            let third = lease::alone(db, now.plus_seconds(32), NAME, async { Ok(3) }).await;
            assert_eq!(third.unwrap(), None, "the second is at it");
            Ok(2)
        };
        let done = Box::pin(lease::alone(db, now.plus_seconds(31), NAME, work)).await;
        // Were the second not let in, the first would wait for ever.
        first_may_end.notify_one();
        done
    };
    let (first, second) = futures::join!(first, second);

    assert_eq!((first.unwrap(), second.unwrap()), (Some(1), Some(2)));
    // The second has given back its own.
    let fourth = lease::alone(db, now.plus_seconds(33), NAME, async { Ok(4) }).await;
    assert_eq!(fourth.unwrap(), Some(4));
    shop.close().await;
}
