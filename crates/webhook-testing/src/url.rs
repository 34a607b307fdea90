//! Targets that listen on a socket, in any framework or language.

mod exchange;

use std::fmt;
use std::thread;
use std::time::Duration;

use bytes::Bytes;
use futures_channel::oneshot;
use http::header::{CONNECTION, CONTENT_LENGTH, HOST};
use http::uri::Scheme;
use http::{HeaderValue, Request, StatusCode, Uri};

pub use exchange::NoAnswer;

use crate::target::Target;

/// The default time limit for an answer. See [`Url::timeout`].
const TIMEOUT: Duration = Duration::from_secs(10);

/// A receiver behind a URL, made by [`url`].
#[derive(Debug, Clone)]
pub struct Url {
    uri: Uri,
    /// The host with its port, as in the URL, for the header `host`.
    authority: HeaderValue,
    host: String,
    port: u16,
    timeout: Duration,
}

/// A text that is not the URL of a receiver.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidUrl(&'static str);

/// A receiver that listens on a socket as a target, such as `url("http://127.0.0.1:8080")`, in any framework and any
/// language.
///
/// The path of the URL comes first, then [`Bench::path`](crate::Bench::path): `http://127.0.0.1:8080/hooks` and `/qase`
/// make `/hooks/qase`. Without a path of the bench, deliveries are sent to the URL itself. Its query is kept.
///
/// Every request has its own connection and its own thread, so that it works in any async runtime and requests can run
/// at the same time. It is sent byte for byte, even if it is malformed. Redirects are not followed, and any status is
/// an answer.
///
/// ```
/// # use webhook_core::samples::Sample;
/// # use webhook_testing::{Bench, url};
/// # use webhook_core::{Authenticated, Secret};
/// # async fn example<W: Authenticated>(samples: &'static [Sample<W>], address: std::net::SocketAddr) {
/// let receiver = url(&format!("http://{address}")).unwrap();
/// let secret = Secret::new("a secret of the test").unwrap();
/// Bench::new(samples, secret).path("/hooks").run(&receiver).await.assert_passed();
/// # }
/// ```
///
/// # A receiver that answers before it has read everything
///
/// A receiver may answer a body over the limit with 413 at once and close the connection. That answer is used: it is
/// read while the body is still being sent, and after sending has failed. But closing a connection with unread bytes
/// resets it, and some systems then discard the answer. If the row "oversized" reports that the connection broke, the
/// vendor would not see the answer either: let the receiver read for some time before it closes.
///
/// # Errors
///
/// It is not an absolute URL, its scheme is not `http`, or it contains a user name or a password. For a receiver behind
/// TLS, use a closure with a client of your own.
pub fn url(url: &str) -> Result<Url, InvalidUrl> {
    let uri: Uri = url.parse().map_err(|_| InvalidUrl("not a URL"))?;
    let (Some(scheme), Some(authority)) = (uri.scheme(), uri.authority()) else {
        return Err(InvalidUrl("not an absolute URL"));
    };
    if *scheme == Scheme::HTTPS {
        return Err(InvalidUrl("TLS is not supported: pass a closure with a client of your own"));
    }
    if *scheme != Scheme::HTTP {
        return Err(InvalidUrl("not an http URL"));
    }
    if authority.as_str().contains('@') {
        return Err(InvalidUrl("a user name or a password in the URL"));
    }
    let host = authority.host();
    // Otherwise a port that is not a number would be port 80.
    if authority.port_u16().is_none() && authority.as_str() != host {
        return Err(InvalidUrl("a URL whose port is not a number up to 65535"));
    }
    // The brackets of an IPv6 address belong to the URL, not to the address.
    let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
    let port = authority.port_u16().unwrap_or(80);
    let authority = HeaderValue::from_str(authority.as_str()).map_err(|_| InvalidUrl("not a URL"))?;
    Ok(Url { uri, authority, host, port, timeout: TIMEOUT })
}

impl Url {
    /// Sets how long the answer to a request may take, including the connection; the default is ten seconds. A receiver
    /// that does not answer in this time fails the row.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// The target in the first line of a request.
    fn request_target(&self, asked: &Uri) -> String {
        let path = match asked.path() {
            "" | "/" => self.uri.path().to_owned(),
            path => format!("{}{path}", self.uri.path().trim_end_matches('/')),
        };
        let queries: Vec<&str> = [self.uri.query(), asked.query()].into_iter().flatten().collect();
        if queries.is_empty() { path } else { format!("{path}?{}", queries.join("&")) }
    }

    /// The bytes of a request with unchanged headers. A client library would reject some of them.
    fn written(&self, request: Request<Bytes>) -> Vec<u8> {
        let (mut head, body) = request.into_parts();
        head.headers.insert(HOST, self.authority.clone());
        head.headers.insert(CONTENT_LENGTH, body.len().into());
        head.headers.insert(CONNECTION, HeaderValue::from_static("close"));
        let mut bytes =
            format!("{} {} HTTP/1.1\r\n", head.method, self.request_target(&head.uri)).into_bytes();
        for (name, value) in &head.headers {
            bytes.extend_from_slice(name.as_str().as_bytes());
            bytes.extend_from_slice(b": ");
            bytes.extend_from_slice(value.as_bytes());
            bytes.extend_from_slice(b"\r\n");
        }
        bytes.extend_from_slice(b"\r\n");
        bytes.extend_from_slice(&body);
        bytes
    }
}

impl Target for Url {
    type Error = NoAnswer;

    async fn call(&self, request: Request<Bytes>) -> Result<StatusCode, NoAnswer> {
        let (answer, answered) = oneshot::channel();
        let (host, port, timeout) = (self.host.clone(), self.port, self.timeout);
        let request = self.written(request);
        thread::Builder::new().name("webhook bench".to_owned()).spawn(move || {
            // It fails only if nobody waits any more.
            let _ = answer.send(exchange::exchange(&host, port, &request, timeout));
        })?;
        answered.await.unwrap_or(Err(NoAnswer::Closed))
    }
}

impl fmt::Display for InvalidUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for InvalidUrl {}
