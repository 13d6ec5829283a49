//! A product's stock: how many there are, changing that by hand, and every move so far.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;
use futures::FutureExt;
use serde::{Deserialize, Serialize};

use crate::catalog::hr::edit::found;
use crate::catalog::hr::{Badge, running_badge};
use crate::catalog::moves::{self, StockMove};
use crate::catalog::stock::{self, Adjustment, By};
use crate::error::{Error, FieldErrors, FieldProblem, Result};
use crate::platform::app::App;
use crate::types::form_key::FormKey;
use crate::types::id::ProductId;
use crate::types::paging::Paging;
use crate::types::product_kind::ProductKind;
use crate::types::quantity::whole_number;
use crate::types::role::Desk;
use crate::types::stock_reason::StockReason;
use crate::types::time::Timestamp;
use crate::urls;
use crate::web::csv;
use crate::web::flash::Flash;
use crate::web::form::Form;
use crate::web::htmx::Htmx;
use crate::web::page::{Choice, FormErrors, Page};
use crate::web::pager::Pager;
use crate::web::text::{Text, grouped};
use crate::web::viewer::HrAdmin;
use crate::web::{render, sentences};

/// Moves on a page.
const PAGE_SIZE: u32 = 50;

#[derive(Template)]
#[template(path = "catalog/hr/stock.html", blocks = ["moves"])]
struct StockPage {
    page: Page,
    id: String,
    name: String,
    stock: i64,
    running: Option<Badge>,
    is_digital: bool,
    /// Minted anew each time the page is shown.
    key: FormKey,
    form: StockForm,
    reasons: Vec<Choice>,
    errors: FormErrors,
    problem: Option<String>,
    any_reason: Vec<Choice>,
    is_filtered: bool,
    rows: Vec<Row>,
    pager: Pager,
    /// There are more than are counted.
    has_more: bool,
    csv_href: String,
}

struct Row {
    at: Timestamp,
    /// With its sign.
    pieces: String,
    is_more: bool,
    reason: String,
    note: String,
    order: Option<String>,
    /// For those who may look at orders.
    order_href: Option<String>,
    actor: Option<String>,
}

/// A change of the stock as it is typed; either `step` or a reason with a number.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct StockForm {
    key: String,
    /// `more` or `less`: one piece, by a button.
    step: String,
    reason: String,
    quantity: String,
    /// How many there were when the form was shown.
    expected: String,
    note: String,
}

/// What the list of moves is asked for.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct Filter {
    #[serde(default, skip_serializing_if = "String::is_empty")]
    why: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    page: String,
}

impl StockForm {
    fn read(&self) -> Result<Adjustment> {
        let key = self.key.parse().ok().ok_or(Error::Malformed("the form's key"))?;
        let note = self.note.trim().to_owned();
        match self.step.as_str() {
            "" => {}
            "more" => return Ok(Adjustment { key, by: By::Pieces(StockReason::Corrected, 1), note }),
            "less" => return Ok(Adjustment { key, by: By::Pieces(StockReason::Corrected, -1), note }),
            _ => return Err(Error::Malformed("a step of stock")),
        }
        let mut errors = FieldErrors::default();
        let reason = self.reason.parse().ok().filter(|reason| StockReason::ENTERED.contains(reason));
        if reason.is_none() {
            errors.add("reason", FieldProblem::NotInList);
        }
        let quantity = whole_number(&self.quantity);
        if self.quantity.is_empty() {
            errors.add("quantity", FieldProblem::Required);
        } else if quantity.is_none() {
            errors.add("quantity", FieldProblem::NotANumber);
        }
        errors.check()?;
        let (reason, pieces) = (reason.unwrap_or(StockReason::Counted), quantity.unwrap_or_default());
        let by = match reason {
            StockReason::Counted => {
                let expected = whole_number(&self.expected);
                By::Count { counted: pieces, expected: expected.ok_or(Error::Malformed("a stock"))? }
            }
            reason if reason.takes_away() => By::Pieces(reason, -pieces),
            reason => By::Pieces(reason, pieces),
        };
        Ok(Adjustment { key, by, note })
    }
}

impl Filter {
    fn reason(&self) -> Option<StockReason> {
        self.why.parse().ok()
    }

    fn query(&self, page: u32) -> String {
        let page = if page > 1 { page.to_string() } else { String::new() };
        serde_urlencoded::to_string(Self { page, ..self.clone() }).unwrap_or_default()
    }
}

/// `GET /hr/products/{product}/stock`
///
/// # Errors
/// [`Error::NotFound`].
pub async fn show(
    app: web::Data<App>,
    page: Page,
    _hr: HrAdmin,
    htmx: Htmx,
    id: web::Path<String>,
    filter: web::Query<Filter>,
) -> Result<HttpResponse> {
    let view = stock_page(&app, page, &id, &filter, StockForm::default(), FieldErrors::default()).await?;
    if htmx.wants("moves") { render::page(&view.as_moves()) } else { render::page(&view) }
}

