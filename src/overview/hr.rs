//! `/hr`: what needs somebody, desk by desk, and another chance for mails that were given up.

use actix_web::{HttpResponse, web};
use askama::Template;
use futures::FutureExt;

use crate::entity::{job_runs, outbox_messages};
use crate::error::{Error, Result};
use crate::grants::{self, acts};
use crate::outbox;
use crate::overview::{self, MOST_COUNTED, MOST_NAMED, OrderCounts, PointsMoved, Waiting, mails};
use crate::platform::app::App;
use crate::platform::job_log::{self, Health};
use crate::reports::checks::{self, State};
use crate::types::id::MessageId;
use crate::types::order_state::OrderState;
use crate::types::points::Points;
use crate::types::product_kind::{ProductKind, ProductState};
use crate::types::role::Desk;
use crate::types::time::{Day, Timestamp};
use crate::types::transfer_kind::TransferKind;
use crate::urls;
use crate::web::flash::Flash;
use crate::web::htmx::Htmx;
use crate::web::page::Page;
use crate::web::render;
use crate::web::text::{Text, grouped};
use crate::web::viewer::{HrAdmin, Viewer};

const HOUR_S: i64 = 3_600;
const DAY_S: i64 = 86_400;

#[derive(Template)]
#[template(path = "overview/hr/index.html")]
struct IndexPage {
    page: Page,
    figures: Vec<Figure>,
    /// Each is there only for whoever is at the desk.
    orders: Option<OrdersView>,
    products: Option<ProductsView>,
    grants: Option<GrantsView>,
    machinery: Option<MachineryView>,
}

struct Figure {
    label: String,
    value: String,
    href: Option<String>,
}

struct OrdersView {
    waiting: String,
    is_any: bool,
    oldest: Vec<OrderView>,
}

struct OrderView {
    number: String,
    href: String,
    person: String,
    placed_at: Timestamp,
    age: String,
    is_begun: bool,
}

struct ProductsView {
    goods: LowPanel,
    pools: LowPanel,
}

/// What runs out of one kind, and the way to the others.
struct LowPanel {
    named: Vec<LowView>,
    more: i64,
    more_href: String,
}

struct LowView {
    name: String,
    href: String,
    left: String,
    is_out: bool,
}

struct GrantsView {
    runs: u64,
    runs_href: String,
    rules: u64,
}

struct MachineryView {
    jobs: Vec<JobView>,
    /// What is wrong with the books.
    books: Option<String>,
    dead: Vec<MailView>,
    more_dead: i64,
    stuck: i64,
}

struct JobView {
    label: String,
    state: String,
    done_at: Option<Timestamp>,
    error: String,
}

struct MailView {
    action: String,
    label: String,
    created_at: Timestamp,
    error: String,
}

/// `GET /hr`
///
/// # Errors
/// When the database fails.
pub async fn index(app: web::Data<App>, page: Page, hr: HrAdmin) -> Result<HttpResponse> {
    let (db, now, viewer) = (app.db.reads(), app.now(), &hr.0);
    let today = now.day_in(app.config.time_zone);
    let day_began = today.start_in(app.config.time_zone);
    let may = |desk| viewer.may(desk);
    let text = page.text;
    let counts = if may(Desk::Orders) || may(Desk::Reports) {
        overview::order_counts(db, day_began).await?
    } else {
        None
    };
    let moved = if may(Desk::Points) || may(Desk::Reports) {
        overview::points_moved(db, day_began).await?
    } else {
        None
    };
    let orders = match counts.filter(|_| may(Desk::Orders)) {
        Some(counts) => Some(orders_view(text, now, counts, overview::oldest(db).await?)),
        None => None,
    };
    let products = if may(Desk::Products) { Some(products_view(&app, text).await?) } else { None };
    let grants = if may(Desk::Points) { Some(grants_view(&app).await?) } else { None };
    let machinery = if may(Desk::Audit) { Some(machinery_view(&app, text, now).await?) } else { None };
    render::page(&IndexPage {
        figures: figures(text, viewer, today, counts, moved),
        orders,
        products,
        grants,
        machinery,
        page,
    })
}

