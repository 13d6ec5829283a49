//! Who may do what: every route of the shop, tried by everyone.
//!
//! [`ROUTES`] is the list a person has read and agreed to. A route without a row fails here, and so does a row without a
//! route; so nobody opens a door by accident. Every refused write also proves that no row changed.

mod disguise;
mod hr;
pub mod runs;
mod scene;

use std::collections::BTreeSet;
use std::sync::LazyLock;

use awsomeshop::server::routes;
use awsomeshop::types::role::{Desk, Role};
use awsomeshop::urls;
use awsomeshop::web::route::Who::{self, Anyone, Employee, Hr};
use reqwest::Method;

use crate::support::answer::Answer;
use crate::support::browser::Browser;

pub use scene::Scene;

use Whose::{Everyones, Owners};

/// Whether an address names a thing that belongs to one person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    Everyones,
    /// To anybody but its owner it is not there.
    Owners,
}

/// A route: method, address, who may call it, and whose thing its address names.
pub type Row = (&'static str, &'static str, Who, Whose);

/// Every route there is.
pub static ROUTES: LazyLock<Vec<Row>> = LazyLock::new(|| {
    [OPEN, hr::OVERVIEW, hr::POINTS, hr::PRODUCTS, hr::ORDERS, hr::PEOPLE, hr::REPORTS, hr::AUDIT].concat()
});

/// What belongs to no desk.
const OPEN: &[Row] = &[
    ("GET", "/", Employee, Everyones),
    ("GET", "/products/{slug}", Employee, Everyones),
    ("GET", "/cart", Employee, Everyones),
    ("POST", "/cart/lines", Employee, Everyones),
    ("POST", "/cart/lines/{product}", Employee, Owners),
    ("POST", "/cart/lines/{product}/removal", Employee, Everyones),
    ("GET", "/checkout", Employee, Everyones),
    ("POST", "/checkout", Employee, Everyones),
    ("GET", "/orders", Employee, Everyones),
    ("GET", "/orders/{number}", Employee, Owners),
    ("POST", "/orders/{number}/cancellation", Employee, Owners),
    ("POST", "/orders/{number}/codes/{id}/reveal", Employee, Owners),
    ("GET", "/points", Employee, Everyones),
    ("GET", "/points.csv", Employee, Everyones),
    ("GET", "/addresses", Employee, Everyones),
    ("POST", "/addresses", Employee, Everyones),
    ("GET", "/addresses/new", Employee, Everyones),
    ("POST", "/addresses/{id}", Employee, Owners),
    ("GET", "/addresses/{id}/edit", Employee, Owners),
    ("POST", "/addresses/{id}/default", Employee, Owners),
    ("POST", "/addresses/{id}/removal", Employee, Owners),
    ("GET", "/sign-in", Anyone, Everyones),
    ("GET", "/sign-in/callback", Anyone, Everyones),
    ("POST", "/sign-out", Anyone, Everyones),
    ("GET", "/signed-out", Anyone, Everyones),
    ("GET", "/health", Anyone, Everyones),
    ("GET", "/static/{name:.*}", Anyone, Everyones),
];

/// Fields that fit every form of the shop, so that a write which is let in would really write.
const FILLED_IN: &[(&str, &str)] = &[
    ("quantity", "2"),
    ("recipient", "Mallory"),
    ("line1", "Elsewhere 1"),
    ("line2", ""),
    ("postcode", "10115"),
    ("city", "Berlin"),
    ("region", ""),
    ("country", "DE"),
    ("phone", ""),
    ("next", ""),
];

impl Scene {
    /// Calls a route as its caller would, with Ann's things in the address and every form filled in.
    async fn call(&self, browser: &Browser, method: &str, path: &str) -> Answer {
        if method == "GET" { browser.get(path).await } else { browser.post(path, FILLED_IN).await }
    }
}

fn guarded() -> impl Iterator<Item = Row> {
    ROUTES.iter().copied().filter(|(_, _, who, _)| *who != Anyone)
}

