//! Mail: one letter for each order, however often it is tried; nobody else's trouble.

use std::net::TcpListener;
use std::path::Path;

use awsomeshop::dev::mailbox::{self, Mailbox};
use awsomeshop::server::jobs::{self, Job};

use crate::support::{Folder, Shop};

const FROM: (&str, &str) = ("SHOP_MAIL_FROM", "Shop <shop@example.test>");

fn mailbox(folder: &Folder) -> Mailbox {
    mailbox::start(TcpListener::bind("127.0.0.1:0").unwrap(), &folder.0).unwrap()
}

/// What has arrived, with soft line breaks undone.
fn letters(folder: &Path) -> Vec<String> {
    let files = std::fs::read_dir(folder).unwrap();
    let mut paths: Vec<_> = files.map(|file| file.unwrap().path()).collect();
    paths.sort();
    paths.iter().map(|path| std::fs::read_to_string(path).unwrap().replace("=\r\n", "")).collect()
}

/// A shop in which Ann has just redeemed two lamps.
async fn shop_with_an_order(server: &str) -> (Shop, String) {
    let shop = Shop::open_with(&[("SMTP_URL", server), FROM]).await;
    let ann = shop.person("ann").await;
    shop.grant(ann, 500, None).await;
    let lamp = shop.product("Desk lamp", 120, 5).await;
    let number = shop.browser_of(ann).await.redeem(&lamp, 2, "office:berlin").await;
    (shop, number)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_order_is_confirmed_by_exactly_one_letter() {
    let folder = Folder::new();
    let mailbox = mailbox(&folder);
    let (shop, number) = shop_with_an_order(&mailbox.url()).await;

    let workers = [jobs::run(&shop.app, Job::DeliverOutbox), jobs::run(&shop.app, Job::DeliverOutbox)];
    for done in futures::future::join_all(workers).await {
        done.unwrap();
    }
    shop.job(Job::DeliverOutbox).await;

    let letters = letters(&folder.0);
    assert_eq!(letters.len(), 1, "{letters:?}");
    let page = format!("{}/orders/{number}", shop.origin);
    for words in [
        "To: \"Ann Archer\" <ann@example.test>",
        "From: Shop <shop@example.test>",
        &format!("Subject: Your order {number}"),
        "Desk lamp: 240 points",
        "Left to spend: 260 points",
        "Lamp Street 1",
        &page,
    ] {
        assert!(letters[0].contains(words), "{words:?} is not in {}", letters[0]);
    }
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM outbox_messages WHERE done_at IS NOT NULL").await, 1);
    mailbox.stop();
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_down_gets_the_letter_later_and_once() {
    let folder = Folder::new();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let (shop, _) = shop_with_an_order(&format!("smtp://{address}")).await;
    shop.job(Job::DeliverOutbox).await;
    assert_eq!(shop.scalar("SELECT attempts FROM outbox_messages WHERE done_at IS NULL").await, 1);
    let told =
        shop.scalar("SELECT COUNT(*) FROM outbox_messages WHERE last_error LIKE '%example.test%'").await;
    assert_eq!(told, 0, "no address in the reason");

    let mailbox = mailbox::start(TcpListener::bind(address).unwrap(), &folder.0).unwrap();
    shop.job(Job::DeliverOutbox).await;
    assert_eq!(letters(&folder.0).len(), 0, "not before the pause is over");
    shop.advance(3_600);
    shop.job(Job::DeliverOutbox).await;
    shop.job(Job::DeliverOutbox).await;
    assert_eq!(letters(&folder.0).len(), 1);
    mailbox.stop();
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_event_that_cannot_be_read_dies_after_eight_tries_and_holds_up_nobody() {
    let folder = Folder::new();
    let mailbox = mailbox(&folder);
    let (shop, _) = shop_with_an_order(&mailbox.url()).await;
    let poison = "INSERT INTO outbox_messages (id, kind, payload, attempts, last_error, created_at, due_at) \
                  SELECT ?, 'poison', '{\"kind\":\"poison\"}', 0, '', created_at, due_at FROM outbox_messages";
    shop.sql(poison, [uuid::Uuid::now_v7().into()]).await;

    for _ in 0..10 {
        shop.job(Job::DeliverOutbox).await;
        shop.advance(3_600);
    }

    assert_eq!(letters(&folder.0).len(), 1);
    assert_eq!(shop.scalar("SELECT attempts FROM outbox_messages WHERE dead_at IS NOT NULL").await, 8);
    mailbox.stop();
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_server_events_are_done_and_nobody_is_told() {
    let shop = Shop::open().await;
    let ann = shop.person("ann").await;
    shop.grant(ann, 500, None).await;
    let voucher = shop.digital_product("Book voucher", 50, &["AAAA-1111"]).await;
    shop.browser_of(ann).await.redeem(&voucher, 1, "").await;
    shop.job(Job::DeliverOutbox).await;
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM outbox_messages WHERE done_at IS NOT NULL").await, 1);
    shop.close().await;
}
