//! Product pictures in pages: signed addresses in several widths.

use crate::platform::images::{self, Images};
use crate::types::time::Timestamp;

/// The width a browser that knows no `srcset` gets.
const FALLBACK_WIDTH: u32 = 640;

/// A picture for squares: each of its widths is the edge of a square it fills, whatever its own shape.
#[derive(Clone, Debug)]
pub struct Picture {
    pub src: String,
    pub srcset: String,
    pub alt: String,
}

/// The picture stored as `object_key` in these comma-separated `widths`; `None` when it has none, or while no address can
/// be signed: a page without its pictures is better than none.
pub async fn signed(
    store: &Images,
    now: Timestamp,
    object_key: &str,
    widths: &str,
    alt: &str,
) -> Option<Picture> {
    let mut src = String::new();
    let mut set = Vec::new();
    for width in images::widths(widths) {
        let address = store.address(now, &images::object(object_key, width)).await.ok()?;
        set.push(format!("{address} {width}w"));
        if src.is_empty() || width <= FALLBACK_WIDTH {
            src = address;
        }
    }
    if src.is_empty() {
        return None;
    }
    Some(Picture { src, srcset: set.join(", "), alt: alt.to_owned() })
}
