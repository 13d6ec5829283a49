//! One run: what it would do, what it does, what it has done, and its rows.

use actix_web::http::header;
use actix_web::{HttpResponse, web};
use askama::Template;
use serde::{Deserialize, Serialize};

use super::words;
use crate::error::{FieldErrors, Result};
use crate::grants::runs::rows::{self, Shown, Wanted};
use crate::grants::runs::{self, Run, Terms, approve, check, commit, reverse};
use crate::people;
use crate::platform::app::App;
use crate::types::grant_run::{RowState, RunState};
use crate::types::id::{PersonId, RunId};
use crate::types::paging::Paging;
use crate::types::points::Points;
use crate::types::time::Timestamp;
use crate::urls;
use crate::web::csv;
use crate::web::htmx::Htmx;
use crate::web::page::{Choice, FormErrors, Page};
use crate::web::pager::Pager;
use crate::web::reasons::reason_label;
use crate::web::text::Text;
use crate::web::viewer::HrAdmin;
use crate::web::{render, sentences};

/// Rows on a page.
const PAGE_SIZE: u32 = 50;
/// Which rows can be asked for, by their name in addresses.
const VIEWS: [(&str, &[RowState]); 6] = [
    ("problems", &[RowState::Bad, RowState::Failed, RowState::Kept]),
    ("unusual", &[]),
    ("good", &[RowState::Good]),
    ("granted", &[RowState::Granted]),
    ("taken-back", &[RowState::TakenBack]),
    ("kept", &[RowState::Kept]),
];

#[derive(Template)]
#[template(path = "grants/hr/runs/show.html", blocks = ["progress", "results"])]
pub(super) struct ShowPage {
    page: Page,
    href: String,
    id: RunId,
    run: RunView,
    bad_count: i64,
    unusual_count: u64,
    progress: Option<Progress>,
    can_discard: bool,
    /// The maker may commit it.
    can_commit: bool,
    needs_approval: bool,
    /// Whether anybody could approve it.
    has_judge: bool,
    twins: Vec<Twin>,
    can_judge: bool,
    /// Something stands beside the facts: what can be done, or why not.
    has_act: bool,
    obstacle: Option<String>,
    can_reverse: bool,
    /// The maker has ticked that bad rows are left out.
    good_only: bool,
    /// The maker has ticked that the same is meant once more.
    again: bool,
    reason: String,
    errors: FormErrors,
    views: Vec<Choice>,
    q: String,
    rows: Vec<RowView>,
    pager: Pager,
    any_filter: bool,
    csv_href: String,
    problems_csv_href: String,
}

/// A run in words.
struct RunView {
    title: String,
    state: &'static str,
    state_label: String,
    origin: String,
    reason: String,
    note: String,
    ends: String,
    expires_at: Option<Timestamp>,
    has_begun: bool,
    version: i64,
    good_count: i64,
    total: Points,
    granted_count: i64,
    granted_total: Points,
    failed_count: i64,
    taken_back_count: i64,
    taken_back_total: Points,
    kept_count: i64,
    is_granted: bool,
    is_reversed: bool,
    made_at: Timestamp,
    maker: String,
    judged: Option<(Timestamp, String)>,
    is_rejected: bool,
    verdict: String,
    reversal: Option<(Timestamp, String)>,
    reversal_note: String,
}

/// How far the job is.
struct Progress {
    done: i64,
    of: i64,
    takes_back: bool,
}

/// An earlier run with the same people and amounts.
struct Twin {
    title: String,
    href: String,
    at: Timestamp,
}

struct RowView {
    row: Shown,
    state: &'static str,
    state_label: String,
    problem: Option<String>,
}

/// Which rows are asked for.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct Filter {
    #[serde(default, skip_serializing_if = "String::is_empty")]
    rows: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    q: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    page: String,
}

impl Filter {
    fn view(&self) -> Option<&'static str> {
        VIEWS.iter().find(|(name, _)| *name == self.rows).map(|(name, _)| *name)
    }

    /// The same, but all rows from the beginning when a run of this state has no such view any more.
    fn of_run(&self, run: &Run) -> Self {
        match self.view() {
            Some(view) if !is_open(view, run) => Self { q: self.q.clone(), ..Self::default() },
            _ => self.clone(),
        }
    }

    fn wanted(&self) -> Wanted {
        let view = VIEWS.iter().find(|(name, _)| *name == self.rows);
        Wanted {
            states: view.map(|(_, states)| *states).filter(|states| !states.is_empty()),
            unusual_only: self.rows == "unusual",
            search: self.q.clone(),
        }
    }

    fn query(&self, page: u32) -> String {
        let page = if page > 1 { page.to_string() } else { String::new() };
        serde_urlencoded::to_string(Self { page, ..self.clone() }).unwrap_or_default()
    }
}

