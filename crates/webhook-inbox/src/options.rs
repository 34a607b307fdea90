//! How an inbox is opened.

use std::sync::Arc;
use std::sync::atomic::AtomicI64;
use std::time::Duration;

use crate::dedup::FINGERPRINT_WINDOW;
use crate::error::Error;
use crate::inbox::Inbox;
use crate::store::Store;
use crate::store::sqlite::SqliteStore;

/// How long [`Inbox::keep`] waits for a commit, unless configured: vendors wait 10 seconds and more.
pub const KEEP_DEADLINE: Duration = Duration::from_secs(5);

/// The configuration of an inbox, from [`Inbox::options`].
#[derive(Debug, Clone)]
pub struct Options {
    pub(crate) deadline: Duration,
    pub(crate) fingerprint_window: Duration,
    pub(crate) max_bytes: Option<u64>,
    pub(crate) offset: Arc<AtomicI64>,
    /// How much SQLite syncs; less than this loses what was acknowledged.
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
    /// Gives up on a delivery that is not stored after this long, so that the vendor is answered 503 in time.
    #[must_use]
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// Takes equal bodies without an id of the vendor for one event only within this long.
    #[must_use]
    pub fn fingerprint_window(mut self, window: Duration) -> Self {
        self.fingerprint_window = window;
        self
    }

    /// Lets the SQLite file grow up to this many bytes and no further: what does not fit is answered 503 until something
    /// is pruned. Without a limit the disk is one. Of a database server it is not asked for.
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

    /// Lets SQLite acknowledge what a power cut takes back. Only for the control of the test that cuts the power, which
    /// has to find a loss here.
    #[doc(hidden)]
    #[must_use]
    pub fn lose_at_power_cut(mut self) -> Self {
        self.synchronous = "normal";
        self
    }

    /// Opens the inbox at `sqlite:FILE` or `postgres://…`; creates and migrates it if needed.
    ///
    /// Must be called inside a tokio runtime, and the inbox works as long as that one does.
    ///
    /// # Errors
    ///
    /// The address has an unknown scheme or one whose feature is missing, the folder does not exist, the file or the
    /// schema belongs to something else or to a newer version, or the server is not set to keep what it acknowledges.
    /// Nothing is created or changed then.
    pub async fn open(self, url: &str) -> Result<Inbox, Error> {
        let store = self.open_store(url).await?;
        Ok(Inbox::over(store, self))
    }

    /// Opens the store at an address without an inbox around it, for tests that put faults in between.
    ///
    /// # Errors
    ///
    /// Those of [`open`](Self::open).
    #[doc(hidden)]
    pub async fn open_store(&self, url: &str) -> Result<Arc<dyn Store>, Error> {
        if let Some(rest) = url.strip_prefix("sqlite:") {
            return Ok(Arc::new(SqliteStore::open(rest, self).await?));
        }
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            #[cfg(feature = "postgres")]
            return Ok(Arc::new(crate::store::postgres::PostgresStore::open(url, self).await?));
            #[cfg(not(feature = "postgres"))]
            return Err(Error::refused(
                "postgres://… needs the feature `postgres` of webhook-inbox, which this program is built without",
            ));
        }
        // Only the scheme is repeated: the rest may hold a password.
        let scheme = url.split_once(':').map_or("no scheme", |(scheme, _)| scheme);
        Err(Error::refused(format!(
            "an inbox is at sqlite:FILE or postgres://…, and this address has the scheme `{}`",
            crate::text::bounded(scheme, 32)
        )))
    }
}
