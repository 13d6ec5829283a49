//! Mail: one letter for each order, however often it is tried; nobody else's trouble.

pub mod letter;
mod servers;
mod tries;

use std::net::{SocketAddr, TcpListener};

use awsomeshop::dev::mailbox::{self, Mailbox};
use awsomeshop::outbox;
use awsomeshop::server::jobs::{self, Job};
use awsomeshop::types::role::{Desk, Role};
use awsomeshop::urls;
use futures::FutureExt;

use crate::support::{Folder, Shop};
use letter::Letter;

const FROM: (&str, &str) = ("SHOP_MAIL_FROM", "Shop <shop@example.test>");
/// Longer than any pause after a failure.
const LATER_S: i64 = 3_600;
/// Letters that are still to be delivered.
const WAITING: &str = "SELECT COUNT(*) FROM outbox_messages WHERE done_at IS NULL AND dead_at IS NULL";
const DONE: &str = "SELECT COUNT(*) FROM outbox_messages WHERE done_at IS NOT NULL";

fn mailbox(folder: &Folder) -> Mailbox {
    mailbox::start(TcpListener::bind("127.0.0.1:0").unwrap(), &folder.0).unwrap()
}

/// A port that is ours and where nobody listens yet.
fn closed_port() -> (tokio::net::TcpSocket, SocketAddr) {
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let address = socket.local_addr().unwrap();
    (socket, address)
}

