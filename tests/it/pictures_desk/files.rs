//! Files to upload, made here: photographs, drawings, and things that only look like them.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageEncoder, ImageFormat, Rgb, RgbImage};

/// What the photograph of a phone knows besides its pixels.
pub const PLACE: &str = "A SECRET PLACE";
pub const RED: [u8; 3] = [220, 30, 30];
pub const GREEN: [u8; 3] = [30, 180, 30];
pub const BLUE: [u8; 3] = [30, 30, 220];
pub const YELLOW: [u8; 3] = [220, 220, 30];

/// Red, green, blue and yellow, from the left to the right and downwards.
pub fn quarters(width: u32, height: u32) -> DynamicImage {
    let colour = |x, y| match (x < width / 2, y < height / 2) {
        (true, true) => Rgb(RED),
        (false, true) => Rgb(GREEN),
        (true, false) => Rgb(BLUE),
        (false, false) => Rgb(YELLOW),
    };
    RgbImage::from_fn(width, height, colour).into()
}

/// A file of this format.
pub fn file(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut file = Cursor::new(Vec::new());
    picture.write_to(&mut file, format).unwrap();
    file.into_inner()
}

pub fn png(width: u32, height: u32) -> Vec<u8> {
    file(&quarters(width, height), ImageFormat::Png)
}

pub fn jpeg(width: u32, height: u32) -> Vec<u8> {
    file(&quarters(width, height), ImageFormat::Jpeg)
}

pub fn webp(width: u32, height: u32) -> Vec<u8> {
    file(&quarters(width, height), ImageFormat::WebP)
}

/// As a phone takes it when it is held upright: 12 megapixels lying on their side, with the place they were taken at.
pub fn photograph() -> Vec<u8> {
    let mut file = Vec::new();
    let picture = quarters(4_032, 3_024);
    let mut encoder = JpegEncoder::new_with_quality(&mut file, 90);
    encoder.set_exif_metadata(exif(6)).unwrap();
    encoder.write_image(picture.as_bytes(), 4_032, 3_024, picture.color().into()).unwrap();
    file
}

/// Orientation, a description, and where on earth: a directory of three entries, and that of the place, of two.
fn exif(orientation: u16) -> Vec<u8> {
    const FIRST: u32 = 8;
    const WORDS: u32 = FIRST + 2 + 3 * 12 + 4;
    let length = u32::try_from(PLACE.len()).unwrap();
    let place = WORDS + length;
    let degrees = place + 2 + 2 * 12 + 4;
    let directory = |entries: &[(u16, u16, u32, u32)]| {
        let mut bytes = u16::try_from(entries.len()).unwrap().to_le_bytes().to_vec();
        for (tag, kind, count, value) in entries {
            bytes.extend([tag.to_le_bytes(), kind.to_le_bytes()].concat());
            bytes.extend([count.to_le_bytes(), value.to_le_bytes()].concat());
        }
        bytes.extend([0; 4]);
        bytes
    };
    let entries = [(0x010e, 2, length, WORDS), (0x0112, 3, 1, u32::from(orientation)), (0x8825, 4, 1, place)];
    // North, and 52 degrees, 31 minutes, 12 seconds.
    let latitude = [(1, 2, 2, u32::from(b'N')), (2, 5, 3, degrees)];
    let angle = [52_u32, 1, 31, 1, 12, 1].map(u32::to_le_bytes).concat();
    let header = [&b"II*\0"[..], &FIRST.to_le_bytes()].concat();
    [header, directory(&entries), PLACE.as_bytes().to_vec(), directory(&latitude), angle].concat()
}

/// A PNG whose header says what it likes; there is next to nothing behind it.
pub fn boasting_png(width: u32, height: u32) -> Vec<u8> {
    let mut file = png(8, 8);
    let header = [&b"IHDR"[..], &width.to_be_bytes(), &height.to_be_bytes(), &[8, 2, 0, 0, 0]].concat();
    file.splice(12..29, header.clone());
    file.splice(29..33, crc(&header).to_be_bytes());
    file
}

/// The same for a JPEG, with sides up to 65,535.
pub fn boasting_jpeg(width: u16, height: u16) -> Vec<u8> {
    let mut file = jpeg(8, 8);
    let frame = file.windows(2).position(|two| two == [0xff, 0xc0]).unwrap();
    file.splice(frame + 5..frame + 9, [height.to_be_bytes(), width.to_be_bytes()].concat());
    file
}

/// A WebP that says it is small, with a picture inside that is not.
pub fn two_faced_webp() -> Vec<u8> {
    let large = RgbImage::new(9_000, 4_000);
    let large = webp::Encoder::from_rgb(&large, 9_000, 4_000).encode(1.0).to_vec();
    let mut face = vec![0; 4];
    face.extend([99, 0, 0, 99, 0, 0]);
    riff(&[&b"VP8X"[..], &10_u32.to_le_bytes(), &face, &large[12..]].concat())
}

/// Two pictures that take turns.
pub fn animated_webp() -> Vec<u8> {
    let config = webp::WebPConfig::new().unwrap();
    let mut encoder = webp::AnimEncoder::new(8, 8, &config);
    let frames = [vec![200; 8 * 8 * 3], vec![20; 8 * 8 * 3]];
    for (number, frame) in (0..).zip(&frames) {
        encoder.add_frame(webp::AnimFrame::from_rgb(frame, 8, 8, number * 100));
    }
    encoder.encode().to_vec()
}

fn riff(chunks: &[u8]) -> Vec<u8> {
    let length = u32::try_from(chunks.len() + 4).unwrap();
    [&b"RIFF"[..], &length.to_le_bytes(), b"WEBP", chunks].concat()
}

/// A progressive JPEG that goes over its pixels again and again, at no cost to its sender.
pub fn endless_jpeg() -> Vec<u8> {
    let mut file = jpeg(64, 64);
    let scan = file.windows(2).position(|two| two == [0xff, 0xda]).unwrap();
    let again = file[scan..file.len() - 2].repeat(80);
    file.splice(scan..scan, again);
    file
}

/// 8 × 8 pixels of red as printers write it: four inks, of which two are there.
pub const FOUR_INKS: &[u8] = include_bytes!("four-inks.jpg");

/// The checksum of a PNG's chunk.
fn crc(bytes: &[u8]) -> u32 {
    let step =
        |crc: u32, byte: &u8| {
            (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
                if crc & 1 == 1 { 0xedb8_8320 ^ (crc >> 1) } else { crc >> 1 }
            })
        };
    !bytes.iter().fold(u32::MAX, step)
}
