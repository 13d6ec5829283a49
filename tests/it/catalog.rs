//! The catalog as employees use it: searching, filtering, sorting, paging, and the page of each product.

mod products;

use awsomeshop::catalog::details::Details;
use awsomeshop::catalog::pictures::add::{self, NewPicture};
use awsomeshop::catalog::{categories, create, stock};
use awsomeshop::types::actor::Actor;
use awsomeshop::types::id::{CategoryId, PersonId, PictureId, ProductId};
use awsomeshop::types::points::Points;
use awsomeshop::types::product_kind::{ProductKind, ProductState};
use awsomeshop::types::window::Window;
use futures::FutureExt;

use crate::support::Shop;
use crate::support::browser::Browser;
use crate::support::html::Html;
use crate::support::setting::Goods;

/// Name, category, price, pieces.
type Entry = (&'static str, &'static str, i64, i64);

/// What most tests find on the shelves, oldest first.
const SHELVES: [Entry; 6] = [
    ("Café Crème", "Food", 120, 10),
    ("Desk lamp", "Home office", 450, 5),
    ("Desk", "Home office", 2_000, 2),
    ("100% cotton_shirt", "Clothing", 300, 0),
    ("Backpack", "Travel", 450, 9),
    ("alarm clock", "Home office", 90, 20),
];

async fn category(shop: &Shop, name: &'static str) -> CategoryId {
    let now = shop.now();
    let sql = "SELECT COUNT(*) FROM categories WHERE name = ?";
    if shop.scalar_of(sql, [name.into()]).await > 0 {
        return CategoryId(shop.id_of("SELECT id FROM categories WHERE name = ?", [name.into()]).await);
    }
    let added = shop
        .app
        .db
        .write("test.category", move |tx| categories::add(tx, now, Actor::Shop, name.to_owned()).boxed());
    added.await.unwrap()
}

/// Puts a product on the shelf, a minute after the one before it.
async fn shelve(shop: &Shop, (name, category_name, price, pieces): Entry) -> Goods {
    let category_id = category(shop, category_name).await;
    shop.advance(60);
    let now = shop.now();
    let id = ProductId::new();
    let new = Details {
        category_id,
        kind: ProductKind::Physical,
        name: name.to_owned(),
        slug: None,
        description: format!("All about the {name}.\n\nÜbergroß, and nothing else."),
        terms: "No returns.".to_owned(),
        how_to_use: String::new(),
        price: Points(price),
        low_stock_at: 3,
        limit: None,
        window: Window::default(),
    };
    let created = shop.app.db.write("test.product", move |tx| {
        let new = new.clone();
        async move {
            create::create(tx, now, Actor::Shop, id, ProductState::Listed, new).await?;
            stock::receive(tx, now, Actor::Shop, id, pieces).await
        }
        .boxed()
    });
    created.await.unwrap();
    let slug = awsomeshop::catalog::find(shop.app.db.reads(), id).await.unwrap().unwrap().slug;
    Goods { id, slug, name: name.to_owned(), price: Points(price) }
}

/// A shop with [`SHELVES`], and somebody with so many points.
async fn stocked(points: i64) -> (Shop, Browser, Vec<Goods>) {
    let shop = Shop::open().await;
    let mut goods = Vec::new();
    for entry in SHELVES {
        goods.push(shelve(&shop, entry).await);
    }
    let (_, browser) = somebody(&shop, points).await;
    (shop, browser, goods)
}

async fn somebody(shop: &Shop, points: i64) -> (PersonId, Browser) {
    let ann = shop.person("ann").await;
    if points > 0 {
        shop.grant(ann, points, None).await;
    }
    (ann, shop.browser_of(ann).await)
}

async fn page(browser: &Browser, address: &str) -> Html {
    browser.get(address).await.expect(200).html()
}

/// The names on a page of the catalog, in its order.
async fn names(browser: &Browser, query: &str) -> Vec<String> {
    page(browser, &format!("/?{query}")).await.all("#results .card__name a")
}

async fn withdraw(shop: &Shop, id: ProductId, state: &str) {
    let changed = shop.sql("UPDATE products SET state = ? WHERE id = ?", [state.into(), id.into()]).await;
    assert_eq!(changed, 1);
}

