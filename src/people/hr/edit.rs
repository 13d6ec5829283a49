//! The form for a person: somebody new, or what HR keeps about somebody.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;
use futures::FutureExt;
use sea_orm::EntityTrait;
use serde::Deserialize;

use crate::entity::people;
use crate::error::{Error, FieldErrors, Refusal, Result};
use crate::people::directory;
use crate::people::edit::{self, Edit};
use crate::people::enter;
use crate::people::hr::{field_label, person};
use crate::people::profile::{Profile, Typed};
use crate::platform::app::App;
use crate::platform::config::Office;
use crate::types::id::PersonId;
use crate::types::quantity::whole_number;
use crate::urls;
use crate::web::conflict::Theirs;
use crate::web::flash::Flash;
use crate::web::form::Form;
use crate::web::htmx::Htmx;
use crate::web::page::{Choice, FormErrors, Page};
use crate::web::render;
use crate::web::text::Text;
use crate::web::viewer::HrAdmin;

#[derive(Template)]
#[template(path = "people/hr/form.html")]
struct FormPage {
    page: Page,
    action: String,
    back: String,
    title: String,
    back_label: String,
    /// Of whoever is edited; there is none when somebody new is entered.
    version: Option<i64>,
    /// The id somebody new will have: the same form twice is one person.
    key: Option<PersonId>,
    typed: Typed,
    /// What somebody else has made of them meanwhile; nothing when nobody has.
    theirs: Option<Vec<Theirs>>,
    errors: FormErrors,
    offices: Vec<Choice>,
    departments: Vec<String>,
}

/// What the form sends.
#[derive(Debug, Deserialize)]
pub struct Submitted {
    #[serde(flatten)]
    typed: Typed,
    /// Of the person as shown.
    #[serde(default)]
    version: String,
    /// Of somebody new.
    #[serde(default)]
    key: Option<PersonId>,
}

/// `GET /hr/people/new`
///
/// # Errors
/// When the database fails.
pub async fn new(app: web::Data<App>, page: Page, _hr: HrAdmin) -> Result<HttpResponse> {
    render::page(&form(&app, page, None, 0, Typed::default(), FieldErrors::default()).await?)
}

/// `POST /hr/people`: enters somebody; the second click leads to the one whom the first has entered.
///
/// # Errors
/// When the database fails.
pub async fn create(
    app: web::Data<App>,
    page: Page,
    hr: HrAdmin,
    htmx: Htmx,
    Form(Submitted { typed, key, .. }): Form<Submitted>,
) -> Result<HttpResponse> {
    let (now, actor, key) = (app.now(), hr.actor(), key.unwrap_or_default());
    let entered = match profile(&app, &typed, "") {
        Ok(profile) => {
            let write = app.db.write("people.enter", move |tx| {
                enter::enter_once(tx, now, actor, key, profile.clone()).boxed()
            });
            write.await
        }
        Err(errors) => Err(Error::Invalid(errors)),
    };
    match entered {
        Ok(id) => Ok(render::see_other_saying(
            &htmx,
            &urls::hr::person(id),
            &Flash::good("flash-person-entered", typed.name.trim()),
        )),
        Err(Error::Invalid(errors)) => {
            let view = form(&app, page, None, 0, typed, errors).await?;
            again(&FormPage { key: Some(key), ..view })
        }
        Err(error) => Err(error),
    }
}

/// `GET /hr/people/{person}/edit`
///
/// # Errors
/// [`Error::NotFound`].
pub async fn edit(
    app: web::Data<App>,
    page: Page,
    _hr: HrAdmin,
    id: web::Path<String>,
) -> Result<HttpResponse> {
    let known = known(&app, person::parsed(&id)?).await?;
    let typed = Typed::from(&known);
    render::page(&form(&app, page, Some(&known), known.version, typed, FieldErrors::default()).await?)
}

