//! Giving points to one person, and taking them: pick the person, fill in the form, look at it once more, done.
//!
//! The form brings a key, so that it does its work once. Without JavaScript the second look is a page of its own; with it
//! the balance before and after stands beside the form already, and the look can be left out.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;
use futures::FutureExt;
use serde::Deserialize;

use super::fields;
use super::pick::{self, Ask};
use super::way::Way;
use crate::error::{Error, FieldErrors, FieldProblem, Refusal, Result};
use crate::grants::deduct::{self, Deduction};
use crate::grants::reasons;
use crate::grants::runs::Terms;
use crate::grants::runs::propose::{self, Proposal};
use crate::grants::single::{self, Ends, Given, Grant, MOST_GRANTED};
use crate::ledger::accounts;
use crate::ledger::owner::{self, Owner};
use crate::platform::app::App;
use crate::types::form_key::FormKey;
use crate::types::grant_run::RunEnds;
use crate::types::id::PersonId;
use crate::types::points::Points;
use crate::types::quantity::whole_number;
use crate::types::time::{Day, Timestamp};
use crate::urls;
use crate::web::flash::Flash;
use crate::web::form::Form;
use crate::web::htmx::Htmx;
use crate::web::page::{Choice, FormErrors, Page};
use crate::web::reasons::reason_label;
use crate::web::render;
use crate::web::viewer::HrAdmin;

#[derive(Template)]
#[template(path = "grants/hr/by_hand.html", blocks = ["preview"])]
struct FormPage {
    page: Page,
    giving: bool,
    action: String,
    search_action: String,
    owner: Owner,
    typed: Typed,
    reasons: Vec<Choice>,
    errors: FormErrors,
    /// What can be spent now, and would be able to be spent then.
    before: Points,
    after: Option<Points>,
    /// So much that somebody else has to look at it first.
    asks: Option<Points>,
    policy_ends: Option<Timestamp>,
}

#[derive(Template)]
#[template(path = "grants/hr/confirm.html")]
struct ConfirmPage {
    page: Page,
    giving: bool,
    action: String,
    owner: Owner,
    typed: Typed,
    amount: Points,
    reason: String,
    before: Points,
    after: Option<Points>,
    asks: Option<Points>,
    ends: Option<Timestamp>,
}

/// Who is looked for, or was picked.
#[derive(Deserialize)]
pub struct Picked {
    #[serde(default)]
    q: String,
    #[serde(default)]
    person: String,
    #[serde(default)]
    amount: String,
}

/// The form as it was typed.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Typed {
    step: String,
    key: String,
    person: String,
    #[serde(default)]
    amount: String,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    note: String,
    /// `policy` or `day`.
    #[serde(default)]
    ends: String,
    #[serde(default)]
    ends_on: String,
}

/// The form understood.
#[derive(Clone, Debug)]
struct Wish {
    key: FormKey,
    person_id: PersonId,
    amount: Points,
    reason: &'static str,
    note: String,
    ends: Ends,
}

/// `GET /hr/points/grants/new`
///
/// # Errors
/// [`Error::NotFound`] when nobody is who was picked.
pub async fn new_grant(
    app: web::Data<App>,
    page: Page,
    hr: HrAdmin,
    htmx: Htmx,
    picked: web::Query<Picked>,
) -> Result<HttpResponse> {
    new(&app, page, &hr, &htmx, Way::Give, picked.0).await
}

/// `GET /hr/points/deductions/new`
///
/// # Errors
/// [`Error::NotFound`] when nobody is who was picked.
pub async fn new_deduction(
    app: web::Data<App>,
    page: Page,
    hr: HrAdmin,
    htmx: Htmx,
    picked: web::Query<Picked>,
) -> Result<HttpResponse> {
    new(&app, page, &hr, &htmx, Way::Take, picked.0).await
}

/// `POST /hr/points/grants`: a second look, or the grant itself.
///
/// # Errors
/// [`Error::Malformed`] for what no form of ours sends.
pub async fn create_grant(
    app: web::Data<App>,
    page: Page,
    hr: HrAdmin,
    htmx: Htmx,
    Form(typed): Form<Typed>,
) -> Result<HttpResponse> {
    create(&app, page, &hr, &htmx, Way::Give, typed).await
}

/// `POST /hr/points/deductions`: a second look, or the deduction itself.
///
/// # Errors
/// [`Error::Malformed`] for what no form of ours sends.
pub async fn create_deduction(
    app: web::Data<App>,
    page: Page,
    hr: HrAdmin,
    htmx: Htmx,
    Form(typed): Form<Typed>,
) -> Result<HttpResponse> {
    create(&app, page, &hr, &htmx, Way::Take, typed).await
}

