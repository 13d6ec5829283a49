//! Entering a product and changing what is said about it.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;
use futures::FutureExt;

use crate::catalog::hr::form::ProductForm;
use crate::catalog::hr::kind_label;
use crate::catalog::{self, create, edit, stock};
use crate::entity::{categories, products};
use crate::error::{Error, FieldErrors, Refusal, Result};
use crate::platform::app::App;
use crate::types::id::ProductId;
use crate::types::limit::Period;
use crate::types::product_kind::{ProductKind, ProductState};
use crate::urls;
use crate::web::conflict::Theirs;
use crate::web::flash::Flash;
use crate::web::form::Form;
use crate::web::htmx::Htmx;
use crate::web::page::{Choice, FormErrors, Page};
use crate::web::render;
use crate::web::text::Text;
use crate::web::viewer::HrAdmin;

/// Bytes of the form: three long texts, of which every letter may need three signs for each of its bytes.
pub const FORM_BYTES: usize = 256 * 1024;
/// What the form of a new product proposes.
const LOW_STOCK_AT: &str = "5";

#[derive(Template)]
#[template(path = "catalog/hr/form.html")]
struct FormPage {
    page: Page,
    /// The name of the product that is there; a new one has none.
    product: Option<String>,
    action: String,
    back: String,
    form: ProductForm,
    categories: Vec<Choice>,
    kinds: Vec<Choice>,
    periods: Vec<Choice>,
    slug_is_fixed: bool,
    /// The one kind it can have, when there is no choice.
    kind_is_fixed: Option<String>,
    /// What somebody else has made of it meanwhile; nothing when nobody has.
    theirs: Option<Vec<Theirs>>,
    errors: FormErrors,
}

/// `GET /hr/products/new`
///
/// # Errors
/// When the database fails.
pub async fn new(app: web::Data<App>, page: Page, _hr: HrAdmin) -> Result<HttpResponse> {
    let form = ProductForm {
        key: ProductId::new().to_string(),
        kind: ProductKind::Physical.name().to_owned(),
        limit_period: Period::Month.name().to_owned(),
        low_stock_at: LOW_STOCK_AT.to_owned(),
        ..ProductForm::default()
    };
    render::page(&form_page(&app, page, None, form, FieldErrors::default()).await?)
}

/// `POST /hr/products`: a draft, which nobody sees yet.
///
/// # Errors
/// When the database fails.
pub async fn create(
    app: web::Data<App>,
    page: Page,
    hr: HrAdmin,
    htmx: Htmx,
    Form(form): Form<ProductForm>,
) -> Result<HttpResponse> {
    let id: ProductId = form.key.parse().ok().ok_or(Error::Malformed("the product's key"))?;
    let (now, actor) = (app.now(), hr.actor());
    let entered = match form.read(app.config.time_zone) {
        Ok(details) => {
            let write = app.db.write("products.create", move |tx| {
                create::create(tx, now, actor, id, ProductState::Draft, details.clone()).boxed()
            });
            write.await
        }
        Err(error) => Err(error),
    };
    match entered {
        Ok(()) => Ok(render::see_other_saying(
            &htmx,
            &urls::hr::product(id),
            &Flash::good("flash-product-created", form.name.trim()),
        )),
        Err(Error::Invalid(errors)) => {
            let view = form_page(&app, page, None, form, errors).await?;
            render::with_status(StatusCode::UNPROCESSABLE_ENTITY, &view)
        }
        Err(error) => Err(error),
    }
}

/// `GET /hr/products/{product}/edit`
///
/// # Errors
/// [`Error::NotFound`].
pub async fn edit(
    app: web::Data<App>,
    page: Page,
    _hr: HrAdmin,
    id: web::Path<String>,
) -> Result<HttpResponse> {
    let product = found(&app, &id).await?;
    let form = ProductForm::of(&product, app.config.time_zone);
    render::page(&form_page(&app, page, Some(&product), form, FieldErrors::default()).await?)
}

/// `POST /hr/products/{product}`. When somebody else has changed it meanwhile, the form comes back with what was typed,
/// says what they have made of it, and saves over it when it is sent again.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn update(
    app: web::Data<App>,
    page: Page,
    hr: HrAdmin,
    htmx: Htmx,
    id: web::Path<String>,
    Form(mut form): Form<ProductForm>,
) -> Result<HttpResponse> {
    let id = found(&app, &id).await?.id;
    let (now, actor, version) = (app.now(), hr.actor(), form.version()?);
    let changed = match form.read(app.config.time_zone) {
        Ok(details) => {
            let write = app.db.write("products.edit", move |tx| {
                edit::edit(tx, now, actor, id, version, details.clone()).boxed()
            });
            write.await
        }
        Err(error) => Err(error),
    };
    let (status, errors) = match changed {
        Ok(()) => {
            let flash = Flash::good("flash-product-changed", form.name.trim());
            return Ok(render::see_other_saying(&htmx, &urls::hr::product(id), &flash));
        }
        Err(Error::Invalid(errors)) => (StatusCode::UNPROCESSABLE_ENTITY, errors),
        Err(Error::Refused(Refusal::ChangedMeanwhile)) => (StatusCode::CONFLICT, FieldErrors::default()),
        Err(error) => return Err(error),
    };
    let product = found(&app, &id.to_string()).await?;
    let theirs = if status == StatusCode::CONFLICT {
        form.version = product.version.to_string();
        let current = ProductForm::of(&product, app.config.time_zone);
        let shelves = catalog::categories(app.db.reads()).await?;
        Some(differing(page.text, &shelves, &form, &current))
    } else {
        None
    };
    let view = FormPage { theirs, ..form_page(&app, page, Some(&product), form, errors).await? };
    render::with_status(status, &view)
}

