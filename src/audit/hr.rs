//! The audit desk: who did what, when, on what, with what before and after. It can be read and nothing else.

pub mod changes;
mod event;
mod filter;
mod words;

pub use event::show;

use actix_web::{HttpResponse, web};
use askama::Template;

use crate::audit::search;
use crate::audit::subjects::{self, Names};
use crate::entity::audit_events::Model;
use crate::error::Result;
use crate::platform::app::App;
use crate::types::paging::{Paged, Paging};
use crate::types::role::Desk;
use crate::types::time::Timestamp;
use crate::urls::hr as urls;
use crate::web::csv;
use crate::web::htmx::Htmx;
use crate::web::page::{Choice, FormErrors, Page};
use crate::web::pager::Pager;
use crate::web::render;
use crate::web::sorting::Column;
use crate::web::text::Text;
use crate::web::viewer::HrAdmin;

use changes::Change;
use filter::{Asked, Filter};

/// Acts on a page.
const PAGE_SIZE: u32 = 50;
/// Changes shown in the list; the others are on the page of the act.
const MOST_CHANGES: usize = 3;

#[derive(Template)]
#[template(path = "audit/hr/index.html", blocks = ["results"])]
struct IndexPage {
    page: Page,
    filter: Filter,
    actions: Vec<Choice>,
    errors: FormErrors,
    too_much: bool,
    rows: Vec<Row>,
    when: Column,
    pager: Pager,
    /// There are more than are counted.
    more: bool,
    csv_href: String,
}

/// An act as it is read.
pub struct Row {
    pub href: String,
    pub at: Timestamp,
    /// Nobody: the shop itself.
    pub actor: Option<Person>,
    pub action: String,
    pub subject: Subject,
    /// Whom it is about, when that is not the subject itself.
    pub about: Option<Person>,
    pub changes: Vec<Change>,
    pub more_changes: usize,
}

/// Somebody, and the way to them for those who may go there.
pub struct Person {
    pub name: String,
    pub href: Option<String>,
}

/// What an act was about.
pub struct Subject {
    pub kind: String,
    pub name: String,
    pub href: Option<String>,
}

/// `GET /hr/audit`: newest first.
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
    let Asked { wanted, errors, too_much } = filter.asked(&app).await?;
    let paging = Paging::new(filter.page.parse().ok(), PAGE_SIZE);
    let (found, paging) = if errors.is_empty() {
        search::page(app.db.reads(), &wanted, paging).await?
    } else {
        (Paged { rows: Vec::new(), total: 0 }, paging.within(0))
    };
    let names = subjects::names(app.db.reads(), &found.rows).await?;
    let text = page.text;
    let sorting = filter.sorting();
    let when = sorting.column("when", text.say("audit-when"), false, |sort| {
        urls::audit_filtered(&Filter { sort: sort.to_owned(), ..filter.clone() }.query(1))
    });
    let each = words::ACTIONS.iter().map(|name| ((*name).to_owned(), words::action(text, name)));
    let chosen = (!filter.action.is_empty()).then_some(filter.action.as_str());
    let view = IndexPage {
        actions: Choice::all_or(text.say("audit-any-action").to_string(), chosen, each),
        errors: page.errors(errors),
        too_much,
        rows: found.rows.iter().map(|event| row(&page, &names, event)).collect(),
        when,
        more: found.total > search::MOST_COUNTED,
        pager: Pager::new(paging, found.total.min(search::MOST_COUNTED), |number| {
            urls::audit_filtered(&filter.query(number))
        }),
        csv_href: urls::audit_csv(&filter.query(1)),
        filter,
        page,
    };
    if htmx.wants("results") { render::page(&view.as_results()) } else { render::page(&view) }
}

