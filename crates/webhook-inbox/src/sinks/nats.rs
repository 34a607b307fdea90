//! Deliveries as messages of NATS JetStream.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use async_nats::jetstream::context::{PublishError, PublishErrorKind};
use async_nats::jetstream::{self, message::PublishMessage, publish::PublishAck};
use async_nats::{ConnectOptions, HeaderMap};
use tokio::sync::OnceCell;
use tokio::time::timeout;

use super::Sink;
use super::facts::{content_type, percent_encoded, subject};
use crate::consumer::{Context, Outcome};
use crate::error::Error;
use crate::stored::{Row, StoredDelivery};

/// The time limit for a connection, and for the acknowledgement of a message by the server.
pub const ACK_TIMEOUT: Duration = Duration::from_secs(5);

/// The header with the id of the delivery.
const DELIVERY_ID: &str = "webhooks-id";

/// The credentials for the server.
#[derive(Clone)]
#[non_exhaustive]
pub enum NatsCredentials {
    /// A file with a JWT and a seed, as `nsc` writes it.
    File(PathBuf),
    /// A token.
    Token(String),
    /// The name of a user, and the password.
    User(String, String),
}

/// Publishes each delivery, unchanged, to the subject `webhooks.<vendor>.<event>`, and returns when JetStream has
/// acknowledged it.
///
/// `Nats-Msg-Id` is `<vendor>/<key>`, by which the server drops repeated messages within the window of its stream. Another
/// delivery may have the same key: received at another route, or after the window of the inbox. If the stream already has
/// a message with the id, the sink reads the header `webhooks-id` of that message, which is the
/// [message id](crate::Row::message_id) of its delivery. If it is that of another delivery or cannot be read, the delivery
/// is published with its message id as `Nats-Msg-Id`.
///
/// A stream with the subject must exist, unless the sink is configured to create one.
pub struct NatsSink {
    url: String,
    credentials: Option<NatsCredentials>,
    authorities: Option<PathBuf>,
    stream: Option<String>,
    context: OnceCell<jetstream::Context>,
}

impl NatsSink {
    /// A sink that publishes to the server at this URL, such as `nats://localhost:4222` or `tls://nats.example.com`. It
    /// connects with its first delivery.
    ///
    /// # Errors
    ///
    /// It is not a NATS URL, or it contains a user name or a password.
    pub fn to(url: &str) -> Result<Self, Error> {
        let address: async_nats::ServerAddr = url
            .parse()
            .map_err(|_| Error::misuse("the URL is not valid: expected one such as nats://localhost:4222"))?;
        if address.host().is_empty() {
            return Err(Error::misuse("the URL has no host"));
        }
        if address.has_user_pass() || url.contains('@') {
            return Err(Error::misuse("the URL has a user name or a password in it: use credentials"));
        }
        Ok(Self {
            url: url.to_owned(),
            credentials: None,
            authorities: None,
            stream: None,
            context: OnceCell::new(),
        })
    }

    /// Sets the credentials for the server.
    #[must_use]
    pub fn credentials(mut self, credentials: NatsCredentials) -> Self {
        self.credentials = Some(credentials);
        self
    }

    /// Trusts the certificate authorities in this PEM file in addition to those of the system, and connects with TLS only,
    /// whatever the scheme of the URL.
    #[must_use]
    pub fn trust(mut self, authorities: impl Into<PathBuf>) -> Self {
        self.authorities = Some(authorities.into());
        self
    }

    /// Creates the stream of this name for the subjects `webhooks.>`, if it does not exist.
    #[must_use]
    pub fn create_stream(mut self, name: impl Into<String>) -> Self {
        self.stream = Some(name.into());
        self
    }

