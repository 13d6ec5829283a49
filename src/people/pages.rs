//! The address book as its owner sees it.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;
use futures::FutureExt;
use serde::Deserialize;

use crate::error::{Error, FieldErrors, Result};
use crate::people::address_form::AddressForm;
use crate::people::addresses::{self, Address};
use crate::people::countries::COUNTRIES;
use crate::platform::app::App;
use crate::types::id::AddressId;
use crate::urls;
use crate::web::flash::Flash;
use crate::web::form::Form;
use crate::web::htmx::Htmx;
use crate::web::page::{Choice, FormErrors, Page};
use crate::web::render;
use crate::web::viewer::Employee;

#[derive(Template)]
#[template(path = "people/addresses/index.html")]
struct IndexPage {
    page: Page,
    addresses: Vec<AddressView>,
}

struct AddressView {
    id: String,
    name: String,
    lines: Vec<String>,
    is_default: bool,
}

#[derive(Template)]
#[template(path = "people/addresses/form.html")]
struct FormPage {
    page: Page,
    action: String,
    editing: bool,
    next: String,
    form: AddressForm,
    errors: FormErrors,
    countries: Vec<Choice>,
}

/// What the form sends.
#[derive(Deserialize)]
pub struct Submitted {
    #[serde(flatten)]
    form: AddressForm,
    #[serde(default)]
    next: String,
}

/// Where the person wants to go on to.
#[derive(Deserialize)]
pub struct GoingOn {
    #[serde(default)]
    next: String,
}

/// `GET /addresses`: the default first, then the newest.
///
/// # Errors
/// When the database fails.
pub async fn index(app: web::Data<App>, page: Page, employee: Employee) -> Result<HttpResponse> {
    let book = addresses::list(app.db.reads(), employee.id()).await?;
    render::page(&IndexPage { page, addresses: book.iter().map(AddressView::from).collect() })
}

/// `GET /addresses/new`: an empty form, but for the person's own name and the country they use.
///
/// # Errors
/// When the database fails.
pub async fn new(
    app: web::Data<App>,
    page: Page,
    employee: Employee,
    query: web::Query<GoingOn>,
) -> Result<HttpResponse> {
    let book = addresses::list(app.db.reads(), employee.id()).await?;
    let form = AddressForm {
        recipient: employee.0.name.clone(),
        country: book.first().map(|address| address.country.clone()).unwrap_or_default(),
        make_default: book.is_empty(),
        ..AddressForm::default()
    };
    render::page(&form_page(page, None, form, going_on(&query.next), FieldErrors::default()))
}

/// `POST /addresses`: adds one, then goes back to the book, or on to the checkout it was asked for from.
///
/// # Errors
/// A refusal when the book is full.
pub async fn create(
    app: web::Data<App>,
    page: Page,
    employee: Employee,
    htmx: Htmx,
    Form(Submitted { form, next }): Form<Submitted>,
) -> Result<HttpResponse> {
    let next = going_on(&next);
    let postal = match form.postal() {
        Err(Error::Invalid(errors)) => return again(&form_page(page, None, form, next, errors)),
        postal => postal?,
    };
    let (now, person_id, make_default) = (app.now(), employee.id(), form.make_default);
    app.db
        .write("address.create", move |tx| {
            addresses::create(tx, now, person_id, postal.clone(), make_default).boxed()
        })
        .await?;
    let address = if next.is_empty() { urls::addresses() } else { next };
    Ok(render::see_other_saying(&htmx, &address, &Flash::good("flash-address-saved", "")))
}

/// `GET /addresses/{id}/edit`
///
/// # Errors
/// [`Error::NotFound`] when it is not the person's.
pub async fn edit(
    app: web::Data<App>,
    page: Page,
    employee: Employee,
    id: web::Path<String>,
) -> Result<HttpResponse> {
    let address = addresses::find_for(app.db.reads(), employee.id(), parsed(&id)?).await?;
    let form = AddressForm::from(&address);
    render::page(&form_page(page, Some(address.id), form, String::new(), FieldErrors::default()))
}

