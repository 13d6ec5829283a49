//! The codes of a digital product at the desk: how many there are of which kind, bringing more, withdrawing one.

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;
use futures::FutureExt;
use serde::{Deserialize, Serialize};

use crate::catalog;
use crate::codes::add::{self, Added, MOST_CODES};
use crate::codes::desk::{self, CodeState, Counts, Listed, Wanted};
use crate::codes::withdraw;
use crate::entity::products;
use crate::error::{Error, FieldErrors, FieldProblem, Refusal, Result};
use crate::platform::app::App;
use crate::types::form_key::FormKey;
use crate::types::id::{CodeId, ProductId};
use crate::types::paging::Paging;
use crate::types::product_kind::ProductKind;
use crate::types::sheet;
use crate::types::time::Timestamp;
use crate::urls;
use crate::web::csv;
use crate::web::flash::Flash;
use crate::web::form::Form;
use crate::web::htmx::Htmx;
use crate::web::page::{Choice, FormErrors, Page};
use crate::web::pager::Pager;
use crate::web::text::Text;
use crate::web::upload::Upload;
use crate::web::viewer::HrAdmin;
use crate::web::{render, sentences};

/// Bytes of a list: as many codes as can come at once, each as long as it can be, and what a form writes around them.
pub const LIST_BYTES: usize = 4 * 1024 * 1024;
/// Codes on a page.
const PAGE_SIZE: u32 = 50;

#[derive(Template)]
#[template(path = "codes/hr/index.html", blocks = ["pool"])]
struct IndexPage {
    page: Page,
    id: String,
    name: String,
    counts: Counts,
    /// What became of the list that was just brought.
    added: Option<Added>,
    /// Minted anew each time the page is shown, one for each form.
    keys: [FormKey; 2],
    most_codes: i64,
    pasted: String,
    errors: FormErrors,
    problem: Option<String>,
    states: Vec<Choice>,
    /// What the list was asked for, as the forms in it send it along.
    filter: Filter,
    any_filter: bool,
    rows: Vec<Row>,
    pager: Pager,
    csv_href: String,
    /// There are more than a file holds.
    is_cut: bool,
}

struct Row {
    last_four: String,
    state: &'static str,
    label: String,
    created_at: Timestamp,
    /// When the last thing happened to it.
    since: Option<Timestamp>,
    /// Where it can be withdrawn, as long as it is free.
    withdrawal: Option<String>,
    /// Why it shall be withdrawn, as it was typed, and what is wrong with that.
    reason: String,
    problem: Option<String>,
}

/// What the list is asked for.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct Filter {
    #[serde(default, skip_serializing_if = "String::is_empty")]
    state: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    q: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    page: String,
    /// The list whose outcome is told.
    #[serde(default, skip_serializing)]
    batch: String,
}

impl Filter {
    fn wanted(&self, product_id: ProductId) -> Wanted {
        let state = CodeState::ALL.into_iter().find(|state| state.name() == self.state);
        Wanted { product_id, state, last_four: self.q.trim().to_owned() }
    }

    fn paging(&self) -> Paging {
        Paging::new(self.page.parse().ok(), PAGE_SIZE)
    }

    fn query(&self, page: u32) -> String {
        let page = if page > 1 { page.to_string() } else { String::new() };
        serde_urlencoded::to_string(Self { page, ..self.clone() }).unwrap_or_default()
    }
}

/// What was typed, shown again when it does not fit.
#[derive(Default)]
struct Typed {
    pasted: String,
    /// The code that should be withdrawn.
    code: Option<CodeId>,
    reason: String,
    errors: FieldErrors,
    problem: Option<String>,
}

/// Codes that are pasted.
#[derive(Deserialize)]
pub struct PasteForm {
    key: String,
    #[serde(default)]
    codes: String,
}

/// Why a code is withdrawn, and the list it was found in.
#[derive(Deserialize)]
pub struct WithdrawalForm {
    #[serde(default)]
    reason: String,
    #[serde(flatten)]
    filter: Filter,
}

/// `GET /hr/products/{product}/codes`
///
/// # Errors
/// [`Error::NotFound`], also for what is not digital.
pub async fn index(
    app: web::Data<App>,
    page: Page,
    _hr: HrAdmin,
    htmx: Htmx,
    id: web::Path<String>,
    filter: web::Query<Filter>,
) -> Result<HttpResponse> {
    let view = index_page(&app, page, &id, &filter, Typed::default()).await?;
    if htmx.wants("pool") { render::page(&view.as_pool()) } else { render::page(&view) }
}

