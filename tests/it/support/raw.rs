//! Requests byte by byte, for what no browser would send: addresses that are not tidied up, heads that are not in order.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::browser::{MOST_TRIES, pauses};

/// An answer as it came.
#[derive(Debug)]
pub struct RawAnswer {
    pub status: u16,
    pub head: String,
    pub body: String,
}

/// Sends `GET {target}` to the letter, with `cookie` when there is one; again if told to.
pub async fn get(address: SocketAddr, target: &str, cookie: Option<&str>) -> RawAnswer {
    let cookie = cookie.map(|cookie| format!("Cookie: {cookie}\r\n")).unwrap_or_default();
    let request = format!("GET {target} HTTP/1.1\r\nHost: {address}\r\n{cookie}Connection: close\r\n\r\n");
    for pause in pauses(MOST_TRIES) {
        let answer = send(address, &request).await;
        if answer.status != 503 || !answer.head.contains("retry-after:") {
            return answer;
        }
        tokio::time::sleep(pause).await;
    }
    send(address, &request).await
}

/// Sends these bytes and reads until the shop hangs up.
pub async fn send(address: SocketAddr, request: &str) -> RawAnswer {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).await.unwrap();
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let (head, body) =
        text.split_once("\r\n\r\n").unwrap_or_else(|| panic!("{request:?}: no answer but {text:?}"));
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
    RawAnswer { status: status.unwrap(), head: head.to_lowercase(), body: body.to_owned() }
}

/// Sends these bytes and hangs up at once, by a reset, without waiting for an answer.
pub async fn send_and_hang_up(address: SocketAddr, request: &str) {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.set_zero_linger().unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
}
