//! Delivering the events that are due: claimed in one transaction, sent outside of any, acknowledged in another.

use futures::{FutureExt, StreamExt};

use super::{
    grant_made, order_cancelled, order_fulfilled, order_noted, order_placed, points_deducted, points_expiring,
};
use crate::error::{Error, Result};
use crate::outbox::{self, Message, event::Event};
use crate::platform::app::App;
use crate::platform::mail::Letter;
use crate::web::text::Text;

/// Letters under way at once: all that are claimed together, so that a slow server is done with them before the claim
/// runs out.
const AT_ONCE: usize = outbox::BATCH;

/// Delivers events that are due, as many as are claimed at once, and says how many went out. One that cannot be delivered
/// does not hold up the others.
///
/// # Errors
/// When the database fails; what was not acknowledged comes again when its claim has run out.
pub async fn due(app: &App) -> Result<usize> {
    let now = app.now();
    let due = app.db.write("outbox.claim", move |tx| outbox::claim(tx, now).boxed()).await?;
    let mut delivered =
        futures::stream::iter(due).map(|message| deliver_one(app, message)).buffer_unordered(AT_ONCE);
    let (mut told, mut failed) = (0, None);
    while let Some(result) = delivered.next().await {
        match result {
            Ok(is_told) => told += usize::from(is_told),
            Err(error) => failed = failed.or(Some(error)),
        }
    }
    failed.map_or(Ok(told), Err)
}

/// Whether it went out; else it is put off.
async fn deliver_one(app: &App, message: Message) -> Result<bool> {
    let told = tell(app, &message).await;
    let (now, id) = (app.now(), message.id);
    let Err(error) = told else {
        app.db.write("outbox.acknowledge", move |tx| outbox::acknowledge(tx, now, id).boxed()).await?;
        return Ok(true);
    };
    tracing::warn!(event = %id, kind = message.kind, tries = message.attempts, %error, "an event waits");
    let (reason, is_outage) = (error.to_string(), matches!(error, Error::Unavailable(_)));
    app.db
        .write("outbox.put_off", move |tx| {
            let (message, reason) = (message.clone(), reason.clone());
            if is_outage {
                outbox::wait_out(tx, now, message, reason).boxed()
            } else {
                outbox::put_off(tx, now, message, reason).boxed()
            }
        })
        .await?;
    Ok(false)
}

async fn tell(app: &App, message: &Message) -> Result<()> {
    // Also where nobody is told: an event that cannot be read is a mistake to be seen.
    let event = serde_json::from_value(message.payload.clone()).map_err(|error| unreadable(&error))?;
    if app.mail.is_configured() {
        app.mail.send(&letter(app, message, &event)?).await?;
    }
    Ok(())
}

fn letter(app: &App, message: &Message, event: &Event) -> Result<Letter> {
    let id = message.id.to_string();
    match event {
        Event::OrderPlaced(order) => order_placed::letter(Text::english(), &app.config, id, order),
        Event::OrderCancelled(order) => order_cancelled::letter(Text::english(), &app.config, id, order),
        Event::OrderFulfilled(order) => order_fulfilled::letter(Text::english(), &app.config, id, order),
        Event::OrderNoted(order) => order_noted::letter(Text::english(), &app.config, id, order),
        Event::PointsExpiring(points) => points_expiring::letter(Text::english(), &app.config, id, points),
        Event::GrantMade(grant) => grant_made::letter(Text::english(), &app.config, id, grant),
        Event::PointsDeducted(taken) => points_deducted::letter(Text::english(), &app.config, id, taken),
    }
}

/// Only where it went wrong: the rest of the sentence may hold what the event is about.
fn unreadable(error: &serde_json::Error) -> Error {
    Error::Internal(anyhow::anyhow!("an event cannot be read ({:?})", error.classify()))
}
