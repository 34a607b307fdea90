//! Recognition of repeated deliveries.

use std::fmt::Write;
use std::time::Duration;

use sha2::{Digest, Sha256};
use webhook_core::IdempotencyKey;

/// The maximum size of a stored key in bytes.
pub const MAX_KEY_BYTES: usize = 255;

/// The default time for which equal bodies are the same event: 48 hours.
///
/// Different events can have equal fingerprints, because `MonitorQA` sends no time. Without a time limit such events
/// would be lost.
pub const FINGERPRINT_WINDOW: Duration = Duration::from_secs(48 * 60 * 60);

/// The time for which a key is unique.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Dedup {
    /// Without a time limit: it is the vendor's id of the event.
    Forever,
    /// For the window of the inbox, by default [`FINGERPRINT_WINDOW`].
    InWindow,
    /// For this long after the delivery was first received.
    For(Duration),
    /// Not at all: every delivery is new.
    Never,
}

/// The key as it is stored, at most [`MAX_KEY_BYTES`] long. A vendor's id that is longer, or that a database cannot
/// store as text, is stored as its hash.
pub(crate) fn bounded_key(key: &IdempotencyKey) -> String {
    let text = key.to_string();
    match key {
        IdempotencyKey::Vendor(id) if text.len() > MAX_KEY_BYTES || id.contains('\0') => {
            format!("id-{}", IdempotencyKey::fingerprint(id.as_bytes()))
        }
        _ => text,
    }
}

/// The same for a key from the caller.
pub(crate) fn bounded_text(key: String) -> String {
    if key.len() <= MAX_KEY_BYTES && !key.contains('\0') {
        return key;
    }
    let digest = Sha256::digest(key.as_bytes());
    digest.iter().fold("long-sha256:".to_owned(), |mut text, byte| {
        // Writing into a text cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_of_a_megabyte_is_stored_as_its_hash_and_still_tells_two_apart() {
        let a = bounded_key(&IdempotencyKey::vendor(&"a".repeat(1 << 20)));
        let b = bounded_key(&IdempotencyKey::vendor(&"b".repeat(1 << 20)));
        assert!(a.len() <= MAX_KEY_BYTES && a.starts_with("id-sha256:"), "{a}");
        assert_ne!(a, b);
        assert_eq!(bounded_key(&IdempotencyKey::vendor("7")), "id:7");
        assert!(!bounded_key(&IdempotencyKey::vendor("a\0b")).contains('\0'));
        assert!(bounded_text("k".repeat(4096)).len() <= MAX_KEY_BYTES);
    }
}
