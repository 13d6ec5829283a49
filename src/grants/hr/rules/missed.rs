//! What a rule has missed, and having it given after all.

use actix_web::{HttpResponse, web};
use askama::Template;
use futures::FutureExt;
use serde::Deserialize;

use super::gifts_csv;
use crate::error::{Error, Result};
use crate::grants::rules::missed::{self, Missed};
use crate::grants::rules::{self, Rule};
use crate::platform::app::App;
use crate::types::id::RuleId;
use crate::types::time::Day;
use crate::urls;
use crate::web::flash::Flash;
use crate::web::form::Form;
use crate::web::htmx::Htmx;
use crate::web::page::Page;
use crate::web::reasons::reason_label;
use crate::web::render;
use crate::web::viewer::HrAdmin;

/// People named of one month; the others are counted, and stand in its file.
const MOST_NAMED: usize = 50;

#[derive(Template)]
#[template(path = "grants/hr/rules/missed.html", blocks = ["missed"])]
struct MissedPage {
    page: Page,
    rule: Rule,
    label: String,
    months: Vec<MonthView>,
}

struct MonthView {
    missed: Missed,
    label: String,
    more: usize,
    csv_href: String,
}

/// Whose file is wanted: `2026-06`, or all of them.
#[derive(Deserialize)]
pub struct Month {
    #[serde(default)]
    month: String,
}

/// The month that shall be given after all: `2026-06`.
#[derive(Deserialize)]
pub struct CatchUp {
    month: String,
}

/// `GET /hr/points/rules/{rule}/missed`
///
/// # Errors
/// [`Error::NotFound`].
pub async fn show(
    app: web::Data<App>,
    page: Page,
    _hr: HrAdmin,
    htmx: Htmx,
    rule: web::Path<RuleId>,
) -> Result<HttpResponse> {
    let db = app.db.reads();
    let rule = rules::load(db, *rule).await?;
    let missed = missed::of_rule(db, app.now(), app.config.time_zone, &rule).await?;
    let view = MissedPage {
        label: reason_label(page.text, rule.kind.name()),
        months: missed.into_iter().map(|missed| month(rule.id, missed)).collect(),
        rule,
        page,
    };
    if htmx.wants("missed") { render::page(&view.as_missed()) } else { render::page(&view) }
}

/// `GET /hr/points/rules/{rule}/missed.csv?month=…`: everybody who has missed something in a month, or ever.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Malformed`] for what is no month.
pub async fn download(
    app: web::Data<App>,
    page: Page,
    hr: HrAdmin,
    rule: web::Path<RuleId>,
    wanted: web::Query<Month>,
) -> Result<HttpResponse> {
    app.limits.export(hr.0.person_id)?;
    let month = wanted.0.month;
    if !month.is_empty() && first_of(&month).is_none() {
        return Err(Error::Malformed("a month"));
    }
    let db = app.db.long_reads();
    let rule = rules::load(db, *rule).await?;
    let missed = missed::of_rule(db, app.now(), app.config.time_zone, &rule).await?.into_iter();
    let missed = missed.filter(|missed| month.is_empty() || missed.month == month);
    gifts_csv("missed.csv", page.text, missed.flat_map(|missed| missed.gifts))
}

/// `POST /hr/points/rules/{rule}/catch-ups`: the job gives what was missed in a month.
///
/// # Errors
/// [`Error::NotFound`]; a refusal while the rule waits for somebody to look at it.
pub async fn catch_up(
    app: web::Data<App>,
    hr: HrAdmin,
    htmx: Htmx,
    rule: web::Path<RuleId>,
    Form(CatchUp { month }): Form<CatchUp>,
) -> Result<HttpResponse> {
    let first = first_of(&month).ok_or(Error::Malformed("a month"))?;
    let (now, actor, zone, id) = (app.now(), hr.actor(), app.config.time_zone, *rule);
    let write = app.db.write("rules.catch_up", move |tx| {
        let month = month.clone();
        async move { missed::ask(tx, now, actor, zone, id, &month).await }.boxed()
    });
    write.await?;
    let name = first.0.format("%B %Y").to_string();
    Ok(render::see_other_saying(&htmx, &urls::hr::rule(id), &Flash::good("flash-rule-catch-up", &name)))
}

fn first_of(month: &str) -> Option<Day> {
    Day::parse(&format!("{month}-01"))
}

fn month(rule_id: RuleId, mut missed: Missed) -> MonthView {
    let csv_href = urls::hr::rule_missed_csv(rule_id, &missed.month);
    let more = missed.gifts.len().saturating_sub(MOST_NAMED);
    let label = first_of(&missed.month).map(|first| first.0.format("%B %Y").to_string()).unwrap_or_default();
    missed.gifts.truncate(MOST_NAMED);
    MonthView { missed, label, more, csv_href }
}
