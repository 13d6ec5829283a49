//! One person at the desk: who they are, what their account holds, what was done to it; shutting out and letting in again.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;
use futures::FutureExt;
use sea_orm::EntityTrait;
use serde::Deserialize;
use serde_json::Value;

use crate::entity::people;
use crate::error::{Error, FieldErrors, FieldProblem, Result};
use crate::people::directory::Sums;
use crate::people::hr::field_label;
use crate::people::past::{self, Deed, Past};
use crate::people::profile::one_line;
use crate::people::{deactivate, directory};
use crate::platform::app::App;
use crate::platform::config::Office;
use crate::types::id::PersonId;
use crate::types::order_state::OrderState;
use crate::types::role::Desk;
use crate::types::time::{Day, Timestamp};
use crate::urls;
use crate::web::flash::Flash;
use crate::web::form::Form;
use crate::web::htmx::Htmx;
use crate::web::page::{FormErrors, Page};
use crate::web::reasons::reason_label;
use crate::web::render;
use crate::web::text::{Text, grouped};
use crate::web::viewer::{HrAdmin, Viewer};

/// Characters of a reason.
const LONGEST_REASON: usize = 500;
/// What the sentence of a deed says already: where somebody, or an order, has come to.
const SAID_BY_THE_DEED: [&str; 2] = ["is_active", "state"];

#[derive(Template)]
#[template(path = "people/hr/show.html")]
struct ShowPage {
    page: Page,
    id: String,
    person: people::Model,
    office: Option<String>,
    hired_on: Option<DayView>,
    birthday: Option<DayView>,
    sums: Sums,
    /// When what is left to somebody who has left ends, if it ever does.
    kept_until: Option<Timestamp>,
    is_self: bool,
    account_href: Option<String>,
    orders_href: Option<String>,
    deeds: Vec<DeedView>,
    /// There are older ones.
    has_more_deeds: bool,
    /// The way to all of them, for those who may go there.
    all_deeds_href: Option<String>,
    reason: String,
    errors: FormErrors,
}

struct DayView {
    iso: String,
    words: String,
}

/// Something that was done, in words.
struct DeedView {
    at: Timestamp,
    what: String,
    /// The order it was done to, for those who may go there.
    href: Option<String>,
    actor: Option<String>,
    details: Vec<String>,
}

/// Why somebody is shut out or let in again.
#[derive(Deserialize)]
pub struct Reason {
    #[serde(default)]
    reason: String,
}

/// `GET /hr/people/{person}`
///
/// # Errors
/// [`Error::NotFound`].
pub async fn show(
    app: web::Data<App>,
    page: Page,
    hr: HrAdmin,
    id: web::Path<String>,
) -> Result<HttpResponse> {
    let view = show_page(&app, page, &hr.0, parsed(&id)?, String::new(), FieldErrors::default()).await?;
    render::page(&view)
}

/// `POST /hr/people/{person}/deactivation`: `reason`. From their next request on they are out.
///
/// # Errors
/// A refusal to oneself.
pub async fn deactivate(
    app: web::Data<App>,
    page: Page,
    hr: HrAdmin,
    htmx: Htmx,
    id: web::Path<String>,
    Form(Reason { reason }): Form<Reason>,
) -> Result<HttpResponse> {
    let person = crate::people::load(app.db.reads(), parsed(&id)?).await?;
    let reason = match checked(&reason) {
        Err(errors) => return again(&app, page, &hr, person.id, reason, errors).await,
        Ok(reason) => reason,
    };
    let (now, actor, id) = (app.now(), hr.actor(), person.id);
    app.db
        .write("people.deactivate", move |tx| {
            let reason = reason.clone();
            async move { deactivate::deactivate(tx, now, actor, id, &reason).await }.boxed()
        })
        .await?;
    let flash = Flash::good("flash-person-deactivated", &person.name);
    Ok(render::see_other_saying(&htmx, &urls::hr::person(id), &flash))
}

