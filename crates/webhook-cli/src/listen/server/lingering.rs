//! Closing a connection without losing the answer.
//!
//! Closing a socket with unread bytes resets the connection, and a reset can overtake the answer. A sender whose body
//! was rejected halfway would get a broken pipe instead of the 413.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Sleep, sleep};

/// How long a sender may continue to send after its answer.
const LONGEST: Duration = Duration::from_secs(2);

/// How many bytes a sender may send after its answer.
const MAX_BYTES: usize = 16 * 1024 * 1024;

pub(super) struct Lingering<S> {
    stream: S,
    lingers: Arc<AtomicBool>,
    closing: Option<Closing>,
}

/// Our side is closed, and further input is discarded.
struct Closing {
    deadline: Pin<Box<Sleep>>,
    discarded: usize,
}

impl<S> Lingering<S> {
    pub(super) fn new(stream: S) -> Self {
        Self { stream, lingers: Arc::default(), closing: None }
    }

    /// Whether to linger when the connection is closed. Only if input may be unread, because lingering for an idle
    /// client would delay the shutdown.
    pub(super) fn switch(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.lingers)
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncRead for Lingering<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Lingering<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let Self { stream, lingers, closing } = &mut *self;
        if closing.is_none() {
            ready!(Pin::new(&mut *stream).poll_shutdown(context))?;
            if lingers.load(Ordering::Relaxed) {
                *closing = Some(Closing { deadline: Box::pin(sleep(LONGEST)), discarded: 0 });
            }
        }
        let Some(closing) = closing else {
            return Poll::Ready(Ok(()));
        };
        let mut scratch = [0; 16 * 1024];
        while closing.discarded < MAX_BYTES && closing.deadline.as_mut().poll(context).is_pending() {
            let mut buffer = ReadBuf::new(&mut scratch);
            // Stop at the end of the input, or at an error.
            match ready!(Pin::new(&mut *stream).poll_read(context, &mut buffer)) {
                Ok(()) if !buffer.filled().is_empty() => closing.discarded += buffer.filled().len(),
                Ok(()) | Err(_) => break,
            }
        }
        Poll::Ready(Ok(()))
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, bytes)
    }
}
