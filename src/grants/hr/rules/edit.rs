//! The form of a rule.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;
use futures::FutureExt;
use serde::Deserialize;

use super::when;
use crate::error::{Error, FieldErrors, FieldProblem, Refusal, Result};
use crate::grants::hr::fields;
use crate::grants::rules::edit::{self as writes, Terms};
use crate::grants::rules::{self, Rule};
use crate::platform::app::App;
use crate::types::expiry::MOST_MONTHS;
use crate::types::id::RuleId;
use crate::types::quantity::whole_number;
use crate::types::rule_kind::RuleKind;
use crate::types::time::Day;
use crate::urls;
use crate::web::conflict::Theirs;
use crate::web::flash::Flash;
use crate::web::form::Form;
use crate::web::htmx::Htmx;
use crate::web::page::{FormErrors, Page};
use crate::web::reasons::reason_label;
use crate::web::render;
use crate::web::text::Text;
use crate::web::viewer::HrAdmin;

#[derive(Template)]
#[template(path = "grants/hr/rules/form.html")]
struct FormPage {
    page: Page,
    action: String,
    back: String,
    title: String,
    label: String,
    when: Option<String>,
    is_new: bool,
    is_monthly: bool,
    typed: Typed,
    /// What somebody else has made of it meanwhile; nothing when nobody has.
    theirs: Option<Vec<Theirs>>,
    errors: FormErrors,
}

/// The form as it was typed.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Typed {
    /// Of a new one.
    #[serde(default)]
    kind: String,
    /// The id a new one will have: the same form twice is one rule.
    #[serde(default)]
    key: String,
    /// Of an old one.
    #[serde(default)]
    version: String,
    #[serde(default)]
    day_of_month: String,
    #[serde(default)]
    amount: String,
    #[serde(default)]
    note: String,
    #[serde(default)]
    lasts_months: String,
    #[serde(default)]
    starts_on: String,
    #[serde(default)]
    is_active: bool,
}

impl Typed {
    /// What the form says of a rule that is there.
    fn of(rule: &Rule) -> Self {
        let told = |number: Option<i64>| number.map(|number| number.to_string()).unwrap_or_default();
        Self {
            kind: String::new(),
            key: String::new(),
            version: rule.version.to_string(),
            day_of_month: told(rule.day_of_month),
            amount: rule.amount.0.to_string(),
            note: rule.note.clone(),
            lasts_months: told(rule.lasts_months),
            starts_on: rule.starts_on.0.to_string(),
            is_active: rule.is_active,
        }
    }
}

/// Which kind of rule somebody wants.
#[derive(Deserialize)]
pub struct Kind {
    #[serde(default)]
    kind: String,
}

/// `GET /hr/points/rules/new?kind=…`
///
/// # Errors
/// [`Error::NotFound`] for a kind that is none.
pub async fn new(
    app: web::Data<App>,
    page: Page,
    _hr: HrAdmin,
    kind: web::Query<Kind>,
) -> Result<HttpResponse> {
    let kind = if kind.kind.is_empty() { Some(RuleKind::Monthly) } else { RuleKind::named(&kind.kind) };
    let kind = kind.ok_or(Error::NotFound)?;
    let today = app.now().day_in(app.config.time_zone);
    let typed = Typed {
        kind: kind.name().to_owned(),
        key: RuleId::new().to_string(),
        day_of_month: "1".to_owned(),
        starts_on: today.0.to_string(),
        is_active: true,
        ..Typed::default()
    };
    render::page(&form(page, None, kind, typed, FieldErrors::default()))
}

/// `POST /hr/points/rules`
///
/// # Errors
/// [`Error::Malformed`] for a kind that is none.
pub async fn create(
    app: web::Data<App>,
    page: Page,
    hr: HrAdmin,
    htmx: Htmx,
    Form(typed): Form<Typed>,
) -> Result<HttpResponse> {
    let kind = RuleKind::named(&typed.kind).ok_or(Error::Malformed("a kind of rule"))?;
    let id: RuleId = typed.key.parse().ok().ok_or(Error::Malformed("the rule's key"))?;
    let terms = match terms(kind, &typed) {
        Err(Error::Invalid(errors)) => {
            let view = form(page, None, kind, typed, errors);
            return render::with_status(StatusCode::UNPROCESSABLE_ENTITY, &view);
        }
        terms => terms?,
    };
    let (now, actor, above) = (app.now(), hr.actor(), app.config.approval_above);
    let write = app.db.write("rules.create", move |tx| {
        writes::create(tx, now, actor, id, kind, terms.clone(), above).boxed()
    });
    match write.await {
        Err(Error::Refused(refusal)) => {
            // What its key stands for is done; sent again, it is another rule.
            let typed = Typed { key: RuleId::new().to_string(), ..typed };
            let mut errors = FieldErrors::default();
            errors.add("form", FieldProblem::Refused(refusal));
            return render::with_status(StatusCode::CONFLICT, &form(page, None, kind, typed, errors));
        }
        made => made?,
    }
    saved(&app, &htmx, id).await
}

/// `GET /hr/points/rules/{rule}/edit`
///
/// # Errors
/// [`Error::NotFound`].
pub async fn edit(
    app: web::Data<App>,
    page: Page,
    _hr: HrAdmin,
    rule: web::Path<RuleId>,
) -> Result<HttpResponse> {
    let rule = rules::load(app.db.reads(), *rule).await?;
    render::page(&form(page, Some(&rule), rule.kind, Typed::of(&rule), FieldErrors::default()))
}