/// `POST /hr/products/{product}/codes`: codes that were pasted, one a line.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn create(
    app: web::Data<App>,
    page: Page,
    hr: HrAdmin,
    htmx: Htmx,
    id: web::Path<String>,
    Form(PasteForm { key, codes }): Form<PasteForm>,
) -> Result<HttpResponse> {
    let lines = add::lines(&codes, "codes");
    let added = bring(&app, &hr, &htmx, &id, &key, lines).await;
    let typed = Typed { pasted: codes, ..Typed::default() };
    answer(&app, page, &id, &Filter::default(), typed, added).await
}

/// `POST /hr/products/{product}/codes/file`: the same from a file.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn upload(
    app: web::Data<App>,
    page: Page,
    hr: HrAdmin,
    htmx: Htmx,
    id: web::Path<String>,
    upload: Upload,
) -> Result<HttpResponse> {
    if upload.files("file").count() > 1 {
        return Err(Error::Malformed("more than one file"));
    }
    let lines = match upload.file("file").map(|file| sheet::decode(&file.bytes)) {
        Some(Ok(text)) => add::lines(&text, "file"),
        Some(Err(_no_text)) => Err(problem("file", FieldProblem::NotText)),
        None => Err(problem("file", FieldProblem::Required)),
    };
    let added = bring(&app, &hr, &htmx, &id, upload.text("key"), lines).await;
    answer(&app, page, &id, &Filter::default(), Typed::default(), added).await
}

/// `POST /hr/products/{product}/codes/{code}/withdrawal`: a free code that shall not be sold. The list stays as it was.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn withdraw(
    app: web::Data<App>,
    page: Page,
    hr: HrAdmin,
    htmx: Htmx,
    path: web::Path<(String, String)>,
    Form(WithdrawalForm { reason, filter }): Form<WithdrawalForm>,
) -> Result<HttpResponse> {
    let (id, code) = path.into_inner();
    let product_id = found(&app, &id).await?.id;
    let code_id: CodeId = code.parse().ok().ok_or(Error::NotFound)?;
    let (now, actor, why) = (app.now(), hr.actor(), reason.trim().to_owned());
    let withdrawn = app.db.write("codes.withdraw", move |tx| {
        let why = why.clone();
        async move { withdraw::withdraw(tx, now, actor, product_id, code_id, &why).await }.boxed()
    });
    let withdrawn = withdrawn.await.map(|()| {
        let flash = Flash::good("flash-code-withdrawn", "");
        let list = urls::hr::product_codes_filtered(product_id, &filter.query(filter.paging().number));
        render::see_other_saying(&htmx, &list, &flash)
    });
    let typed = Typed { code: Some(code_id), reason, ..Typed::default() };
    answer(&app, page, &id, &filter, typed, withdrawn).await
}

/// `GET /hr/products/{product}/codes.csv`: what staff may see of them, the newest [`desk::MOST_EXPORTED`].
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
        text.say("hr-codes-last-four"),
        text.say("hr-codes-state"),
        text.say("hr-codes-added-at"),
        text.say("hr-codes-since"),
    ]
    .map(|word| word.to_string());
    let found = desk::whole(app.db.long_reads(), &filter.wanted(product.id)).await?;
    let rows = found.into_iter().map(|code| {
        let since = since(&code).map(Timestamp::iso).unwrap_or_default();
        vec![code.last_four.clone(), state_label(text, code.state()), code.created_at.iso(), since]
    });
    csv::download("codes.csv", &heading, rows)
}

async fn bring(
    app: &App,
    hr: &HrAdmin,
    htmx: &Htmx,
    id: &str,
    key: &str,
    lines: Result<Vec<String>>,
) -> Result<HttpResponse> {
    let product_id = found(app, id).await?.id;
    let key: FormKey = key.parse().ok().ok_or(Error::Malformed("the form's key"))?;
    let lines = Arc::new(lines?);
    let (now, actor, sealer) = (app.now(), hr.actor(), Arc::clone(&app.sealer));
    app.db
        .write("codes.add", move |tx| {
            let (sealer, lines) = (Arc::clone(&sealer), Arc::clone(&lines));
            async move { add::add(tx, now, actor, &sealer, product_id, key, &lines).await }.boxed()
        })
        .await?;
    Ok(render::see_other(htmx, &urls::hr::product_codes_batch(product_id, key)))
}

