//! The secret itself, in a header.

mod explain;

use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::{Match, only};
use crate::receive::rejected::Reason;
use crate::receive::request_head::RequestHead;
use crate::receive::secret::Secret;

/// The expected tokens. Both sides are hashed before they are compared, so that a comparison takes the same time for
/// every token of the same length, and nothing depends on how long the secret is.
#[derive(Clone)]
pub(crate) struct SharedToken {
    header: &'static str,
    digests: TokenDigests,
}

impl SharedToken {
    pub(crate) fn new(header: &'static str, secrets: &[Secret]) -> Self {
        Self { header, digests: TokenDigests::new(secrets) }
    }

    /// The position of the secret that the header holds, byte for byte: nothing is trimmed, decoded or folded.
    pub(crate) fn verify(&self, head: &impl RequestHead) -> Result<usize, Reason> {
        let value = only(head, self.header)?;
        match self.digests.find(value) {
            Some(position) => Ok(position),
            None if std::str::from_utf8(value).is_ok() => Err(Reason::CredentialWrong),
            None => Err(Reason::CredentialNotText),
        }
    }
}

/// Expected tokens, hashed.
#[derive(Clone)]
pub(super) struct TokenDigests(Zeroizing<Vec<[u8; 32]>>);

impl TokenDigests {
    pub(super) fn new(secrets: &[Secret]) -> Self {
        Self(Zeroizing::new(secrets.iter().map(|secret| Sha256::digest(secret.expose()).into()).collect()))
    }

    /// The position of the token that a candidate equals.
    pub(super) fn find(&self, candidate: &[u8]) -> Option<usize> {
        let candidate: [u8; 32] = Sha256::digest(candidate).into();
        let mut found = Match::default();
        for (position, digest) in self.0.iter().enumerate() {
            found.note(position, digest.ct_eq(&candidate));
        }
        found.position()
    }
}
