//! What the rows send, and how they learn what was processed.

use std::cell::Cell;
use std::pin::Pin;
use std::thread;
use std::time::{Duration, Instant};

use futures_channel::oneshot;
use webhook_core::Secret;
use webhook_core::samples::Sample;

/// The settings of a [`Bench`](crate::Bench).
pub(crate) struct Setup<'a, W: 'static> {
    pub(crate) samples: &'static [Sample<W>],
    pub(crate) secret: Secret,
    pub(crate) path: String,
    pub(crate) max_body_bytes: usize,
    pub(crate) count: Option<Count<'a>>,
    pub(crate) settle: Duration,
    /// The number of bodies that were made unique.
    pub(crate) fresh: Cell<u32>,
}

pub(crate) type Count<'a> = Box<dyn Fn() -> Pin<Box<dyn Future<Output = usize> + 'a>> + 'a>;

impl<W> Setup<'_, W> {
    /// The number of processed deliveries so far; `None` if they are not counted.
    pub(crate) async fn count(&self) -> Option<usize> {
        match &self.count {
            Some(count) => Some(count().await),
            None => None,
        }
    }

    /// The count, as soon as it has reached a number or the time for processing has passed.
    pub(crate) async fn count_up_to(&self, expected: usize) -> Option<usize> {
        let start = Instant::now();
        loop {
            let count = self.count().await?;
            if count >= expected || start.elapsed() >= self.settle {
                return Some(count);
            }
            sleep(POLL).await;
        }
    }

    /// The count, after it has not changed for the time that processing may take.
    pub(crate) async fn count_settled(&self) -> Option<usize> {
        let mut count = self.count().await?;
        let start = Instant::now();
        let mut changed = start;
        while changed.elapsed() < self.settle && start.elapsed() < self.settle.saturating_mul(MAX_SETTLES) {
            sleep(POLL).await;
            let now = self.count().await?;
            if now != count {
                (count, changed) = (now, Instant::now());
            }
        }
        Some(count)
    }
}

/// The interval between two readings of the count.
const POLL: Duration = Duration::from_millis(5);

/// The bench stops waiting for a stable count after this many times the time for processing.
const MAX_SETTLES: u32 = 20;

/// Waits in any async runtime, by means of another thread.
async fn sleep(duration: Duration) {
    let (wake, woken) = oneshot::channel();
    let sleeper = thread::Builder::new().name("webhook bench".to_owned()).spawn(move || {
        thread::sleep(duration);
        // It fails only if nobody waits any more.
        let _ = wake.send(());
    });
    if sleeper.is_ok() {
        let _ = woken.await;
    }
}
