//! What a small task has of memory is enough, whoever sends how much of what at once.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use actix_web::web::Bytes;
use awsomeshop::types::role::{Desk, Role};
use futures::future::join_all;
use reqwest::Method;

use crate::process::Program;
use crate::support::browser::{FILES, with_files};
use crate::support::{Shop, raw};

const UPLOADS: usize = 24;
const FILE_BYTES: usize = 12_000_000;
/// 70 percent of the smallest task, which has 512 MB.
const MEMORY_LIMIT_MB: usize = 358;
const LOOK_EVERY: Duration = Duration::from_millis(5);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn large_uploads_at_once_of_whoever_find_the_room_there_is_and_no_more() {
    let shop = Shop::open().await;
    let program = Program::alone(&shop, &[]).await;
    let lamp = shop.product("Desk lamp", 10, 10).await;
    let person = shop.person("hr").await;
    shop.role(person, Role::Desk(Desk::Products)).await;
    let hr = program.browser_of(&shop, person).await.impatient();
    // Nobody knows whose session it is before the body is here.
    let stranger = shop.browser_at(&program.origin).impatient();
    stranger.enter_with("made-up");
    let target = format!("/hr/products/{}/pictures", lamp.id);
    let file = vec![b'x'; FILE_BYTES];
    let files = [("files", "one.png", file.as_slice()), ("files", "two.png", file.as_slice())];
    // Made once: whoever connected and then copied for seconds would be taken for a slow one.
    let body = Bytes::from(with_files(&[("alt", "A lamp")], &files));
    hr.get("/hr/products").await.expect(200);
    let (before, _) = program.memory_mb();

    let (is_over, peak) = (AtomicBool::new(false), AtomicUsize::new(before));
    let look = async {
        while !is_over.load(Ordering::Relaxed) {
            peak.fetch_max(program.memory_mb().0, Ordering::Relaxed);
            tokio::time::sleep(LOOK_EVERY).await;
        }
    };
    let send = async {
        let uploads = (0..UPLOADS).map(|index| {
            let browser = if index % 2 == 0 { &hr } else { &stranger };
            browser.ask(Method::POST, &target).shared_body(FILES, body.clone()).send()
        });
        let answers = join_all(uploads).await;
        is_over.store(true, Ordering::Relaxed);
        answers
    };
    let (answers, ()) = futures::join!(send, look);
    let mut by_status: BTreeMap<u16, usize> = BTreeMap::new();
    for answer in &answers {
        *by_status.entry(answer.status()).or_default() += 1;
        assert_eq!(answer.status() == 503, answer.header("retry-after").is_some(), "{answer}");
    }
    let peak = peak.into_inner();
    eprintln!("{UPLOADS} uploads of 24 MB: {by_status:?}; memory {before} MB, at most {peak} MB");
    // No pictures; of nobody's; no room.
    assert!(by_status.keys().all(|status| [422, 303, 503].contains(status)), "{by_status:?}");
    assert!(by_status.contains_key(&503), "there was room for all: {by_status:?}");
    assert!(peak <= MEMORY_LIMIT_MB, "{peak} MB");
    assert_eq!(raw::get(program.address, "/health", None).await.status, 200);
    // All of the room is there again.
    hr.upload(&target, &[("alt", "A lamp")], &files).await.expect(422);
    drop(program);
    shop.close().await;
}