#[tokio::test]
async fn every_sort_has_one_exact_order() {
    let (shop, browser, goods) = stocked(10_000).await;
    let newest = ["alarm clock", "Backpack", "100% cotton_shirt", "Desk", "Desk lamp", "Café Crème"];
    assert_eq!(names(&browser, "").await, newest);
    assert_eq!(names(&browser, "sort=newest").await, newest);
    assert_eq!(names(&browser, "sort=nonsense").await, newest);
    // Of one price, the one that was entered later comes later, and the other way round.
    let up = ["alarm clock", "Café Crème", "100% cotton_shirt", "Desk lamp", "Backpack", "Desk"];
    assert_eq!(names(&browser, "sort=price-up").await, up);
    let down = ["Desk", "Backpack", "Desk lamp", "100% cotton_shirt", "Café Crème", "alarm clock"];
    assert_eq!(names(&browser, "sort=price-down").await, down);
    let by_name = ["100% cotton_shirt", "alarm clock", "Backpack", "Café Crème", "Desk", "Desk lamp"];
    assert_eq!(names(&browser, "sort=name").await, by_name);
    browser.redeem(&goods[0], 3, "office:berlin").await;
    browser.redeem(&goods[4], 1, "office:berlin").await;
    let redeemed = ["Café Crème", "Backpack", "alarm clock", "100% cotton_shirt", "Desk", "Desk lamp"];
    assert_eq!(names(&browser, "sort=most-redeemed").await, redeemed);
    shop.close().await;
}

#[tokio::test]
async fn a_search_finds_products_that_have_all_its_words_however_they_are_written() {
    let (shop, browser, _) = stocked(0).await;
    let found = async |q: &str| {
        names(&browser, &serde_urlencoded::to_string([("q", q), ("sort", "name")]).unwrap()).await
    };
    assert_eq!(found("desk").await, ["Desk", "Desk lamp"]);
    assert_eq!(found("LAMP desk").await, ["Desk lamp"]);
    assert_eq!(found("cafe creme").await, ["Café Crème"]);
    assert_eq!(found("CAFÉ").await, ["Café Crème"]);
    assert_eq!(found("ubergross").await.len(), 6);
    assert_eq!(found("home office").await, ["alarm clock", "Desk", "Desk lamp"]);
    assert_eq!(found("desk backpack").await, [""; 0]);
    // The end of one text and the beginning of the next are not one word.
    assert_eq!(found("lamphome").await, [""; 0]);
    // Nine words: the last one is not looked for.
    assert_eq!(found("d e s k l a m p nowhere").await, ["Desk lamp"]);
    let shown = page(&browser, "/?q=desk").await;
    assert_eq!(shown.attribute("#search", "value").as_deref(), Some("desk"));
    assert!(shown.text_of("#results [data-announce]").contains("2 products for “desk”"));
    shop.close().await;
}

