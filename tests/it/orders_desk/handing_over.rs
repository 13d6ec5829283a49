//! Preparing and handing over one order: once, whoever clicks, and nothing that was typed is lost.

use awsomeshop::types::role::{Desk, Role};
use awsomeshop::urls;

use super::{buyer, orders, shop_with_desk};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_click_is_the_first_one_and_who_comes_too_late_keeps_their_words() {
    let (shop, hr) = shop_with_desk().await;
    let hal = shop.person("hal").await;
    shop.role(hal, Role::Desk(Desk::Orders)).await;
    let other = shop.browser_of(hal).await;
    let (_, browser) = buyer(&shop, "ann").await;
    let mug = shop.product("Mug", 30, 9).await;
    let number = orders(&shop, &browser, &mug, 1).await.remove(0);
    for _ in 0..2 {
        hr.post(&urls::hr::order_preparation(&number), &[]).await.expect(303);
    }
    other.post(&urls::hr::order_preparation(&number), &[]).await.expect(409);
    let path = urls::hr::order_fulfilment(&number);
    let said = [("carrier", "Bike"), ("tracking_number", "B-7"), ("note", "By noon")];
    for _ in 0..2 {
        let done = hr.post(&path, &said).await.expect(303);
        assert_eq!(done.location(), urls::hr::order(&number));
    }
    let before = shop.contents().await;
    for (who, said) in [(&other, &said[..]), (&hr, &[("carrier", "Bike"), ("tracking_number", "B-8")])] {
        let late = who.post(&path, said).await.expect(409).html();
        assert!(
            late.text_of("[role=alert]").starts_with("There is nothing left to hand over for this order."),
        );
        let words = late.form(&format!("form[action='{}']", urls::hr::order_notes(&number)));
        let kept = if said.len() == 3 { "Bike B-7\nBy noon" } else { "Bike B-8" };
        assert_eq!(words.value("words"), kept);
    }
    shop.assert_unchanged(&before, "handing over what is gone").await;
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM order_events WHERE kind = 'fulfilled'").await, 1);
    shop.close().await;
}
