//! `--forward-to`: forwards each delivery to a local application, whose status the vendor gets.

use std::io::Read as _;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use hyper::StatusCode;
use hyper::http::Uri;
use hyper::http::request::Parts;
use tokio::sync::Semaphore;
use tokio::time::timeout;

use crate::report::Forwarded;

/// The time limit of the application. It is less than any vendor waits; a slow body or a full queue adds to it.
const FORWARD_TIMEOUT: Duration = Duration::from_secs(8);

/// The maximum number of deliveries that are forwarded at the same time, each on a connection.
pub(super) const MAX_CONCURRENT: usize = 64;

/// The number of bytes of an answer that are shown.
const MAX_SHOWN_BYTES: u64 = 1_024;

/// Headers about the connection, which are not forwarded.
const OWN_HEADERS: [&str; 10] = [
    "host",
    "connection",
    "content-length",
    "transfer-encoding",
    "expect",
    "keep-alive",
    "te",
    "trailer",
    "upgrade",
    "accept-encoding",
];

/// The application.
pub(super) struct Forward {
    url: Uri,
    agent: ureq::Agent,
    concurrent: Arc<Semaphore>,
}

impl Forward {
    /// A URL without a path gets the path of each request, with the token in it.
    ///
    /// # Errors
    ///
    /// It is not an HTTP URL.
    pub(super) fn to(url: &str) -> Result<Self, String> {
        let url = if url.contains("://") { url.to_owned() } else { format!("http://{url}") };
        let url: Uri = url.parse().map_err(|error| format!("--forward-to is not a URL: {error}"))?;
        if !matches!(url.scheme_str(), Some("http" | "https")) || url.authority().is_none() {
            return Err("--forward-to is not an HTTP URL, such as http://localhost:3000".to_owned());
        }
        let agent = ureq::Agent::config_builder()
            .timeout_global(Some(FORWARD_TIMEOUT))
            .http_status_as_error(false)
            .max_redirects(0)
            .proxy(None)
            .build()
            .into();
        Ok(Self { url, agent, concurrent: Arc::new(Semaphore::new(MAX_CONCURRENT)) })
    }

    /// Forwards a delivery. Returns the status for the vendor and the text to show.
    pub(super) async fn send(&self, head: &Parts, body: Bytes) -> (StatusCode, Forwarded) {
        let started = Instant::now();
        let Ok(Ok(turn)) = timeout(FORWARD_TIMEOUT, Arc::clone(&self.concurrent).acquire_owned()).await
        else {
            return failed(
                StatusCode::SERVICE_UNAVAILABLE,
                started,
                "too many deliveries wait for the application",
            );
        };
        let request = self.request(head);
        let agent = self.agent.clone();
        let sent = tokio::task::spawn_blocking(move || {
            let outcome = post(&agent, request, &body);
            drop(turn);
            outcome
        });
        match sent.await {
            Ok(Ok((status, answer))) => {
                let shown = Forwarded {
                    status: Some(status.as_u16()),
                    milliseconds: milliseconds(started),
                    body: Some(answer).filter(|answer| !answer.is_empty()),
                    error: None,
                };
                (status, shown)
            }
            Ok(Err(ureq::Error::Timeout(_))) => {
                failed(StatusCode::GATEWAY_TIMEOUT, started, "the application did not answer in time")
            }
            Ok(Err(error)) => failed(StatusCode::BAD_GATEWAY, started, &error.to_string()),
            Err(_) => failed(StatusCode::BAD_GATEWAY, started, "sending stopped early"),
        }
    }

    /// The request without its body, with the credential: the application verifies as the listener does.
    fn request(&self, head: &Parts) -> hyper::http::request::Builder {
        let mut request = hyper::Request::post(self.target(head));
        for (name, value) in &head.headers {
            if !OWN_HEADERS.contains(&name.as_str()) {
                request = request.header(name, value);
            }
        }
        request
    }

    fn target(&self, head: &Parts) -> String {
        let url = self.url.to_string();
        match self.url.path_and_query().map(hyper::http::uri::PathAndQuery::as_str) {
            None | Some("/" | "") => {
                let path = head.uri.path_and_query().map_or("/", |path| path.as_str());
                url.trim_end_matches('/').to_owned() + path
            }
            Some(_) => url,
        }
    }
}

fn post(
    agent: &ureq::Agent,
    request: hyper::http::request::Builder,
    body: &[u8],
) -> Result<(StatusCode, String), ureq::Error> {
    let answer = agent.run(request.body(body)?)?;
    let status = answer.status();
    let mut shown = Vec::new();
    // Only the status is required; an incomplete body is shown as far as it was read.
    let _ = answer.into_body().into_reader().take(MAX_SHOWN_BYTES).read_to_end(&mut shown);
    Ok((status, String::from_utf8_lossy(&shown).into_owned()))
}

fn failed(status: StatusCode, started: Instant, error: &str) -> (StatusCode, Forwarded) {
    let shown = Forwarded {
        milliseconds: milliseconds(started),
        error: Some(error.to_owned()),
        ..Forwarded::default()
    };
    (status, shown)
}

fn milliseconds(started: Instant) -> u64 {
    u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX)
}