/// What was sent with a form that did not fit.
#[derive(Default)]
pub(super) struct Typed {
    pub good_only: bool,
    pub again: bool,
    pub reason: String,
    pub errors: FieldErrors,
}

/// `GET /hr/points/runs/{run}`
///
/// # Errors
/// [`crate::error::Error::NotFound`].
pub async fn show(
    app: web::Data<App>,
    page: Page,
    hr: HrAdmin,
    htmx: Htmx,
    id: web::Path<RunId>,
    filter: web::Query<Filter>,
) -> Result<HttpResponse> {
    let view = show_page(&app, page, &hr, *id, &filter, Typed::default()).await?;
    if htmx.wants("results") {
        return render::page(&view.as_results());
    }
    if !htmx.wants("progress") {
        return render::page(&view);
    }
    let mut answer = render::page(&view.as_progress())?;
    if view.progress.is_none() {
        // It is over: the whole page tells how it went.
        answer
            .headers_mut()
            .insert(header::HeaderName::from_static("hx-refresh"), header::HeaderValue::from_static("true"));
    }
    Ok(answer)
}

/// `GET /hr/points/runs/{run}/rows.csv`: the rows as a file, which can be mended and uploaded again.
///
/// # Errors
/// [`crate::error::Error::NotFound`].
pub async fn download(
    app: web::Data<App>,
    page: Page,
    hr: HrAdmin,
    id: web::Path<RunId>,
    filter: web::Query<Filter>,
) -> Result<HttpResponse> {
    app.limits.export(hr.0.person_id)?;
    let run = runs::find(app.db.long_reads(), *id).await?;
    let found = rows::whole(app.db.long_reads(), run.id, &filter.of_run(&run).wanted()).await?;
    let text = page.text;
    let heading = [
        text.say("runs-column-who"),
        text.say("runs-column-amount"),
        text.say("runs-field-note"),
        text.say("runs-column-line"),
        text.say("runs-column-person"),
        text.say("runs-column-state"),
        text.say("runs-column-problem"),
    ]
    .map(|word| word.to_string());
    let rows = found.into_iter().map(|row| {
        vec![
            row.who,
            row.amount_typed,
            check::note_in_file(row.note),
            row.line.to_string(),
            row.person.unwrap_or_default(),
            words::row_state(text, row.state),
            row.problem.map(|problem| words::problem(text, problem, row.other_line)).unwrap_or_default(),
        ]
    });
    csv::download("run.csv", &heading, rows)
}

pub(super) async fn show_page(
    app: &App,
    page: Page,
    hr: &HrAdmin,
    id: RunId,
    filter: &Filter,
    typed: Typed,
) -> Result<ShowPage> {
    let db = app.db.reads();
    let run = runs::find(db, id).await?;
    let filter = filter.of_run(&run);
    let paging = Paging::new(filter.page.parse().ok(), PAGE_SIZE);
    let (found, paging) = rows::page(db, id, &filter.wanted(), paging).await?;
    let is_mine = run.maker_id == hr.0.person_id;
    let is_draft = run.state == RunState::Draft;
    let twins = if is_draft { commit::seen_before(db, &run).await? } else { vec![] };
    let obstacle = match run.state {
        RunState::Waiting => approve::obstacle(db, &run, hr.0.person_id).await?,
        _ => None,
    };
    let has_act = matches!(run.state, RunState::Draft | RunState::Waiting);
    let needs_approval = Terms::of(&app.config).asks_for_approval(run.total);
    let text = page.text;
    let problems = Filter { rows: "problems".to_owned(), ..Filter::default() };
    Ok(ShowPage {
        href: urls::hr::run(id),
        id,
        bad_count: run.row_count - run.good_count,
        unusual_count: rows::unusual(db, id).await?,
        progress: progress(&run),
        can_discard: is_mine && matches!(run.state, RunState::Draft | RunState::Waiting),
        can_commit: is_draft && is_mine && run.good_count > 0,
        needs_approval,
        has_judge: !needs_approval || !has_act || approve::has_judge(db, &run).await?,
        twins: twins.iter().map(|twin| twin_view(text, twin)).collect(),
        can_judge: run.state == RunState::Waiting && obstacle.is_none(),
        has_act,
        obstacle: obstacle.map(|why| sentences::no_run(text, why)),
        can_reverse: run.state == RunState::Done && run.granted_count > 0,
        good_only: typed.good_only,
        again: typed.again,
        reason: typed.reason,
        errors: page.errors(typed.errors),
        views: views(text, &run, filter.view()),
        q: filter.q.clone(),
        rows: found.rows.into_iter().map(|row| row_view(text, row)).collect(),
        pager: Pager::new(paging, found.total, |number| urls::hr::run_filtered(id, &filter.query(number))),
        any_filter: filter.view().is_some() || !filter.q.trim().is_empty(),
        csv_href: urls::hr::run_rows_csv(id, &filter.query(1)),
        problems_csv_href: urls::hr::run_rows_csv(id, &problems.query(1)),
        run: run_view(app, &page, run).await?,
        page,
    })
}

