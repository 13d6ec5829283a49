//! The confirm page, and the submit that becomes an order.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;
use futures::FutureExt;
use serde::Deserialize;

use crate::cart::quote::{self, Quote, QuotedLine};
use crate::checkout::place::{self, DeliverTo, Placed, Placement};
use crate::error::{Error, FieldErrors, Refusal, Result};
use crate::ledger::lots::{self, Lot};
use crate::platform::app::App;
use crate::platform::metrics;
use crate::types::checkout_key::CheckoutKey;
use crate::types::points::Points;
use crate::types::product_kind::ProductKind;
use crate::types::quantity::whole_number;
use crate::types::time::Timestamp;
use crate::web::flash::Flash;
use crate::web::form::Form;
use crate::web::htmx::Htmx;
use crate::web::page::{FormErrors, LotView, Page};
use crate::web::picture::{self, Picture};
use crate::web::viewer::Employee;
use crate::web::{render, sentences};
use crate::{cart, limits, people, urls};

#[derive(Template)]
#[template(path = "checkout/new.html")]
struct NewPage {
    page: Page,
    form: CheckoutForm,
    lines: Vec<LineView>,
    total: Points,
    balance: Points,
    balance_after: Option<Points>,
    short_by: Option<Points>,
    lots: Vec<LotView>,
    needs_delivery: bool,
    addresses: Vec<DeliveryChoice>,
    offices: Vec<DeliveryChoice>,
    has_codes: bool,
    problem: Option<String>,
    errors: FormErrors,
}

struct CheckoutForm {
    key: String,
    expected_total: i64,
    cart: String,
}

struct LineView {
    name: String,
    href: String,
    picture: Option<Picture>,
    unit_price: Points,
    quantity: i64,
    line_total: Points,
}

struct DeliveryChoice {
    value: String,
    name: String,
    detail: String,
    selected: bool,
}

/// What the confirm page sends.
#[derive(Clone, Debug, Deserialize)]
pub struct Submitted {
    key: String,
    expected_total: String,
    #[serde(default)]
    cart: String,
    #[serde(default)]
    delivery: String,
}

/// `GET /checkout`: everything on one look before points are spent. An empty cart leads back to the cart.
///
/// # Errors
/// When the database fails.
pub async fn new(app: web::Data<App>, page: Page, employee: Employee, htmx: Htmx) -> Result<HttpResponse> {
    confirm(&app, page, &employee, &htmx, Again::default()).await
}

/// `POST /checkout`: places the order, once for each key. Another price, stock or balance than was shown is said in
/// numbers above the same page; the cart is kept.
///
/// # Errors
/// A refusal that leaves nothing to confirm, or when the database fails.
pub async fn create(
    app: web::Data<App>,
    page: Page,
    employee: Employee,
    htmx: Htmx,
    Form(form): Form<Submitted>,
) -> Result<HttpResponse> {
    app.limits.checkout(employee.id())?;
    let placement = placement(&app, &employee, &form)?;
    let (now, limits, wanted) = (app.now(), app.config.limits, placement.clone());
    let placed = app.db.write("checkout.place", move |tx| {
        let placement = wanted.clone();
        async move { place::place(tx, now, placement, &limits).await }.boxed()
    });
    let placed = placed.await;
    if let Err(error) = &placed {
        metrics::order_refused(error);
    }
    let number = match placed {
        Ok(Placed::Now(number)) => {
            metrics::order_placed();
            tracing::info!(%number, "an order was placed");
            let flash = Flash::good("flash-order-placed", &number);
            return Ok(render::see_other_saying(&htmx, &urls::order(&number), &flash));
        }
        Ok(Placed::Before(number)) => number,
        Err(Error::Unavailable(what)) => after_outage(&app, &placement, what).await?,
        Err(Error::Invalid(errors)) => {
            let again = Again {
                status: StatusCode::UNPROCESSABLE_ENTITY,
                errors,
                problem: None,
                delivery: form.delivery,
            };
            return confirm(&app, page, &employee, &htmx, again).await;
        }
        Err(Error::Refused(refusal)) if can_confirm_again(&refusal) => {
            tracing::info!(?refusal, "an order was refused");
            let problem = Some(sentences::refusal(page.text, &refusal));
            let again = Again {
                status: StatusCode::CONFLICT,
                errors: FieldErrors::default(),
                problem,
                delivery: form.delivery,
            };
            return confirm(&app, page, &employee, &htmx, again).await;
        }
        Err(error) => return Err(error),
    };
    Ok(render::see_other(&htmx, &urls::order(&number)))
}

/// The connection broke while committing: if the order is there, it was placed.
async fn after_outage(app: &App, placement: &Placement, what: &'static str) -> Result<String> {
    match place::before(app.db.reads(), placement).await {
        Ok(Some(Placed::Now(number) | Placed::Before(number))) => Ok(number),
        Err(Error::Refused(refusal)) => Err(refusal.into()),
        _ => Err(Error::Unavailable(what)),
    }
}

/// Whether the person can look again and decide anew on the same page.
fn can_confirm_again(refusal: &Refusal) -> bool {
    matches!(
        refusal,
        Refusal::PriceChanged { .. }
            | Refusal::CartChanged
            | Refusal::NotEnoughPoints { .. }
            | Refusal::OutOfStock { .. }
            | Refusal::Withdrawn { .. }
    )
}