/// What was done, or the page again with what was typed and why it was not done.
async fn answer(
    app: &App,
    page: Page,
    id: &str,
    filter: &Filter,
    typed: Typed,
    done: Result<HttpResponse>,
) -> Result<HttpResponse> {
    let (status, typed) = match done {
        Err(Error::Invalid(errors)) => (StatusCode::UNPROCESSABLE_ENTITY, Typed { errors, ..typed }),
        Err(Error::Refused(refusal)) if refusal != Refusal::NoCodesHere => {
            let problem = Some(sentences::refusal(page.text, &refusal));
            (StatusCode::CONFLICT, Typed { problem, ..typed })
        }
        done => return done,
    };
    render::with_status(status, &index_page(app, page, id, filter, typed).await?)
}

async fn index_page(app: &App, page: Page, id: &str, filter: &Filter, typed: Typed) -> Result<IndexPage> {
    let db = app.db.reads();
    let product = found(app, id).await?;
    let wanted = filter.wanted(product.id);
    let (found, paging) = desk::page(db, &wanted, filter.paging()).await?;
    let batch = match filter.batch.parse() {
        Ok(key) => desk::batch(db, product.id, key).await?,
        Err(_none) => None,
    };
    let text = page.text;
    let errors = page.errors(typed.errors);
    let rows = found.rows.iter().map(|code| {
        let row = row(text, product.id, code);
        if typed.code != Some(code.id) {
            return row;
        }
        Row { reason: typed.reason.clone(), problem: errors.on("reason"), ..row }
    });
    let rows = rows.collect();
    let address = |number: u32| urls::hr::product_codes_filtered(product.id, &filter.query(number));
    Ok(IndexPage {
        id: product.id.to_string(),
        counts: desk::counts(db, product.id).await?,
        added: batch.as_ref().map(Added::from),
        keys: [FormKey::mint(), FormKey::mint()],
        most_codes: i64::try_from(MOST_CODES).unwrap_or(i64::MAX),
        pasted: typed.pasted,
        errors,
        problem: typed.problem,
        states: Choice::all_or(
            text.say("hr-codes-state-all").to_string(),
            wanted.state.map(CodeState::name),
            CodeState::ALL.map(|state| (state.name().to_owned(), state_label(text, state))),
        ),
        filter: filter.clone(),
        any_filter: wanted.state.is_some() || !wanted.last_four.is_empty(),
        rows,
        pager: Pager::new(paging, found.total, address),
        csv_href: urls::hr::product_codes_csv(product.id, &filter.query(1)),
        is_cut: found.total > desk::MOST_EXPORTED,
        name: product.name,
        page,
    })
}

fn row(text: Text, product_id: ProductId, code: &Listed) -> Row {
    let state = code.state();
    Row {
        last_four: code.last_four.clone(),
        state: state.name(),
        label: state_label(text, state),
        created_at: code.created_at,
        since: since(code),
        withdrawal: (state == CodeState::Free).then(|| urls::hr::code_withdrawal(product_id, code.id)),
        reason: String::new(),
        problem: None,
    }
}

fn since(code: &Listed) -> Option<Timestamp> {
    code.withdrawn_at.or(code.revealed_at).or(code.claimed_at)
}

fn state_label(text: Text, state: CodeState) -> String {
    match state {
        CodeState::Free => text.say("hr-codes-free"),
        CodeState::Assigned => text.say("hr-codes-assigned"),
        CodeState::Revealed => text.say("hr-codes-revealed"),
        CodeState::Withdrawn => text.say("hr-codes-withdrawn"),
    }
    .to_string()
}

async fn found(app: &App, id: &str) -> Result<products::Model> {
    let id: ProductId = id.parse().ok().ok_or(Error::NotFound)?;
    let product = catalog::find(app.db.reads(), id).await?;
    product.filter(|product| product.kind == ProductKind::Digital).ok_or(Error::NotFound)
}

fn problem(field: &'static str, problem: FieldProblem) -> Error {
    let mut errors = FieldErrors::default();
    errors.add(field, problem);
    Error::Invalid(errors)
}
