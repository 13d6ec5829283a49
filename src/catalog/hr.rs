//! The products desk: the list of all products, and the words it has in common with the pages of each.

pub mod categories;
pub mod edit;
pub mod form;
pub mod pictures;
pub mod product;
pub mod stock;

use actix_web::{HttpResponse, web};
use askama::Template;
use serde::{Deserialize, Serialize};

use crate::catalog::desk::{self, Listed, Running, Wanted};
use crate::catalog::{self, pages};
use crate::entity::{categories as category_row, pictures as picture_row};
use crate::error::Result;
use crate::platform::app::App;
use crate::types::paging::Paging;
use crate::types::points::Points;
use crate::types::product_kind::{ProductKind, ProductState};
use crate::types::time::Timestamp;
use crate::types::window::Window;
use crate::urls;
use crate::web::csv;
use crate::web::htmx::Htmx;
use crate::web::page::{Choice, Page};
use crate::web::pager::Pager;
use crate::web::picture::Picture;
use crate::web::render;
use crate::web::sorting::{Column, Sorting};
use crate::web::text::Text;
use crate::web::viewer::HrAdmin;

/// Products on a page of the list.
const PAGE_SIZE: u32 = 50;

#[derive(Template)]
#[template(path = "catalog/hr/index.html", blocks = ["results"])]
struct IndexPage {
    page: Page,
    q: String,
    states: Vec<Choice>,
    categories: Vec<Choice>,
    kinds: Vec<Choice>,
    runnings: Vec<Choice>,
    sort: String,
    columns: Vec<Column>,
    rows: Vec<Row>,
    pager: Pager,
    any_filter: bool,
    csv_href: String,
    /// There are more than a file holds.
    is_cut: bool,
}

struct Row {
    href: String,
    name: String,
    picture: Option<Picture>,
    category: String,
    kind: String,
    price: Points,
    state: Badge,
    stock: i64,
    running: Option<Badge>,
    sold: i64,
    created_at: Timestamp,
}

/// A word on a coloured ground.
pub(super) struct Badge {
    pub class: &'static str,
    pub label: String,
}

/// What the list is asked for.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct Filter {
    #[serde(default, skip_serializing_if = "String::is_empty")]
    q: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    state: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    category: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    kind: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    stock: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    sort: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    page: String,
}

impl Filter {
    fn wanted(&self, shelves: &[category_row::Model]) -> Wanted {
        Wanted {
            q: self.q.clone(),
            state: self.state.parse().ok(),
            category: shelves.iter().find(|shelf| shelf.slug == self.category).map(|shelf| shelf.id),
            kind: self.kind.parse().ok(),
            running: match self.stock.as_str() {
                "low" => Some(Running::Low),
                "out" => Some(Running::Out),
                _ => None,
            },
        }
    }

    fn sorting(&self) -> Sorting {
        Sorting::new(&self.sort, "name", desk::COLUMNS)
    }

    fn is_any(&self) -> bool {
        [&self.q, &self.state, &self.category, &self.kind, &self.stock].iter().any(|field| !field.is_empty())
    }

    fn query(&self, sort: &str, page: u32) -> String {
        let page = if page > 1 { page.to_string() } else { String::new() };
        let next = Self { sort: sort.to_owned(), page, ..self.clone() };
        serde_urlencoded::to_string(next).unwrap_or_default()
    }
}

/// `GET /hr/products`: all products, by default those that are not archived.
///
/// # Errors
/// When the database fails.
pub async fn index(
    app: web::Data<App>,
    page: Page,
    _hr: HrAdmin,
    htmx: Htmx,
    filter: web::Query<Filter>,
) -> Result<HttpResponse> {
    let (db, now) = (app.db.reads(), app.now());
    let shelves = catalog::categories(db).await?;
    let (wanted, sorting) = (filter.wanted(&shelves), filter.sorting());
    let paging = Paging::new(filter.page.parse().ok(), PAGE_SIZE);
    let (found, paging) = desk::page(db, &wanted, (sorting.key, sorting.descending), paging).await?;
    let first =
        catalog::pictures::first_of(db, found.rows.iter().map(|product| product.id).collect()).await?;
    let mut rows = Vec::with_capacity(found.rows.len());
    for product in found.rows {
        let picture = first.iter().find(|picture| picture.product_id == product.id);
        rows.push(row(&app, now, page.text, &shelves, product, picture).await?);
    }
    let text = page.text;
    let shelf = |shelf: &category_row::Model| (shelf.slug.clone(), shelf.name.clone());
    let chosen = |field: &str| (!field.is_empty()).then(|| field.to_owned());
    let view = IndexPage {
        q: filter.q.clone(),
        states: Choice::all_or(
            text.say("hr-products-state-current").to_string(),
            wanted.state.map(ProductState::name),
            ProductState::ALL.map(|state| (state.name().to_owned(), state_label(text, state))),
        ),
        categories: Choice::all_or(
            text.say("hr-products-category-all").to_string(),
            chosen(&filter.category).filter(|_| wanted.category.is_some()).as_deref(),
            shelves.iter().map(shelf),
        ),
        kinds: Choice::all_or(
            text.say("hr-products-kind-all").to_string(),
            wanted.kind.map(ProductKind::name),
            ProductKind::ALL.map(|kind| (kind.name().to_owned(), kind_label(text, kind))),
        ),
        runnings: Choice::all_or(
            text.say("hr-products-stock-all").to_string(),
            chosen(&filter.stock).filter(|_| wanted.running.is_some()).as_deref(),
            [
                ("low".to_owned(), text.say("hr-products-stock-low").to_string()),
                ("out".to_owned(), text.say("hr-products-stock-out").to_string()),
            ],
        ),
        columns: columns(text, &filter, &sorting),
        sort: filter.sort.clone(),
        rows,
        pager: Pager::new(paging, found.total, |number| {
            urls::hr::products_filtered(&filter.query(&filter.sort, number))
        }),
        any_filter: filter.is_any(),
        is_cut: found.total > desk::MOST_EXPORTED,
        csv_href: urls::hr::products_csv(&filter.query(&filter.sort, 1)),
        page,
    };
    if htmx.wants("results") { render::page(&view.as_results()) } else { render::page(&view) }
}

