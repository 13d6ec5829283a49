//! Whether a file may be read at all: by its size, its first bytes and its header; no pixel is touched.

use std::io::Cursor;

use image::{ImageFormat, ImageReader, Limits};

use super::{LONGEST_SIDE, MOST_BYTES, MOST_PIXELS};
use crate::error::PictureProblem;

/// What reading a header may take in memory: a profile may be packed, and unpacks to anything.
pub(super) const HEADER_BYTES: u64 = 8 * 1024 * 1024;
/// Passes of a progressive JPEG. Cameras and programs make ten; each goes over all pixels, and may cost a few bytes only.
const MOST_SCANS: usize = 60;

/// How many pixels the header promises.
///
/// # Errors
/// What is wrong with the file.
pub(super) fn pixels(file: &[u8]) -> Result<u64, PictureProblem> {
    if file.is_empty() {
        return Err(PictureProblem::Empty);
    }
    if file.len() > MOST_BYTES {
        return Err(PictureProblem::TooHeavy);
    }
    let format = image::guess_format(file).map_err(|_unknown| PictureProblem::NotAPicture)?;
    if !matches!(format, ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::WebP) {
        return Err(PictureProblem::NotAPicture);
    }
    let mut reader = ImageReader::with_format(Cursor::new(file), format);
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(HEADER_BYTES);
    reader.limits(limits);
    let (width, height) = reader.into_dimensions().map_err(|_damaged| PictureProblem::Unreadable)?;
    let pixels = u64::from(width) * u64::from(height);
    if pixels > MOST_PIXELS || width.max(height) > LONGEST_SIDE {
        return Err(PictureProblem::TooManyPixels { width, height });
    }
    match format {
        ImageFormat::Jpeg => jpeg(file)?,
        ImageFormat::WebP => webp(file, width, height)?,
        _ => {}
    }
    Ok(pixels)
}

/// A JPEG ends with its mark, after no more passes than anybody needs. The reader would fill up what is missing with grey.
fn jpeg(file: &[u8]) -> Result<(), PictureProblem> {
    let mut at = 0;
    let mut scans = 0;
    while let Some(rest) = file.get(at..) {
        let Some(mark) = rest.iter().position(|byte| *byte == 0xff) else { break };
        at += mark + 2;
        match file.get(at - 1) {
            // A byte of the picture, a restart, the beginning; and 0xff may be repeated.
            Some(0x00 | 0x01 | 0xd0..=0xd8) => {}
            Some(0xff) => at -= 1,
            Some(0xd9) => return Ok(()),
            Some(kind) => {
                scans += usize::from(*kind == 0xda);
                at +=
                    bytes(file, at).map_or(usize::MAX / 2, |length| usize::from(u16::from_be_bytes(length)));
            }
            None => break,
        }
        if scans > MOST_SCANS {
            break;
        }
    }
    Err(PictureProblem::Unreadable)
}

/// A still WebP whose picture is as large as its header says: the reader trusts the picture's own word with its memory.
fn webp(file: &[u8], width: u32, height: u32) -> Result<(), PictureProblem> {
    const IS_MOVING: u8 = 2;
    let mut at = 12;
    while let (Some(kind), Some(length)) = (bytes::<4>(file, at), bytes(file, at + 4)) {
        let inside = at + 8;
        match &kind {
            b"VP8X" if file.get(inside).is_some_and(|flags| flags & IS_MOVING != 0) => {
                return Err(PictureProblem::Moving);
            }
            b"VP8 " => {
                let edges = bytes(file, inside + 6).zip(bytes(file, inside + 8));
                let edges =
                    edges.map(|(w, h)| [w, h].map(|edge| u32::from(u16::from_le_bytes(edge) & 0x3fff)));
                if edges != Some([width, height]) {
                    return Err(PictureProblem::Unreadable);
                }
            }
            _ => {}
        }
        let length = usize::try_from(u32::from_le_bytes(length)).unwrap_or(usize::MAX / 2);
        at = inside + length + length % 2;
    }
    Ok(())
}

fn bytes<const N: usize>(file: &[u8], at: usize) -> Option<[u8; N]> {
    file.get(at..)?.first_chunk().copied()
}
