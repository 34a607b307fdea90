//! The HTTP client of the sinks, with limits for time and size, without redirects and proxies.

use std::error::Error as StdError;
use std::fmt;
use std::pin::Pin;
use std::sync::OnceLock;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request, Uri};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder, MaybeHttpsStream};
use hyper_util::client::legacy;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout};
use tower_service::Service;

use super::answer::{self, MAX_ANSWER_BYTES};
use super::guard::{self, REFUSED, Resolver, is_private};
use crate::consumer::Outcome;
use crate::error::Error;

/// The default time limit for a connection, including name resolution and TLS.
pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// The default time limit for a complete request.
pub const SEND_TIMEOUT: Duration = Duration::from_secs(30);

/// How long to wait for the body of an answer after its status is known.
const BODY_TIMEOUT: Duration = Duration::from_secs(2);

/// How long a connection is kept for the next delivery.
const IDLE_TIMEOUT: Duration = Duration::from_secs(30);

type BoxError = Box<dyn StdError + Send + Sync>;

/// A client for one URL.
pub(in crate::sinks) struct Client {
    url: Uri,
    allow_private: bool,
    connect_timeout: Duration,
    total_timeout: Duration,
    /// Made with the first request, when everything is configured.
    hyper: OnceLock<Result<legacy::Client<Connector, Full<Bytes>>, String>>,
}

impl Client {
    pub(in crate::sinks) fn to(url: &str) -> Result<Self, Error> {
        Ok(Self {
            url: super::parse(url)?,
            allow_private: false,
            connect_timeout: CONNECT_TIMEOUT,
            total_timeout: SEND_TIMEOUT,
            hyper: OnceLock::new(),
        })
    }

    pub(in crate::sinks) fn allow_private(&mut self, allowed: bool) {
        self.allow_private = allowed;
        self.hyper = OnceLock::new();
    }

    pub(in crate::sinks) fn timeouts(&mut self, connect: Duration, total: Duration) {
        self.connect_timeout = connect;
        self.total_timeout = total;
        self.hyper = OnceLock::new();
    }

    /// A request without headers.
    pub(in crate::sinks) fn post(&self, body: Bytes) -> Request<Full<Bytes>> {
        let mut request = Request::new(Full::new(body));
        *request.method_mut() = Method::POST;
        *request.uri_mut() = self.url.clone();
        request
    }

    /// Sends a request and returns the outcome, also if there is no answer.
    pub(in crate::sinks) async fn send(&self, request: Request<Full<Bytes>>) -> Outcome {
        // Only names are resolved, and checked there.
        let literal = self.url.host().and_then(guard::literal);
        if !self.allow_private && literal.is_some_and(is_private) {
            return Outcome::retry().note(REFUSED);
        }
        let started = Instant::now();
        let client = match self.hyper.get_or_init(|| self.connect()) {
            Ok(client) => client,
            Err(note) => return Outcome::retry().note(note),
        };
        match timeout(self.total_timeout, client.request(request)).await {
            Ok(Ok(answer)) => {
                let (head, body) = answer.into_parts();
                let body = start_of(body, self.total_timeout.saturating_sub(started.elapsed())).await;
                answer::outcome(head.status, &head.headers, &body)
            }
            Ok(Err(error)) => Outcome::retry().note(format!("no answer: {}", causes(&error))),
            Err(_) => Outcome::retry().note(format!("no answer within {:?}", self.total_timeout)),
        }
    }

    fn connect(&self) -> Result<legacy::Client<Connector, Full<Bytes>>, String> {
        let mut tcp = HttpConnector::new_with_resolver(Resolver { allow_private: self.allow_private });
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        // The provider is explicit, because a program with two providers has no default.
        let connector = HttpsConnectorBuilder::new()
            .with_provider_and_webpki_roots(rustls::crypto::ring::default_provider())
            .map_err(|error| format!("failed to prepare TLS: {error}"))?
            .https_or_http()
            .enable_http1()
            .wrap_connector(tcp);
        let client = legacy::Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(IDLE_TIMEOUT)
            .build(Connector { connector, timeout: self.connect_timeout });
        Ok(client)
    }
}

/// Connects within a time.
#[derive(Clone)]
struct Connector {
    connector: HttpsConnector<HttpConnector<Resolver>>,
    timeout: Duration,
}

impl Service<Uri> for Connector {
    type Response = MaybeHttpsStream<TokioIo<TcpStream>>;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, BoxError>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.connector.poll_ready(context)
    }

    fn call(&mut self, url: Uri) -> Self::Future {
        let (connecting, limit) = (self.connector.call(url), self.timeout);
        Box::pin(async move {
            timeout(limit, connecting)
                .await
                .unwrap_or_else(|_| Err(format!("no connection within {limit:?}").into()))
        })
    }
}

/// The start of an answer's body. Only the status is required, so a body that stalls or breaks is used as far as it was
/// read.
async fn start_of(mut body: Incoming, time_left: Duration) -> Vec<u8> {
    let mut start = Vec::new();
    let read = async {
        while start.len() < MAX_ANSWER_BYTES {
            let Some(Ok(frame)) = body.frame().await else { break };
            if let Some(data) = frame.data_ref() {
                let room = MAX_ANSWER_BYTES - start.len();
                start.extend(data.iter().take(room));
            }
        }
    };
    let _ = timeout(time_left.min(BODY_TIMEOUT), read).await;
    start
}

/// An error with its causes, without the first one, which only states that the client failed.
fn causes(error: &(dyn StdError + 'static)) -> String {
    let mut texts: Vec<String> = Vec::new();
    let mut next = error.source().or(Some(error));
    while let Some(error) = next {
        let text = error.to_string();
        if !texts.last().is_some_and(|last| last.contains(&text)) {
            texts.push(text);
        }
        next = error.source();
    }
    texts.join(": ")
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The path of the URL may be a secret.
        f.debug_struct("Client").field("host", &self.url.host()).finish_non_exhaustive()
    }
}
