//! The address book, as its owner uses it.

use awsomeshop::people::addresses::MOST_ADDRESSES;
use awsomeshop::types::id::PersonId;

use crate::support::Shop;
use crate::support::browser::Browser;
use crate::support::html::Form;

const FORM: &str = "main form";

/// The form for a new address, filled in.
async fn filled_in(browser: &Browser, recipient: &str) -> Form {
    let form = browser.get("/addresses/new").await.expect(200).html().form(FORM);
    form.with("recipient", recipient)
        .with("line1", "Lamp Street 1")
        .with("postcode", "10115")
        .with("city", "Berlin")
        .with("country", "DE")
}

/// Adds an address and returns its id.
async fn add(shop: &Shop, browser: &Browser, recipient: &str) -> String {
    // The newest of several is told by when it was entered.
    shop.advance(1);
    let form = filled_in(browser, recipient).await;
    assert_eq!(browser.submit(&form).await.expect(303).location(), "/addresses");
    let id = shop.id_of("SELECT id FROM addresses WHERE recipient = ?", [recipient.into()]).await;
    id.to_string()
}

/// The recipient of the default address, which there must be exactly one of.
async fn default_of(shop: &Shop, person: PersonId, browser: &Browser) -> String {
    let sql = "SELECT COUNT(*) FROM addresses WHERE person_id = ? AND default_of = person_id";
    assert_eq!(shop.scalar_of(sql, [person.into()]).await, 1, "exactly one default");
    let page = browser.get("/addresses").await.expect(200).html();
    assert_eq!(page.count(".address .badge"), 1);
    // The default stands first.
    page.all(".address h2").first().unwrap().clone()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_address_is_added_changed_and_removed() {
    let shop = Shop::open().await;
    let ann = shop.person("ann").await;
    let browser = shop.browser_of(ann).await;
    assert_eq!(browser.get("/addresses").await.expect(200).html().count(".address"), 0);
    let empty = browser.get("/addresses/new").await.expect(200).html().form(FORM);
    assert_eq!(
        (empty.value("recipient"), empty.value("country"), empty.value("line1")),
        ("Ann Archer", "", "")
    );

    let id = add(&shop, &browser, "Ann").await;
    let page = browser.get("/addresses").await.expect(200);
    assert!(page.html().text_of(".flash").contains("Address saved."));
    assert_eq!(page.html().text_of(".address h2"), "Ann");
    assert!(page.text().contains(">Lamp Street 1<br>10115 Berlin<br>GERMANY</address>"), "{page}");

    let form = browser.get(&format!("/addresses/{id}/edit")).await.expect(200).html().form(FORM);
    assert_eq!((form.value("recipient"), form.value("country")), ("Ann", "DE"));
    let changed = form.with("line2", "Door 3").with("phone", "+49 30 123");
    assert_eq!(browser.submit(&changed).await.expect(303).location(), "/addresses");
    let page = browser.get("/addresses").await.expect(200);
    let lines = ">Lamp Street 1<br>Door 3<br>10115 Berlin<br>GERMANY<br>+49 30 123</address>";
    assert!(page.text().contains(lines), "{page}");
    // The next one is in the same country, most likely.
    let next = browser.get("/addresses/new").await.expect(200).html().form(FORM);
    assert_eq!(next.value("country"), "DE");

    browser.post(&format!("/addresses/{id}/removal"), &[]).await.expect(303);
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM addresses").await, 0);
    browser.post(&format!("/addresses/{id}/removal"), &[]).await.expect(404);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn exactly_one_address_is_the_default() {
    let shop = Shop::open().await;
    let ann = shop.person("ann").await;
    let browser = shop.browser_of(ann).await;
    let first = add(&shop, &browser, "First").await;
    assert_eq!(default_of(&shop, ann, &browser).await, "First");
    let second = add(&shop, &browser, "Second").await;
    let third = add(&shop, &browser, "Third").await;
    assert_eq!(default_of(&shop, ann, &browser).await, "First", "others do not take its place");

    browser.post(&format!("/addresses/{second}/default"), &[]).await.expect(303);
    assert_eq!(default_of(&shop, ann, &browser).await, "Second");
    browser.post(&format!("/addresses/{second}/default"), &[]).await.expect(303);
    assert_eq!(default_of(&shop, ann, &browser).await, "Second");

    // Removing another one changes nothing, removing the default makes it the newest.
    browser.post(&format!("/addresses/{first}/removal"), &[]).await.expect(303);
    assert_eq!(default_of(&shop, ann, &browser).await, "Second");
    add(&shop, &browser, "Fourth").await;
    browser.post(&format!("/addresses/{second}/removal"), &[]).await.expect(303);
    assert_eq!(default_of(&shop, ann, &browser).await, "Fourth");

    // By the tick in the form, too; taking it away does not leave the book without a default.
    let edit = format!("/addresses/{third}/edit");
    let form = browser.get(&edit).await.expect(200).html().form(FORM);
    browser.submit(&form.with("make_default", "true")).await.expect(303);
    assert_eq!(default_of(&shop, ann, &browser).await, "Third");
    let mut form = browser.get(&edit).await.expect(200).html().form(FORM);
    form.fields.retain(|(name, _)| name != "make_default");
    browser.submit(&form).await.expect(303);
    assert_eq!(default_of(&shop, ann, &browser).await, "Third");
    browser.submit(&filled_in(&browser, "Fifth").await.with("make_default", "true")).await.expect(303);
    assert_eq!(default_of(&shop, ann, &browser).await, "Fifth");
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_default_stays_one_when_windows_race() {
    let shop = Shop::open().await;
    let ann = shop.person("ann").await;
    let browser = shop.browser_of(ann).await;
    let form = filled_in(&browser, "Same").await.with("make_default", "true");
    let adding = futures::future::join_all((0..6).map(|_| browser.submit(&form))).await;
    assert!(adding.iter().all(|answer| answer.status() == 303));
    default_of(&shop, ann, &browser).await;
    let page = browser.get("/addresses").await.expect(200).html();
    let default = page.attributes(".address form[action$='/default']", "action");
    let remove = page.attributes(".address form[action$='/removal']", "action");
    assert_eq!((default.len(), remove.len()), (5, 6));
    let doing = default.iter().chain(&remove[..3]).map(|action| browser.post(action, &[]));
    for answer in futures::future::join_all(doing).await {
        assert!([303, 404].contains(&answer.status()), "{answer}");
    }
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM addresses").await, 3);
    default_of(&shop, ann, &browser).await;
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_wrong_is_said_beside_the_field_and_what_was_typed_stays() {
    let shop = Shop::open().await;
    let ann = shop.person("ann").await;
    let browser = shop.browser_of(ann).await;
    let id = add(&shop, &browser, "Ann").await;
    let before = shop.contents().await;
    for begin in ["/addresses/new".to_owned(), format!("/addresses/{id}/edit")] {
        let form = browser.get(&begin).await.expect(200).html().form(FORM);
        let bad = form
            .with("recipient", "  ")
            .with("line1", &"x".repeat(121))
            .with("city", "<b>Berlin</b>")
            .with("country", "XX")
            .with("phone", "call me");
        let answer = browser.submit(&bad).await.expect(422).html();
        assert_eq!(answer.text_of("#recipient-error"), "Please fill this in.");
        assert_eq!(answer.text_of("#line1-error"), "Please keep this to 120 characters.");
        assert_eq!(answer.text_of("#country-error"), "Please choose from the list.");
        assert_eq!(answer.text_of("#phone-error"), "Please use digits, spaces and + - ( ) only.");
        assert_eq!(answer.attribute("#phone", "aria-describedby").unwrap(), "phone-error");
        let again = answer.form(FORM);
        assert_eq!((again.value("city"), again.value("phone")), ("<b>Berlin</b>", "call me"));
        assert_eq!(again.value("line1").len(), 121);
        assert_eq!((&again.action, &again.method), (&bad.action, &bad.method));
    }
    browser.post("/addresses", &[]).await.expect(422);
    shop.assert_unchanged(&before, "a form with problems").await;
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_checkout_is_the_one_place_a_new_address_leads_back_to() {
    let shop = Shop::open().await;
    let ann = shop.person("ann").await;
    let browser = shop.browser_of(ann).await;
    for (next, then) in [
        ("/checkout", "/checkout"),
        ("", "/addresses"),
        ("//evil.test", "/addresses"),
        ("/cart", "/addresses"),
    ] {
        let query = serde_urlencoded::to_string([("next", next)]).unwrap();
        let page = browser.get(&format!("/addresses/new?{query}")).await.expect(200);
        assert!(!page.text().contains("evil"), "{page}");
        let form = filled_in(&browser, "Ann").await.with("next", next);
        assert_eq!(browser.submit(&form).await.expect(303).location(), then, "{next:?}");
    }
    let form = browser.get("/addresses/new?next=/checkout").await.expect(200).html().form(FORM);
    assert_eq!(form.value("next"), "/checkout");
    let bad = browser.submit(&form.with("line1", "")).await.expect(422).html();
    assert_eq!(bad.form(FORM).value("next"), "/checkout", "a mistake does not lose the way");
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_book_says_so() {
    let shop = Shop::open().await;
    let ann = shop.person("ann").await;
    let browser = shop.browser_of(ann).await;
    let form = filled_in(&browser, "Ann").await;
    for _ in 0..MOST_ADDRESSES {
        browser.submit(&form).await.expect(303);
    }
    let before = shop.contents().await;
    let refused = browser.submit(&form).await.expect(409);
    assert!(refused.text().contains("20"), "{refused}");
    shop.assert_unchanged(&before, "the address too many").await;
    // Another person's book is another book.
    let ben = shop.person("ben").await;
    let other = shop.browser_of(ben).await;
    other.submit(&filled_in(&other, "Ben").await).await.expect(303);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn somebody_elses_address_is_not_there() {
    let shop = Shop::open().await;
    let (ann, ben) = (shop.person("ann").await, shop.person("ben").await);
    let browser = shop.browser_of(ann).await;
    let id = add(&shop, &browser, "Ann").await;
    let other = shop.browser_of(ben).await;
    let form = filled_in(&other, "Ben").await;
    let fields: Vec<_> = form.fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let before = shop.contents().await;
    for id in [id.as_str(), "00000000-0000-0000-0000-000000000000", "no-id"] {
        other.get(&format!("/addresses/{id}/edit")).await.expect(404);
        other.post(&format!("/addresses/{id}"), &fields).await.expect(404);
        other.post(&format!("/addresses/{id}"), &[]).await.expect(404);
        other.post(&format!("/addresses/{id}/default"), &[]).await.expect(404);
        other.post(&format!("/addresses/{id}/removal"), &[]).await.expect(404);
    }
    assert!(!other.get("/addresses").await.expect(200).text().contains("Lamp Street"));
    shop.assert_unchanged(&before, "somebody else").await;
    shop.close().await;
}