/// `POST /addresses/{id}`: changes it.
///
/// # Errors
/// [`Error::NotFound`] when it is not the person's.
pub async fn update(
    app: web::Data<App>,
    page: Page,
    employee: Employee,
    htmx: Htmx,
    id: web::Path<String>,
    Form(Submitted { form, .. }): Form<Submitted>,
) -> Result<HttpResponse> {
    let (id, person_id, make_default) = (parsed(&id)?, employee.id(), form.make_default);
    addresses::find_for(app.db.reads(), person_id, id).await?;
    let postal = match form.postal() {
        Err(Error::Invalid(errors)) => return again(&form_page(page, Some(id), form, String::new(), errors)),
        postal => postal?,
    };
    app.db
        .write("address.update", move |tx| {
            addresses::update(tx, person_id, id, postal.clone(), make_default).boxed()
        })
        .await?;
    Ok(render::see_other_saying(&htmx, &urls::addresses(), &Flash::good("flash-address-saved", "")))
}

/// `POST /addresses/{id}/default`: parcels go there from now on.
///
/// # Errors
/// [`Error::NotFound`] when it is not the person's.
pub async fn make_default(
    app: web::Data<App>,
    employee: Employee,
    htmx: Htmx,
    id: web::Path<String>,
) -> Result<HttpResponse> {
    let (id, person_id) = (parsed(&id)?, employee.id());
    app.db
        .write("address.make_default", move |tx| addresses::make_default(tx, person_id, id).boxed())
        .await?;
    Ok(render::see_other_saying(&htmx, &urls::addresses(), &Flash::good("flash-address-default", "")))
}

/// `POST /addresses/{id}/removal`: takes it out of the book; orders keep the words they have.
///
/// # Errors
/// [`Error::NotFound`] when it is not the person's.
pub async fn remove(
    app: web::Data<App>,
    employee: Employee,
    htmx: Htmx,
    id: web::Path<String>,
) -> Result<HttpResponse> {
    let (id, person_id) = (parsed(&id)?, employee.id());
    app.db.write("address.remove", move |tx| addresses::remove(tx, person_id, id).boxed()).await?;
    Ok(render::see_other_saying(&htmx, &urls::addresses(), &Flash::good("flash-address-removed", "")))
}

fn parsed(id: &str) -> Result<AddressId> {
    id.parse().ok().ok_or(Error::NotFound)
}

/// The checkout is the one place that sends people here and wants them back.
fn going_on(next: &str) -> String {
    if next == urls::checkout() { next.to_owned() } else { String::new() }
}

fn again(page: &FormPage) -> Result<HttpResponse> {
    render::with_status(StatusCode::UNPROCESSABLE_ENTITY, page)
}

fn form_page(
    page: Page,
    id: Option<AddressId>,
    form: AddressForm,
    next: String,
    errors: FieldErrors,
) -> FormPage {
    let mut countries: Vec<Choice> = COUNTRIES
        .iter()
        .map(|country| Choice {
            value: country.code.to_owned(),
            label: page.say(country.key).to_string(),
            selected: country.code == form.country,
        })
        .collect();
    countries.sort_by(|one, other| one.label.cmp(&other.label));
    if !countries.iter().any(|choice| choice.selected) {
        let label = page.say("people-address-country-choose").to_string();
        countries.insert(0, Choice { value: String::new(), label, selected: true });
    }
    FormPage {
        action: id.map_or_else(urls::addresses, urls::address),
        editing: id.is_some(),
        next,
        form,
        errors: page.errors(errors),
        countries,
        page,
    }
}

impl From<&Address> for AddressView {
    fn from(address: &Address) -> Self {
        Self {
            id: address.id.to_string(),
            name: address.recipient.clone(),
            lines: address.lines().into_iter().skip(1).collect(),
            is_default: address.is_default(),
        }
    }
}
