//! One line per event in a chat: Slack, Mattermost and what takes their incoming webhooks.

mod line;

use std::time::Duration;

use bytes::Bytes;
use http::HeaderValue;
use http::header::CONTENT_TYPE;
use serde_json::json;

use self::line::line;
use super::Sink;
use super::http::Client;
use crate::consumer::{Context, Outcome};
use crate::error::Error;
use crate::stored::StoredDelivery;

/// Posts one readable line per event to an incoming webhook, with a link where the payload has one.
///
/// Text of a payload cannot notify anybody or show another link than it leads to. Answers mean what they mean to an
/// [`HttpSink`](super::HttpSink).
#[derive(Debug)]
pub struct SlackSink(Client);

impl SlackSink {
    /// A sink that posts to this URL, which is a secret: who knows it can post.
    ///
    /// # Errors
    ///
    /// It is no URL of HTTP, or it has a user name or a password in it. The message does not repeat it.
    pub fn to(url: &str) -> Result<Self, Error> {
        Client::to(url).map(Self)
    }

    /// Posts also to addresses of this machine and of private networks.
    #[must_use]
    pub fn allow_private(mut self, allowed: bool) -> Self {
        self.0.allow_private(allowed);
        self
    }

    /// How long a connection may take, and how long a request in all.
    #[must_use]
    pub fn timeouts(mut self, connect: Duration, total: Duration) -> Self {
        self.0.timeouts(connect, total);
        self
    }
}

impl Sink for SlackSink {
    async fn deliver(&self, delivery: StoredDelivery, _: Context) -> Outcome {
        let body = json!({ "text": line(&delivery) }).to_string();
        let mut request = self.0.post(Bytes::from(body));
        request.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        self.0.send(request).await
    }
}