async fn new(
    app: &App,
    page: Page,
    hr: &HrAdmin,
    htmx: &Htmx,
    way: Way,
    picked: Picked,
) -> Result<HttpResponse> {
    if picked.person.is_empty() {
        return pick(app, page, htmx, way, picked.q).await;
    }
    let typed = Typed {
        key: FormKey::mint().to_string(),
        ends: "policy".to_owned(),
        person: picked.person,
        amount: picked.amount,
        ..Typed::default()
    };
    let mut errors = FieldErrors::default();
    let is_self = typed.person.parse().is_ok_and(|id: PersonId| id == hr.0.person_id);
    if is_self && way == Way::Give {
        errors.add("person", FieldProblem::Refused(Refusal::GrantToSelf));
    }
    let view = form(app, page, way, typed, errors).await?;
    if htmx.wants("preview") { render::page(&view.as_preview()) } else { render::page(&view) }
}

/// Nobody is picked yet.
async fn pick(app: &App, page: Page, htmx: &Htmx, way: Way, q: String) -> Result<HttpResponse> {
    let text = page.text;
    let title = match way {
        Way::Give => text.say("grants-give-title"),
        Way::Take => text.say("grants-take-title"),
    };
    let back = (urls::hr::points(), text.say("grants-title").to_string());
    let ask = Ask { title: title.to_string(), action: way.start(), back };
    pick::page(app, page, htmx, ask, q, |id| way.start_for(id)).await
}

async fn create(
    app: &App,
    page: Page,
    hr: &HrAdmin,
    htmx: &Htmx,
    way: Way,
    typed: Typed,
) -> Result<HttpResponse> {
    match typed.step.as_str() {
        "edit" => render::page(&form(app, page, way, typed, FieldErrors::default()).await?),
        step @ ("review" | "do") => {
            let wish = match understood(app, hr, way, &typed).await {
                Err(Error::Invalid(errors)) => return again(app, page, way, typed, errors).await,
                wish => wish?,
            };
            if step == "review" {
                return confirm(app, page, way, typed).await;
            }
            match done(app, hr, way, wish).await {
                Ok((address, flash)) => Ok(render::see_other_saying(htmx, &address, &flash)),
                Err(Error::Refused(refusal)) => refused(app, page, way, typed, refusal).await,
                Err(Error::Invalid(errors)) => again(app, page, way, typed, errors).await,
                Err(error) => Err(error),
            }
        }
        _ => Err(Error::Malformed("a step of the form")),
    }
}

/// The same form with what the shop says to it. How much there is to take stands beside the amount anyway.
async fn refused(app: &App, page: Page, way: Way, typed: Typed, refusal: Refusal) -> Result<HttpResponse> {
    let mut errors = FieldErrors::default();
    match refusal {
        Refusal::NotEnoughPoints { .. } => {}
        Refusal::BalanceFull { .. } => errors.add("amount", FieldProblem::Refused(refusal)),
        Refusal::GrantToSelf | Refusal::ReceiverInactive => {
            errors.add("person", FieldProblem::Refused(refusal));
        }
        Refusal::FormReused => {
            errors.add("form", FieldProblem::Refused(refusal));
            let typed = Typed { key: FormKey::mint().to_string(), ..typed };
            return again(app, page, way, typed, errors).await;
        }
        other => return Err(other.into()),
    }
    again(app, page, way, typed, errors).await
}

/// Gives or takes; where the page goes on, and what it says there.
async fn done(app: &App, hr: &HrAdmin, way: Way, wish: Wish) -> Result<(String, Flash)> {
    let (now, taker, actor) = (app.now(), hr.0.person_id, hr.actor());
    let name = owner::load(app.db.reads(), wish.person_id).await?.name;
    match way {
        Way::Give if Terms::of(&app.config).asks_for_approval(wish.amount) => {
            let zone = app.config.time_zone;
            let write = app.db.write("grants.propose", move |tx| {
                let Wish { key, person_id, amount, reason, note, ends } = wish.clone();
                let ends = match ends {
                    Ends::ByPolicy { .. } => RunEnds::Policy,
                    Ends::At(end) => RunEnds::at(end, zone),
                };
                let proposal = Proposal { key, person_id, amount, reason, note, ends };
                async move { propose::propose(tx, now, actor, proposal).await }.boxed()
            });
            Ok((urls::hr::run(write.await?), Flash::good("flash-run-waits", "")))
        }
        Way::Give => {
            let write = app.db.write("grants.give", move |tx| {
                let Wish { key, person_id, amount, reason, note, ends } = wish.clone();
                let grant = Grant { person_id, amount, reason, note, ends };
                single::give_once(tx, now, actor, key, grant).boxed()
            });
            let (Given::Now(id) | Given::Before(id)) = write.await?;
            Ok((urls::hr::grant(id), Flash::good("flash-points-granted", &name)))
        }
        Way::Take => {
            let person_id = wish.person_id;
            let write = app.db.write("grants.deduct", move |tx| {
                let Wish { key, person_id, amount, reason, note, .. } = wish.clone();
                let deduction = Deduction { person_id, amount, reason, note };
                deduct::take_once(tx, now, taker, key, deduction).boxed()
            });
            write.await?;
            Ok((urls::hr::account(person_id), Flash::good("flash-points-deducted", &name)))
        }
    }
}

