//! Whoever asks for everything at once, with one session: the others find room beside them.

use std::time::Duration;

use futures::StreamExt;
use futures::stream::FuturesUnordered;

use super::{BROWSING, Readers, SMALL, TOO_MANY, WAITING, is_busy};
use crate::support::Shop;

/// Long enough to be refused, and less than the patience of those who wait.
const A_MOMENT: Duration = Duration::from_millis(100);
/// Three quarters of the room.
const SHARE: usize = WAITING * 3 / 4;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_takes_every_place_there_is_hears_429_and_others_are_served() {
    let shop = Shop::open_with(SMALL).await;
    let (ann, ben) = (shop.person("ann").await, shop.person("ben").await);
    let (greedy, calm) = (shop.browser_of(ann).await, shop.browser_of(ben).await);
    calm.get("/").await.expect(200);
    for path in ["/orders", "/checkout"] {
        let readers = Readers::take(&shop).await;
        let mut asked: FuturesUnordered<_> =
            (0..BROWSING + SHARE + TOO_MANY).map(|_| greedy.get(path)).collect();
        for _ in 0..TOO_MANY {
            is_busy(&asked.next().await.unwrap(), 429, "A little too fast");
        }
        // As many others as there are places left: none is sent away.
        let mut others: FuturesUnordered<_> = (SHARE..WAITING).map(|_| calm.get(path)).collect();
        let refused = tokio::time::timeout(A_MOMENT, others.next()).await;
        assert!(refused.is_err(), "{path}: {refused:?}");
        drop(readers);
        let others: Vec<u16> = others.map(|answer| answer.status()).collect().await;
        let rest: Vec<u16> = asked.map(|answer| answer.status()).collect().await;
        let served = if path == "/orders" { 200 } else { 303 };
        assert_eq!(others, vec![served; WAITING - SHARE], "{path}");
        assert_eq!(rest, vec![served; BROWSING + SHARE], "{path}");
    }
    shop.close().await;
}
