//! Categories: their names, their order, and that nothing falls off a shelf.

use awsomeshop::types::id::CategoryId;
use serde_json::json;

use super::*;
use crate::grant_runs::stage::trail;

async fn names(hr: &Browser) -> Vec<String> {
    page(hr, "/hr/products/categories").await.all(".shelf__name")
}

async fn add(hr: &Browser, name: &str) -> Answer {
    hr.post("/hr/products/categories", &[("name", name)]).await
}

async fn id(shop: &Shop, name: &'static str) -> String {
    shop.id_of("SELECT id FROM categories WHERE name = ?", [name.into()]).await.to_string()
}

#[tokio::test]
async fn categories_are_added_renamed_and_found_by_their_new_name() {
    let (shop, hr) = desk().await;
    let (_, _lamp) = listed_lamp(&hr, "5").await;
    add(&hr, "Food").await.expect(303);
    let before = shop.contents().await;
    let long = "x".repeat(81);
    for (name, sentence) in [
        ("", "Please fill this in."),
        ("  FOOD ", "This is taken already. Please choose another."),
        (long.as_str(), "Please keep this to 80 characters."),
    ] {
        let html = add(&hr, name).await.expect(422).html();
        assert_eq!(html.all("#add .field__error"), [sentence], "{name}");
        assert_eq!(html.form("#add").value("name"), name);
    }
    shop.assert_unchanged(&before, "a name that does not fit").await;

    let ann = ann(&shop, 0).await;
    let found = async |words: &str| page(&ann, &format!("/?q={words}")).await.count("#results .card");
    assert_eq!((found("light").await, found("lighting").await), (1, 0));
    let light = id(&shop, "Light").await;
    let rename = format!("/hr/products/categories/{light}");
    let taken = hr.post(&rename, &[("name", "Food"), ("version", "1")]).await.expect(422).html();
    assert_eq!(taken.count(".field__error"), 1);
    assert!(taken.has(&format!("#category-{light} details[open] [aria-invalid=true]")));
    hr.post(&rename, &[("name", "Lighting & more"), ("version", "1")]).await.expect(303);
    assert_eq!((found("lighting").await, found("shines").await, found("lamp").await), (1, 1, 1));
    assert_eq!(page(&ann, "/?category=light").await.count("#results .card"), 1, "its address stays");
    let stale = hr.post(&rename, &[("name", "Lights"), ("version", "1")]).await.expect(409).html();
    assert!(stale.text_of("[role=alert]").contains("Somebody else changed this meanwhile."));
    assert_eq!(names(&hr).await, ["Lighting & more", "Food"]);
    // What it is called already is no other name.
    hr.post(&rename, &[("name", "Lighting & more"), ("version", "2")]).await.expect(303);
    let change = json!({ "before": { "name": "Light" }, "after": { "name": "Lighting & more" } });
    let renamed = json!(["hr-products", format!("category {light}"), change]);
    assert_eq!(trail(&shop, "category.rename").await, [renamed]);
    shop.close().await;
}

#[tokio::test]
async fn categories_stand_where_they_are_put() {
    let (shop, hr) = desk().await;
    for name in ["Food", "Travel", "Home"] {
        add(&hr, name).await.expect(303);
    }
    let home = id(&shop, "Home").await;
    let list = page(&hr, "/hr/products/categories").await;
    assert!(list.has(".shelves li:first-child form:first-child button[disabled]"), "the first cannot go up");
    let place = format!("/hr/products/categories/{home}/place");
    hr.post(&place, &[("place", "2")]).await.expect(303);
    hr.post(&place, &[("place", "2")]).await.expect(303);
    assert_eq!(names(&hr).await, ["Light", "Food", "Home", "Travel"]);
    hr.post(&place, &[("place", "0")]).await.expect(303);
    assert_eq!(names(&hr).await, ["Home", "Light", "Food", "Travel"]);
    hr.post(&place, &[("place", "99")]).await.expect(303);
    assert_eq!(names(&hr).await, ["Light", "Food", "Travel", "Home"]);
    let before = shop.contents().await;
    for place_of in ["-1", "x", ""] {
        assert_eq!(hr.post(&place, &[("place", place_of)]).await.status(), 400);
    }
    let nothing = "/hr/products/categories/00000000-0000-7000-8000-000000000000/place";
    assert_eq!(hr.post(nothing, &[("place", "0")]).await.status(), 404);
    shop.assert_unchanged(&before, "no place at all").await;
    let order = "SELECT COUNT(*) FROM audit_events WHERE action = 'category.move'";
    assert_eq!(shop.scalar(order).await, 3);
    let ann = ann(&shop, 0).await;
    let shown = page(&ann, "/").await.all(".chips--scroll .chip");
    assert_eq!(shown, ["Everything", "Light", "Food", "Travel", "Home"]);
    shop.close().await;
}

