//! A token in the path or the query of the URL, for vendors without authentication.

use super::{Authentication, Scheme, TokenDigests};
use crate::receive::rejected::Reason;
use crate::receive::request_head::RequestHead;
use crate::receive::secret::Secret;

/// The maximum number of parts of a URL that are hashed, because the sender must not cause unbounded work.
const MAX_CANDIDATES: usize = 64;

/// The vendor has no authentication: a token is in the URL that the vendor was configured with. It proves knowledge of
/// the URL, not that the body is unchanged. It needs HTTPS, and the URL must not be logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UrlToken;

impl Scheme for UrlToken {
    fn authentication(self) -> Authentication {
        Authentication::UrlToken
    }
}

/// The expected tokens. A token is compared as it is in the URL. It should consist of letters, digits, `-` and `_`,
/// which clients and proxies do not rewrite.
#[derive(Clone)]
pub(crate) struct UrlTokens(pub(crate) TokenDigests);

impl UrlTokens {
    pub(crate) fn new(secrets: &[Secret]) -> Self {
        Self(TokenDigests::new(secrets))
    }

    /// The position of the token that is a segment of the path or a value of the query.
    pub(crate) fn verify(&self, head: &impl RequestHead) -> Result<usize, Reason> {
        let target = head.target().ok_or(Reason::CredentialMissing)?;
        let mut any = false;
        let mut found = None;
        for candidate in candidates(target) {
            any = true;
            found = self.0.find(candidate.as_bytes()).or(found);
        }
        match (found, any) {
            (Some(position), _) => Ok(position),
            (None, true) => Err(Reason::CredentialWrong),
            (None, false) => Err(Reason::CredentialMissing),
        }
    }
}

/// The segments of the path and the values of the query.
pub(crate) fn candidates(target: &str) -> impl Iterator<Item = &str> {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let values = query.split('&').filter_map(|pair| Some(pair.split_once('=')?.1));
    path.split('/').chain(values).filter(|candidate| !candidate.is_empty()).take(MAX_CANDIDATES)
}
