//! The products desk through its door: products from draft to archive, their categories, stock and codes.

mod categories;
mod codes;
mod editing;
mod list;
mod pictures;
mod shelves;
mod stock;

use awsomeshop::types::id::{PersonId, ProductId};
use awsomeshop::types::role::Desk;

use crate::support::Shop;
use crate::support::answer::Answer;
use crate::support::browser::Browser;
use crate::support::html::{Form, Html};
use crate::support::setting::Goods;

/// A shop with one category, and somebody at the products desk.
async fn desk() -> (Shop, Browser) {
    let shop = Shop::open().await;
    shop.category("Light").await;
    let hr = shop.hr(Desk::Products).await;
    (shop, hr)
}

async fn page(browser: &Browser, address: &str) -> Html {
    browser.get(address).await.expect(200).html()
}

/// The form of a product as it is shown: a new one's, or that of the one at this address.
async fn form(hr: &Browser, address: &str) -> Form {
    page(hr, address).await.html_form()
}

impl Html {
    fn html_form(&self) -> Form {
        self.form("form.form[data-once]")
    }
}

/// A new product's form, filled in as far as it must be.
async fn lamp_form(hr: &Browser) -> Form {
    form(hr, "/hr/products/new")
        .await
        .with("name", "Desk Lamp")
        .with("description", "It shines.")
        .with("price", "300")
}

/// Enters a product as the desk does; its address there.
async fn enter(hr: &Browser, filled: &Form) -> String {
    hr.submit(filled).await.expect(303).location().to_owned()
}

fn id_of(address: &str) -> ProductId {
    address.strip_prefix("/hr/products/").and_then(|id| id.parse().ok()).expect("a product's address")
}

/// Presses the button that makes a product one of this state.
async fn press(hr: &Browser, address: &str, state: &str) -> Answer {
    let version = page(hr, address).await.attributes("input[name=version]", "value").remove(0);
    hr.post(&format!("{address}/state"), &[("state", state), ("version", &version)]).await
}

/// A listed lamp with so many in stock: its address at the desk, and the goods.
async fn listed_lamp(hr: &Browser, pieces: &str) -> (String, Goods) {
    let address = enter(hr, &lamp_form(hr).await).await;
    if pieces != "0" {
        adjust(hr, &address, "received", pieces).await.expect(303);
    }
    press(hr, &address, "listed").await.expect(303);
    let (id, name) = (id_of(&address), "Desk Lamp".to_owned());
    let goods =
        Goods { id, slug: "desk-lamp".to_owned(), name, price: awsomeshop::types::points::Points(300) };
    (address, goods)
}

/// Books a change of stock with the form as it is shown now.
async fn adjust(hr: &Browser, address: &str, reason: &str, quantity: &str) -> Answer {
    let stock = page(hr, &format!("{address}/stock")).await;
    let form = stock.form("#adjust").with("reason", reason).with("quantity", quantity);
    hr.submit(&form).await
}

async fn stock_of(shop: &Shop, id: ProductId) -> i64 {
    shop.scalar_of("SELECT stock FROM products WHERE id = ?", [id.into()]).await
}

/// Ann with so many points, signed in.
async fn ann(shop: &Shop, points: i64) -> Browser {
    let ann = shop.person("ann").await;
    if points > 0 {
        shop.grant(ann, points, None).await;
    }
    shop.browser_of(ann).await
}

/// The same person in a new session: the old one has lapsed.
async fn again(shop: &Shop, key: &str) -> Browser {
    let email = format!("{key}@example.test");
    let id = shop.id_of("SELECT id FROM people WHERE email = ?", [email.into()]).await;
    shop.browser_of(PersonId(id)).await
}

async fn put_into_cart(browser: &Browser, goods: &Goods) -> Answer {
    browser.post("/cart/lines", &[("product", &goods.id.to_string()), ("quantity", "1")]).await
}