async fn understood(app: &App, hr: &HrAdmin, way: Way, typed: &Typed) -> Result<Wish> {
    let key: FormKey = typed.key.parse().ok().ok_or(Error::Malformed("the form's key"))?;
    let person_id: PersonId = typed.person.parse().ok().ok_or(Error::Malformed("the person"))?;
    let owner = owner::load(app.db.reads(), person_id).await?;
    let mut errors = FieldErrors::default();
    if way == Way::Give && person_id == hr.0.person_id {
        errors.add("person", FieldProblem::Refused(Refusal::GrantToSelf));
    }
    if way == Way::Give && !owner.is_active {
        errors.add("person", FieldProblem::Refused(Refusal::ReceiverInactive));
    }
    let amount = fields::amount(&mut errors, &typed.amount);
    let reason = match way {
        Way::Give => reasons::of_grant(&typed.reason),
        Way::Take => reasons::of_deduction(&typed.reason),
    };
    if reason.is_none() {
        errors.add("reason", FieldProblem::NotInList);
    }
    let note = fields::note(&mut errors, &typed.note);
    let ends = match (way, typed.ends.as_str()) {
        (Way::Give, "day") => Ends::At(fields::own_end(app, &mut errors, &typed.ends_on)),
        (Way::Take, _) | (Way::Give, "policy") => {
            Ends::ByPolicy { policy: app.config.points_expire, zone: app.config.time_zone }
        }
        _ => return Err(Error::Malformed("until when")),
    };
    let reason = reason.unwrap_or_default();
    errors.check()?;
    Ok(Wish { key, person_id, amount, reason, note, ends })
}

/// The same form with what is wrong beside the fields.
async fn again(app: &App, page: Page, way: Way, typed: Typed, errors: FieldErrors) -> Result<HttpResponse> {
    let view = form(app, page, way, typed, errors).await?;
    render::with_status(StatusCode::UNPROCESSABLE_ENTITY, &view)
}

/// A second look at what was typed; the form again when it would not go through.
async fn confirm(app: &App, page: Page, way: Way, typed: Typed) -> Result<HttpResponse> {
    let FormPage { page, giving, action, owner, typed, errors, before, after, asks, policy_ends, .. } =
        form(app, page, way, typed.clone(), FieldErrors::default()).await?;
    if errors.any() {
        return again(app, page, way, typed, FieldErrors::default()).await;
    }
    let own = Day::parse(&typed.ends_on).filter(|_| typed.ends == "day");
    render::page(&ConfirmPage {
        amount: whole_number(&typed.amount).map(Points).unwrap_or_default(),
        reason: reason_label(page.text, &typed.reason),
        ends: own.map_or(policy_ends, |day| Some(day.end_in(app.config.time_zone))),
        page,
        giving,
        action,
        owner,
        typed,
        before,
        after,
        asks,
    })
}

async fn form(app: &App, page: Page, way: Way, typed: Typed, mut errors: FieldErrors) -> Result<FormPage> {
    let (now, db) = (app.now(), app.db.reads());
    let owner = owner::load(db, typed.person.parse().ok().ok_or(Error::NotFound)?).await?;
    let before = accounts::spendable(db, now, owner.id).await?;
    let amount = whole_number(&typed.amount).filter(|n| (1..=MOST_GRANTED).contains(n)).map(Points);
    let after = amount.and_then(|amount| {
        let after = way.after(before, amount);
        after.inspect_err(|problem| errors.add("amount", problem.clone())).ok()
    });
    let terms = Terms::of(&app.config);
    let asks = amount.filter(|amount| way == Way::Give && terms.asks_for_approval(*amount));
    let codes: &[&'static str] = if way == Way::Give { &reasons::OF_GRANTS } else { &reasons::OF_DEDUCTIONS };
    let text = page.text;
    let each = codes.iter().map(|code| ((*code).to_owned(), reason_label(text, code)));
    let chosen = Some(typed.reason.as_str()).filter(|code| !code.is_empty());
    Ok(FormPage {
        giving: way == Way::Give,
        action: if way == Way::Give { urls::hr::grants() } else { urls::hr::deductions() },
        search_action: way.start(),
        reasons: Choice::all_or(text.say("grants-reason-choose").to_string(), chosen, each),
        errors: page.errors(errors),
        policy_ends: app.config.points_expire.ends(now, app.config.time_zone),
        owner,
        before,
        after,
        asks,
        typed,
        page,
    })
}
