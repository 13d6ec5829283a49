//! What becomes of a file: turned, forgetful, small enough, in the right colours.

use image::metadata::Orientation;
use image::{ColorType, DynamicImage, ImageDecoder, ImageFormat, Rgb, Rgba};

use super::files::{BLUE, FOUR_INKS, GREEN, PLACE, RED, YELLOW, file, jpeg, photograph, png, quarters, webp};
use super::*;

/// A stored object, as a picture.
fn shown(shop: &Shop, key: &str) -> DynamicImage {
    let bytes = shop.object(key);
    assert!(bytes.len() <= 500_000, "{key} has {} bytes", bytes.len());
    image::load_from_memory_with_format(&bytes, ImageFormat::WebP).unwrap()
}

/// Whether a pixel looks like this.
#[track_caller]
fn looks_like(picture: &DynamicImage, (x, y): (u32, u32), wanted: [u8; 3]) {
    let Rgba([red, green, blue, _]) = *picture.to_rgba8().get_pixel(x, y);
    let found = [red, green, blue];
    let is_near = found.iter().zip(wanted).all(|(found, wanted)| found.abs_diff(wanted) < 30);
    assert!(is_near, "at {x}, {y}: {found:?}");
}

/// The keys of the only picture there is, the smallest first.
fn rungs(shop: &Shop) -> Vec<String> {
    let mut keys = shop.stored();
    keys.sort_by_key(|key| (key.len(), key.clone()));
    keys
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_photograph_of_a_phone_is_turned_and_forgets_where_it_was_taken() {
    let (shop, hr, lamp) = open().await;
    let original = photograph();
    assert!(original.windows(PLACE.len()).any(|part| part == PLACE.as_bytes()));
    upload(&hr, &lamp, "A lamp", &[("IMG_0001.JPG", &original)]).await.expect(303);
    let keys = rungs(&shop);
    assert_eq!(keys.len(), 3, "{keys:?}");
    for (key, (width, height)) in keys.iter().zip([(320, 427), (640, 854), (1280, 1707)]) {
        assert!(key.starts_with("products/") && key.ends_with(&format!("-{width}.webp")), "{key}");
        let bytes = shop.object(key);
        for memory in [PLACE.as_bytes(), b"Exif", b"EXIF", b"XMP ", b"ICCP"] {
            assert!(!bytes.windows(memory.len()).any(|part| part == memory), "{key} remembers");
        }
        let mut decoder = image::ImageReader::with_format(std::io::Cursor::new(bytes), ImageFormat::WebP)
            .into_decoder()
            .unwrap();
        assert_eq!(decoder.orientation().unwrap(), Orientation::NoTransforms);
        assert_eq!(decoder.exif_metadata().unwrap(), None);
        let picture = shown(&shop, key);
        assert_eq!((picture.width(), picture.height()), (width, height));
        // What was at the left is above, a quarter turn clockwise.
        let (left, right, top, bottom) = (width / 4, width * 3 / 4, height / 4, height * 3 / 4);
        looks_like(&picture, (left, top), BLUE);
        looks_like(&picture, (right, top), RED);
        looks_like(&picture, (left, bottom), YELLOW);
        looks_like(&picture, (right, bottom), GREEN);
    }
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn jpeg_png_and_webp_become_the_same_whatever_they_are_called() {
    let (shop, hr, lamp) = open().await;
    let files = [jpeg(700, 500), png(700, 500), webp(700, 500)];
    let named: Vec<_> = ["a.txt", "b.jpg", "c"].into_iter().zip(files.iter().map(Vec::as_slice)).collect();
    upload(&hr, &lamp, "A lamp", &named).await.expect(303);
    let keys = shop.stored();
    assert_eq!(keys.len(), 6, "{keys:?}");
    for key in keys {
        let picture = shown(&shop, &key);
        let size = if key.ends_with("-320.webp") { (448, 320) } else { (700, 500) };
        assert_eq!((picture.width(), picture.height()), size, "{key}");
        looks_like(&picture, (10, 10), RED);
        looks_like(&picture, (size.0 - 10, size.1 - 10), YELLOW);
    }
    let widths = "SELECT COUNT(*) FROM pictures WHERE widths = '320,500'";
    assert_eq!(shop.scalar(widths).await, 3, "the largest is as large as the picture itself");
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sixteen_bits_greys_and_four_inks_become_colours_of_eight_bits() {
    let (shop, hr, lamp) = open().await;
    let plain = quarters(40, 40);
    let pictures = [
        (file(&plain.to_rgb16().into(), ImageFormat::Png), RED),
        (file(&plain.to_luma16().into(), ImageFormat::Png), [75; 3]),
        (file(&plain.to_luma8().into(), ImageFormat::Jpeg), [75; 3]),
        (FOUR_INKS.to_vec(), [255, 0, 0]),
    ];
    for (number, (content, colour)) in pictures.iter().enumerate() {
        let alt = number.to_string();
        upload(&hr, &lamp, &alt, &[("a", content)]).await.expect(303);
        let id = "SELECT id FROM pictures WHERE alt = ?";
        let rows: Vec<String> = shop.stored();
        assert_eq!(rows.len(), number + 1);
        assert!(!shop.id_of(id, [alt.into()]).await.is_nil());
        let newest = newest(&shop, &rows);
        assert_eq!(newest.color(), ColorType::Rgb8);
        looks_like(&newest, (4, 4), *colour);
    }
    shop.close().await;
}

/// The object that was stored last.
fn newest(shop: &Shop, keys: &[String]) -> DynamicImage {
    let latest = keys.iter().max_by_key(|key| shop.stored_at(key)).unwrap();
    shown(shop, latest)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_transparent_stays_so() {
    let (shop, hr, lamp) = open().await;
    let mut drawing = quarters(800, 800).to_rgba8();
    for pixel in drawing.pixels_mut().filter(|pixel| pixel.0[..3] == BLUE) {
        pixel.0[3] = 0;
    }
    upload(&hr, &lamp, "A drawing", &[("a.png", &file(&drawing.into(), ImageFormat::Png))]).await.expect(303);
    for key in rungs(&shop) {
        let picture = shown(&shop, &key).to_rgba8();
        let edge = picture.width();
        assert_eq!(picture.get_pixel(edge / 4, edge * 3 / 4).0[3], 0, "{key}");
        assert_eq!(picture.get_pixel(edge / 4, edge / 4).0[3], 255, "{key}");
        looks_like(&picture.into(), (edge / 4, edge / 4), RED);
    }
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn wider_colours_of_a_phone_are_brought_to_those_of_the_web() {
    let (shop, hr, lamp) = open().await;
    let picture = image::RgbImage::from_pixel(64, 64, Rgb([200, 100, 100]));
    let mut bytes = Vec::new();
    let mut encoder = image::codecs::jpeg::JpegEncoder::new_with_quality(&mut bytes, 100);
    let profile = moxcms::ColorProfile::new_display_p3().encode().unwrap();
    image::ImageEncoder::set_icc_profile(&mut encoder, profile).unwrap();
    image::ImageEncoder::write_image(encoder, &picture, 64, 64, ColorType::Rgb8.into()).unwrap();
    upload(&hr, &lamp, "A lamp", &[("a.jpg", &bytes)]).await.expect(303);
    let Rgb([red, green, blue]) = *shown(&shop, &shop.stored()[0]).to_rgb8().get_pixel(32, 32);
    assert!(red > 210 && green < 98 && blue < 102, "{:?}", [red, green, blue]);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_stands_behind_or_beside_a_picture_is_gone() {
    let (shop, hr, lamp) = open().await;
    let tail = b"PK\x03\x04<html><script>alert(1)</script></html>";
    let polyglot = [jpeg(40, 40), tail.to_vec()].concat();
    upload(&hr, &lamp, "A lamp", &[("a.jpg.html", &polyglot)]).await.expect(303);
    let stored = shop.object(&shop.stored()[0]);
    assert!(!stored.windows(8).any(|part| part == b"<script>"), "the tail was kept");
    assert_eq!(&stored[..4], b"RIFF");
    shop.close().await;
}

/// A square in which no pixel follows from another, so many steps of brightness around the middle.
fn noise(edge: u32, steps: u8) -> Vec<u8> {
    let mut state = 1_u32;
    let mut step = || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        128 - steps / 2 + state.to_le_bytes()[1] % steps
    };
    let square = image::RgbImage::from_fn(edge, edge, |_, _| Rgb([step(), step(), step()]));
    file(&square.into(), ImageFormat::Png)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_picture_of_much_detail_is_written_less_well_and_one_of_too_much_is_refused() {
    let (shop, hr, lamp) = open().await;
    upload(&hr, &lamp, "Sand", &[("sand.png", &noise(1_280, 60))]).await.expect(303);
    let keys = rungs(&shop);
    assert_eq!(keys.len(), 3);
    for key in &keys {
        assert!(shown(&shop, key).width() >= 320);
    }
    let refused = upload(&hr, &lamp, "Snow", &[("snow.png", &noise(1_280, 250))]).await.expect(422);
    assert_eq!(
        refused.html().text_of("#files-error"),
        "“snow.png” has so much detail that it cannot be made small enough for a page."
    );
    assert_eq!(rungs(&shop), keys);
    shop.close().await;
}
