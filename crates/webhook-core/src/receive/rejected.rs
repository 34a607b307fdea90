//! A request that does not become a delivery.

use std::fmt;

use http::StatusCode;

/// Why a request was turned away.
///
/// The sender is told [`status`](Self::status) and nothing else; `Display` is for the operator and names the check that
/// failed, without any secret, expected signature or body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rejected {
    vendor: &'static str,
    reason: Reason,
}

/// The check that a request failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
#[non_exhaustive]
pub enum Reason {
    /// The body could not be read to its end.
    BodyUnreadable,
    /// The body is larger than the limit.
    BodyTooLarge,
    /// The content type is not the one that the vendor documents.
    ContentType,
    /// The credential is missing: no secret header, no signature header, no token in the URL.
    CredentialMissing,
    /// The credential came more than once.
    CredentialAmbiguous,
    /// The credential is not text.
    CredentialNotText,
    /// The signature is no digest of a known length, or its prefix says otherwise.
    SignatureMalformed,
    /// The signature is of another algorithm than the pinned one.
    AlgorithmNotAllowed,
    /// The credential is none of the expected ones.
    CredentialWrong,
}

impl Rejected {
    pub(crate) fn new(vendor: &'static str, reason: Reason) -> Self {
        Self { vendor, reason }
    }

    /// What to answer the sender, with an empty body: 400, 401, 413 or 415.
    pub fn status(&self) -> StatusCode {
        match self.reason {
            Reason::BodyUnreadable | Reason::CredentialAmbiguous | Reason::CredentialNotText => {
                StatusCode::BAD_REQUEST
            }
            Reason::BodyTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Reason::ContentType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Reason::CredentialMissing
            | Reason::SignatureMalformed
            | Reason::AlgorithmNotAllowed
            | Reason::CredentialWrong => StatusCode::UNAUTHORIZED,
        }
    }

    /// The check that failed.
    pub fn reason(&self) -> Reason {
        self.reason
    }

    /// Whose delivery it claimed to be.
    pub fn vendor(&self) -> &'static str {
        self.vendor
    }
}

impl fmt::Display for Rejected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let check = match self.reason {
            Reason::BodyUnreadable => "the body could not be read",
            Reason::BodyTooLarge => "the body is over the limit",
            Reason::ContentType => "the content type is not the documented one",
            Reason::CredentialMissing => "no credential",
            Reason::CredentialAmbiguous => "more than one credential",
            Reason::CredentialNotText => "a credential that is no text",
            Reason::SignatureMalformed => "a malformed signature",
            Reason::AlgorithmNotAllowed => "a signature of an algorithm that is not allowed",
            Reason::CredentialWrong => "a wrong credential",
        };
        write!(f, "{} request rejected: {check}", self.vendor)
    }
}

impl std::error::Error for Rejected {}
