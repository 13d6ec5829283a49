//! What people type stays text. Every field that anybody can write holds something that would like to be a tag, an
//! attribute, a script or a template; then every page is looked at, and nothing of it has become what it wants to be.
//! Each field has a mark of its own, and each mark must be seen somewhere: a field that no page shows proves nothing.

use std::collections::BTreeSet;

use awsomeshop::people::admit::{self, Admission, Identified, Strangers};
use awsomeshop::platform::identity::Claims;
use awsomeshop::types::id::PersonId;
use awsomeshop::types::role::Role;
use futures::FutureExt;
use reqwest::Method;

use crate::support::Shop;
use crate::support::browser::Browser;
use crate::support::html::Html;

/// Each with room for a mark; with it a name of 120 characters still holds them.
const PAYLOADS: [&str; 6] = [
    "\"><svg/onload=window.__x=1>'{{7*7}}${7*7}",
    "'><img src=x onerror=window.__x=1>",
    "</title></textarea></script><script>window.__x=1</script>",
    "\" autofocus onfocus=window.__x=1 hx-get=/sign-out hx-trigger=load x=\"",
    "<a href=javascript:window.__x=1>x</a><form action=//evil.example>",
    "<!--<base href=//evil.example><style>*{display:none}</style>",
];

/// What a page of ours never has, and what a payload would be if it were let.
const NEVER: &str = "svg[onload], img[onerror], [onload], [onerror], [onfocus], [onclick], [autofocus][onfocus], \
                     script:not([src]), style, base, iframe, object, embed, [href^='javascript:'], \
                     [src^='javascript:'], [action^='//evil'], [href^='//evil'], [hx-get='/sign-out'], [x]";

/// Somebody whom the identity provider calls like this.
async fn arrives(shop: &Shop, name: &str) -> PersonId {
    let claims = Claims {
        issuer: shop.app.config.identity.issuer.clone(),
        subject: "mallory".to_owned(),
        email: Some("mallory@example.test".to_owned()),
        email_verified: true,
        name: Some(name.to_owned()),
        employee_number: None,
        groups: vec![],
    };
    let (now, who) = (shop.now(), Identified::from(&claims));
    let admitted = shop.app.db.write("test.admit", move |tx| {
        let who = who.clone();
        async move { admit::admit(tx, now, &who, Strangers::Enter).await }.boxed()
    });
    match admitted.await.unwrap() {
        Admission::Admitted(person_id) => person_id,
        other => panic!("{other:?}"),
    }
}

/// A shop in which every text is `payload` with a mark, and the browser of whoever has typed it.
async fn scrawled(payload: &str) -> (Shop, Browser, Vec<&'static str>, String) {
    let shop = Shop::open().await;
    let text = |mark: &str| format!("{mark} {payload}");
    let person = arrives(&shop, &text("m-person")).await;
    shop.sql("INSERT INTO accounts (id, kind, person_id, balance, created_at) SELECT id, 'person', id, 0, created_at FROM people", []).await;
    shop.grant(person, 1_000, None).await;
    let lamp = shop.product("Desk lamp", 200, 5).await;
    let voucher = shop.digital_product("Voucher", 100, &[&text("m-code")]).await;
    let columns = [
        ("name", "m-product"),
        ("description", "m-description"),
        ("terms", "m-terms"),
        ("how_to_use", "m-use"),
    ];
    for (column, mark) in columns {
        shop.sql(&format!("UPDATE products SET {column} = ?"), [text(mark).into()]).await;
    }
    shop.sql("UPDATE categories SET name = ?", [text("m-category").into()]).await;
    let picture = "INSERT INTO pictures (id, product_id, position, object_key, widths, alt, created_at) \
                   SELECT id, id, 1, 'x', '320,640', ?, created_at FROM products WHERE id = ?";
    shop.sql(picture, [text("m-alt").into(), lamp.id.into()]).await;
    let browser = shop.browser_of(person).await;
    let fields = ["recipient", "line1", "line2", "city", "region"];
    let marks = ["m-recipient", "m-line1", "m-line2", "m-city", "m-region"];
    let typed: Vec<_> = marks.iter().map(|mark| text(mark)).collect();
    let mut address: Vec<_> =
        fields.iter().zip(&typed).map(|(name, value)| (*name, value.as_str())).collect();
    address.extend([("postcode", "m-post '\"<b>"), ("country", "DE"), ("phone", "")]);
    browser.post("/addresses", &address).await.expect(303);
    let number = browser.redeem(&voucher, 1, "").await;
    shop.sql("UPDATE order_events SET note = ?", [text("m-note").into()]).await;
    shop.sql("UPDATE transfers SET reason = ? WHERE kind = 'grant'", [text("m-reason").into()]).await;
    let product = lamp.id.to_string();
    // Its answer carries the product's name in a cookie; the next page says it.
    browser.post("/cart/lines", &[("product", &product), ("quantity", "1")]).await.expect(303);
    let mut all =
        vec!["m-person", "m-code", "m-alt", "m-category", "m-reason", "m-search", "m-typed", "m-flash"];
    all.extend(columns.map(|(_, mark)| mark));
    all.extend(marks);
    (shop, browser, all, number)
}