/// `POST /hr/people/{person}/reactivation`: `reason`. They can sign in again.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn reactivate(
    app: web::Data<App>,
    page: Page,
    hr: HrAdmin,
    htmx: Htmx,
    id: web::Path<String>,
    Form(Reason { reason }): Form<Reason>,
) -> Result<HttpResponse> {
    let person = crate::people::load(app.db.reads(), parsed(&id)?).await?;
    let reason = match checked(&reason) {
        Err(errors) => return again(&app, page, &hr, person.id, reason, errors).await,
        Ok(reason) => reason,
    };
    let (now, actor, id) = (app.now(), hr.actor(), person.id);
    app.db
        .write("people.reactivate", move |tx| {
            let reason = reason.clone();
            async move { deactivate::reactivate(tx, now, actor, id, &reason).await }.boxed()
        })
        .await?;
    let flash = Flash::good("flash-person-reactivated", &person.name);
    Ok(render::see_other_saying(&htmx, &urls::hr::person(id), &flash))
}

/// The id in an address.
pub(super) fn parsed(id: &str) -> Result<PersonId> {
    id.parse().ok().ok_or(Error::NotFound)
}

fn checked(reason: &str) -> Result<String, FieldErrors> {
    let reason = one_line(reason);
    let mut errors = FieldErrors::default();
    if reason.is_empty() {
        errors.add("reason", FieldProblem::Required);
    }
    if reason.chars().count() > LONGEST_REASON {
        errors
            .add("reason", FieldProblem::TooLong { max: u64::try_from(LONGEST_REASON).unwrap_or_default() });
    }
    if errors.is_empty() { Ok(reason) } else { Err(errors) }
}

async fn again(
    app: &App,
    page: Page,
    hr: &HrAdmin,
    id: PersonId,
    reason: String,
    errors: FieldErrors,
) -> Result<HttpResponse> {
    let view = show_page(app, page, &hr.0, id, reason, errors).await?;
    render::with_status(StatusCode::UNPROCESSABLE_ENTITY, &view)
}

async fn show_page(
    app: &App,
    page: Page,
    viewer: &Viewer,
    id: PersonId,
    reason: String,
    errors: FieldErrors,
) -> Result<ShowPage> {
    let db = app.db.reads();
    let person = people::Entity::find_by_id(id).one(db).await?.ok_or(Error::NotFound)?;
    let Past { deeds, is_longer } = past::latest(db, id).await?;
    let day = |day: Day| DayView { iso: day.iso(), words: day.words() };
    Ok(ShowPage {
        id: id.to_string(),
        office: person.office.as_deref().map(|slug| Office::name_of(&app.config.offices, slug)),
        hired_on: person.hired_on.map(day),
        birthday: person.birthday.map(day),
        sums: directory::sums_of(db, id).await?,
        kept_until: person.left_at.and_then(|left_at| app.config.leaving.ends_at(left_at)),
        is_self: viewer.person_id == id,
        account_href: viewer.may(Desk::Points).then(|| urls::hr::account(id)),
        orders_href: viewer.may(Desk::Orders).then(|| urls::hr::orders_of(id)),
        deeds: deeds.into_iter().map(|deed| deed_view(&page, viewer, deed)).collect(),
        has_more_deeds: is_longer,
        all_deeds_href: viewer.may(Desk::Audit).then(|| urls::hr::audit_of_person(id)),
        reason,
        errors: page.errors(errors),
        person,
        page,
    })
}

