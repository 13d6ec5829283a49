//! Stock by hand: exact whatever happens at once, each change once, each with its reason and its person.

use awsomeshop::catalog::stock;
use futures::future::join_all;

use super::*;
use crate::support::copies::numbers;

async fn moves(shop: &Shop) -> i64 {
    shop.scalar("SELECT COUNT(*) FROM stock_moves").await
}

#[tokio::test]
async fn stock_moves_for_a_reason_and_says_who_did_it() {
    let (shop, hr) = desk().await;
    let address = enter(&hr, &lamp_form(&hr).await).await;
    let steps = [
        ("received", "10", 10),
        ("damaged", "2", 8),
        ("lost", "1", 7),
        ("found", "1", 8),
        ("taken-out", "3", 5),
        ("counted", "9", 9),
        ("counted", "0", 0),
    ];
    for (reason, quantity, left) in steps {
        adjust(&hr, &address, reason, quantity).await.expect(303);
        assert_eq!(stock_of(&shop, id_of(&address)).await, left, "{reason}");
    }
    // As many as were there are nothing to book.
    adjust(&hr, &address, "counted", "0").await.expect(303);
    assert_eq!(moves(&shop).await, 7);
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM audit_events WHERE action = 'stock.adjust'").await, 7);

    let stock = page(&hr, &format!("{address}/stock")).await;
    assert_eq!(stock.all("#moves tbody td:nth-child(2)"), ["−9", "+4", "−3", "+1", "−1", "−2", "+10"]);
    assert_eq!(
        stock.all("#moves tbody td:nth-child(3)"),
        ["Counted", "Counted", "Taken out", "Found", "Lost", "Damaged", "Received"]
    );
    assert_eq!(stock.all("#moves tbody td:last-child"), ["hr-products"; 7]);
    assert!(stock.has("#step button[value=less][disabled]"), "none can go");
    let only = page(&hr, &format!("{address}/stock?why=counted")).await;
    assert_eq!(only.count("#moves tbody tr"), 2);
    let csv = hr.get(&format!("{address}/stock.csv?why=damaged")).await.expect(200).text();
    assert_eq!(csv.lines().count(), 2);
    assert!(csv.contains(",-2,Damaged,,,hr-products"), "{csv}");
    shop.close().await;
}

#[tokio::test]
async fn what_cannot_be_booked_is_said_and_changes_nothing() {
    let (shop, hr) = desk().await;
    let address = enter(&hr, &lamp_form(&hr).await).await;
    adjust(&hr, &address, "received", "3").await.expect(303);
    let shown = page(&hr, &format!("{address}/stock")).await.form("#adjust").with("reason", "received");
    let before = shop.contents().await;
    let note = "x".repeat(201);
    let wrong = [
        ("quantity", "", "Please fill this in."),
        ("quantity", "0", "Please choose a number from 1 to 100,000."),
        ("quantity", "-1", "Please enter a whole number."),
        ("quantity", "100001", "Please choose a number from 1 to 100,000."),
        ("reason", "sold", "Please choose from the list."),
        ("reason", "", "Please choose from the list."),
        ("note", note.as_str(), "Please keep this to 200 characters."),
    ];
    for (field, value, sentence) in wrong {
        let filled = shown.clone().with("quantity", "1").with("note", "A van").with(field, value);
        let html = hr.submit(&filled).await.expect(422).html();
        assert_eq!(html.all("#adjust .field__error"), [sentence], "{field}={value}");
        let kept = html.form("#adjust");
        assert_eq!(
            kept.value(if field == "note" { "quantity" } else { "note" }),
            if field == "note" { "1" } else { "A van" }
        );
    }
    let gone = hr.submit(&shown.clone().with("reason", "lost").with("quantity", "4")).await.expect(409);
    assert!(gone.html().text_of("[role=alert]").contains("Only 3 are left"));
    let many = shown.with("reason", "counted").with("quantity", "10000001");
    assert_eq!(hr.submit(&many).await.status(), 422);
    shop.assert_unchanged(&before, "a refused change of stock").await;
    shop.close().await;
}

