//! Several orders with one click: each judged by itself, told one by one, and done once however often and by whom it is sent.

use awsomeshop::error::Error;
use awsomeshop::orders::batch::{self, Act, Batch};
use awsomeshop::types::id::PersonId;
use awsomeshop::types::role::{Desk, Role};
use awsomeshop::urls;
use futures::FutureExt;
use futures::future::join_all;

use super::{buyer, orders, shop_with_desk, show, state};
use crate::support::answer::Answer;
use crate::support::browser::Browser;

async fn send(hr: &Browser, path: &str, numbers: &[String], note: &str) -> Answer {
    let boxes: Vec<_> = numbers.iter().map(|number| format!("order-{number}")).collect();
    let mut fields: Vec<_> = boxes.iter().map(|name| (name.as_str(), "true")).collect();
    fields.extend([("note", note), ("list", "state=placed")]);
    hr.post(path, &fields).await
}

const FULFILLED: &str = "SELECT COUNT(*) FROM orders WHERE state = 'fulfilled'";
const TOLD: &str = "SELECT COUNT(*) FROM outbox_messages WHERE kind = 'order-fulfilled'";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_orders_are_handed_over_but_for_the_one_that_cannot_be() {
    let (shop, hr) = shop_with_desk().await;
    let (_, browser) = buyer(&shop, "ann").await;
    let mug = shop.product("Mug", 30, 99).await;
    let placed = orders(&shop, &browser, &mug, 11).await;
    browser.post(&urls::order_cancellation(&placed[3]), &[]).await.expect(303);
    let ten = &placed[..10];

    let done = send(&hr, &urls::hr::order_fulfilments(), ten, "  At the <front> desk ").await.expect(303);

    let report = hr.get(done.location()).await.expect(200).html();
    assert!(report.text_of("main").contains("9 went, 1 did not."), "{}", report.text_of("main"));
    let refused = report.all("[aria-labelledby=refused-title] li");
    assert_eq!(refused, [format!("{} Ann Archer It was cancelled.", placed[3])]);
    assert_eq!(report.count("[aria-labelledby=done-title] li"), 9);
    assert!(report.text_of("main").contains("Told to everybody concerned: At the <front> desk"));
    assert_eq!((shop.scalar(FULFILLED).await, shop.scalar(TOLD).await), (9, 9));
    assert!(state(&shop, &placed[10], "placed").await, "nobody chose it");
    let acts = "SELECT COUNT(*) FROM audit_events WHERE action = 'order.fulfil' AND actor_id IS NOT NULL";
    assert_eq!(shop.scalar(acts).await, 9);
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM audit_events WHERE action = 'order.batch'").await, 1);
    let page = browser.get(&urls::order(&placed[0])).await.expect(200).html();
    assert!(page.text_of(".steps").contains("At the <front> desk"), "its owner reads it");

    // A second click, a reload, the back button: the same report, and nothing happens.
    let before = shop.contents().await;
    let again = send(&hr, &urls::hr::order_fulfilments(), ten, "Something else").await.expect(303);
    assert_eq!(again.location(), done.location());
    shop.assert_unchanged(&before, "a second click").await;
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn several_are_begun_and_those_that_were_say_so() {
    let (shop, hr) = shop_with_desk().await;
    let (_, browser) = buyer(&shop, "ann").await;
    let mug = shop.product("Mug", 30, 99).await;
    let placed = orders(&shop, &browser, &mug, 4).await;
    hr.post(&urls::hr::order_preparation(&placed[0]), &[]).await.expect(303);
    hr.post(&urls::hr::order_fulfilment(&placed[1]), &[]).await.expect(303);

    let done = send(&hr, &urls::hr::order_preparations(), &placed, "not said").await.expect(303);

    let report = hr.get(done.location()).await.expect(200).html();
    assert_eq!(
        report.all("[aria-labelledby=refused-title] li"),
        [
            format!("{} Ann Archer It was being prepared already.", placed[0]),
            format!("{} Ann Archer It was handed over before.", placed[1])
        ]
    );
    assert!(state(&shop, &placed[2], "preparing").await && state(&shop, &placed[3], "preparing").await);
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM order_events WHERE note <> ''").await, 0);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_does_not_fit_is_the_same_list_again_with_its_boxes_ticked() {
    let (shop, hr) = shop_with_desk().await;
    let (_, browser) = buyer(&shop, "ann").await;
    let mug = shop.product("Mug", 30, 99).await;
    let placed = orders(&shop, &browser, &mug, 2).await;
    let before = shop.contents().await;
    let fulfilments = urls::hr::order_fulfilments();
    let none = send(&hr, &fulfilments, &[], "Keep this").await.expect(422).html();
    assert_eq!(none.attribute("#note", "value").as_deref(), Some("Keep this"));
    assert!(none.has("#orders-error") && none.has("[aria-current][href*='state=placed']"), "the same tab");
    let long = send(&hr, &fulfilments, &placed[1..], &"x".repeat(501)).await.expect(422).html();
    assert!(long.has("#note-error"));
    let boxes = long.attributes("tbody input[checked]", "name");
    assert_eq!(boxes, [format!("order-{}", placed[1])], "what was ticked is kept");
    let many: Vec<_> = (0..101).map(|n| format!("AAAA-{n:04}")).collect();
    send(&hr, &fulfilments, &many, "").await.expect(422);
    // Whoever calls it without a form.
    let (now, whole) =
        (shop.now(), Batch { act: Act::Fulfil, numbers: many.into_iter().collect(), note: String::new() });
    let carried = shop.app.db.write("test.batch", move |tx| {
        let whole = whole.clone();
        async move { batch::carry_out(tx, now, PersonId::new(), &whole).await }.boxed()
    });
    assert!(matches!(carried.await, Err(Error::TooLarge)));
    send(&hr, &fulfilments, &["AAAA-0000".to_owned()], "").await.expect(404);
    let with_a_stranger = [placed[0].clone(), "AAAA-0000".to_owned()];
    send(&hr, &urls::hr::order_preparations(), &with_a_stranger, "").await.expect(404);
    let twice = format!("order-{}", placed[0]);
    hr.post(&fulfilments, &[(&twice, "true"), (&twice, "true")]).await.expect(400);
    shop.assert_unchanged(&before, "what was refused").await;
    hr.get(&urls::hr::order_batch("nothing")).await.expect(404);
    hr.get(&urls::hr::order_batch(uuid::Uuid::nil())).await.expect(404);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_people_hand_over_the_same_orders_at_once_and_each_goes_once() {
    let (shop, first) = shop_with_desk().await;
    let hal = shop.person("hal").await;
    shop.role(hal, Role::Desk(Desk::Orders)).await;
    let second = shop.browser_of(hal).await;
    let (_, browser) = buyer(&shop, "ann").await;
    let mug = shop.product("Mug", 30, 99).await;
    let placed = orders(&shop, &browser, &mug, 12).await;
    let (front, back) = (&placed[..10], &placed[2..]);
    let path = urls::hr::order_fulfilments();

    let clicks = (0..3).flat_map(|_| [send(&first, &path, front, "one"), send(&second, &path, back, "two")]);
    let answers = join_all(clicks).await;

    assert!(answers.iter().all(|answer| answer.status() == 303), "{}", answers[0]);
    assert_eq!((shop.scalar(FULFILLED).await, shop.scalar(TOLD).await), (12, 12));
    let twice = "SELECT COUNT(*) FROM (SELECT order_id FROM order_events WHERE kind = 'fulfilled' \
                 GROUP BY order_id HAVING COUNT(*) > 1) x";
    assert_eq!(shop.scalar(twice).await, 0);
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM order_batches").await, 2, "three clicks are one batch");
    let done = "SELECT COUNT(*) FROM order_batch_items WHERE outcome = 'done'";
    assert_eq!(shop.scalar(done).await, 12);
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM order_batch_items").await, 20);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_batch_and_its_owners_who_cancel_meet() {
    let (shop, hr) = shop_with_desk().await;
    let (_, browser) = buyer(&shop, "ann").await;
    let mug = shop.product("Mug", 30, 99).await;
    let placed = orders(&shop, &browser, &mug, 10).await;
    let path = urls::hr::order_fulfilments();

    let addresses: Vec<_> = placed.iter().map(|number| urls::order_cancellation(number)).collect();
    let cancellations = join_all(addresses.iter().map(|address| browser.post(address, &[])));
    let (done, cancelled) = futures::join!(send(&hr, &path, &placed, ""), cancellations);

    let report = hr.get(done.expect(303).location()).await.expect(200).html();
    let gone = cancelled.iter().filter(|answer| answer.status() == 303).count();
    assert_eq!(report.count("[aria-labelledby=refused-title] li"), gone);
    assert_eq!(report.count("[aria-labelledby=done-title] li"), 10 - gone);
    assert_eq!(shop.scalar(FULFILLED).await, i64::try_from(10 - gone).unwrap());
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn carrier_and_number_reach_the_owner() {
    let (shop, hr) = shop_with_desk().await;
    let (_, browser) = buyer(&shop, "ann").await;
    let mug = shop.product("Mug", 30, 99).await;
    let placed = orders(&shop, &browser, &mug, 1).await;
    let path = urls::hr::order_fulfilment(&placed[0]);
    let before = shop.contents().await;
    let alone = hr.post(&path, &[("tracking_number", "JD0001")]).await.expect(422).html();
    assert!(alone.has("#carrier-error"));
    assert_eq!(alone.attribute("#tracking_number", "value").as_deref(), Some("JD0001"));
    hr.post(&path, &[("carrier", &"x".repeat(61))]).await.expect(422);
    hr.post(&path, &[("carrier", "DHL"), ("tracking_number", &"9".repeat(61))]).await.expect(422);
    shop.assert_unchanged(&before, "what was refused").await;

    let fields = [("carrier", "DHL <b>"), ("tracking_number", "JD0001"), ("note", "")];
    hr.post(&path, &fields).await.expect(303);

    for page in [show(&hr, &placed[0]).await, browser.get(&urls::order(&placed[0])).await.expect(200).html()]
    {
        assert!(page.text_of(".steps").contains("With DHL <b>, number JD0001"), "{}", page.text_of(".steps"));
    }
    hr.post(&path, &fields).await.expect(303);
    assert_eq!(shop.scalar(TOLD).await, 1, "a second click is the first one");
    shop.close().await;
}
