//! An HMAC of the raw body, in a header.

use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::Sha256;
use subtle::{Choice, ConstantTimeEq};

use super::{Algorithm, Authentication, Match, Scheme, only};
use crate::receive::rejected::Reason;
use crate::receive::request_head::RequestHead;
use crate::receive::secret::Secret;

/// The vendor sends an HMAC of the raw body in a header. It proves who sent a delivery and that the body is unchanged.
///
/// The signature is hexadecimal digits in upper or lower case, with an optional prefix `sha256=` or `sha1=` that must
/// match their number. Both algorithms are accepted unless one is [pinned](crate::Receiver::pin).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BodyHmac {
    header: &'static str,
}

impl BodyHmac {
    /// Creates the scheme for a signature in this header; the case of the name does not matter.
    pub const fn in_header(header: &'static str) -> Self {
        Self { header }
    }
}

impl Scheme for BodyHmac {
    fn authentication(self) -> Authentication {
        Authentication::BodyHmac { header: self.header }
    }
}

/// The expected keys, each as the state of an HMAC after the key was hashed. Hashing the key for every delivery would
/// cost as much as a small body.
#[derive(Clone)]
pub(crate) struct SigningKeys {
    pub(crate) header: &'static str,
    keys: Vec<KeyedStates>,
    pub(crate) pinned: Option<Algorithm>,
    /// Only for explanations, which vary them. Verification does not use them.
    #[cfg(feature = "explain")]
    pub(crate) secrets: Vec<Secret>,
}

#[derive(Clone)]
pub(crate) struct KeyedStates {
    sha1: Hmac<Sha1>,
    sha256: Hmac<Sha256>,
}

/// A signature as bytes, in a buffer for the longest signature.
#[derive(Clone, Copy)]
pub(crate) struct Signature {
    pub(crate) algorithm: Algorithm,
    bytes: [u8; 32],
}

impl SigningKeys {
    pub(crate) fn new(header: &'static str, secrets: &[Secret]) -> Self {
        Self {
            header,
            keys: secrets.iter().map(|secret| KeyedStates::of(secret.expose())).collect(),
            pinned: None,
            #[cfg(feature = "explain")]
            secrets: secrets.to_vec(),
        }
    }

    /// The one signature of a request, if it is well-formed and of an allowed algorithm.
    pub(crate) fn signature(&self, head: &impl RequestHead) -> Result<Signature, Reason> {
        let signature = Signature::parse(only(head, self.header)?)?;
        if self.pinned.is_some_and(|pinned| pinned != signature.algorithm) {
            return Err(Reason::AlgorithmNotAllowed);
        }
        Ok(signature)
    }

    /// The position of the secret with which the body was signed, with either algorithm.
    pub(crate) fn find(&self, signature: &Signature, body: &[u8]) -> Option<usize> {
        let mut found = Match::default();
        for (position, key) in self.keys.iter().enumerate() {
            found.note(position, key.signed(signature, body));
        }
        found.position()
    }
}

impl KeyedStates {
    pub(crate) fn of(secret: &[u8]) -> Self {
        Self { sha1: keyed(secret), sha256: keyed(secret) }
    }

    /// Whether the body was signed with this key.
    pub(crate) fn signed(&self, signature: &Signature, body: &[u8]) -> Choice {
        match signature.algorithm {
            Algorithm::Sha1 => digest(&self.sha1, body).ct_eq(signature.digest()),
            Algorithm::Sha256 => digest(&self.sha256, body).ct_eq(signature.digest()),
        }
    }
}

fn keyed<M: Mac + KeyInit>(secret: &[u8]) -> M {
    #[expect(
        clippy::expect_used,
        reason = "HMAC takes a key of any length: longer ones are hashed, shorter ones padded"
    )]
    <M as KeyInit>::new_from_slice(secret).expect("a key of any length")
}

fn digest<M: Mac + Clone>(state: &M, body: &[u8]) -> hmac::digest::Output<M> {
    let mut state = state.clone();
    state.update(body);
    state.finalize().into_bytes()
}

/// The signature of a body, as the vendor would send it.
#[cfg(feature = "samples")]
pub(crate) fn sign(secret: &Secret, body: &[u8]) -> String {
    base16ct::lower::encode_string(&digest(&keyed::<Hmac<Sha256>>(secret.expose()), body))
}

impl Signature {
    /// Reads hexadecimal digits in upper or lower case, after an optional `sha256=` or `sha1=` that must match their
    /// number.
    pub(crate) fn parse(value: &[u8]) -> Result<Self, Reason> {
        let text = std::str::from_utf8(value).map_err(|_| Reason::CredentialNotText)?;
        let text = text.trim_matches([' ', '\t']);
        let (prefix, digits) = match text.split_once('=') {
            Some((prefix, digits)) => {
                (Some(Algorithm::named(prefix).ok_or(Reason::SignatureMalformed)?), digits)
            }
            None => (None, text),
        };
        let algorithm = Algorithm::of_digits(digits.len()).ok_or(Reason::SignatureMalformed)?;
        if prefix.is_some_and(|prefix| prefix != algorithm) {
            return Err(Reason::SignatureMalformed);
        }
        // The count is 40 or 64 here, so the buffer is large enough.
        let mut bytes = [0; 32];
        base16ct::mixed::decode(digits, &mut bytes).map_err(|_| Reason::SignatureMalformed)?;
        Ok(Self { algorithm, bytes })
    }

    /// A digest by its length.
    #[cfg(feature = "explain")]
    pub(crate) fn of(digest: &[u8]) -> Option<Self> {
        let algorithm = Algorithm::of_digits(digest.len().checked_mul(2)?)?;
        let mut bytes = [0; 32];
        bytes.iter_mut().zip(digest).for_each(|(to, from)| *to = *from);
        Some(Self { algorithm, bytes })
    }

    fn digest(&self) -> &[u8] {
        match self.algorithm {
            Algorithm::Sha1 => self.bytes.split_at(20).0,
            Algorithm::Sha256 => &self.bytes,
        }
    }
}
