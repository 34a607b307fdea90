//! The authentication schemes, one per file. A vendor crate chooses one.
//!
//! Every configured secret is tried on every request, in constant time.

mod algorithm;
mod body_hmac;
mod shared_token;
mod url_token;

use subtle::{Choice, ConditionallySelectable};

use crate::envelope::Envelope;
use crate::receive::rejected::Reason;
use crate::receive::request_head::RequestHead;

pub use algorithm::Algorithm;
pub use body_hmac::BodyHmac;
#[cfg(feature = "explain")]
pub(crate) use body_hmac::KeyedStates;
#[cfg(feature = "samples")]
pub(crate) use body_hmac::sign;
pub(crate) use body_hmac::{Signature, SigningKeys};
pub use shared_token::SharedToken;
pub(crate) use shared_token::{HeaderTokens, TokenDigests};
pub use url_token::UrlToken;
pub(crate) use url_token::UrlTokens;
#[cfg(feature = "explain")]
pub(crate) use url_token::candidates;

/// An envelope whose deliveries can be received.
///
/// A vendor that signs its bodies sets `type Scheme = BodyHmac` and `const SCHEME: BodyHmac =
/// BodyHmac::in_header("x-signature")`. Methods that only some schemes allow, such as
/// [`Receiver::pin`](crate::Receiver::pin), depend on this type.
pub trait Authenticated: Envelope {
    /// The scheme of the vendor: [`SharedToken`], [`BodyHmac`] or [`UrlToken`].
    type Scheme: Scheme;

    /// The scheme, with the header of the credential if it has one.
    const SCHEME: Self::Scheme;

    /// The largest body in bytes that a receiver accepts, unless it is configured otherwise.
    const MAX_BODY_BYTES: usize;

    /// The content type; `None` if the vendor documents none.
    const CONTENT_TYPE: Option<&'static str> = None;
}

/// A way to authenticate deliveries: [`SharedToken`], [`BodyHmac`] or [`UrlToken`]. No other crate can add one.
pub trait Scheme: sealed::Sealed + Copy + std::fmt::Debug + Send + Sync + 'static {
    /// The scheme as a value, for code that handles all of them.
    fn authentication(self) -> Authentication;
}

mod sealed {
    /// Seals the trait: only the schemes of this crate can be verified.
    pub trait Sealed {}
    impl Sealed for super::SharedToken {}
    impl Sealed for super::BodyHmac {}
    impl Sealed for super::UrlToken {}
}

/// A [`Scheme`] as a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Authentication {
    /// [`SharedToken`]: the secret itself, in a header.
    SharedToken {
        /// The header.
        header: &'static str,
    },
    /// [`BodyHmac`]: an HMAC of the raw body, in a header.
    BodyHmac {
        /// The header.
        header: &'static str,
    },
    /// [`UrlToken`]: a token in the URL.
    UrlToken,
}

impl Authentication {
    /// The header with the credential; `None` if the credential is in the URL.
    pub fn header(self) -> Option<&'static str> {
        match self {
            Self::SharedToken { header } | Self::BodyHmac { header } => Some(header),
            Self::UrlToken => None,
        }
    }
}

/// The one value of a header.
fn only<'a>(head: &'a impl RequestHead, header: &str) -> Result<&'a [u8], Reason> {
    match *head.values(header) {
        [] => Err(Reason::CredentialMissing),
        [value] => Ok(value),
        _ => Err(Reason::CredentialAmbiguous),
    }
}

/// The position of the last match, found without a branch on the result of a single comparison.
#[derive(Default)]
struct Match {
    found: u8,
    position: u32,
}

impl Match {
    fn note(&mut self, position: usize, equal: Choice) {
        // More secrets than 2^32 do not fit into memory.
        let position = u32::try_from(position).unwrap_or(u32::MAX);
        self.found |= equal.unwrap_u8();
        self.position.conditional_assign(&position, equal);
    }

    fn position(&self) -> Option<usize> {
        (self.found == 1).then_some(self.position as usize)
    }
}