async fn form_page(
    app: &App,
    page: Page,
    product: Option<&products::Model>,
    form: ProductForm,
    errors: FieldErrors,
) -> Result<FormPage> {
    let db = app.db.reads();
    let shelves = catalog::categories(db).await?;
    let text = page.text;
    let choice = |value: String, label: String, chosen: &str| {
        let selected = value == chosen;
        Choice { value, label, selected }
    };
    let has_moved = match product {
        Some(product) => stock::has_moved(db, product.id).await?,
        None => false,
    };
    Ok(FormPage {
        product: product.map(|product| product.name.clone()),
        action: product.map_or_else(urls::hr::products, |product| urls::hr::product(product.id)),
        back: product.map_or_else(urls::hr::products, |product| urls::hr::product(product.id)),
        categories: shelves
            .into_iter()
            .map(|shelf| choice(shelf.id.to_string(), shelf.name, &form.category))
            .collect(),
        kinds: ProductKind::ALL
            .map(|kind| choice(kind.name().to_owned(), kind_label(text, kind), &form.kind))
            .into(),
        periods: Period::ALL
            .map(|period| choice(period.name().to_owned(), period_label(text, period), &form.limit_period))
            .into(),
        slug_is_fixed: product.is_some_and(|product| product.state != ProductState::Draft),
        kind_is_fixed: product.filter(|_| has_moved).map(|product| kind_label(text, product.kind)),
        theirs: None,
        errors: page.errors(errors),
        form,
        page,
    })
}

/// The fields in which what was typed is not what is there now.
fn differing(
    text: Text,
    shelves: &[categories::Model],
    typed: &ProductForm,
    current: &ProductForm,
) -> Vec<Theirs> {
    let shelf = shelves.iter().find(|shelf| shelf.id.to_string() == current.category);
    let shelf = shelf.map(|shelf| shelf.name.as_str());
    let kind = current.kind.parse().map(|kind| kind_label(text, kind)).unwrap_or_default();
    let period = current.limit_period.parse().map(|period| period_label(text, period)).unwrap_or_default();
    let fields = [
        (text.say("hr-product-name"), &typed.name, &current.name, None),
        (text.say("hr-product-slug-column"), &typed.slug, &current.slug, None),
        (text.say("hr-product-category"), &typed.category, &current.category, shelf),
        (text.say("hr-product-kind"), &typed.kind, &current.kind, Some(kind.as_str())),
        (text.say("hr-product-points"), &typed.price, &current.price, None),
        (text.say("hr-product-description"), &typed.description, &current.description, None),
        (text.say("hr-product-how-to-use"), &typed.how_to_use, &current.how_to_use, None),
        (text.say("hr-product-terms"), &typed.terms, &current.terms, None),
        (text.say("hr-product-visible-from"), &typed.visible_from, &current.visible_from, None),
        (text.say("hr-product-visible-until"), &typed.visible_until, &current.visible_until, None),
        (text.say("hr-product-limit-count"), &typed.limit_count, &current.limit_count, None),
        (text.say("hr-product-limit-period"), &typed.limit_period, &current.limit_period, Some(&period)),
        (text.say("hr-product-low-stock-at"), &typed.low_stock_at, &current.low_stock_at, None),
    ];
    let fields = fields.into_iter();
    fields.filter_map(|(label, typed, left, word)| Theirs::unless_same(label, typed, left, word)).collect()
}

fn period_label(text: Text, period: Period) -> String {
    match period {
        Period::Week => text.say("hr-product-period-week"),
        Period::Month => text.say("hr-product-period-month"),
        Period::Year => text.say("hr-product-period-year"),
        Period::Ever => text.say("hr-product-period-ever"),
    }
    .to_string()
}

/// The product at an address of the desk.
pub(super) async fn found(app: &App, id: &str) -> Result<products::Model> {
    let id: ProductId = id.parse().ok().ok_or(Error::NotFound)?;
    catalog::find(app.db.reads(), id).await?.ok_or(Error::NotFound)
}
