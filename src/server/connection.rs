//! The patience of a connection. The framework bounds the first head of a connection and its idle time, no more: here a
//! later head that trickles in, a body nobody waits for any more, and a reader who takes nothing end their connection.

use std::cell::Cell;
use std::io;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep_until};

/// How long what comes between two requests may take to become a request. The first head has less and is answered 408.
const HEAD_TIMEOUT: Duration = Duration::from_secs(6);
/// How long nothing may happen between two requests: a little more than the framework's own keep-alive, which is politer.
const IDLE_TIMEOUT: Duration = Duration::from_secs(80);
/// How long a connection stays after its last answer.
const FAREWELL: Duration = Duration::from_secs(2);
/// How much a reader must take within this time, once the answer does not fit into the network any more: 2 KB a second.
const READER_WINDOW: Duration = Duration::from_secs(20);
const READER_BYTES: usize = 40 * 1024;

/// What is known of a connection besides its bytes; the layers of its requests tell.
pub struct Pace {
    working: Cell<u32>,
    /// Since when no request runs.
    idle_since: Cell<Instant>,
    /// Whether no further request can come.
    is_over: Cell<bool>,
    /// When the bytes that came between two requests must have become one.
    head_by: Cell<Option<Instant>>,
}

/// A request of the connection runs until this is dropped.
pub struct Working(Rc<Pace>);

/// A connection that does not wait for ever.
pub struct Paced<T> {
    io: T,
    pace: Rc<Pace>,
    /// While the network takes no more of an answer: since when, and what it has taken since.
    blocked: Option<(Instant, usize)>,
    timer: Option<Pin<Box<Sleep>>>,
}

impl Pace {
    /// A request begins.
    #[must_use]
    pub fn begin(self: &Rc<Self>) -> Working {
        self.working.set(self.working.get() + 1);
        self.head_by.set(None);
        Working(Rc::clone(self))
    }

    /// When the client has had its time, if it is its turn.
    fn deadline(&self) -> Option<Instant> {
        if self.working.get() > 0 {
            return None;
        }
        if self.is_over.get() {
            return Some(self.idle_since.get() + FAREWELL);
        }
        Some(self.head_by.get().unwrap_or_else(|| self.idle_since.get() + IDLE_TIMEOUT))
    }
}

impl Working {
    /// What the client still sends belongs to nothing: the connection ends when the answer has had time to arrive.
    pub fn is_the_last(&self) {
        self.0.is_over.set(true);
    }
}

impl Drop for Working {
    fn drop(&mut self) {
        self.0.working.set(self.0.working.get().saturating_sub(1));
        self.0.idle_since.set(Instant::now());
    }
}

impl<T> Paced<T> {
    pub fn new(io: T) -> Self {
        let pace = Pace {
            working: Cell::new(0),
            idle_since: Cell::new(Instant::now()),
            is_over: Cell::new(false),
            head_by: Cell::new(None),
        };
        Self { io, pace: Rc::new(pace), blocked: None, timer: None }
    }

    #[must_use]
    pub fn pace(&self) -> Rc<Pace> {
        Rc::clone(&self.pace)
    }

    /// An error when somebody has had their time; otherwise the task is woken when it may be so.
    fn watch(&mut self, cx: &mut Context<'_>) -> io::Result<()> {
        loop {
            let deadline = match self.blocked {
                Some((since, _)) => Some(since + READER_WINDOW),
                None => self.pace.deadline(),
            };
            let Some(deadline) = deadline else { return Ok(()) };
            if deadline > Instant::now() {
                let timer = self.timer.get_or_insert_with(|| Box::pin(sleep_until(deadline)));
                // A timer that rings early is set again then; setting it at every byte would cost more.
                if timer.deadline() > deadline || timer.is_elapsed() {
                    timer.as_mut().reset(deadline);
                }
                if timer.as_mut().poll(cx).is_pending() {
                    return Ok(());
                }
                continue;
            }
            match self.blocked {
                Some((_, taken)) if taken >= READER_BYTES => self.blocked = Some((Instant::now(), 0)),
                _ => return Err(io::ErrorKind::TimedOut.into()),
            }
        }
    }

    fn note_written(&mut self, written: &Poll<io::Result<usize>>) {
        match (written, &mut self.blocked) {
            (Poll::Ready(Ok(bytes)), Some((_, taken))) => *taken += bytes,
            (Poll::Pending, None) => self.blocked = Some((Instant::now(), 0)),
            _ => {}
        }
    }
}

impl<T: AsyncRead + Unpin> AsyncRead for Paced<T> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.io).poll_read(cx, buffer);
        if read.is_ready() && buffer.filled().len() > before && self.pace.working.get() == 0 {
            let head_by = self.pace.head_by.get().unwrap_or_else(|| Instant::now() + HEAD_TIMEOUT);
            self.pace.head_by.set(Some(head_by));
        }
        self.watch(cx)?;
        read
    }
}

impl<T: AsyncWrite + Unpin> AsyncWrite for Paced<T> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.io).poll_write(cx, bytes);
        self.note_written(&written);
        self.watch(cx)?;
        written
    }

    /// Called when everything was taken.
    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(Pin::new(&mut self.io).poll_flush(cx))?;
        if self.blocked.take().is_some() {
            self.pace.idle_since.set(Instant::now());
        }
        self.watch(cx)?;
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_shutdown(cx)
    }
}