    async fn connect(&self) -> Result<jetstream::Context, String> {
        let options = ConnectOptions::new().name("webhook-inbox").connection_timeout(ACK_TIMEOUT);
        let options = match &self.credentials {
            None => options,
            Some(NatsCredentials::Token(token)) => options.token(token.clone()),
            Some(NatsCredentials::User(name, password)) => {
                options.user_and_password(name.clone(), password.clone())
            }
            Some(NatsCredentials::File(path)) => options
                .credentials_file(path)
                .await
                .map_err(|error| format!("failed to read the credentials in {}: {error}", path.display()))?,
        };
        let options = match &self.authorities {
            None => options,
            Some(path) => options.add_root_certificates(path.clone()).require_tls(true),
        };
        let client =
            options.connect(&self.url).await.map_err(|error| format!("failed to connect: {error}"))?;
        let mut context = jetstream::new(client);
        context.set_timeout(ACK_TIMEOUT);
        if let Some(name) = &self.stream {
            let stream = jetstream::stream::Config {
                name: name.clone(),
                subjects: vec!["webhooks.>".to_owned()],
                ..Default::default()
            };
            let created = context.get_or_create_stream(stream).await;
            created.map_err(|error| format!("failed to create the stream {name}: {error}"))?;
        }
        Ok(context)
    }
}

impl Sink for NatsSink {
    async fn deliver(&self, delivery: StoredDelivery, _: Context) -> Outcome {
        let context = match self.context.get_or_try_init(|| self.connect()).await {
            Ok(context) => context,
            Err(note) => return Outcome::retry().note(note),
        };
        match timeout(ACK_TIMEOUT * 4, publish_once(context, &delivery)).await {
            Ok(Ok(acknowledged)) => {
                let again = if acknowledged.duplicate { ", already present" } else { "" };
                let (stream, sequence) = (acknowledged.stream, acknowledged.sequence);
                Outcome::done().note(format!("message {sequence} of the stream {stream}{again}"))
            }
            Ok(Err(error)) if error.kind() == PublishErrorKind::MaxPayloadExceeded => {
                Outcome::dead().note("larger than the server accepts: raise its max_payload and replay")
            }
            Ok(Err(error)) => Outcome::retry().note(format!("not published: {error}")),
            Err(_) => Outcome::retry().note("not published: no answer in time"),
        }
    }
}

/// Publishes a delivery unless the stream has it already. Another delivery with the same key does not count.
async fn publish_once(
    context: &jetstream::Context,
    delivery: &StoredDelivery,
) -> Result<PublishAck, PublishError> {
    let row = &delivery.row;
    let usual = percent_encoded(&format!("{}/{}", row.vendor, row.key), "");
    let acknowledged = publish(context, delivery, &usual).await?;
    if acknowledged.duplicate && !is_of(context, &acknowledged, row).await {
        return publish(context, delivery, &row.message_id()).await;
    }
    Ok(acknowledged)
}

/// Publishes a message. The server drops it if it knows the id.
async fn publish(
    context: &jetstream::Context,
    delivery: &StoredDelivery,
    id: &str,
) -> Result<PublishAck, PublishError> {
    let row = &delivery.row;
    let mut headers = HeaderMap::new();
    headers.insert("content-type", percent_encoded(content_type(row), "").replace("%20", " "));
    headers.insert(DELIVERY_ID, row.message_id());
    headers.insert("webhooks-vendor", percent_encoded(&row.vendor, ""));
    headers.insert("webhooks-key", percent_encoded(&row.key, ""));
    if let Some(event) = &row.event {
        headers.insert("webhooks-event", percent_encoded(event, ""));
    }
    // The id after the other headers, because it is a header too.
    let message = PublishMessage::build().payload(delivery.body.clone()).headers(headers).message_id(id);
    let subject = subject(&row.vendor, row.event.as_deref());
    context.send_publish(subject, message).await?.await
}

/// Whether a message of the stream is of this delivery. A message that is gone or cannot be read is not.
async fn is_of(context: &jetstream::Context, acknowledged: &PublishAck, row: &Row) -> bool {
    let Ok(stream) = context.get_stream_no_info(&acknowledged.stream).await else { return false };
    let message = timeout(ACK_TIMEOUT, stream.get_raw_message(acknowledged.sequence)).await;
    message.is_ok_and(|message| {
        message.is_ok_and(|message| {
            message.headers.get(DELIVERY_ID).is_some_and(|id| id.as_str() == row.message_id())
        })
    })
}

impl fmt::Debug for NatsSink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NatsSink")
            .field("url", &self.url)
            .field("authorities", &self.authorities)
            .field("stream", &self.stream)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for NatsCredentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => f.debug_tuple("File").field(path).finish(),
            Self::Token(_) => f.write_str("Token(..)"),
            Self::User(name, _) => write!(f, "User({name:?}, ..)"),
        }
    }
}
