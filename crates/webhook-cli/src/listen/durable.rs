//! `--inbox`: deliveries are on disk, or in a database, before they are acknowledged.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use hyper::http::request::Parts;
use tokio::time::timeout;
use webhook_core::{Delivery, Envelope};
use webhook_inbox::{Inbox, Kept, NewDelivery};

/// How long the end of the process waits for the store; what was acknowledged is there in any case.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(2);

/// An inbox, and whether its last failure was told.
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

    /// What deliveries are kept in.
    pub(super) fn inbox(&self) -> &Inbox {
        &self.inbox
    }

    /// Keeps a delivery; `None` when that failed, which is logged.
    pub(super) async fn keep<W: Envelope>(&self, delivery: &Delivery<W>, head: &Parts) -> Option<Kept> {
        match self.inbox.keep_raw(NewDelivery::of(delivery).with_headers(head)).await {
            Ok(kept) => {
                if self.failing.swap(false, Ordering::Relaxed) {
                    tracing::warn!("the inbox keeps deliveries again");
                }
                Some(kept)
            }
            Err(error) => {
                if !self.failing.swap(true, Ordering::Relaxed) {
                    tracing::error!(%error, "the inbox keeps nothing; deliveries are answered 503 until it does");
                }
                None
            }
        }
    }

    /// Whether the last commit succeeded.
    pub(super) fn is_ready(&self) -> bool {
        self.inbox.last_commit_ok()
    }

    /// Lets go of the store.
    pub(super) async fn close(&self) {
        match timeout(CLOSE_TIMEOUT, self.inbox.close()).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => {
                tracing::warn!(%error, "failed to close the inbox; what was acknowledged is in it");
            }
            Err(_) => tracing::warn!("the inbox did not close in time; what was acknowledged is in it"),
        }
    }
}
