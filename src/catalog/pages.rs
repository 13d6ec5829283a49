//! What employees see of the catalog: the shelves with their filter, and each product.

use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::{HttpResponse, web};
use askama::Template;
use chrono_tz::Tz;

use crate::catalog::filter::{Filter, Sort};
use crate::catalog::interest::{self, Interest};
use crate::catalog::{self, pictures, search};
use crate::entity::{categories, pictures as picture_row, products};
use crate::error::{Error, Result};
use crate::limits::{self, Allowance};
use crate::platform::app::App;
use crate::platform::images::Images;
use crate::types::limit::Limit;
use crate::types::points::Points;
use crate::types::product_kind::ProductKind;
use crate::types::quantity::MOST_OF_ONE_PRODUCT;
use crate::types::time::Timestamp;
use crate::urls;
use crate::web::htmx::Htmx;
use crate::web::page::{Choice, FormErrors, Page};
use crate::web::pager::Pager;
use crate::web::picture::{self, Picture};
use crate::web::render;
use crate::web::viewer::Employee;

/// The filter as the form shows it.
pub struct FilterForm {
    pub q: String,
    pub category: String,
    pub min: String,
    pub max: String,
    pub affordable: bool,
    pub in_stock: bool,
    pub sort: String,
    /// Something is filtered.
    pub any: bool,
    pub errors: FormErrors,
}

/// One page of products.
pub struct Results {
    pub cards: Vec<Card>,
    pub total: i64,
    pub pager: Pager,
}

/// A product in the list.
pub struct Card {
    pub href: String,
    pub name: String,
    pub category: String,
    pub price: Points,
    pub picture: Option<Picture>,
    pub sold_out: bool,
    /// How many are left, when they are few.
    pub low: Option<i64>,
    /// What the balance lacks.
    pub short_by: Option<Points>,
    pub digital: bool,
}

/// The catalog.
#[derive(Template)]
#[template(path = "catalog/index.html", blocks = ["results"])]
struct IndexPage {
    page: Page,
    filter: FilterForm,
    categories: Vec<Choice>,
    sorts: Vec<Choice>,
    results: Results,
}

/// GET `/`: the catalog, searched, filtered and sorted by its address.
///
/// # Errors
/// When the database fails.
pub async fn index(
    app: web::Data<App>,
    mut page: Page,
    viewer: Employee,
    htmx: Htmx,
    query: web::Query<Vec<(String, String)>>,
) -> Result<HttpResponse> {
    let shelves = catalog::categories(app.db.reads()).await?;
    let mut filter = Filter::read(&query);
    if !shelves.iter().any(|shelf| shelf.slug == filter.category) {
        filter.category.clear();
    }
    let now = app.now();
    let (found, paging) = search::search(app.db.reads(), now, &filter, viewer.0.balance).await?;
    let here = urls::catalog(&filter.to_query(Some(paging.number)));
    let pager = Pager::new(paging, found.total, |number| urls::catalog(&filter.to_query(Some(number))));
    let mut cards = Vec::with_capacity(found.rows.len());
    for row in found.rows {
        cards.push(card(&app.images, now, viewer.0.balance, &shelves, row).await?);
    }
    let total = i64::try_from(found.total).unwrap_or(i64::MAX);
    page.search.clone_from(&filter.q);
    let template = IndexPage {
        categories: category_choices(&page, &shelves, &filter),
        sorts: Sort::ALL.map(|sort| sort_choice(&page, sort, filter.sort)).into(),
        results: Results { cards, total, pager },
        filter: form(&page, filter),
        page,
    };
    if htmx.wants("results") {
        Ok(at_address(render::page(&template.as_results())?, &here))
    } else {
        render::page(&template)
    }
}

/// The form sends every field, also those that choose nothing; the browser's address shows the canonical one.
fn at_address(mut part: HttpResponse, address: &str) -> HttpResponse {
    if let Ok(value) = HeaderValue::from_str(address) {
        part.headers_mut().insert(HeaderName::from_static("hx-push-url"), value);
    }
    part
}