fn deed_view(page: &Page, viewer: &Viewer, deed: Deed) -> DeedView {
    let text = page.text;
    let (action, details) = (deed.event.action.as_str(), &deed.event.details);
    let points = details.get("amount").and_then(Value::as_i64).unwrap_or_default();
    let what = match action {
        "person.enter" => text.say("people-deed-enter").to_string(),
        "person.edit" => text.say("people-deed-edit").to_string(),
        "person.link" => text.say("people-deed-link").to_string(),
        "person.roles" => text.say("people-deed-roles").to_string(),
        "person.deactivate" => text.say("people-deed-deactivate").to_string(),
        "person.reactivate" => text.say("people-deed-reactivate").to_string(),
        "person.points-end" => text.say("people-deed-points-end").to_string(),
        "points.grant" => text.say("people-deed-grant").with("points", points).to_string(),
        "points.deduct" => text.say("people-deed-deduct").with("points", points).to_string(),
        "points.undo" => text.say("people-deed-undo").to_string(),
        "rule.override" => text.say("people-deed-override").to_string(),
        "order.cancel" => cancelled(text, details),
        other => other.to_owned(),
    };
    let is_open = action == "order.cancel" && viewer.may(Desk::Orders);
    let order = details.get("number").and_then(Value::as_str).filter(|_| is_open);
    DeedView {
        at: deed.event.at,
        what,
        href: order.map(urls::hr::order),
        actor: deed.actor,
        details: told(page, action, details),
    }
}

/// Which order was cancelled, and whether all of it.
fn cancelled(text: Text, details: &Value) -> String {
    // Acts of old say it by itself, without what was before.
    let state = details.pointer("/after/state").or_else(|| details.get("state")).and_then(Value::as_str);
    let is_part = state.is_some_and(|state| state != OrderState::Cancelled.name());
    let sentence = if is_part { text.say("people-deed-cancel-part") } else { text.say("people-deed-cancel") };
    let number = details.get("number").and_then(Value::as_str).unwrap_or_default();
    sentence.with("number", number).to_string()
}

/// Reasons, and what was different before and after.
fn told(page: &Page, action: &str, details: &Value) -> Vec<String> {
    let text = page.text;
    let reason = details.get("reason").and_then(Value::as_str).map(|reason| match action {
        "points.grant" | "points.deduct" => reason_label(text, reason),
        // In somebody's own words.
        _ => reason.to_owned(),
    });
    let (before, after) = (details.get("before"), details.get("after"));
    let fields = before.and_then(Value::as_object).into_iter().flatten();
    let fields = fields.filter(|(field, _)| !SAID_BY_THE_DEED.contains(&field.as_str()));
    let fields = fields.map(|(field, before)| {
        let after = after.and_then(|after| after.get(field));
        text.say("people-change")
            .with("field", field_label(text, field))
            .with("before", of_field(page, field, before))
            .with("after", after.map(|after| of_field(page, field, after)).unwrap_or_default())
            .to_string()
    });
    let mut lines: Vec<String> = reason.into_iter().chain(fields).collect();
    let lists = before.zip(after).filter(|(before, _)| !before.is_object());
    lines.extend(lists.map(|(before, after)| {
        text.say("people-before-after").with("before", shown(before)).with("after", shown(after)).to_string()
    }));
    lines
}

/// What a field was or became.
fn of_field(page: &Page, field: &str, value: &Value) -> String {
    let moment: Option<Timestamp> =
        if field == "left_at" { serde_json::from_value(value.clone()).ok() } else { None };
    moment.map_or_else(|| shown(value), |at| page.day(&at))
}

/// A value of the audit trail as people read it.
fn shown(value: &Value) -> String {
    match value {
        Value::String(text) if text.is_empty() => "–".to_owned(),
        Value::String(text) => text.clone(),
        Value::Array(values) if values.is_empty() => "–".to_owned(),
        Value::Array(values) => values.iter().map(shown).collect::<Vec<_>>().join(", "),
        Value::Null => "–".to_owned(),
        Value::Number(number) => number.as_i64().map_or_else(|| number.to_string(), grouped),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_cancellation_is_told_alike_however_it_was_written_down() {
        let of_old = |state: &str| json!({ "number": "AW-1", "balance_after": 500, "state": state });
        let of_now = |state: &str| json!({ "number": "AW-1", "before": {}, "after": { "state": state } });
        for (state, sentence) in
            [("cancelled", "Order AW-1 cancelled"), ("placed", "Part of order AW-1 cancelled")]
        {
            let told = [of_old(state), of_now(state)].map(|details| cancelled(Text::english(), &details));
            assert_eq!(told, [sentence, sentence]);
        }
    }
}
