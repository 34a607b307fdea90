//! A store of its own for each test.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use tempfile::TempDir;
use webhook_core::{Delivery, IdempotencyKey};
use webhook_inbox::{Inbox, NewDelivery, Options};

/// A place for an inbox that no other test uses, with a clock that can be set.
pub(crate) struct Place {
    pub(crate) url: String,
    clock: Arc<AtomicI64>,
    _folder: Option<TempDir>,
}

impl Place {
    pub(crate) fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("inbox.db").display());
        Self { url, clock: Arc::default(), _folder: Some(folder) }
    }

    /// None where there is no server.
    #[cfg(feature = "postgres")]
    pub(crate) async fn postgres() -> Option<Self> {
        let url = crate::server::database().await?;
        Some(Self { url, clock: Arc::default(), _folder: None })
    }

    pub(crate) fn options(&self) -> Options {
        Inbox::options().clock_offset(Arc::clone(&self.clock))
    }

    pub(crate) async fn open(&self) -> Inbox {
        self.options().open(&self.url).await.unwrap()
    }

    /// Moves the clock of the store, forwards or back.
    pub(crate) fn shift(&self, seconds: i64) {
        self.clock.fetch_add(seconds * 1000, Ordering::Relaxed);
    }
}

/// A function per store for each test, which takes a [`Place`].
macro_rules! on_every_store {
    ($($(#[$attribute:meta])* async fn $name:ident($place:ident: Place) $body:block)*) => {
        $(
            mod $name {
                use super::*;

                async fn test($place: Place) $body

                $(#[$attribute])*
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn sqlite() {
                    test(Place::sqlite()).await;
                }

                #[cfg(feature = "postgres")]
                $(#[$attribute])*
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn postgres() {
                    if let Some(place) = Place::postgres().await {
                        test(place).await;
                    }
                }
            }
        )*
    };
}
pub(crate) use on_every_store;

/// A delivery that does not resemble any other.
pub(crate) fn numbered(number: usize) -> Delivery<deepsource_webhooks::Webhook> {
    Delivery::from_unverified(format!(
        r#"{{"id":"{number}","type":"test.event","createdAt":1770705612,"data":{{"test":true}}}}"#
    ))
}

/// A delivery without an id of the vendor.
pub(crate) fn unnumbered(text: &str) -> NewDelivery {
    NewDelivery::raw("monitorqa", &IdempotencyKey::fingerprint(text.as_bytes()), text.to_owned())
}

pub(crate) const DAY: Duration = Duration::from_secs(24 * 60 * 60);
