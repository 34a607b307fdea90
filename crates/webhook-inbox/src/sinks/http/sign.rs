//! Signatures of Standard Webhooks.

use std::fmt;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::error::Error;

/// The size of a key in bytes, by the specification.
const KEY_BYTES: std::ops::RangeInclusive<usize> = 24..=64;

/// A secret to sign with, shared with the receiver: never shown, zeroed when dropped.
#[derive(Clone)]
pub struct SigningSecret(Zeroizing<Vec<u8>>);

impl SigningSecret {
    /// Reads `whsec_` and the base64 of 24 to 64 random bytes; the prefix may be left out. Generate one with `openssl
    /// rand -base64 32`.
    ///
    /// # Errors
    ///
    /// The text is not base64, or the key has another length.
    pub fn new(text: &str) -> Result<Self, Error> {
        let base64 = text.strip_prefix("whsec_").unwrap_or(text);
        let key = BASE64_STANDARD.decode(base64).map(Zeroizing::new);
        match key {
            Ok(key) if KEY_BYTES.contains(&key.len()) => Ok(Self(key)),
            _ => Err(Error::misuse(
                "a signing secret is `whsec_` and the base64 of 24 to 64 random bytes; `openssl rand -base64 32` makes one",
            )),
        }
    }

    /// The signature of a message, with its version.
    pub(super) fn sign(&self, id: &str, timestamp: i64, body: &[u8]) -> String {
        // HMAC takes keys of every length.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.0) else { return String::new() };
        mac.update(format!("{id}.{timestamp}.").as_bytes());
        mac.update(body);
        format!("v1,{}", BASE64_STANDARD.encode(mac.finalize().into_bytes()))
    }
}

impl fmt::Debug for SigningSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningSecret(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::SigningSecret;

    #[test]
    fn the_example_of_the_specification() {
        let secret = SigningSecret::new("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        assert_eq!(
            secret.sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, br#"{"test": 2432232314}"#),
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
        );
    }

    #[test]
    fn a_short_key_is_refused_and_not_repeated() {
        for text in ["", "whsec_", "whsec_aHVudGVyMg==", "hunter2 hunter2 hunter2 hunter2"] {
            let error = SigningSecret::new(text).unwrap_err().to_string();
            assert!(!error.contains("hunter2") && !error.contains("aHVu"), "{error}");
        }
    }
}
