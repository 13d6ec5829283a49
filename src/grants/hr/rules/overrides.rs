//! Exceptions of a rule: another amount for one person, or never any.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;
use futures::FutureExt;
use serde::Deserialize;

use super::{Number, at_page, paging};
use crate::error::{Error, FieldErrors, FieldProblem, Refusal, Result};
use crate::grants::hr::fields;
use crate::grants::hr::pick::{self, Ask};
use crate::grants::rules::overrides::{self as writes, Instead};
use crate::grants::rules::{self, Rule};
use crate::ledger::owner::{self, Owner};
use crate::platform::app::App;
use crate::types::id::{PersonId, RuleId};
use crate::urls;
use crate::web::flash::Flash;
use crate::web::form::Form;
use crate::web::htmx::Htmx;
use crate::web::page::{FormErrors, Page};
use crate::web::reasons::reason_label;
use crate::web::render;
use crate::web::viewer::HrAdmin;

#[derive(Template)]
#[template(path = "grants/hr/rules/override.html")]
struct OverridePage {
    page: Page,
    rule: Rule,
    label: String,
    owner: Owner,
    never: bool,
    amount: String,
    /// The page of the exceptions that this leads back to.
    number: u32,
    errors: FormErrors,
}

/// Who is looked for, or was picked, on which page of the exceptions.
#[derive(Deserialize)]
pub struct Picked {
    #[serde(default)]
    q: String,
    #[serde(default)]
    person: String,
    #[serde(default)]
    page: String,
}

/// The form as it was typed.
#[derive(Clone, Debug, Deserialize)]
pub struct Typed {
    person: String,
    /// `never` or `amount`.
    gives: String,
    #[serde(default)]
    amount: String,
    #[serde(default)]
    page: String,
}

/// `GET /hr/points/rules/{rule}/overrides/new`
///
/// # Errors
/// [`Error::NotFound`].
pub async fn new(
    app: web::Data<App>,
    page: Page,
    hr: HrAdmin,
    htmx: Htmx,
    rule: web::Path<RuleId>,
    picked: web::Query<Picked>,
) -> Result<HttpResponse> {
    let id = *rule;
    if picked.person.is_empty() {
        let rule = rules::load(app.db.reads(), id).await?;
        let text = page.text;
        let back = (urls::hr::rule(id), reason_label(text, rule.kind.name()));
        let title = text.say("rules-exception-new").to_string();
        let ask = Ask { title, action: urls::hr::new_override(id), back };
        let address = |person_id| urls::hr::new_override_for(id, person_id);
        return pick::page(&app, page, &htmx, ask, picked.0.q, address).await;
    }
    let Picked { person, page: number, .. } = picked.0;
    let person_id: PersonId = person.parse().ok().ok_or(Error::NotFound)?;
    let there = writes::of_person(app.db.reads(), id, person_id).await?;
    let (gives, amount) = match there {
        Some(Instead(None)) => ("never", String::new()),
        Some(Instead(Some(amount))) => ("amount", amount.0.to_string()),
        None => ("amount", String::new()),
    };
    let typed = Typed { person, gives: gives.to_owned(), amount, page: number };
    let mut errors = FieldErrors::default();
    if person_id == hr.0.person_id {
        errors.add("person", FieldProblem::Refused(Refusal::OwnOverride));
    }
    render::page(&view(&app, page, id, typed, errors).await?)
}

/// `POST /hr/points/rules/{rule}/overrides`: makes or changes the exception of one person, and leads back to the `page` of
/// the exceptions it was on.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn create(
    app: web::Data<App>,
    page: Page,
    hr: HrAdmin,
    htmx: Htmx,
    rule: web::Path<RuleId>,
    Form(typed): Form<Typed>,
) -> Result<HttpResponse> {
    let person_id: PersonId = typed.person.parse().ok().ok_or(Error::Malformed("the person"))?;
    let mut errors = FieldErrors::default();
    let amount = match typed.gives.as_str() {
        "never" => None,
        "amount" => Some(fields::amount(&mut errors, &typed.amount)),
        _ => return Err(Error::Malformed("what it gives")),
    };
    let (now, actor, id, most) = (app.now(), hr.0.person_id, *rule, app.config.approval_above);
    if errors.is_empty() {
        let write = app.db.write("rules.override", move |tx| {
            writes::set(tx, now, actor, id, person_id, amount, most).boxed()
        });
        match write.await {
            Err(Error::Refused(refusal @ Refusal::ExceptionTooMuch { .. })) => {
                errors.add("amount", FieldProblem::Refused(refusal));
            }
            Err(Error::Refused(refusal)) => errors.add("person", FieldProblem::Refused(refusal)),
            done => done?,
        }
    }
    if !errors.is_empty() {
        let view = view(&app, page, id, typed, errors).await?;
        return render::with_status(StatusCode::UNPROCESSABLE_ENTITY, &view);
    }
    let back = at_page(id, paging(&typed.page).number);
    Ok(render::see_other_saying(&htmx, &back, &Flash::good("flash-override-saved", "")))
}

/// `POST /hr/points/rules/{rule}/overrides/{person}/removal`: leads back to the `page` of the exceptions it was on.
///
/// # Errors
/// [`Error::NotFound`]; [`Refusal::OwnOverride`].
pub async fn remove(
    app: web::Data<App>,
    hr: HrAdmin,
    htmx: Htmx,
    path: web::Path<(RuleId, PersonId)>,
    Form(number): Form<Number>,
) -> Result<HttpResponse> {
    let (id, person_id) = *path;
    let (now, actor) = (app.now(), hr.0.person_id);
    let write =
        app.db.write("rules.override", move |tx| writes::remove(tx, now, actor, id, person_id).boxed());
    write.await?;
    let back = at_page(id, paging(&number.page).number);
    Ok(render::see_other_saying(&htmx, &back, &Flash::good("flash-override-removed", "")))
}

async fn view(app: &App, page: Page, id: RuleId, typed: Typed, errors: FieldErrors) -> Result<OverridePage> {
    let db = app.db.reads();
    let rule = rules::load(db, id).await?;
    let owner = owner::load(db, typed.person.parse().ok().ok_or(Error::NotFound)?).await?;
    Ok(OverridePage {
        label: reason_label(page.text, rule.kind.name()),
        owner,
        never: typed.gives == "never",
        amount: typed.amount,
        number: paging(&typed.page).number,
        errors: page.errors(errors),
        rule,
        page,
    })
}
