//! Deliveries to a service over HTTP, signed as Standard Webhooks.

mod answer;
mod client;
mod guard;
mod sign;

use std::time::Duration;

use bytes::Bytes;
use chrono::Utc;
use http::header::{CONTENT_TYPE, USER_AGENT};
use http::{HeaderMap, HeaderName, HeaderValue, Request, Uri};
use http_body_util::Full;

pub use self::answer::{GONE_PAUSE, MAX_ANSWER_BYTES, MAX_RETRY_AFTER};
pub(super) use self::client::Client;
pub use self::client::{CONNECT_TIMEOUT, SEND_TIMEOUT};
pub use self::sign::SigningSecret;
use super::Sink;
use super::cloud_events::{self, CloudEventsMode};
use super::facts::{content_type, percent_encoded};
use crate::consumer::{Context, Outcome};
use crate::error::Error;
use crate::stored::{Row, StoredDelivery};

/// The format of the requests of a sink.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Format {
    /// The vendor's body, unchanged, with the metadata of the delivery in headers.
    #[default]
    Exact,
    /// An event of CloudEvents 1.0.
    CloudEvents(CloudEventsMode),
}

/// Sends each delivery to a URL.
///
/// Success is 2xx. Every other answer causes a retry, not before its `Retry-After` if it has one; 410 pauses the sink
/// for [`GONE_PAUSE`]. Redirects are not followed. Addresses in a private network are refused unless allowed, also if a
/// name resolves to one.
///
/// With a secret, each request is signed as [Standard Webhooks](https://www.standardwebhooks.com): `webhook-id`,
/// `webhook-timestamp` and `webhook-signature`. The signature does not cover the headers with metadata:
/// `webhooks-vendor`, `webhooks-event`, `webhooks-key`, `webhooks-attempt`.
#[derive(Debug)]
pub struct HttpSink {
    client: Client,
    secrets: Vec<SigningSecret>,
    format: Format,
    headers: HeaderMap,
}

impl HttpSink {
    /// A sink that sends to this URL without a signature.
    ///
    /// # Errors
    ///
    /// It is not an HTTP URL, or it contains a user name or a password.
    pub fn to(url: &str) -> Result<Self, Error> {
        let client = Client::to(url)?;
        Ok(Self { client, secrets: Vec::new(), format: Format::default(), headers: HeaderMap::new() })
    }

    /// Signs each request with this secret, and with those that were given before. Use two during a rotation.
    #[must_use]
    pub fn signed_with(mut self, secret: SigningSecret) -> Self {
        self.secrets.push(secret);
        self
    }

    /// Sets the format of the requests.
    #[must_use]
    pub fn format(mut self, format: Format) -> Self {
        self.format = format;
        self
    }

    /// Sends this header with each request, such as `authorization`.
    ///
    /// # Errors
    ///
    /// It is a header that the sink sets itself: one about the connection or the length of the body, `content-type`,
    /// `user-agent`, or one that begins with `webhook-`, `webhooks-` or `ce-`. Another length would cut the payload.
    pub fn header(mut self, name: HeaderName, mut value: HeaderValue) -> Result<Self, Error> {
        if is_own(&name) {
            return Err(Error::misuse(format!("the header {name} is set by the sink itself")));
        }
        value.set_sensitive(true);
        self.headers.append(name, value);
        Ok(self)
    }

    /// Also sends to addresses of this machine and of private networks.
    ///
    /// Do not use it if others control the URL: they could reach services that are meant only for this machine.
    #[must_use]
    pub fn allow_private(mut self, allowed: bool) -> Self {
        self.client.allow_private(allowed);
        self
    }

    /// Sets the time limits for a connection, including name resolution and TLS, and for a complete request. The
    /// defaults are [`CONNECT_TIMEOUT`] and [`SEND_TIMEOUT`].
    #[must_use]
    pub fn timeouts(mut self, connect: Duration, total: Duration) -> Self {
        self.client.timeouts(connect, total);
        self
    }

    /// Whether requests are signed.
    pub fn is_signed(&self) -> bool {
        !self.secrets.is_empty()
    }

