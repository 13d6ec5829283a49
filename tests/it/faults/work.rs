//! The program is killed while it works by itself: lots that end, letters that go out; and while it brings the schema up.

use std::collections::BTreeSet;
use std::net::TcpListener;
use std::time::{Duration, Instant};

use awsomeshop::dev::mailbox;
use secrecy::ExposeSecret;

use super::server::{Durability, Server};
use super::stage::Stage;
use super::{moments, rounds, some_time};
use crate::schema;
use crate::support::Folder;
use crate::support::database::{TestDatabase, asks_for_mysql};

/// How long work may take when nobody interrupts it any more: whoever was killed holds its lease or its letters for a while.
const DONE: Duration = Duration::from_mins(2);
/// People whose points lapse in one night.
const LAPSING: i64 = 40;

async fn until(what: &str, stage: &Stage, mut is_so: impl AsyncFnMut() -> bool) {
    let began = Instant::now();
    while !is_so().await {
        assert!(began.elapsed() < DONE, "{what}\n{}", stage.program.said());
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

/// C38: each lot ends once, however often the job is interrupted, and while people spend.
async fn lots_end_once(mut stage: Stage) {
    let mut moments = moments();
    let mut people = Vec::new();
    for index in 0..LAPSING {
        let person = stage.shop.person(&format!("lapsing{index}")).await;
        stage.shop.grant(person, 7, None).await;
        people.push(person);
    }
    // Not before the last of them has theirs.
    let soon = stage.shop.now().plus_seconds(10);
    for (person, points) in people.into_iter().zip(100..) {
        stage.shop.grant(person, points, Some(soon)).await;
    }
    while stage.shop.now() < soon {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let load = stage.load();
    for _ in 0..rounds() {
        let job = stage.program.command("job").arg("expire-points").spawn();
        some_time(&mut moments, 300).await;
        let mut job = job.unwrap();
        let _ended_by_itself = job.kill();
        job.wait().unwrap();
        stage.shop.sql("DELETE FROM leases", []).await;
    }
    stage.program.kill();
    stage.program.start().await;
    load.end().await;
    let expired = "SELECT COUNT(*) FROM transfers WHERE kind = 'expire'";
    until("the lots do not end", &stage, async || {
        assert!(stage.program.command("job").arg("expire-points").status().unwrap().success());
        stage.shop.scalar(expired).await >= LAPSING
    })
    .await;
    assert_eq!(stage.shop.scalar(expired).await, LAPSING);
    stage.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lots_end_once_however_often_the_job_is_killed() {
    if asks_for_mysql() {
        let server = Server::up(Durability::AsInProduction);
        Box::pin(lots_end_once(Stage::on(&server).await)).await;
    } else {
        Box::pin(lots_end_once(Stage::on_a_file().await)).await;
    }
}

/// C36: who is killed between sending a letter and noting it sends it again. Every letter arrives, and by its id whoever
/// receives it twice knows.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_letter_arrives_although_the_sender_is_killed() {
    let folder = Folder::new();
    let mailbox = mailbox::start(TcpListener::bind("127.0.0.1:0").unwrap(), &folder.0).unwrap();
    let mut stage = Stage::on_a_file().await;
    stage.program.set("SMTP_URL", mailbox.url());
    stage.program.set("SHOP_MAIL_FROM", "Shop <shop@example.test>".to_owned());
    stage.program.kill();
    stage.program.start().await;
    let mut moments = moments();
    let load = stage.load();
    for _ in 0..rounds() {
        some_time(&mut moments, 900).await;
        stage.program.kill();
        stage.program.start().await;
    }
    load.end().await;
    // As if the claims of those who were killed had run out.
    stage.shop.sql("UPDATE outbox_messages SET claimed_until = NULL WHERE done_at IS NULL", []).await;
    let waiting = "SELECT COUNT(*) FROM outbox_messages WHERE done_at IS NULL";
    until("letters wait", &stage, async || stage.shop.scalar(waiting).await == 0).await;
    assert_eq!(stage.shop.scalar("SELECT COUNT(*) FROM outbox_messages WHERE dead_at IS NOT NULL").await, 0);
    let mut arrived = BTreeSet::new();
    for file in std::fs::read_dir(&folder.0).unwrap() {
        let letter = std::fs::read_to_string(file.unwrap().path()).unwrap();
        let id = letter.lines().find_map(|line| line.strip_prefix("Message-ID: ")).unwrap().to_owned();
        arrived.insert(id);
    }
    let events = stage.shop.scalar("SELECT COUNT(*) FROM outbox_messages").await;
    assert_eq!(i64::try_from(arrived.len()).unwrap(), events, "each event has its letter");
    stage.close().await;
    mailbox.stop();
    folder.remove();
}

/// C31, C32: several at once, some of them killed; then one to its end. The schema is that of a single run.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_schema_comes_up_whoever_is_killed_on_the_way() {
    let stage = Stage::on_a_file().await;
    let mut moments = moments();
    let wanted = schema::written_down(stage.shop.database()).await;
    for _ in 0..rounds() {
        let empty = TestDatabase::create().await;
        let migrate = || {
            let mut command = stage.program.command("migrate");
            command.env("DATABASE_URL", empty.settings.url.expose_secret()).spawn().unwrap()
        };
        let (mut first, mut second) = (migrate(), migrate());
        some_time(&mut moments, 400).await;
        let _ended_by_itself = first.kill();
        first.wait().unwrap();
        some_time(&mut moments, 200).await;
        let _ended_by_itself = second.kill();
        second.wait().unwrap();
        let both = [migrate(), migrate()];
        for mut one in both {
            assert!(one.wait().unwrap().success());
        }
        assert_eq!(schema::written_down(&empty).await, wanted);
        empty.remove().await;
    }
    stage.close().await;
}
