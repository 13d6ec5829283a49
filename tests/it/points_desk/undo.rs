//! Taking a grant back: as a whole, once, and never what was spent.

use awsomeshop::types::id::{GrantId, PersonId};
use awsomeshop::types::role::Desk;
use awsomeshop::urls::hr;

use super::balance;
use crate::support::Shop;

async fn only_grant(shop: &Shop, person: PersonId) -> GrantId {
    GrantId(shop.id_of("SELECT id FROM grants WHERE person_id = ?", [person.into()]).await)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_grant_is_taken_back_once_with_its_reason() {
    let shop = Shop::open().await;
    let ann = shop.person("ann").await;
    shop.grant(ann, 90, None).await;
    let grant = only_grant(&shop, ann).await;
    let desk = shop.hr(Desk::Points).await;
    let address = hr::grant_reversal(grant);
    let page = desk.get(&hr::grant(grant)).await.expect(200).html();
    let form = page.form(&format!("form[action='{address}']"));
    let before = shop.contents().await;
    let refused = desk.submit(&form).await.expect(422).html();
    assert_eq!(refused.text_of("#note-error"), "Please fill this in.");
    shop.assert_unchanged(&before, "no reason").await;

    let form = form.with("note", "Meant for Ben");
    let clicks = futures::join!(desk.submit(&form), desk.submit(&form));
    assert_eq!([clicks.0.status(), clicks.1.status()], [303, 303]);
    assert_eq!(balance(&shop, ann).await, 0);
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM transfers WHERE reverses_id IS NOT NULL").await, 1);
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM audit_events WHERE action = 'points.undo'").await, 1);
    let page = desk.get(&hr::grant(grant)).await.expect(200);
    assert!(page.text().contains("Meant for Ben") && !page.html().has(&format!("form[action='{address}']")));
    assert_eq!(desk.post(&hr::grant_reversal(GrantId::new()), &[("note", "x")]).await.status(), 404);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_spent_or_has_lapsed_is_not_taken_back() {
    let shop = Shop::open().await;
    let (ann, ben) = (shop.person("ann").await, shop.person("ben").await);
    shop.grant(ann, 90, None).await;
    shop.grant(ben, 90, Some(shop.now().plus_seconds(60))).await;
    let grants = [only_grant(&shop, ann).await, only_grant(&shop, ben).await];
    let voucher = shop.digital_product("Voucher", 40, &["AAAA-1111"]).await;
    shop.browser_of(ann).await.redeem(&voucher, 1, "").await;
    shop.advance(120);
    let desk = shop.hr(Desk::Points).await;
    let before = shop.contents().await;
    for grant in grants {
        let page = desk.get(&hr::grant(grant)).await.expect(200).html();
        assert!(!page.has("form textarea"), "no form for what cannot be");
        let refused = desk.post(&hr::grant_reversal(grant), &[("note", "Too late")]).await.expect(409);
        assert!(refused.html().text_of("#note-error").contains("cannot be taken back"), "{refused}");
    }
    shop.assert_unchanged(&before, "taking back what is not whole").await;
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_undoing_and_spending_at_once_one_comes_first() {
    let shop = Shop::open().await;
    let desk = shop.hr(Desk::Points).await;
    let voucher = shop.digital_product("Voucher", 90, &["A-1", "A-2", "A-3", "A-4", "A-5", "A-6"]).await;
    let product = voucher.id.to_string();
    for key in ["p1", "p2", "p3", "p4", "p5", "p6"] {
        let person = shop.person(key).await;
        shop.grant(person, 90, None).await;
        let grant = only_grant(&shop, person).await;
        let browser = shop.browser_of(person).await;
        let line = [("product", product.as_str()), ("quantity", "1"), ("then", "checkout")];
        let added = browser.post("/cart/lines", &line).await.expect(303);
        let confirm = browser.follow(added).await.expect(200);
        let form = confirm.html().form("form[method=post][action='/checkout']");
        let address = hr::grant_reversal(grant);
        let undone = desk.post(&address, &[("note", "Meant for another")]);
        let (undone, spent) = futures::join!(undone, browser.submit(&form));
        let outcome = (undone.status(), spent.status());
        assert!([(303, 409), (303, 422), (409, 303)].contains(&outcome), "{outcome:?}");
        assert_eq!(balance(&shop, person).await, 0);
    }
    shop.close().await;
}
