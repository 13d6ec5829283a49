//! Notes about an order: to its owner, or among HR.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use futures::FutureExt;
use serde::Deserialize;

use super::order::{Typed, fits, show_page};
use crate::error::{FieldErrors, FieldProblem, Result};
use crate::orders;
use crate::orders::note::{self, LONGEST_NOTE, Readers};
use crate::platform::app::App;
use crate::urls;
use crate::web::flash::Flash;
use crate::web::form::Form;
use crate::web::htmx::Htmx;
use crate::web::page::Page;
use crate::web::render;
use crate::web::viewer::HrAdmin;

/// A note as it is typed.
#[derive(Deserialize)]
pub struct NoteForm {
    #[serde(default)]
    words: String,
    /// A box: there when it is ticked.
    public: Option<String>,
}

/// `POST /hr/orders/{number}/notes`: a note for HR alone or, with `public`, for the owner as well, who gets it by mail.
///
/// # Errors
/// [`crate::error::Error::NotFound`].
pub async fn create(
    app: web::Data<App>,
    page: Page,
    hr: HrAdmin,
    htmx: Htmx,
    number: web::Path<String>,
    Form(form): Form<NoteForm>,
) -> Result<HttpResponse> {
    orders::find(app.db.reads(), &number).await?;
    // The end of a line is one character for whoever types it; browsers send two.
    let (words, is_public) = (form.words.replace("\r\n", "\n").trim().to_owned(), form.public.is_some());
    let mut errors = FieldErrors::default();
    if words.is_empty() {
        errors.add("words", FieldProblem::Required);
    }
    fits(&mut errors, "words", &words, LONGEST_NOTE);
    if !errors.is_empty() {
        let typed = Typed { words, is_public, errors, ..Typed::default() };
        let view = show_page(&app, page, &number, typed).await?;
        return render::with_status(StatusCode::UNPROCESSABLE_ENTITY, &view);
    }
    let (now, actor, asked) = (app.now(), hr.actor(), number.clone());
    let readers = if is_public { Readers::Owner } else { Readers::Desk };
    app.db
        .write("orders.note", move |tx| {
            let (asked, words) = (asked.clone(), words.clone());
            async move { note::add(tx, now, actor, &asked, readers, &words).await }.boxed()
        })
        .await?;
    let key = if is_public { "flash-order-noted" } else { "flash-order-noted-privately" };
    Ok(render::see_other_saying(&htmx, &urls::hr::order(&number), &Flash::good(key, &number)))
}
