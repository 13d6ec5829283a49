//! Making a run: a sheet that is uploaded, or people picked by a filter. Either ends in a draft to be looked over.
//!
//! Whoever picks people types two things, who they are and what each is given, into one form: looking who is picked asks for
//! the same page with all of it, so that nothing that was typed is lost, with or without JavaScript.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;
use futures::FutureExt;
use serde::Deserialize;

use super::terms::{TermsView, TypedTerms};
use crate::error::{Error, FieldErrors, FieldProblem, Result};
use crate::grants::runs::check;
use crate::grants::runs::pick::{self, Picked};
use crate::grants::runs::propose::{self, Plan};
use crate::grants::runs::read::{self, NoSheet};
use crate::grants::runs::{MOST_ROWS, directory};
use crate::grants::single::MOST_GRANTED;
use crate::platform::app::App;
use crate::platform::config::Office;
use crate::types::grant_run::RunOrigin;
use crate::types::points::Points;
use crate::types::quantity::whole_number;
use crate::types::time::Day;
use crate::urls;
use crate::web::form::Form;
use crate::web::htmx::Htmx;
use crate::web::page::{Choice, FormErrors, Page};
use crate::web::render;
use crate::web::sentences;
use crate::web::text::Text;
use crate::web::upload::Upload;
use crate::web::viewer::HrAdmin;

/// The largest sheet: its most rows, with a note in each.
pub const SHEET_BYTES: usize = 4 * 1024 * 1024;
#[derive(Template)]
#[template(path = "grants/hr/runs/new.html")]
struct SheetPage {
    page: Page,
    terms: TermsView,
    file_problem: Option<String>,
    most_rows: usize,
}

#[derive(Template)]
#[template(path = "grants/hr/runs/many.html", blocks = ["matches"])]
struct ManyPage {
    page: Page,
    terms: TermsView,
    amount: String,
    filter: PickFilter,
    departments: Vec<Choice>,
    offices: Vec<Choice>,
    filter_errors: FormErrors,
    count: u64,
    examples: Vec<Picked>,
    /// So many beyond the examples.
    more: u64,
    too_many: bool,
    most_rows: usize,
}

/// Who is picked, as it was typed.
#[derive(Clone, Debug)]
struct PickFilter {
    department: String,
    office: String,
    hired_from: String,
    hired_to: String,
    q: String,
}

impl PickFilter {
    fn read(&self, errors: &mut FieldErrors) -> pick::Filter {
        let mut day = |field, text: &str| {
            let day = Day::parse(text);
            if day.is_none() && !text.is_empty() {
                errors.add(field, FieldProblem::NotADate);
            }
            day
        };
        let (hired_from, hired_to) = (day("hired_from", &self.hired_from), day("hired_to", &self.hired_to));
        if hired_from.zip(hired_to).is_some_and(|(from, to)| from > to) {
            errors.add("hired_to", FieldProblem::RangeOrder);
        }
        let chosen = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        pick::Filter {
            department: chosen(&self.department),
            office: chosen(&self.office),
            hired_from,
            hired_to,
            search: self.q.clone(),
        }
    }
}

/// `GET /hr/points/runs/new`: the form for a sheet; with `kind=many` the one for people picked by a filter, as far as it is
/// filled in.
///
/// # Errors
/// When the database fails.
pub async fn new(
    app: web::Data<App>,
    page: Page,
    hr: HrAdmin,
    htmx: Htmx,
    form: web::Query<ManyForm>,
) -> Result<HttpResponse> {
    let form = form.into_inner();
    if form.kind != RunOrigin::Many.name() {
        let terms = TypedTerms::default().view(&page, FieldErrors::default());
        return render::page(&SheetPage { page, terms, file_problem: None, most_rows: MOST_ROWS });
    }
    let (filter, amount, typed) = form.parts();
    let view = many_page(&app, page, &hr, filter, &typed, &amount, FieldErrors::default()).await?;
    if htmx.wants("matches") { render::page(&view.as_matches()) } else { render::page(&view) }
}

/// `POST /hr/points/runs`: a sheet (`file`), `reason`, `note`, `ends`, `ends_on`; leads to the draft.
///
/// # Errors
/// When the database fails.
pub async fn create(
    app: web::Data<App>,
    page: Page,
    hr: HrAdmin,
    htmx: Htmx,
    upload: Upload,
) -> Result<HttpResponse> {
    if upload.files("file").count() > 1 {
        return Err(Error::Malformed("a field twice"));
    }
    let field = |name: &str| upload.text(name).to_owned();
    let (reason, note) = (field("reason"), field("note"));
    let typed = TypedTerms { reason, note, ends: field("ends"), ends_on: field("ends_on") };
    let mut errors = FieldErrors::default();
    let terms = typed.read(&app, &mut errors);
    let file = upload.file("file");
    let rows = read::rows(file.map(|file| file.bytes.as_ref()));
    let (Some(terms), Ok(rows)) = (terms, &rows) else {
        let file_problem = rows.err().map(|why| no_sheet(page.text, why));
        let terms = typed.view(&page, errors);
        let view = SheetPage { page, terms, file_problem, most_rows: MOST_ROWS };
        return render::with_status(StatusCode::UNPROCESSABLE_ENTITY, &view);
    };
    let directory = directory::of_rows(app.db.reads(), rows).await?;
    let plan = Plan {
        origin: RunOrigin::Sheet,
        file_name: file.map(|file| file.name.clone()).unwrap_or_default(),
        reason: terms.reason,
        note: terms.note,
        ends: terms.ends,
        rows: check::judge(rows, &directory, hr.0.person_id),
    };
    keep(&app, &hr, &htmx, plan).await
}

