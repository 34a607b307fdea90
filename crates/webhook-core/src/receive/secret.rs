//! Secrets that the vendor and the receiver share.

use std::fmt;

use zeroize::Zeroizing;

/// A shared secret: never empty, never shown, zeroed when dropped.
///
/// ```
/// use webhook_core::Secret;
///
/// assert!(Secret::new("").is_err());
/// assert_eq!(format!("{:?}", Secret::new("hunter2-hunter2").unwrap()), "Secret(..)");
/// ```
#[derive(Clone)]
pub struct Secret(Zeroizing<Vec<u8>>);

/// The error for an empty secret, which would authenticate everybody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct EmptySecret;

/// The error for an empty list of secrets, with which a receiver would reject every delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct NoSecret;

impl Secret {
    /// Creates a secret from exactly the text that is configured at the vendor. It is not trimmed and not decoded.
    ///
    /// # Errors
    ///
    /// The secret is empty.
    pub fn new(secret: impl Into<Vec<u8>>) -> Result<Self, EmptySecret> {
        let secret = Zeroizing::new(secret.into());
        if secret.is_empty() { Err(EmptySecret) } else { Ok(Self(secret)) }
    }

    /// The bytes of the secret.
    pub(crate) fn expose(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

impl fmt::Display for EmptySecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the secret is empty")
    }
}

impl std::error::Error for EmptySecret {}

impl fmt::Display for NoSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("there is no secret to verify deliveries with")
    }
}

impl std::error::Error for NoSecret {}
