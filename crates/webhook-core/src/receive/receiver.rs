//! Between a request and a delivery: size, authenticity, and nothing parsed before both are known.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use bytes::Bytes;

use crate::explain::Cause;
use crate::receive::authentication::{
    Algorithm, Authenticated, Authentication, BodyHmac, DocumentsContentType, SharedToken, SignsBody,
    UrlToken,
};
use crate::receive::delivery::Delivery;
use crate::receive::rejected::{Reason, Rejected};
use crate::receive::request_head::RequestHead;
use crate::receive::secret::Secret;

/// Accepts the genuine deliveries of a vendor.
///
/// Cheap to clone and to share; `W` is the vendor's webhook, as in `Receiver<qase_webhooks::Webhook>`, for which every
/// vendor crate has a short name.
pub struct Receiver<W> {
    verifier: Arc<Verifier>,
    max_body_bytes: usize,
    content_type: Option<&'static str>,
    webhook: PhantomData<fn() -> W>,
}

#[derive(Clone)]
pub(crate) enum Verifier {
    Nothing,
    SharedToken(SharedToken),
    BodyHmac(BodyHmac),
    UrlToken(UrlToken),
}

impl<W: Authenticated> Receiver<W> {
    /// Accepts deliveries that this secret authenticates.
    pub fn new(secret: Secret) -> Self {
        Self::with_secrets([secret])
    }

    /// Accepts deliveries that any of these secrets authenticates, so that one can be replaced without losing a
    /// delivery. Without a single secret nothing is accepted.
    pub fn with_secrets(secrets: impl IntoIterator<Item = Secret>) -> Self {
        let secrets: Vec<Secret> = secrets.into_iter().collect();
        Self::of(match W::AUTHENTICATION {
            Authentication::SharedToken { header } => {
                Verifier::SharedToken(SharedToken::new(header, &secrets))
            }
            Authentication::BodyHmac { header } => Verifier::BodyHmac(BodyHmac::new(header, &secrets)),
            Authentication::UrlToken => Verifier::UrlToken(UrlToken::new(&secrets)),
        })
    }

    /// Accepts everything, forged deliveries included. For tests, and for receivers behind something that verifies.
    pub fn without_verification() -> Self {
        Self::of(Verifier::Nothing)
    }

    fn of(verifier: Verifier) -> Self {
        Self {
            verifier: Arc::new(verifier),
            max_body_bytes: W::MAX_BODY_BYTES,
            content_type: None,
            webhook: PhantomData,
        }
    }

    /// Takes bodies of up to this many bytes.
    #[must_use]
    pub fn max_body_bytes(mut self, bytes: usize) -> Self {
        self.max_body_bytes = bytes;
        self
    }

    /// The most bytes that a body may have.
    pub fn body_limit(&self) -> usize {
        self.max_body_bytes
    }

    /// Turns a request into a delivery.
    ///
    /// The body is taken as raw bytes: a body that was parsed and written again is another body.
    ///
    /// # Errors
    ///
    /// The body is over the limit, or the request is not authentic. The sender should be answered
    /// [`Rejected::status`] with an empty body.
    pub fn accept(&self, head: impl RequestHead, body: impl Into<Bytes>) -> Result<Delivery<W>, Rejected> {
        let body = body.into();
        self.check(&head, &body)
            .map(|secret| Delivery::verified(body, secret))
            .map_err(|reason| Rejected::new(W::VENDOR, reason))
    }

    pub(crate) fn verifier(&self) -> &Verifier {
        &self.verifier
    }

    pub(crate) fn check(&self, head: &impl RequestHead, body: &[u8]) -> Result<Option<usize>, Reason> {
        if body.len() > self.max_body_bytes {
            return Err(Reason::BodyTooLarge);
        }
        let secret = match &*self.verifier {
            Verifier::Nothing => None,
            Verifier::SharedToken(token) => Some(token.verify(head)?),
            Verifier::BodyHmac(hmac) => Some(hmac.verify(head, body)?),
            Verifier::UrlToken(token) => Some(token.verify(head)?),
        };
        match self.content_type {
            Some(expected) if !has_content_type(head, expected) => Err(Reason::ContentType),
            _ => Ok(secret),
        }
    }
}

impl Verifier {
    /// What is the matter with a request whose credential was turned away.
    pub(crate) fn explain(&self, head: &impl RequestHead, body: &[u8]) -> Vec<Cause> {
        match self {
            Self::Nothing => Vec::new(),
            Self::SharedToken(token) => token.explain(head),
            Self::BodyHmac(hmac) => hmac.explain(head, body),
            Self::UrlToken(token) => token.explain(head),
        }
    }
}

impl<W: SignsBody> Receiver<W> {
    /// Accepts signatures of this algorithm only.
    #[must_use]
    pub fn pin(mut self, algorithm: Algorithm) -> Self {
        if let Verifier::BodyHmac(hmac) = Arc::make_mut(&mut self.verifier) {
            hmac.pin(algorithm);
        }
        self
    }
}

impl<W: DocumentsContentType> Receiver<W> {
    /// Turns away what does not have the content type that the vendor documents, with 415.
    #[must_use]
    pub fn require_content_type(mut self) -> Self {
        self.content_type = W::CONTENT_TYPE;
        self
    }
}

impl<W> Clone for Receiver<W> {
    fn clone(&self) -> Self {
        Self { verifier: Arc::clone(&self.verifier), ..*self }
    }
}

/// How it is set up, without the secrets.
impl<W> fmt::Debug for Receiver<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verifies = !matches!(*self.verifier, Verifier::Nothing);
        f.debug_struct("Receiver")
            .field("verifies", &verifies)
            .field("max_body_bytes", &self.max_body_bytes)
            .finish_non_exhaustive()
    }
}

/// Whether a request has this media type, with or without parameters.
fn has_content_type(head: &impl RequestHead, expected: &str) -> bool {
    head.values("content-type").last().is_some_and(|value| {
        let media_type = value.split(|byte| *byte == b';').next().unwrap_or_default();
        media_type.trim_ascii().eq_ignore_ascii_case(expected.as_bytes())
    })
}
