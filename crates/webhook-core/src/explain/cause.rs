//! The possible causes of a rejected request, with their names and messages.

use std::borrow::Cow;
use std::fmt;

use super::MAX_REWRITTEN_BYTES;
use super::body::BodyForm;
use crate::receive::scheme::Algorithm;

/// One finding of an [`Explanation`](super::Explanation). A secret is identified by its position in the receiver.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Cause {
    /// The receiver verifies nothing.
    NothingVerified,
    /// Accepted by another secret than the first of the list.
    OlderSecret {
        /// Which one.
        secret_index: usize,
    },
    /// The body is larger than the receiver accepts.
    BodyTooLarge {
        /// Its length.
        bytes: usize,
        /// The maximum length that the receiver accepts.
        limit: usize,
    },
    /// The content type is not the documented one.
    ContentType {
        /// The documented one.
        expected: &'static str,
        /// Whether the request has none at all.
        missing: bool,
    },
    /// The header of the credential is missing.
    HeaderMissing {
        /// The header.
        header: &'static str,
    },
    /// The header of the credential is missing, but the value of another header would match.
    HeaderRenamed {
        /// The header that is missing.
        header: &'static str,
        /// The name of the other header, in the spelling of the request.
        found: String,
        /// The secret that it would match.
        secret_index: usize,
    },
    /// The header of the credential occurs more than once.
    HeaderRepeated {
        /// The header.
        header: &'static str,
        /// The number of occurrences.
        times: usize,
        /// Whether all its values are the same.
        same: bool,
    },
    /// The header of the credential is empty.
    HeaderEmpty {
        /// The header.
        header: &'static str,
    },
    /// The header of the credential is not UTF-8.
    HeaderNotText {
        /// The header.
        header: &'static str,
    },
    /// The receiver was not given the target of the request, where the token is.
    TargetUnknown,
    /// The target of the request contains nothing that could be a token.
    TokenMissing,
    /// The signature has a length that no digest has.
    SignatureLength {
        /// The number of characters, without a prefix and surrounding white space.
        characters: usize,
    },
    /// The signature names an algorithm that is not known, or that contradicts its length.
    SignaturePrefix,
    /// The signature has the length of a digest, but contains characters that are not hexadecimal digits.
    SignatureNotHexadecimal,
    /// The signature is written in base64 instead of hexadecimal digits.
    SignatureBase64 {
        /// The algorithm, by the length.
        algorithm: Algorithm,
        /// The position of the secret that it matches; `None` if it matches none.
        secret_index: Option<usize>,
    },
    /// The signature is of another algorithm than the one that the receiver is configured to accept.
    OtherAlgorithm {
        /// The algorithm of the signature.
        found: Algorithm,
        /// The position of the secret that it matches; `None` if it matches none.
        secret_index: Option<usize>,
    },
    /// The credential would match if the secret were configured in another form.
    Secret {
        /// Which secret.
        secret_index: usize,
        /// The fault.
        fault: SecretFault,
    },
    /// A secret begins or ends with white space, which may be why the credential is wrong.
    SuspectSecret {
        /// Which secret.
        secret_index: usize,
    },
    /// The credential was changed on its way, but would match otherwise.
    Credential {
        /// The secret that it would match.
        secret_index: usize,
        /// The fault.
        fault: CredentialFault,
    },
    /// The signature matches another form of the body: the body was changed after it was signed.
    Body {
        /// The position of the secret that it matches.
        secret_index: usize,
        /// The form that was signed.
        form: BodyForm,
    },
    /// The body is empty: something may have read it before the receiver did.
    BodyEmpty,
    /// The body is compressed; the vendor may have signed it before the compression.
    BodyCompressed,
    /// The body is too large to try other forms of it.
    BodyNotRewritten,
    /// The credential matches no secret in any of the forms that were tried.
    Wrong,
}

/// A fault in a configured secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SecretFault {
    /// It has white space around it that the vendor's secret does not have.
    Whitespace,
    /// The vendor's secret ends with a newline and this one does not.
    NewlineMissing,
    /// It is in quotes.
    Quotes,
    /// The vendor decodes it from hexadecimal digits before it uses it.
    Hexadecimal,
    /// The vendor decodes it from base64 before it uses it.
    Base64,
}

