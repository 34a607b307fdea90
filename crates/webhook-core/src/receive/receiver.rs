//! Checks the authenticity and size of a request before anything is parsed.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use bytes::Bytes;

use crate::receive::delivery::Delivery;
use crate::receive::rejected::{Reason, Rejected};
use crate::receive::request_head::RequestHead;
use crate::receive::scheme::{Algorithm, Authenticated, BodyHmac, Scheme as _};
use crate::receive::secret::{NoSecret, Secret};
use crate::receive::verifier::{Proof, Verifier};

/// Accepts the genuine deliveries of a vendor.
///
/// It is cheap to clone and to share. `W` is the vendor's webhook, as in `Receiver<qase_webhooks::Webhook>`; every
/// vendor crate has an alias for it.
pub struct Receiver<W> {
    verifier: Arc<Verifier>,
    max_body_bytes: usize,
    content_type: Option<&'static str>,
    webhook: PhantomData<fn() -> W>,
}

impl<W: Authenticated> Receiver<W> {
    /// Accepts deliveries that this secret authenticates.
    pub fn new(secret: Secret) -> Self {
        Self::of_secrets(&[secret])
    }

    /// Accepts deliveries that any of these secrets authenticates, so that a secret can be rotated without losing a
    /// delivery. [`Delivery::secret_index`] returns which one matched.
    ///
    /// # Errors
    ///
    /// The list of secrets is empty: such a receiver would reject every delivery.
    pub fn with_secrets(secrets: impl IntoIterator<Item = Secret>) -> Result<Self, NoSecret> {
        let secrets: Vec<Secret> = secrets.into_iter().collect();
        if secrets.is_empty() { Err(NoSecret) } else { Ok(Self::of_secrets(&secrets)) }
    }

    /// Accepts everything, forged deliveries included. For tests, and for receivers behind a component that verifies.
    pub fn without_verification() -> Self {
        Self::of(Verifier::Nothing)
    }

    fn of_secrets(secrets: &[Secret]) -> Self {
        Self::of(Verifier::new(W::SCHEME.authentication(), secrets))
    }

    fn of(verifier: Verifier) -> Self {
        Self {
            verifier: Arc::new(verifier),
            max_body_bytes: W::MAX_BODY_BYTES,
            content_type: None,
            webhook: PhantomData,
        }
    }

    /// Accepts bodies of up to this many bytes, instead of [`Authenticated::MAX_BODY_BYTES`].
    #[must_use]
    pub fn with_max_body_bytes(mut self, bytes: usize) -> Self {
        self.max_body_bytes = bytes;
        self
    }

    /// The largest body in bytes that is accepted.
    pub fn max_body_bytes(&self) -> usize {
        self.max_body_bytes
    }

    /// Rejects other content types than the one that the vendor documents, [`Authenticated::CONTENT_TYPE`], with 415.
    ///
    /// It does not compile for a vendor that documents no content type.
    #[must_use]
    pub fn require_content_type(mut self) -> Self {
        const { assert!(W::CONTENT_TYPE.is_some(), "the vendor documents no content type") };
        self.content_type = W::CONTENT_TYPE;
        self
    }

    /// Checks the head of a request before its body is read.
    ///
    /// A credential in the head (a shared token, a token in the URL) is verified here, so a forged request can be
    /// answered without reading its body. Of a signature of the body, only the form and the algorithm can be checked.
    /// When the body is available, call [`accept`](Self::accept) with the same head, which repeats this check.
    ///
    /// ```
    /// # use webhook_core::{Authenticated, Receiver, Rejected};
    /// fn before_the_body<W: Authenticated>(receiver: &Receiver<W>, head: &http::request::Parts) -> Result<(), Rejected> {
    ///     receiver.check_head(head) // answer `Rejected::status` at once, and close the connection
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// The head proves that the request is not authentic, or has another content type than the required one.
    pub fn check_head(&self, head: impl RequestHead) -> Result<(), Rejected> {
        self.proof(&head).map(|_| ()).map_err(|reason| Rejected::new(W::VENDOR, reason))
    }

    /// Turns a request into a delivery.
    ///
    /// Pass the raw bytes of the body: a body that was parsed and written again has other bytes.
    ///
    /// # Errors
    ///
    /// The body is over the limit, or the request is not authentic. The sender should be answered
    /// [`Rejected::status`] with an empty body.
    pub fn accept(&self, head: impl RequestHead, body: impl Into<Bytes>) -> Result<Delivery<W>, Rejected> {
        let body = body.into();
        self.check(&head, &body)
            .map(|secret_index| Delivery::verified(body, secret_index))
            .map_err(|reason| Rejected::new(W::VENDOR, reason))
    }

    /// The position of the secret that authenticates a request; `None` if nothing is verified.
    pub(crate) fn check(&self, head: &impl RequestHead, body: &[u8]) -> Result<Option<usize>, Reason> {
        let proof = self.proof(head)?;
        if body.len() > self.max_body_bytes {
            return Err(Reason::BodyTooLarge);
        }
        let secret_index = self.verifier.check_body(&proof, body)?;
        // A sender without a credential must not learn about content types.
        self.check_content_type(head)?;
        Ok(secret_index)
    }

    fn proof(&self, head: &impl RequestHead) -> Result<Proof, Reason> {
        let proof = self.verifier.check_head(head)?;
        if !matches!(proof, Proof::Signature(_)) {
            self.check_content_type(head)?;
        }
        Ok(proof)
    }

    fn check_content_type(&self, head: &impl RequestHead) -> Result<(), Reason> {
        match self.content_type {
            Some(expected) if !has_content_type(head, expected) => Err(Reason::ContentType),
            _ => Ok(()),
        }
    }

    #[cfg(feature = "explain")]
    pub(crate) fn verifier(&self) -> &Verifier {
        &self.verifier
    }
}

impl<W: Authenticated<Scheme = BodyHmac>> Receiver<W> {
    /// Accepts only signatures of this algorithm. The default is to accept both HMAC-SHA-1 and HMAC-SHA-256.
    #[must_use]
    pub fn pin(mut self, algorithm: Algorithm) -> Self {
        if let Verifier::BodyHmac(keys) = Arc::make_mut(&mut self.verifier) {
            keys.pinned = Some(algorithm);
        }
        self
    }
}

impl<W> Clone for Receiver<W> {
    fn clone(&self) -> Self {
        Self { verifier: Arc::clone(&self.verifier), ..*self }
    }
}

/// How it is configured, without the secrets.
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
