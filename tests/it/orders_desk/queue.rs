//! The list: each filter by itself and all together, how many stand where, sorting, pages, and the same as a file.

use awsomeshop::urls;
use reqwest::Method;

use super::{OFFICE, buyer, copies, desk_again, numbers, orders, shop_with_desk};
use crate::support::browser::Browser;

async fn listed(hr: &Browser, query: &str) -> Vec<String> {
    numbers(&hr.get(&format!("/hr/orders?{query}")).await.expect(200).html())
}

/// What an address asks for.
type Query<'a> = Vec<(&'a str, &'a str)>;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_filter_finds_what_it_says_alone_and_together() {
    let (shop, _) = shop_with_desk().await;
    let (ann, anns) = buyer(&shop, "ann").await;
    let (ben, _) = buyer(&shop, "ben").await;
    shop.sql("UPDATE people SET department = 'Sales' WHERE id = ?", [ann.into()]).await;
    shop.sql("UPDATE people SET department = 'R&D' WHERE id = ?", [ben.into()]).await;
    let (lamp, mug) = (shop.product("Desk lamp", 200, 9).await, shop.product("Mug 100%", 30, 9).await);
    let first = anns.redeem(&lamp, 1, OFFICE).await;
    let second = anns.redeem(&mug, 1, OFFICE).await;
    shop.advance(86_400);
    let (bens, hr) = (shop.browser_of(ben).await, desk_again(&shop).await);
    let third = bens.redeem(&lamp, 2, OFFICE).await;
    hr.post(&urls::hr::order_fulfilment(&second), &[("note", "")]).await.expect(303);
    let all = |numbers: &[&String]| numbers.iter().map(|number| (*number).clone()).collect::<Vec<_>>();
    let encoded = |pairs: &[(&str, &str)]| serde_urlencoded::to_string(pairs).unwrap();
    let cases: Vec<(Query, Vec<String>)> = vec![
        (vec![], all(&[&first, &third])),
        (vec![("state", "all")], all(&[&third, &second, &first])),
        (vec![("state", "fulfilled")], all(&[&second])),
        (vec![("state", "cancelled")], vec![]),
        (vec![("state", "nonsense")], all(&[&first, &third])),
        (vec![("q", "archer")], all(&[&first])),
        (vec![("q", "BEN brook")], all(&[&third])),
        (vec![("q", "ben archer")], vec![]),
        (vec![("q", "E-ben")], all(&[&third])),
        (vec![("q", "ann@example")], all(&[&first])),
        (vec![("q", "%")], vec![]),
        (vec![("q", &first)], all(&[&first])),
        // A whole number is found wherever its order stands, however it is typed.
        (vec![("q", &second)], all(&[&second])),
        (vec![("department", "Sales")], all(&[&first])),
        (vec![("department", "R&D")], all(&[&third])),
        (vec![("department", "Nowhere")], vec![]),
        (vec![("product", "desk-lamp")], all(&[&first, &third])),
        (vec![("product", "LAMP")], all(&[&first, &third])),
        (vec![("product", "100%"), ("state", "all")], all(&[&second])),
        (vec![("product", "_"), ("state", "all")], vec![]),
        (vec![("from", "2026-06-16")], all(&[&third])),
        (vec![("to", "2026-06-15")], all(&[&first])),
        (vec![("from", "2026-06-15"), ("to", "2026-06-16")], all(&[&first, &third])),
        (vec![("from", "2026-06-17")], vec![]),
        (vec![("from", "tomorrow")], all(&[&first, &third])),
        (vec![("person", "nobody")], vec![]),
        (
            vec![
                ("q", "ann"),
                ("department", "Sales"),
                ("product", "lamp"),
                ("from", "2026-06-15"),
                ("to", "2026-06-15"),
                ("state", "placed"),
            ],
            all(&[&first]),
        ),
        (vec![("q", "ann"), ("department", "R&D")], vec![]),
        (vec![("product", "mug"), ("department", "R&D"), ("state", "all")], vec![]),
    ];
    for (query, expected) in cases {
        assert_eq!(listed(&hr, &encoded(&query)).await, expected, "{query:?}");
    }
    // Links from a person's page show all of theirs, whatever state they are in.
    assert_eq!(listed(&hr, &format!("person={ann}")).await, all(&[&second, &first]));
    assert_eq!(listed(&hr, &format!("person={ann}&state=waiting")).await, all(&[&first]));
    let small = second.replace('-', "").to_lowercase();
    assert_eq!(listed(&hr, &format!("q={small}")).await, all(&[&second]));
    let begins = first.chars().take(5).collect::<String>();
    assert_eq!(listed(&hr, &format!("q={begins}")).await, all(&[&first]));
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_tabs_count_what_the_filter_leaves_and_errors_stand_beside_dates() {
    let (shop, hr) = shop_with_desk().await;
    let (ann, browser) = buyer(&shop, "ann").await;
    let lamp = shop.product("Desk lamp", 200, 9).await;
    let placed = orders(&shop, &browser, &lamp, 4).await;
    hr.post(&urls::hr::order_preparation(&placed[0]), &[]).await.expect(303);
    hr.post(&urls::hr::order_fulfilment(&placed[1]), &[]).await.expect(303);
    let tabs =
        async |query: &str| hr.get(&format!("/hr/orders?{query}")).await.expect(200).html().all(".tab");
    let some = ["Waiting 3", "All 4", "Placed 2", "Being prepared 1", "Handed over 1", "Cancelled 0"];
    assert_eq!(tabs("").await, some);
    assert_eq!(tabs(&format!("person={ann}&state=cancelled")).await, some);
    assert_eq!(tabs("q=ben").await[0], "Waiting 0");
    let page = hr.get("/hr/orders?from=2026-13-01&to=x").await.expect(200).html();
    assert_eq!(page.count(".field__error"), 2);
    let page = hr.get("/hr/orders?from=2026-06-16&to=2026-06-15").await.expect(200).html();
    assert_eq!(page.count(".field__error"), 1);
    assert_eq!(page.attribute("#from", "value").as_deref(), Some("2026-06-16"), "what was typed is kept");
    // Where only the list is swapped, it says why nothing fits.
    let asked = hr.ask(Method::GET, "/hr/orders?from=2026-06-16&to=2026-06-15").htmx("results");
    assert_eq!(
        asked.send().await.expect(200).html().all(".note--warn"),
        ["Part of the filter is left out: The end of this range is before its start."]
    );
    let asked = hr.ask(Method::GET, "/hr/orders?from=2026-06-15").htmx("results").send().await;
    assert!(!asked.expect(200).html().has(".note--warn"));
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn headings_sort_pages_go_on_and_fragments_are_parts_of_the_page() {
    let (shop, hr) = shop_with_desk().await;
    let (ann, browser) = buyer(&shop, "ann").await;
    let mug = shop.product("Mug", 30, 99).await;
    let mut placed = orders(&shop, &browser, &mug, 51).await;
    let dear = browser.redeem(&mug, 3, OFFICE).await;
    assert_eq!(listed(&hr, "sort=-total").await[0], dear);
    assert_eq!(listed(&hr, "sort=-placed").await[0], dear);
    assert_eq!(listed(&hr, "sort=nonsense").await, placed[..50]);
    assert_eq!(listed(&hr, "page=2").await, [placed[50].clone(), dear.clone()]);
    assert_eq!(listed(&hr, "page=99").await.len(), 2, "a page beyond the last is the last");
    assert_eq!(listed(&hr, "page=-1").await.len(), 50);
    placed.push(dear);
    placed.sort();
    assert_eq!(listed(&hr, "sort=number").await, placed[..50]);

    let ask = async |path: &str, target: &str| {
        hr.ask(Method::GET, path).htmx(target).send().await.expect(200).text()
    };
    let results = ask("/hr/orders", "results").await;
    assert!(results.trim_start().starts_with("<section") && !results.contains("<html"), "{results}");
    let own = ask(&urls::hr::orders_of(ann), "orders").await;
    assert!(own.trim_start().starts_with("<div id=\"orders\">"), "{own}");
    let own = crate::support::html::Html::of(&own);
    assert_eq!((numbers(&own).len(), own.count("input")), (20, 0), "the newest, and nothing to tick");
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_list_that_is_not_counted_to_its_end_says_how_much_of_it_the_file_holds() {
    let (shop, hr) = shop_with_desk().await;
    let (_, browser) = buyer(&shop, "ann").await;
    let mug = shop.product("Mug", 30, 9).await;
    let placed = orders(&shop, &browser, &mug, 1).await.remove(0);
    copies(&shop, &placed, 501).await;
    let said = async |state: &str| {
        let page = hr.get(&format!("/hr/orders?state={state}")).await.expect(200).html();
        assert_eq!(page.count("#results a[download]"), 1, "{state}");
        page.all("#results .results__head .row > span")
    };

    let limit = "The file holds the first 10,000 at most; narrow the filter if there are more.";
    assert_eq!(said("cancelled").await, [limit]);
    assert_eq!(said("placed").await, [""; 0]);
    shop.sql("DELETE FROM orders WHERE number = 'ZZZZ-0500'", []).await;
    assert_eq!(said("cancelled").await, [""; 0], "all of them are counted");
    shop.sql("DELETE FROM orders WHERE number LIKE 'ZZZZ-%'", []).await;
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_file_has_the_same_orders_and_no_formula() {
    let (shop, hr) = shop_with_desk().await;
    let (ann, browser) = buyer(&shop, "ann").await;
    let lamp = shop.product("=cmd|' /C calc'!A0", 200, 9).await;
    shop.sql("UPDATE people SET name = '@SUM(1,2)', department = '+1+1' WHERE id = ?", [ann.into()]).await;
    let number = browser.redeem(&lamp, 2, OFFICE).await;
    let other = browser.redeem(&lamp, 1, OFFICE).await;
    hr.post(&urls::hr::order_fulfilment(&other), &[]).await.expect(303);
    let file = hr.get("/hr/orders.csv").await.expect(200);
    assert_eq!(file.header("content-type"), Some("text/csv; charset=utf-8"));
    let text = file.text();
    let rows: Vec<_> = text.trim_start_matches('\u{feff}').lines().collect();
    assert_eq!(
        rows[0],
        "Order,Placed,State,Person,Employee number,E-mail,Department,Items,Delivery,Goes to,Points,Given back"
    );
    let expected = format!(
        "{number},2026-06-15T10:00:00Z,Placed,\"'@SUM(1,2)\",E-ann,ann@example.test,'+1+1,\
         2 × =cmd|' /C calc'!A0,Office,\"Berlin, Lamp Street 1, 10115 Berlin\",400,0"
    );
    assert_eq!(rows[1..], [expected]);
    hr.get("/hr/orders.csv?from=never").await.expect(422);
    let all = hr.get("/hr/orders.csv?state=all&product=nothing").await.expect(200).text();
    assert_eq!(all.lines().count(), 1, "{all}");
    shop.close().await;
}
