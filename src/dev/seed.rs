//! The demonstration: twelve people, forty products, and what they did in a little more than a year.
//!
//! Nothing is written into tables here. The past happens (`history`) as a calendar lays it out (`calendar`), by the
//! functions of the shop, each told a `now` that lies in the past, so every law of the books holds for it as well. Chance
//! falls the same way each time (`chance`), so everybody who starts the shop on one day sees the same.
//!
//! All of it is one transaction: whoever interrupts it finds an empty shop and begins again. Pictures are stored before,
//! under names that follow from their content, so that storing them twice makes no second ones.

mod back_room;
mod calendar;
mod chance;
mod close_ups;
mod giving;
mod history;
mod runs;
mod shelves;
mod staff;

use futures::FutureExt;
use sea_orm::{ConnectionTrait, EntityTrait, PaginatorTrait};

use crate::entity::people;
use crate::error::Result;
use crate::grants::runs::Terms;
use crate::platform::app::App;
use crate::platform::db::Db;
use crate::platform::dialect;
use crate::types::points::Points;
use history::Past;

/// Low, so that the demonstration shows how a run waits.
pub(super) const APPROVAL_ABOVE: Points = Points(20_000);

/// Fills an empty shop; returns whether it was empty.
///
/// # Errors
/// When the object store does not take the pictures, or the database fails; the shop is empty then.
pub async fn run(app: &App) -> Result<bool> {
    if is_inhabited(app.db.reads()).await? {
        return Ok(false);
    }
    let goods = shelves::read(app).await?;
    let past = Past {
        now: app.now(),
        zone: app.config.time_zone,
        goods: goods.into(),
        sealer: app.sealer.clone(),
        offices: app.config.offices.clone(),
        cancelling: app.config.cancelling,
        limits: app.config.limits,
    };
    let terms = Terms { approval_above: Some(APPROVAL_ABOVE), ..Terms::of(&app.config) };
    app.db
        .write("demo.seed", move |tx| {
            let past = past.clone();
            async move {
                let (now, today, offices) = (past.now, past.now.day_in(past.zone), past.offices.clone());
                history::make(tx, past).await?;
                giving::make(tx, now, today).await?;
                staff::make(tx, now, &offices).await?;
                runs::make(tx, now, terms).await
            }
            .boxed()
        })
        .await?;
    Ok(true)
}

/// The identity provider's address has its port in it. When the shop moves to another port, the people move along: here,
/// and only here, all providers there ever were are the same one.
///
/// # Errors
/// When the database fails.
pub async fn follow_issuer(db: &Db, issuer: &str) -> Result<()> {
    let issuer = issuer.to_owned();
    db.write("demo.issuer", move |tx| {
        let issuer = issuer.clone();
        async move {
            let sql = "UPDATE people SET issuer = ? WHERE issuer IS NOT NULL AND issuer <> ?";
            dialect::execute(tx, sql, [issuer.as_str().into(), issuer.as_str().into()]).await?;
            Ok(())
        }
        .boxed()
    })
    .await
}

async fn is_inhabited(db: &impl ConnectionTrait) -> Result<bool> {
    Ok(people::Entity::find().count(db).await? > 0)
}