fn figures(
    text: Text,
    viewer: &Viewer,
    today: Day,
    counts: Option<OrderCounts>,
    moved: Option<PointsMoved>,
) -> Vec<Figure> {
    let at_orders = viewer.may(Desk::Orders);
    let figure = |label: &str, value: String, href: Option<String>| Figure {
        label: text.say(label).to_string(),
        value,
        href,
    };
    let mut figures = Vec::new();
    if let Some(counts) = counts {
        let href = |address: String| at_orders.then_some(address);
        figures.push(figure(
            "overview-orders-today",
            counted(text, counts.today),
            href(urls::hr::orders_filtered(&format!("state=all&from={}", today.0))),
        ));
        figures.push(figure("overview-orders-open", open(text, counts), href(urls::hr::orders())));
    }
    if let Some(moved) = moved {
        let points = |points: Option<Points>| grouped(points.unwrap_or_default().0);
        figures.push(figure("overview-points-issued", points(moved.issued), issued_href(viewer, today)));
        figures.push(figure(
            "overview-points-redeemed",
            points(moved.redeemed),
            transfers_href(viewer, TransferKind::Redeem, today),
        ));
    }
    figures
}

/// To all that was given today: as acts for whoever is at the points desk, else as transfers.
fn issued_href(viewer: &Viewer, today: Day) -> Option<String> {
    if !viewer.may(Desk::Points) {
        return transfers_href(viewer, TransferKind::Grant, today);
    }
    let kind = acts::Kind::Grant.name();
    Some(urls::hr::points_filtered(&format!("kind={kind}&from={today}&to={today}", today = today.0)))
}

/// To today's transfers of a kind, for whoever is at the desk of reports.
fn transfers_href(viewer: &Viewer, kind: TransferKind, today: Day) -> Option<String> {
    let query = format!("kind={kind}&from={today}&to={today}", kind = kind.name(), today = today.0);
    viewer.may(Desk::Reports).then(|| urls::hr::reports_transfers(&query))
}

/// A number that was counted to a limit only.
fn counted(text: Text, count: i64) -> String {
    if count > MOST_COUNTED {
        text.say("overview-more-than").with("count", MOST_COUNTED).to_string()
    } else {
        grouped(count)
    }
}

fn open(text: Text, counts: OrderCounts) -> String {
    counted(text, counts.placed.saturating_add(counts.preparing))
}

fn orders_view(text: Text, now: Timestamp, counts: OrderCounts, oldest: Vec<Waiting>) -> OrdersView {
    let oldest = oldest.into_iter().map(|order| OrderView {
        href: urls::hr::order(&order.number),
        age: age(text, now.seconds_since(order.placed_at)),
        is_begun: order.state == OrderState::Preparing,
        number: order.number,
        person: order.person,
        placed_at: order.placed_at,
    });
    OrdersView {
        waiting: open(text, counts),
        is_any: counts.placed + counts.preparing > 0,
        oldest: oldest.collect(),
    }
}

/// How long ago, roughly.
fn age(text: Text, seconds: i64) -> String {
    let days = seconds.checked_div(DAY_S).unwrap_or_default();
    let hours = seconds.checked_div(HOUR_S).unwrap_or_default();
    match (days, hours) {
        (1.., _) => text.say("overview-age-days").with("count", days).to_string(),
        (_, 1..) => text.say("overview-age-hours").with("count", hours).to_string(),
        _ => text.say("overview-age-new").to_string(),
    }
}

async fn products_view(app: &App, text: Text) -> Result<ProductsView> {
    Ok(ProductsView {
        goods: low_panel(app, text, ProductKind::Physical).await?,
        pools: low_panel(app, text, ProductKind::Digital).await?,
    })
}

async fn low_panel(app: &App, text: Text, kind: ProductKind) -> Result<LowPanel> {
    let db = app.db.reads();
    let (low, count) = (overview::low(db, kind).await?, overview::low_count(db, kind).await?);
    let named = low.into_iter().map(|product| LowView {
        name: product.name,
        href: urls::hr::product(product.id),
        left: text.say("overview-left").with("count", product.stock).to_string(),
        is_out: product.stock == 0,
    });
    let query = format!("state={}&kind={}&stock=low&sort=stock", ProductState::Listed.name(), kind.name());
    Ok(LowPanel { named: named.collect(), more: more(count), more_href: urls::hr::products_filtered(&query) })
}

/// How many are not named.
fn more(count: i64) -> i64 {
    (count - i64::from(MOST_NAMED)).max(0)
}

async fn grants_view(app: &App) -> Result<GrantsView> {
    let db = app.db.reads();
    Ok(GrantsView {
        runs: grants::runs::waiting(db).await?,
        runs_href: urls::hr::runs_filtered("state=waiting"),
        rules: grants::rules::approval::waiting(db).await?,
    })
}

