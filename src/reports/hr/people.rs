//! Everybody, with what moved on their account in some days and what they held at their end.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;
use sea_orm::ConnectionTrait;

use crate::error::Result;
use crate::platform::app::App;
use crate::reports::departments::{self, Group};
use crate::reports::holders::{self, COLUMNS, Holder, Show, Wanted};
use crate::reports::hr::filter::{Days, Filter, NO_DEPARTMENT};
use crate::reports::hr::tables::{amounts, kinds};
use crate::reports::hr::transfers::back;
use crate::reports::hr::{department_name, sure};
use crate::reports::range::Range;
use crate::types::paging::Paging;
use crate::urls::hr as urls;
use crate::web::csv;
use crate::web::htmx::Htmx;
use crate::web::page::{Choice, Page};
use crate::web::pager::Pager;
use crate::web::render;
use crate::web::sorting::{Column, Sorting};
use crate::web::viewer::HrAdmin;

/// People on a page.
const PAGE_SIZE: u32 = 50;

#[derive(Template)]
#[template(path = "reports/hr/people.html", blocks = ["results"])]
struct IndexPage {
    page: Page,
    days: Days,
    shows: Vec<Choice>,
    departments: Vec<Choice>,
    q: String,
    sort: String,
    columns: Vec<Column>,
    /// All that fit, added up.
    all: Group,
    rows: Vec<Row>,
    pager: Pager,
    csv_href: String,
    back_href: String,
}

struct Row {
    holder: Holder,
    department: String,
    href: String,
}

/// `GET /hr/reports/people`
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
    let days = filter.form(&page, &asked, urls::reports_people);
    let paging = Paging::new(filter.page.parse().ok(), PAGE_SIZE);
    let wanted = wanted(&filter);
    let (found, status) = match &asked {
        Ok(range) => (find(app.db.reads(), range, &wanted, paging).await?, StatusCode::OK),
        Err(_) => (Found::default(), StatusCode::UNPROCESSABLE_ENTITY),
    };
    let total = found.total();
    let text = page.text;
    let departments = found.departments.into_iter().map(|name| {
        let label = department_name(text, name.as_deref());
        (name.unwrap_or_else(|| NO_DEPARTMENT.to_owned()), label)
    });
    let label = |show: Show| match show {
        Show::Redeemed => text.say("reports-show-redeemed"),
        Show::Idle => text.say("reports-show-idle"),
        Show::Holding => text.say("reports-show-holding"),
    };
    let some = |text: &String| (!text.is_empty()).then(|| text.clone());
    let view = IndexPage {
        pager: Pager::new(paging.within(total), total, |number| urls::reports_people(&filter.page(number))),
        all: found.all,
        rows: found.rows.into_iter().map(|holder| row(&page, &filter, holder)).collect(),
        shows: Choice::all_or(
            text.say("reports-show-all").to_string(),
            some(&filter.show).as_deref(),
            Show::ALL.map(|show| (show.name().to_owned(), label(show).to_string())),
        ),
        departments: Choice::all_or(
            text.say("reports-all-departments").to_string(),
            some(&filter.department).as_deref(),
            departments,
        ),
        columns: columns(&page, &filter),
        csv_href: urls::reports_people_csv(&filter.page(1)),
        back_href: back(asked.as_ref().ok()),
        q: filter.q,
        sort: filter.sort,
        days,
        page,
    };
    if htmx.wants("results") { render::page(&view.as_results()) } else { render::with_status(status, &view) }
}

/// `GET /hr/reports/people.csv`: the same people, all of them.
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
    let found = holders::all(app.db.long_reads(), &range, &wanted(&filter)).await?;
    let text = page.text;
    let mut heading: Vec<String> =
        [text.say("reports-person"), text.say("reports-number"), text.say("reports-department")]
            .map(|word| word.to_string())
            .into();
    heading.extend(kinds(text));
    heading.push(text.say("reports-held").to_string());
    let rows = found.into_iter().map(|holder| {
        let numbers =
            amounts(holder.sums()).into_iter().chain([holder.held]).map(|number| number.to_string());
        let words =
            [holder.name, holder.employee_number.unwrap_or_default(), holder.department.unwrap_or_default()];
        words.into_iter().chain(numbers).collect()
    });
    csv::download("people.csv", &heading, rows)
}

/// A page of those who are wanted.
#[derive(Default)]
struct Found {
    rows: Vec<Holder>,
    /// All who are wanted, added up.
    all: Group,
    /// To choose from.
    departments: Vec<Option<String>>,
}

impl Found {
    /// How many people are wanted.
    fn total(&self) -> u64 {
        u64::try_from(self.all.people).unwrap_or_default()
    }
}

/// A page beyond the last is the last one.
async fn find(db: &impl ConnectionTrait, range: &Range, wanted: &Wanted, paging: Paging) -> Result<Found> {
    let groups = departments::of(db, range).await?;
    let mut names: Vec<Option<String>> = groups.iter().map(|group| group.department.clone()).collect();
    names.sort();
    let groups = if wanted.people.search.is_empty() && wanted.show.is_none() {
        let is_wanted =
            |group: &Group| wanted.people.department.as_ref().is_none_or(|name| *name == group.department);
        groups.into_iter().filter(is_wanted).collect()
    } else {
        holders::groups(db, range, wanted).await?
    };
    let mut found = Found { rows: vec![], all: Group::sum(groups), departments: names };
    found.rows = holders::page(db, range, wanted, paging.within(found.total())).await?;
    Ok(found)
}

fn wanted(filter: &Filter) -> Wanted {
    let sorting = sorting(filter);
    Wanted {
        people: filter.people(),
        show: Show::ALL.into_iter().find(|show| show.name() == filter.show),
        sort: sorting.key,
        descending: sorting.descending,
    }
}

fn row(page: &Page, filter: &Filter, holder: Holder) -> Row {
    let (range, from, to) = (filter.range.clone(), filter.from.clone(), filter.to.clone());
    let of_person =
        Filter { range, from, to, person: holder.person_id.to_string(), ..Filter::default() }.query();
    Row {
        department: department_name(page.text, holder.department.as_deref()),
        href: urls::reports_transfers(&of_person),
        holder,
    }
}

fn sorting(filter: &Filter) -> Sorting {
    Sorting::new(&filter.sort, "name", COLUMNS)
}

fn columns(page: &Page, filter: &Filter) -> Vec<Column> {
    let (text, sorting) = (page.text, sorting(filter));
    let address = |sort: &str| urls::reports_people(&filter.sorted(sort));
    [
        ("name", text.say("reports-person"), false),
        ("department", text.say("reports-department"), false),
        ("issued", text.say("reports-issued"), true),
        ("redeemed", text.say("reports-redeemed"), true),
        ("refunded", text.say("reports-refunded"), true),
        ("expired", text.say("reports-expired"), true),
        ("deducted", text.say("reports-deducted"), true),
        ("held", text.say("reports-held"), true),
    ]
    .map(|(key, label, numeric)| sorting.column(key, label, numeric, address))
    .into()
}
