//! The pictures of a product at the desk: putting them up, saying what they show, their order, taking them away.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;
use futures::{FutureExt, StreamExt, TryStreamExt, stream};
use serde::Deserialize;

use crate::catalog;
use crate::catalog::pictures::arrange::{self, Move};
use crate::catalog::pictures::{self, add, describe, store};
use crate::entity::{pictures as picture_row, products};
use crate::error::{Error, FieldErrors, FieldProblem, Refusal, Result};
use crate::platform::app::App;
use crate::platform::picture_codec::Rung;
use crate::types::id::{PictureId, ProductId};
use crate::types::quantity::whole_number;
use crate::urls;
use crate::web::conflict::Theirs;
use crate::web::flash::Flash;
use crate::web::form::{self, Form};
use crate::web::htmx::Htmx;
use crate::web::page::{FormErrors, Page};
use crate::web::picture::{self, Picture};
use crate::web::render;
use crate::web::upload::{File, Upload};
use crate::web::viewer::HrAdmin;

/// Files of one form together, with what the form adds; its page says 25 MB.
pub const UPLOAD_BYTES: usize = 25_100_000;
/// Files of one form that are read at once, so that others find room beside them.
const READ_AT_ONCE: usize = 2;

#[derive(Template)]
#[template(path = "catalog/hr/pictures.html")]
struct IndexPage {
    page: Page,
    product: products::Model,
    pictures: Vec<PictureView>,
    /// How many more there is room for.
    room: usize,
    /// Of the first of the new ones: the same form sent twice adds them once.
    key: PictureId,
    alt: String,
    errors: FormErrors,
}

/// A picture with its forms.
struct PictureView {
    id: PictureId,
    /// Counted from 1.
    number: usize,
    position: usize,
    shown: Option<Picture>,
    version: i64,
    alt: String,
    /// What is wrong with `alt`.
    problem: Option<String>,
    /// What somebody else has made of it meanwhile; nothing when nobody has.
    theirs: Option<Vec<Theirs>>,
    earlier: Option<usize>,
    later: Option<usize>,
}

/// What was typed, shown again when it does not fit or came too late.
#[derive(Default)]
struct Typed {
    /// The picture it is about; `None` is the new ones.
    picture: Option<PictureId>,
    alt: String,
    errors: FieldErrors,
    /// Somebody else has said it in other words meanwhile.
    is_late: bool,
}

/// `GET /hr/products/{product}/pictures`
///
/// # Errors
/// [`Error::NotFound`].
pub async fn index(
    app: web::Data<App>,
    page: Page,
    _hr: HrAdmin,
    product: web::Path<String>,
) -> Result<HttpResponse> {
    let product = load(&app, &product).await?;
    render::page(&index_page(&app, page, product, Typed::default()).await?)
}

/// `POST /hr/products/{product}/pictures`: `files` become the product's last pictures, all or none of them; all of them
/// show `alt`.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Unavailable`] when there is no room to read pictures, or nowhere to store them.
pub async fn create(
    app: web::Data<App>,
    page: Page,
    hr: HrAdmin,
    htmx: Htmx,
    product: web::Path<String>,
    upload: Upload,
) -> Result<HttpResponse> {
    let product = load(&app, &product).await?;
    let (now, id, key) = (app.now(), product.id, key(&upload)?);
    let kept = if add::is_there(app.db.reads(), id, key).await? {
        Ok(())
    } else {
        match read(&app, id, &upload).await {
            Ok((alt, ladders)) => store::keep(&app, now, hr.actor(), id, key, &alt, ladders).await,
            Err(error) => Err(error),
        }
    };
    match kept {
        Err(Error::Invalid(errors)) => {
            let typed = Typed { alt: upload.text("alt").to_owned(), errors, ..Typed::default() };
            refused(&app, page, product, typed).await
        }
        kept => {
            kept?;
            Ok(back(&htmx, &product, None, "flash-pictures-added"))
        }
    }
}

