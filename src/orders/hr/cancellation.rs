//! Cancelling an order for HR, whole or by the piece.

use std::collections::BTreeSet;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use futures::FutureExt;

use super::order::{LINE_PREFIX, Typed, fits, show_page};
use crate::error::{Error, FieldErrors, FieldProblem, Result};
use crate::orders;
use crate::orders::cancel::{self, Request, Wanted};
use crate::orders::note::LONGEST_NOTE;
use crate::platform::app::App;
use crate::types::id::OrderLineId;
use crate::types::quantity::whole_number;
use crate::urls;
use crate::web::flash::Flash;
use crate::web::form::Form;
use crate::web::htmx::Htmx;
use crate::web::page::Page;
use crate::web::viewer::HrAdmin;
use crate::web::{render, sentences};

/// `POST /hr/orders/{number}/cancellation`: `version` and `reason`, and for each line `line-{id}` with the pieces that go
/// back. Without any line the whole order is meant. When some of it was handed over or seen, or the order has changed since
/// it was shown, the page comes back as it is now, with what was typed.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn create(
    app: web::Data<App>,
    page: Page,
    hr: HrAdmin,
    htmx: Htmx,
    number: web::Path<String>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<HttpResponse> {
    orders::find(app.db.reads(), &number).await?;
    let request = match request(&number, &fields) {
        Err(Error::Invalid(errors)) => {
            let typed = Typed { errors, ..typed(fields)? };
            let view = show_page(&app, page, &number, typed).await?;
            return render::with_status(StatusCode::UNPROCESSABLE_ENTITY, &view);
        }
        request => request?,
    };
    let (now, actor, policy) = (app.now(), hr.actor(), app.config.cancelling);
    let cancelled = app.db.write("orders.cancel", move |tx| {
        let request = request.clone();
        async move { cancel::by_hr(tx, now, actor, &request, &policy).await }.boxed()
    });
    match cancelled.await {
        Ok(()) => Ok(render::see_other_saying(
            &htmx,
            &urls::hr::order(&number),
            &Flash::good("flash-order-cancelled", &number),
        )),
        Err(Error::Refused(refusal)) => {
            let problem = Some(sentences::refusal(page.text, &refusal));
            let view = show_page(&app, page, &number, Typed { problem, ..typed(fields)? }).await?;
            render::with_status(StatusCode::CONFLICT, &view)
        }
        Err(error) => Err(error),
    }
}

/// What was typed, to be shown again.
fn typed(fields: Vec<(String, String)>) -> Result<Typed> {
    Ok(Typed { reason: one(&fields, "reason")?.to_owned(), pieces: fields, ..Typed::default() })
}

fn request(number: &str, fields: &[(String, String)]) -> Result<Request> {
    let mut names = BTreeSet::new();
    if !fields.iter().all(|(name, _)| names.insert(name)) {
        return Err(Error::Malformed("a field twice"));
    }
    let version = whole_number(one(fields, "version")?).ok_or(Error::Malformed("the order's version"))?;
    let reason = one(fields, "reason")?.trim().to_owned();
    let mut errors = FieldErrors::default();
    if reason.is_empty() {
        errors.add("reason", FieldProblem::Required);
    }
    fits(&mut errors, "reason", &reason, LONGEST_NOTE);
    let mut lines: Vec<(OrderLineId, i64)> = Vec::new();
    let mut any = false;
    for (name, value) in fields {
        let Some(id) = name.strip_prefix(LINE_PREFIX) else { continue };
        let id: OrderLineId = id.parse().ok().ok_or(Error::Malformed("a line"))?;
        // An id can be spelled in several ways.
        if lines.iter().any(|(other, _)| *other == id) {
            return Err(Error::Malformed("a line twice"));
        }
        any = true;
        match whole_number(value) {
            Some(0) => {}
            Some(pieces) => lines.push((id, pieces)),
            None => errors.add("lines", FieldProblem::NotANumber),
        }
    }
    if any && lines.is_empty() {
        errors.add("lines", FieldProblem::Required);
    }
    errors.check()?;
    let wanted = if any { Wanted::Lines(lines) } else { Wanted::Whole };
    Ok(Request { number: number.to_owned(), version, wanted, reason })
}

/// The one value of a field that must be there once.
fn one<'a>(fields: &'a [(String, String)], name: &str) -> Result<&'a str> {
    let mut values = fields.iter().filter(|(field, _)| field == name).map(|(_, value)| value.as_str());
    match (values.next(), values.next()) {
        (Some(value), None) => Ok(value),
        _ => Err(Error::Malformed("a field is missing or there twice")),
    }
}
