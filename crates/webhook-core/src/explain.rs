//! Explains why a request does not authenticate: for operators, never for the sender.

pub(crate) mod base64;
pub(crate) mod body;
mod body_hmac;
mod cause;
mod shared_token;
mod url_token;

use std::fmt;

pub use body::{BodyForm, Rewriting};
pub use cause::{Cause, CredentialFault, SecretFault};

use crate::receive::receiver::Receiver;
use crate::receive::rejected::{Reason, Rejected};
use crate::receive::request_head::RequestHead;
use crate::receive::scheme::Authenticated;
use crate::receive::verifier::Verifier;

/// The largest body, in bytes, that is rewritten to find the form that was signed. This takes dozens of passes.
pub const MAX_REWRITTEN_BYTES: usize = 1024 * 1024;

/// Whether a receiver accepts a request, and why.
///
/// It contains checks, places and lengths. `Debug` and `Display` show no secret, no expected signature and no part of
/// the body. Do not send it to the sender: it can contain facts about the secret, for example that it ends with a
/// newline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    vendor: &'static str,
    outcome: Result<Option<usize>, Reason>,
    causes: Vec<Cause>,
}

impl<W: Authenticated> Receiver<W> {
    /// Explains why a request is accepted or rejected. It costs more than [`accept`](Self::accept): use it to search
    /// for a fault, not for every delivery.
    ///
    /// It tries common mistakes of people and proxies: an old secret, a newline or quotes around a secret, base64 in
    /// place of hexadecimal digits, another algorithm, a changed body. For this, a receiver of signed bodies also keeps
    /// the secrets, but only with this feature. They are zeroed on drop and not used by `accept`. For the other schemes
    /// the credential of the request is varied, so no secrets are kept.
    ///
    /// A body of more than [`MAX_REWRITTEN_BYTES`] is verified only in the received form, and the explanation says so.
    ///
    /// ```
    /// # use webhook_core::{Authenticated, Receiver};
    /// fn investigate<W: Authenticated>(receiver: &Receiver<W>, headers: &[(String, String)], body: &[u8]) {
    ///     let explanation = receiver.explain(headers, body);
    ///     if !explanation.is_accepted() {
    ///         eprintln!("{explanation}"); // for the operator; the sender gets a status alone
    ///     }
    /// }
    /// ```
    pub fn explain(&self, head: impl RequestHead, body: impl AsRef<[u8]>) -> Explanation {
        let body = body.as_ref();
        let outcome = self.check(&head, body);
        let causes = match outcome {
            Ok(None) => vec![Cause::NothingVerified],
            Ok(Some(0)) => Vec::new(),
            Ok(Some(secret_index)) => vec![Cause::OlderSecret { secret_index }],
            Err(Reason::BodyTooLarge) => {
                vec![Cause::BodyTooLarge { bytes: body.len(), limit: self.max_body_bytes() }]
            }
            Err(Reason::ContentType) => vec![Cause::ContentType {
                expected: W::CONTENT_TYPE.unwrap_or_default(),
                missing: head.values("content-type").is_empty(),
            }],
            Err(_) => match self.verifier() {
                Verifier::Nothing => Vec::new(),
                Verifier::SharedToken(tokens) => tokens.explain(&head),
                Verifier::BodyHmac(keys) => keys.explain(&head, body),
                Verifier::UrlToken(tokens) => tokens.explain(&head),
            },
        };
        Explanation { vendor: W::VENDOR, outcome, causes }
    }
}

impl Explanation {
    /// Whether the request becomes a delivery.
    pub fn is_accepted(&self) -> bool {
        self.outcome.is_ok()
    }

    /// The rejection that [`Receiver::accept`] returns; `None` if it accepts the request.
    pub fn rejected(&self) -> Option<Rejected> {
        self.outcome.err().map(|reason| Rejected::new(self.vendor, reason))
    }

    /// The position of the secret that authenticated the request.
    pub fn secret_index(&self) -> Option<usize> {
        self.outcome.ok().flatten()
    }

    /// The causes, the most relevant first; empty for an accepted request without findings.
    pub fn causes(&self) -> &[Cause] {
        &self.causes
    }
}

/// One line, for a log that only operators can read.
impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.rejected() {
            Some(rejected) => rejected.fmt(f)?,
            None => write!(f, "{} request accepted", self.vendor)?,
        }
        let mut separator = ": ";
        for cause in &self.causes {
            write!(f, "{separator}{cause}")?;
            separator = "; ";
        }
        Ok(())
    }
}

/// The maximum number of values to try, because the sender must not cause unbounded work.
const MAX_TRIED: usize = 32;

/// The cause for a missing header, also if another header has its value.
///
/// `read` returns a possible credential, at little cost; `find` returns the position of the secret that it matches.
pub(crate) fn missing<C>(
    head: &impl RequestHead,
    header: &'static str,
    read: impl Fn(&[u8]) -> Option<C>,
    find: impl Fn(&C) -> Option<usize>,
) -> Cause {
    let mut tried = 0;
    let mut renamed = None;
    head.each_header(&mut |name, value| {
        // It is printed, so it must be one word even if an attacker chose it.
        let is_name = name.len() <= 64 && name.bytes().all(|byte| byte.is_ascii_graphic());
        if renamed.is_some() || tried == MAX_TRIED || !is_name {
            return;
        }
        if let Some(credential) = read(value) {
            tried += 1;
            renamed = find(&credential).map(|secret_index| (name.to_owned(), secret_index));
        }
    });
    match renamed {
        Some((found, secret_index)) => Cause::HeaderRenamed { header, found, secret_index },
        None => Cause::HeaderMissing { header },
    }
}

/// The one value of a header, or what is wrong with it.
pub(crate) fn only<'a>(head: &'a impl RequestHead, header: &'static str) -> Result<&'a [u8], Cause> {
    match *head.values(header) {
        [] => Err(Cause::HeaderMissing { header }),
        [value] if value.trim_ascii().is_empty() => Err(Cause::HeaderEmpty { header }),
        [value] => Ok(value),
        [first, ref others @ ..] => Err(Cause::HeaderRepeated {
            header,
            times: others.len().saturating_add(1),
            same: others.iter().all(|other| *other == first),
        }),
    }
}

/// What is between quotes of one kind.
fn unquoted(value: &[u8]) -> Option<&[u8]> {
    match value {
        [b'"', inner @ .., b'"'] | [b'\'', inner @ .., b'\''] => Some(inner),
        _ => None,
    }
}
