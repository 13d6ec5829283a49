//! What was redeemed of each product in some days.

use std::cmp::Ordering;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;

use crate::error::Result;
use crate::platform::app::App;
use crate::reports::hr::filter::{Days, Filter};
use crate::reports::hr::transfers::back;
use crate::reports::hr::{may, sure};
use crate::reports::products::{self, Product};
use crate::types::folding::fold;
use crate::types::paging::Paging;
use crate::types::points::Points;
use crate::types::role::Desk;
use crate::types::search;
use crate::types::time::Timestamp;
use crate::urls::hr as urls;
use crate::web::csv;
use crate::web::htmx::Htmx;
use crate::web::page::{Choice, Page};
use crate::web::pager::Pager;
use crate::web::render;
use crate::web::sorting::{Column, Sorting};
use crate::web::viewer::HrAdmin;

/// On offer, and nobody ever wanted it.
pub const NEVER: &str = "never";
/// Redeemed in these days.
const SOLD: &str = "sold";
/// Products on a page.
const PAGE_SIZE: u32 = 50;
const COLUMNS: &[&str] = &["name", "category", "pieces", "points", "ever"];

#[derive(Template)]
#[template(path = "reports/hr/products.html", blocks = ["results"])]
struct IndexPage {
    page: Page,
    days: Days,
    shows: Vec<Choice>,
    q: String,
    sort: String,
    columns: Vec<Column>,
    /// All that fit, added up.
    pieces: i64,
    points: Points,
    rows: Vec<Row>,
    pager: Pager,
    csv_href: String,
    back_href: String,
}

struct Row {
    product: Product,
    href: Option<String>,
}

/// `GET /hr/reports/products`: the one that most points were spent on first.
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
    let filter = filter.into_inner();
    let asked = filter.days(&app);
    let days = filter.form(&page, &asked, urls::reports_products);
    let (found, status) = match &asked {
        Ok(range) => (wanted(products::of(app.db.reads(), range).await?, &filter, app.now()), StatusCode::OK),
        Err(_) => (Vec::new(), StatusCode::UNPROCESSABLE_ENTITY),
    };
    let text = page.text;
    let total = u64::try_from(found.len()).unwrap_or(u64::MAX);
    let paging = Paging::new(filter.page.parse().ok(), PAGE_SIZE).within(total);
    let [skip, take] = [paging.offset(), paging.limit()].map(|n| usize::try_from(n).unwrap_or(usize::MAX));
    let sorting = sorting(&filter);
    let address = |sort: &str| urls::reports_products(&filter.sorted(sort));
    let shows = [(SOLD, text.say("reports-show-sold")), (NEVER, text.say("reports-show-never"))];
    let view = IndexPage {
        shows: Choice::all_or(
            text.say("reports-show-every-product").to_string(),
            (!filter.show.is_empty()).then_some(filter.show.as_str()),
            shows.map(|(show, label)| (show.to_owned(), label.to_string())),
        ),
        columns: vec![
            sorting.column("name", text.say("reports-product"), false, address),
            sorting.column("category", text.say("reports-category"), false, address),
            sorting.column("pieces", text.say("reports-pieces"), true, address),
            sorting.column("points", text.say("reports-points"), true, address),
            sorting.column("ever", text.say("reports-ever"), true, address),
        ],
        pieces: found.iter().map(|product| product.pieces).sum(),
        points: Points(found.iter().map(|product| product.points).sum()),
        pager: Pager::new(paging, total, |number| urls::reports_products(&filter.page(number))),
        rows: found
            .into_iter()
            .skip(skip)
            .take(take)
            .map(|product| Row {
                href: may(&page, Desk::Products).then(|| urls::product(product.product_id)),
                product,
            })
            .collect(),
        csv_href: urls::reports_products_csv(&filter.page(1)),
        back_href: back(asked.as_ref().ok()),
        q: filter.q.clone(),
        sort: filter.sort.clone(),
        days,
        page,
    };
    if htmx.wants("results") { render::page(&view.as_results()) } else { render::with_status(status, &view) }
}

/// `GET /hr/reports/products.csv`: the same products, all of them.
///
/// # Errors
/// When the days cannot be, or the database fails.
pub async fn download(
    app: web::Data<App>,
    page: Page,
    hr: HrAdmin,
    filter: web::Query<Filter>,
) -> Result<HttpResponse> {
    app.limits.export(hr.0.person_id)?;
    let range = sure(filter.days(&app))?;
    let found = wanted(products::of(app.db.long_reads(), &range).await?, &filter, app.now());
    let text = page.text;
    let heading = [
        text.say("reports-product"),
        text.say("reports-category"),
        text.say("reports-pieces"),
        text.say("reports-points"),
        text.say("reports-ever"),
    ]
    .map(|word| word.to_string());
    let rows = found.into_iter().map(|product| {
        let numbers = [product.pieces, product.points, product.ever].map(|number| number.to_string());
        [product.name, product.category].into_iter().chain(numbers).collect()
    });
    csv::download("products.csv", &heading, rows)
}

/// Those that fit, in order.
fn wanted(all: Vec<Product>, filter: &Filter, now: Timestamp) -> Vec<Product> {
    let words = search::folded(&filter.q);
    let mut found = all;
    found.retain(|product| {
        let is_shown = match filter.show.as_str() {
            NEVER => product.is_never_redeemed(now),
            SOLD => product.pieces > 0,
            _ => true,
        };
        is_shown && (words.is_empty() || fold(&product.name).contains(&words))
    });
    let sorting = sorting(filter);
    found.sort_by(|a, b| {
        let order = match sorting.key {
            "name" => Ordering::Equal,
            "category" => a.category.cmp(&b.category),
            "pieces" => a.pieces.cmp(&b.pieces),
            "ever" => a.ever.cmp(&b.ever),
            _ => a.points.cmp(&b.points),
        };
        let order = if sorting.descending { order.reverse() } else { order };
        let by_name = a.name.cmp(&b.name);
        order.then(if sorting.key == "name" && sorting.descending { by_name.reverse() } else { by_name })
    });
    found
}

fn sorting(filter: &Filter) -> Sorting {
    Sorting::new(&filter.sort, "-points", COLUMNS)
}