#[tokio::test]
async fn a_form_counts_once_however_often_it_is_sent() {
    let (shop, hr) = desk().await;
    let address = enter(&hr, &lamp_form(&hr).await).await;
    let shown = page(&hr, &format!("{address}/stock")).await;
    let adjust = shown.form("#adjust").with("reason", "received").with("quantity", "5");
    let all = (0..8).map(|_| hr.submit(&adjust));
    assert!(join_all(all).await.iter().all(|answer| answer.status() == 303));
    assert_eq!((stock_of(&shop, id_of(&address)).await, moves(&shop).await), (5, 1));
    // With something else filled in it is another change, and wants a form of its own.
    let before = shop.contents().await;
    let other = hr.submit(&adjust.with("quantity", "6")).await.expect(409);
    assert!(other.html().text_of("[role=alert]").contains("used already"));
    let lamp = enter(&hr, &lamp_form(&hr).await).await;
    let before_other = shop.contents().await;
    assert_ne!(before, before_other);
    let step = shown.form("#step").with("step", "more");
    let elsewhere = format!("{lamp}/stock");
    let key = step.value("key").to_owned();
    assert_eq!(hr.post(&elsewhere, &[("key", &key), ("step", "more")]).await.status(), 409);
    shop.assert_unchanged(&before_other, "a key that was used").await;
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn steps_of_two_browsers_at_once_all_count() {
    let (shop, hr) = desk().await;
    let address = enter(&hr, &lamp_form(&hr).await).await;
    adjust(&hr, &address, "received", "20").await.expect(303);
    let other = shop.super_admin().await;
    let mut steps = Vec::new();
    for (browser, step) in [(&hr, "more"), (&other, "less"), (&hr, "more"), (&other, "more")] {
        for _ in 0..6 {
            let form = page(browser, &format!("{address}/stock")).await.form("#step").with("step", step);
            // Each is clicked twice.
            steps.extend([(browser, form.clone()), (browser, form)]);
        }
    }
    let statuses = join_all(steps.iter().map(|(browser, form)| browser.submit(form))).await;
    assert!(statuses.iter().all(|answer| answer.status() == 303), "{statuses:?}");
    assert_eq!(stock_of(&shop, id_of(&address)).await, 20 + 3 * 6 - 6);
    assert_eq!(moves(&shop).await, 1 + 24);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pieces_that_leave_by_hand_and_by_orders_at_once_are_never_more_than_there_are() {
    let (shop, hr) = desk().await;
    let (address, lamp) = listed_lamp(&hr, "10").await;
    let mut confirms = Vec::new();
    for n in 0..10 {
        let person = shop.person(&format!("buyer{n}")).await;
        shop.grant(person, 1_000, None).await;
        let browser = shop.browser_of(person).await;
        put_into_cart(&browser, &lamp).await.expect(303);
        let confirm = page(&browser, "/checkout").await.form("form[method=post][action='/checkout']");
        confirms.push((browser, confirm.with("delivery", "office:berlin")));
    }
    for _ in 0..10 {
        let form = page(&hr, &format!("{address}/stock")).await.form("#step").with("step", "less");
        confirms.push((hr.clone(), form));
    }
    let answers = join_all(confirms.iter().map(|(browser, form)| browser.submit(form))).await;
    let done = answers.iter().filter(|answer| answer.status() == 303).count();
    assert!(answers.iter().all(|answer| [303, 409].contains(&answer.status())), "{answers:?}");
    assert_eq!((done, stock_of(&shop, lamp.id).await), (10, 0));
    let taken = shop.scalar("SELECT COUNT(*) FROM stock_moves WHERE quantity = -1").await;
    assert_eq!(taken, 10);
    shop.close().await;
}

#[tokio::test]
async fn who_counts_is_told_when_something_was_sold_meanwhile() {
    let (shop, hr) = desk().await;
    let (address, lamp) = listed_lamp(&hr, "10").await;
    let counting = page(&hr, &format!("{address}/stock")).await.form("#adjust");
    let ann = ann(&shop, 1_000).await;
    let number = ann.redeem(&lamp, 1, "office:berlin").await;
    let before = shop.contents().await;
    let counted = counting.clone().with("reason", "counted").with("quantity", "8");
    let html = hr.submit(&counted).await.expect(409).html();
    assert!(html.text_of("[role=alert]").contains("from 10 to 9"));
    assert_eq!((html.form("#adjust").value("quantity"), html.form("#adjust").value("expected")), ("8", "9"));
    shop.assert_unchanged(&before, "a count of what has changed").await;
    // Anything else is so many more or fewer, whatever was sold.
    hr.submit(&counting.with("reason", "damaged").with("quantity", "2")).await.expect(303);
    assert_eq!(stock_of(&shop, lamp.id).await, 7);

    let stock = page(&hr, &format!("{address}/stock")).await;
    let sold = stock.all("#moves tbody tr:nth-child(2) td");
    assert_eq!((sold[1].as_str(), sold[2].as_str(), sold[3].as_str()), ("−1", "Redeemed", number.as_str()));
    assert!(!stock.has("#moves td a"), "this desk has no way to orders");
    assert_eq!(sold[4], "", "and is not told whose they are");
    let all = shop.super_admin().await;
    assert!(
        page(&all, &format!("{address}/stock")).await.has(&format!("#moves a[href='/hr/orders/{number}']"))
    );
    shop.close().await;
}

#[tokio::test]
async fn what_runs_out_is_known_to_whoever_asks() {
    let (shop, hr) = desk().await;
    let (address, lamp) = listed_lamp(&hr, "5").await;
    shop.digital_product("Voucher", 10, &["AAAA-1111"]).await;
    shop.product("Plenty", 10, 50).await;
    let empty = shop.product("Empty", 10, 0).await;
    let low = stock::low(shop.app.db.reads(), 10).await.unwrap();
    let told: Vec<_> = low.iter().map(|low| (low.name.as_str(), low.stock)).collect();
    assert_eq!(told, [("Empty", 0), ("Voucher", 1), ("Desk Lamp", 5)]);
    assert_eq!(stock::low(shop.app.db.reads(), 1).await.unwrap()[0].id, empty.id);
    assert_eq!(page(&hr, &address).await.text_of(".columns__side .badge"), "Low");
    press(&hr, &address, "unlisted").await.expect(303);
    let low = stock::low(shop.app.db.reads(), 10).await.unwrap();
    assert!(low.iter().all(|low| low.id != lamp.id), "nobody can buy it");
    shop.close().await;
}

#[tokio::test]
async fn a_long_history_has_pages() {
    let (shop, hr) = desk().await;
    let (address, lamp) = listed_lamp(&hr, "0").await;
    for n in 1..=51 {
        shop.receive(lamp.id, n).await;
    }
    let first = page(&hr, &format!("{address}/stock")).await;
    assert_eq!(
        (first.count("#moves tbody tr"), first.all("#moves td.end")[0].clone()),
        (50, "+51".to_owned())
    );
    let second = first.attribute("#pager-next-moves", "href").unwrap();
    assert_eq!(page(&hr, &second).await.all("#moves td.end"), ["+1"]);
    let part = hr.ask(reqwest::Method::GET, &second).htmx("moves").send().await.expect(200).text();
    assert!(part.starts_with("<section") || part.trim_start().starts_with("<section"), "{part}");
    assert_eq!(page(&hr, &format!("{address}/stock?page=99")).await.count("#moves tbody tr"), 1);
    shop.close().await;
}

#[tokio::test]
async fn a_history_that_is_not_counted_to_its_end_says_how_much_of_it_the_file_holds() {
    let (shop, hr) = desk().await;
    let (address, lamp) = listed_lamp(&hr, "0").await;
    shop.receive(lamp.id, 1).await;
    let copies = format!(
        "INSERT INTO stock_moves (product_id, quantity, reason, actor_id, at, note) \
         SELECT product_id, quantity, reason, actor_id, at, CONCAT_WS('', 'copy ', n) FROM stock_moves, {}",
        numbers(10_000)
    );
    assert_eq!(shop.sql(&copies, []).await, 10_000);
    let said = async |query: &str| {
        let stock = page(&hr, &format!("{address}/stock{query}")).await;
        (stock.text_of("#moves [data-announce]"), stock.all("#moves .results__head .row > span"))
    };

    let limit = "The file holds the first 50,000 at most; narrow the filter if there are more.";
    assert_eq!(said("").await, ("More than 10,000 moves".to_owned(), vec![limit.to_owned()]));
    assert_eq!(said("?why=damaged").await, ("0 moves".to_owned(), vec![]));
    let last = page(&hr, &format!("{address}/stock?page=201")).await;
    assert_eq!(
        (last.count("#moves tbody tr"), last.count("#pager-next-moves")),
        (50, 0),
        "page 200 is the last"
    );
    shop.sql("DELETE FROM stock_moves WHERE note = 'copy 100007'", []).await;
    assert_eq!(said("").await, ("10,000 moves".to_owned(), vec![]), "all of them are counted");
    // Nobody ever received them.
    shop.sql("DELETE FROM stock_moves WHERE note LIKE 'copy %'", []).await;
    shop.close().await;
}