#[test]
fn every_route_is_in_the_list_and_every_row_of_the_list_is_a_route() {
    let line = |method: &str, path: &str, who: Who| format!("{method} {path} {who:?}");
    let known: BTreeSet<_> = ROUTES.iter().map(|(method, path, who, _)| line(method, path, *who)).collect();
    let served = routes::table();
    let table: BTreeSet<_> =
        served.iter().map(|route| line(route.method.as_str(), route.path, route.who)).collect();
    assert_eq!(table.difference(&known).collect::<Vec<_>>(), [""; 0], "routes that nobody has agreed to");
    assert_eq!(known.difference(&table).collect::<Vec<_>>(), [""; 0], "rows without a route");
    assert_eq!(served.len(), ROUTES.len(), "a route or a row is there twice");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_not_signed_in_is_sent_to_the_sign_in_and_changes_nothing() {
    let scene = Scene::set().await;
    is_turned_away(&scene, &scene.shop.browser(), "nobody").await;
    let stranger = scene.shop.browser();
    stranger.enter_with("a-token-that-was-never-given");
    is_turned_away(&scene, &stranger, "an unknown session").await;
    scene.shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_was_deactivated_is_out_at_the_next_request_and_changes_nothing() {
    let scene = Scene::set().await;
    let browser = scene.shop.browser_of(scene.ann).await;
    browser.get("/orders").await.expect(200);
    scene.shop.role(scene.ann, Role::SuperAdmin).await;
    // Behind the shop's back, so that the session itself lives on.
    let sql = "UPDATE people SET is_active = FALSE WHERE id = ?";
    assert_eq!(scene.shop.sql(sql, [scene.ann.into()]).await, 1);
    is_turned_away(&scene, &browser, "a deactivated person").await;
    scene.shop.close().await;
}

async fn is_turned_away(scene: &Scene, browser: &Browser, visitor: &str) {
    let before = scene.shop.contents().await;
    for (method, pattern, _, _) in guarded() {
        let path = scene.fill(pattern);
        let what = format!("{method} {path} as {visitor}");
        // After signing in a page goes on; a form that was lost on the way is not sent again.
        let sign_in = if method == "GET" { urls::sign_in(&path) } else { urls::sign_in_after_form() };
        let answer = scene.call(browser, method, &path).await;
        assert_eq!((answer.status(), answer.location()), (303, sign_in.as_str()), "{what}");
        assert_eq!(answer.text(), "", "{what}");
        let method: Method = method.parse().unwrap();
        let swap = browser.ask(method.clone(), &path).htmx("results").form(FILLED_IN).send().await;
        assert_eq!(
            (swap.status(), swap.header("hx-redirect")),
            (200, Some(sign_in.as_str())),
            "{what} by htmx"
        );
        assert_eq!(swap.text(), "", "{what} by htmx");
        if method == Method::GET {
            let head = browser.ask(Method::HEAD, &path).send().await;
            assert_eq!((head.status(), head.location()), (303, sign_in.as_str()), "HEAD {what}");
        }
    }
    scene.shop.assert_unchanged(&before, visitor).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everyone_may_open_what_is_open() {
    let scene = Scene::set().await;
    let before = scene.shop.contents().await;
    let browser = scene.shop.browser();
    for (path, status) in
        [("/health", 200), ("/signed-out", 200), ("/static/js/shop.js", 200), ("/sign-in", 303)]
    {
        let answer = browser.get(path).await;
        assert_eq!(answer.status(), status, "{path}");
        assert_ne!(answer.header("location"), Some("/sign-in"), "{path}");
    }
    let changes = before.changes(&scene.shop.contents().await);
    let tables: Vec<_> = changes.iter().filter_map(|change| change.split(':').next()).collect();
    assert_eq!(tables, ["+ sign_in_attempts"], "only /sign-in remembers that somebody has begun");
    scene.shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_employee_opens_their_own_pages_and_no_desk() {
    let scene = Scene::set().await;
    let browser = scene.shop.browser_of(scene.ann).await;
    let before = scene.shop.contents().await;
    for (method, pattern, who, _) in guarded() {
        let path = scene.fill(pattern);
        if who == Employee && method == "GET" {
            assert_eq!(browser.get(&path).await.status(), 200, "{path}");
            assert_eq!(browser.ask(Method::HEAD, &path).send().await.status(), 200, "HEAD {path}");
        }
        if who != Employee {
            assert_eq!(scene.call(&browser, method, &path).await.status(), 403, "{method} {path}");
        }
    }
    scene.shop.assert_unchanged(&before, "reading, or what was refused,").await;
    scene.shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_belongs_to_somebody_else_is_not_there() {
    let scene = Scene::set().await;
    let ben = scene.shop.person("ben").await;
    let hal = scene.shop.person("hal").await;
    scene.shop.role(hal, Role::SuperAdmin).await;
    for (person, name) in [(ben, "another employee"), (hal, "a super admin")] {
        let browser = scene.shop.browser_of(person).await;
        let before = scene.shop.contents().await;
        for (method, pattern, ..) in guarded().filter(|row| row.3 == Owners) {
            let path = scene.fill(pattern);
            let theirs = scene.call(&browser, method, &path).await;
            assert_eq!(theirs.status(), 404, "{method} {path} as {name}: {theirs}");
            // Nobody learns from the answer whether there is such a thing at all.
            let nothing = scene.call(&browser, method, &scene.fill_with_nothing(pattern)).await;
            assert_eq!(nothing.status(), 404, "{method} {pattern} with nothing");
            assert_eq!(told(&theirs), told(&nothing), "{method} {path} as {name}");
        }
        // A cart line is named by its product, so this means the caller's own, which is not there to be taken out.
        let removal = scene.fill("/cart/lines/{product}/removal");
        assert_eq!(scene.call(&browser, "POST", &removal).await.location(), "/cart");
        scene.shop.assert_unchanged(&before, name).await;
    }
    scene.shop.close().await;
}

/// What an error page says, without the id of the request.
fn told(answer: &Answer) -> String {
    answer.text().replace(answer.header("x-request-id").unwrap(), "")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_desk_opens_its_own_doors_and_no_others() {
    let scene = Scene::set().await;
    for role in Role::ALL {
        let person = scene.shop.person(role.name()).await;
        scene.shop.role(person, role).await;
        let browser = scene.shop.browser_of(person).await;
        let mut before = scene.shop.contents().await;
        for (method, pattern, who, _) in guarded() {
            if who == Employee {
                continue;
            }
            let path = scene.fill(pattern);
            let answer = scene.call(&browser, method, &path).await;
            let (status, location) = (answer.status(), answer.header("location").unwrap_or_default());
            let is_open = match who {
                Hr(desk) => role.opens(desk),
                _ => true,
            };
            if is_open {
                assert!(![401, 403].contains(&status), "{method} {path} as {role}: {status}");
                assert!(!location.starts_with("/sign-in"), "{method} {path} as {role}: to {location}");
                before = scene.shop.contents().await;
            } else {
                assert_eq!(status, 403, "{method} {path} as {role}");
                scene.shop.assert_unchanged(&before, role.name()).await;
            }
        }
        // A desk is a duty, not a person: at every other place its people are employees like all.
        browser.get("/cart").await.expect(200);
    }
    scene.shop.close().await;
}

#[test]
fn separate_duties_stay_separate() {
    let desks = [Desk::Points, Desk::Products, Desk::Orders, Desk::People, Desk::Reports, Desk::Audit];
    for desk in desks {
        let opens: Vec<_> = desks.into_iter().filter(|other| Role::Desk(desk).opens(*other)).collect();
        assert_eq!(opens, [desk]);
        assert!(Role::SuperAdmin.opens(desk));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_method_that_is_not_in_the_list_is_refused_as_such() {
    let scene = Scene::set().await;
    let browser = scene.shop.browser_of(scene.ann).await;
    let before = scene.shop.contents().await;
    let paths: BTreeSet<_> = ROUTES.iter().map(|(_, path, ..)| *path).collect();
    for pattern in paths {
        let path = scene.fill(pattern);
        let mut allowed: Vec<_> =
            ROUTES.iter().filter(|(_, known, ..)| *known == pattern).map(|(method, ..)| *method).collect();
        if allowed.contains(&"GET") {
            allowed.push("HEAD");
        }
        for method in ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"] {
            if !allowed.contains(&method) {
                let answer = browser.ask(method.parse().unwrap(), &path).send().await;
                assert_eq!(answer.status(), 405, "{method} {path}");
                let told: BTreeSet<_> = answer.header("allow").unwrap().split(", ").collect();
                assert_eq!(told, allowed.iter().copied().collect(), "{method} {path}");
            }
        }
    }
    scene.shop.assert_unchanged(&before, "a wrong method").await;
    scene.shop.close().await;
}
