//! What people are told of what has happened: each outbox event once, as far as the outside can promise.
//! No sender is configured yet, so an event is acknowledged when it has been read and its words are logged nowhere.

use futures::FutureExt;

use crate::error::Result;
use crate::outbox::{self, event::Event};
use crate::platform::app::App;

/// Delivers the events that are due.
///
/// # Errors
/// When the database fails; what was not acknowledged comes again.
pub async fn deliver(app: &App) -> Result<()> {
    let now = app.now();
    let messages = app.db.write("outbox.claim", move |tx| outbox::claim(tx, now).boxed()).await?;
    for message in messages {
        let read: Result<Event, _> = serde_json::from_value(message.payload.clone());
        match read {
            Ok(event) => {
                tracing::info!(kind = event.kind(), message = %message.id, "an event was delivered");
                app.db
                    .write("outbox.acknowledge", move |tx| outbox::acknowledge(tx, now, message.id).boxed())
                    .await?;
            }
            Err(error) => {
                let reason = error.to_string();
                app.db
                    .write("outbox.put_off", move |tx| {
                        outbox::put_off(tx, now, message.clone(), reason.clone()).boxed()
                    })
                    .await?;
            }
        }
    }
    Ok(())
}