/// `POST /hr/products/{product}/stock`: so many more or fewer, for a reason.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn adjust(
    app: web::Data<App>,
    page: Page,
    hr: HrAdmin,
    htmx: Htmx,
    id: web::Path<String>,
    Form(form): Form<StockForm>,
) -> Result<HttpResponse> {
    let product = found(&app, &id).await?;
    let (now, actor, product_id) = (app.now(), hr.actor(), product.id);
    let adjusted = match form.read() {
        Ok(adjustment) => {
            let write = app.db.write("stock.adjust", move |tx| {
                let adjustment = adjustment.clone();
                async move { stock::adjust(tx, now, actor, product_id, &adjustment).await }.boxed()
            });
            write.await
        }
        Err(error) => Err(error),
    };
    let (status, errors, problem) = match adjusted {
        Ok(()) => {
            let flash = Flash::good("flash-stock-adjusted", &product.name);
            return Ok(render::see_other_saying(&htmx, &urls::hr::product_stock(product_id), &flash));
        }
        Err(Error::Invalid(errors)) => (StatusCode::UNPROCESSABLE_ENTITY, errors, None),
        Err(Error::Refused(refusal)) => {
            let problem = sentences::refusal(page.text, &refusal);
            (StatusCode::CONFLICT, FieldErrors::default(), Some(problem))
        }
        Err(error) => return Err(error),
    };
    let view = stock_page(&app, page, &id, &Filter::default(), form, errors).await?;
    render::with_status(status, &StockPage { problem, ..view })
}

/// `GET /hr/products/{product}/stock.csv`: the same moves, the newest [`moves::MOST_EXPORTED`].
///
/// # Errors
/// [`Error::NotFound`].
pub async fn download(
    app: web::Data<App>,
    page: Page,
    hr: HrAdmin,
    id: web::Path<String>,
    filter: web::Query<Filter>,
) -> Result<HttpResponse> {
    app.limits.export(hr.0.person_id)?;
    let product = found(&app, &id).await?;
    let text = page.text;
    let heading = [
        text.say("hr-stock-at"),
        text.say("hr-stock-pieces"),
        text.say("hr-stock-reason"),
        text.say("hr-stock-note"),
        text.say("hr-stock-order"),
        text.say("hr-stock-who"),
    ]
    .map(|word| word.to_string());
    let found = moves::whole(app.db.long_reads(), product.id, filter.reason()).await?;
    let rows = found.into_iter().map(|row| {
        vec![
            row.at.iso(),
            row.quantity.to_string(),
            row.reason().map(|reason| reason_label(text, reason)).unwrap_or_default(),
            row.note,
            row.order_number.unwrap_or_default(),
            row.actor.unwrap_or_default(),
        ]
    });
    csv::download("stock.csv", &heading, rows)
}

async fn stock_page(
    app: &App,
    page: Page,
    id: &str,
    filter: &Filter,
    form: StockForm,
    errors: FieldErrors,
) -> Result<StockPage> {
    let product = found(app, id).await?;
    let reason = filter.reason();
    let paging = Paging::new(filter.page.parse().ok(), PAGE_SIZE);
    let (found, paging) = moves::page(app.db.reads(), product.id, reason, paging).await?;
    let text = page.text;
    let sees_orders = page.viewer.as_ref().is_some_and(|viewer| viewer.may(Desk::Orders));
    let address = |number: u32| urls::hr::product_stock_filtered(product.id, &filter.query(number));
    let label = |reason: StockReason| (reason.name().to_owned(), reason_label(text, reason));
    Ok(StockPage {
        id: product.id.to_string(),
        name: product.name.clone(),
        stock: product.stock,
        running: running_badge(text, product.stock, product.low_stock_at),
        is_digital: product.kind == ProductKind::Digital,
        key: FormKey::mint(),
        reasons: StockReason::ENTERED
            .map(|reason| {
                let (value, label) = label(reason);
                Choice { selected: value == form.reason, value, label }
            })
            .into(),
        form,
        errors: page.errors(errors),
        problem: None,
        any_reason: Choice::all_or(
            text.say("hr-stock-reason-all").to_string(),
            reason.map(StockReason::name),
            StockReason::ALL.map(label),
        ),
        is_filtered: reason.is_some(),
        pager: Pager::new(paging, found.total.min(moves::MOST_COUNTED), address),
        has_more: found.total > moves::MOST_COUNTED,
        rows: found.rows.into_iter().map(|done| row(text, done, sees_orders)).collect(),
        csv_href: csv_href(product.id, filter),
        page,
    })
}

fn csv_href(id: ProductId, filter: &Filter) -> String {
    urls::hr::product_stock_csv(id, &filter.query(1))
}

fn row(text: Text, done: StockMove, sees_orders: bool) -> Row {
    let order_href = done.order_number.as_deref().filter(|_| sees_orders).map(urls::hr::order);
    Row {
        at: done.at,
        pieces: if done.quantity > 0 {
            format!("+{}", grouped(done.quantity))
        } else {
            grouped(done.quantity)
        },
        is_more: done.quantity > 0,
        reason: done.reason().map(|reason| reason_label(text, reason)).unwrap_or_default(),
        note: done.note,
        order: done.order_number,
        order_href,
        actor: done.actor,
    }
}

fn reason_label(text: Text, reason: StockReason) -> String {
    match reason {
        StockReason::Sold => text.say("hr-stock-sold"),
        StockReason::Returned => text.say("hr-stock-returned"),
        StockReason::Received => text.say("hr-stock-received"),
        StockReason::Found => text.say("hr-stock-found"),
        StockReason::Damaged => text.say("hr-stock-damaged"),
        StockReason::Lost => text.say("hr-stock-lost"),
        StockReason::TakenOut => text.say("hr-stock-taken-out"),
        StockReason::Corrected => text.say("hr-stock-corrected"),
        StockReason::Counted => text.say("hr-stock-counted"),
        StockReason::Withdrawn => text.say("hr-stock-withdrawn"),
    }
    .to_string()
}
