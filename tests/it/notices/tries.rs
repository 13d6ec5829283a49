//! How often a message is tried, when, and whose word about it counts.

use awsomeshop::outbox::{self, Message};
use awsomeshop::server::jobs::Job;
use futures::FutureExt;

use super::letter::Letter;
use super::{DONE, mailbox, shop_with_an_order};
use crate::support::{Folder, Shop};

/// How long whoever claims a message has.
const CLAIM_S: i64 = 60;
/// How long nothing is tried while nobody takes mail.
const OUTAGE_S: i64 = 30;
const TRIES: &str = "SELECT attempts FROM outbox_messages";

/// A shop with one message that is still to be delivered.
async fn shop_with_a_message() -> Shop {
    let shop = Shop::open().await;
    let ann = shop.person("ann").await;
    shop.grant(ann, 500, None).await;
    let voucher = shop.digital_product("Book voucher", 50, &["AAAA-1111"]).await;
    shop.browser_of(ann).await.redeem(&voucher, 1, "").await;
    shop
}

/// The messages that are due, claimed as a worker does.
async fn claim(shop: &Shop) -> Vec<Message> {
    let now = shop.now();
    let claimed = shop.app.db.write("test.claim", move |tx| outbox::claim(tx, now).boxed());
    claimed.await.unwrap()
}

async fn put_off(shop: &Shop, message: &Message) {
    let (now, message) = (shop.now(), message.clone());
    let told = shop.app.db.write("test.put_off", move |tx| {
        outbox::put_off(tx, now, message.clone(), "it was refused".to_owned()).boxed()
    });
    told.await.unwrap();
}

async fn wait_out(shop: &Shop, message: &Message) {
    let (now, message) = (shop.now(), message.clone());
    let told = shop.app.db.write("test.wait_out", move |tx| {
        outbox::wait_out(tx, now, message.clone(), "nobody is there".to_owned()).boxed()
    });
    told.await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_refused_is_not_tried_again_before_a_pause_that_doubles() {
    let folder = Folder::new();
    let mailbox = mailbox(&folder);
    let (shop, _) = shop_with_an_order(&mailbox.url()).await;
    // A mailbox without a shelf answers 452.
    std::fs::remove_dir_all(&folder.0).unwrap();
    shop.job(Job::DeliverOutbox).await;
    for (tries, pause_s) in (1_i64..).zip([5, 10, 20, 40, 80, 160, 320]) {
        shop.advance(pause_s - 1);
        shop.job(Job::DeliverOutbox).await;
        assert_eq!(shop.scalar(TRIES).await, tries, "a second before {pause_s} are over");
        if tries == 7 {
            std::fs::create_dir_all(&folder.0).unwrap();
        }
        shop.advance(1);
        shop.job(Job::DeliverOutbox).await;
        assert_eq!(shop.scalar(TRIES).await, tries + 1, "{pause_s} seconds are over");
    }
    assert_eq!((Letter::all(&folder.0).len(), shop.scalar(DONE).await), (1, 1), "the eighth try is the last");
    mailbox.stop();
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_outage_is_no_try_and_only_whoever_has_the_message_tells_of_it() {
    let shop = shop_with_a_message().await;
    let slow = claim(&shop).await.remove(0);
    shop.advance(CLAIM_S);
    let second = claim(&shop).await.remove(0);
    assert_eq!((slow.attempts, second.attempts, shop.scalar(TRIES).await), (0, 1, 2));
    let before = shop.contents().await;
    wait_out(&shop, &slow).await;
    shop.assert_unchanged(&before, "an outage told by whoever had the message before").await;

    wait_out(&shop, &second).await;
    assert_eq!(shop.scalar(TRIES).await, 1, "it was none of its tries");
    let told = "SELECT COUNT(*) FROM outbox_messages WHERE last_error = 'nobody is there'";
    assert_eq!(shop.scalar(told).await, 1);
    shop.advance(OUTAGE_S - 1);
    assert_eq!(claim(&shop).await.len(), 0, "not before the pause is over");
    shop.advance(1);
    let third = claim(&shop).await.remove(0);
    assert_eq!((third.id, third.attempts, shop.scalar(TRIES).await), (slow.id, 1, 2));
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_delivered_after_all_is_not_given_up() {
    let shop = shop_with_a_message().await;
    shop.sql("UPDATE outbox_messages SET attempts = 6", []).await;
    let slow = claim(&shop).await.remove(0);
    shop.advance(CLAIM_S);
    // Whoever has it next is refused, and that was the eighth try.
    let second = claim(&shop).await.remove(0);
    put_off(&shop, &second).await;
    assert_eq!(outbox::given_up(shop.app.db.reads()).await.unwrap(), 1);

    // The slow one did deliver it, and says so twice.
    for _ in 0..2 {
        let (now, id) = (shop.now(), slow.id);
        let told = shop.app.db.write("test.acknowledge", move |tx| outbox::acknowledge(tx, now, id).boxed());
        told.await.unwrap();
        let done = "SELECT COUNT(*) FROM outbox_messages \
                    WHERE done_at IS NOT NULL AND dead_at IS NULL AND claimed_until IS NULL";
        assert_eq!(shop.scalar(done).await, 1);
        assert_eq!(outbox::given_up(shop.app.db.reads()).await.unwrap(), 0);
    }
    // Bad news of it comes too late.
    let before = shop.contents().await;
    put_off(&shop, &second).await;
    wait_out(&shop, &second).await;
    shop.advance(3_600);
    assert_eq!(claim(&shop).await.len(), 0);
    shop.assert_unchanged(&before, "bad news of what was delivered").await;
    shop.close().await;
}