/// `POST /hr/people/{person}`: changes what HR keeps about somebody. When somebody else has changed it meanwhile,
/// the form comes back with what was typed, says what they have made of it, and saves over it when it is sent again.
///
/// # Errors
/// A refusal when it is oneself.
pub async fn update(
    app: web::Data<App>,
    page: Page,
    hr: HrAdmin,
    htmx: Htmx,
    id: web::Path<String>,
    Form(Submitted { typed, version, .. }): Form<Submitted>,
) -> Result<HttpResponse> {
    let known = known(&app, person::parsed(&id)?).await?;
    let version = whole_number(&version).ok_or(Error::Malformed("the version of a person"))?;
    let (now, actor, person_id) = (app.now(), hr.actor(), known.id);
    let changed = match profile(&app, &typed, known.office.as_deref().unwrap_or_default()) {
        Ok(profile) => {
            let wanted = Edit { person_id, version, profile };
            app.db.write("people.edit", move |tx| edit::edit(tx, now, actor, wanted.clone()).boxed()).await
        }
        Err(errors) => Err(Error::Invalid(errors)),
    };
    match changed {
        Ok(_) => Ok(render::see_other_saying(
            &htmx,
            &urls::hr::person(person_id),
            &Flash::good("flash-person-saved", typed.name.trim()),
        )),
        Err(Error::Invalid(errors)) => again(&form(&app, page, Some(&known), version, typed, errors).await?),
        Err(Error::Refused(Refusal::ChangedMeanwhile)) => too_late(&app, page, person_id, typed).await,
        Err(error) => Err(error),
    }
}

async fn known(app: &App, id: PersonId) -> Result<people::Model> {
    people::Entity::find_by_id(id).one(app.db.reads()).await?.ok_or(Error::NotFound)
}

fn profile(app: &App, typed: &Typed, kept_office: &str) -> Result<Profile, FieldErrors> {
    typed.profile(&app.config.offices, kept_office, app.now().day_in(app.config.time_zone))
}

fn again(page: &FormPage) -> Result<HttpResponse> {
    render::with_status(StatusCode::UNPROCESSABLE_ENTITY, page)
}

/// The form as it was typed, for the person as they are now.
async fn too_late(app: &App, page: Page, id: PersonId, typed: Typed) -> Result<HttpResponse> {
    let known = known(app, id).await?;
    let theirs = Some(differing(app, page.text, &typed, &Typed::from(&known)));
    let view = form(app, page, Some(&known), known.version, typed, FieldErrors::default()).await?;
    render::with_status(StatusCode::CONFLICT, &FormPage { theirs, ..view })
}

/// The fields in which what was typed is not what is there now.
fn differing(app: &App, text: Text, typed: &Typed, left: &Typed) -> Vec<Theirs> {
    let office = Office::name_of(&app.config.offices, &left.office);
    let fields = typed.fields().into_iter().zip(left.fields());
    fields
        .filter_map(|((field, typed), (_, left))| {
            let word = (field == "office").then_some(office.as_str());
            Theirs::unless_same(field_label(text, field), typed, left, word)
        })
        .collect()
}

async fn form(
    app: &App,
    page: Page,
    known: Option<&people::Model>,
    version: i64,
    typed: Typed,
    errors: FieldErrors,
) -> Result<FormPage> {
    let offices = &app.config.offices;
    let mut choices: Vec<(String, String)> =
        offices.iter().map(|office| (office.slug.clone(), office.name.clone())).collect();
    if !typed.office.is_empty() && !offices.iter().any(|office| office.slug == typed.office) {
        choices.push((typed.office.clone(), Office::name_of(offices, &typed.office)));
    }
    let chosen = Some(typed.office.as_str()).filter(|office| !office.is_empty());
    Ok(FormPage {
        action: known.map_or_else(urls::hr::people, |person| urls::hr::person(person.id)),
        back: known.map_or_else(urls::hr::people, |person| urls::hr::person(person.id)),
        title: known.map_or_else(
            || page.say("people-form-new-title").to_string(),
            |person| page.say("people-form-edit-title").with("name", &person.name).to_string(),
        ),
        back_label: known.map_or_else(|| page.say("people-back").to_string(), |person| person.name.clone()),
        version: known.map(|_| version),
        key: known.is_none().then(PersonId::new),
        offices: Choice::all_or(page.say("people-no-office").to_string(), chosen, choices),
        departments: directory::departments(app.db.reads()).await?,
        theirs: None,
        errors: page.errors(errors),
        typed,
        page,
    })
}
