//! The object store beside the database: what is shown is stored, and what is stored for nothing goes.

use awsomeshop::server::jobs::{self, Job};
use futures::future::join_all;
use serde_json::json;

use super::files::png;
use super::*;
use crate::grant_runs::stage::trail;

/// Longer than strays are left alone.
const AFTERWARDS_S: i64 = 901;
const STRAYS: &str = "SELECT COUNT(*) FROM stray_pictures";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_sixth_place_is_given_once_and_the_others_leave_nothing_behind() {
    let (shop, hr, lamp) = open().await;
    let file = png(40, 40);
    upload(&hr, &lamp, "There before", &[("a", file.as_slice()); 4]).await.expect(303);
    let answers = join_all((0..6).map(|number| {
        let (hr, lamp, file) = (hr.clone(), lamp.clone(), file.clone());
        async move { upload(&hr, &lamp, &format!("Number {number}"), &[("a.png", &file)]).await }
    }))
    .await;
    let mut statuses: Vec<_> = answers.iter().map(Answer::status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 303, 422, 422, 422, 422]);
    let positions = "SELECT COUNT(DISTINCT position) FROM pictures WHERE position BETWEEN 0 AND 5";
    assert_eq!(shop.scalar(positions).await, 6);
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM pictures").await, 6);
    assert_eq!((acts(&shop).await, shop.scalar(STRAYS).await), (6, 0));
    assert_eq!(shop.stored().len(), 6);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_form_that_is_sent_twice_adds_its_pictures_once() {
    let (shop, hr, lamp) = open().await;
    let at = pictures_of(&lamp);
    let key = page(&hr, &lamp).await.attribute("input[name=key]", "value").unwrap();
    let file = png(40, 40);
    let files = [("files", "a.png", file.as_slice()); 3];
    let fields = [("key", key.as_str()), ("alt", "A lamp")];
    // Both at once, then once more: as two clicks and a reload send it.
    let both = futures::join!(hr.upload(&at, &fields, &files), hr.upload(&at, &fields, &files));
    assert_eq!([both.0.status(), both.1.status()], [303, 303]);
    hr.upload(&at, &fields, &files).await.expect(303);
    assert_eq!((acts(&shop).await, shop.stored().len(), shop.scalar(STRAYS).await), (3, 3, 0));
    // Neither does it hear that there is no room, which it has taken itself.
    upload(&hr, &lamp, "There beside", &[("b.png", file.as_slice()); 3]).await.expect(303);
    hr.upload(&at, &fields, &files).await.expect(303);
    assert_eq!(
        alts(&hr, &lamp).await,
        ["A lamp", "A lamp", "A lamp", "There beside", "There beside", "There beside"]
    );
    // The key is this product's own.
    let mug = shop.product("Mug", 100, 5).await;
    hr.upload(&pictures_of(&mug), &fields, &files).await.expect(404);
    hr.upload(&pictures_of(&mug), &[("key", "x"), ("alt", "A mug")], &files).await.expect(400);
    assert_eq!(acts(&shop).await, 6);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_store_nothing_is_added_and_the_form_is_told_to_come_again() {
    let (mut shop, hr, lamp) = open().await;
    shop.stop_object_store().await;
    let once = hr.clone().impatient();
    let answer = upload(&once, &lamp, "A lamp", &[("a.png", &png(40, 40))]).await.expect(503);
    assert_eq!(answer.header("retry-after"), Some("5"));
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM pictures").await, 0);
    assert_eq!(acts(&shop).await, 0);
    // Perhaps some of it was stored: that is looked after until it is sure.
    assert_eq!(shop.scalar(STRAYS).await, 1);
    shop.advance(AFTERWARDS_S);
    assert!(jobs::run(&shop.app, Job::SweepPictures).await.is_err(), "the store is gone");
    assert_eq!(shop.scalar(STRAYS).await, 1);
    // Put off, so that it does not stand before the others.
    shop.job(Job::SweepPictures).await;
    page(&hr, &lamp).await;
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_removed_picture_stays_stored_while_pages_may_show_it_and_then_goes() {
    let (shop, hr, lamp) = open().await;
    upload(&hr, &lamp, "A lamp", &[("a.png", &png(400, 400)), ("b.png", &png(40, 40))]).await.expect(303);
    assert_eq!(shop.stored().len(), 3);
    let form = page(&hr, &lamp).await.form(".shot:first-child form[action$='/removal']");
    hr.submit(&form).await.expect(303);
    assert_eq!((alts(&hr, &lamp).await.len(), acts(&shop).await), (1, 3));
    let first = "SELECT COUNT(*) FROM pictures WHERE position = 0 AND widths = '40'";
    assert_eq!(shop.scalar(first).await, 1, "the other moved up");
    let before = shop.contents().await;
    hr.submit(&form).await.expect(303);
    shop.assert_unchanged(&before, "removing what is gone").await;
    shop.advance(AFTERWARDS_S - 2);
    shop.job(Job::SweepPictures).await;
    assert_eq!(shop.stored().len(), 3);
    shop.advance(2);
    shop.job(Job::SweepPictures).await;
    assert_eq!((shop.stored().len(), shop.scalar(STRAYS).await), (1, 0));
    assert!(shop.stored()[0].ends_with("-40.webp"));
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_picture_that_is_put_up_and_removed_is_written_down_once_each_time() {
    let (shop, hr, lamp) = open().await;
    upload(&hr, &lamp, "A lamp", &[("a.png", &png(40, 40))]).await.expect(303);
    let shown = page(&hr, &lamp).await;
    let picture = shown.attribute(".shot", "id").unwrap().replace("picture-", "");
    let key = shop.stored()[0].trim_end_matches("-40.webp").to_owned();
    let subject = format!("product {}", lamp.id);
    let details = json!({ "picture": picture, "object_key": key, "position": 0, "alt": "A lamp" });
    assert_eq!(trail(&shop, "product.add-picture").await, [json!(["hr-products", subject, details])]);

    let removal = shown.form(".shot form[action$='/removal']");
    for _ in 0..2 {
        hr.submit(&removal).await.expect(303);
    }
    let before = json!({ "position": 0, "alt": "A lamp", "object_key": key });
    let details = json!({ "picture": picture, "before": before });
    assert_eq!(trail(&shop, "product.remove-picture").await, [json!(["hr-products", subject, details])]);
    assert_eq!(acts(&shop).await, 2);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_order_keeps_the_picture_of_what_was_sold() {
    let (shop, hr, lamp) = open().await;
    upload(&hr, &lamp, "A lamp", &[("a.png", &png(400, 400))]).await.expect(303);
    let ann = shop.person("ann").await;
    shop.grant(ann, 500, None).await;
    let browser = shop.browser_of(ann).await;
    let number = browser.redeem(&lamp, 1, "office:berlin").await;
    let form = page(&hr, &lamp).await.form("form[action$='/removal']");
    hr.submit(&form).await.expect(303);
    shop.advance(AFTERWARDS_S);
    shop.job(Job::SweepPictures).await;
    assert_eq!((shop.stored().len(), shop.scalar(STRAYS).await), (2, 0));
    let order = browser.get(&format!("/orders/{number}")).await.expect(200).html();
    assert!(order.attribute("main .picture img", "src").unwrap().contains("/pictures/products/"));
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_stored_by_somebody_who_then_vanished_goes_too() {
    let (shop, hr, lamp) = open().await;
    upload(&hr, &lamp, "A lamp", &[("a.png", &png(40, 40))]).await.expect(303);
    let key = shop.stored()[0].clone();
    // As if the program had ended between the store and the row.
    shop.sql("DELETE FROM pictures", []).await;
    let noted = "INSERT INTO stray_pictures (object_key, widths, due_at) VALUES (?, '40', ?)";
    shop.sql(noted, [key.trim_end_matches("-40.webp").into(), shop.now().into()]).await;
    shop.job(Job::SweepPictures).await;
    assert_eq!((shop.stored(), shop.scalar(STRAYS).await), (vec![], 0));
    shop.close().await;
}
