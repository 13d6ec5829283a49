//! The order of pictures, what they show, and where employees see them.

use super::files::png;
use super::*;

/// Three pictures that show "one", "two" and "three".
async fn three() -> (Shop, Browser, Goods) {
    let (shop, hr, lamp) = open().await;
    for alt in ["one", "two", "three"] {
        upload(&hr, &lamp, alt, &[("a.png", &png(400, 300))]).await.expect(303);
    }
    (shop, hr, lamp)
}

/// The form of the picture at this place (from 1) that sends to an address with this end.
fn form(html: &Html, place: usize, end: &str) -> crate::support::html::Form {
    html.form(&format!(".shot:nth-child({place}) form[action$='{end}']"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pictures_are_moved_by_buttons_and_the_first_one_stands_in_lists() {
    let (shop, hr, lamp) = three().await;
    let html = page(&hr, &lamp).await;
    assert_eq!(html.all(".shot:first-child button[name=to]").len(), 1, "the first has no earlier");
    assert_eq!(html.all(".shot:last-child button[name=to]").len(), 1, "nor the last a later");
    assert_eq!(html.text_of(".shot:first-child .badge"), "Shown in lists");
    let earlier = form(&html, 3, "/position").with("to", "1");
    let moved = hr.submit(&earlier).await.expect(303);
    assert!(moved.location().starts_with(&format!("{}#picture-", pictures_of(&lamp))), "{moved}");
    assert_eq!(alts(&hr, &lamp).await, ["one", "three", "two"]);
    // Anywhere, not only beside it.
    let last = form(&page(&hr, &lamp).await, 1, "/position").with("to", "2");
    hr.submit(&last).await.expect(303);
    assert_eq!(alts(&hr, &lamp).await, ["three", "two", "one"]);
    let ann = shop.person("ann").await;
    let browser = shop.browser_of(ann).await;
    let list = browser.get("/").await.expect(200).html();
    assert_eq!(list.attribute(".card img", "alt").as_deref(), Some("three"));
    let trail =
        "SELECT COUNT(*) FROM audit_events WHERE action = 'product.move-picture' AND actor_id IS NOT NULL";
    assert_eq!(shop.scalar(trail).await, 2);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_move_that_no_longer_fits_changes_nothing() {
    let (shop, hr, lamp) = three().await;
    let html = page(&hr, &lamp).await;
    let later = form(&html, 1, "/position").with("to", "1");
    hr.submit(&later).await.expect(303);
    let before = shop.contents().await;
    let again = hr.submit(&later).await.expect(409);
    assert!(again.text().contains("changed"), "{again}");
    hr.submit(&form(&page(&hr, &lamp).await, 1, "/position").with("to", "3")).await.expect(409);
    for (from, to) in [("0", "-1"), ("+0", "1"), ("", "1"), ("0", "9999999999999999999")] {
        let wrong = form(&html, 2, "/position").with("from", from).with("to", to);
        hr.submit(&wrong).await.expect(400);
    }
    let other = shop.product("Other", 10, 1).await;
    let picture = html.attribute(".shot:first-child", "id").unwrap().replace("picture-", "");
    for (path, fields, status) in [
        ("/position", &[("from", "0"), ("to", "0")][..], 404),
        ("", &[("version", "1"), ("alt", "Stolen")], 404),
        // It is not there, which is what was asked for.
        ("/removal", &[], 303),
    ] {
        let address = format!("{}/{picture}{path}", pictures_of(&other));
        hr.post(&address, fields).await.expect(status);
    }
    hr.get("/hr/products/none/pictures").await.expect(404);
    let counts = before.counts();
    let after = shop.row_counts().await;
    assert_eq!((after["pictures"], after["audit_events"]), (counts["pictures"], counts["audit_events"]));
    assert_eq!(alts(&hr, &lamp).await, ["two", "one", "three"]);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_who_move_at_once_never_leave_a_gap() {
    let (shop, hr, lamp) = three().await;
    for _ in 0..5 {
        let html = page(&hr, &lamp).await;
        let (a, b) =
            (form(&html, 1, "/position").with("to", "2"), form(&html, 3, "/position").with("to", "0"));
        let (one, other) = futures::join!(hr.submit(&a), hr.submit(&b));
        let mut statuses = [one.status(), other.status()];
        statuses.sort_unstable();
        assert_eq!(statuses, [303, 409], "the second finds its picture elsewhere");
        let numbered = "SELECT COUNT(DISTINCT position) FROM pictures WHERE position BETWEEN 0 AND 2";
        assert_eq!(shop.scalar(numbered).await, 3);
    }
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_picture_shows_can_be_said_anew_unless_somebody_else_has() {
    let (shop, hr, lamp) = three().await;
    let html = page(&hr, &lamp).await;
    let id = html.attribute(".shot:nth-child(2)", "id").unwrap().replace("picture-", "");
    let words = form(&html, 2, &id);
    let kept = hr.submit(&words.clone().with("alt", "  ")).await.expect(422).html();
    assert_eq!(kept.text_of(&format!("#alt-{id}-error")), "Please fill this in.");
    assert_eq!(kept.count("[aria-invalid=true]"), 1, "beside this picture only");
    let long = "w".repeat(251);
    let kept = hr.submit(&words.clone().with("alt", &long)).await.expect(422).html();
    assert_eq!(kept.attribute(".shot:nth-child(2) input[name=alt]", "value"), Some(long));
    hr.submit(&words.clone().with("alt", " A lamp, \n lit ")).await.expect(303);
    assert_eq!(alts(&hr, &lamp).await, ["one", "A lamp, lit", "three"]);
    hr.submit(&words.with("alt", "Too late")).await.expect(409);
    assert_eq!(alts(&hr, &lamp).await, ["one", "A lamp, lit", "three"]);
    let told = "SELECT COUNT(*) FROM audit_events WHERE action = 'product.describe-picture' \
                AND details LIKE '%two%' AND details LIKE '%A lamp, lit%'";
    assert_eq!(shop.scalar(told).await, 1);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn words_that_are_sent_again_are_said_once() {
    let (shop, hr, lamp) = three().await;
    let html = page(&hr, &lamp).await;
    let id = html.attribute(".shot:nth-child(2)", "id").unwrap().replace("picture-", "");
    let words = form(&html, 2, &id).with("alt", "A lamp, lit");
    let place = format!("{}#picture-{id}", pictures_of(&lamp));
    for click in futures::future::join_all((0..8).map(|_| hr.submit(&words))).await {
        assert_eq!(click.expect(303).location(), place);
    }
    let before = shop.contents().await;
    let again = hr.submit(&words.clone().with("alt", " A lamp, \n lit ")).await.expect(303);
    assert_eq!(again.location(), place);
    shop.assert_unchanged(&before, "the same click again").await;
    assert_eq!(shop.scalar("SELECT version FROM pictures WHERE alt = 'A lamp, lit'").await, 2);
    let told = "SELECT COUNT(*) FROM audit_events WHERE action = 'product.describe-picture'";
    assert_eq!(shop.scalar(told).await, 1);
    hr.submit(&words.with("alt", "Too late")).await.expect(409);
    shop.assert_unchanged(&before, "other words of a version that is over").await;
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn employees_see_all_pictures_on_the_product_s_page_in_the_widths_there_are() {
    let (shop, _, lamp) = three().await;
    let ann = shop.person("ann").await;
    let browser = shop.browser_of(ann).await;
    let html = browser.get(&format!("/products/{}", lamp.slug)).await.expect(200).html();
    assert_eq!(html.attributes(".gallery__reel img", "alt"), ["one", "two", "three"]);
    for set in html.attributes(".gallery__reel img", "srcset") {
        let widths: Vec<_> = set.split(", ").map(|part| part.rsplit(' ').next().unwrap()).collect();
        assert_eq!(widths, ["300w"], "{set}");
    }
    // By keyboard, and without a script: the thumbnails are links to what they show.
    let links = html.attributes(".gallery__thumbs a", "href");
    assert_eq!(links.len(), 3);
    for link in links {
        assert!(html.has(&format!(".gallery__reel > {link}")), "{link}");
    }
    assert_eq!(html.attribute(".gallery__reel", "tabindex").as_deref(), Some("0"));
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_desk_neither_sees_nor_changes_pictures() {
    let (shop, hr, lamp) = three().await;
    let html = page(&hr, &lamp).await;
    let removal = form(&html, 1, "/removal");
    let others = [Desk::Orders, Desk::People, Desk::Points, Desk::Reports, Desk::Audit];
    for desk in others {
        let other = shop.hr(desk).await;
        let before = shop.contents().await;
        other.get(&pictures_of(&lamp)).await.expect(403);
        upload(&other, &lamp, "Mine", &[("a.png", &png(40, 40))]).await.expect(403);
        other.submit(&removal).await.expect(403);
        shop.assert_unchanged(&before, "another desk").await;
    }
    assert_eq!(shop.stored().len(), 3);
    let all = shop.super_admin().await;
    all.submit(&removal).await.expect(303);
    shop.close().await;
}
