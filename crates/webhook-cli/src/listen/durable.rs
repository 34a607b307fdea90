//! `--inbox`: stores deliveries on disk, or in a database, before they are acknowledged.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use hyper::http::request::Parts;
use tokio::time::timeout;
use webhook_core::{Delivery, Envelope};
use webhook_inbox::{Inbox, Kept, NewDelivery};

/// How long the shutdown waits for the store. Acknowledged deliveries are stored in every case.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(2);

/// An inbox, and whether its last failure was logged.
pub(super) struct Durable {
    inbox: Inbox,
    failing: AtomicBool,
}

impl Durable {
    /// Opens the inbox at an address; creates it if needed.
    ///
    /// # Errors
    ///
    /// The message names the file or the server.
    pub(super) async fn open(url: &str, max_bytes: Option<u64>) -> Result<Self, String> {
        let options = Inbox::options();
        let options = match max_bytes {
            Some(bytes) => options.max_bytes(bytes),
            None => options,
        };
        let inbox = options.open(url).await.map_err(|error| format!("failed to open the inbox: {error}"))?;
        Ok(Self { inbox, failing: AtomicBool::new(false) })
    }

    /// The inbox.
    pub(super) fn inbox(&self) -> &Inbox {
        &self.inbox
    }

    /// Stores a delivery with its decoded webhook; `None` if that failed, which is logged.
    pub(super) async fn keep<W: Envelope>(
        &self,
        delivery: &Delivery<W>,
        webhook: Option<&W>,
        head: &Parts,
    ) -> Option<Kept> {
        let new = NewDelivery::of_decoded(delivery, webhook).with_headers(head);
        match self.inbox.keep_raw(new).await {
            Ok(kept) => {
                if self.failing.swap(false, Ordering::Relaxed) {
                    tracing::warn!("the inbox stores deliveries again");
                }
                Some(kept)
            }
            Err(error) => {
                if !self.failing.swap(true, Ordering::Relaxed) {
                    tracing::error!(%error, "the inbox cannot store deliveries; they are answered 503 until it can");
                }
                None
            }
        }
    }

    /// Whether the last commit succeeded.
    pub(super) fn is_ready(&self) -> bool {
        self.inbox.last_commit_ok()
    }

    /// Closes the store.
    pub(super) async fn close(&self) {
        match timeout(CLOSE_TIMEOUT, self.inbox.close()).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => {
                tracing::warn!(%error, "failed to close the inbox; acknowledged deliveries are stored");
            }
            Err(_) => tracing::warn!("the inbox did not close in time; acknowledged deliveries are stored"),
        }
    }
}