#[tokio::test]
async fn signs_that_databases_read_otherwise_are_searched_for_as_they_are() {
    let (shop, browser, _) = stocked(0).await;
    let back = shelve(&shop, (r"A\B", "Home office", 10, 1)).await;
    assert_eq!(back.slug, "a-b");
    let found = async |q: &str| names(&browser, &serde_urlencoded::to_string([("q", q)]).unwrap()).await;
    assert_eq!(found("%").await, ["100% cotton_shirt"]);
    assert_eq!(found("_").await, ["100% cotton_shirt"]);
    assert_eq!(found("100%").await, ["100% cotton_shirt"]);
    assert_eq!(found("n_s").await, ["100% cotton_shirt"]);
    assert_eq!(found("d_sk").await, [""; 0]);
    assert_eq!(found(r"\").await, [r"A\B"]);
    assert_eq!(found(r"a\b").await, [r"A\B"]);
    for hostile in ["'", "\"", "' OR 1=1 -- ", "!", "!%", r"\%", "%%", "${7*7}", "<script>"] {
        assert_eq!(found(hostile).await, [""; 0], "{hostile}");
    }
    shop.close().await;
}

#[tokio::test]
async fn nothing_in_an_address_breaks_the_page() {
    let (shop, browser, _) = stocked(0).await;
    let before = shop.contents().await;
    let long = "x".repeat(3_000);
    for query in [
        &format!("q={long}"),
        &format!("{long}={long}"),
        &format!("min={long}&max={long}&category={long}&sort={long}&page={long}"),
        "q=%00&category=%00&min=%00&sort=%00&page=%00",
        "q=%FF%FE&category=%C3",
        "q=a&q=b&min=1&min=2&page=1&page=2",
        "page=0",
        "page=-1",
        "page=4294967296",
        "page=99999999999999999999",
        "category=%27%20OR%201%3D1",
        "min=1e3",
        "min=-5&max=0x10",
        "min=9223372036854775807&max=9223372036854775808",
        "&&&=&==",
        "q=%F0%9F%8E%81",
    ] {
        let answer = browser.get(&format!("/?{query}")).await;
        assert_eq!(answer.status(), 200, "{}", query.chars().take(60).collect::<String>());
    }
    shop.assert_unchanged(&before, "looking around").await;
    shop.close().await;
}

#[tokio::test]
async fn each_filter_leaves_out_exactly_what_does_not_fit() {
    let (shop, browser, _) = stocked(300).await;
    let found = async |query: &str| names(&browser, &format!("{query}&sort=name")).await;
    assert_eq!(found("category=home-office").await, ["alarm clock", "Desk", "Desk lamp"]);
    assert_eq!(found("category=no-such").await.len(), 6);
    assert_eq!(found("min=450").await, ["Backpack", "Desk", "Desk lamp"]);
    assert_eq!(found("max=120").await, ["alarm clock", "Café Crème"]);
    assert_eq!(found("min=120&max=450").await, ["100% cotton_shirt", "Backpack", "Café Crème", "Desk lamp"]);
    // 300 points are enough for what costs 300.
    assert_eq!(found("affordable=true").await, ["100% cotton_shirt", "alarm clock", "Café Crème"]);
    assert_eq!(found("affordable=true&in_stock=true").await, ["alarm clock", "Café Crème"]);
    assert_eq!(found("in_stock=true").await.len(), 5);
    assert_eq!(found("q=desk&category=home-office&max=500").await, ["Desk lamp"]);
    assert_eq!(found("min=0&max=1000000000").await.len(), 6);
    shop.close().await;
}

#[tokio::test]
async fn a_limit_that_is_no_number_is_said_beside_its_field_and_does_not_filter() {
    let (shop, browser, _) = stocked(0).await;
    let shown = page(&browser, "/?min=1e3&max=abc").await;
    assert_eq!(shown.count("#results .card"), 6);
    assert_eq!(shown.text_of("#min-error"), "Please enter a whole number.");
    assert_eq!(shown.text_of("#max-error"), "Please enter a whole number.");
    assert_eq!(shown.attribute("#min", "value").as_deref(), Some("1e3"));
    let crossed = page(&browser, "/?min=500&max=100").await;
    assert_eq!(crossed.all("#results .card__name a"), ["Desk"]);
    assert!(crossed.has("#max-error") && !crossed.has("#min-error"));
    shop.close().await;
}

#[tokio::test]
async fn pages_hold_24_and_nothing_is_lost_between_them() {
    let shop = Shop::open().await;
    let category_id = category(&shop, "Things").await;
    let now = shop.now();
    // All of one moment and one price: only their ids tell them apart.
    let created = shop.app.db.write("test.products", move |tx| {
        async move {
            for n in 1..=50 {
                let new = Details {
                    category_id,
                    kind: ProductKind::Digital,
                    name: format!("Thing {n:02}"),
                    slug: None,
                    description: "One of many.".to_owned(),
                    terms: String::new(),
                    how_to_use: String::new(),
                    price: Points(10),
                    low_stock_at: 0,
                    limit: None,
                    window: Window::default(),
                };
                create::create(tx, now, Actor::Shop, ProductId::new(), ProductState::Listed, new).await?;
            }
            Ok(())
        }
        .boxed()
    });
    created.await.unwrap();
    let (_, browser) = somebody(&shop, 0).await;
    for sort in ["newest", "price-up", "price-down", "name", "most-redeemed"] {
        let mut all = Vec::new();
        for (number, size) in [(1, 24), (2, 24), (3, 2)] {
            let shown = names(&browser, &format!("sort={sort}&page={number}")).await;
            assert_eq!(shown.len(), size, "{sort} {number}");
            all.extend(shown);
        }
        let mut expected: Vec<String> = (1..=50).map(|n| format!("Thing {n:02}")).collect();
        if ["newest", "price-down", "most-redeemed"].contains(&sort) {
            expected.reverse();
        }
        assert_eq!(all, expected, "{sort}");
    }
    let first = page(&browser, "/?q=thing&in_stock=&page=1&category=").await;
    assert_eq!(first.attribute("#pager-next", "href").as_deref(), Some("/?q=thing&page=2"));
    assert!(!first.has("#pager-previous") && !first.has("#pager-first"));
    let last = page(&browser, "/?sort=name&page=3").await;
    assert_eq!(last.attribute("#pager-previous", "href").as_deref(), Some("/?sort=name&page=2"));
    assert_eq!(last.attribute("#pager-first", "href").as_deref(), Some("/?sort=name"));
    assert!(!last.has("#pager-next"));
    // Beyond the last page is the last page.
    assert_eq!(names(&browser, "sort=name&page=999").await, ["Thing 49", "Thing 50"]);
    assert_eq!(names(&browser, "sort=name&page=0").await.len(), 24);
    shop.close().await;
}

#[tokio::test]
async fn an_empty_result_offers_a_way_out() {
    let (shop, browser, _) = stocked(0).await;
    let shown = page(&browser, "/?q=unicorn").await;
    assert!(!shown.has("#results .card"));
    assert_eq!(shown.text_of("#results .centred h2"), "Nothing here fits");
    assert_eq!(shown.attribute("#results .centred a", "href").as_deref(), Some("/"));
    shop.close().await;
}

#[tokio::test]
async fn htmx_gets_the_results_alone_and_a_history_restore_the_whole_page() {
    let (shop, browser, _) = stocked(0).await;
    let ask = || browser.ask(reqwest::Method::GET, "/?q=desk");
    let part = ask().htmx("results").send().await.expect(200);
    assert!(part.text().trim_start().starts_with("<section") && !part.text().contains("<html"));
    assert_eq!(part.html().all("#results .card__name a"), ["Desk", "Desk lamp"]);
    assert!(part.header("vary").unwrap().to_lowercase().contains("hx-request"));
    assert_eq!(part.header("hx-push-url"), Some("/?q=desk"));
    let form =
        browser.ask(reqwest::Method::GET, "/?category=&min=1e3&max=&sort=newest&q=&page=7").htmx("results");
    assert_eq!(form.send().await.expect(200).header("hx-push-url"), Some("/"));
    for whole in [
        ask(),
        ask().htmx("other"),
        ask().htmx("results").header("hx-history-restore-request", "true"),
        ask().htmx("results").header("hx-boosted", "true"),
    ] {
        let whole = whole.send().await.expect(200);
        assert!(whole.text().contains("<html") && whole.html().has("#results"));
    }
    shop.close().await;
}

#[tokio::test]
async fn without_signing_in_there_is_no_catalog() {
    let (shop, _, goods) = stocked(0).await;
    let visitor = shop.browser();
    for (address, next) in [
        ("/".to_owned(), "/sign-in".to_owned()),
        ("/?q=desk".to_owned(), "/sign-in?next=%2F%3Fq%3Ddesk".to_owned()),
        (format!("/products/{}", goods[0].slug), format!("/sign-in?next=%2Fproducts%2F{}", goods[0].slug)),
    ] {
        let answer = visitor.get(&address).await.expect(303);
        assert_eq!(answer.location(), next);
        assert!(!answer.text().contains("Desk"));
    }
    shop.close().await;
}

#[tokio::test]
async fn cards_say_what_is_sold_out_what_is_nearly_and_what_is_too_dear() {
    let (shop, browser, _) = stocked(400).await;
    let card = async |word: &str| page(&browser, &format!("/?q={word}")).await;
    let shirt = card("cotton_shirt").await;
    assert!(shirt.has(".card.card--gone") && !shirt.has(".badge--low"));
    assert!(shirt.text_of(".card").contains("Sold out"));
    let desk = card("desk&max=2000&min=2000").await;
    assert_eq!(desk.text_of(".badge--low"), "Only 2 left");
    assert!(desk.text_of(".card").contains("1,600 short"));
    let lamp = card("lamp").await;
    assert!(!lamp.has(".badge--low") && lamp.text_of(".card").contains("50 short"));
    let coffee = card("cafe").await;
    assert!(!coffee.text_of(".card").contains("short"));
    shop.close().await;
}
