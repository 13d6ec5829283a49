//! One product at the desk: what it is, and whether it is on the shelves.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;
use futures::FutureExt;
use serde::Deserialize;

use crate::catalog::hr::edit::found;
use crate::catalog::hr::{Badge, kind_label, running_badge, state_badge, state_label};
use crate::catalog::pages::{paragraphs, signed};
use crate::catalog::{self, pictures, state, stock};
use crate::entity::products;
use crate::error::{Error, Refusal, Result};
use crate::platform::app::App;
use crate::types::id::ProductId;
use crate::types::limit::Limit;
use crate::types::points::Points;
use crate::types::product_kind::{ProductKind, ProductState};
use crate::types::time::Timestamp;
use crate::urls;
use crate::web::flash::Flash;
use crate::web::form::{self, Form};
use crate::web::htmx::Htmx;
use crate::web::page::Page;
use crate::web::picture::Picture;
use crate::web::text::Text;
use crate::web::viewer::HrAdmin;
use crate::web::{render, sentences};

#[derive(Template)]
#[template(path = "catalog/hr/show.html")]
struct ShowPage {
    page: Page,
    product: ProductView,
    /// Why what was asked for could not be done.
    problem: Option<String>,
}

struct ProductView {
    id: String,
    version: i64,
    name: String,
    slug: String,
    category: String,
    kind: String,
    is_digital: bool,
    state: Badge,
    is_listed: bool,
    /// What it can become, and what the button says.
    moves: Vec<StateMove>,
    is_removable: bool,
    price: Points,
    limit: Option<String>,
    visible_from: Option<Timestamp>,
    visible_until: Option<Timestamp>,
    stock: i64,
    low_stock_at: i64,
    running: Option<Badge>,
    sold: i64,
    created_at: Timestamp,
    description: Vec<String>,
    how_to_use: Vec<String>,
    terms: Vec<String>,
    pictures: Vec<Picture>,
}

struct StateMove {
    state: &'static str,
    label: String,
    /// The one that is meant to happen next.
    is_first: bool,
}

/// `GET /hr/products/{product}`
///
/// # Errors
/// [`Error::NotFound`].
pub async fn show(
    app: web::Data<App>,
    page: Page,
    _hr: HrAdmin,
    id: web::Path<String>,
) -> Result<HttpResponse> {
    render::page(&show_page(&app, page, &id, None).await?)
}

/// What a product shall become.
#[derive(Deserialize)]
pub struct StateForm {
    state: String,
    #[serde(deserialize_with = "form::version")]
    version: i64,
}

/// `POST /hr/products/{product}/state`: lists it, takes it off the shelves, or archives it. Employees notice at once.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn change_state(
    app: web::Data<App>,
    page: Page,
    hr: HrAdmin,
    htmx: Htmx,
    id: web::Path<String>,
    Form(form): Form<StateForm>,
) -> Result<HttpResponse> {
    let product = found(&app, &id).await?;
    let to: ProductState = form.state.parse().map_err(|()| Error::Malformed("the product's state"))?;
    let (now, actor, product_id, version) = (app.now(), hr.actor(), product.id, form.version);
    let changed = app
        .db
        .write("products.state", move |tx| state::change(tx, now, actor, product_id, version, to).boxed());
    match changed.await {
        Ok(product) => {
            let address = urls::hr::product(product.id);
            Ok(render::see_other_saying(&htmx, &address, &said(to, &product.name)))
        }
        Err(Error::Refused(refusal)) => refused(&app, page, &id, &refusal).await,
        Err(error) => Err(error),
    }
}

