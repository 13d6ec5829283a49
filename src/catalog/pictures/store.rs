//! From pictures that were read to pictures of a product: noted as strays, stored, then shown, in this order.

use std::iter;
use std::sync::Arc;

use futures::{FutureExt, StreamExt, TryStreamExt, stream};
use uuid::Uuid;

use super::add::{self, NewPicture};
use super::strays;
use crate::error::{Error, Result};
use crate::platform::app::App;
use crate::platform::db::Tx;
use crate::platform::images::{self, Images};
use crate::platform::picture_codec::{CONTENT_TYPE, Rung};
use crate::types::actor::Actor;
use crate::types::id::{PictureId, ProductId};
use crate::types::time::Timestamp;

/// Objects on their way to the store at once.
const AT_ONCE: usize = 4;

/// Makes these the product's last pictures, each under a key nobody can guess; all of them show `alt`. `first` is the id of
/// the first: whoever sends the same form twice adds them once.
///
/// # Errors
/// [`Error::Unavailable`] when the store does not take them; what [`add::add`] refuses. Then nothing was added, and what
/// was stored is removed, now or by the sweep.
pub async fn keep(
    app: &App,
    now: Timestamp,
    actor: Actor,
    product_id: ProductId,
    first: PictureId,
    alt: &str,
    ladders: Vec<Vec<Rung>>,
) -> Result<()> {
    let ids = iter::once(first).chain(iter::repeat_with(PictureId::new));
    let new: Vec<NewPicture> = ids.zip(&ladders).map(|(id, rungs)| named(id, rungs, alt)).collect();
    let new: Arc<[NewPicture]> = new.into();
    let noted = Arc::clone(&new);
    app.db
        .write("pictures.note", move |tx| {
            let noted = Arc::clone(&noted);
            async move { note_all(tx, now, &noted).await }.boxed()
        })
        .await?;
    let added = match put_all(&app.images, &new, ladders).await {
        Ok(()) => {
            let added = Arc::clone(&new);
            let write = app.db.write("pictures.add", move |tx| {
                let added = Arc::clone(&added);
                async move { add::add(tx, now, actor, product_id, &added).await }.boxed()
            });
            write.await
        }
        Err(failed) => Err(failed),
    };
    // Here all was stored and nothing written. Whatever else went wrong, the sweep will look what is shown.
    if let Ok(false) | Err(Error::Invalid(_) | Error::NotFound) = &added {
        take_back(app, &new).await;
    }
    added.map(|_now_or_before| ())
}

/// A key of its own for each picture: it says nothing, and no other picture ever had it.
fn named(id: PictureId, rungs: &[Rung], alt: &str) -> NewPicture {
    NewPicture {
        id,
        object_key: format!("products/{}", Uuid::new_v4()),
        widths: rungs.iter().map(|rung| rung.edge).collect(),
        alt: alt.to_owned(),
    }
}

async fn note_all(tx: &Tx, now: Timestamp, new: &[NewPicture]) -> Result<()> {
    for picture in new {
        strays::note(tx, now, &picture.object_key, &picture.width_list()).await?;
    }
    Ok(())
}

async fn put_all(store: &Images, new: &[NewPicture], ladders: Vec<Vec<Rung>>) -> Result<()> {
    let rungs = new.iter().zip(ladders).flat_map(|(picture, rungs)| {
        rungs.into_iter().map(|rung| (images::object(&picture.object_key, rung.edge), rung.bytes))
    });
    let puts = rungs.map(|(key, bytes)| async move { store.put(&key, CONTENT_TYPE, bytes).await });
    stream::iter(puts.collect::<Vec<_>>()).map(Ok).try_for_each_concurrent(AT_ONCE, |put| put).await
}

/// At once, if the store is there; else the sweep does it.
async fn take_back(app: &App, new: &[NewPicture]) {
    for picture in new {
        if let Err(error) = forget(app, &picture.object_key, &picture.width_list()).await {
            tracing::warn!(%error, "pictures: what was stored in vain is left to the sweep");
            return;
        }
    }
}

/// Removes the objects of a key, and the note about them.
///
/// # Errors
/// [`Error::Unavailable`] when the store does not do it; the note stays.
pub(super) async fn forget(app: &App, object_key: &str, widths: &str) -> Result<()> {
    for width in images::widths(widths) {
        app.images.remove(&images::object(object_key, width)).await?;
    }
    let key = object_key.to_owned();
    app.db
        .write("pictures.forget", move |tx| {
            let key = key.clone();
            async move { strays::found(tx, &key).await }.boxed()
        })
        .await
}
