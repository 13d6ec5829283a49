//! Rules at the desk: which there are, and what each says.

pub mod edit;
pub mod missed;
pub mod overrides;
pub mod preview;

use actix_web::{HttpResponse, web};
use askama::Template;
use futures::FutureExt;
use serde::Deserialize;

use super::fields::Looked;
use crate::error::Result;
use crate::grants::rules::overrides::Exception;
use crate::grants::rules::upcoming::Gift;
use crate::grants::rules::{self, Rule, approval};
use crate::people;
use crate::platform::app::App;
use crate::types::id::{PersonId, RuleId};
use crate::types::paging::Paging;
use crate::types::rule_kind::RuleKind;
use crate::types::time::Day;
use crate::urls;
use crate::web::csv;
use crate::web::flash::Flash;
use crate::web::form::Form;
use crate::web::htmx::Htmx;
use crate::web::page::Page;
use crate::web::pager::Pager;
use crate::web::reasons::reason_label;
use crate::web::render;
use crate::web::text::Text;
use crate::web::viewer::HrAdmin;
use sea_orm::{ConnectionTrait, Iterable};

/// Exceptions on a page of a rule.
const PAGE_SIZE: u32 = 50;

#[derive(Template)]
#[template(path = "grants/hr/rules/index.html")]
struct IndexPage {
    page: Page,
    rules: Vec<Row>,
    /// Kinds of new ones: label and address.
    kinds: Vec<(String, String)>,
}

struct Row {
    rule: Rule,
    href: String,
    label: String,
    when: String,
}

#[derive(Template)]
#[template(path = "grants/hr/rules/show.html", blocks = ["exceptions"])]
struct ShowPage {
    page: Page,
    rule: Rule,
    label: String,
    when: String,
    exceptions: Vec<Exception>,
    pager: Pager,
    /// Who made its terms, and who let them begin.
    maker: Option<String>,
    judge: Option<String>,
    /// Whether it is for whoever looks to let it begin.
    can_judge: bool,
}

/// Which page of the exceptions: in an address, or in a form that leads back to it.
#[derive(Deserialize)]
pub struct Number {
    #[serde(default)]
    page: String,
}

/// What is no number is the first page.
fn paging(page: &str) -> Paging {
    Paging::new(page.parse().ok(), PAGE_SIZE)
}

/// `GET /hr/points/rules`
///
/// # Errors
/// When the database fails.
pub async fn index(app: web::Data<App>, page: Page, _hr: HrAdmin) -> Result<HttpResponse> {
    let text = page.text;
    let rules = rules::all(app.db.reads()).await?.into_iter();
    let kinds = RuleKind::iter();
    render::page(&IndexPage {
        rules: rules
            .map(|rule| Row {
                href: urls::hr::rule(rule.id),
                label: reason_label(text, rule.kind.name()),
                when: when(text, &rule),
                rule,
            })
            .collect(),
        kinds: kinds.map(|kind| (reason_label(text, kind.name()), urls::hr::new_rule(kind.name()))).collect(),
        page,
    })
}

/// `GET /hr/points/rules/{rule}`
///
/// # Errors
/// [`crate::error::Error::NotFound`].
pub async fn show(
    app: web::Data<App>,
    page: Page,
    hr: HrAdmin,
    htmx: Htmx,
    rule: web::Path<RuleId>,
    number: web::Query<Number>,
) -> Result<HttpResponse> {
    let (db, id) = (app.db.reads(), *rule);
    let rule = rules::load(db, id).await?;
    let paging = paging(&number.page);
    let found = rules::overrides::page(db, id, paging).await?;
    let view = ShowPage {
        label: reason_label(page.text, rule.kind.name()),
        when: when(page.text, &rule),
        pager: Pager::new(paging.within(found.total), found.total, |number| at_page(id, number)),
        exceptions: found.rows,
        maker: name_of(db, rule.maker_id).await?,
        judge: name_of(db, rule.judge_id).await?,
        can_judge: rule.is_waiting && rule.maker_id != Some(hr.0.person_id),
        rule,
        page,
    };
    if htmx.wants("exceptions") { render::page(&view.as_exceptions()) } else { render::page(&view) }
}

/// A rule with this page of its exceptions.
fn at_page(rule_id: RuleId, number: u32) -> String {
    let query = if number > 1 { format!("page={number}") } else { String::new() };
    urls::hr::rule_filtered(rule_id, &query)
}

async fn name_of(db: &impl ConnectionTrait, id: Option<PersonId>) -> Result<Option<String>> {
    let Some(id) = id else { return Ok(None) };
    Ok(people::find(db, id).await?.map(|person| person.name))
}

/// `POST /hr/points/rules/{rule}/approval`: the second pair of eyes has seen it; it gives from now on.
///
/// # Errors
/// [`crate::error::Error::NotFound`]; a refusal when the judge made it, or it is another by now.
pub async fn approve(
    app: web::Data<App>,
    hr: HrAdmin,
    htmx: Htmx,
    rule: web::Path<RuleId>,
    Form(Looked { version }): Form<Looked>,
) -> Result<HttpResponse> {
    let (now, judge, id) = (app.now(), hr.0.person_id, *rule);
    app.db.write("rules.approve", move |tx| approval::approve(tx, now, judge, id, version).boxed()).await?;
    Ok(render::see_other_saying(&htmx, &urls::hr::rule(id), &Flash::good("flash-rule-approved", "")))
}

/// What people will be given, or have missed, as a file.
fn gifts_csv(name: &str, text: Text, gifts: impl IntoIterator<Item = Gift>) -> Result<HttpResponse> {
    let heading = [
        text.say("grants-column-person"),
        text.say("grants-column-number"),
        text.say("rules-column-day"),
        text.say("grants-column-points"),
        text.say("rules-exception"),
    ]
    .map(|word| word.to_string());
    let exception = text.say("rules-exception").to_string();
    let rows = gifts.into_iter().map(|gift| {
        vec![
            gift.name,
            gift.employee_number.unwrap_or_default(),
            gift.on.iso(),
            gift.amount.0.to_string(),
            if gift.is_exception { exception.clone() } else { String::new() },
        ]
    });
    csv::download(name, &heading, rows)
}

/// When a rule gives, as a sentence.
pub(super) fn when(text: Text, rule: &Rule) -> String {
    match rule.kind {
        RuleKind::Monthly => {
            text.say("rules-when-monthly").with("day", rule.day_of_month.unwrap_or(1)).to_string()
        }
        RuleKind::Anniversary => text.say("rules-when-anniversary").to_string(),
        RuleKind::Birthday => text.say("rules-when-birthday").to_string(),
        RuleKind::Welcome => text.say("rules-when-welcome").to_string(),
    }
}

/// `21 November 2026`
pub(super) fn written(day: Day) -> String {
    day.0.format("%-d %B %Y").to_string()
}
