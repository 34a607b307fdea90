//! The maximum size of the file.

use std::sync::atomic::{AtomicU64, Ordering};

use rusqlite::{Connection, ffi};

use super::{clock, put};
use crate::new_delivery::NewDelivery;
use crate::options::Options;
use crate::stored::Kept;

/// A limit for new deliveries alone. Outcomes are always recorded: without them nothing could ever be pruned.
pub(crate) struct Limit {
    max_bytes: Option<u64>,
    /// The size of the smallest delivery of the last batch that did not fit; 0 after one that did.
    refused_bytes: AtomicU64,
}

impl Limit {
    pub(crate) fn of(options: &Options) -> Self {
        Self { max_bytes: options.max_bytes, refused_bytes: AtomicU64::new(0) }
    }

    /// Stores a batch, or nothing of it if the file would exceed the limit. An empty batch fails as long as there is no
    /// room for what was refused.
    pub(crate) fn put(
        &self,
        connection: &Connection,
        batch: &[NewDelivery],
        now: i64,
    ) -> rusqlite::Result<Vec<Kept>> {
        let bytes = |new: &NewDelivery| new.body.len() as u64;
        let Some(smallest) = batch.iter().map(bytes).min() else {
            self.check(connection, self.refused_bytes.load(Ordering::Relaxed))?;
            clock::note(connection, now)?;
            return Ok(Vec::new());
        };
        let stored = (|| {
            // Before it as well, because a transaction that fills the file fails with all that it shares.
            self.check(connection, batch.iter().map(bytes).sum())?;
            let kept = put::put(connection, batch, now)?;
            self.check(connection, 0)?;
            Ok(kept)
        })();
        self.refused_bytes.store(if stored.is_ok() { 0 } else { smallest }, Ordering::Relaxed);
        stored
    }

    /// Fails if the used part of the file with this many more bytes exceeds the limit.
    fn check(&self, connection: &Connection, more_bytes: u64) -> rusqlite::Result<()> {
        let Some(max_bytes) = self.max_bytes else { return Ok(()) };
        let pragma = |name: &str| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
        let used_pages = pragma("page_count")?.saturating_sub(pragma("freelist_count")?);
        let used_bytes = u64::try_from(used_pages.saturating_mul(pragma("page_size")?)).unwrap_or_default();
        if used_bytes.saturating_add(more_bytes) <= max_bytes {
            return Ok(());
        }
        let message = format!("the limit of {max_bytes} bytes is reached");
        Err(rusqlite::Error::SqliteFailure(ffi::Error::new(ffi::SQLITE_FULL), Some(message)))
    }
}
