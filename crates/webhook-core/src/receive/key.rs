//! The identity of a delivery, to process a repeated delivery only once.

use std::fmt;
use std::str::FromStr;

use sha2::{Digest, Sha256};

/// The key of a delivery, by which a receiver recognises repetitions.
///
/// Either the vendor's id of the event or, if the vendor sends no id, a SHA-256 of the raw body. The two kinds are
/// never equal. A duplicate has the same fingerprint as its original. Two identical events also have the same
/// fingerprint if the vendor's timestamps do not distinguish them.
///
/// ```
/// use webhook_core::IdempotencyKey;
///
/// let key = IdempotencyKey::fingerprint(b"{}");
/// assert_eq!(
///     key.to_string(),
///     "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",
/// );
/// assert_eq!(IdempotencyKey::vendor("431588815459544902").to_string(), "id:431588815459544902");
/// assert_eq!("id:431588815459544902".parse(), Ok(IdempotencyKey::vendor("431588815459544902")));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum IdempotencyKey {
    /// The vendor's id of the event, the same on every attempt to deliver it.
    Vendor(Box<str>),
    /// A SHA-256 of the body.
    Fingerprint([u8; 32]),
}

/// A text that is not an [`IdempotencyKey`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct InvalidIdempotencyKey;

impl IdempotencyKey {
    /// The key of an event with an id of the vendor.
    pub fn vendor(id: &str) -> Self {
        Self::Vendor(id.into())
    }

    /// The key of a body without an id of the vendor.
    pub fn fingerprint(body: &[u8]) -> Self {
        Self::Fingerprint(Sha256::digest(body).into())
    }
}

/// Writes `id:` and the vendor's id, or `sha256:` and 64 hexadecimal digits, for storage in one text column.
impl fmt::Display for IdempotencyKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Vendor(id) => write!(f, "id:{id}"),
            Self::Fingerprint(digest) => {
                f.write_str("sha256:")?;
                let mut digits = [0; 64];
                f.write_str(base16ct::lower::encode_str(digest, &mut digits)?)
            }
        }
    }
}

/// Reads what `Display` writes.
impl FromStr for IdempotencyKey {
    type Err = InvalidIdempotencyKey;

    fn from_str(text: &str) -> Result<Self, InvalidIdempotencyKey> {
        match text.split_once(':') {
            Some(("id", id)) => Ok(Self::vendor(id)),
            Some(("sha256", digits)) => {
                let mut digest = [0; 32];
                match base16ct::lower::decode(digits, &mut digest) {
                    Ok(read) if read.len() == 32 => Ok(Self::Fingerprint(digest)),
                    _ => Err(InvalidIdempotencyKey),
                }
            }
            _ => Err(InvalidIdempotencyKey),
        }
    }
}

impl serde::Serialize for IdempotencyKey {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for IdempotencyKey {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'_, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

impl fmt::Display for InvalidIdempotencyKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("expected `id:` and an id, or `sha256:` and 64 hexadecimal digits in lower case")
    }
}

impl std::error::Error for InvalidIdempotencyKey {}