/// A product as its page shows it.
pub struct ProductView {
    pub id: String,
    pub name: String,
    pub category: String,
    pub category_href: String,
    pub paragraphs: Vec<String>,
    pub terms: Vec<String>,
    pub how_to_use: Vec<String>,
    pub price: Points,
    pub pictures: Vec<Picture>,
    pub digital: bool,
    pub sold_out: bool,
    pub low: Option<i64>,
    pub available: i64,
    pub max_quantity: i64,
    /// What is left after redeeming one; `None` when the balance does not reach, or a limit leaves none.
    pub balance_after: Option<Points>,
    pub short_by: Option<Points>,
    pub in_cart: i64,
    /// What its limit leaves to the viewer, when it has one.
    pub limit: Option<LimitView>,
    /// It is no longer on offer; the viewer sees it because they have it in the cart or in an order.
    pub withdrawn: bool,
}

/// How many the viewer may have.
pub struct LimitView {
    pub limit: i64,
    pub left: i64,
    /// The rest is in the cart already.
    pub all_in_cart: bool,
    /// Names the sentence.
    pub period: &'static str,
    /// The day from which it counts anew.
    pub again_on: String,
}

/// One product.
#[derive(Template)]
#[template(path = "catalog/show.html")]
struct ShowPage {
    page: Page,
    product: ProductView,
}

/// GET `/products/{slug}`: one product, and what redeeming it would leave.
///
/// # Errors
/// [`Error::NotFound`] when there is none, or it is off the shelves and nothing to the viewer.
pub async fn show(
    app: web::Data<App>,
    page: Page,
    viewer: Employee,
    slug: web::Path<String>,
) -> Result<HttpResponse> {
    let db = app.db.reads();
    let product = catalog::find_by_slug(db, &slug).await?.ok_or(Error::NotFound)?;
    let interest = interest::of(db, viewer.id(), product.id).await?;
    let now = app.now();
    if !product.is_on_offer(now) && !interest.is_any() {
        return Err(Error::NotFound);
    }
    let category = catalog::find_category(db, product.category_id).await?.ok_or(Error::NotFound)?;
    let zone = app.config.limits.zone;
    let mut shown = Vec::new();
    for row in pictures::of_product(db, product.id).await? {
        shown.extend(signed(&app.images, now, &row).await);
    }
    let allowance = match Limit::of(product.limit_count, product.limit_period) {
        Some(limit) => Some(limits::of_product(db, now, zone, viewer.id(), product.id, limit).await?),
        None => None,
    };
    let limit = allowance.map(|allowance| limit_view(allowance, interest, zone));
    let product = view(now, product, &category, shown, interest, viewer.0.balance, limit);
    render::page(&ShowPage { page, product })
}

fn view(
    now: Timestamp,
    product: products::Model,
    category: &categories::Model,
    pictures: Vec<Picture>,
    interest: Interest,
    balance: Points,
    limit: Option<LimitView>,
) -> ProductView {
    let allowed = limit.as_ref().map_or(MOST_OF_ONE_PRODUCT, |limit| limit.left - interest.in_cart);
    let withdrawn = !product.is_on_offer(now);
    let on_shelf = Filter { category: category.slug.clone(), ..Filter::default() };
    ProductView {
        id: product.id.to_string(),
        name: product.name,
        category: category.name.clone(),
        category_href: urls::catalog(&on_shelf.to_query(None)),
        paragraphs: paragraphs(&product.description),
        terms: paragraphs(&product.terms),
        how_to_use: paragraphs(&product.how_to_use),
        price: product.price,
        pictures,
        digital: product.kind == ProductKind::Digital,
        sold_out: product.stock == 0,
        low: low(product.stock, product.low_stock_at),
        available: product.stock,
        max_quantity: product.stock.min(MOST_OF_ONE_PRODUCT).min(allowed),
        balance_after: balance.minus(product.price).filter(|_| allowed > 0),
        short_by: short_by(product.price, balance),
        in_cart: interest.in_cart,
        limit,
        withdrawn,
    }
}

fn limit_view(allowance: Allowance, interest: Interest, zone: Tz) -> LimitView {
    let left = allowance.left();
    LimitView {
        limit: allowance.limit.count,
        left,
        all_in_cart: left > 0 && interest.in_cart >= left,
        period: allowance.limit.period.name(),
        again_on: allowance.again_at.map(|at| at.date_in(zone)).unwrap_or_default(),
    }
}

