//! Why a signature is not the expected one.

use zeroize::Zeroizing;

use super::{
    Cause, CredentialFault, MAX_REWRITTEN_BYTES, SecretFault, base64, body, missing, only, unquoted,
};
use crate::receive::request_head::RequestHead;
use crate::receive::scheme::{Algorithm, KeyedStates, Signature, SigningKeys};

/// A possible intended form of a secret.
struct Variant {
    secret_index: usize,
    fault: SecretFault,
    key: KeyedStates,
}

/// The variants of all secrets: only those that differ from what was configured.
fn variants(keys: &SigningKeys) -> Vec<Variant> {
    let mut variants = Vec::new();
    for (secret_index, secret) in keys.secrets.iter().enumerate() {
        let configured = secret.expose();
        let mut add = |fault, meant: Vec<u8>| {
            let meant = Zeroizing::new(meant);
            if !meant.is_empty() && **meant != *configured {
                variants.push(Variant { secret_index, fault, key: KeyedStates::of(&meant) });
            }
        };
        let trimmed = configured.trim_ascii();
        add(SecretFault::Whitespace, trimmed.to_vec());
        add(SecretFault::NewlineMissing, [configured, b"\n"].concat());
        if let Some(inner) = unquoted(trimmed) {
            add(SecretFault::Quotes, inner.to_vec());
        }
        if let Ok(decoded) = base16ct::mixed::decode_vec(trimmed) {
            add(SecretFault::Hexadecimal, decoded);
        }
        if let Some(decoded) = base64::decode(trimmed) {
            add(SecretFault::Base64, decoded);
        }
    }
    variants
}

impl SigningKeys {
    /// What is wrong with a request that was rejected.
    pub(super) fn explain(&self, head: &impl RequestHead, body: &[u8]) -> Vec<Cause> {
        let value = match only(head, self.header) {
            Ok(value) => value,
            Err(Cause::HeaderMissing { header }) if body.len() <= MAX_REWRITTEN_BYTES => {
                let allowed = |found: &Signature| self.pinned.is_none_or(|pinned| pinned == found.algorithm);
                let read = |value: &[u8]| Signature::parse(value).ok().filter(allowed);
                return vec![missing(head, header, read, |signature| self.find(signature, body))];
            }
            Err(cause) => return vec![cause],
        };
        let Ok(text) = std::str::from_utf8(value) else {
            return vec![Cause::HeaderNotText { header: self.header }];
        };
        let bare = text.trim().trim_matches(['"', '\'']);
        match (Signature::parse(text.as_bytes()), Signature::parse(bare.as_bytes())) {
            (Ok(signature), _) => self.wrong(&signature, body),
            (Err(_), Ok(signature)) => match self.find(&signature, body) {
                Some(secret_index) if text.trim() == bare => {
                    vec![Cause::Credential { secret_index, fault: CredentialFault::Whitespace }]
                }
                Some(secret_index) => {
                    vec![Cause::Credential { secret_index, fault: CredentialFault::Quotes }]
                }
                None => self.wrong(&signature, body),
            },
            (Err(_), Err(_)) => vec![self.malformed(bare, body)],
        }
    }

    /// A well-formed signature that is not accepted.
    fn wrong(&self, signature: &Signature, body: &[u8]) -> Vec<Cause> {
        let found = signature.algorithm;
        if self.pinned.is_some_and(|pinned| pinned != found) {
            return vec![Cause::OtherAlgorithm { found, secret_index: self.find(signature, body) }];
        }
        let variants = variants(self);
        let too_large = body.len() > MAX_REWRITTEN_BYTES;
        if !too_large && let Some(cause) = self.forms(&variants, signature, body) {
            return vec![cause];
        }
        let mut causes = vec![if too_large { Cause::BodyNotRewritten } else { Cause::Wrong }];
        match body {
            [] => causes.push(Cause::BodyEmpty),
            // The first bytes of gzip and zstd data.
            [0x1f, 0x8b, ..] | [0x28, 0xb5, 0x2f, 0xfd, ..] => causes.push(Cause::BodyCompressed),
            _ => {}
        }
        let padded = variants.iter().filter(|variant| variant.fault == SecretFault::Whitespace);
        causes.extend(padded.map(|variant| Cause::SuspectSecret { secret_index: variant.secret_index }));
        causes
    }

    /// The only mistake in the signature, if there is one.
    fn forms(&self, variants: &[Variant], signature: &Signature, body: &[u8]) -> Option<Cause> {
        let variant = variants.iter().find(|variant| bool::from(variant.key.signed(signature, body)));
        if let Some(Variant { secret_index, fault, .. }) = variant {
            return Some(Cause::Secret { secret_index: *secret_index, fault: *fault });
        }
        let (form, secret_index) = body::find(body, |body| self.find(signature, body))?;
        Some(Cause::Body { secret_index, form })
    }

    /// A value that is not a signature.
    fn malformed(&self, bare: &str, body: &[u8]) -> Cause {
        let rest = match bare.split_once('=') {
            Some((prefix, rest)) if Algorithm::named(prefix).is_some() => rest,
            _ => bare,
        };
        if let Some(signature) = base64::decode(rest.as_bytes()).and_then(|bytes| Signature::of(&bytes)) {
            let secret_index = self.find(&signature, body);
            return Cause::SignatureBase64 { algorithm: signature.algorithm, secret_index };
        }
        let digits = rest.rsplit_once('=').map_or(rest, |(_, digits)| digits);
        match Algorithm::of_digits(digits.len()) {
            None => Cause::SignatureLength { characters: digits.chars().count() },
            Some(_) if !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) => {
                Cause::SignatureNotHexadecimal
            }
            Some(_) => Cause::SignaturePrefix,
        }
    }
}
