//! The pictures of a product at the desk: put up, described, put in order, removed; and what employees see of them.

mod files;
mod order;
mod reading;
mod refusals;
mod storing;

use awsomeshop::types::role::Desk;

use crate::support::Shop;
use crate::support::answer::Answer;
use crate::support::browser::Browser;
use crate::support::html::Html;
use crate::support::setting::Goods;

/// A shop with a lamp, and somebody at the products desk.
async fn open() -> (Shop, Browser, Goods) {
    let shop = Shop::open().await;
    let lamp = shop.product("Desk lamp", 200, 50).await;
    let hr = shop.hr(Desk::Products).await;
    (shop, hr, lamp)
}

fn pictures_of(goods: &Goods) -> String {
    format!("/hr/products/{}/pictures", goods.id)
}

/// Uploads files, each as (name, content), that show what `alt` says.
async fn upload(hr: &Browser, goods: &Goods, alt: &str, files: &[(&str, &[u8])]) -> Answer {
    let files: Vec<_> = files.iter().map(|(name, content)| ("files", *name, *content)).collect();
    hr.upload(&pictures_of(goods), &[("alt", alt)], &files).await
}

/// The desk's page of a product's pictures.
async fn page(hr: &Browser, goods: &Goods) -> Html {
    hr.get(&pictures_of(goods)).await.expect(200).html()
}

/// What the pictures show, in their order, as the desk's page says it.
async fn alts(hr: &Browser, goods: &Goods) -> Vec<String> {
    page(hr, goods).await.attributes(".shot input[name=alt]", "value")
}

/// How many rows the audit trail has about pictures.
async fn acts(shop: &Shop) -> i64 {
    shop.scalar("SELECT COUNT(*) FROM audit_events WHERE action LIKE '%-picture'").await
}
