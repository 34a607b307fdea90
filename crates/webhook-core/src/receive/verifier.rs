//! The expected credentials of a receiver, and the two steps of a check: the head, then the body.

use crate::receive::rejected::Reason;
use crate::receive::request_head::RequestHead;
use crate::receive::scheme::{Authentication, HeaderTokens, Signature, SigningKeys, UrlTokens};
use crate::receive::secret::Secret;

#[derive(Clone)]
pub(crate) enum Verifier {
    Nothing,
    SharedToken(HeaderTokens),
    BodyHmac(SigningKeys),
    UrlToken(UrlTokens),
}

/// What the head of a request proves.
pub(crate) enum Proof {
    /// Nothing is verified.
    Nothing,
    /// The head holds the secret at this position.
    Secret(usize),
    /// The head holds a well-formed signature; the body decides.
    Signature(Signature),
}

impl Verifier {
    pub(crate) fn new(authentication: Authentication, secrets: &[Secret]) -> Self {
        match authentication {
            Authentication::SharedToken { header } => Self::SharedToken(HeaderTokens::new(header, secrets)),
            Authentication::BodyHmac { header } => Self::BodyHmac(SigningKeys::new(header, secrets)),
            Authentication::UrlToken => Self::UrlToken(UrlTokens::new(secrets)),
        }
    }

    pub(crate) fn check_head(&self, head: &impl RequestHead) -> Result<Proof, Reason> {
        Ok(match self {
            Self::Nothing => Proof::Nothing,
            Self::SharedToken(tokens) => Proof::Secret(tokens.verify(head)?),
            Self::BodyHmac(keys) => Proof::Signature(keys.signature(head)?),
            Self::UrlToken(tokens) => Proof::Secret(tokens.verify(head)?),
        })
    }

    /// The position of the secret that authenticates the request; `None` where nothing is verified.
    pub(crate) fn check_body(&self, proof: &Proof, body: &[u8]) -> Result<Option<usize>, Reason> {
        match (proof, self) {
            (Proof::Nothing, _) => Ok(None),
            (Proof::Secret(position), _) => Ok(Some(*position)),
            (Proof::Signature(signature), Self::BodyHmac(keys)) => {
                keys.find(signature, body).map(Some).ok_or(Reason::CredentialWrong)
            }
            (Proof::Signature(_), _) => Err(Reason::CredentialWrong),
        }
    }
}
