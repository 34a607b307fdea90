//! Sample payloads to test a receiver, and requests as the vendor would send them.

mod changed;

use std::fmt;
use std::marker::PhantomData;

use bytes::Bytes;
use http::{HeaderValue, Method, Request, header};

use crate::receive::delivery::Delivery;
use crate::receive::request_head::RequestHead;
use crate::receive::scheme::{Authenticated, Authentication, Scheme as _, sign};
use crate::receive::secret::Secret;

pub use changed::{ChangedSample, PathNotFound};

/// A sample payload of the vendor's crate, exactly as on the wire.
pub struct Sample<W> {
    event: &'static str,
    case: &'static str,
    main: bool,
    body: &'static str,
    webhook: PhantomData<fn() -> W>,
}

/// A request as the vendor would send it: a target, headers and a body.
///
/// It implements [`RequestHead`], so it can be passed to a receiver, and can be converted to an [`http::Request`].
/// `Debug` shows neither the credential nor the body.
#[derive(Clone)]
pub struct SignedRequest {
    target: String,
    headers: Vec<(&'static str, String)>,
    body: Bytes,
}

impl<W> Sample<W> {
    /// For the lists in the vendor crates.
    #[doc(hidden)]
    pub const fn new(event: &'static str, case: &'static str, main: bool, body: &'static str) -> Self {
        Self { event, case, main, body, webhook: PhantomData }
    }

    /// The name of the event on the wire.
    pub fn event(&self) -> &'static str {
        self.event
    }

    /// What the payload shows.
    pub fn case(&self) -> &'static str {
        self.case
    }

    /// Whether it is the main sample of its event. Each other sample shows a special case.
    pub fn is_main(&self) -> bool {
        self.main
    }

    /// The payload.
    pub fn body(&self) -> &'static str {
        self.body
    }
}

impl<W: Authenticated> Sample<W> {
    /// A request with this payload and a credential from the secret.
    pub fn signed(&self, secret: &Secret) -> SignedRequest {
        SignedRequest::new::<W>(self.body, secret)
    }

    /// The payload as an unverified delivery.
    pub fn delivery(&self) -> Delivery<W> {
        Delivery::from_unverified(self.body)
    }
}

impl SignedRequest {
    /// A request with any body and a credential from the secret.
    ///
    /// The target is `/` if the credential is in a header, and `/<token>` if the receiver expects a token in the URL.
    pub fn new<W: Authenticated>(body: impl Into<Bytes>, secret: &Secret) -> Self {
        let body = body.into();
        let text = || String::from_utf8_lossy(secret.expose()).into_owned();
        let mut target = "/".to_owned();
        let mut headers = vec![("content-type", "application/json".to_owned())];
        match W::SCHEME.authentication() {
            Authentication::SharedToken { header } => headers.push((header, text())),
            Authentication::BodyHmac { header } => headers.push((header, sign(secret, &body))),
            Authentication::UrlToken => target.push_str(&text()),
        }
        Self { target, headers, body }
    }

    /// The path of the URL.
    pub fn path(&self) -> &str {
        &self.target
    }

    /// The headers, including `content-type`.
    pub fn headers(&self) -> &[(&'static str, String)] {
        &self.headers
    }

    /// The exact bytes.
    pub fn body(&self) -> Bytes {
        self.body.clone()
    }

    /// The same as an [`http::Request`].
    ///
    /// # Errors
    ///
    /// The secret contains characters that are not allowed in a header or a URL.
    pub fn into_http(self) -> Result<Request<Bytes>, http::Error> {
        let mut request = Request::builder().method(Method::POST).uri(self.target);
        for (name, value) in self.headers {
            let mut value = HeaderValue::from_bytes(value.as_bytes())?;
            value.set_sensitive(name != header::CONTENT_TYPE);
            request = request.header(name, value);
        }
        request.body(self.body)
    }
}

impl RequestHead for SignedRequest {
    fn each_header<'a>(&'a self, visit: &mut dyn FnMut(&'a str, &'a [u8])) {
        self.headers.each_header(visit);
    }

    fn target(&self) -> Option<&str> {
        Some(&self.target)
    }
}

impl<W> Clone for Sample<W> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<W> Copy for Sample<W> {}

impl<W> fmt::Debug for Sample<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sample").field("event", &self.event).field("case", &self.case).finish_non_exhaustive()
    }
}

impl fmt::Debug for SignedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignedRequest").field("bytes", &self.body.len()).finish_non_exhaustive()
    }
}