/// What a picture shows, as it is said anew.
#[derive(Deserialize)]
pub struct Description {
    #[serde(deserialize_with = "form::version")]
    version: i64,
    alt: String,
}

/// `POST /hr/products/{product}/pictures/{picture}`: says what it shows. When somebody else has said it anew meanwhile, the
/// form comes back with what was typed and with their words, and saves over them when it is sent again.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn update(
    app: web::Data<App>,
    page: Page,
    hr: HrAdmin,
    htmx: Htmx,
    path: web::Path<(String, String)>,
    Form(Description { version, alt }): Form<Description>,
) -> Result<HttpResponse> {
    let (product, picture) = (load(&app, &path.0).await?, picture_id(&path.1)?);
    let said = match pictures::alt(&alt) {
        Err(Error::Invalid(errors)) => {
            let typed = Typed { picture: Some(picture), alt, errors, ..Typed::default() };
            return refused(&app, page, product, typed).await;
        }
        said => said?,
    };
    let (now, actor, id) = (app.now(), hr.actor(), product.id);
    let described = app.db.write("pictures.describe", move |tx| {
        let said = said.clone();
        async move { describe::describe(tx, now, actor, id, picture, version, &said).await }.boxed()
    });
    match described.await {
        Ok(()) => Ok(back(&htmx, &product, Some(picture), "flash-picture-described")),
        Err(Error::Refused(Refusal::ChangedMeanwhile)) => {
            let typed = Typed { picture: Some(picture), alt, is_late: true, ..Typed::default() };
            refused(&app, page, product, typed).await
        }
        Err(error) => Err(error),
    }
}

/// From where to where a picture goes.
#[derive(Deserialize)]
pub struct Wish {
    from: String,
    to: String,
}

/// `POST /hr/products/{product}/pictures/{picture}/position`: puts it elsewhere among the others.
///
/// # Errors
/// [`Error::NotFound`]; a refusal when the order is another by now.
pub async fn arrange(
    app: web::Data<App>,
    hr: HrAdmin,
    htmx: Htmx,
    path: web::Path<(String, String)>,
    Form(Wish { from, to }): Form<Wish>,
) -> Result<HttpResponse> {
    let (product, picture) = (load(&app, &path.0).await?, picture_id(&path.1)?);
    let way = whole_number(&from).zip(whole_number(&to)).map(|(from, to)| Move { from, to });
    let way = way.ok_or(Error::Malformed("positions of a picture"))?;
    let (now, actor, id) = (app.now(), hr.actor(), product.id);
    app.db
        .write("pictures.arrange", move |tx| arrange::arrange(tx, now, actor, id, picture, way).boxed())
        .await?;
    Ok(back(&htmx, &product, Some(picture), "flash-picture-moved"))
}

/// `POST /hr/products/{product}/pictures/{picture}/removal`: takes it away.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn remove(
    app: web::Data<App>,
    hr: HrAdmin,
    htmx: Htmx,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse> {
    let (product, picture) = (load(&app, &path.0).await?, picture_id(&path.1)?);
    let (now, actor, id) = (app.now(), hr.actor(), product.id);
    app.db
        .write("pictures.remove", move |tx| pictures::remove::remove(tx, now, actor, id, picture).boxed())
        .await?;
    Ok(back(&htmx, &product, None, "flash-picture-removed"))
}

/// The id of the first picture, as the form says it.
fn key(upload: &Upload) -> Result<PictureId> {
    match upload.text("key") {
        "" => Ok(PictureId::new()),
        key => key.parse().map_err(|_not_an_id| Error::Malformed("the form's key")),
    }
}

