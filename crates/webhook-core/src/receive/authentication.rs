//! How a vendor proves that a delivery is its own. Each scheme in a file of its own; a vendor crate chooses one.
//!
//! Every configured secret is tried on every request, and a near miss costs what a far one does.

mod body_hmac;
mod shared_token;
mod url_token;

pub use body_hmac::Algorithm;
pub(crate) use body_hmac::BodyHmac;
#[cfg(feature = "samples")]
pub(crate) use body_hmac::sign;
pub(crate) use shared_token::SharedToken;
use subtle::{Choice, ConditionallySelectable};
pub(crate) use url_token::UrlToken;

use crate::envelope::Envelope;
use crate::receive::rejected::Reason;
use crate::receive::request_head::RequestHead;

/// How a vendor authenticates its deliveries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Authentication {
    /// The secret itself, in a header. It proves who knows the secret and not that the body is unchanged, so it needs
    /// HTTPS.
    SharedToken {
        /// The header.
        header: &'static str,
    },
    /// An HMAC of the raw body, in a header.
    BodyHmac {
        /// The header.
        header: &'static str,
    },
    /// Nothing by the vendor: a token that the receiver put into the URL it gave to the vendor. It proves knowledge of
    /// the URL, not that the body is unchanged, so it needs HTTPS and a URL that is kept out of logs.
    UrlToken,
}

impl Authentication {
    /// The header with the credential; `None` where the credential is in the URL.
    pub fn header(self) -> Option<&'static str> {
        match self {
            Self::SharedToken { header } | Self::BodyHmac { header } => Some(header),
            Self::UrlToken => None,
        }
    }
}

/// An envelope whose deliveries can be received.
pub trait Authenticated: Envelope {
    /// How the vendor authenticates.
    const AUTHENTICATION: Authentication;

    /// The most bytes of a body that a receiver takes, unless told otherwise.
    const MAX_BODY_BYTES: usize;

    /// The content type, where the vendor documents one.
    const CONTENT_TYPE: Option<&'static str> = None;
}

/// The vendor signs the body, so an algorithm can be pinned.
pub trait SignsBody: Authenticated {}

/// The vendor documents its content type, so it can be required.
pub trait DocumentsContentType: Authenticated {}

/// The one value of a header.
fn only<'a>(head: &'a impl RequestHead, header: &str) -> Result<&'a [u8], Reason> {
    match *head.values(header) {
        [] => Err(Reason::CredentialMissing),
        [value] => Ok(value),
        _ => Err(Reason::CredentialAmbiguous),
    }
}

/// The position of the last match, found without a branch on any comparison but the outcome.
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
