//! What people are told of what has happened: outbox events become mail.
//!
//! At least once: an event is acknowledged after the mail server has taken the letter, and comes again when that is not
//! known. The letter's id is the event's, so a receiver can tell a second copy. Where no mail server is configured the
//! events are acknowledged and nobody is told. No letter ever holds a voucher code.

mod order_placed;

use futures::{FutureExt, StreamExt};

use crate::error::{Error, Result};
use crate::outbox::{self, Message, event::Event};
use crate::platform::app::App;
use crate::platform::mail::Letter;
use crate::web::text::Text;

/// Letters under way at once.
const AT_ONCE: usize = 4;

/// Delivers the events that are due. One that cannot be delivered does not hold up the others.
///
/// # Errors
/// When the database fails; what was not acknowledged comes again.
pub async fn deliver(app: &App) -> Result<()> {
    let now = app.now();
    let due = app.db.write("outbox.claim", move |tx| outbox::claim(tx, now).boxed()).await?;
    let mut delivered =
        futures::stream::iter(due).map(|message| deliver_one(app, message)).buffer_unordered(AT_ONCE);
    let mut failed = None;
    while let Some(result) = delivered.next().await {
        if let Err(error) = result {
            failed = Some(error);
        }
    }
    failed.map_or(Ok(()), Err)
}

async fn deliver_one(app: &App, message: Message) -> Result<()> {
    let now = app.now();
    let id = message.id;
    match tell(app, &message).await {
        Ok(()) => {
            app.db.write("outbox.acknowledge", move |tx| outbox::acknowledge(tx, now, id).boxed()).await
        }
        Err(error) => {
            tracing::warn!(message = %id, kind = message.kind, tries = message.attempts + 1, %error, "an event waits");
            let reason = error.to_string();
            app.db
                .write("outbox.put_off", move |tx| {
                    outbox::put_off(tx, now, message.clone(), reason.clone()).boxed()
                })
                .await
        }
    }
}

async fn tell(app: &App, message: &Message) -> Result<()> {
    let event: Event = serde_json::from_value(message.payload.clone()).map_err(|error| unreadable(&error))?;
    if app.mail.is_configured() {
        app.mail.send(letter(app, message, &event)).await?;
    }
    Ok(())
}

fn letter(app: &App, message: &Message, event: &Event) -> Letter {
    let text = Text::english();
    match event {
        Event::OrderPlaced(order) => Letter {
            id: message.id.to_string(),
            name: order.name.clone(),
            address: order.email.clone(),
            subject: order_placed::subject(text, order),
            text: order_placed::body(text, order, &app.config),
        },
    }
}

/// Only where it went wrong: the rest of the sentence may hold what the event is about.
fn unreadable(error: &serde_json::Error) -> Error {
    Error::Internal(anyhow::anyhow!("an event cannot be read ({:?})", error.classify()))
}
