//! The cart as its owner sees it.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;
use chrono_tz::Tz;
use futures::FutureExt;
use serde::Deserialize;

use crate::cart::quote::{self, Mark};
use crate::cart::{self, CartLine, change};
use crate::error::{Error, Refusal, Result};
use crate::limits::{self, Allowance, ShopAllowance};
use crate::platform::app::App;
use crate::types::id::ProductId;
use crate::types::points::Points;
use crate::types::product_kind::ProductKind;
use crate::types::quantity::{MOST_OF_ONE_PRODUCT, Quantity};
use crate::types::time::Timestamp;
use crate::urls;
use crate::web::flash::Flash;
use crate::web::form::Form;
use crate::web::htmx::Htmx;
use crate::web::page::Page;
use crate::web::picture::{self, Picture};
use crate::web::text::Text;
use crate::web::viewer::Employee;
use crate::web::{render, sentences};

#[derive(Template)]
#[template(path = "cart/show.html", blocks = ["cart"])]
struct ShowPage {
    page: Page,
    cart: CartView,
}

struct CartView {
    lines: Vec<LineView>,
    total: Points,
    balance: Points,
    balance_after: Option<Points>,
    short_by: Option<Points>,
    can_check_out: bool,
    problems: bool,
    /// Which limit of the shop it goes beyond.
    beyond_limit: Option<String>,
    /// Pieces in all.
    pieces: i64,
}

struct LineView {
    product_id: String,
    name: String,
    href: String,
    picture: Option<Picture>,
    unit_price: Points,
    quantity: i64,
    max_quantity: i64,
    line_total: Points,
    digital: bool,
    mark: Option<String>,
    blocks_checkout: bool,
}

/// What is put into the cart.
#[derive(Deserialize)]
pub struct AddForm {
    product: String,
    #[serde(default)]
    quantity: String,
    #[serde(default)]
    then: String,
}

/// How many of a product.
#[derive(Deserialize)]
pub struct QuantityForm {
    quantity: String,
}

/// `GET /cart`
///
/// # Errors
/// When the database fails.
pub async fn show(app: web::Data<App>, page: Page, employee: Employee) -> Result<HttpResponse> {
    let cart = view(&app, page.text, &employee).await?;
    render::page(&ShowPage { page, cart })
}

/// `POST /cart/lines`: puts a product in; `then=checkout` goes on to the confirm page.
///
/// # Errors
/// A refusal when the product is sold out, withdrawn or too many.
pub async fn add(
    app: web::Data<App>,
    employee: Employee,
    htmx: Htmx,
    Form(form): Form<AddForm>,
) -> Result<HttpResponse> {
    let product_id: ProductId = form.product.parse().ok().ok_or(Error::NotFound)?;
    let quantity = if form.quantity.is_empty() { Some(Quantity::ONE) } else { form.quantity.parse().ok() };
    let quantity = quantity.ok_or(Error::Malformed("quantity"))?;
    let (now, person_id) = (app.now(), employee.id());
    let name = app
        .db
        .write("cart.add", move |tx| change::add(tx, now, person_id, product_id, quantity).boxed())
        .await?;
    if form.then == "checkout" {
        return Ok(render::see_other(&htmx, &urls::checkout()));
    }
    Ok(render::see_other_saying(&htmx, &urls::cart(), &Flash::good("flash-cart-added", &name)))
}

/// `POST /cart/lines/{product}`: how many of it.
///
/// # Errors
/// A refusal when there are not as many.
pub async fn update(
    app: web::Data<App>,
    employee: Employee,
    page: Page,
    htmx: Htmx,
    product: web::Path<String>,
    Form(form): Form<QuantityForm>,
) -> Result<HttpResponse> {
    let product_id: ProductId = product.parse().ok().ok_or(Error::NotFound)?;
    let quantity: Quantity = form.quantity.parse().map_err(|()| Error::Malformed("quantity"))?;
    let (now, person_id) = (app.now(), employee.id());
    app.db
        .write("cart.set_quantity", move |tx| {
            change::set_quantity(tx, now, person_id, product_id, quantity).boxed()
        })
        .await?;
    changed(&app, page, &employee, &htmx, None).await
}

/// `POST /cart/lines/{product}/removal`: takes it out.
///
/// # Errors
/// When the database fails.
pub async fn remove(
    app: web::Data<App>,
    employee: Employee,
    page: Page,
    htmx: Htmx,
    product: web::Path<String>,
) -> Result<HttpResponse> {
    let product_id: ProductId = product.parse().ok().ok_or(Error::NotFound)?;
    let person_id = employee.id();
    app.db.write("cart.remove", move |tx| change::remove(tx, person_id, product_id).boxed()).await?;
    changed(&app, page, &employee, &htmx, Some(Flash::good("flash-cart-removed", ""))).await
}

