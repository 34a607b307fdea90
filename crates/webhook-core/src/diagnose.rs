//! Finding out what is wrong with a body on which decoding failed: only then is a path worth its cost.

use std::borrow::Cow;
use std::fmt::Write as _;

use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::value::RawValue;
use serde_path_to_error::{Segment, Track};

use crate::decode::{self, Layout};
use crate::error::{DecodeError, DecodeErrorKind, Source};
use crate::events::Events;
use crate::path::write_key;
use crate::peek;

/// Why a webhook does not decode.
pub(crate) fn webhook<T: Layout>(text: &str, error: serde_json::Error) -> DecodeError {
    if !error.is_data() {
        let expected = expectation(&error);
        let broken =
            DecodeError::new(T::VENDOR, DecodeErrorKind::NotJson, "", expected, Some(Source::Json(error)));
        // The name may stand before the place where the body breaks.
        return named::<T>(broken, text);
    }
    let name = match peek::peek::<T>(text.as_bytes()) {
        Ok(front) => front.name,
        Err(unreadable) => return unreadable,
    };
    let (path, error) = trace::<T>(text, &name).unwrap_or_else(|| (String::new(), error));
    let in_payload =
        path.strip_prefix(T::PAYLOAD_KEY).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']));
    let kind = if in_payload { DecodeErrorKind::Payload } else { DecodeErrorKind::Envelope };
    at_path(T::VENDOR, kind, &path, error).of_event(&name, T::Event::find(&name).is_some())
}

/// Why a payload is not what the user asked for.
pub(crate) fn payload<T: Layout, P: DeserializeOwned>(text: &str, error: serde_json::Error) -> DecodeError {
    if !error.is_data() {
        return webhook::<T>(text, error);
    }
    let mut track = Track::new();
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let tracked = serde_path_to_error::Deserializer::new(&mut deserializer, &mut track);
    let error = decode::payload::<T, P, _>(tracked).err().unwrap_or(error);
    let path = path_text(&track.path());
    let kind = match path.is_empty() {
        false => DecodeErrorKind::Payload,
        true if is_object(text.as_bytes()) => DecodeErrorKind::Envelope,
        true => DecodeErrorKind::NotAnObject,
    };
    named::<T>(at_path(T::VENDOR, kind, &path, error), text)
}

/// An envelope without the payload that the user asked for.
pub(crate) fn no_payload(vendor: &'static str, key: &'static str) -> DecodeError {
    DecodeError::new(vendor, DecodeErrorKind::Envelope, key, "a value", None)
}

/// A body that is not UTF-8; the fast check does not say where, so it is checked again.
pub(crate) fn not_utf8(vendor: &'static str, body: &[u8]) -> DecodeError {
    let source = std::str::from_utf8(body).err().map(Source::Utf8);
    DecodeError::new(vendor, DecodeErrorKind::NotUtf8, "", "UTF-8", source)
}

/// An envelope that ended without a name.
pub(crate) fn no_name(vendor: &'static str, key: &'static str) -> DecodeError {
    DecodeError::new(vendor, DecodeErrorKind::NoEventName, key, NAME, None)
}

/// A body in which no name was found, with what the parser said about it.
pub(crate) fn unreadable<T: Layout>(body: &[u8], error: serde_json::Error) -> DecodeError {
    // What stands in the wrong place may be broken besides, and that comes first.
    let broken = if error.is_data() { serde_json::from_slice::<IgnoredAny>(body).err() } else { None };
    let error = broken.unwrap_or(error);
    let (kind, path, expected) = if std::str::from_utf8(body).is_err() {
        (DecodeErrorKind::NotUtf8, "", "UTF-8".into())
    } else if !error.is_data() {
        (DecodeErrorKind::NotJson, "", expectation(&error))
    } else if is_object(body) {
        (DecodeErrorKind::NoEventName, T::NAME_KEY, NAME.into())
    } else {
        (DecodeErrorKind::NotAnObject, "", "an object".into())
    };
    DecodeError::new(T::VENDOR, kind, path, expected, Some(Source::Json(error)))
}

const NAME: &str = "the name of an event as text";

fn is_object(body: &[u8]) -> bool {
    body.trim_ascii_start().first() == Some(&b'{')
}

