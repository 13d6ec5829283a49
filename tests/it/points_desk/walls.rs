//! What the form refuses the books refuse as well, by whichever road it comes.

use awsomeshop::error::{Error, Refusal};
use awsomeshop::grants::single::{self, Ends, Grant};
use awsomeshop::types::actor::Actor;
use awsomeshop::types::points::Points;
use futures::FutureExt;

use crate::support::Shop;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_gives_to_themselves_or_to_who_has_left() {
    let shop = Shop::open().await;
    let (hal, ann) = (shop.person("hal").await, shop.person("ann").await);
    shop.deactivate(ann).await;
    let now = shop.now();
    for (person_id, refusal) in [(hal, Refusal::GrantToSelf), (ann, Refusal::ReceiverInactive)] {
        let given = shop.app.db.write("test.give", move |tx| {
            let (reason, note) = ("thank-you", "For nothing".to_owned());
            let grant = Grant { person_id, amount: Points(5), reason, note, ends: Ends::At(None) };
            single::give(tx, now, Actor::Person(hal), grant).boxed()
        });
        let answer = given.await;
        assert!(matches!(&answer, Err(Error::Refused(refused)) if *refused == refusal), "{answer:?}");
    }
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM grants").await, 0);
    shop.close().await;
}