/// `POST /hr/products/{product}/removal`: takes a draft away that was never more; doing it twice changes nothing.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn remove(
    app: web::Data<App>,
    page: Page,
    hr: HrAdmin,
    htmx: Htmx,
    id: web::Path<String>,
) -> Result<HttpResponse> {
    let product_id: ProductId = id.parse().ok().ok_or(Error::NotFound)?;
    let (now, actor) = (app.now(), hr.actor());
    let removed =
        app.db.write("products.remove", move |tx| state::remove(tx, now, actor, product_id).boxed());
    let list = urls::hr::products();
    match removed.await {
        Ok(Some(name)) => {
            Ok(render::see_other_saying(&htmx, &list, &Flash::good("flash-product-removed", &name)))
        }
        Ok(None) => Ok(render::see_other(&htmx, &list)),
        Err(Error::Refused(refusal)) => refused(&app, page, &id, &refusal).await,
        Err(error) => Err(error),
    }
}

/// The product as it is now, and why what was asked for was not done.
async fn refused(app: &App, page: Page, id: &str, refusal: &Refusal) -> Result<HttpResponse> {
    let problem = sentences::refusal(page.text, refusal);
    render::with_status(StatusCode::CONFLICT, &show_page(app, page, id, Some(problem)).await?)
}

fn said(state: ProductState, name: &str) -> Flash {
    match state {
        ProductState::Listed => Flash::good("flash-product-listed", name),
        ProductState::Unlisted => Flash::good("flash-product-unlisted", name),
        ProductState::Archived | ProductState::Draft => Flash::good("flash-product-archived", name),
    }
}

async fn show_page(app: &App, page: Page, id: &str, problem: Option<String>) -> Result<ShowPage> {
    let (db, now) = (app.db.reads(), app.now());
    let product = found(app, id).await?;
    let category = catalog::find_category(db, product.category_id).await?.ok_or(Error::NotFound)?;
    let pictures = pictures::of_product(db, product.id).await?;
    let mut shown = Vec::new();
    for row in &pictures {
        shown.extend(signed(&app.images, now, row).await);
    }
    let has_moved = stock::has_moved(db, product.id).await?;
    let is_removable = state::is_removable(&product, has_moved, !pictures.is_empty());
    let mut product = view(page.text, now, product, category.name, shown);
    product.is_removable = is_removable;
    Ok(ShowPage { page, product, problem })
}

fn view(
    text: Text,
    now: Timestamp,
    product: products::Model,
    category: String,
    pictures: Vec<Picture>,
) -> ProductView {
    let limit = Limit::of(product.limit_count, product.limit_period);
    ProductView {
        id: product.id.to_string(),
        version: product.version,
        category,
        kind: kind_label(text, product.kind),
        is_digital: product.kind == ProductKind::Digital,
        state: state_badge(text, now, product.state, product.window()),
        is_listed: product.is_on_offer(now),
        moves: moves(text, product.state),
        is_removable: false,
        price: product.price,
        limit: limit.map(|limit| {
            let sentence = text.say("hr-product-limit").with("count", limit.count);
            sentence.with("period", limit.period.name()).to_string()
        }),
        visible_from: product.visible_from,
        visible_until: product.visible_until,
        stock: product.stock,
        low_stock_at: product.low_stock_at,
        running: running_badge(text, product.stock, product.low_stock_at),
        sold: product.redeemed,
        created_at: product.created_at,
        description: paragraphs(&product.description),
        how_to_use: paragraphs(&product.how_to_use),
        terms: paragraphs(&product.terms),
        pictures,
        name: product.name,
        slug: product.slug,
    }
}

fn moves(text: Text, from: ProductState) -> Vec<StateMove> {
    let open = ProductState::ALL.into_iter().filter(|to| from.may_become(*to));
    open.zip(0..)
        .map(|(to, place)| StateMove {
            state: to.name(),
            label: match to {
                ProductState::Listed => text.say("hr-product-list").to_string(),
                ProductState::Unlisted if from == ProductState::Archived => {
                    text.say("hr-product-restore").to_string()
                }
                ProductState::Unlisted => text.say("hr-product-unlist").to_string(),
                ProductState::Archived => text.say("hr-product-archive").to_string(),
                ProductState::Draft => state_label(text, to),
            },
            is_first: place == 0 && to == ProductState::Listed,
        })
        .collect()
}