/// A change to a credential on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CredentialFault {
    /// White space is around it.
    Whitespace,
    /// It is in quotes.
    Quotes,
    /// A word such as `Bearer` is before it.
    Scheme,
    /// It was percent-encoded.
    PercentEncoded,
    /// It was written in base64.
    Base64,
    /// It was written in Latin-1 instead of UTF-8.
    Latin1,
    /// Several values were joined into one.
    Joined,
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::NothingVerified => f.write_str("the receiver verifies nothing"),
            Self::OlderSecret { secret_index } => {
                write!(f, "it matches {}; the vendor does not use the first one yet", nth(secret_index))
            }
            Self::BodyTooLarge { bytes, limit } => {
                write!(f, "the body has {bytes} bytes and the receiver accepts {limit}")
            }
            Self::ContentType { expected, missing: true } => {
                write!(f, "there is no content type, and the receiver requires {expected}")
            }
            Self::ContentType { expected, missing: false } => {
                write!(f, "the receiver requires the content type {expected}")
            }
            Self::HeaderMissing { header } => write!(
                f,
                "there is no header {header}: the vendor has no secret for this webhook, or a proxy drops the header"
            ),
            Self::HeaderRenamed { header, ref found, secret_index } => write!(
                f,
                "there is no header {header}, but the value of the header {found} would match {}: something renames the header",
                nth(secret_index)
            ),
            Self::HeaderRepeated { header, times, same } => {
                let values = if same { "with the same value" } else { "with different values" };
                write!(f, "the header {header} occurs {times} times {values}; it must occur once")
            }
            Self::HeaderEmpty { header } => write!(f, "the header {header} is empty"),
            Self::HeaderNotText { header } => write!(f, "the header {header} is not UTF-8"),
            Self::TargetUnknown => f.write_str(
                "the receiver was not given the target of the request; pass the path and query with the headers",
            ),
            Self::TokenMissing => {
                f.write_str("neither the path nor the query of the URL contains anything that could be the token")
            }
            Self::SignatureLength { characters } => signature_length(f, characters),
            Self::SignaturePrefix => {
                f.write_str("the prefix of the signature is not `sha1=` or `sha256=`, or contradicts its length")
            }
            Self::SignatureNotHexadecimal => {
                f.write_str("the signature has the length of a digest, but contains characters that are not hexadecimal digits")
            }
            Self::SignatureBase64 { algorithm, secret_index } => {
                write!(f, "the signature is {} in base64 instead of hexadecimal digits", name(algorithm))?;
                otherwise(f, secret_index)
            }
            Self::OtherAlgorithm { found, secret_index } => {
                write!(f, "the signature is {}, which the receiver is configured not to accept", name(found))?;
                otherwise(f, secret_index)
            }
            Self::Secret { secret_index, fault } => write!(f, "{} {fault}", nth(secret_index)),
            Self::SuspectSecret { secret_index } => {
                write!(f, "{} begins or ends with white space, which may be a mistake", nth(secret_index))
            }
            Self::Credential { secret_index, fault } => {
                write!(f, "the credential would match {}, but {fault}", nth(secret_index))
            }
            Self::Body { secret_index, form } => {
                write!(f, "the signature matches {}, but {form}", nth(secret_index))
            }
            Self::BodyEmpty => {
                f.write_str("the body is empty: something may have read it before the receiver did")
            }
            Self::BodyCompressed => {
                f.write_str("the body is compressed; it may have been signed before the compression")
            }
            Self::BodyNotRewritten => write!(
                f,
                "the body has more than {MAX_REWRITTEN_BYTES} bytes, so only the body as received was tried"
            ),
            Self::Wrong => f.write_str("it matches no secret in any of the forms that were tried"),
        }
    }
}

impl fmt::Display for SecretFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Whitespace => "would match without the white space around it",
            Self::NewlineMissing => "would match with a newline at its end: the secret at the vendor has one",
            Self::Quotes => "would match without the quotes around it",
            Self::Hexadecimal => "would match when decoded from hexadecimal digits first",
            Self::Base64 => "would match when decoded from base64 first",
        })
    }
}

impl fmt::Display for CredentialFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Whitespace => "white space is around it",
            Self::Quotes => "it is in quotes",
            Self::Scheme => "a word such as `Bearer` is before it",
            Self::PercentEncoded => "it is percent-encoded",
            Self::Base64 => "it is written in base64",
            Self::Latin1 => "it is written in Latin-1 instead of UTF-8",
            Self::Joined => "it is one of several values in one header: something joined repeated headers",
        })
    }
}

/// The name of an algorithm in a sentence.
fn name(algorithm: Algorithm) -> &'static str {
    match algorithm {
        Algorithm::Sha1 => "HMAC-SHA-1",
        Algorithm::Sha256 => "HMAC-SHA-256",
    }
}

fn signature_length(f: &mut fmt::Formatter<'_>, characters: usize) -> fmt::Result {
    write!(f, "the signature has {characters} characters; HMAC-SHA-1 has 40 and HMAC-SHA-256 has 64")?;
    match characters {
        32 => f.write_str(" (32 is MD5)"),
        56 => f.write_str(" (56 is SHA-224)"),
        96 => f.write_str(" (96 is SHA-384)"),
        128 => f.write_str(" (128 is SHA-512)"),
        _ => Ok(()),
    }
}

fn otherwise(f: &mut fmt::Formatter<'_>, secret_index: Option<usize>) -> fmt::Result {
    match secret_index {
        Some(secret_index) => write!(f, "; apart from this it matches {}", nth(secret_index)),
        None => f.write_str("; apart from this it matches no secret"),
    }
}

/// A secret by its position in the list.
fn nth(secret_index: usize) -> Cow<'static, str> {
    match secret_index {
        0 => "the first secret".into(),
        1 => "the second secret".into(),
        2 => "the third secret".into(),
        _ => format!("secret number {}", secret_index.saturating_add(1)).into(),
    }
}
