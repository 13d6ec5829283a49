//! A mail server on loopback that keeps what it is given as files, one `.eml` a letter, for whoever wants to look.
//! The protocol is mailin's; here are only its sockets and its shelf. Nothing is sent on to anybody.

use std::io;
use std::net::{IpAddr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};

use mailin::{Action, Handler, Response, SessionBuilder, response};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::task::JoinHandle;
use uuid::Uuid;

/// The longest line a client may send.
const LONGEST_LINE: u64 = 64 * 1024;
/// The largest letter that is kept.
const LARGEST_LETTER: usize = 1024 * 1024;

/// The mailbox while it takes mail.
pub struct Mailbox {
    pub address: SocketAddr,
    server: JoinHandle<()>,
}

/// What one client is sending.
struct Letter {
    folder: PathBuf,
    bytes: Vec<u8>,
}

impl Handler for Letter {
    fn data_start(&mut self, _domain: &str, _from: &str, _is8bit: bool, _to: &[String]) -> Response {
        self.bytes.clear();
        response::OK
    }

    fn data(&mut self, part: &[u8]) -> io::Result<()> {
        // One byte too many is kept as the mark of a letter that is too large; it is refused where it ends, because
        // before that nobody listens for an answer.
        let room = (LARGEST_LETTER + 1).saturating_sub(self.bytes.len());
        self.bytes.extend(part.iter().take(room));
        Ok(())
    }

    fn data_end(&mut self) -> Response {
        if self.bytes.len() > LARGEST_LETTER {
            return response::NO_STORAGE;
        }
        match self.shelve() {
            Ok(()) => response::OK,
            Err(error) => {
                tracing::warn!(%error, "the mailbox cannot keep a letter");
                response::OUT_OF_SPACE
            }
        }
    }
}

impl Letter {
    /// Names begin with the time, so that the folder is in order; a letter is there when all of it is there.
    fn shelve(&self) -> io::Result<()> {
        let name = Uuid::now_v7();
        let unfinished = self.folder.join(format!("{name}.part"));
        std::fs::write(&unfinished, &self.bytes)?;
        std::fs::rename(unfinished, self.folder.join(format!("{name}.eml")))
    }
}

/// Takes mail on `listener` and puts it into `folder`.
///
/// # Errors
/// When the folder cannot be made or the listener not be used.
#[expect(clippy::disallowed_methods, reason = "the stand-in runs beside the shop")]
pub fn start(listener: TcpListener, folder: &Path) -> anyhow::Result<Mailbox> {
    std::fs::create_dir_all(folder)?;
    listener.set_nonblocking(true)?;
    let address = listener.local_addr()?;
    anyhow::ensure!(address.ip().is_loopback(), "the mailbox is for this machine only, not for {address}");
    let listener = tokio::net::TcpListener::from_std(listener)?;
    let folder = folder.to_owned();
    let server = tokio::spawn(async move {
        while let Ok((socket, from)) = listener.accept().await {
            let letter = Letter { folder: folder.clone(), bytes: Vec::new() };
            tokio::spawn(async move {
                if let Err(error) = converse(socket, from.ip(), letter).await {
                    tracing::debug!(%error, "a mail client left in the middle");
                }
            });
        }
    });
    Ok(Mailbox { address, server })
}

impl Mailbox {
    /// Where the shop sends its mail.
    #[must_use]
    pub fn url(&self) -> String {
        format!("smtp://{}", self.address)
    }

    /// Takes no more mail.
    pub fn stop(self) {
        self.server.abort();
    }
}

async fn converse(socket: TcpStream, from: IpAddr, letter: Letter) -> io::Result<()> {
    let mut session = SessionBuilder::new("mailbox").build(from, letter);
    let mut socket = BufReader::new(socket);
    socket.write_all(&session.greeting().buffer()?).await?;
    let mut line = Vec::new();
    loop {
        line.clear();
        if (&mut socket).take(LONGEST_LINE).read_until(b'\n', &mut line).await? == 0 {
            return Ok(());
        }
        let reply = session.process(&line);
        if reply.action != Action::NoReply {
            socket.write_all(&reply.buffer()?).await?;
        }
        // After a letter that could not be kept mailin would take what follows for more of it.
        if reply.action == Action::Close || (reply.is_error && line == b".\r\n") {
            return Ok(());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_letter_that_is_too_large_is_refused_and_not_kept() {
        let folder = std::env::temp_dir().join(format!("awsomeshop-mailbox-{}", Uuid::new_v4()));
        let mailbox = start(TcpListener::bind("127.0.0.1:0").unwrap(), &folder).unwrap();
        for (letter, answer) in [("..dot\r\n".to_owned(), "250 "), ("x\r\n".repeat(LARGEST_LETTER), "552 ")] {
            let mut client = TcpStream::connect(mailbox.address).await.unwrap();
            let envelope = "EHLO here\r\nMAIL FROM:<a@b.test>\r\nRCPT TO:<c@d.test>\r\nDATA\r\n";
            client.write_all(format!("{envelope}{letter}.\r\n").as_bytes()).await.unwrap();
            client.shutdown().await.unwrap();
            let mut answers = String::new();
            client.read_to_string(&mut answers).await.unwrap();
            assert!(answers.contains(&format!("\r\n{answer}")), "{answers}");
        }
        let kept: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|file| file.unwrap().path()).collect();
        assert_eq!(kept.len(), 1, "{kept:?}");
        assert_eq!(std::fs::read_to_string(&kept[0]).unwrap(), ".dot\r\n");
        mailbox.stop();
        std::fs::remove_dir_all(folder).unwrap();
    }
}