#[tokio::test]
async fn two_who_sort_at_once_leave_an_order() {
    let (shop, hr) = desk().await;
    for name in ["Food", "Travel", "Home"] {
        add(&hr, name).await.expect(303);
    }
    let ids = [id(&shop, "Home").await, id(&shop, "Light").await, id(&shop, "Travel").await];
    let all =
        (0..12).map(|n| {
            let (hr, id) = (hr.clone(), ids[n % 3].clone());
            let to = (n % 4).to_string();
            async move {
                hr.post(&format!("/hr/products/categories/{id}/place"), &[("place", &to)]).await.status()
            }
        });
    let statuses = futures::future::join_all(all).await;
    assert!(statuses.iter().all(|status| *status == 303), "{statuses:?}");
    assert_eq!(shop.scalar("SELECT COUNT(DISTINCT position) FROM categories").await, 4);
    shop.close().await;
}

#[tokio::test]
async fn only_an_empty_category_goes() {
    let (shop, hr) = desk().await;
    let (address, _) = listed_lamp(&hr, "0").await;
    add(&hr, "Food").await.expect(303);
    let light = format!("/hr/products/categories/{}/removal", id(&shop, "Light").await);
    press(&hr, &address, "archived").await.expect(303);
    let before = shop.contents().await;
    let refused = hr.post(&light, &[]).await.expect(409).html();
    assert!(refused.text_of("[role=alert]").contains("There are products in this category."));
    shop.assert_unchanged(&before, "a refused removal").await;
    assert_eq!(refused.count("form[action$='/removal']"), 1, "only the empty one offers it");
    let food = refused.form("form[action$='/removal']");
    hr.submit(&food).await.expect(303);
    hr.submit(&food).await.expect(303);
    assert_eq!(names(&hr).await, ["Light"]);
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM audit_events WHERE action = 'category.remove'").await, 1);
    shop.close().await;
}

#[tokio::test]
async fn a_category_counts_what_its_links_lead_to_and_says_why_it_stays() {
    let (shop, hr) = desk().await;
    let (lamp, _) = listed_lamp(&hr, "0").await;
    let torch = enter(&hr, &lamp_form(&hr).await.with("name", "Torch")).await;
    let light = format!("#category-{}", id(&shop, "Light").await);
    let list = async || page(&hr, "/hr/products/categories").await;
    let counts = format!("{light} > p");
    assert_eq!(list().await.text_of(&counts), "2 products · 1 listed");
    press(&hr, &torch, "archived").await.expect(303);
    let shown = list().await;
    assert_eq!(shown.text_of(&counts), "1 product · 1 listed · 1 archived");
    let links = shown.attributes(&format!("{counts} a"), "href");
    assert_eq!(links, ["/hr/products?category=light", "/hr/products?state=archived&category=light"]);
    for (link, name) in links.iter().zip(["Desk Lamp", "Torch"]) {
        assert_eq!(page(&hr, link).await.all("#results tbody th a"), [name], "{link}");
    }
    let why = "Archived products stand in this category still.";
    assert!(!shown.text_of(&light).contains(why), "it is not empty to begin with");
    press(&hr, &lamp, "archived").await.expect(303);
    let shown = list().await;
    assert_eq!(shown.text_of(&counts), "No products · 0 listed · 2 archived");
    assert!(shown.text_of(&light).contains(why));
    assert!(!shown.has("form[action$='/removal']"));
    shop.close().await;
}

#[tokio::test]
async fn there_are_sixty_categories_at_most() {
    let (shop, hr) = desk().await;
    for n in 1..=58_i64 {
        let sql = "INSERT INTO categories (id, slug, name, position, version) VALUES (?, ?, ?, ?, 1)";
        let (slug, name) = (format!("shelf-{n}"), format!("Shelf {n}"));
        shop.sql(sql, [CategoryId::new().into(), slug.into(), name.into(), n.into()]).await;
    }
    add(&hr, "The sixtieth").await.expect(303);
    let before = shop.contents().await;
    let refused = add(&hr, "One more").await.expect(422).html();
    assert_eq!(refused.all("#add .field__error"), ["There are 60 already, and there cannot be more."]);
    assert_eq!(refused.form("#add").value("name"), "One more");
    shop.assert_unchanged(&before, "a category too many").await;
    let last = id(&shop, "The sixtieth").await;
    hr.post(&format!("/hr/products/categories/{last}/removal"), &[]).await.expect(303);
    add(&hr, "One more").await.expect(303);
    shop.close().await;
}
