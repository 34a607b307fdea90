//! A rejected request.

use std::borrow::Cow;
use std::fmt;

use http::StatusCode;
use serde::de::{Error as _, IgnoredAny, MapAccess, Visitor};
use serde::ser::SerializeStruct as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Why a request was rejected.
///
/// The sender gets [`status`](Self::status) and nothing else; `Display` is for the operator and names the check that
/// failed, without any secret, expected signature or body. With serde it is an object with `vendor` and `reason`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Rejected {
    vendor: Cow<'static, str>,
    reason: Reason,
}

crate::vocabulary! {
    /// The check that a request failed. `Display`, `FromStr` and serde use names such as `body_too_large`.
    pub enum Reason {
        /// The body could not be read to its end.
        BodyUnreadable = "body_unreadable",
        /// The body is larger than the limit.
        BodyTooLarge = "body_too_large",
        /// The content type is not the one that the vendor documents.
        ContentType = "content_type",
        /// The credential is missing: no secret header, no signature header, no token in the URL.
        CredentialMissing = "credential_missing",
        /// The credential occurs more than once.
        CredentialAmbiguous = "credential_ambiguous",
        /// The credential is not UTF-8.
        CredentialNotText = "credential_not_text",
        /// The signature is not a digest of a known length, or its prefix contradicts its length.
        SignatureMalformed = "signature_malformed",
        /// The signature is of another algorithm than the pinned one.
        AlgorithmNotAllowed = "algorithm_not_allowed",
        /// The credential does not match any of the secrets.
        CredentialWrong = "credential_wrong",
    }
}

impl Rejected {
    pub(crate) fn new(vendor: &'static str, reason: Reason) -> Self {
        Self { vendor: Cow::Borrowed(vendor), reason }
    }

    /// The status to answer with, and an empty body: 400, 401, 413 or 415.
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

    /// The vendor of the receiver.
    pub fn vendor(&self) -> &str {
        &self.vendor
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
            Reason::CredentialNotText => "the credential is not UTF-8",
            Reason::SignatureMalformed => "a malformed signature",
            Reason::AlgorithmNotAllowed => "a signature of an algorithm that is not allowed",
            Reason::CredentialWrong => "a wrong credential",
        };
        write!(f, "{} request rejected: {check}", self.vendor)
    }
}

impl std::error::Error for Rejected {}

impl Serialize for Rejected {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_struct("Rejected", 2)?;
        object.serialize_field("vendor", &self.vendor)?;
        object.serialize_field("reason", &self.reason)?;
        object.end()
    }
}

impl<'de> Deserialize<'de> for Rejected {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_struct("Rejected", &["vendor", "reason"], RejectedVisitor)
    }
}

struct RejectedVisitor;

impl<'de> Visitor<'de> for RejectedVisitor {
    type Value = Rejected;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with `vendor` and `reason`")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Rejected, A::Error> {
        let (mut vendor, mut reason) = (None, None);
        while let Some(key) = map.next_key::<Cow<'_, str>>()? {
            match &*key {
                "vendor" => vendor = Some(Cow::Owned(map.next_value()?)),
                "reason" => reason = Some(map.next_value()?),
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(Rejected {
            vendor: vendor.ok_or_else(|| A::Error::missing_field("vendor"))?,
            reason: reason.ok_or_else(|| A::Error::missing_field("reason"))?,
        })
    }
}
