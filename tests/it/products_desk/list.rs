//! The list of products: found, filtered and sorted by its address, and taken along as a file.

use super::*;
use crate::support::copies::{COPY_ID, numbers};

/// Some of each, by the desk: names in alphabetical order.
async fn stocked() -> (Shop, Browser) {
    let (shop, hr) = desk().await;
    shop.category("Food").await;
    let food = shop.id_of("SELECT id FROM categories WHERE name = ?", ["Food".into()]).await.to_string();
    for (name, price, pieces, state) in [
        ("Apple", "10", "50", "listed"),
        ("=Bench", "900", "4", "listed"),
        ("Chair", "500", "0", "listed"),
        ("Desk", "2000", "0", "draft"),
        ("Easel", "300", "9", "unlisted"),
        ("Fan", "100", "0", "archived"),
    ] {
        shop.advance(60);
        let mut filled = lamp_form(&hr).await.with("name", name).with("price", price);
        if name == "Apple" {
            filled = filled.with("category", &food);
        }
        let address = enter(&hr, &filled).await;
        if pieces != "0" {
            adjust(&hr, &address, "received", pieces).await.expect(303);
        }
        if state == "unlisted" {
            press(&hr, &address, "listed").await.expect(303);
        }
        if state != "draft" {
            press(&hr, &address, state).await.expect(303);
        }
    }
    (shop, hr)
}

async fn names(hr: &Browser, query: &str) -> Vec<String> {
    page(hr, &format!("/hr/products?{query}")).await.all("#results tbody th a")
}

#[tokio::test]
async fn every_filter_leaves_what_fits() {
    let (shop, hr) = stocked().await;
    let current = ["=Bench", "Apple", "Chair", "Desk", "Easel"];
    assert_eq!(names(&hr, "").await, current);
    let cases: [(&str, &[&str]); 13] = [
        ("state=archived", &["Fan"]),
        ("state=draft", &["Desk"]),
        ("state=listed", &["=Bench", "Apple", "Chair"]),
        ("state=unlisted", &["Easel"]),
        ("state=nonsense", &current),
        ("stock=low", &["=Bench", "Chair", "Desk"]),
        ("stock=out&state=listed", &["Chair"]),
        ("category=food", &["Apple"]),
        ("category=nothing", &current),
        ("kind=digital", &[]),
        ("kind=physical&q=shines+ea", &["Easel"]),
        ("q=%25", &[]),
        ("q=b%C3%89nch", &["=Bench"]),
    ];
    for (query, found) in cases {
        assert_eq!(names(&hr, query).await, found, "{query}");
    }
    let empty = page(&hr, "/hr/products?kind=digital").await;
    assert!(empty.text_of("#results").contains("Nothing here fits"));
    shop.close().await;
}

#[tokio::test]
async fn headings_sort_and_rows_say_what_there_is() {
    let (shop, hr) = stocked().await;
    assert_eq!(names(&hr, "sort=-name").await, ["Easel", "Desk", "Chair", "Apple", "=Bench"]);
    assert_eq!(names(&hr, "sort=points").await, ["Apple", "Easel", "Chair", "=Bench", "Desk"]);
    assert_eq!(names(&hr, "sort=-stock").await[..3], ["Apple", "Easel", "=Bench"]);
    assert_eq!(names(&hr, "sort=-added").await, ["Easel", "Desk", "Chair", "=Bench", "Apple"]);
    assert_eq!(names(&hr, "sort=slug;DROP").await[0], "=Bench");
    let list = page(&hr, "/hr/products?state=listed&sort=stock").await;
    assert_eq!(list.attributes("th[aria-sort]", "aria-sort"), ["ascending"]);
    let heading = list.attributes("th a.sort", "href");
    assert_eq!(heading[0], "/hr/products?state=listed&sort=name", "a heading keeps the filter");
    // It stands in what is swapped: whoever sorts and then filters keeps the order.
    assert_eq!(list.attributes("#results [name=sort][form=filter]", "value"), ["stock"]);
    let rows: Vec<Vec<String>> =
        (1..=3).map(|n| list.all(&format!("#results tbody tr:nth-child({n}) td"))).collect();
    assert_eq!(rows[0][1..5], ["Listed", "500", "0 Sold out", "0"]);
    assert_eq!(rows[1][1..5], ["Listed", "900", "4 Low", "0"]);
    assert_eq!(rows[2][1..5], ["Listed", "10", "50", "0"]);
    let part = hr.ask(reqwest::Method::GET, "/hr/products?q=apple").htmx("results").send().await.expect(200);
    assert!(!part.text().contains("<html") && part.text().contains("Apple"));
    shop.close().await;
}

#[tokio::test]
async fn the_file_holds_what_the_page_shows_and_runs_nothing() {
    let (shop, hr) = stocked().await;
    let link = page(&hr, "/hr/products?state=listed&sort=-points").await;
    let href = link.attribute("a[download]", "href").unwrap();
    assert_eq!(href, "/hr/products.csv?state=listed&sort=-points");
    let file = hr.get(&href).await.expect(200);
    assert_eq!(file.header("content-type"), Some("text/csv; charset=utf-8"));
    let text = file.text();
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(lines.len(), 4, "{text}");
    assert!(lines[1].starts_with("'=Bench,bench,Light,Physical,Listed,900,4,5,0,2026-06-15T"), "{text}");
    assert!(lines[3].starts_with("Apple,apple,Food,Physical,Listed,10,50,5,0,"), "{text}");
    shop.close().await;
}

#[tokio::test]
async fn a_long_list_has_pages_of_fifty() {
    let (shop, hr) = desk().await;
    for n in 0..51 {
        shop.product(&format!("Thing {n:02}"), 10, 1).await;
    }
    let first = page(&hr, "/hr/products?kind=physical").await;
    assert_eq!(first.count("#results tbody tr"), 50);
    assert!(first.text_of("#results").contains("51 products"));
    let next = first.attribute("#pager-next", "href").unwrap();
    assert_eq!(next, "/hr/products?kind=physical&page=2");
    assert_eq!(page(&hr, &next).await.all("#results tbody th a"), ["Thing 50"]);
    assert_eq!(page(&hr, "/hr/products?page=77").await.count("#results tbody tr"), 1);
    shop.close().await;
}

#[tokio::test]
async fn a_list_that_is_longer_than_its_file_says_how_much_of_it_the_file_holds() {
    let (shop, hr) = desk().await;
    shop.product("Mug", 30, 9).await;
    let copies = format!(
        "INSERT INTO products (id, slug, category_id, kind, state, name, description, terms, how_to_use, search_text, \
           price, stock, redeemed, low_stock_at, version, created_at) \
         SELECT {COPY_ID}, CONCAT_WS('', 'copy-', n), category_id, kind, state, name, description, terms, how_to_use, \
           CONCAT_WS('', 'copy ', n), price, 0, 0, low_stock_at, version, created_at FROM products, {}",
        numbers(10_000)
    );
    assert_eq!(shop.sql(&copies, []).await, 10_000);
    let said = async |query: &str| {
        let list = page(&hr, &format!("/hr/products{query}")).await;
        assert_eq!(list.count("#results a[download]"), 1, "{query}");
        list.all("#results .results__head .row > span")
    };

    let limit = "The file holds the first 10,000 at most; narrow the filter if there are more.";
    assert_eq!(said("").await, [limit]);
    assert_eq!(said("?q=copy+100007").await, [""; 0]);
    shop.sql("DELETE FROM products WHERE slug = 'copy-100007'", []).await;
    assert_eq!(said("").await, [""; 0], "the file holds all of them");
    shop.close().await;
}
