//! The job that removes objects which nothing shows.

use futures::FutureExt;

use super::{store, strays};
use crate::error::Result;
use crate::platform::app::App;
use crate::types::time::Timestamp;

/// Keys in one run.
const MOST_KEYS: usize = 100;

/// Removes what is due; tells of how many pictures. It ends with the first that the store does not remove: that one is
/// tried again later, behind the others.
///
/// # Errors
/// [`crate::error::Error::Unavailable`] when the store does not do it; or when the database fails.
pub async fn run(app: &App, now: Timestamp) -> Result<usize> {
    let mut removed = 0;
    for _ in 0..MOST_KEYS {
        let Some(stray) = strays::first_due(app.db.reads(), now).await? else { break };
        let key = stray.object_key;
        if strays::is_shown(app.db.reads(), &key).await? {
            app.db
                .write("pictures.found", move |tx| {
                    let key = key.clone();
                    async move { strays::found(tx, &key).await }.boxed()
                })
                .await?;
            continue;
        }
        if let Err(error) = store::forget(app, &key, &stray.widths).await {
            let put_off = app.db.write("pictures.put_off", move |tx| {
                let key = key.clone();
                async move { strays::put_off(tx, now, &key).await }.boxed()
            });
            put_off.await?;
            return Err(error);
        }
        removed += 1;
    }
    Ok(removed)
}