/// `GET /hr/audit.csv`: the same acts as a file for a spreadsheet, no more than [`search::MOST_EXPORTED`]. Times are UTC,
/// details as they were written down.
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
    let Asked { wanted, errors, .. } = filter.asked(&app).await?;
    errors.check()?;
    let events = search::all(app.db.long_reads(), &wanted).await?;
    let names = subjects::names(app.db.long_reads(), &events).await?;
    let text = page.text;
    let heading = [
        text.say("audit-csv-number"),
        text.say("audit-csv-at"),
        text.say("audit-who"),
        text.say("audit-csv-action"),
        text.say("audit-what"),
        text.say("audit-csv-kind"),
        text.say("audit-csv-id"),
        text.say("audit-on"),
        text.say("audit-about"),
        text.say("audit-details"),
        text.say("audit-request"),
    ]
    .map(|word| word.to_string());
    csv::download("audit.csv", &heading, events.iter().map(|event| cells(text, &names, event)))
}

fn cells(text: Text, names: &Names, event: &Model) -> Vec<String> {
    let name = |id: Option<_>| id.and_then(|id| names.people.get(&id)).cloned();
    vec![
        event.id.to_string(),
        event.at.iso(),
        name(event.actor_id).unwrap_or_else(|| text.say("audit-shop").to_string()),
        event.action.clone(),
        words::action(text, &event.action),
        event.subject_kind.clone(),
        event.subject_id.clone(),
        named(names, event).unwrap_or_default(),
        name(event.person_id).unwrap_or_default(),
        event.details.to_string(),
        event.request_id.clone().unwrap_or_default(),
    ]
}

/// What an act was about, by its name; what is not there any more is called as it was before the act.
fn named(names: &Names, event: &Model) -> Option<String> {
    if event.subject_kind == "person" {
        return event.person_id.and_then(|id| names.people.get(&id)).cloned();
    }
    let before = || event.details.get("before")?.get("name")?.as_str();
    there(names, event).or_else(before).map(str::to_owned)
}

/// The name of an order, a product or a category that is there.
fn there<'n>(names: &'n Names, event: &Model) -> Option<&'n str> {
    let kind = ["order", "product", "category"].into_iter().find(|kind| *kind == event.subject_kind)?;
    names.things.get(&(kind, event.subject_id.clone())).map(String::as_str)
}

/// An act as it is read by whoever looks at `page`.
fn row(page: &Page, names: &Names, event: &Model) -> Row {
    let person = |id: crate::types::id::PersonId| Person {
        name: names.people.get(&id).cloned().unwrap_or_else(|| id.to_string()),
        href: may(page, Desk::People).then(|| urls::person(id)),
    };
    let mut changes = changes::of(&event.details);
    let more_changes = changes.len().saturating_sub(MOST_CHANGES);
    changes.truncate(MOST_CHANGES);
    Row {
        href: urls::audit_event(event.id),
        at: event.at,
        actor: event.actor_id.map(person),
        action: words::action(page.text, &event.action),
        subject: subject(page, names, event),
        about: event.person_id.filter(|_| event.subject_kind != "person").map(person),
        changes,
        more_changes,
    }
}

fn subject(page: &Page, names: &Names, event: &Model) -> Subject {
    let (name, there) = (named(names, event), there(names, event));
    let id = &event.subject_id;
    let href = match event.subject_kind.as_str() {
        "person" => may(page, Desk::People).then(|| urls::person(id)),
        "order" => there.filter(|_| may(page, Desk::Orders)).map(urls::order),
        "order-batch" => may(page, Desk::Orders).then(|| urls::order_batch(id)),
        "product" => there.filter(|_| may(page, Desk::Products)).map(|_| urls::product(id)),
        "category" => there.filter(|_| may(page, Desk::Products)).map(|_| urls::categories()),
        "import" => may(page, Desk::People).then(|| urls::import(id)),
        "grant-run" => may(page, Desk::Points).then(|| urls::run(id)),
        "grant" => may(page, Desk::Points).then(|| urls::grant(id)),
        "deduction" => event.person_id.filter(|_| may(page, Desk::Points)).map(urls::account),
        "rule" => may(page, Desk::Points).then(|| urls::rule(id)),
        _ => None,
    };
    Subject {
        kind: words::kind(page.text, &event.subject_kind),
        name: name.unwrap_or_else(|| id.chars().take(SHORT_ID).collect()),
        href,
    }
}

/// Characters of an id that stand for something without a name.
const SHORT_ID: usize = 8;

fn may(page: &Page, desk: Desk) -> bool {
    page.viewer.as_ref().is_some_and(|viewer| viewer.may(desk))
}
