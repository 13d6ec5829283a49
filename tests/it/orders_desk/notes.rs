//! Notes: the owner reads what is meant for them and nothing else, on no page and in no mail.

use std::net::TcpListener;

use awsomeshop::dev::mailbox;
use awsomeshop::server::jobs::Job;
use awsomeshop::types::role::Desk;
use awsomeshop::urls;
use reqwest::Method;

use super::{OFFICE, buyer, orders, shop_with_desk, show};
use crate::notices::letter::Letter;
use crate::support::{Folder, Shop};

const PRIVATE: &str = "m-private: asked twice, be patient";
const PUBLIC: &str = "m-public: <b>it</b> is on its shelf\nsecond line";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn private_notes_stay_at_the_desk_and_public_ones_reach_the_owner() {
    let folder = Folder::new();
    let mailbox = mailbox::start(TcpListener::bind("127.0.0.1:0").unwrap(), &folder.0).unwrap();
    let mail = [("SMTP_URL", mailbox.url()), ("SHOP_MAIL_FROM", "Shop <shop@example.test>".to_owned())];
    let mail: Vec<_> = mail.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let shop = Shop::open_with(&mail).await;
    let hr = shop.hr(Desk::Orders).await;
    let (_, browser) = buyer(&shop, "ann").await;
    let mug = shop.product("Mug", 30, 9).await;
    let number = browser.redeem(&mug, 1, OFFICE).await;
    let form = show(&hr, &number).await.form(&format!("form[action='{}']", urls::hr::order_notes(&number)));

    hr.submit(&form.clone().with("words", PRIVATE)).await.expect(303);
    hr.submit(&form.clone().with("words", PUBLIC).with("public", "true")).await.expect(303);
    hr.post(&urls::hr::order_fulfilment(&number), &[("carrier", "Bike"), ("note", "m-handover")])
        .await
        .expect(303);
    for _ in 0..3 {
        shop.job(Job::DeliverOutbox).await;
    }

    let desk = show(&hr, &number).await.text_of(".steps");
    assert!(
        desk.contains(PRIVATE) && desk.contains("Only HR reads this") && desk.contains("hr-orders"),
        "{desk}"
    );
    assert!(desk.contains("m-public: <b>it</b> is on its shelf"), "{desk}");
    let own = browser.get(&urls::order(&number)).await.expect(200);
    assert!(own.html().text_of(".steps").contains("m-public: <b>it</b>"), "{own}");
    assert!(own.html().text_of(".steps").contains("m-handover"));
    assert!(!own.html().text_of(".steps").contains("hr-orders"), "who did it is HR's");
    for path in [urls::order(&number), urls::orders(), urls::points(), urls::home()] {
        for ask in [browser.ask(Method::GET, &path), browser.ask(Method::GET, &path).htmx("results")] {
            assert!(!ask.send().await.text().contains("m-private"), "{path}");
        }
    }
    let letters = Letter::all(&folder.0);
    assert!(letters.iter().all(|letter| !letter.part("text/plain").contains("m-private")
        && !letter.part("text/html").contains("m-private")));
    let of = |subject: String| {
        let mut found = letters.iter().filter(|letter| letter.header("Subject") == subject);
        let letter = found.next().unwrap_or_else(|| panic!("no letter {subject}"));
        assert!(found.next().is_none(), "one letter {subject}");
        letter
    };
    let noted = of(format!("A note about your order {number}"));
    let address = format!("{}/orders/{number}", shop.origin);
    assert_eq!(
        noted.part("text/plain"),
        format!(
            "Hello Ann Archer,\n\nthere is a note about your order {number}. You find it here:\n{address}\n\n{PUBLIC}"
        )
    );
    assert!(noted.html().text_of("body").contains("m-public: <b>it</b> is on its shelf"));
    let handed_over = of(format!("Order {number} is handed over"));
    assert_eq!(
        handed_over.part("text/plain"),
        format!(
            "Hello Ann Archer,\n\nyour order {number} has been handed over. You find it here:\n{address}\n\n\
             With Bike\n\nm-handover\n\n1 × Mug\n\nWhere it was to be collected:\nBerlin\nLamp Street 1, 10115 Berlin"
        )
    );
    assert!(handed_over.html().text_of("body").contains("1 × Mug"));
    mailbox.stop();
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_note_is_added_once_and_only_when_it_fits() {
    let (shop, hr) = shop_with_desk().await;
    let (_, browser) = buyer(&shop, "ann").await;
    let mug = shop.product("Mug", 30, 9).await;
    let number = orders(&shop, &browser, &mug, 1).await.remove(0);
    let path = urls::hr::order_notes(&number);
    let before = shop.contents().await;
    let blank = hr.post(&path, &[("words", " \n "), ("public", "true")]).await.expect(422).html();
    assert!(blank.has("#words-error") && blank.has("#public[checked]"), "the box stays ticked");
    let long = "ü".repeat(501);
    let kept = hr.post(&path, &[("words", &long)]).await.expect(422).html();
    assert_eq!(kept.text_of("#words"), long);
    hr.post(&path, &[("words", "a"), ("words", "b")]).await.expect(400);
    hr.post(&urls::hr::order_notes("AW-0000-0000"), &[("words", "a")]).await.expect(404);
    browser.post(&path, &[("words", "a")]).await.expect(403);
    shop.assert_unchanged(&before, "what was refused").await;

    let note = [("words", "ü".repeat(500)), ("public", "true".to_owned())];
    let note: Vec<_> = note.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let clicks = futures::future::join_all((0..4).map(|_| hr.post(&path, &note))).await;
    assert!(clicks.iter().all(|answer| answer.status() == 303));
    let notes = "SELECT COUNT(*) FROM order_events WHERE kind = 'note'";
    let told = "SELECT COUNT(*) FROM outbox_messages WHERE kind = 'order-noted'";
    let audited = "SELECT COUNT(*) FROM audit_events WHERE action = 'order.note'";
    for sql in [notes, told, audited] {
        assert_eq!(shop.scalar(sql).await, 1, "{sql}");
    }
    // The same words among HR, and then again, are something else.
    hr.post(&path, &note[..1]).await.expect(303);
    hr.post(&path, &note).await.expect(303);
    assert_eq!((shop.scalar(notes).await, shop.scalar(told).await, shop.scalar(audited).await), (2, 2, 3));
    // Also when it is over.
    hr.post(&urls::hr::order_fulfilment(&number), &[]).await.expect(303);
    hr.post(&path, &[("words", "It came back")]).await.expect(303);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_end_of_a_line_is_one_character_of_a_note() {
    let (shop, hr) = shop_with_desk().await;
    let (_, browser) = buyer(&shop, "ann").await;
    let mug = shop.product("Mug", 30, 9).await;
    let number = orders(&shop, &browser, &mug, 1).await.remove(0);
    let path = urls::hr::order_notes(&number);
    // As browsers send it: 251 letters and the 249 ends of lines between them.
    let fits = format!("a{}", ["a"; 250].join("\r\n"));
    let long = format!("{fits}a");
    let before = shop.contents().await;
    let kept = hr.post(&path, &[("words", &long)]).await.expect(422).html();
    assert_eq!(kept.text_of("#words-error"), "Please keep this to 500 characters.");
    shop.assert_unchanged(&before, "a note that is too long").await;

    hr.post(&path, &[("words", &fits)]).await.expect(303);

    let kept = "SELECT COUNT(*) FROM order_events WHERE kind = 'private-note' AND LENGTH(note) = 500";
    assert_eq!(shop.scalar(kept).await, 1);
    shop.close().await;
}
