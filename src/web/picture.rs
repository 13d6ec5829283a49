//! Product pictures in pages: signed addresses in several widths.

use crate::error::Result;
use crate::platform::images::Images;
use crate::types::time::Timestamp;

/// The width a browser that knows no `srcset` gets.
const FALLBACK_WIDTH: u32 = 640;

/// A square picture.
#[derive(Clone, Debug)]
pub struct Picture {
    pub src: String,
    pub srcset: String,
    pub alt: String,
}

/// The object under which one width of a picture is stored.
#[must_use]
pub fn object(object_key: &str, width: u32) -> String {
    format!("{object_key}-{width}.webp")
}

/// The picture stored as `object_key` in these comma-separated `widths`; `None` when it has none.
///
/// # Errors
/// When an address cannot be signed.
pub async fn signed(
    images: &Images,
    now: Timestamp,
    object_key: &str,
    widths: &str,
    alt: &str,
) -> Result<Option<Picture>> {
    let mut src = String::new();
    let mut set = Vec::new();
    for width in widths.split(',').filter_map(|width| width.trim().parse::<u32>().ok()) {
        let address = images.address(now, &object(object_key, width)).await?;
        set.push(format!("{address} {width}w"));
        if src.is_empty() || width <= FALLBACK_WIDTH {
            src = address;
        }
    }
    if src.is_empty() {
        return Ok(None);
    }
    Ok(Some(Picture { src, srcset: set.join(", "), alt: alt.to_owned() }))
}
