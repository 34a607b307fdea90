//! The configuration of an inbox.

use std::sync::Arc;
use std::sync::atomic::AtomicI64;
use std::time::Duration;

use crate::dedup::FINGERPRINT_WINDOW;
use crate::error::Error;
use crate::inbox::Inbox;
use crate::store::Store;
use crate::store::sqlite::SqliteStore;

/// The default time limit for a commit in [`Inbox::keep`]. Vendors wait 10 seconds or more.
pub const KEEP_DEADLINE: Duration = Duration::from_secs(5);

/// The configuration of an inbox, from [`Inbox::options`].
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

    /// Opens the inbox at `sqlite:FILE` or `postgres://…`; creates and migrates it if needed.
    ///
    /// Must be called inside a tokio runtime. The inbox works as long as that runtime exists.
    ///
    /// # Errors
    ///
    /// The address has an unknown scheme or one whose feature is missing, or the folder does not exist. Or the file or
    /// the schema belongs to another program or to a newer version, or the settings of the server are not durable.
    /// Nothing is created or changed then.
    pub async fn open(self, url: &str) -> Result<Inbox, Error> {
        let store = self.open_store(url).await?;
        Ok(Inbox::over(store, self))
    }

    /// Opens only the store at an address, for tests that inject faults.
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
        // Only the scheme is printed: the rest may contain a password.
        let scheme = url.split_once(':').map_or("no scheme", |(scheme, _)| scheme);
        Err(Error::refused(format!(
            "the address of an inbox is sqlite:FILE or postgres://…, but this one has the scheme `{}`",
            crate::text::bounded(scheme, 32)
        )))
    }
}
