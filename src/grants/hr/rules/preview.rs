//! What a rule gives next: everybody page by page, somebody who is looked for, or all of it as a file.

use actix_web::{HttpResponse, web};
use askama::Template;
use serde::{Deserialize, Serialize};

use super::gifts_csv;
use crate::error::Result;
use crate::grants::rules::upcoming::{self, Upcoming};
use crate::grants::rules::{self, Rule};
use crate::platform::app::App;
use crate::types::id::RuleId;
use crate::types::paging::Paging;
use crate::types::rule_kind::RuleKind;
use crate::urls;
use crate::web::htmx::Htmx;
use crate::web::page::Page;
use crate::web::pager::Pager;
use crate::web::reasons::reason_label;
use crate::web::render;
use crate::web::viewer::HrAdmin;

/// People on a page.
const PAGE_SIZE: u32 = 50;
/// People in a file.
const MOST_EXPORTED: u32 = 50_000;

#[derive(Template)]
#[template(path = "grants/hr/rules/preview.html", blocks = ["preview", "due"])]
struct PreviewPage {
    page: Page,
    rule: Rule,
    label: String,
    is_monthly: bool,
    is_welcome: bool,
    q: String,
    next: Upcoming,
    pager: Pager,
    csv_href: String,
    /// There are more than a file holds.
    is_cut: bool,
}

/// Who is looked for, and which page of it.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct Filter {
    #[serde(default, skip_serializing_if = "String::is_empty")]
    q: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    page: String,
}

impl Filter {
    /// The query of an address with this filter.
    fn query(&self, page: u32) -> String {
        let page = if page > 1 { page.to_string() } else { String::new() };
        serde_urlencoded::to_string(Self { page, ..self.clone() }).unwrap_or_default()
    }
}

/// `GET /hr/points/rules/{rule}/preview`: who is given how much next.
///
/// # Errors
/// [`crate::error::Error::NotFound`].
pub async fn show(
    app: web::Data<App>,
    page: Page,
    _hr: HrAdmin,
    htmx: Htmx,
    rule: web::Path<RuleId>,
    filter: web::Query<Filter>,
) -> Result<HttpResponse> {
    let (db, id) = (app.db.reads(), *rule);
    let rule = rules::load(db, id).await?;
    let paging = Paging::new(filter.page.parse().ok(), PAGE_SIZE);
    let next = upcoming::of_rule(db, app.now(), app.config.time_zone, &rule, &filter.q, paging).await?;
    let view = PreviewPage {
        label: reason_label(page.text, rule.kind.name()),
        is_monthly: rule.kind == RuleKind::Monthly,
        is_welcome: rule.kind == RuleKind::Welcome,
        pager: Pager::new(paging.within(next.count), next.count, |number| {
            urls::hr::rule_preview(id, &filter.query(number))
        }),
        csv_href: urls::hr::rule_preview_csv(id, &filter.query(1)),
        is_cut: next.count > u64::from(MOST_EXPORTED),
        q: filter.0.q,
        next,
        rule,
        page,
    };
    if htmx.wants("due") {
        render::page(&view.as_due())
    } else if htmx.wants("preview") {
        render::page(&view.as_preview())
    } else {
        render::page(&view)
    }
}

/// `GET /hr/points/rules/{rule}/preview.csv`: the same people as a file for a spreadsheet, no more than [`MOST_EXPORTED`].
///
/// # Errors
/// [`crate::error::Error::NotFound`].
pub async fn download(
    app: web::Data<App>,
    page: Page,
    hr: HrAdmin,
    rule: web::Path<RuleId>,
    filter: web::Query<Filter>,
) -> Result<HttpResponse> {
    app.limits.export(hr.0.person_id)?;
    let (db, everybody) = (app.db.long_reads(), Paging::new(None, MOST_EXPORTED));
    let rule = rules::load(db, *rule).await?;
    let next = upcoming::of_rule(db, app.now(), app.config.time_zone, &rule, &filter.q, everybody).await?;
    gifts_csv("upcoming.csv", page.text, next.gifts)
}
