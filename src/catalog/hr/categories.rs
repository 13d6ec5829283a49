//! The categories: adding one, its name, its place, and taking it away.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;
use futures::FutureExt;
use serde::Deserialize;

use crate::catalog::categories::{self, Shelf};
use crate::error::{Error, FieldErrors, FieldProblem, Result};
use crate::platform::app::App;
use crate::types::id::CategoryId;
use crate::types::quantity::whole_number;
use crate::urls;
use crate::web::flash::Flash;
use crate::web::form::{self, Form};
use crate::web::htmx::Htmx;
use crate::web::page::{FormErrors, Page};
use crate::web::viewer::HrAdmin;
use crate::web::{render, sentences};

#[derive(Template)]
#[template(path = "catalog/hr/categories.html")]
struct CategoriesPage {
    page: Page,
    rows: Vec<Row>,
    /// The name of a new one as it was typed.
    new_name: String,
    errors: FormErrors,
    problem: Option<String>,
}

struct Row {
    id: CategoryId,
    version: i64,
    /// As it is called, and what was typed in its place.
    name: String,
    typed: String,
    error: Option<String>,
    /// As many as are behind the link; what is archived has a link of its own.
    products: i64,
    listed: i64,
    href: String,
    archived: i64,
    archived_href: String,
    /// The places above and below.
    up: Option<usize>,
    down: Option<usize>,
}

/// What was typed, shown again when it does not fit.
#[derive(Default)]
struct Typed {
    /// Of a new category, unless of one that is there.
    category: Option<CategoryId>,
    name: String,
    errors: FieldErrors,
    problem: Option<String>,
}

/// The name of a new category.
#[derive(Deserialize)]
pub struct NewForm {
    #[serde(default)]
    name: String,
}

/// Another name for a category.
#[derive(Deserialize)]
pub struct NameForm {
    #[serde(default)]
    name: String,
    #[serde(deserialize_with = "form::version")]
    version: i64,
}

/// Where a category shall stand, counted from zero.
#[derive(Deserialize)]
pub struct PlaceForm {
    place: String,
}

/// `GET /hr/products/categories`
///
/// # Errors
/// When the database fails.
pub async fn index(app: web::Data<App>, page: Page, _hr: HrAdmin) -> Result<HttpResponse> {
    render::page(&categories_page(&app, page, Typed::default()).await?)
}

/// `POST /hr/products/categories`
///
/// # Errors
/// When the database fails.
pub async fn create(
    app: web::Data<App>,
    page: Page,
    hr: HrAdmin,
    htmx: Htmx,
    Form(NewForm { name }): Form<NewForm>,
) -> Result<HttpResponse> {
    let (now, actor, new) = (app.now(), hr.actor(), name.clone());
    let added = app
        .db
        .write("categories.create", move |tx| categories::add(tx, now, actor, new.clone()).boxed())
        .await
        .map(|_| Flash::good("flash-category-created", name.trim()));
    answer(&app, page, &htmx, None, name, added).await
}

/// `POST /hr/products/categories/{category}`: another name.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn update(
    app: web::Data<App>,
    page: Page,
    hr: HrAdmin,
    htmx: Htmx,
    id: web::Path<String>,
    Form(NameForm { name, version }): Form<NameForm>,
) -> Result<HttpResponse> {
    let id: CategoryId = id.parse().ok().ok_or(Error::NotFound)?;
    let (now, actor, new) = (app.now(), hr.actor(), name.clone());
    let renamed = app
        .db
        .write("categories.rename", move |tx| {
            categories::rename(tx, now, actor, id, version, new.clone()).boxed()
        })
        .await
        .map(|()| Flash::good("flash-category-renamed", name.trim()));
    answer(&app, page, &htmx, Some(id), name, renamed).await
}

/// `POST /hr/products/categories/{category}/place`: further up or down.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn place(
    app: web::Data<App>,
    hr: HrAdmin,
    htmx: Htmx,
    id: web::Path<String>,
    Form(PlaceForm { place }): Form<PlaceForm>,
) -> Result<HttpResponse> {
    let id: CategoryId = id.parse().ok().ok_or(Error::NotFound)?;
    let place = whole_number(&place).and_then(|place| usize::try_from(place).ok());
    let place = place.ok_or(Error::Malformed("a place"))?;
    let (now, actor) = (app.now(), hr.actor());
    app.db.write("categories.place", move |tx| categories::place(tx, now, actor, id, place).boxed()).await?;
    Ok(render::see_other(&htmx, &urls::hr::categories()))
}

/// `POST /hr/products/categories/{category}/removal`: when nothing stands on it; doing it twice changes nothing.
///
/// # Errors
/// When the database fails.
pub async fn remove(
    app: web::Data<App>,
    page: Page,
    hr: HrAdmin,
    htmx: Htmx,
    id: web::Path<String>,
) -> Result<HttpResponse> {
    let id: CategoryId = id.parse().ok().ok_or(Error::NotFound)?;
    let (now, actor) = (app.now(), hr.actor());
    let removed =
        app.db.write("categories.remove", move |tx| categories::remove(tx, now, actor, id).boxed()).await;
    let removed = match removed {
        Ok(None) => return Ok(render::see_other(&htmx, &urls::hr::categories())),
        Ok(Some(name)) => Ok(Flash::good("flash-category-removed", &name)),
        Err(error) => Err(error),
    };
    answer(&app, page, &htmx, None, String::new(), removed).await
}

/// The list again: after a change, or with what was typed and why it was not done.
async fn answer(
    app: &App,
    page: Page,
    htmx: &Htmx,
    category: Option<CategoryId>,
    name: String,
    done: Result<Flash>,
) -> Result<HttpResponse> {
    let (status, typed) = match done {
        Ok(flash) => return Ok(render::see_other_saying(htmx, &urls::hr::categories(), &flash)),
        Err(Error::Invalid(errors)) => {
            (StatusCode::UNPROCESSABLE_ENTITY, Typed { category, name, errors, problem: None })
        }
        Err(Error::Refused(refusal)) => {
            let problem = Some(sentences::refusal(page.text, &refusal));
            (StatusCode::CONFLICT, Typed { category, name, problem, ..Typed::default() })
        }
        Err(error) => return Err(error),
    };
    render::with_status(status, &categories_page(app, page, typed).await?)
}

async fn categories_page(app: &App, page: Page, typed: Typed) -> Result<CategoriesPage> {
    let shelves = categories::all(app.db.reads()).await?;
    let last = shelves.len().saturating_sub(1);
    let problem_of = |id| typed.errors.get("name").filter(|_| typed.category == Some(id));
    let row = |(place, shelf): (usize, Shelf)| Row {
        version: shelf.version,
        typed: if typed.category == Some(shelf.id) { typed.name.clone() } else { shelf.name.clone() },
        error: problem_of(shelf.id).map(|problem: &FieldProblem| sentences::problem(page.text, problem)),
        products: shelf.products,
        listed: shelf.listed,
        href: urls::hr::products_filtered(&format!("category={}", shelf.slug)),
        archived: shelf.archived,
        archived_href: urls::hr::products_filtered(&format!("state=archived&category={}", shelf.slug)),
        up: place.checked_sub(1),
        down: (place < last).then_some(place + 1),
        name: shelf.name,
        id: shelf.id,
    };
    let rows = shelves.into_iter().enumerate().map(row).collect();
    let is_new = typed.category.is_none();
    Ok(CategoriesPage {
        rows,
        new_name: if is_new { typed.name } else { String::new() },
        errors: page.errors(if is_new { typed.errors } else { FieldErrors::default() }),
        problem: typed.problem,
        page,
    })
}
