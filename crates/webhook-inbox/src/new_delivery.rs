//! The input of the inbox: a verified delivery, and the parts of its request that may be stored.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use webhook_core::{Delivery, Envelope, IdempotencyKey, RequestHead};

use crate::dedup::{Dedup, bounded_key};
use crate::text::bounded;

/// The headers that are stored. It is a list of allowed headers, because `X-Qase-Secret` is the secret itself and a
/// proxy may add credentials of its own. No vendor documents a header with the id of a delivery.
pub const KEPT_HEADERS: [&str; 2] = ["content-type", "user-agent"];

/// The maximum number of bytes of a header's value that are stored.
pub const MAX_HEADER_BYTES: usize = 512;

/// The maximum number of bytes of an event's name or an account that are stored. The body has the complete value.
pub const MAX_NAME_BYTES: usize = 255;

/// A delivery that is not stored yet. `Debug` shows neither body nor headers.
#[derive(Clone)]
#[non_exhaustive]
pub struct NewDelivery {
    /// The vendor, in lower case.
    pub vendor: String,
    /// The route at which it was received. Keys are unique per vendor and route.
    pub route: String,
    /// The key by which a repeated delivery is recognised.
    pub key: String,
    /// The time for which the key is unique.
    pub dedup: Dedup,
    /// The name of the event, if the body has a readable one.
    pub event: Option<String>,
    /// Whether the vendor crate lists the event. Metrics count all unlisted events under one label.
    pub listed: bool,
    /// The account of the event.
    pub account: Option<String>,
    /// When it happened, by the vendor's clock.
    pub occurred_at: Option<DateTime<Utc>>,
    /// The headers to store; only those in [`KEPT_HEADERS`].
    pub headers: Vec<(String, String)>,
    /// The exact bytes.
    pub body: Bytes,
}

impl NewDelivery {
    /// A delivery with the metadata of its body. A body that does not decode is stored like any other.
    pub fn of<W: Envelope>(delivery: &Delivery<W>) -> Self {
        Self::of_decoded(delivery, delivery.decode().ok().as_ref())
    }

    /// As [`of`](Self::of), for a delivery that is decoded already; `None` when it does not decode.
    pub fn of_decoded<W: Envelope>(delivery: &Delivery<W>, webhook: Option<&W>) -> Self {
        let event = webhook.map(|webhook| webhook.name().to_owned()).or_else(|| delivery.name().ok());
        let mut new = Self::raw(W::VENDOR, &delivery.key(), delivery.body().clone());
        new.listed = event.as_deref().is_some_and(|name| W::catalogue().iter().any(|info| info.name == name));
        new.event = event.map(|name| bounded(&name, MAX_NAME_BYTES));
        if let Some(webhook) = webhook {
            new.account = webhook.account().map(|account| bounded(account, MAX_NAME_BYTES));
            new.occurred_at = webhook.occurred_at();
        }
        new
    }

    /// A delivery of any vendor.
    pub fn raw(vendor: impl Into<String>, key: &IdempotencyKey, body: impl Into<Bytes>) -> Self {
        Self {
            vendor: vendor.into(),
            route: String::new(),
            key: bounded_key(key),
            dedup: match key {
                IdempotencyKey::Vendor(_) => Dedup::Forever,
                _ => Dedup::InWindow,
            },
            event: None,
            listed: false,
            account: None,
            occurred_at: None,
            headers: Vec::new(),
            body: body.into(),
        }
    }

    /// The same delivery, received at this route. Two receivers of one vendor with the same inbox need different names.
    /// Otherwise events of one account may be treated as repetitions of another's.
    #[must_use]
    pub fn at_route(mut self, route: impl Into<String>) -> Self {
        self.route = route.into();
        self
    }

    /// The same delivery with the headers of its request. Only [`KEPT_HEADERS`] are stored.
    #[must_use]
    pub fn with_headers(mut self, head: &impl RequestHead) -> Self {
        self.headers = kept_headers(head);
        self
    }

    /// The same delivery with a key of your own that is unique for this time.
    #[must_use]
    pub fn unique_for(mut self, window: Duration) -> Self {
        self.dedup = Dedup::For(window);
        self
    }
}

/// The headers of a request that are stored. Of a repeated header, the first value is stored.
pub(crate) fn kept_headers(head: &impl RequestHead) -> Vec<(String, String)> {
    let kept = |name: &str| {
        let value = *head.values(name).first()?;
        Some((name.to_owned(), bounded(&String::from_utf8_lossy(value), MAX_HEADER_BYTES)))
    };
    KEPT_HEADERS.into_iter().filter_map(kept).collect()
}

impl fmt::Debug for NewDelivery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewDelivery")
            .field("vendor", &self.vendor)
            .field("route", &self.route)
            .field("event", &self.event)
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}
