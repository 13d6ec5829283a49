//! The people desk: everybody in a list, each person on a page of their own, and sheets for many at once.

pub mod edit;
pub mod imports;
pub mod person;

use actix_web::{HttpResponse, web};
use askama::Template;
use serde::{Deserialize, Serialize};

use crate::error::Result;
use crate::people::directory::{self, COLUMNS, Listed, Standing, Sums, Wanted};
use crate::platform::app::App;
use crate::platform::config::Office;
use crate::types::paging::Paging;
use crate::types::time::{Day, Timestamp};
use crate::urls;
use crate::web::csv;
use crate::web::htmx::Htmx;
use crate::web::page::{Choice, Page};
use crate::web::pager::Pager;
use crate::web::render;
use crate::web::sorting::{Column, Sorting};
use crate::web::text::Text;
use crate::web::viewer::HrAdmin;

/// People on a page of the list.
const PAGE_SIZE: u32 = 50;
/// What can be sorted by, before what cannot.
const COLUMNS_FIRST: [&str; 5] = ["name", "number", "department", "office", "balance"];
/// People in one file.
const MOST_EXPORTED: u64 = 20_000;

#[derive(Template)]
#[template(path = "people/hr/index.html", blocks = ["results"])]
struct IndexPage {
    page: Page,
    q: String,
    sort: String,
    departments: Vec<Choice>,
    offices: Vec<Choice>,
    standings: Vec<Choice>,
    columns: Vec<Column>,
    seen: Column,
    rows: Vec<Row>,
    pager: Pager,
    csv_href: String,
    /// There are more than a file holds.
    is_cut: bool,
    any_filter: bool,
}

struct Row {
    href: String,
    person: Listed,
    office: Option<String>,
    sums: Sums,
}

/// What the list is asked for.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct Filter {
    #[serde(skip_serializing_if = "String::is_empty")]
    q: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    department: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    office: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    state: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    sort: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    page: String,
}

impl Filter {
    fn sorting(&self) -> Sorting {
        Sorting::new(&self.sort, "name", COLUMNS)
    }

    fn standing(&self) -> Option<Standing> {
        Standing::ALL.into_iter().find(|standing| standing.name() == self.state)
    }

    fn wanted(&self) -> Wanted {
        let sorting = self.sorting();
        Wanted {
            search: self.q.clone(),
            department: self.department.clone(),
            office: self.office.clone(),
            standing: self.standing(),
            sort: sorting.key,
            descending: sorting.descending,
        }
    }

    fn is_any(&self) -> bool {
        let texts = [&self.q, &self.department, &self.office];
        self.standing().is_some() || texts.into_iter().any(|text| !text.trim().is_empty())
    }

    /// The query of an address with this filter, in this order, at this page.
    fn query(&self, sort: &str, page: u32) -> String {
        let page = if page > 1 { page.to_string() } else { String::new() };
        let next = Self { sort: sort.to_owned(), page, ..self.clone() };
        serde_urlencoded::to_string(next).unwrap_or_default()
    }
}

/// `GET /hr/people`: everybody, by name.
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
    let db = app.db.reads();
    let paging = Paging::new(filter.page.parse().ok(), PAGE_SIZE);
    let found = directory::page(db, &filter.wanted(), paging).await?;
    let offices = &app.config.offices;
    let rows = found.rows.into_iter().map(|(person, sums)| Row {
        href: urls::hr::person(person.id),
        office: person.office.as_deref().map(|slug| Office::name_of(offices, slug)),
        person,
        sums,
    });
    let address = |number: u32| urls::hr::people_filtered(&filter.query(&filter.sort, number));
    let view = IndexPage {
        q: filter.q.clone(),
        sort: filter.sort.clone(),
        departments: department_choices(page.text, directory::departments(db).await?, &filter.department),
        offices: office_choices(page.text, offices, &filter.office),
        standings: standing_choices(page.text, filter.standing()),
        columns: COLUMNS_FIRST.map(|key| column(page.text, &filter, key)).into(),
        seen: column(page.text, &filter, "seen"),
        rows: rows.collect(),
        pager: Pager::new(paging.within(found.total), found.total, address),
        csv_href: urls::hr::people_csv(&filter.query(&filter.sort, 1)),
        is_cut: found.total > MOST_EXPORTED,
        any_filter: filter.is_any(),
        page,
    };
    if htmx.wants("results") { render::page(&view.as_results()) } else { render::page(&view) }
}

