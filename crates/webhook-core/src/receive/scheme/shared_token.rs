//! The secret itself, in a header.

use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::{Authentication, Match, Scheme, only};
use crate::receive::rejected::Reason;
use crate::receive::request_head::RequestHead;
use crate::receive::secret::Secret;

/// The vendor sends the secret itself in a header. It proves that the sender knows the secret, but not that the body is
/// unchanged, so it needs HTTPS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SharedToken {
    header: &'static str,
}

impl SharedToken {
    /// Creates the scheme for a secret in this header; the case of the name does not matter.
    pub const fn in_header(header: &'static str) -> Self {
        Self { header }
    }
}

impl Scheme for SharedToken {
    fn authentication(self) -> Authentication {
        Authentication::SharedToken { header: self.header }
    }
}

/// The hashes of the expected tokens. Both sides are hashed before they are compared. A comparison takes the same time
/// for every token of the same length, and the time does not depend on the length of the secret.
#[derive(Clone)]
pub(crate) struct HeaderTokens {
    pub(crate) header: &'static str,
    pub(crate) digests: TokenDigests,
}

impl HeaderTokens {
    pub(crate) fn new(header: &'static str, secrets: &[Secret]) -> Self {
        Self { header, digests: TokenDigests::new(secrets) }
    }

    /// The position of the secret that is equal to the header, byte for byte: the header is not trimmed, decoded or
    /// case-folded.
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
pub(crate) struct TokenDigests(Zeroizing<Vec<[u8; 32]>>);

impl TokenDigests {
    pub(crate) fn new(secrets: &[Secret]) -> Self {
        Self(Zeroizing::new(secrets.iter().map(|secret| Sha256::digest(secret.expose()).into()).collect()))
    }

    /// The position of the token that a candidate equals.
    pub(crate) fn find(&self, candidate: &[u8]) -> Option<usize> {
        let candidate: [u8; 32] = Sha256::digest(candidate).into();
        let mut found = Match::default();
        for (position, digest) in self.0.iter().enumerate() {
            found.note(position, digest.ct_eq(&candidate));
        }
        found.position()
    }
}
