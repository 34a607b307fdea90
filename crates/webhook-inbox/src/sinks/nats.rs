//! Deliveries as messages of NATS JetStream.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use async_nats::jetstream::context::PublishErrorKind;
use async_nats::jetstream::{self, message::PublishMessage};
use async_nats::{ConnectOptions, HeaderMap};
use tokio::sync::OnceCell;
use tokio::time::timeout;

use super::Sink;
use super::facts::{content_type, percent_encoded, subject};
use crate::consumer::{Context, Outcome};
use crate::error::Error;
use crate::stored::StoredDelivery;

/// The time limit for a connection, and for the acknowledgement of a message by the server.
pub const ACK_TIMEOUT: Duration = Duration::from_secs(5);

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
/// `Nats-Msg-Id` is `<vendor>/<key>`, by which the server drops repeated messages within the window of its stream. A
/// stream with the subject must exist, unless the sink is configured to create one.
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
        let row = &delivery.row;
        let mut headers = HeaderMap::new();
        headers.insert("content-type", percent_encoded(content_type(row), "").replace("%20", " "));
        headers.insert("webhooks-vendor", percent_encoded(&row.vendor, ""));
        headers.insert("webhooks-key", percent_encoded(&row.key, ""));
        if let Some(event) = &row.event {
            headers.insert("webhooks-event", percent_encoded(event, ""));
        }
        let message = PublishMessage::build()
            .payload(delivery.body.clone())
            .headers(headers)
            // After the other headers, because it is a header too.
            .message_id(percent_encoded(&format!("{}/{}", row.vendor, row.key), ""));
        let publish = async {
            let acknowledged =
                context.send_publish(subject(&row.vendor, row.event.as_deref()), message).await?;
            acknowledged.await
        };
        match timeout(ACK_TIMEOUT * 2, publish).await {
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
