//! An HMAC of the raw body, in a header.

mod explain;

use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::Sha256;
use subtle::{Choice, ConstantTimeEq};

use super::{Match, only};
use crate::receive::rejected::Reason;
use crate::receive::request_head::RequestHead;
use crate::receive::secret::Secret;

/// The hash of an HMAC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Algorithm {
    /// HMAC-SHA-1: 40 hexadecimal digits.
    Sha1,
    /// HMAC-SHA-256: 64 hexadecimal digits.
    Sha256,
}

/// The expected keys, each as the state of an HMAC that has taken it in: hashing the key again for every delivery would
/// cost as much as a small body does.
#[derive(Clone)]
pub(crate) struct BodyHmac {
    header: &'static str,
    keys: Vec<KeyedStates>,
    pinned: Option<Algorithm>,
    /// For explanations alone; verifying never looks at them.
    variants: Vec<explain::Variant>,
}

#[derive(Clone)]
struct KeyedStates {
    sha1: Hmac<Sha1>,
    sha256: Hmac<Sha256>,
}

/// A signature as bytes, in a buffer that fits the longest one.
#[derive(Clone, Copy)]
struct Signature {
    algorithm: Algorithm,
    bytes: [u8; 32],
}

impl BodyHmac {
    pub(crate) fn new(header: &'static str, secrets: &[Secret]) -> Self {
        let keys = secrets.iter().map(|secret| KeyedStates::of(secret.expose())).collect();
        Self { header, keys, pinned: None, variants: explain::variants(secrets) }
    }

    pub(crate) fn pin(&mut self, algorithm: Algorithm) {
        self.pinned = Some(algorithm);
    }

    /// The position of the secret with which the body was signed.
    pub(crate) fn verify(&self, head: &impl RequestHead, body: &[u8]) -> Result<usize, Reason> {
        let signature = Signature::parse(only(head, self.header)?)?;
        if self.pinned.is_some_and(|pinned| pinned != signature.algorithm) {
            return Err(Reason::AlgorithmNotAllowed);
        }
        self.find(&signature, body).ok_or(Reason::CredentialWrong)
    }

    /// The position of the secret with which the body was signed, whatever the algorithm.
    fn find(&self, signature: &Signature, body: &[u8]) -> Option<usize> {
        let mut found = Match::default();
        for (position, key) in self.keys.iter().enumerate() {
            found.note(position, key.signed(signature, body));
        }
        found.position()
    }
}

impl KeyedStates {
    fn of(secret: &[u8]) -> Self {
        Self { sha1: keyed(secret), sha256: keyed(secret) }
    }

    /// Whether the body was signed with this key.
    fn signed(&self, signature: &Signature, body: &[u8]) -> Choice {
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

impl Algorithm {
    /// The algorithm that an optional prefix names.
    fn named(prefix: &str) -> Option<Self> {
        if prefix.eq_ignore_ascii_case("sha256") {
            Some(Self::Sha256)
        } else if prefix.eq_ignore_ascii_case("sha1") {
            Some(Self::Sha1)
        } else {
            None
        }
    }

    /// The algorithm whose digests have this many hexadecimal digits.
    fn of_digits(count: usize) -> Option<Self> {
        match count {
            40 => Some(Self::Sha1),
            64 => Some(Self::Sha256),
            _ => None,
        }
    }
}

impl Signature {
    /// Reads hexadecimal digits in either case, after an optional `sha256=` or `sha1=` that must agree with their count.
    fn parse(value: &[u8]) -> Result<Self, Reason> {
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
        // The count is 40 or 64 by now, so the buffer fits whatever the sender wrote.
        let mut bytes = [0; 32];
        base16ct::mixed::decode(digits, &mut bytes).map_err(|_| Reason::SignatureMalformed)?;
        Ok(Self { algorithm, bytes })
    }

    fn digest(&self) -> &[u8] {
        match self.algorithm {
            Algorithm::Sha1 => self.bytes.split_at(20).0,
            Algorithm::Sha256 => &self.bytes,
        }
    }
}
