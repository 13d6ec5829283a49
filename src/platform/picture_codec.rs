//! From a file somebody sent to pictures that pages can show: judged, read, made smaller, turned, written as lossy WebP.
//!
//! - The kind follows from the content. How many pixels there are is judged from the header, before any is read.
//! - Pictures being read share [`PIXELS_AT_ONCE`]; one more waits, and after [`PATIENCE`] is told to come again. A pixel
//!   takes at most 12 bytes while it is read (measured: a PNG of 16 bits with transparency), so all stay below 300 MB.
//! - Nothing of the file survives but its pixels: brought to sRGB, turned as the camera said, written anew. What else the
//!   file held (where it was taken, a page, an archive behind it) is gone.
//! - Pages show squares. A picture keeps its shape and is as large as it must be to fill a square of each of [`EDGES`];
//!   it is never enlarged. Of an animated PNG the still picture is taken; an animated WebP has none and is refused.

mod judge;
mod shrink;

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::bytes::Bytes;

use crate::error::{Error, PictureProblem, Result};

/// The squares that pictures are made for, by their edge in pixels, the smallest first.
pub const EDGES: [u32; 3] = [320, 640, 1280];
/// What every picture is written as.
pub const CONTENT_TYPE: &str = "image/webp";
/// The largest file.
pub const MOST_BYTES: usize = 10_000_000;
/// The most pixels of a picture.
pub const MOST_PIXELS: u64 = 25_000_000;
/// The most pixels of a side; what is read of a longer one costs far more than its pixels.
pub const LONGEST_SIDE: u32 = 16_000;
/// All pictures that are being read have so many pixels together: one of the largest, or two of a phone.
const PIXELS_AT_ONCE: u64 = MOST_PIXELS;
/// The smallest picture counts as so many: eight at once, however small they are.
const FEWEST_PIXELS: u64 = PIXELS_AT_ONCE / 8;
/// Places are given for so many pixels.
const PIXELS_OF_A_PLACE: u64 = 1_000;
/// How long a picture may wait for its place and then take to be read; less than a request may take in all.
const PATIENCE: Duration = Duration::from_secs(8);

/// Reads pictures, few at a time. Cloning is cheap; all clones share the room.
#[derive(Clone)]
pub struct PictureCodec {
    room: Arc<Semaphore>,
    patience: Duration,
}

/// A picture for squares of one size.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rung {
    /// The edge in pixels of the square it fills.
    pub edge: u32,
    /// The WebP file.
    pub bytes: Vec<u8>,
}

impl Default for PictureCodec {
    fn default() -> Self {
        Self { room: Arc::new(Semaphore::new(places(PIXELS_AT_ONCE))), patience: PATIENCE }
    }
}

impl PictureCodec {
    /// The picture in `file` for each size of square, the smallest first; or what is wrong with the file.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when too much else is being read.
    pub async fn prepare(&self, file: Bytes) -> Result<Result<Vec<Rung>, PictureProblem>> {
        let pixels = match judge::pixels(&file) {
            Ok(pixels) => pixels,
            Err(problem) => return Ok(Err(problem)),
        };
        let read = async {
            let place = self.place(pixels).await?;
            // The place belongs to the work, not to who waits for it: nobody else is let in while it goes on.
            let work = tokio::task::spawn_blocking(move || {
                let _place = place;
                shrink::ladder(&file, pixels)
            });
            Ok(work.await.unwrap_or_else(|error| {
                tracing::warn!(%error, "a picture made its reader fail");
                Err(PictureProblem::Unreadable)
            }))
        };
        let read = tokio::time::timeout(self.patience, read).await;
        read.map_err(|_elapsed| Error::Unavailable("room for pictures"))?
    }

    async fn place(&self, pixels: u64) -> Result<OwnedSemaphorePermit> {
        let places = u32::try_from(places(pixels.max(FEWEST_PIXELS))).map_err(anyhow::Error::new)?;
        let place = Arc::clone(&self.room).acquire_many_owned(places).await;
        place.map_err(|_closed| Error::Unavailable("room for pictures"))
    }
}

fn places(pixels: u64) -> usize {
    usize::try_from(pixels.div_ceil(PIXELS_OF_A_PLACE)).unwrap_or(Semaphore::MAX_PERMITS)
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use image::{DynamicImage, ImageFormat, RgbImage};

    use super::*;

    fn png(width: u32, height: u32) -> Bytes {
        let mut file = Cursor::new(Vec::new());
        let picture = DynamicImage::from(RgbImage::from_pixel(width, height, image::Rgb([200, 100, 50])));
        picture.write_to(&mut file, ImageFormat::Png).unwrap();
        Bytes::from(file.into_inner())
    }

    #[tokio::test]
    async fn who_finds_no_place_in_time_is_told_to_come_again_and_the_next_finds_one() {
        let codec = PictureCodec { patience: Duration::from_millis(50), ..PictureCodec::default() };
        let all = Arc::clone(&codec.room).acquire_many_owned(25_000).await.unwrap();
        let busy = codec.prepare(png(8, 8)).await;
        assert!(matches!(busy, Err(Error::Unavailable("room for pictures"))), "{busy:?}");
        drop(all);
        let codec = PictureCodec { patience: PATIENCE, ..codec };
        let rungs = codec.prepare(png(8, 8)).await.unwrap().unwrap();
        assert_eq!(rungs.iter().map(|rung| rung.edge).collect::<Vec<_>>(), [8]);
        assert_eq!(codec.room.available_permits(), 25_000);
    }

    #[test]
    fn eight_small_pictures_or_two_of_a_phone_are_read_at_once() {
        assert_eq!(places(PIXELS_AT_ONCE) / places(FEWEST_PIXELS), 8);
        assert_eq!(places(PIXELS_AT_ONCE) / places(4_000 * 3_000), 2);
        assert_eq!(places(PIXELS_AT_ONCE) / places(MOST_PIXELS), 1);
    }
}
