//! One line per event in a chat: Slack, Mattermost and services with compatible incoming webhooks.

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
/// Text of a payload cannot notify anybody or disguise a link. Answers are handled as by an
/// [`HttpSink`](super::HttpSink).
#[derive(Debug)]
pub struct SlackSink(Client);

impl SlackSink {
    /// A sink that posts to this URL. The URL is a secret: everyone who knows it can post.
    ///
    /// # Errors
    ///
    /// It is not an HTTP URL, or it contains a user name or a password. The message does not contain the URL.
    pub fn to(url: &str) -> Result<Self, Error> {
        Client::to(url).map(Self)
    }

    /// Also posts to addresses of this machine and of private networks.
    #[must_use]
    pub fn allow_private(mut self, allowed: bool) -> Self {
        self.0.allow_private(allowed);
        self
    }

    /// Sets the time limits for a connection and for a complete request.
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