/// Every page and fragment there is, as the one who has typed it all sees them.
async fn looked_at(shop: &Shop, browser: &Browser, number: &str, payload: &str) -> Vec<(String, String)> {
    let mut seen = Vec::new();
    let code = shop.id_of("SELECT id FROM codes", []).await;
    let address = shop.id_of("SELECT id FROM addresses", []).await;
    let search = serde_urlencoded::to_string([("q", format!("m-search {payload}"))]).unwrap();
    let everything = serde_urlencoded::to_string(
        ["q", "category", "min", "max", "sort", "kind", "from", "to", "page", "next", "after"]
            .map(|name| (name, format!("m-search {payload}"))),
    )
    .unwrap();
    let order = format!("/orders/{number}");
    let edit = format!("/addresses/{address}/edit");
    let plain = [
        "/",
        "/cart",
        "/checkout",
        "/orders",
        &order,
        "/points",
        "/addresses",
        &edit,
        "/addresses/new",
        "/products/desk-lamp",
        "/products/voucher",
    ];
    for path in plain {
        seen.push((path.to_owned(), browser.get(path).await.expect(200).text()));
    }
    for path in ["/", "/orders", "/points", "/addresses/new", "/signed-out", "/sign-in", "/nowhere"] {
        for query in [&search, &everything] {
            let target = format!("{path}?{query}");
            seen.push((target.clone(), browser.get(&target).await.text()));
            seen.push((
                format!("htmx {target}"),
                browser.ask(Method::GET, &target).htmx("results").send().await.text(),
            ));
        }
    }
    let encoded: String = url::form_urlencoded::byte_serialize(payload.as_bytes()).collect();
    for path in [format!("/{encoded}"), format!("/products/{encoded}"), format!("/orders/{encoded}")] {
        seen.push((path.clone(), browser.get(&path).await.expect(404).text()));
    }
    let typed = format!("m-typed {payload}");
    let fields = ["recipient", "line1", "line2", "postcode", "city", "region", "country", "phone", "next"];
    let fields: Vec<_> = fields.iter().map(|name| (*name, typed.as_str())).collect();
    seen.push(("a refused form".to_owned(), browser.post("/addresses", &fields).await.expect(422).text()));
    let reveal = browser.post(&format!("{order}/codes/{code}/reveal"), &[]).await.expect(200);
    seen.push(("a code".to_owned(), reveal.text()));
    let forged =
        serde_urlencoded::to_string([("key", "flash-cart-added"), ("name", &format!("m-flash {payload}"))])
            .unwrap();
    browser.set_cookie("__Host-flash", &forged);
    seen.push(("a forged flash".to_owned(), browser.get("/cart").await.expect(200).text()));
    let hal = shop.person("hal").await;
    shop.role(hal, Role::SuperAdmin).await;
    let hr = shop.browser_of(hal).await;
    for path in [&format!("/hr{order}"), &format!("/hr/orders?{everything}"), "/hr/orders", "/hr"] {
        seen.push((path.to_owned(), hr.get(path).await.expect(200).text()));
    }
    let refused = [("version", "1"), ("reason", "")];
    let refused = hr.post(&format!("/hr{order}/cancellation"), &refused).await.expect(422);
    seen.push(("a refused cancellation".to_owned(), refused.text()));
    let unknown = shop.browser().sign_in_from("/sign-in", "eve").await.expect(403);
    seen.push(("an unknown person".to_owned(), unknown.text()));
    seen
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_people_type_stays_text_wherever_it_is_shown() {
    for payload in PAYLOADS {
        let (shop, browser, marks, number) = Box::pin(scrawled(payload)).await;
        let mut shown = BTreeSet::new();
        for (what, text) in looked_at(&shop, &browser, &number, payload).await {
            let html = Html::of(&text);
            assert_eq!(html.count(NEVER), 0, "{what} with {payload}\n{text}");
            // Nothing is evaluated on the way, either.
            assert!(!payload.contains("{{7*7}}") || !text.contains("49$"), "{what}: {text}");
            assert!(!text.contains(payload), "{what} holds {payload} as it was typed");
            shown.extend(marks.iter().copied().filter(|mark| text.contains(mark)));
        }
        assert_eq!(shown, marks.into_iter().collect(), "every field is seen somewhere, with {payload}");
        let spreadsheet = browser.get("/points.csv").await.expect(200);
        assert_eq!(spreadsheet.header("content-type"), Some("text/csv; charset=utf-8"));
        shop.close().await;
    }
}
