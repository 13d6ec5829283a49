//! Files that cannot become pictures: each is told why, none leaves anything behind or takes more memory than it may.

use std::fs;

use super::files::{
    animated_webp, boasting_jpeg, boasting_png, endless_jpeg, jpeg, png, two_faced_webp, webp,
};
use super::*;

/// What all the refusals of one test may add to the program, with the files and their copies: 25 megapixels would be more.
const MOST_ADDED_KB: u64 = 160_000;

/// The sentence beside the field.
fn beside(answer: &Answer, field: &str) -> String {
    answer.html().text_of(&format!("#{field}-error"))
}

fn half(mut file: Vec<u8>) -> Vec<u8> {
    file.truncate(file.len() / 2);
    file
}

/// The most memory this program has had, in KB.
fn peak_kb() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|number| number.parse().ok()).unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_file_that_is_no_picture_is_told_why_and_nothing_is_kept() {
    let (shop, hr, lamp) = open().await;
    let unreadable = "“a” cannot be read: it is damaged or not complete.";
    let no_picture = "“a” is no JPEG, PNG or WebP picture, whatever its name says.";
    let pixels = |size: &str| {
        format!("“a” has {size} pixels. A picture can have 25 megapixels, and 16,000 pixels on a side.")
    };
    let svg =
        "<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>";
    let lawless = b"\x89PNG\r\n\x1a\n<html><script>alert(1)</script></html>".to_vec();
    let two_faced = two_faced_webp();
    let files: Vec<(&str, Vec<u8>, String)> = vec![
        ("empty", vec![], "“a” is empty.".to_owned()),
        ("11 MB", [jpeg(8, 8), vec![0; 11_000_000]].concat(), "“a” is larger than 10 MB.".to_owned()),
        ("a page", b"<!doctype html><script>alert(1)</script>".to_vec(), no_picture.to_owned()),
        ("SVG", svg.as_bytes().to_vec(), no_picture.to_owned()),
        ("GIF", b"GIF89a\x01\0\x01\0\0\0\0;".to_vec(), no_picture.to_owned()),
        ("a program", b"MZ\x90\0".to_vec(), no_picture.to_owned()),
        ("an archive", b"PK\x03\x04".to_vec(), no_picture.to_owned()),
        ("a page after the first bytes of a PNG", lawless, unreadable.to_owned()),
        ("half a JPEG", half(jpeg(400, 400)), unreadable.to_owned()),
        ("half a PNG", half(png(400, 400)), unreadable.to_owned()),
        ("half a WebP", half(webp(400, 400)), unreadable.to_owned()),
        ("a PNG of 50,000 × 50,000", boasting_png(50_000, 50_000), pixels("50,000 × 50,000")),
        ("a PNG of 5,001 × 5,000", boasting_png(5_001, 5_000), pixels("5,001 × 5,000")),
        ("a PNG that is one line", boasting_png(16_001, 1), pixels("16,001 × 1")),
        ("a PNG with next to nothing in it", boasting_png(5_000, 5_000), unreadable.to_owned()),
        ("a JPEG of 65,000 × 65,000", boasting_jpeg(65_000, 65_000), pixels("65,000 × 65,000")),
        ("a JPEG without an end", endless_jpeg(), unreadable.to_owned()),
        ("a WebP that is larger inside", two_faced, unreadable.to_owned()),
        ("an animated WebP", animated_webp(), "“a” is animated. Please choose a still picture.".to_owned()),
    ];
    let before = shop.contents().await;
    let peak = peak_kb();
    for (what, content, sentence) in &files {
        let answer = upload(&hr, &lamp, "A lamp", &[("a", content)]).await.expect(422);
        assert_eq!(&beside(&answer, "files"), sentence, "{what}");
        let html = answer.html();
        assert_eq!(html.attribute("input[name=alt]", "value").as_deref(), Some("A lamp"), "{what}");
        let told = html.attribute("input[type=file]", "aria-describedby").unwrap();
        assert!(told.contains("files-error"), "{told}");
    }
    let added = peak_kb() - peak;
    assert!(added < MOST_ADDED_KB, "{added} KB more");
    shop.assert_unchanged(&before, "a file that is no picture").await;
    assert_eq!(shop.stored(), [""; 0]);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_bad_file_keeps_the_good_ones_out_and_every_bad_one_is_named() {
    let (shop, hr, lamp) = open().await;
    let before = shop.contents().await;
    let good = png(40, 40);
    let files: [(&str, &[u8]); 3] = [("good.png", &good), ("text.png", b"text"), ("none.png", b"")];
    let answer = upload(&hr, &lamp, "A lamp", &files).await.expect(422);
    assert_eq!(
        beside(&answer, "files"),
        "“text.png” is no JPEG, PNG or WebP picture, whatever its name says. “none.png” is empty."
    );
    shop.assert_unchanged(&before, "a bad file among good ones").await;
    assert_eq!(shop.stored(), [""; 0]);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_name_of_a_file_is_words_and_nothing_else() {
    let (shop, hr, lamp) = open().await;
    let answer = upload(&hr, &lamp, "A lamp", &[("<script>alert(1)</script>", b"text")]).await.expect(422);
    assert!(!answer.text().contains("<script>alert(1)"), "{answer}");
    assert!(beside(&answer, "files").starts_with("“<script>alert(1)</script>” is no"), "{answer}");
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_picture_needs_its_file_and_its_words() {
    let (shop, hr, lamp) = open().await;
    let (before, good) = (shop.contents().await, png(40, 40));
    let silent = upload(&hr, &lamp, " \t ", &[("a.png", &good)]).await.expect(422);
    assert_eq!(beside(&silent, "alt"), "Please fill this in.");
    assert!(!silent.html().has("#files-error"), "the file is all right");
    let long = upload(&hr, &lamp, &"ä".repeat(251), &[("a.png", &good)]).await.expect(422);
    assert_eq!(beside(&long, "alt"), "Please keep this to 250 characters.");
    let none = upload(&hr, &lamp, "A lamp", &[]).await.expect(422);
    assert_eq!(beside(&none, "files"), "Please fill this in.");
    // An empty file input.
    let empty = upload(&hr, &lamp, "A lamp", &[("", b"")]).await.expect(422);
    assert_eq!(beside(&empty, "files"), "Please fill this in.");
    hr.post(&pictures_of(&lamp), &[("alt", "A lamp")]).await.expect(400);
    shop.assert_unchanged(&before, "half a form").await;
    assert_eq!(shop.stored(), [""; 0]);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn more_than_a_form_may_bring_is_refused_before_it_is_read() {
    let (shop, hr, lamp) = open().await;
    let before = shop.contents().await;
    let heavy = vec![0; 9_000_000];
    let files: [(&str, &[u8]); 3] = [("a", &heavy), ("b", &heavy), ("c", &heavy)];
    upload(&hr, &lamp, "A lamp", &files).await.expect(413);
    shop.assert_unchanged(&before, "too much at once").await;
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_seventh_picture_finds_no_room() {
    let (shop, hr, lamp) = open().await;
    let good = png(40, 40);
    let seven = [("a.png", good.as_slice()); 7];
    let answer = upload(&hr, &lamp, "A lamp", &seven).await.expect(422);
    let sentence = |there: &str| format!("A product can have 6 pictures: there is room for {there} more.");
    assert_eq!(beside(&answer, "files"), sentence("6"));
    upload(&hr, &lamp, "A lamp", &seven[..5]).await.expect(303);
    let answer = upload(&hr, &lamp, "A lamp", &seven[..2]).await.expect(422);
    assert_eq!(beside(&answer, "files"), sentence("one"));
    upload(&hr, &lamp, "A lamp", &seven[..1]).await.expect(303);
    let full = page(&hr, &lamp).await;
    assert!(!full.has("input[type=file]"));
    assert!(full.text_of("main").contains("There are 6 pictures, as many as a product can have."));
    let answer = upload(&hr, &lamp, "A lamp", &seven[..1]).await.expect(422);
    assert_eq!(beside(&answer, "files"), "There are 6 pictures already, as many as a product can have.");
    assert_eq!(shop.stored().len(), 6);
    shop.close().await;
}