/// The error with the name of the event, where the body still tells it.
fn named<T: Layout>(error: DecodeError, text: &str) -> DecodeError {
    match peek::peek::<T>(text.as_bytes()) {
        Ok(front) => error.of_event(front.name(), T::Event::find(front.name()).is_some()),
        Err(_) => error,
    }
}

/// Decodes again, this time with the path. `None` when this pass finds nothing to complain about.
fn trace<T: Layout>(text: &str, name: &str) -> Option<(String, serde_json::Error)> {
    let mut track = Track::new();
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let tracked = serde_path_to_error::Deserializer::new(&mut deserializer, &mut track);
    let error = decode::deserialize::<T, _>(tracked).err()?;
    let path = track.path();
    // A payload that came before its name was decoded from its own text, with a path of its own.
    let held = if path.iter().next().is_none() { trace_held::<T>(text, name) } else { None };
    Some(held.unwrap_or_else(|| (path_text(&path), error)))
}

fn trace_held<T: Layout>(text: &str, name: &str) -> Option<(String, serde_json::Error)> {
    let name = T::Event::find(name)?;
    let mut plain = serde_json::Deserializer::from_str(text);
    let payload = decode::payload::<T, Box<RawValue>, _>(&mut plain).ok()??;
    let mut track = Track::new();
    let mut deserializer = serde_json::Deserializer::from_str(payload.get());
    let tracked = serde_path_to_error::Deserializer::new(&mut deserializer, &mut track);
    let error = T::Event::decode(name, tracked).err()?;
    Some((join(T::PAYLOAD_KEY, &path_text(&track.path())), error))
}

fn at_path(vendor: &'static str, kind: DecodeErrorKind, path: &str, error: serde_json::Error) -> DecodeError {
    let (path, expected) = match key_at_fault(&error) {
        Some((key, expected)) => (join(path, &key), expected.into()),
        None => (path.to_owned(), expectation(&error)),
    };
    DecodeError::new(vendor, kind, path, expected, Some(Source::Json(error)))
}

/// What serde expected, taken from its message without the value that it repeats.
///
/// Its messages end in the expectation, which this crate's own types wrote, so the last `, expected ` is the right one
/// whatever the value in front of it says. Messages of any other form are not passed on.
fn expectation(error: &serde_json::Error) -> Cow<'static, str> {
    let message = error.to_string();
    let message = match message.rfind(" at line ") {
        Some(end) => message.get(..end).unwrap_or_default(),
        None => &message,
    };
    if !error.is_data() {
        // The parser's own messages are fixed texts; the position tells more than it betrays.
        return format!("{message} at line {} column {}", error.line(), error.column()).into();
    }
    let serdes =
        ["invalid type: ", "invalid value: ", "invalid length ", "unknown variant ", "unknown field "];
    match message.rsplit_once(", expected ") {
        Some((_, expected)) if serdes.iter().any(|start| message.starts_with(start)) => {
            expected.to_owned().into()
        }
        _ => "another form".into(),
    }
}

/// A key that is missing or came twice, and what was expected of it: it belongs to the path, which ends at its object.
fn key_at_fault(error: &serde_json::Error) -> Option<(String, &'static str)> {
    let message = error.to_string();
    [("missing field `", "a value"), ("duplicate field `", "the key once")].iter().find_map(
        |(prefix, expected)| {
            let (key, _) = message.strip_prefix(prefix)?.split_once('`')?;
            Some((key.to_owned(), *expected))
        },
    )
}

fn join(path: &str, inner: &str) -> String {
    let separator = if path.is_empty() || inner.is_empty() || inner.starts_with('[') { "" } else { "." };
    format!("{path}{separator}{inner}")
}

/// A path in the notation that the vendors' users know from `jq`: `steps[0].action`. A key that is no plain word is
/// quoted and escaped, so that a path is always one line of plain text.
fn path_text(path: &serde_path_to_error::Path) -> String {
    let mut text = String::new();
    for segment in path {
        let _ = match segment {
            Segment::Seq { index } => write!(text, "[{index}]"),
            Segment::Map { key } => write_key(&mut text, key),
            Segment::Enum { variant } => write_key(&mut text, variant),
            Segment::Unknown => Ok(()),
        };
    }
    text
}
