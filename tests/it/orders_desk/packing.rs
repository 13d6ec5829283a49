//! The packing list: what is to be packed and where it goes, without prices, on paper.

use awsomeshop::urls;

use super::{OFFICE, buyer, copies, orders, shop_with_desk};
use crate::support::html::Form;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_list_has_goods_and_addresses_and_no_prices() {
    let (shop, hr) = shop_with_desk().await;
    let (ann, browser) = buyer(&shop, "ann").await;
    shop.sql("UPDATE people SET department = 'Sales' WHERE id = ?", [ann.into()]).await;
    let (lamp, mug) = (shop.product("Desk lamp", 777, 9).await, shop.product("Mug", 33, 9).await);
    let voucher = shop.digital_product("Voucher", 55, &["AAAA-1111", "AAAA-2222"]).await;
    let home = [
        ("recipient", "Ann at home"),
        ("line1", "Elm Street 7"),
        ("line2", ""),
        ("postcode", "10115"),
        ("city", "Berlin"),
        ("region", ""),
        ("country", "DE"),
        ("phone", ""),
    ];
    browser.post("/addresses", &home).await.expect(303);
    let address = shop.id_of("SELECT id FROM addresses", []).await;
    for goods in [&mug, &voucher] {
        let id = goods.id.to_string();
        browser.post("/cart/lines", &[("product", &id), ("quantity", "2")]).await.expect(303);
    }
    let parcel = browser.redeem(&lamp, 1, &format!("address:{address}")).await;
    shop.advance(60);
    let office = browser.redeem(&mug, 3, OFFICE).await;
    let gone = orders(&shop, &browser, &mug, 1).await.remove(0);
    browser.post(&urls::order_cancellation(&gone), &[]).await.expect(303);
    // One mug of the parcel goes back.
    let line = shop.id_of("SELECT id FROM order_lines WHERE name = 'Mug' AND quantity = 2", []).await;
    let part = [(format!("line-{line}"), "1"), ("version".to_owned(), "1"), ("reason".to_owned(), "Broken")];
    let part: Vec<_> = part.iter().map(|(name, value)| (name.as_str(), *value)).collect();
    hr.post(&urls::hr::order_cancellation(&parcel), &part).await.expect(303);
    hr.post(&urls::hr::order_notes(&parcel), &[("words", "m-private")]).await.expect(303);

    let chosen = format!("order-{parcel}=true&order-{office}=true&order-{gone}=true&note=x&list=");
    let page = hr.get(&urls::hr::packing_list(&chosen)).await.expect(200);
    let html = page.html();

    assert_eq!(html.all(".slip h2"), [parcel.clone(), office.clone()], "oldest first");
    assert_eq!(html.all(".slip__items li"), ["1 × Desk lamp", "1 × Mug", "3 × Mug"]);
    let addresses = html.all(".slip address");
    assert!(addresses[0].contains("Ann at home") && addresses[0].contains("Elm Street 7"), "{addresses:?}");
    assert!(addresses[1].contains("Lamp Street 1"), "{addresses:?}");
    assert!(html.text_of("main").contains("For Ann Archer, Sales"));
    assert!(html.text_of("main").contains("One order is not on the list"), "the cancelled one");
    let main = html.text_of("main");
    for secret in ["point", "m-private", "Voucher"] {
        assert!(!main.contains(secret), "{secret} in {main}");
    }
    let slips = [html.all(".slip__items"), html.all(".slip__to")].concat().join(" ");
    assert!(!["777", "33", "55"].iter().any(|price| slips.contains(price)), "{slips}");
    assert_eq!(html.count(".slips--compact"), 0);
    let other = html.attribute(".head__end a", "href").unwrap();
    assert!(hr.get(&other).await.expect(200).html().has(".slips--compact"));
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_list_of_a_filter_packs_what_waits_and_stops_at_its_limit() {
    let (shop, hr) = shop_with_desk().await;
    let (ann, browser) = buyer(&shop, "ann").await;
    let mug = shop.product("Mug", 1, 999).await;
    let placed = orders(&shop, &browser, &mug, 3).await;
    hr.post(&urls::hr::order_preparation(&placed[1]), &[]).await.expect(303);
    hr.post(&urls::hr::order_fulfilment(&placed[2]), &[]).await.expect(303);
    let slips =
        async |query: &str| hr.get(&urls::hr::packing_list(query)).await.expect(200).html().all(".slip h2");
    assert_eq!(slips("").await, placed[..2]);
    assert_eq!(slips("state=preparing").await, placed[1..2]);
    assert_eq!(slips("state=all").await, placed[..2], "what waits among all");
    assert_eq!(slips("state=fulfilled").await, [""; 0]);
    assert_eq!(slips("product=lamp").await, [""; 0]);
    assert_eq!(slips(&format!("person={ann}&layout=compact")).await, placed[..2]);
    copies(&shop, &placed[0], 200).await;
    shop.sql("UPDATE orders SET state = 'placed' WHERE number LIKE 'ZZZZ-%'", []).await;
    let page = hr.get(&urls::hr::packing_list("")).await.expect(200).html();
    assert!(page.text_of("main").contains("There are more: these are the 200 oldest."));
    shop.sql("DELETE FROM orders WHERE number LIKE 'ZZZZ-%'", []).await;
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn with_nothing_ticked_what_the_list_shows_is_packed() {
    let (shop, hr) = shop_with_desk().await;
    let (_, browser) = buyer(&shop, "ann").await;
    let (lamp, mug) = (shop.product("Desk lamp", 2, 9).await, shop.product("Mug", 1, 9).await);
    let lamps = orders(&shop, &browser, &lamp, 2).await;
    let mugs = orders(&shop, &browser, &mug, 2).await;
    hr.post(&urls::hr::order_fulfilment(&mugs[1]), &[]).await.expect(303);
    for (query, packed) in [
        ("product=lamp&sort=-placed", &lamps[..]),
        ("state=all&product=mug", &mugs[..1]),
        ("state=fulfilled", &[]),
        ("", &[lamps[0].clone(), lamps[1].clone(), mugs[0].clone()]),
    ] {
        let list = hr.get(&urls::hr::orders_filtered(query)).await.expect(200).html();
        let form =
            Form { action: urls::hr::packing_list(""), method: "get".to_owned(), ..list.form("#batch") };
        let page = hr.submit(&form).await.expect(200).html();
        assert_eq!(page.all(".slip h2"), packed, "{query}");
        // The other layout is of the same orders.
        let other = page.attribute(".head__end a", "href").unwrap();
        let page = hr.get(&other).await.expect(200).html();
        assert_eq!(page.all(".slip h2"), packed, "{other}");
        let ticked = hr.submit(&form.with(&format!("order-{}", mugs[0]), "true")).await.expect(200).html();
        assert_eq!(ticked.all(".slip h2"), mugs[..1], "{query}");
    }
    let odd = hr.get(&urls::hr::packing_list("list=q%3Da%26q%3Db")).await;
    assert_eq!(odd.status(), 400, "a list that asks for two things at once");
    shop.close().await;
}