/// The cart after a change: the block for htmx, the page otherwise.
async fn changed(
    app: &App,
    page: Page,
    employee: &Employee,
    htmx: &Htmx,
    flash: Option<Flash>,
) -> Result<HttpResponse> {
    if htmx.wants("cart") {
        let cart = view(app, page.text, employee).await?;
        return render::with_status(StatusCode::OK, &ShowPage { page, cart }.as_cart());
    }
    Ok(match flash {
        Some(flash) => render::see_other_saying(htmx, &urls::cart(), &flash),
        None => render::see_other(htmx, &urls::cart()),
    })
}

async fn view(app: &App, text: Text, employee: &Employee) -> Result<CartView> {
    let (db, now, policy) = (app.db.reads(), app.now(), app.config.limits);
    let lines = cart::load(db, now, policy.zone, employee.id()).await?;
    let mut views = Vec::with_capacity(lines.len());
    for line in &lines {
        views.push(line_view(app, now, text, line).await?);
    }
    let blocked = views.iter().any(|line| line.blocks_checkout);
    let problems = views.iter().any(|line| line.mark.is_some());
    let total = Points::sum(views.iter().map(|line| line.line_total)).unwrap_or_default();
    let shop = limits::of_shop(db, now, &policy, employee.id()).await?;
    let beyond_limit = shop.check(total).err().filter(|_| !views.is_empty());
    let balance = employee.0.balance;
    let balance_after = balance.minus(total);
    Ok(CartView {
        can_check_out: !views.is_empty() && !blocked && beyond_limit.is_none() && balance_after.is_some(),
        beyond_limit: beyond_limit.map(|refusal| beyond(text, &refusal, &shop, policy.zone)),
        short_by: total.minus(balance).filter(|short| *short > Points::ZERO),
        pieces: views.iter().map(|line| line.quantity).sum(),
        lines: views,
        total,
        balance,
        balance_after,
        problems,
    })
}

async fn line_view(app: &App, now: Timestamp, text: Text, line: &CartLine) -> Result<LineView> {
    let mark = quote::mark(line);
    let (key, widths) =
        (line.object_key.as_deref().unwrap_or_default(), line.widths.as_deref().unwrap_or_default());
    let alt = line.alt.as_deref().unwrap_or_default();
    Ok(LineView {
        product_id: line.product_id.to_string(),
        name: line.name.clone(),
        href: urls::product(&line.slug),
        picture: picture::signed(&app.images, now, key, widths, alt).await,
        unit_price: line.price,
        quantity: line.quantity,
        max_quantity: line
            .allowance
            .map_or(line.stock, |allowance| allowance.left().min(line.stock))
            .clamp(1, MOST_OF_ONE_PRODUCT),
        line_total: line.price.times(line.quantity).unwrap_or_default(),
        digital: line.kind == ProductKind::Digital,
        blocks_checkout: mark.as_ref().is_some_and(Mark::blocks),
        mark: mark.map(|mark| sentence(text, &mark, app.config.limits.zone)),
    })
}

fn sentence(text: Text, mark: &Mark, zone: Tz) -> String {
    match mark {
        Mark::SoldOut => text.say("cart-mark-sold-out"),
        Mark::Withdrawn => text.say("cart-mark-withdrawn"),
        Mark::OnlyLeft(left) => text.say("cart-mark-only-left").with("count", *left),
        Mark::BeyondLimit(allowance) => text
            .say("cart-mark-beyond-limit")
            .with("limit", allowance.limit.count)
            .with("left", allowance.left())
            .with("period", allowance.limit.period.name())
            .with("day", again_on(Some(*allowance), zone)),
        Mark::PriceChanged { was, now } => {
            text.say("cart-mark-price-changed").with("was", *was).with("now", *now)
        }
    }
    .to_string()
}

/// Why the whole cart is too much for now, and from when on it is not.
fn beyond(text: Text, refusal: &Refusal, shop: &ShopAllowance, zone: Tz) -> String {
    match refusal {
        Refusal::OrderLimitReached { limit, period } => text
            .say("cart-beyond-order-limit")
            .with("limit", *limit)
            .with("period", period.name())
            .with("day", again_on(shop.orders, zone))
            .to_string(),
        Refusal::PointLimitReached { limit, left, period } => text
            .say("cart-beyond-point-limit")
            .with("limit", *limit)
            .with("left", *left)
            .with("period", period.name())
            .with("day", again_on(shop.points, zone))
            .to_string(),
        other => sentences::refusal(text, other),
    }
}

fn again_on(allowance: Option<Allowance>, zone: Tz) -> String {
    allowance.and_then(|allowance| allowance.again_at).map(|at| at.date_in(zone)).unwrap_or_default()
}