async fn machinery_view(app: &App, text: Text, now: Timestamp) -> Result<MachineryView> {
    let db = app.db.reads();
    let jobs = job_log::all(db).await?;
    let known = checks::known(&app.db, now).await?;
    let dead = mails::dead(db, u64::from(MOST_NAMED)).await?;
    let books = match known.state {
        State::Broken => {
            Some(text.say("overview-books-broken").with("laws", known.broken.join(", ")).to_string())
        }
        State::Stale => Some(text.say("overview-books-stale").to_string()),
        State::Ok | State::Unchecked => None,
    };
    Ok(MachineryView {
        jobs: jobs.iter().filter_map(|run| job_view(text, now, run)).collect(),
        books,
        dead: dead.iter().map(|message| mail_view(text, message)).collect(),
        more_dead: more(outbox::given_up(db).await?),
        stuck: mails::stuck(db, now).await?,
    })
}

/// A job that somebody should look after.
fn job_view(text: Text, now: Timestamp, run: &job_runs::Model) -> Option<JobView> {
    let state = match job_log::health(run, now) {
        Health::Well => return None,
        Health::Failing => text.say("overview-job-failing"),
        Health::Stuck => text.say("overview-job-stuck"),
    };
    let label = match run.name.as_str() {
        "deliver-outbox" => text.say("overview-job-deliver-outbox"),
        "expire-points" => text.say("overview-job-expire-points"),
        "expire-leavers" => text.say("overview-job-expire-leavers"),
        "forget-imports" => text.say("overview-job-forget-imports"),
        "warn-of-expiry" => text.say("overview-job-warn-of-expiry"),
        "forget-sessions" => text.say("overview-job-forget-sessions"),
        "check-books" => text.say("overview-job-check-books"),
        "apply-rules" => text.say("overview-job-apply-rules"),
        "work-grant-runs" => text.say("overview-job-work-grant-runs"),
        other => text.say("overview-job-other").with("name", other),
    };
    let has_failed_last = run.failed_at > run.done_at;
    Some(JobView {
        label: label.to_string(),
        state: state.to_string(),
        done_at: run.done_at,
        error: if has_failed_last { run.last_error.clone() } else { String::new() },
    })
}

fn mail_view(text: Text, message: &outbox_messages::Model) -> MailView {
    let label = match message.kind.as_str() {
        "order-placed" => text.say("overview-mail-order-placed"),
        "order-cancelled" => text.say("overview-mail-order-cancelled"),
        "order-fulfilled" => text.say("overview-mail-order-fulfilled"),
        "order-noted" => text.say("overview-mail-order-noted"),
        "points-expiring" => text.say("overview-mail-points-expiring"),
        "grant-made" => text.say("overview-mail-grant-made"),
        "points-deducted" => text.say("overview-mail-points-deducted"),
        other => text.say("overview-mail-other").with("name", other),
    };
    MailView {
        action: urls::hr::mail_delivery(message.id),
        label: label.to_string(),
        created_at: message.created_at,
        error: message.last_error.clone(),
    }
}

/// `POST /hr/mails/{message}/delivery`: a mail that was given up is tried again.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn deliver(
    app: web::Data<App>,
    hr: HrAdmin,
    htmx: Htmx,
    message: web::Path<String>,
) -> Result<HttpResponse> {
    let id: MessageId = message.parse().ok().ok_or(Error::NotFound)?;
    let (now, actor) = (app.now(), hr.actor());
    app.db.write("outbox.revive", move |tx| mails::revive(tx, now, actor, id).boxed()).await?;
    let said = Flash::good("flash-mail-revived", "1");
    Ok(render::see_other_saying(&htmx, &urls::hr::overview(), &said))
}

/// `POST /hr/mails/deliveries`: all of them are.
///
/// # Errors
/// When the database fails.
pub async fn deliver_all(app: web::Data<App>, hr: HrAdmin, htmx: Htmx) -> Result<HttpResponse> {
    let (now, actor) = (app.now(), hr.actor());
    let count =
        app.db.write("outbox.revive_all", move |tx| mails::revive_all(tx, now, actor).boxed()).await?;
    let said = Flash::good("flash-mail-revived", &count.to_string());
    Ok(render::see_other_saying(&htmx, &urls::hr::overview(), &said))
}
