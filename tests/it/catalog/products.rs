//! The page of one product: who may see it, what it says, its pictures and its address.

use super::*;

#[tokio::test]
async fn a_product_page_says_what_redeeming_one_would_leave() {
    let (shop, browser, goods) = stocked(400).await;
    let coffee = page(&browser, "/products/cafe-creme").await;
    assert_eq!(coffee.text_of("h1"), "Café Crème");
    assert_eq!(coffee.attribute("#quantity", "max").as_deref(), Some("10"));
    assert!(coffee.text_of("main").contains("Leaves you 280 points."));
    assert_eq!(coffee.attribute(".back", "href").as_deref(), Some("/?category=food"));
    assert_eq!(
        coffee.all(".prose[aria-labelledby=about] p"),
        ["All about the Café Crème.", "Übergroß, and nothing else."]
    );
    let clock = page(&browser, "/products/alarm-clock").await;
    assert!(clock.has("button[value=checkout]:not([disabled])"));
    let dear = page(&browser, &format!("/products/{}", goods[2].slug)).await;
    assert!(dear.has("button[value=checkout][disabled]") && dear.has("button[value=cart]:not([disabled])"));
    assert!(dear.text_of("#short").contains("1,600 points short"));
    let gone = page(&browser, &format!("/products/{}", goods[3].slug)).await;
    assert!(!gone.has("form.offer") && gone.text_of("main").contains("Sold out"));
    let line =
        [("product", goods[0].id.to_string()), ("quantity", "2".to_owned()), ("then", "cart".to_owned())];
    let line: Vec<(&str, &str)> = line.iter().map(|(name, value)| (*name, value.as_str())).collect();
    browser.post("/cart/lines", &line).await.expect(303);
    assert!(page(&browser, "/products/cafe-creme").await.text_of("main").contains("2 already in your cart"));
    shop.close().await;
}

#[tokio::test]
async fn what_is_off_the_shelves_is_shown_only_to_those_who_have_it() {
    let (shop, browser, goods) = stocked(1_000).await;
    let (coffee, lamp) = (&goods[0], &goods[1]);
    browser.redeem(coffee, 1, "office:berlin").await;
    let product = lamp.id.to_string();
    browser
        .post("/cart/lines", &[("product", &product), ("quantity", "1"), ("then", "cart")])
        .await
        .expect(303);
    let ben = shop.person("ben").await;
    let other = shop.browser_of(ben).await;
    for (goods, state) in [(coffee, "archived"), (lamp, "unlisted"), (&goods[4], "unlisted")] {
        withdraw(&shop, goods.id, state).await;
        let address = format!("/products/{}", goods.slug);
        assert_eq!(other.get(&address).await.status(), 404, "{}", goods.name);
    }
    for slug in [&coffee.slug, &lamp.slug] {
        let shown = page(&browser, &format!("/products/{slug}")).await;
        assert!(shown.text_of("main").contains("This is no longer offered.") && !shown.has("form.offer"));
    }
    assert_eq!(browser.get(&format!("/products/{}", goods[4].slug)).await.status(), 404);
    assert_eq!(names(&browser, "sort=name").await, ["100% cotton_shirt", "alarm clock", "Desk"]);
    shop.close().await;
}

#[tokio::test]
async fn addresses_of_no_product_are_not_found() {
    let (shop, browser, _) = stocked(0).await;
    for slug in
        ["nothing", "Desk", "desk%20", "desk%00", "%FF", "..%2Fdesk", "desk/", "%27", &"a".repeat(5_000)]
    {
        let answer = browser.get(&format!("/products/{slug}")).await;
        assert_eq!(answer.status(), 404, "{}", slug.chars().take(40).collect::<String>());
    }
    assert_eq!(browser.get("/products/desk").await.status(), 200);
    shop.close().await;
}

#[tokio::test]
async fn products_of_one_name_have_addresses_of_their_own() {
    let shop = Shop::open().await;
    let mut slugs = Vec::new();
    for _ in 0..3 {
        slugs.push(shelve(&shop, ("Desk lamp", "Home", 10, 1)).await.slug);
    }
    assert_eq!(slugs, ["desk-lamp", "desk-lamp-2", "desk-lamp-3"]);
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM audit_events WHERE action = 'product.create'").await, 3);
    shop.close().await;
}

#[tokio::test]
async fn pictures_are_signed_squares_in_every_width() {
    let (shop, browser, goods) = stocked(0).await;
    let (now, product_id) = (shop.now(), goods[1].id);
    for key in ["products/one", "products/two"] {
        let added = shop.app.db.write("test.picture", move |tx| {
            let new = NewPicture {
                id: PictureId::new(),
                object_key: key.to_owned(),
                widths: vec![320, 640, 960],
                alt: "A lamp".to_owned(),
            };
            async move { add::add(tx, now, Actor::Shop, product_id, &[new]).await }.boxed()
        });
        added.await.unwrap();
    }
    let list = page(&browser, "/?q=lamp").await;
    let src = list.attribute(".card img", "src").unwrap();
    assert!(src.contains("/pictures/products/one-640.webp?") && src.contains("X-Amz-Signature="), "{src}");
    let set = list.attribute(".card img", "srcset").unwrap();
    assert_eq!(set.matches("X-Amz-Signature=").count(), 3, "{set}");
    let shown = page(&browser, "/products/desk-lamp").await;
    assert_eq!(shown.count(".gallery__reel img"), 2);
    assert!(!page(&browser, "/?q=cafe").await.has(".card img"));
    shop.close().await;
}
