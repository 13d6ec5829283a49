//! The doors of the shop against everybody who may stand before them, compared with `doors.txt`, which a person has read
//! and agreed to: a new route, or a door that opens to somebody else, is a line that differs.
//!
//! A cell says what became of the request: `open`, `sign-in` (sent there), or the status of the refusal: 403, 404 (not
//! theirs, or not there). Methods that an address does not have are 405 to everybody, and reading changes nothing.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use awsomeshop::types::role::Role;
use reqwest::Method;

use super::forms::{FORMS, Senders, Sent, send};
use crate::access::{ROUTES, Scene};
use crate::support::answer::Answer;
use crate::support::browser::Browser;

const AGREED: &str = include_str!("doors.txt");
const METHODS: [&str; 8] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"];

/// Everybody who may stand before a door. Ann, whose things the addresses name, comes last: what she sends is done.
async fn visitors(senders: &Senders) -> Vec<(&'static str, Browser)> {
    let scene = &senders.scene;
    let shop = &scene.shop;
    let mut visitors = vec![("nobody", shop.browser())];
    let made_up = shop.browser();
    made_up.enter_with("a-token-that-was-never-given");
    visitors.push(("made-up", made_up));
    let gone = shop.person("gone").await;
    let browser = shop.browser_of(gone).await;
    shop.role(gone, Role::SuperAdmin).await;
    // Behind the shop's back, so that the session itself lives on.
    assert_eq!(shop.sql("UPDATE people SET is_active = FALSE WHERE id = ?", [gone.into()]).await, 1);
    visitors.push(("deactivated", browser));
    let other = shop.person("cleo").await;
    visitors.push(("employee", shop.browser_of(other).await));
    for role in Role::ALL {
        let person = shop.person(role.name()).await;
        shop.role(person, role).await;
        visitors.push((role.name(), shop.browser_of(person).await));
    }
    visitors.push(("owner", shop.browser_of(scene.ann).await));
    visitors
}

fn cell(answer: &Answer) -> String {
    match answer.status() {
        303 if answer.location().starts_with("/sign-in") => "sign-in".to_owned(),
        200 | 303 | 409 | 422 => "open".to_owned(),
        other => other.to_string(),
    }
}

/// Every method that an address does not have, by everybody.
async fn other_methods_are_refused(scene: &Scene, visitors: &[(&'static str, Browser)]) {
    for path in ROUTES.iter().map(|(_, path, ..)| *path).collect::<BTreeSet<_>>() {
        let has = |method: &str| {
            let asked = if method == "HEAD" { "GET" } else { method };
            ROUTES.iter().any(|(known, other, ..)| *known == asked && *other == path)
        };
        let address = scene.fill(path);
        for method in METHODS.iter().filter(|method| !has(method)) {
            for (name, browser) in visitors {
                let answer = browser.ask(method.parse().unwrap(), &address).send().await;
                assert_eq!(answer.status(), 405, "{method} {address} as {name}: {answer}");
            }
        }
    }
}

fn line(method: &str, path: &str, cells: &[String]) -> String {
    let mut line = format!("{method:<6} {path:<42}");
    for cell in cells {
        write!(line, " {cell:<11}").unwrap();
    }
    line.trim_end().to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_door_opens_to_whom_it_should_and_to_nobody_else() {
    let senders = Senders::set().await;
    let scene = &senders.scene;
    let visitors = visitors(&senders).await;
    let names: Vec<_> = visitors.iter().map(|(name, _)| (*name).to_owned()).collect();
    let mut lines = vec![line("", "", &names)];
    let before = scene.shop.contents().await;
    for (method, path, ..) in ROUTES.iter().filter(|(method, ..)| *method == "GET") {
        let address = scene.fill(path);
        let mut cells = Vec::new();
        for (name, browser) in &visitors {
            let told = cell(&browser.get(&address).await);
            browser.ask(Method::GET, &address).htmx("results").send().await;
            let head = browser.ask(Method::HEAD, &address).send().await;
            assert_eq!(cell(&head), told, "HEAD {address} as {name}");
            assert_eq!(head.body().len(), 0, "HEAD {address} as {name}");
            cells.push(told);
        }
        lines.push(line(method, path, &cells));
    }
    other_methods_are_refused(scene, &visitors).await;
    // A sign-in that has begun is remembered; nothing else may have changed.
    let changes = before.changes(&scene.shop.contents().await);
    assert!(changes.iter().all(|change| change.starts_with("+ sign_in_attempts: ")), "{changes:#?}");
    for form in FORMS {
        let Sent { path, fields, .. } = senders.honest(form).await;
        let mut cells = Vec::new();
        let mut before = scene.shop.contents().await;
        for (name, browser) in &visitors {
            let told = cell(&send(browser, &path, &fields).await);
            if told == "open" {
                before = scene.shop.contents().await;
            } else {
                scene.shop.assert_unchanged(&before, &format!("{} as {name}", form.path)).await;
            }
            cells.push(told);
        }
        lines.push(line("POST", form.path, &cells));
    }
    lines.push(String::new());
    let found = lines.join("\n");
    assert!(found == AGREED, "tests/it/security/doors.txt does not say what is so, which is\n{found}");
    senders.scene.shop.close().await;
}
