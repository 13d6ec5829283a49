//! Codes: exactly what is new comes in, nobody of the staff sees more than their ends, and stock is what is free.

use awsomeshop::entity::codes;
use futures::future::join_all;
use sea_orm::EntityTrait;
use serde_json::json;

use super::*;
use crate::grant_runs::stage::trail;
use crate::support::copies::{COPY_ID, numbers};

/// A listed product made of codes, and its address at the desk.
async fn voucher(hr: &Browser) -> (String, Goods) {
    let filled = lamp_form(hr).await.with("name", "Book Voucher").with("kind", "digital");
    let address = enter(hr, &filled).await;
    press(hr, &address, "listed").await.expect(303);
    let (id, name) = (id_of(&address), "Book Voucher".to_owned());
    let price = awsomeshop::types::points::Points(300);
    (address, Goods { id, slug: "book-voucher".to_owned(), name, price })
}

async fn codes_page(hr: &Browser, address: &str) -> Html {
    page(hr, &format!("{address}/codes")).await
}

/// Pastes codes with the form as it is shown; the page that tells what became of them.
async fn paste(hr: &Browser, address: &str, list: &str) -> Html {
    let form = codes_page(hr, address).await.form("#paste").with("codes", list);
    let answer = hr.submit(&form).await.expect(303);
    hr.follow(answer).await.expect(200).html()
}

fn outcome(html: &Html) -> Vec<String> {
    html.all("#outcome li")
}

#[tokio::test]
async fn the_outcome_of_a_list_is_told_exactly() {
    let (shop, hr) = desk().await;
    let (address, voucher_goods) = voucher(&hr).await;
    let (other, _) = voucher(&hr).await;
    paste(&hr, &other, "OTHER-0001\nOTHER-0002").await;
    let first = paste(&hr, &address, "AAAA-0001\r\nAAAA-0002\r\n\r\n  AAAA-0003  \r\nAAAA-0001\r\n").await;
    assert_eq!(
        outcome(&first),
        [
            "3 new codes were added.",
            "1 line repeated an earlier one and was left out.",
            "No code was known already."
        ]
    );
    let second = paste(&hr, &address, "AAAA-0002\nAAAA-0004\nOTHER-0001\nAAAA-0002\nAAAA-0004").await;
    assert_eq!(
        outcome(&second),
        [
            "1 new code was added.",
            "2 lines repeated earlier ones and were left out.",
            "2 codes were known already and were left out."
        ]
    );
    assert_eq!(second.all(".figure__value"), ["4", "0", "0", "0"]);
    assert_eq!(stock_of(&shop, voucher_goods.id).await, 4);
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM codes").await, 6);
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM code_batches").await, 3);
    let none = paste(&hr, &address, "AAAA-0001").await;
    assert_eq!(outcome(&none)[0], "No new codes were added.");
    shop.close().await;
}

#[tokio::test]
async fn a_list_sent_twice_is_brought_once_and_tells_the_same() {
    let (shop, hr) = desk().await;
    let (address, goods) = voucher(&hr).await;
    let form = codes_page(&hr, &address).await.form("#paste").with("codes", "AAAA-0001\nAAAA-0002");
    let key = form.value("key").to_owned();
    let answers = join_all((0..6).map(|_| hr.submit(&form))).await;
    let first = answers[0].location().to_owned();
    assert!(answers.iter().all(|answer| answer.status() == 303 && answer.location() == first));
    assert_eq!(outcome(&page(&hr, &first).await)[0], "2 new codes were added.");
    assert_eq!(stock_of(&shop, goods.id).await, 2);
    let before = shop.contents().await;
    let other = hr.submit(&form.with("codes", "AAAA-0003")).await.expect(409).html();
    assert!(other.text_of("[role=alert]").contains("used already"));
    assert_eq!(other.form("#paste").value("codes"), "AAAA-0003", "what was typed is kept");
    shop.assert_unchanged(&before, "another list under the same key").await;
    let details = json!({ "batch": key, "added": 2, "repeated": 0, "known": 0 });
    let subject = format!("product {}", goods.id);
    assert_eq!(trail(&shop, "codes.add").await, [json!(["hr-products", subject, details])]);
    shop.close().await;
}