    fn request(&self, delivery: &StoredDelivery, attempt: u32) -> Result<Request<Full<Bytes>>, String> {
        let row = &delivery.row;
        let failed = |error: &dyn std::fmt::Display| format!("failed to make the request: {error}");
        let (body, headers) = match self.format {
            Format::Exact => (delivery.body.clone(), facts(row, attempt)),
            Format::CloudEvents(CloudEventsMode::Structured) => {
                cloud_events::structured(delivery).map_err(|error| failed(&error))?
            }
            Format::CloudEvents(CloudEventsMode::Binary) => {
                (delivery.body.clone(), cloud_events::binary(row))
            }
        };
        let mut request = self.client.post(body.clone());
        let all = request.headers_mut();
        all.extend(self.headers.clone());
        all.extend(headers);
        if !all.contains_key(CONTENT_TYPE) || self.format != Format::CloudEvents(CloudEventsMode::Structured)
        {
            insert(all, CONTENT_TYPE, content_type(row));
        }
        all.insert(
            USER_AGENT,
            HeaderValue::from_static(concat!("webhook-inbox/", env!("CARGO_PKG_VERSION"))),
        );
        if self.is_signed() {
            let (id, timestamp) = (row.message_id(), Utc::now().timestamp());
            let signatures: Vec<String> =
                self.secrets.iter().map(|secret| secret.sign(&id, timestamp, &body)).collect();
            insert(all, HeaderName::from_static("webhook-id"), &id);
            insert(all, HeaderName::from_static("webhook-timestamp"), &timestamp.to_string());
            insert(all, HeaderName::from_static("webhook-signature"), &signatures.join(" "));
        }
        Ok(request)
    }
}

impl Sink for HttpSink {
    async fn deliver(&self, delivery: StoredDelivery, context: Context) -> Outcome {
        match self.request(&delivery, context.attempt()) {
            Ok(request) => self.client.send(request).await,
            Err(note) => Outcome::dead().note(note),
        }
    }
}

/// Whether the sink, or the connection, sets this header. `ce-` marks events of CloudEvents in every format.
fn is_own(name: &HeaderName) -> bool {
    const NAMES: [&str; 12] = [
        "connection",
        "content-length",
        "content-type",
        "expect",
        "host",
        "keep-alive",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "user-agent",
    ];
    let name = name.as_str();
    NAMES.contains(&name) || ["webhook-", "webhooks-", "ce-"].iter().any(|prefix| name.starts_with(prefix))
}

/// The headers with metadata.
fn facts(row: &Row, attempt: u32) -> HeaderMap {
    let attempt = attempt.to_string();
    let facts = [
        ("webhooks-vendor", Some(row.vendor.as_str())),
        ("webhooks-event", row.event.as_deref()),
        ("webhooks-key", Some(row.key.as_str())),
        ("webhooks-attempt", Some(attempt.as_str())),
    ];
    let mut headers = HeaderMap::new();
    for (name, value) in facts {
        if let Some(value) = value {
            insert(&mut headers, HeaderName::from_static(name), &percent_encoded(value, ""));
        }
    }
    headers
}

/// Sets a header. A value that is not valid in a header is left out.
fn insert(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::try_from(value) {
        headers.insert(name, value);
    }
}

/// The URL of a sink.
///
/// # Errors
///
/// Errors do not contain it, because its path may be a secret.
fn parse(url: &str) -> Result<Uri, Error> {
    let invalid = |why: &str| Error::misuse(format!("the URL {why}"));
    let uri: Uri = url.parse().map_err(|_| invalid("is not valid"))?;
    if !matches!(uri.scheme_str(), Some("http" | "https")) {
        return Err(invalid("must begin with http:// or https://"));
    }
    let authority = uri.authority().ok_or_else(|| invalid("has no host"))?;
    if authority.host().is_empty() {
        return Err(invalid("has no host"));
    }
    if authority.as_str().contains('@') {
        return Err(invalid("has a user name or a password in it: use a header"));
    }
    Ok(uri)
}