/// `GET /hr/products.csv`: the same list as a file for a spreadsheet, the first [`desk::MOST_EXPORTED`].
///
/// # Errors
/// When the database fails.
pub async fn download(
    app: web::Data<App>,
    page: Page,
    hr: HrAdmin,
    filter: web::Query<Filter>,
) -> Result<HttpResponse> {
    app.limits.export(hr.0.person_id)?;
    let shelves = catalog::categories(app.db.long_reads()).await?;
    let sorting = filter.sorting();
    let order = (sorting.key, sorting.descending);
    let found = desk::whole(app.db.long_reads(), &filter.wanted(&shelves), order).await?;
    let text = page.text;
    let heading = [
        text.say("hr-product-name"),
        text.say("hr-product-slug-column"),
        text.say("hr-product-category"),
        text.say("hr-product-kind"),
        text.say("hr-product-state"),
        text.say("hr-product-points"),
        text.say("hr-product-stock"),
        text.say("hr-product-low-stock-at"),
        text.say("hr-product-sold"),
        text.say("hr-product-added"),
        text.say("hr-product-visible-from"),
        text.say("hr-product-visible-until"),
    ]
    .map(|word| word.to_string());
    let moment = |at: Option<Timestamp>| at.map(Timestamp::iso).unwrap_or_default();
    let rows = found.into_iter().map(|product| {
        vec![
            product.name.clone(),
            product.slug.clone(),
            category_of(&shelves, &product),
            kind_label(text, product.kind),
            state_label(text, product.state),
            product.price.0.to_string(),
            product.stock.to_string(),
            product.low_stock_at.to_string(),
            product.redeemed.to_string(),
            product.created_at.iso(),
            moment(product.visible_from),
            moment(product.visible_until),
        ]
    });
    csv::download("products.csv", &heading, rows)
}

fn columns(text: Text, filter: &Filter, sorting: &Sorting) -> Vec<Column> {
    let address = |sort: &str| urls::hr::products_filtered(&filter.query(sort, 1));
    vec![
        sorting.column("name", text.say("hr-product-name"), false, address),
        sorting.column("points", text.say("hr-product-points"), true, address),
        sorting.column("stock", text.say("hr-product-stock"), true, address),
        sorting.column("sold", text.say("hr-product-sold"), true, address),
        sorting.column("added", text.say("hr-product-added"), true, address),
    ]
}

async fn row(
    app: &App,
    now: Timestamp,
    text: Text,
    shelves: &[category_row::Model],
    product: Listed,
    picture: Option<&picture_row::Model>,
) -> Result<Row> {
    Ok(Row {
        href: urls::hr::product(product.id),
        picture: match picture {
            Some(row) => pages::signed(&app.images, now, row).await,
            None => None,
        },
        category: category_of(shelves, &product),
        kind: kind_label(text, product.kind),
        price: product.price,
        state: state_badge(text, now, product.state, product.window()),
        stock: product.stock,
        running: running_badge(text, product.stock, product.low_stock_at),
        sold: product.redeemed,
        created_at: product.created_at,
        name: product.name,
    })
}

fn category_of(shelves: &[category_row::Model], product: &Listed) -> String {
    let shelf = shelves.iter().find(|shelf| shelf.id == product.category_id);
    shelf.map(|shelf| shelf.name.clone()).unwrap_or_default()
}

/// Whether it is on the shelves; what is listed may wait for its time, or be past it.
pub(super) fn state_badge(text: Text, now: Timestamp, state: ProductState, window: Window) -> Badge {
    let (class, label) = match state {
        ProductState::Listed if window.until.is_some_and(|until| until <= now) => {
            ("ended", text.say("hr-product-state-ended").to_string())
        }
        ProductState::Listed if !window.is_open(now) => {
            ("waiting", text.say("hr-product-state-waiting").to_string())
        }
        state => (state.name(), state_label(text, state)),
    };
    Badge { class, label }
}

/// That little or nothing is left.
pub(super) fn running_badge(text: Text, stock: i64, low_stock_at: i64) -> Option<Badge> {
    match stock {
        0 => Some(Badge { class: "dark", label: text.say("catalog-sold-out").to_string() }),
        _ if stock <= low_stock_at => {
            Some(Badge { class: "low", label: text.say("hr-product-low").to_string() })
        }
        _ => None,
    }
}

pub(super) fn state_label(text: Text, state: ProductState) -> String {
    match state {
        ProductState::Draft => text.say("hr-product-state-draft"),
        ProductState::Listed => text.say("hr-product-state-listed"),
        ProductState::Unlisted => text.say("hr-product-state-unlisted"),
        ProductState::Archived => text.say("hr-product-state-archived"),
    }
    .to_string()
}

pub(super) fn kind_label(text: Text, kind: ProductKind) -> String {
    match kind {
        ProductKind::Physical => text.say("hr-product-kind-physical"),
        ProductKind::Digital => text.say("hr-product-kind-digital"),
    }
    .to_string()
}
