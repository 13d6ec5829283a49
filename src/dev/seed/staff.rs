//! What the people desk has to show: somebody who has left and still has points, a change that was made by hand, and a
//! sheet that was uploaded today and that nobody has entered yet.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::dev::cast::{self, Member};
use crate::entity::people;
use crate::error::{Error, Result};
use crate::grants::single::{self, Ends, Grant};
use crate::ledger::accounts;
use crate::people::deactivate;
use crate::people::edit::{self, Edit};
use crate::people::enter;
use crate::people::import::{self, read};
use crate::people::profile::Typed;
use crate::platform::config::Office;
use crate::platform::db::Tx;
use crate::types::actor::Actor;
use crate::types::id::PersonId;
use crate::types::points::Points;
use crate::types::time::Timestamp;

const SHEET: &str = "\
Number,Name,E-mail,Department,Office,Hired on,Birthday
E-1007,Mara Lindqvist,mara.lindqvist@awsomeshop.example,Engineering,Berlin,,
E-1019,Jonas Weber,jonas.weber@awsomeshop.example,Marketing,Berlin,2024-08-12,1995-01-23
E-1051,Nadia Haddad,nadia.haddad@awsomeshop.example,Marketing,Lisbon,2026-11-16,1991-08-02
E-1052,Leo Okafor,leo.okafor@awsomeshop.example,Operations,Singapore,2026-11-16,
E-1053,Wendy Lau,wendy.lau@awsomeshop,Operations,Hong Kong,2026-11-16,
E-1052,Leonie Kraus,leonie.kraus@awsomeshop.example,Sales,Berlin,16/11/2026,
";

/// Lets it happen.
pub(super) async fn make(tx: &Tx, now: Timestamp, offices: &[Office]) -> Result<()> {
    let helena = load(tx, cast::HELENA).await?.id;
    leave(tx, now, helena, offices).await?;
    let oskar = load(tx, "oskar").await?;
    let typed = Typed { department: "Workplace".to_owned(), ..Typed::from(&oskar) };
    let profile =
        typed.profile(offices, &typed.office, now.day_in(chrono_tz::UTC)).map_err(Error::Invalid)?;
    let change = Edit { person_id: oskar.id, version: oskar.version, profile };
    edit::edit(tx, now.plus_days(-20), Actor::Person(helena), change).await?;
    let sheet = read::read("november.csv", SHEET.as_bytes());
    let sheet = sheet.map_err(|problem| anyhow::anyhow!("the sheet of the demonstration: {problem:?}"))?;
    import::keep(tx, now.plus_seconds(-600), helena, sheet).await?;
    Ok(())
}

/// Somebody who was here until last week.
async fn leave(tx: &Tx, now: Timestamp, hr: PersonId, offices: &[Office]) -> Result<()> {
    let typed = Typed {
        employee_number: "E-1005".to_owned(),
        name: "Rafael Pinto".to_owned(),
        email: "rafael.pinto@awsomeshop.example".to_owned(),
        department: "Sales".to_owned(),
        office: offices.get(1).map(|office| office.slug.clone()).unwrap_or_default(),
        hired_on: "2021-02-01".to_owned(),
        birthday: "1986-03-19".to_owned(),
    };
    let profile =
        typed.profile(offices, &typed.office, now.day_in(chrono_tz::UTC)).map_err(Error::Invalid)?;
    let (began, last) = (now.plus_days(-400), now.plus_days(-9));
    let rafael = enter::enter(tx, began, Actor::Shop, profile).await?;
    accounts::open_if_missing(tx, began, rafael).await?;
    let thanks = Grant {
        person_id: rafael,
        amount: Points(180),
        reason: "thank-you",
        note: "For handing everything over so well.".to_owned(),
        ends: Ends::At(Some(now.plus_days(200))),
    };
    single::give(tx, now.plus_days(-20), Actor::Person(hr), thanks).await?;
    deactivate::deactivate(tx, last, Actor::Person(hr), rafael, "Left for another company").await
}

pub(super) async fn load(tx: &Tx, key: &str) -> Result<people::Model> {
    let email = cast::member(key).map(|member: &Member| member.email.clone()).unwrap_or_default();
    let found = people::Entity::find().filter(people::Column::Email.eq(email)).one(tx).await?;
    found.ok_or_else(|| Error::Internal(anyhow::anyhow!("{key} is not here yet")))
}
