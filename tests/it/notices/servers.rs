//! Mail servers that are there and not as they should be: too busy, too slow, never done with a letter.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use awsomeshop::server::jobs::Job;

use super::{DONE, LATER_S, shop_with_an_order};
use crate::support::Shop;

/// What a server does with a letter.
#[derive(Clone, Copy)]
enum Server {
    /// Greets with this.
    Greets(&'static str),
    /// Takes it and says so after this time.
    TakesAfter(Duration),
    /// Takes it and never says so.
    Unfinished,
}

/// Where it listens, and how many letters it has been given.
fn start(server: Server) -> (SocketAddr, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let letters = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&letters);
    std::thread::spawn(move || {
        for line in listener.incoming().flatten() {
            let counted = Arc::clone(&counted);
            std::thread::spawn(move || drop(converse(&line, server, &counted)));
        }
    });
    (address, letters)
}

fn converse(line: &TcpStream, server: Server, letters: &AtomicUsize) -> std::io::Result<()> {
    let answer = |words: &str| (&*line).write_all(format!("{words}\r\n").as_bytes());
    if let Server::Greets(words) = server {
        return answer(words);
    }
    answer("220 ready")?;
    let mut is_letter = false;
    for said in BufReader::new(line).lines() {
        match said?.as_str() {
            "." if is_letter => {
                is_letter = false;
                letters.fetch_add(1, Ordering::Relaxed);
                if let Server::TakesAfter(time) = server {
                    std::thread::sleep(time);
                    answer("250 taken")?;
                }
            }
            _ if is_letter => {}
            "DATA" => {
                is_letter = true;
                answer("354 go on")?;
            }
            "QUIT" => return answer("221 bye"),
            _ => answer("250 yes")?,
        }
    }
    Ok(())
}

async fn because(shop: &Shop, attempts: i64, reason: &str) -> i64 {
    let sql =
        "SELECT COUNT(*) FROM outbox_messages WHERE attempts = ? AND done_at IS NULL AND last_error = ?";
    shop.scalar_of(sql, [attempts.into(), reason.into()]).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_letter_that_a_server_does_not_finish_is_not_sent_again_for_ever() {
    let (address, letters) = start(Server::Unfinished);
    let (shop, _) = shop_with_an_order(&format!("smtp://{address}")).await;
    shop.job(Job::DeliverOutbox).await;
    let counted = because(&shop, 1, "the mail server answers but did not finish a letter in time").await;
    assert_eq!((counted, letters.load(Ordering::Relaxed)), (1, 1));
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_looks_at_a_letter_for_long_gets_it_once() {
    let (address, letters) = start(Server::TakesAfter(Duration::from_secs(8)));
    let (shop, _) = shop_with_an_order(&format!("smtp://{address}")).await;
    shop.job(Job::DeliverOutbox).await;
    assert_eq!((shop.scalar(DONE).await, letters.load(Ordering::Relaxed)), (1, 1));
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_too_busy_gives_up_no_letter_however_long_it_is() {
    for greeting in ["421 too busy", "432 too many of you", "454 too many at once"] {
        let (address, _) = start(Server::Greets(greeting));
        let (shop, _) = shop_with_an_order(&format!("smtp://{address}")).await;
        // Longer than any letter is tried.
        for _ in 0..12 {
            shop.job(Job::DeliverOutbox).await;
            shop.advance(LATER_S);
        }
        assert_eq!(because(&shop, 0, "mail is unavailable").await, 1, "{greeting}");
        shop.close().await;
    }
}