async fn run_view(app: &App, page: &Page, run: Run) -> Result<RunView> {
    let judge = name_of(app, run.judge_id).await?;
    let reverser = name_of(app, run.reverser_id).await?;
    let text = page.text;
    Ok(RunView {
        title: words::title(text, run.origin, &run.file_name, &run.note),
        state: words::badge(run.state),
        state_label: words::state(text, run.state),
        origin: words::origin(text, run.origin),
        reason: reason_label(text, &run.reason),
        ends: words::ends(page, &run.ends),
        expires_at: run.expires_at,
        has_begun: run.started_at.is_some(),
        version: run.version,
        good_count: run.good_count,
        total: run.total,
        granted_count: run.granted_count,
        granted_total: run.granted_total,
        failed_count: run.failed_count,
        taken_back_count: run.taken_back_count,
        taken_back_total: run.taken_back_total,
        kept_count: run.kept_count,
        is_granted: run.finished_at.is_some(),
        is_reversed: run.state == RunState::Reversed,
        made_at: run.created_at,
        maker: name_of(app, Some(run.maker_id)).await?.unwrap_or_default(),
        judged: run.judged_at.zip(judge),
        is_rejected: run.state == RunState::Rejected,
        verdict: run.verdict,
        reversal: run.reversal_at.zip(reverser),
        reversal_note: run.reversal_note,
        note: run.note,
    })
}

async fn name_of(app: &App, id: Option<PersonId>) -> Result<Option<String>> {
    Ok(match id {
        Some(id) => Some(people::load(app.db.reads(), id).await?.name),
        None => None,
    })
}

fn progress(run: &Run) -> Option<Progress> {
    run.state.is_at_work().then(|| match run.state {
        RunState::Reversing => Progress {
            done: run.granted_count - reverse::left_to_do(run),
            of: run.granted_count,
            takes_back: true,
        },
        _ => Progress { done: run.granted_count + run.failed_count, of: run.good_count, takes_back: false },
    })
}

fn twin_view(text: Text, twin: &Run) -> Twin {
    Twin {
        title: words::title(text, twin.origin, &twin.file_name, &twin.note),
        href: urls::hr::run(twin.id),
        at: twin.committed_at.unwrap_or(twin.created_at),
    }
}

fn row_view(text: Text, row: Shown) -> RowView {
    RowView {
        state: words::row_badge(row.state),
        state_label: words::row_state(text, row.state),
        problem: row.problem.map(|problem| words::problem(text, problem, row.other_line)),
        row,
    }
}

/// Whether a run of this state can have rows in a view.
fn is_open(view: &str, run: &Run) -> bool {
    match view {
        "good" => run.started_at.is_none() || run.state.is_at_work(),
        "granted" => run.started_at.is_some(),
        "taken-back" | "kept" => run.reversal_at.is_some(),
        _ => true,
    }
}

/// The views that are open.
fn views(text: Text, run: &Run, chosen: Option<&str>) -> Vec<Choice> {
    let label = |name: &str| match name {
        "problems" => text.say("runs-view-problems"),
        "unusual" => text.say("runs-view-unusual"),
        "good" => text.say("runs-view-good"),
        "granted" => text.say("runs-view-granted"),
        "taken-back" => text.say("runs-view-taken-back"),
        _ => text.say("runs-view-kept"),
    };
    let open = VIEWS.iter().filter(|(name, _)| is_open(name, run));
    let open = open.map(|(name, _)| ((*name).to_owned(), label(name).to_string()));
    Choice::all_or(text.say("runs-view-all").to_string(), chosen, open)
}
