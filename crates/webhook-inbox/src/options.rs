//! The configuration of an inbox.

use std::sync::Arc;
use std::sync::atomic::AtomicI64;
use std::time::Duration;

use crate::dedup::FINGERPRINT_WINDOW;

/// The default time limit for a commit in [`Inbox::keep`](crate::Inbox::keep). Vendors wait 10 seconds or more.
pub const KEEP_DEADLINE: Duration = Duration::from_secs(5);

/// The configuration of an inbox, from [`Inbox::options`](crate::Inbox::options).
#[derive(Debug, Clone)]
pub struct Options {
    pub(crate) deadline: Duration,
    pub(crate) fingerprint_window: Duration,
    pub(crate) max_bytes: Option<u64>,
    pub(crate) offset: Arc<AtomicI64>,
    /// The `synchronous` setting of SQLite. A lower setting loses acknowledged deliveries.
    pub(crate) synchronous: &'static str,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            deadline: KEEP_DEADLINE,
            fingerprint_window: FINGERPRINT_WINDOW,
            max_bytes: None,
            offset: Arc::default(),
            synchronous: "full",
        }
    }
}

impl Options {
    /// Sets the time limit for storing a delivery, so that the vendor is answered 503 in time.
    #[must_use]
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// Sets the time for which equal bodies without an id of the vendor are the same event.
    #[must_use]
    pub fn fingerprint_window(mut self, window: Duration) -> Self {
        self.fingerprint_window = window;
        self
    }

    /// Limits the size of the SQLite file to this many bytes. Further deliveries are answered 503 until something is
    /// pruned. Without it, only the disk limits the size. It has no effect with Postgres.
    ///
    /// Only new deliveries are limited. Consumers still claim deliveries and record their attempts, so the file can exceed
    /// the limit by these records: otherwise nothing could be handled and pruned in a full inbox. The log of SQLite is not
    /// counted.
    #[must_use]
    pub fn max_bytes(mut self, bytes: u64) -> Self {
        self.max_bytes = Some(bytes);
        self
    }

    /// Adds so many milliseconds to the clock, for tests of the inbox.
    #[doc(hidden)]
    #[must_use]
    pub fn clock_offset(mut self, offset: Arc<AtomicI64>) -> Self {
        self.offset = offset;
        self
    }

    /// Lets SQLite acknowledge data that a power cut can lose. Only for the control case of the power-cut test, which
    /// must find a loss here.
    #[doc(hidden)]
    #[must_use]
    pub fn lose_at_power_cut(mut self) -> Self {
        self.synchronous = "normal";
        self
    }
}
