//! Reading a picture that was judged, and writing it anew for each size of square.

use std::io::Cursor;

use image::imageops::FilterType;
use image::metadata::Orientation;
use image::{ColorType, DynamicImage, ImageDecoder, ImageReader, Limits};
use moxcms::{ColorProfile, DataColorSpace, Layout, TransformOptions};

use super::judge::HEADER_BYTES;
use super::{EDGES, Rung};
use crate::error::PictureProblem;

/// The most bytes of a written picture.
const MOST_WRITTEN: usize = 500_000;
/// How well pictures are written, of 100: the next is tried when one is too large.
const QUALITIES: [f32; 7] = [80.0, 70.0, 60.0, 50.0, 40.0, 30.0, 20.0];
/// What a decoder may ask for besides what its header may: every pixel in four components of 16 bits.
const BYTES_OF_A_PIXEL: u64 = 8;
/// A profile that is longer is no camera's; the colours are taken as they are.
const LONGEST_PROFILE: usize = 1024 * 1024;
/// A picture's long side is at most so many times the edge of its square; a narrower one does not fill it.
const MOST_OBLONG: f64 = 3.0;
/// A picture more than so many times larger is made smaller by averages first, to twice the size it shall have.
const FAR_LARGER: f64 = 4.0;

/// The picture for each size of square; its header promised so many `pixels`.
///
/// # Errors
/// [`PictureProblem::Unreadable`] or [`PictureProblem::TooDetailed`].
pub(super) fn ladder(file: &[u8], pixels: u64) -> Result<Vec<Rung>, PictureProblem> {
    let (picture, profile, orientation) = read(file, pixels)?;
    let edges = edges_of(picture.width().min(picture.height()));
    let largest = edges.last().copied().unwrap_or_default();
    // The largest is made of the original, the others of it: they differ by nothing that can be seen.
    let mut picture = in_rgb(fill(picture, largest), profile.as_deref());
    picture.apply_orientation(orientation);
    let mut rungs = Vec::with_capacity(edges.len());
    for edge in edges.into_iter().rev() {
        picture = fill(picture, edge);
        rungs.push(Rung { edge, bytes: written(&picture)? });
    }
    rungs.reverse();
    Ok(rungs)
}

fn read(file: &[u8], pixels: u64) -> Result<(DynamicImage, Option<Vec<u8>>, Orientation), PictureProblem> {
    let damaged = |error: image::ImageError| {
        tracing::debug!(%error, "a picture cannot be read");
        PictureProblem::Unreadable
    };
    let format = image::guess_format(file).map_err(damaged)?;
    let mut reader = ImageReader::with_format(Cursor::new(file), format);
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(HEADER_BYTES + pixels * BYTES_OF_A_PIXEL);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(damaged)?;
    // What was said about a picture may be damaged without the picture being so.
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let profile = decoder.icc_profile().ok().flatten().filter(|profile| profile.len() <= LONGEST_PROFILE);
    Ok((DynamicImage::from_decoder(decoder).map_err(damaged)?, profile, orientation))
}

/// The squares that a picture with this short side is made for; the largest is as large as the picture itself, if that
/// is smaller.
fn edges_of(short_side: u32) -> Vec<u32> {
    let largest = EDGES.into_iter().max().unwrap_or_default().min(short_side);
    let mut edges: Vec<u32> = EDGES.into_iter().filter(|edge| *edge < largest).collect();
    edges.push(largest);
    edges
}

/// The picture as small as it can be to fill a square of this edge.
fn fill(mut picture: DynamicImage, edge: u32) -> DynamicImage {
    let (width, height) = (picture.width(), picture.height());
    let by_short = f64::from(edge) / f64::from(width.min(height));
    let by_long = MOST_OBLONG * f64::from(edge) / f64::from(width.max(height));
    let scale = by_short.min(by_long);
    let [new_width, new_height] = [width, height].map(|side| scaled(side, scale));
    if (new_width, new_height) == (width, height) {
        return picture;
    }
    let transparent = picture.color().has_alpha();
    if transparent {
        picture = weighed(picture, |part, alpha| (part * alpha + 127) / 255);
    }
    // Averages first where that is nearly all: quick, and without a copy of the whole in numbers of four bytes.
    if scale < 1.0 / FAR_LARGER {
        let [width, height] = [width, height].map(|side| scaled(side, scale * 2.0));
        picture = picture.thumbnail_exact(width, height);
    }
    let smaller = picture.resize_exact(new_width, new_height, FilterType::CatmullRom);
    if transparent {
        weighed(smaller, |part, alpha| (part * 255 + alpha / 2) / alpha.max(1))
    } else {
        smaller
    }
}