#[tokio::test]
async fn a_file_is_read_as_spreadsheets_write_it() {
    let (shop, hr) = desk().await;
    let (address, goods) = voucher(&hr).await;
    let target = format!("{address}/codes/file");
    let send = async |content: &[u8]| {
        let key = codes_page(&hr, &address).await.form("#upload").value("key").to_owned();
        hr.upload(&target, &[("key", &key)], &[("file", "codes.csv", content)]).await
    };
    let done = send("\u{feff}\"Code\"\r\n\"FILE-0001\"\r\nFILE-0002;\r\nFILE-0001\r\n".as_bytes()).await;
    let told = outcome(&page(&hr, done.expect(303).location()).await);
    assert_eq!(told[..2], ["2 new codes were added.", "1 line repeated an earlier one and was left out."]);
    let utf16: Vec<u8> =
        [0xff, 0xfe].into_iter().chain("FILE-0003\n".encode_utf16().flat_map(u16::to_le_bytes)).collect();
    send(&utf16).await.expect(303);
    assert_eq!(stock_of(&shop, goods.id).await, 3);

    let before = shop.contents().await;
    let too_many = (0..10_001).map(|n| format!("M-{n}\n")).collect::<Vec<_>>().concat();
    let long = format!("OK-0001\n{}", "x".repeat(201));
    for (content, sentence) in [
        (&b"PK\x03\x04\x00\x00"[..], "This file is not text. Please save it as text or CSV."),
        (b"\n\n", "Please fill this in."),
        (
            b"NEW-0001\nNEW-0002,2027-01-01\n",
            "Line 2 holds more than one code. Please put one code on each line.",
        ),
        (long.as_bytes(), "Line 2 is longer than 200 characters."),
        (too_many.as_bytes(), "Please keep this to 10,000 at once."),
    ] {
        let html = send(content).await.expect(422).html();
        assert_eq!(html.all("#upload .field__error"), [sentence]);
    }
    let key = codes_page(&hr, &address).await.form("#upload").value("key").to_owned();
    let without = hr.upload(&target, &[("key", &key)], &[]).await.expect(422).html();
    assert_eq!(without.all("#upload .field__error"), ["Please fill this in."]);
    shop.assert_unchanged(&before, "a file that is no list").await;
    shop.close().await;
}