async fn card(
    images: &Images,
    now: Timestamp,
    balance: Points,
    shelves: &[categories::Model],
    card: search::Card,
) -> Result<Card> {
    let product = card.product;
    let shelf = shelves.iter().find(|shelf| shelf.id == product.category_id);
    let picture = match &card.picture {
        Some(row) => signed(images, now, row).await,
        None => None,
    };
    Ok(Card {
        href: urls::product(&product.slug),
        name: product.name,
        category: shelf.map(|shelf| shelf.name.clone()).unwrap_or_default(),
        price: product.price,
        picture,
        sold_out: product.stock == 0,
        low: low(product.stock, product.low_stock_at),
        short_by: short_by(product.price, balance),
        digital: product.kind == ProductKind::Digital,
    })
}

pub(super) async fn signed(images: &Images, now: Timestamp, row: &picture_row::Model) -> Option<Picture> {
    picture::signed(images, now, &row.object_key, &row.widths, &row.alt).await
}

fn form(page: &Page, filter: Filter) -> FilterForm {
    FilterForm {
        any: filter.is_any(),
        q: filter.q,
        category: filter.category,
        min: filter.min,
        max: filter.max,
        affordable: filter.affordable,
        in_stock: filter.in_stock,
        sort: filter.sort.name().to_owned(),
        errors: page.errors(filter.errors),
    }
}

fn category_choices(page: &Page, shelves: &[categories::Model], filter: &Filter) -> Vec<Choice> {
    let chosen = (!filter.category.is_empty()).then_some(filter.category.as_str());
    let each = shelves.iter().map(|shelf| (shelf.slug.clone(), shelf.name.clone()));
    Choice::all_or(page.say("catalog-category-all").to_string(), chosen, each)
}

fn sort_choice(page: &Page, sort: Sort, chosen: Sort) -> Choice {
    let label = match sort {
        Sort::Newest => page.say("catalog-sort-newest"),
        Sort::PriceUp => page.say("catalog-sort-price-up"),
        Sort::PriceDown => page.say("catalog-sort-price-down"),
        Sort::Name => page.say("catalog-sort-name"),
        Sort::MostRedeemed => page.say("catalog-sort-most-redeemed"),
    };
    Choice { value: sort.name().to_owned(), label: label.to_string(), selected: sort == chosen }
}

/// How many are left, when it is worth saying.
fn low(stock: i64, low_stock_at: i64) -> Option<i64> {
    (stock > 0 && stock <= low_stock_at).then_some(stock)
}

/// What `balance` lacks of `price`, if anything.
fn short_by(price: Points, balance: Points) -> Option<Points> {
    price.minus(balance).filter(|short| *short > Points::ZERO)
}

/// Paragraphs are separated by blank lines.
pub(super) fn paragraphs(text: &str) -> Vec<String> {
    let mut paragraphs = vec![String::new()];
    for line in text.lines().map(str::trim) {
        match paragraphs.last_mut() {
            Some(last) if !line.is_empty() => {
                if !last.is_empty() {
                    last.push(' ');
                }
                last.push_str(line);
            }
            _ => paragraphs.push(String::new()),
        }
    }
    paragraphs.retain(|paragraph| !paragraph.is_empty());
    paragraphs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_are_said_and_none_is_not_few() {
        assert_eq!([0, 1, 3, 4].map(|stock| low(stock, 3)), [None, Some(1), Some(3), None]);
        assert_eq!(low(1, 0), None);
    }

    #[test]
    fn what_is_lacking_is_said_only_when_something_is() {
        let short = |price, balance| short_by(Points(price), Points(balance));
        assert_eq!([short(10, 9), short(10, 10), short(10, 11)], [Some(Points(1)), None, None]);
    }

    #[test]
    fn blank_lines_part_paragraphs() {
        assert_eq!(paragraphs("One\ntwo.\n\n\n  Three.\r\n \r\nFour"), ["One two.", "Three.", "Four"]);
        assert_eq!(paragraphs(" \n\n"), [""; 0]);
    }
}