/// `POST /hr/points/rules/{rule}`. When somebody else has changed it meanwhile, the form comes back with what was
/// typed, says what they have made of it, and saves over it when it is sent again.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn update(
    app: web::Data<App>,
    page: Page,
    hr: HrAdmin,
    htmx: Htmx,
    rule: web::Path<RuleId>,
    Form(typed): Form<Typed>,
) -> Result<HttpResponse> {
    let rule = rules::load(app.db.reads(), *rule).await?;
    let version = whole_number(&typed.version).ok_or(Error::Malformed("the rule's version"))?;
    let terms = match terms(rule.kind, &typed) {
        Err(Error::Invalid(errors)) => {
            let view = form(page, Some(&rule), rule.kind, typed, errors);
            return render::with_status(StatusCode::UNPROCESSABLE_ENTITY, &view);
        }
        terms => terms?,
    };
    let (now, actor, id, above) = (app.now(), hr.actor(), rule.id, app.config.approval_above);
    let write = app.db.write("rules.update", move |tx| {
        writes::update(tx, now, actor, id, version, terms.clone(), above).boxed()
    });
    match write.await {
        Err(Error::Refused(Refusal::ChangedMeanwhile)) => {
            return too_late(page, &rules::load(app.db.reads(), id).await?, typed);
        }
        done => done?,
    }
    saved(&app, &htmx, id).await
}

async fn saved(app: &App, htmx: &Htmx, id: RuleId) -> Result<HttpResponse> {
    let rule = rules::load(app.db.reads(), id).await?;
    let said = if rule.is_waiting { "flash-rule-waits" } else { "flash-rule-saved" };
    Ok(render::see_other_saying(htmx, &urls::hr::rule(id), &Flash::good(said, "")))
}

fn terms(kind: RuleKind, typed: &Typed) -> Result<Terms> {
    let mut errors = FieldErrors::default();
    let amount = fields::amount(&mut errors, &typed.amount);
    let note = fields::note(&mut errors, &typed.note);
    let mut number = |field: &'static str, typed: &str, max: i64| {
        let number = whole_number(typed);
        match number {
            None => errors.add(field, FieldProblem::NotANumber),
            Some(number) if !(1..=max).contains(&number) => {
                errors.add(field, FieldProblem::OutOfRange { min: 1, max });
            }
            Some(_) => {}
        }
        number
    };
    let day_of_month =
        if kind == RuleKind::Monthly { number("day_of_month", &typed.day_of_month, 31) } else { None };
    let lasts_months = if typed.lasts_months.is_empty() {
        None
    } else {
        number("lasts_months", &typed.lasts_months, i64::from(MOST_MONTHS))
    };
    let starts_on = Day::parse(&typed.starts_on);
    if starts_on.is_none() {
        errors.add("starts_on", FieldProblem::NotADate);
    }
    errors.check()?;
    let starts_on = starts_on.ok_or(Error::Malformed("a day"))?;
    Ok(Terms { day_of_month, amount, note, lasts_months, starts_on, is_active: typed.is_active })
}

/// The form as it was typed, for the rule as it is now.
fn too_late(page: Page, rule: &Rule, mut typed: Typed) -> Result<HttpResponse> {
    typed.version = rule.version.to_string();
    let theirs = Some(differing(page.text, &typed, &Typed::of(rule)));
    let view = form(page, Some(rule), rule.kind, typed, FieldErrors::default());
    render::with_status(StatusCode::CONFLICT, &FormPage { theirs, ..view })
}

/// The fields in which what was typed is not what is there now.
fn differing(text: Text, typed: &Typed, left: &Typed) -> Vec<Theirs> {
    let state = |is_active| text.say(if is_active { "rules-active" } else { "rules-paused" }).to_string();
    let (chosen, now) = (state(typed.is_active), state(left.is_active));
    let fields = [
        (text.say("rules-day-of-month"), &typed.day_of_month, &left.day_of_month),
        (text.say("grants-amount"), &typed.amount, &left.amount),
        (text.say("grants-column-note"), &typed.note, &left.note),
        (text.say("rules-lasts-months"), &typed.lasts_months, &left.lasts_months),
        (text.say("rules-starts-on"), &typed.starts_on, &left.starts_on),
        (text.say("rules-column-state"), &chosen, &now),
    ];
    let fields = fields.into_iter();
    fields.filter_map(|(label, typed, left)| Theirs::unless_same(label, typed, left, None)).collect()
}

fn form(page: Page, rule: Option<&Rule>, kind: RuleKind, typed: Typed, errors: FieldErrors) -> FormPage {
    let label = reason_label(page.text, kind.name());
    FormPage {
        action: rule.map_or_else(urls::hr::rules, |rule| urls::hr::rule(rule.id)),
        back: rule.map_or_else(urls::hr::rules, |rule| urls::hr::rule(rule.id)),
        title: match rule {
            None => page.say("rules-new-title").with("name", &label).to_string(),
            Some(_) => page.say("rules-edit-title").with("name", &label).to_string(),
        },
        when: rule.map(|rule| when(page.text, rule)),
        is_new: rule.is_none(),
        is_monthly: kind == RuleKind::Monthly,
        label,
        theirs: None,
        errors: page.errors(errors),
        typed,
        page,
    }
}