/// `GET /hr/people.csv`: the same people as a file for a spreadsheet, the first [`MOST_EXPORTED`], which an import can read
/// again.
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
    let people = directory::whole(app.db.long_reads(), &filter.wanted(), MOST_EXPORTED).await?;
    let text = page.text;
    let heading = [
        text.say("people-employee-number"),
        text.say("people-name"),
        text.say("people-email"),
        text.say("people-department"),
        text.say("people-office"),
        text.say("people-hired-on"),
        text.say("people-birthday"),
        text.say("people-state"),
        text.say("people-balance"),
        text.say("people-earned"),
        text.say("people-spent"),
        text.say("people-last-seen"),
    ]
    .map(|word| word.to_string());
    let day = |day: Option<Day>| day.map(Day::iso).unwrap_or_default();
    let rows = people.into_iter().map(|(person, sums)| {
        let office = person.office.as_deref().map(|slug| Office::name_of(&app.config.offices, slug));
        let state = if person.is_active { text.say("people-active") } else { text.say("people-left") };
        vec![
            person.employee_number.unwrap_or_default(),
            person.name,
            person.email,
            person.department.unwrap_or_default(),
            office.unwrap_or_default(),
            day(person.hired_on),
            day(person.birthday),
            state.to_string(),
            sums.balance.0.to_string(),
            sums.earned.0.to_string(),
            sums.spent.0.to_string(),
            person.last_seen_at.map(Timestamp::iso).unwrap_or_default(),
        ]
    });
    csv::download("people.csv", &heading, rows)
}

fn column(text: Text, filter: &Filter, key: &'static str) -> Column {
    let label = match key {
        "number" => text.say("people-employee-number"),
        "department" => text.say("people-department"),
        "office" => text.say("people-office"),
        "balance" => text.say("people-balance"),
        "seen" => text.say("people-last-seen"),
        _ => text.say("people-name"),
    };
    let is_number = ["balance", "seen"].contains(&key);
    filter.sorting().column(key, label, is_number, |sort| urls::hr::people_filtered(&filter.query(sort, 1)))
}

fn office_choices(text: Text, offices: &[Office], chosen: &str) -> Vec<Choice> {
    let each = offices.iter().map(|office| (office.slug.clone(), office.name.clone()));
    Choice::all_or(text.say("people-all-offices").to_string(), some(chosen), each)
}

fn department_choices(text: Text, departments: Vec<String>, chosen: &str) -> Vec<Choice> {
    let each = departments.into_iter().map(|department| (department.clone(), department));
    Choice::all_or(text.say("people-all-departments").to_string(), some(chosen), each)
}

fn standing_choices(text: Text, chosen: Option<Standing>) -> Vec<Choice> {
    let each = Standing::ALL.map(|standing| {
        let label = match standing {
            Standing::Active => text.say("people-active"),
            Standing::Left => text.say("people-left"),
            Standing::New => text.say("people-never-signed-in"),
        };
        (standing.name().to_owned(), label.to_string())
    });
    Choice::all_or(text.say("people-everybody").to_string(), chosen.map(Standing::name), each)
}

fn some(text: &str) -> Option<&str> {
    Some(text).filter(|text| !text.is_empty())
}

/// The label of a field of a profile or of an account.
fn field_label(text: Text, field: &str) -> String {
    match field {
        "employee_number" => text.say("people-employee-number"),
        "email" => text.say("people-email"),
        "department" => text.say("people-department"),
        "office" => text.say("people-office"),
        "hired_on" => text.say("people-hired-on"),
        "birthday" => text.say("people-birthday"),
        "left_at" => text.say("people-left"),
        "balance" => text.say("people-balance"),
        _ => text.say("people-name"),
    }
    .to_string()
}