fn placement(app: &App, employee: &Employee, form: &Submitted) -> Result<Placement> {
    let expected = whole_number(&form.expected_total).ok_or(Error::Malformed("expected_total"))?;
    let deliver_to = match form.delivery.split_once(':') {
        Some(("address", id)) => Some(DeliverTo::Address(id.parse().ok().ok_or(Error::NotFound)?)),
        Some(("office", slug)) => {
            let office = app.config.offices.iter().find(|office| office.slug == slug);
            Some(DeliverTo::Office(office.ok_or(Error::NotFound)?.clone()))
        }
        _ => None,
    };
    Ok(Placement {
        key: form.key.parse().ok().ok_or(Error::Malformed("key"))?,
        person_id: employee.id(),
        expected_total: Points(expected),
        cart: (!form.cart.is_empty()).then(|| form.cart.clone()),
        deliver_to,
    })
}

/// Why the confirm page is shown, and what was chosen on it before.
struct Again {
    status: StatusCode,
    errors: FieldErrors,
    problem: Option<String>,
    delivery: String,
}

impl Default for Again {
    fn default() -> Self {
        Self {
            status: StatusCode::OK,
            errors: FieldErrors::default(),
            problem: None,
            delivery: String::new(),
        }
    }
}

/// The confirm page with a fresh key. A cart that cannot be ordered is shown as a cart, where its lines say why.
async fn confirm(
    app: &App,
    page: Page,
    employee: &Employee,
    htmx: &Htmx,
    again: Again,
) -> Result<HttpResponse> {
    let db = app.db.reads();
    let now = app.now();
    let quote = match quoted(app, now, employee).await? {
        Ok(quote) => quote,
        Err(refusal) if again.problem.is_none() && again.status == StatusCode::OK => {
            tracing::debug!(?refusal, "the cart cannot be confirmed as it is");
            return Ok(render::see_other(htmx, &urls::cart()));
        }
        Err(refusal) => return Err(refusal.into()),
    };
    let open = lots::of_person(db, now, employee.id()).await?;
    let balance = Points::sum(open.iter().map(|lot| lot.remaining)).unwrap_or_default();
    let needs_delivery = quote.needs_delivery();
    let (addresses, offices) = if needs_delivery {
        delivery_choices(app, employee, &again.delivery).await?
    } else {
        Default::default()
    };
    let view = NewPage {
        form: CheckoutForm {
            key: CheckoutKey::mint().to_string(),
            expected_total: quote.total.0,
            cart: quote.digest(),
        },
        lines: line_views(app, now, &quote).await?,
        total: quote.total,
        balance,
        balance_after: balance.minus(quote.total),
        short_by: quote.total.minus(balance).filter(|short| *short > Points::ZERO),
        lots: lot_views(&open, quote.total, now),
        needs_delivery,
        addresses,
        offices,
        has_codes: quote.lines.iter().any(|line| line.line.kind == ProductKind::Digital),
        problem: again.problem,
        errors: page.errors(again.errors),
        page,
    };
    render::with_status(again.status, &view)
}

/// The cart as it can be ordered now, or why it cannot.
async fn quoted(app: &App, now: Timestamp, employee: &Employee) -> Result<Result<Quote, Refusal>> {
    let (db, policy) = (app.db.reads(), app.config.limits);
    let quote = match quote::quote(cart::load(db, now, policy.zone, employee.id()).await?) {
        Ok(quote) => quote,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let shop = limits::of_shop(db, now, &policy, employee.id()).await?;
    Ok(shop.check(quote.total).map(|()| quote))
}

/// Which lots would pay; nothing when they do not suffice.
fn lot_views(open: &[Lot], total: Points, now: Timestamp) -> Vec<LotView> {
    let draws = lots::plan(open, total, now).unwrap_or_default();
    draws.into_iter().map(|draw| LotView { amount: draw.amount, expires: draw.expires_at }).collect()
}

async fn line_views(app: &App, now: Timestamp, quote: &Quote) -> Result<Vec<LineView>> {
    let mut views = Vec::with_capacity(quote.lines.len());
    for QuotedLine { line, total, .. } in &quote.lines {
        let (key, widths) =
            (line.object_key.as_deref().unwrap_or_default(), line.widths.as_deref().unwrap_or_default());
        views.push(LineView {
            name: line.name.clone(),
            href: urls::product(&line.slug),
            picture: picture::signed(&app.images, now, key, widths, line.alt.as_deref().unwrap_or_default())
                .await,
            unit_price: line.price,
            quantity: line.quantity,
            line_total: *total,
        });
    }
    Ok(views)
}

async fn delivery_choices(
    app: &App,
    employee: &Employee,
    chosen: &str,
) -> Result<(Vec<DeliveryChoice>, Vec<DeliveryChoice>)> {
    let saved = people::addresses::list(app.db.reads(), employee.id()).await?;
    let addresses = saved.iter().map(|address| {
        let value = format!("address:{}", address.id);
        let selected = if chosen.is_empty() { address.is_default() } else { value == chosen };
        let detail = address.lines().into_iter().skip(1).collect::<Vec<_>>().join(", ");
        DeliveryChoice { value, name: address.recipient.clone(), detail, selected }
    });
    let offices = app.config.offices.iter().map(|office| {
        let value = format!("office:{}", office.slug);
        let selected = value == chosen;
        DeliveryChoice { value, name: office.name.clone(), detail: office.address.clone(), selected }
    });
    Ok((addresses.collect(), offices.collect()))
}