/// A shop in which Ann has just redeemed two lamps, three notebooks and a voucher.
async fn shop_with_an_order(server: &str) -> (Shop, String) {
    let shop = Shop::open_with(&[("SMTP_URL", server), FROM]).await;
    let ann = shop.person("ann").await;
    shop.grant(ann, 5_000, None).await;
    let lamp = shop.product("Desk lamp", 1_200, 5).await;
    let pencil = shop.product("Pencil <2B>", 1, 5).await;
    let voucher = shop.digital_product("Book voucher", 50, &["AAAA-1111"]).await;
    let browser = shop.browser_of(ann).await;
    for (goods, quantity) in [(&lamp, "2"), (&pencil, "1")] {
        let id = goods.id.to_string();
        browser
            .post("/cart/lines", &[("product", &id), ("quantity", quantity), ("then", "cart")])
            .await
            .expect(303);
    }
    let number = browser.redeem(&voucher, 1, "office:berlin").await;
    (shop, number)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_order_is_confirmed_by_one_letter_in_two_forms() {
    let folder = Folder::new();
    let mailbox = mailbox(&folder);
    let (shop, number) = shop_with_an_order(&mailbox.url()).await;
    shop.job(Job::DeliverOutbox).await;
    shop.job(Job::DeliverOutbox).await;

    let [letter] = Letter::all(&folder.0).try_into().unwrap();
    let id = shop.id_of("SELECT id FROM outbox_messages", []).await;
    let address = format!("{}/orders/{number}", shop.origin);
    assert_eq!(letter.header("From"), "Shop <shop@example.test>");
    assert_eq!(letter.header("To"), "\"Ann Archer\" <ann@example.test>");
    assert_eq!(letter.header("Subject"), format!("Your order {number}"));
    assert_eq!(letter.header("Message-ID"), format!("<{id}@example.test>"));
    assert_eq!(letter.header("Auto-Submitted"), "auto-generated");
    assert!(letter.header("Content-Type").starts_with("multipart/alternative;"), "{letter:?}");
    let plain = format!(
        "Hello Ann Archer,\n\n\
         thank you, we have your order {number}. You find it here:\n{address}\n\n\
         2 × Desk lamp: 2,400 points\n1 × Pencil <2B>: 1 point\n1 × Book voucher: 50 points\n\n\
         Redeemed: 2,451 points\nLeft to spend: 2,549 points\n\n\
         It goes to:\nBerlin\nLamp Street 1, 10115 Berlin\n\n\
         On the order’s page you can follow it. Voucher codes are shown there and never sent by mail."
    );
    assert_eq!(letter.part("text/plain"), plain);
    let html = letter.html();
    assert_eq!(html.text_of("title"), format!("Your order {number}"));
    assert_eq!(html.attribute("a", "href"), Some(address));
    let cells = [
        ["2 × Desk lamp", "2,400 points"],
        ["1 × Pencil <2B>", "1 point"],
        ["1 × Book voucher", "50 points"],
        ["Redeemed", "2,451 points"],
        ["Left to spend", "2,549 points"],
    ];
    assert_eq!(html.all("td"), cells.concat());
    assert!(!letter.raw.contains("AAAA-1111") && !letter.part("text/html").contains("AAAA-1111"));
    assert_eq!(shop.scalar(DONE).await, 1);
    mailbox.stop();
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn codes_alone_go_nowhere() {
    let folder = Folder::new();
    let mailbox = mailbox(&folder);
    let shop = Shop::open_with(&[("SMTP_URL", &mailbox.url()), FROM]).await;
    let ann = shop.person("ann").await;
    shop.grant(ann, 500, None).await;
    let voucher = shop.digital_product("Book voucher", 50, &["AAAA-1111"]).await;
    shop.browser_of(ann).await.redeem(&voucher, 1, "").await;
    shop.job(Job::DeliverOutbox).await;
    let [letter] = Letter::all(&folder.0).try_into().unwrap();
    assert!(!letter.part("text/plain").contains("It goes to"), "{letter:?}");
    assert!(
        letter.part("text/plain").contains("Left to spend: 450 points\n\nOn the order’s page"),
        "{letter:?}"
    );
    assert_eq!(letter.html().all("p").len(), 3);
    mailbox.stop();
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_workers_at_once_deliver_once() {
    let folder = Folder::new();
    let mailbox = mailbox(&folder);
    let (shop, _) = shop_with_an_order(&mailbox.url()).await;
    // Several times what is claimed at once: a run goes on until nothing is due.
    for n in 0..49_u8 {
        let copy = "INSERT INTO outbox_messages (id, kind, payload, attempts, last_error, created_at, due_at) \
                    SELECT ?, kind, payload, 0, '', created_at, due_at FROM outbox_messages WHERE attempts = 0 LIMIT 1";
        let id = uuid::Uuid::from_u128(u128::from(n));
        assert_eq!(shop.sql(copy, [id.into()]).await, 1);
    }
    let workers = (0..4).map(|_| jobs::run(&shop.app, Job::DeliverOutbox));
    for done in futures::future::join_all(workers).await {
        done.unwrap();
    }
    let letters = Letter::all(&folder.0);
    let mut ids: Vec<_> = letters.iter().map(|letter| letter.header("Message-ID")).collect();
    ids.sort();
    ids.dedup();
    assert_eq!((letters.len(), ids.len()), (50, 50));
    assert_eq!(shop.scalar(DONE).await, 50);
    mailbox.stop();
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_down_gets_the_letter_later_and_once() {
    let folder = Folder::new();
    let (socket, address) = closed_port();
    let (shop, _) = shop_with_an_order(&format!("smtp://{address}")).await;
    // Longer than any message is tried: an outage is nobody's fault, and gives up nothing.
    for _ in 0..12 {
        shop.job(Job::DeliverOutbox).await;
        shop.advance(LATER_S);
    }
    shop.job(Job::DeliverOutbox).await;
    assert_eq!(shop.scalar("SELECT attempts FROM outbox_messages WHERE done_at IS NULL").await, 0);
    assert_eq!(shop.scalar(WAITING).await, 1);
    let reasons = "SELECT COUNT(*) FROM outbox_messages WHERE last_error = 'mail is unavailable'";
    assert_eq!(shop.scalar(reasons).await, 1);

    let listener = socket.listen(16).unwrap().into_std().unwrap();
    let mailbox = mailbox::start(listener, &folder.0).unwrap();
    shop.job(Job::DeliverOutbox).await;
    assert_eq!(Letter::all(&folder.0).len(), 0, "not before the pause is over");
    shop.advance(LATER_S);
    shop.job(Job::DeliverOutbox).await;
    shop.advance(LATER_S);
    shop.job(Job::DeliverOutbox).await;
    assert_eq!(Letter::all(&folder.0).len(), 1);
    assert_eq!((shop.scalar(DONE).await, shop.scalar(WAITING).await), (1, 0));
    mailbox.stop();
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_says_nothing_is_not_waited_for() {
    // The system takes the connection; nobody ever speaks.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let (shop, _) = shop_with_an_order(&format!("smtp://{}", silent.local_addr().unwrap())).await;
    let started = std::time::Instant::now();
    shop.job(Job::DeliverOutbox).await;
    assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
    assert_eq!((shop.scalar(DONE).await, shop.scalar(WAITING).await), (0, 1));
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_must_be_encrypted_is_not_sent_otherwise() {
    let folder = Folder::new();
    let mailbox = mailbox(&folder);
    let plain = mailbox.url();
    for server in [format!("{plain}?tls=required"), plain.replace("smtp:", "smtps:")] {
        let (shop, _) = shop_with_an_order(&server).await;
        shop.job(Job::DeliverOutbox).await;
        assert_eq!((shop.scalar(DONE).await, shop.scalar(WAITING).await), (0, 1), "{server}");
        assert_eq!(Letter::all(&folder.0).len(), 0, "{server}");
        shop.close().await;
    }
    mailbox.stop();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_server_refuses_is_put_off_without_its_words() {
    let folder = Folder::new();
    let mailbox = mailbox(&folder);
    let (shop, _) = shop_with_an_order(&mailbox.url()).await;
    // A mailbox without a shelf answers 452.
    std::fs::remove_dir_all(&folder.0).unwrap();
    shop.job(Job::DeliverOutbox).await;
    let reasons =
        "SELECT COUNT(*) FROM outbox_messages WHERE last_error = 'the mail server refused a letter with 452'";
    assert_eq!((shop.scalar(reasons).await, shop.scalar(WAITING).await), (1, 1));
    mailbox.stop();
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_event_that_cannot_be_read_dies_after_eight_tries_and_holds_up_nobody() {
    let folder = Folder::new();
    let mailbox = mailbox(&folder);
    let (shop, _) = shop_with_an_order(&mailbox.url()).await;
    // Its id comes first, so that it is tried first.
    let poison = "INSERT INTO outbox_messages (id, kind, payload, attempts, last_error, created_at, due_at) \
                  SELECT ?, 'poison', '{\"kind\":\"order-placed\",\"email\":\"eve@example.test\"}', 0, '', created_at, due_at \
                  FROM outbox_messages";
    shop.sql(poison, [uuid::Uuid::nil().into()]).await;
    shop.job(Job::DeliverOutbox).await;
    assert_eq!(Letter::all(&folder.0).len(), 1);
    let reasons = "SELECT COUNT(*) FROM outbox_messages WHERE last_error = 'an event cannot be read (Data)'";
    assert_eq!(shop.scalar(reasons).await, 1);

    for tries in 2..10 {
        assert_eq!(shop.scalar(WAITING).await, 1, "before try {tries}");
        shop.advance(LATER_S);
        shop.job(Job::DeliverOutbox).await;
        if tries == 8 {
            break;
        }
    }
    assert_eq!(shop.scalar(WAITING).await, 0);
    shop.advance(LATER_S);
    shop.job(Job::DeliverOutbox).await;
    assert_eq!(shop.scalar("SELECT attempts FROM outbox_messages WHERE dead_at IS NOT NULL").await, 8);
    assert_eq!((Letter::all(&folder.0).len(), shop.scalar(DONE).await), (1, 1));
    mailbox.stop();
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_claim_that_has_run_out_is_somebody_elses() {
    let folder = Folder::new();
    let mailbox = mailbox(&folder);
    let (shop, _) = shop_with_an_order(&mailbox.url()).await;
    let claim = async || {
        let now = shop.now();
        let claimed = shop.app.db.write("test.claim", move |tx| outbox::claim(tx, now).boxed());
        claimed.await.unwrap()
    };
    let slow = claim().await;
    assert_eq!(slow.len(), 1);
    assert_eq!(claim().await.len(), 0, "it is claimed");
    shop.job(Job::DeliverOutbox).await;
    assert_eq!(Letter::all(&folder.0).len(), 0, "whoever claimed it may still be at it");
    shop.advance(LATER_S);
    let second = claim().await;
    assert_eq!(second.len(), 1, "the claim has run out");

    // The slow one comes back with bad news, which is not its to tell any more.
    let (now, late) = (shop.now(), slow[0].clone());
    let told = shop.app.db.write("test.put_off", move |tx| {
        outbox::put_off(tx, now, late.clone(), "too late".to_owned()).boxed()
    });
    told.await.unwrap();
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM outbox_messages WHERE last_error <> ''").await, 0);
    assert_eq!(claim().await.len(), 0, "the second claim stands");
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
    assert_eq!(shop.scalar(WAITING).await, 1);
    shop.job(Job::DeliverOutbox).await;
    assert_eq!((shop.scalar(DONE).await, shop.scalar(WAITING).await), (1, 0));
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cancelled_order_is_told_with_its_reason_and_its_points() {
    let folder = Folder::new();
    let mailbox = mailbox(&folder);
    let (shop, number) = shop_with_an_order(&mailbox.url()).await;
    let hal = shop.person("hal").await;
    shop.role(hal, Role::Desk(Desk::Orders)).await;
    let hr = shop.browser_of(hal).await;
    let form = hr.get(&urls::hr::order(&number)).await.expect(200).html();
    let form = form.form(&format!("form[action='{}']", urls::hr::order_cancellation(&number)));
    hr.submit(&form.with("reason", "Out of <production>")).await.expect(303);
    shop.job(Job::DeliverOutbox).await;

    let letters = Letter::all(&folder.0);
    let letter = letters.iter().find(|letter| letter.header("Subject").contains("cancelled")).unwrap();
    let plain = format!(
        "Hello Ann Archer,\n\n\
         your order {number} is cancelled, and your points are back. You find it here:\n{}/orders/{number}\n\n\
         The reason: Out of <production>\n\n\
         2 × Desk lamp: 2,400 points\n1 × Pencil <2B>: 1 point\n1 × Book voucher: 50 points\n\n\
         Given back: 2,451 points\nLeft to spend: 5,000 points",
        shop.origin
    );
    let mut lines: Vec<_> = letter.part("text/plain").lines().map(str::to_owned).collect();
    let mut expected: Vec<_> = plain.lines().map(str::to_owned).collect();
    lines.sort();
    expected.sort();
    assert_eq!(lines, expected);
    assert!(letter.html().text_of("body").contains("The reason: Out of <production>"));
    mailbox.stop();
    shop.close().await;
}
