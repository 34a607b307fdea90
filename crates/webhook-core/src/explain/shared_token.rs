//! Explains why a token does not match. The token is varied, because a receiver has only a hash of the secret.

use super::{Cause, CredentialFault, SecretFault, base64, missing, only, unquoted};
use crate::receive::request_head::RequestHead;
use crate::receive::scheme::{HeaderTokens, TokenDigests};

impl HeaderTokens {
    /// What is wrong with a request that was rejected.
    pub(super) fn explain(&self, head: &impl RequestHead) -> Vec<Cause> {
        let value = match only(head, self.header) {
            Ok(value) => value,
            Err(Cause::HeaderMissing { header }) => {
                let read =
                    |value: &[u8]| (value.len() <= MAX_TOKEN_BYTES).then(|| value.trim_ascii().to_vec());
                let find = |value: &Vec<u8>| {
                    let alone = self.digests.find(value);
                    alone.or_else(|| self.digests.find(after_scheme(value)?))
                };
                return vec![missing(head, header, read, find)];
            }
            Err(cause) => return vec![cause],
        };
        let cause = self.digests.nearly(value);
        vec![match std::str::from_utf8(value) {
            Ok(_) => cause.unwrap_or(Cause::Wrong),
            Err(_) => cause.unwrap_or(Cause::HeaderNotText { header: self.header }),
        }]
    }
}

impl TokenDigests {
    /// The only mistake in the token, if there is one.
    pub(super) fn nearly(&self, value: &[u8]) -> Option<Cause> {
        let trimmed = value.trim_ascii();
        let credential = |fault, candidate: &[u8]| {
            // An empty secret cannot be configured, so there is nothing to compare with.
            let secret_index = self.find(candidate)?;
            Some(Cause::Credential { secret_index, fault })
        };
        let secret = |fault, before: &[u8], after: &[u8]| {
            let secret_index = self.find(&[before, trimmed, after].concat())?;
            Some(Cause::Secret { secret_index, fault })
        };
        credential(CredentialFault::Whitespace, trimmed)
            .or_else(|| credential(CredentialFault::Quotes, unquoted(trimmed)?.trim_ascii()))
            .or_else(|| credential(CredentialFault::PercentEncoded, percent_decoded(trimmed)?.trim_ascii()))
            .or_else(|| credential(CredentialFault::Base64, base64::decode(trimmed)?.trim_ascii()))
            .or_else(|| credential(CredentialFault::Latin1, from_latin1(trimmed).as_bytes()))
            .or_else(|| {
                let mut parts = trimmed.split(|byte| *byte == b',').take(MAX_PARTS);
                parts.find_map(|part| credential(CredentialFault::Joined, part.trim_ascii()))
            })
            .or_else(|| credential(CredentialFault::Scheme, after_scheme(trimmed)?))
            .or_else(|| secret(SecretFault::Whitespace, b"", b"\n"))
            .or_else(|| secret(SecretFault::Whitespace, b"", b"\r\n"))
            .or_else(|| secret(SecretFault::Whitespace, b"", b" "))
            .or_else(|| secret(SecretFault::Whitespace, b" ", b""))
            .or_else(|| secret(SecretFault::Whitespace, b" ", b" "))
            .or_else(|| secret(SecretFault::Whitespace, b" ", b"\n"))
            .or_else(|| secret(SecretFault::Quotes, b"\"", b"\""))
            .or_else(|| secret(SecretFault::Quotes, b"'", b"'"))
            .or_else(|| secret(SecretFault::Quotes, b"\"", b"\"\n"))
    }
}

/// Longer than any token.
const MAX_TOKEN_BYTES: usize = 1024;

/// The maximum number of values joined into one header that is tried.
const MAX_PARTS: usize = 16;

/// What follows the first word.
fn after_scheme(value: &[u8]) -> Option<&[u8]> {
    let blank = value.iter().position(|byte| *byte == b' ')?;
    value.split_at_checked(blank).map(|(_, token)| token.trim_ascii())
}

fn percent_decoded(value: &[u8]) -> Option<Vec<u8>> {
    if !value.contains(&b'%') && !value.contains(&b'+') {
        return None;
    }
    let mut decoded = Vec::with_capacity(value.len());
    let mut rest = value;
    loop {
        rest = match rest {
            [] => return Some(decoded),
            [b'%', high, low, behind @ ..] => {
                let mut byte = [0];
                base16ct::mixed::decode([*high, *low], &mut byte).ok()?;
                decoded.extend(byte);
                behind
            }
            [b'+', behind @ ..] => {
                decoded.push(b' ');
                behind
            }
            [byte, behind @ ..] => {
                decoded.push(*byte);
                behind
            }
        };
    }
}

fn from_latin1(value: &[u8]) -> String {
    value.iter().copied().map(char::from).collect()
}