/// Who is picked, and what each of them is given: posted to make a run, or in an address to see who is picked.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct ManyForm {
    kind: String,
    department: String,
    office: String,
    hired_from: String,
    hired_to: String,
    q: String,
    amount: String,
    reason: String,
    note: String,
    ends: String,
    ends_on: String,
}

impl ManyForm {
    /// Who is picked, how much each is given, and why.
    fn parts(self) -> (PickFilter, String, TypedTerms) {
        let Self { department, office, hired_from, hired_to, q, amount, reason, note, ends, ends_on, .. } =
            self;
        let filter = PickFilter { department, office, hired_from, hired_to, q };
        (filter, amount, TypedTerms { reason, note, ends, ends_on })
    }
}

/// `POST /hr/points/runs/many`: the filter, `amount`, `reason`, `note`, `ends`, `ends_on`; leads to the draft.
///
/// # Errors
/// When the database fails.
pub async fn create_many(
    app: web::Data<App>,
    page: Page,
    hr: HrAdmin,
    htmx: Htmx,
    Form(form): Form<ManyForm>,
) -> Result<HttpResponse> {
    let (filter, amount, typed) = form.parts();
    let mut errors = FieldErrors::default();
    let terms = typed.read(&app, &mut errors);
    let points = match whole_number(&amount) {
        _ if amount.is_empty() => Err(FieldProblem::Required),
        Some(points) if (1..=MOST_GRANTED).contains(&points) => Ok(Points(points)),
        Some(_) => Err(FieldProblem::OutOfRange { min: 1, max: MOST_GRANTED }),
        None => Err(FieldProblem::NotANumber),
    };
    let mut rows = Vec::new();
    match points {
        Err(problem) => errors.add("amount", problem),
        Ok(points) => {
            let picked = filter.read(&mut errors);
            rows = pick::rows(app.db.reads(), &picked, hr.0.person_id, points).await?;
        }
    }
    let fits = (1..=MOST_ROWS).contains(&rows.len()) && errors.is_empty();
    let Some(terms) = terms.filter(|_| fits) else {
        let view = many_page(&app, page, &hr, filter, &typed, &amount, errors).await?;
        return render::with_status(StatusCode::UNPROCESSABLE_ENTITY, &view);
    };
    let plan = Plan {
        origin: RunOrigin::Many,
        file_name: String::new(),
        reason: terms.reason,
        note: terms.note,
        ends: terms.ends,
        rows,
    };
    keep(&app, &hr, &htmx, plan).await
}

async fn keep(app: &App, hr: &HrAdmin, htmx: &Htmx, plan: Plan) -> Result<HttpResponse> {
    let (now, maker) = (app.now(), hr.0.person_id);
    let draft = app.db.write("runs.draft", move |tx| {
        let plan = plan.clone();
        async move { propose::draft(tx, now, maker, plan).await }.boxed()
    });
    Ok(render::see_other(htmx, &urls::hr::run(draft.await?)))
}

async fn many_page(
    app: &App,
    page: Page,
    hr: &HrAdmin,
    filter: PickFilter,
    typed: &TypedTerms,
    amount: &str,
    errors: FieldErrors,
) -> Result<ManyPage> {
    let mut filter_errors = FieldErrors::default();
    let picked = filter.read(&mut filter_errors);
    let (count, examples) = pick::examples(app.db.reads(), &picked, hr.0.person_id).await?;
    let (departments, offices) = pick::choices(app.db.reads()).await?;
    let text = page.text;
    let departments = departments.into_iter().map(|name| (name.clone(), name));
    let offices = offices.into_iter().map(|slug| {
        let name = Office::name_of(&app.config.offices, &slug);
        (slug, name)
    });
    let [any_department, any_office] =
        [text.say("runs-any-department"), text.say("runs-any-office")].map(|word| word.to_string());
    Ok(ManyPage {
        departments: Choice::all_or(any_department, picked.department.as_deref(), departments),
        offices: Choice::all_or(any_office, picked.office.as_deref(), offices),
        terms: typed.view(&page, errors),
        amount: amount.to_owned(),
        filter_errors: page.errors(filter_errors),
        too_many: count > u64::try_from(MOST_ROWS).unwrap_or(u64::MAX),
        most_rows: MOST_ROWS,
        more: count.saturating_sub(u64::try_from(examples.len()).unwrap_or_default()),
        count,
        examples,
        filter,
        page,
    })
}

fn no_sheet(text: Text, why: NoSheet) -> String {
    match why {
        NoSheet::NoFile => text.say("runs-no-file").to_string(),
        NoSheet::Problem(problem) => sentences::sheet(text, problem),
        NoSheet::NoColumn => text.say("runs-no-column").to_string(),
    }
}