/// What the form brings: what the pictures show, and each of them in all sizes.
async fn read(app: &App, product_id: ProductId, upload: &Upload) -> Result<(String, Vec<Vec<Rung>>)> {
    let files: Vec<&File> = upload.files("files").collect();
    let alt = pictures::alt(upload.text("alt"));
    let mut errors = match &alt {
        Err(Error::Invalid(errors)) => errors.clone(),
        _ => FieldErrors::default(),
    };
    if files.is_empty() {
        errors.add("files", FieldProblem::Required);
    }
    let there = pictures::of_product(app.db.reads(), product_id).await?.len();
    // Before anything is read; whoever adds them counts again.
    if let Err(Error::Invalid(full)) = pictures::room(there, files.len()) {
        return Err(Error::Invalid(full));
    }
    let mut problems = Vec::new();
    let mut ladders = Vec::with_capacity(files.len());
    let reading = files.iter().map(|file| app.codec.prepare(file.bytes.clone()));
    let read: Vec<_> = stream::iter(reading).buffered(READ_AT_ONCE).try_collect().await?;
    for (file, read) in files.iter().zip(read) {
        match read {
            Ok(rungs) => ladders.push(rungs),
            Err(problem) => problems.push((file.name.clone(), problem)),
        }
    }
    if !problems.is_empty() {
        errors.add("files", FieldProblem::Pictures(problems));
    }
    errors.check()?;
    Ok((alt?, ladders))
}

async fn refused(app: &App, page: Page, product: products::Model, typed: Typed) -> Result<HttpResponse> {
    let status = if typed.is_late { StatusCode::CONFLICT } else { StatusCode::UNPROCESSABLE_ENTITY };
    render::with_status(status, &index_page(app, page, product, typed).await?)
}

async fn index_page(app: &App, page: Page, product: products::Model, typed: Typed) -> Result<IndexPage> {
    let rows = pictures::of_product(app.db.reads(), product.id).await?;
    let (count, is_new) = (rows.len(), typed.picture.is_none());
    let errors = page.errors(typed.errors);
    let mut views = Vec::with_capacity(count);
    for (position, row) in rows.into_iter().enumerate() {
        let mut view = view(app, position, count, row).await?;
        if typed.picture == Some(view.id) {
            let theirs = Theirs::unless_same(page.say("hr-picture-alt"), &typed.alt, &view.alt, None);
            view.theirs = typed.is_late.then(|| theirs.into_iter().collect());
            view.alt.clone_from(&typed.alt);
            view.problem = errors.on("alt");
        }
        views.push(view);
    }
    Ok(IndexPage {
        product,
        pictures: views,
        room: pictures::MOST_PICTURES.saturating_sub(count),
        key: PictureId::new(),
        alt: if is_new { typed.alt } else { String::new() },
        errors: if is_new { errors } else { page.errors(FieldErrors::default()) },
        page,
    })
}

async fn view(app: &App, position: usize, count: usize, row: picture_row::Model) -> Result<PictureView> {
    Ok(PictureView {
        id: row.id,
        number: position + 1,
        position,
        shown: picture::signed(&app.images, app.now(), &row.object_key, &row.widths, &row.alt).await,
        version: row.version,
        alt: row.alt,
        problem: None,
        theirs: None,
        earlier: position.checked_sub(1),
        later: (position + 1 < count).then_some(position + 1),
    })
}

async fn load(app: &App, product: &str) -> Result<products::Model> {
    let id: ProductId = product.parse().map_err(|_not_an_id| Error::NotFound)?;
    catalog::find(app.db.reads(), id).await?.ok_or(Error::NotFound)
}

fn picture_id(text: &str) -> Result<PictureId> {
    text.parse().map_err(|_not_an_id| Error::NotFound)
}

/// To the pictures, to the one it is about. Without a place of its own, a browser would go to the form's.
fn back(
    htmx: &Htmx,
    product: &products::Model,
    picture: Option<PictureId>,
    flash: &'static str,
) -> HttpResponse {
    let place = picture.map_or_else(|| "pictures".to_owned(), |id| format!("picture-{id}"));
    let address = format!("{}#{place}", urls::hr::product_pictures(product.id));
    render::see_other_saying(htmx, &address, &Flash::good(flash, &product.name))
}