/// Every colour weighed with how much of it is seen: what is transparent must not shine through when pixels are mixed.
fn weighed(picture: DynamicImage, weigh: fn(u32, u32) -> u32) -> DynamicImage {
    let mut pixels = picture.into_rgba8();
    for pixel in pixels.chunks_exact_mut(4) {
        if let [colours @ .., alpha] = pixel {
            for part in colours {
                let weight = weigh(u32::from(*part), u32::from(*alpha));
                *part = u8::try_from(weight).unwrap_or(u8::MAX);
            }
        }
    }
    pixels.into()
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::as_conversions,
    reason = "between 1 and the side it came from"
)]
fn scaled(side: u32, scale: f64) -> u32 {
    ((f64::from(side) * scale).round() as u32).clamp(1, side)
}

/// In eight bits of red, green and blue, with transparency if there was any, as sRGB. A phone's colours are wider, and
/// look dull to whoever takes them for sRGB.
fn in_rgb(picture: DynamicImage, profile: Option<&[u8]>) -> DynamicImage {
    let was_rgb =
        matches!(picture.color(), ColorType::Rgb8 | ColorType::Rgba8 | ColorType::Rgb16 | ColorType::Rgba16);
    let has_alpha = picture.color().has_alpha();
    let mut picture: DynamicImage =
        if has_alpha { picture.into_rgba8().into() } else { picture.into_rgb8().into() };
    let profile = profile.and_then(|profile| ColorProfile::new_from_slice(profile).ok());
    let Some(profile) = profile.filter(|profile| was_rgb && profile.color_space == DataColorSpace::Rgb)
    else {
        return picture;
    };
    let layout = if has_alpha { Layout::Rgba } else { Layout::Rgb };
    let srgb = ColorProfile::new_srgb();
    let Ok(transform) = profile.create_transform_8bit(layout, &srgb, layout, TransformOptions::default())
    else {
        return picture;
    };
    let before = picture.as_bytes().to_vec();
    let after = match &mut picture {
        DynamicImage::ImageRgba8(pixels) => pixels.as_mut(),
        DynamicImage::ImageRgb8(pixels) => pixels.as_mut(),
        _ => return picture,
    };
    if transform.transform(&before, after).is_err() {
        after.copy_from_slice(&before);
    }
    picture
}

/// As a WebP file, as good as it can be within its size.
fn written(picture: &DynamicImage) -> Result<Vec<u8>, PictureProblem> {
    let encoder = match picture {
        DynamicImage::ImageRgba8(pixels) => webp::Encoder::from_rgba(pixels, pixels.width(), pixels.height()),
        DynamicImage::ImageRgb8(pixels) => webp::Encoder::from_rgb(pixels, pixels.width(), pixels.height()),
        _ => return Err(PictureProblem::Unreadable),
    };
    for quality in QUALITIES {
        let file = encoder.encode_simple(false, quality).map_err(|error| {
            tracing::warn!(?error, "a picture cannot be written");
            PictureProblem::Unreadable
        })?;
        if file.len() <= MOST_WRITTEN {
            return Ok(file.to_vec());
        }
    }
    Err(PictureProblem::TooDetailed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_made_for_the_squares_it_fills() {
        assert_eq!(edges_of(3_000), [320, 640, 1280]);
        assert_eq!(edges_of(1_280), [320, 640, 1280]);
        assert_eq!(edges_of(1_000), [320, 640, 1000]);
        assert_eq!(edges_of(640), [320, 640]);
        assert_eq!(edges_of(320), [320]);
        assert_eq!(edges_of(7), [7]);
    }

    #[test]
    fn it_keeps_its_shape_and_is_never_enlarged() {
        let size = |width, height, edge| {
            let filled = fill(DynamicImage::new_rgb8(width, height), edge);
            (filled.width(), filled.height())
        };
        assert_eq!(size(400, 300, 150), (200, 150));
        assert_eq!(size(300, 400, 150), (150, 200));
        assert_eq!(size(40, 30, 30), (40, 30));
        // Too long for the square it should fill.
        assert_eq!(size(1_000, 100, 100), (300, 30));
        assert_eq!(size(3_000, 1, 1), (3, 1));
    }
}
