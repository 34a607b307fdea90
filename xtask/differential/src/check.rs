//! The comparison of one body.

use std::fmt::Debug;

use serde::de::IgnoredAny;
use webhook_core::{Authenticated, DecodeError, DecodeErrorKind, IdempotencyKey};

use crate::drifted_keys;
use crate::envelope::{self, InText};
use crate::respelled::respelled;
use crate::subject::Subject;
use crate::values;

/// What a body turned out to be, where nothing differs.
#[derive(Default)]
pub struct Verdict {
    /// `serde_json` accepts it.
    pub json: bool,
    /// It is a webhook.
    pub decoded: bool,
    /// It was also read in another spelling.
    pub respelled: bool,
}

/// Holds a body against `serde_json`.
///
/// # Errors
///
/// The difference, in words.
pub fn check<S: Subject, W: Authenticated + PartialEq + Debug>(body: &[u8]) -> Result<Verdict, String> {
    let decoded = S::decode::<W>(body);
    let kind = decoded.as_ref().err().map(DecodeError::kind);
    let expect = |expected: DecodeErrorKind| {
        if kind == Some(expected) { Ok(Verdict::default()) } else { Err(format!("{expected:?} is {kind:?}")) }
    };
    let Ok(text) = std::str::from_utf8(body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body)) else {
        return expect(DecodeErrorKind::NotUtf8);
    };
    let accepted = serde_json::from_str::<IgnoredAny>(text).is_ok();
    if S::accepts(text) != accepted {
        return Err(format!("serde_json accepts: {accepted}"));
    }
    if !accepted {
        return expect(DecodeErrorKind::NotJson);
    }
    values::compare::<S>(text)?;
    match (envelope::name::<W>(text), &decoded) {
        (InText::NoObject, _) => expect(DecodeErrorKind::NotAnObject)?,
        (InText::NoName, _) => expect(DecodeErrorKind::NoEventName)?,
        (InText::Name(name), Ok(webhook)) if webhook.name() == name => Verdict::default(),
        (InText::Name(name), Err(error)) if error.event() == Some(&name) => {
            expect(DecodeErrorKind::NoIdentity)?
        }
        (InText::Name(name), _) => return Err(format!("another name than {name:?}: {decoded:?}")),
    };
    // What costs more than all the rest is done for one body out of four.
    let respelled = body.len().is_multiple_of(4);
    if let Ok(webhook) = &decoded {
        named_the_same::<S, W>(webhook, body)?;
        if respelled {
            comes_back::<S, W>(webhook, text)?;
        }
    }
    if respelled {
        reads_the_same::<S, W>(text, &decoded)?;
        drifts_the_same::<S, W>(text, &decoded)?;
    }
    Ok(Verdict { json: true, decoded: decoded.is_ok(), respelled })
}

/// What is written can be read, and says the same then.
fn comes_back<S: Subject, W: Authenticated + PartialEq + Debug>(
    webhook: &W,
    text: &str,
) -> Result<(), String> {
    let written = serde_json::to_vec(webhook).map_err(|error| format!("cannot be written: {error}"))?;
    let again =
        S::decode::<W>(&written).map_err(|error| format!("what was written cannot be read: {error}"))?;
    let rewritten =
        serde_json::to_vec(&again).map_err(|error| format!("cannot be written again: {error}"))?;
    if values::has_fraction(text) {
        // A decimal is rounded once, when it is read the first time.
        let third = S::decode::<W>(&rewritten).map_err(|error| error.to_string())?;
        return if third == again { Ok(()) } else { Err("a decimal changes each time".to_owned()) };
    }
    if again == *webhook && rewritten == written {
        Ok(())
    } else {
        Err(format!("comes back as {}", String::from_utf8_lossy(&rewritten)))
    }
}

/// The front of the body says the name and the id that the whole body says.
fn named_the_same<S: Subject, W: Authenticated>(webhook: &W, body: &[u8]) -> Result<(), String> {
    match W::peek(body) {
        Ok(front) if front.name() == webhook.name() => {}
        // A name that comes later, or under the preferred key, counts.
        Ok(_) if W::OLD_NAME_KEY.is_some() => {}
        other => return Err(format!("the front says {other:?}")),
    }
    let (key, expected) = (S::idempotency_key::<W>(body), webhook.event_id().map(IdempotencyKey::vendor));
    let expected = expected.unwrap_or_else(|| IdempotencyKey::fingerprint(body));
    if key == expected { Ok(()) } else { Err(format!("the key is {key:?}, the id {:?}", webhook.event_id())) }
}

/// White space, and a letter of each text as its number, change nothing: neither what is decoded, nor what is found.
fn reads_the_same<S: Subject, W: Authenticated>(
    text: &str,
    decoded: &Result<W, DecodeError>,
) -> Result<(), String> {
    let other = respelled(text);
    match (decoded, S::decode::<W>(other.as_bytes())) {
        (Ok(decoded), Ok(respelled)) => {
            // JSON that is kept as it came may hold what no value can: numbers out of range, half a surrogate pair.
            let [decoded, respelled] =
                [decoded, &respelled].map(|webhook| serde_json::to_value(webhook).ok());
            if decoded != respelled {
                return Err(format!("respelled it is {respelled:?}"));
            }
        }
        (Err(error), Err(respelled)) => {
            if (error.kind(), error.path(), error.event())
                != (respelled.kind(), respelled.path(), respelled.event())
            {
                return Err(format!("respelled it is refused otherwise: {respelled}"));
            }
        }
        (decoded, _) => return Err(format!("respelled it does not decode as before: {}", decoded.is_ok())),
    }
    let (found, respelled) = (S::drift::<W>(text.as_bytes()), S::drift::<W>(other.as_bytes()));
    if found == respelled { Ok(()) } else { Err(format!("drift {found:?}, respelled {respelled:?}")) }
}

/// Decoding and the search for drift agree, in one pass or two; and drift names the keys that are unknown or missing.
fn drifts_the_same<S: Subject, W: Authenticated + PartialEq + Debug>(
    text: &str,
    decoded: &Result<W, DecodeError>,
) -> Result<(), String> {
    let found = S::drift::<W>(text.as_bytes());
    match (decoded, S::decode_with_drift::<W>(text.as_bytes())) {
        (Ok(alone), Ok(both)) if both.webhook != *alone => {
            return Err(format!("decoded with its drift it is {:?}", both.webhook));
        }
        (Ok(_), Ok(both)) if both.drift != found => {
            return Err(format!("drift {found:?}, with decoding {:?}", both.drift));
        }
        (Ok(_), Err(_)) | (Err(_), Ok(_)) => {
            return Err("decoded with its drift it is not the same".to_owned());
        }
        (Ok(_), Ok(_)) | (Err(_), Err(_)) => {}
    }
    drifted_keys::compare::<W>(text, &found)
}