#[tokio::test]
async fn ten_thousand_codes_come_in_one_go() {
    let (shop, hr) = desk().await;
    let (address, goods) = voucher(&hr).await;
    paste(&hr, &address, "BULK-00007\nBULK-00008").await;
    let list = (0..10_000).map(|n| format!("BULK-{n:05}\r\n")).collect::<Vec<_>>().concat();
    let done = paste(&hr, &address, &list).await;
    assert_eq!(
        outcome(&done),
        [
            "9,998 new codes were added.",
            "No line was repeated.",
            "2 codes were known already and were left out."
        ]
    );
    assert_eq!(stock_of(&shop, goods.id).await, 10_000);
    assert_eq!(done.count("#pool tbody tr"), 50);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_codes_by_two_at_once_come_in_once() {
    let (shop, hr) = desk().await;
    let (address, _) = voucher(&hr).await;
    let (other, _) = voucher(&hr).await;
    let mut forms = Vec::new();
    for n in 0..4 {
        let to = if n % 2 == 0 { &address } else { &other };
        let mut list: Vec<_> = (0..300).map(|n| format!("SAME-{n:04}")).collect();
        if n > 1 {
            list.reverse();
        }
        forms.push(codes_page(&hr, to).await.form("#paste").with("codes", &list.join("\n")));
    }
    let answers = join_all(forms.iter().map(|form| hr.submit(form))).await;
    assert!(answers.iter().all(|answer| answer.status() == 303), "{answers:?}");
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM codes").await, 300);
    let sums = "SELECT CAST(SUM(added) AS SIGNED) FROM code_batches";
    assert_eq!(shop.scalar(sums).await, 300);
    assert_eq!(shop.scalar("SELECT CAST(SUM(known) AS SIGNED) FROM code_batches").await, 900);
    shop.close().await;
}

#[tokio::test]
async fn staff_see_the_last_four_and_nothing_else_anywhere() {
    let (shop, hr) = desk().await;
    let (address, goods) = voucher(&hr).await;
    paste(&hr, &address, "SECRETMARK-WXYZ\nABCDE").await;
    let ann = ann(&shop, 1_000).await;
    let number = ann.redeem(&goods, 1, "").await;
    let all = shop.super_admin().await;
    let places = [
        format!("{address}/codes"),
        format!("{address}/codes?state=assigned"),
        format!("{address}/codes.csv"),
        format!("{address}/stock"),
        address.clone(),
        "/hr/products".to_owned(),
        format!("/hr/orders/{number}"),
    ];
    for place in &places {
        let text = all.get(place).await.expect(200).text();
        assert!(!text.contains("SECRETMARK") && !text.contains("ABCDE"), "{place}");
    }
    let shown = codes_page(&hr, &address).await;
    assert_eq!(shown.all("#pool tbody th"), ["•••• DE", "•••• WXYZ"], "half of a short one");
    let kept: Vec<codes::Model> = codes::Entity::find().all(shop.app.db.reads()).await.unwrap();
    assert!(kept.iter().all(|code| !String::from_utf8_lossy(&code.sealed).contains("MARK")));
    let told = "SELECT COUNT(*) FROM audit_events WHERE details LIKE '%SECRETMARK%' OR details LIKE '%WXYZ%'";
    assert_eq!(shop.scalar(told).await, 0);
    shop.close().await;
}

#[tokio::test]
async fn codes_are_counted_listed_and_found_by_what_became_of_them() {
    let (shop, hr) = desk().await;
    let (address, goods) = voucher(&hr).await;
    paste(&hr, &address, "AAAA-0001\nAAAA-0002\nAAAA-0003\nAAAA-0004").await;
    let ann = ann(&shop, 1_000).await;
    let number = ann.redeem(&goods, 2, "").await;
    let order = page(&ann, &format!("/orders/{number}")).await;
    let reveal = order.attributes("form[action$='/reveal']", "action").remove(0);
    ann.post(&reveal, &[]).await.expect(200);
    withdraw(&hr, &address, "0004", "Torn").await.expect(303);

    let shown = codes_page(&hr, &address).await;
    assert_eq!(shown.all(".figure__value"), ["1", "1", "1", "1"]);
    for (state, last_four) in
        [("free", "0003"), ("assigned", "0002"), ("revealed", "0001"), ("withdrawn", "0004")]
    {
        let only = page(&hr, &format!("{address}/codes?state={state}")).await;
        assert_eq!(only.all("#pool tbody th"), [format!("•••• {last_four}")], "{state}");
        let csv = hr.get(&format!("{address}/codes.csv?state={state}")).await.expect(200).text();
        assert_eq!(csv.lines().count(), 2);
    }
    let found = page(&hr, &format!("{address}/codes?q=0002")).await;
    assert_eq!(found.count("#pool tbody tr"), 1);
    // What a filter replaces is the list, and there is nothing else of its name.
    let filter = found.attribute("#filter", "hx-target").unwrap();
    assert_eq!((filter.as_str(), found.count("#pool"), found.count("#codes")), ("#pool", 1, 1));
    let swap = hr.ask(reqwest::Method::GET, &format!("{address}/codes?q=0002")).htmx("pool").send().await;
    assert_eq!(swap.expect(200).html().count("section#pool"), 1);
    assert_eq!(page(&hr, &format!("{address}/codes?q=A-0002")).await.count("#pool tbody tr"), 0);
    assert_eq!(page(&hr, &format!("{address}/stock")).await.all("#moves td.end"), ["−1", "−2", "+4"]);
    shop.close().await;
}

/// Withdraws the code that ends like this, with the form beside it.
async fn withdraw(hr: &Browser, address: &str, last_four: &str, reason: &str) -> Answer {
    let found = page(hr, &format!("{address}/codes?q={last_four}")).await;
    let form = found.form("form[action$='/withdrawal']").with("reason", reason);
    hr.submit(&form).await
}

#[tokio::test]
async fn a_withdrawn_code_is_never_sold_and_known_when_it_comes_again() {
    let (shop, hr) = desk().await;
    let (address, goods) = voucher(&hr).await;
    paste(&hr, &address, "AAAA-0001\nAAAA-0002").await;
    let before = shop.contents().await;
    let html = withdraw(&hr, &address, "0001", " ").await.expect(422).html();
    assert!(html.text_of("[role=alert]").contains("Please fill this in."));
    assert_eq!(withdraw(&hr, &address, "0001", &"x".repeat(201)).await.status(), 422);
    shop.assert_unchanged(&before, "a withdrawal without a reason").await;

    let found = page(&hr, &format!("{address}/codes?q=0001")).await;
    let form = found.form("form[action$='/withdrawal']").with("reason", "In a newspaper");
    hr.submit(&form).await.expect(303);
    hr.submit(&form).await.expect(303);
    assert_eq!(stock_of(&shop, goods.id).await, 1);
    let audited =
        "SELECT COUNT(*) FROM audit_events WHERE action = 'code.withdraw' AND details LIKE '%newspaper%'";
    assert_eq!(shop.scalar(audited).await, 1);
    let again = paste(&hr, &address, "AAAA-0001").await;
    assert_eq!(outcome(&again)[2], "1 code was known already and was left out.");

    let ann = ann(&shop, 1_000).await;
    let other = page(&hr, &format!("{address}/codes?q=0002")).await;
    let late = other.form("form[action$='/withdrawal']").with("reason", "Too late");
    ann.redeem(&goods, 1, "").await;
    let before = shop.contents().await;
    let html = hr.submit(&late).await.expect(409).html();
    assert!(html.text_of("[role=alert]").contains("redeemed or withdrawn meanwhile"));
    shop.assert_unchanged(&before, "a withdrawal of what was sold").await;
    let elsewhere = enter(&hr, &lamp_form(&hr).await.with("kind", "digital")).await;
    let foreign = late.action.replace(&address, &elsewhere);
    assert_eq!(hr.post(&foreign, &[("reason", "x")]).await.status(), 404);
    shop.close().await;
}

#[tokio::test]
async fn a_withdrawal_leaves_the_list_as_it_was_and_its_menu_open_when_it_does_not_fit() {
    let (shop, hr) = desk().await;
    let (address, _) = voucher(&hr).await;
    let sixty = (0..60).map(|n| format!("AAAA-{n:04}\n")).collect::<Vec<_>>().concat();
    paste(&hr, &address, &sixty).await;
    let list = format!("{address}/codes?state=free&page=2");
    let shown = page(&hr, &list).await;
    let codes = shown.all("#pool tbody th");
    assert_eq!((codes.len(), shown.count("#pool details[open]")), (10, 0));
    let menu = format!("form[action='{}']", shown.attributes("form[action$='/withdrawal']", "action")[3]);
    let form = shown.form(&menu);
    let before = shop.contents().await;
    let long = "x".repeat(201);
    for (reason, sentence) in
        [(" ", "Please fill this in."), (long.as_str(), "Please keep this to 200 characters.")]
    {
        let html = hr.submit(&form.clone().with("reason", reason)).await.expect(422).html();
        assert_eq!(html.all("#pool tbody th"), codes);
        assert_eq!(html.text_of("#filter option[selected]"), "Free");
        assert_eq!(html.count("#pool details[open]"), 1);
        assert_eq!(html.text_of(&format!("details[open] {menu} .field__error")), sentence);
        assert_eq!(html.form(&menu).value("reason"), reason);
        assert_eq!(html.count("[name=reason]:not([value=''])"), 1, "the others are not about this code");
    }
    shop.assert_unchanged(&before, "a withdrawal that does not fit").await;

    let done = hr.submit(&form.with("reason", "Torn")).await.expect(303);

    assert_eq!(done.location(), list);
    assert_eq!(page(&hr, &list).await.count("#pool tbody th"), 9);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn codes_that_are_withdrawn_and_sold_at_once_go_one_way_each() {
    let (shop, hr) = desk().await;
    let (address, goods) = voucher(&hr).await;
    let list: Vec<_> = (0..6).map(|n| format!("AAAA-000{n}")).collect();
    paste(&hr, &address, &list.join("\n")).await;
    let shown = codes_page(&hr, &address).await;
    let actions = shown.attributes("form[action$='/withdrawal']", "action");
    let mut buyers = Vec::new();
    for n in 0..6 {
        let person = shop.person(&format!("buyer{n}")).await;
        shop.grant(person, 1_000, None).await;
        let browser = shop.browser_of(person).await;
        put_into_cart(&browser, &goods).await.expect(303);
        let confirm = page(&browser, "/checkout").await.form("form[method=post][action='/checkout']");
        buyers.push((browser, confirm));
    }
    let withdrawals = actions.iter().map(|action| hr.post(action, &[("reason", "Race")]));
    let orders = buyers.iter().map(|(browser, form)| browser.submit(form));
    let (withdrawn, ordered) = futures::join!(join_all(withdrawals), join_all(orders));
    let done = |answers: &[Answer]| answers.iter().filter(|answer| answer.status() == 303).count();
    assert!(withdrawn.iter().chain(&ordered).all(|answer| [303, 409].contains(&answer.status())));
    assert_eq!((done(&withdrawn) + done(&ordered), stock_of(&shop, goods.id).await), (6, 0));
    shop.close().await;
}

#[tokio::test]
async fn the_stock_of_codes_is_not_changed_by_hand_and_lamps_have_none() {
    let (shop, hr) = desk().await;
    let (address, _) = voucher(&hr).await;
    let lamp = enter(&hr, &lamp_form(&hr).await).await;
    let before = shop.contents().await;
    assert!(!page(&hr, &format!("{address}/stock")).await.has("#adjust"));
    let key = "0f9619ff-8b86-4d01-b42d-00cf4fc964ff";
    let by_hand = hr.post(&format!("{address}/stock"), &[("key", key), ("step", "more")]).await.expect(409);
    assert!(by_hand.html().text_of("[role=alert]").contains("its free codes"));
    let codes = hr.post(&format!("{lamp}/codes"), &[("key", key), ("codes", "AAAA-0001")]).await;
    assert_eq!(codes.status(), 404);
    shop.assert_unchanged(&before, "stock of the wrong kind").await;
    shop.close().await;
}

#[tokio::test]
async fn a_list_that_is_longer_than_its_file_says_how_much_of_it_the_file_holds() {
    let (shop, hr) = desk().await;
    let (address, _) = voucher(&hr).await;
    paste(&hr, &address, "AAAA-0001").await;
    // Withdrawn ones are no stock.
    let copies = format!(
        "INSERT INTO codes (id, product_id, sealed, hmac, last_four, created_at, withdrawn_at) \
         SELECT {COPY_ID}, product_id, sealed, {COPY_ID}, 'COPY', created_at, created_at FROM codes, {}",
        numbers(50_000)
    );
    assert_eq!(shop.sql(&copies, []).await, 50_000);
    let said = async |query: &str| {
        let shown = page(&hr, &format!("{address}/codes{query}")).await;
        assert_eq!(shown.count("#pool a[download]"), 1, "{query}");
        shown.all("#pool .results__head .row > span")
    };

    let limit = "The file holds the first 50,000 at most; narrow the filter if there are more.";
    assert_eq!(said("").await, [limit]);
    assert_eq!(said("?state=withdrawn").await, [""; 0], "the file holds all of them");
    assert_eq!(said("?q=0001").await, [""; 0]);
    // The copies never were in stock.
    shop.abandon().await;
}
