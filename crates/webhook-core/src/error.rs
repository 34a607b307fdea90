//! Why a body did not decode: which event, which path, what was expected; never what was found.

use std::borrow::Cow;
use std::fmt::{self, Write as _};

use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::value::RawValue;
use serde_path_to_error::{Segment, Track};

use crate::decode::{self, Layout};
use crate::events::Events;
use crate::path::write_key;
use crate::peek;

/// A body that does not decode.
///
/// `Display` and `Debug` name the event, the path and what was expected, and never repeat a value of the payload, so
/// that both are fit for logs. The message of the parser behind it may repeat values; it is in
/// [`source`](std::error::Error::source) for those who ask.
pub struct DecodeError(Box<Inner>);

struct Inner {
    vendor: &'static str,
    kind: DecodeErrorKind,
    /// As it came; only a listed one is fit for a message.
    event: Option<Box<str>>,
    listed: bool,
    path: String,
    expected: Cow<'static, str>,
    source: Option<Source>,
}

enum Source {
    Json(serde_json::Error),
    Utf8(std::str::Utf8Error),
}

/// What kind of thing is wrong with a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DecodeErrorKind {
    /// The body is not UTF-8.
    NotUtf8,
    /// The body is not well-formed JSON, ends too early, nests too deep, or has something behind it.
    NotJson,
    /// The body is JSON, but no object.
    NotAnObject,
    /// The envelope has no event name, or one that is not text.
    NoEventName,
    /// A field of the envelope contradicts its type.
    Envelope,
    /// A listed event whose payload contradicts its type.
    Payload,
}

impl DecodeError {
    /// What kind of thing is wrong.
    pub fn kind(&self) -> DecodeErrorKind {
        self.0.kind
    }

    /// The name of the event, listed or not, as far as the envelope told it. It comes from the sender.
    pub fn event(&self) -> Option<&str> {
        self.0.event.as_deref()
    }

    /// Where in the body, as in `payload.steps[0].action`; empty when the body as a whole is meant.
    pub fn path(&self) -> &str {
        &self.0.path
    }

    /// What the type expected at that place.
    pub fn expected(&self) -> &str {
        &self.0.expected
    }

    /// A body that is not UTF-8; the fast check does not say where, so it is checked again.
    pub(crate) fn not_utf8(vendor: &'static str, body: &[u8]) -> Self {
        let source = std::str::from_utf8(body).err().map(Source::Utf8);
        Self::envelope(vendor, DecodeErrorKind::NotUtf8, "UTF-8", source)
    }

    pub(crate) fn no_name(vendor: &'static str, key: &'static str) -> Self {
        Self::envelope(vendor, DecodeErrorKind::NoEventName, "the name of an event as text", None).at(key)
    }

    /// A body in which no name was found, with what the parser said about it.
    pub(crate) fn unreadable(vendor: &'static str, body: &[u8], error: serde_json::Error) -> Self {
        // What stands in the wrong place may be broken besides, and that comes first.
        let broken = if error.is_data() { serde_json::from_slice::<IgnoredAny>(body).err() } else { None };
        let error = broken.unwrap_or(error);
        let (kind, expected) = if std::str::from_utf8(body).is_err() {
            (DecodeErrorKind::NotUtf8, "UTF-8".into())
        } else if !error.is_data() {
            (DecodeErrorKind::NotJson, expectation(&error))
        } else if body.trim_ascii_start().first() == Some(&b'{') {
            (DecodeErrorKind::NoEventName, "the name of an event as text".into())
        } else {
            (DecodeErrorKind::NotAnObject, "an object".into())
        };
        Self::envelope(vendor, kind, expected, Some(Source::Json(error)))
    }

    /// Finds out what is wrong with a body on which decoding failed: only now is a path worth its cost.
    pub(crate) fn diagnose<T: Layout>(text: &str, error: serde_json::Error) -> Self {
        if !error.is_data() {
            let expected = expectation(&error);
            let mut this =
                Self::envelope(T::VENDOR, DecodeErrorKind::NotJson, expected, Some(Source::Json(error)));
            // The name may stand before the place where the body breaks.
            if let Ok(front) = peek::peek::<T>(text.as_bytes()) {
                this.name_event::<T>(front.name());
            }
            return this;
        }
        let name = match peek::peek::<T>(text.as_bytes()) {
            Ok(front) => front.name,
            Err(unreadable) => {
                let at = if unreadable.kind() == DecodeErrorKind::NoEventName { T::NAME_KEY } else { "" };
                return unreadable.at(at);
            }
        };
        let (path, error) = Self::trace::<T>(text, &name).unwrap_or_else(|| (String::new(), error));
        let kind = if path == T::PAYLOAD_KEY
            || path.strip_prefix(T::PAYLOAD_KEY).is_some_and(|rest| rest.starts_with(['.', '[']))
        {
            DecodeErrorKind::Payload
        } else {
            DecodeErrorKind::Envelope
        };
        let mut this = Self::at_path(T::VENDOR, kind, path, error);
        this.name_event::<T>(&name);
        this
    }

    /// Finds out why a payload is not what the user asked for.
    pub(crate) fn diagnose_payload<T: Layout, P: DeserializeOwned>(
        text: &str,
        error: serde_json::Error,
    ) -> Self {
        if !error.is_data() {
            return Self::diagnose::<T>(text, error);
        }
        let mut track = Track::new();
        let mut deserializer = serde_json::Deserializer::from_str(text);
        let tracked = serde_path_to_error::Deserializer::new(&mut deserializer, &mut track);
        let error = decode::payload::<T, P, _>(tracked).err().unwrap_or(error);
        let path = path_text(&track.path());
        let kind = if path.is_empty() { DecodeErrorKind::NotAnObject } else { DecodeErrorKind::Payload };
        let mut this = Self::at_path(T::VENDOR, kind, path, error);
        if let Ok(front) = peek::peek::<T>(text.as_bytes()) {
            this.name_event::<T>(front.name());
        }
        this
    }

    pub(crate) fn no_payload(vendor: &'static str, key: &'static str) -> Self {
        Self::envelope(vendor, DecodeErrorKind::Envelope, "a value", None).at(key)
    }

    /// Decodes again, this time with the path. `None` when this pass finds nothing to complain about.
    fn trace<T: Layout>(text: &str, name: &str) -> Option<(String, serde_json::Error)> {
        let mut track = Track::new();
        let mut deserializer = serde_json::Deserializer::from_str(text);
        let tracked = serde_path_to_error::Deserializer::new(&mut deserializer, &mut track);
        let error = decode::deserialize::<T, _>(tracked).err()?;
        let path = track.path();
        let held = Self::trace_held::<T>(text, name);
        // A payload that came before its name was decoded from its own text, with a path of its own.
        match (path.iter().next().is_none(), held) {
            (true, Some(found)) => Some(found),
            _ => Some((path_text(&path), error)),
        }
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

    fn at_path(vendor: &'static str, kind: DecodeErrorKind, path: String, error: serde_json::Error) -> Self {
        let (path, expected) = match key_at_fault(&error) {
            Some((key, expected)) => (join(&path, &key), expected.into()),
            None => (path, expectation(&error)),
        };
        Self::envelope(vendor, kind, expected, Some(Source::Json(error))).at(&path)
    }

    fn name_event<T: Layout>(&mut self, name: &str) {
        self.0.listed = T::Event::find(name).is_some();
        self.0.event = Some(name.into());
    }

    fn envelope(
        vendor: &'static str,
        kind: DecodeErrorKind,
        expected: impl Into<Cow<'static, str>>,
        source: Option<Source>,
    ) -> Self {
        Self(Box::new(Inner {
            vendor,
            kind,
            event: None,
            listed: false,
            path: String::new(),
            expected: expected.into(),
            source,
        }))
    }

    fn at(mut self, path: &str) -> Self {
        path.clone_into(&mut self.0.path);
        self
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { vendor, kind, event, listed, path, expected, .. } = &*self.0;
        match (event, listed) {
            (Some(event), true) => write!(f, "{vendor} `{event}`")?,
            (Some(_), false) => write!(f, "{vendor} event that is not listed")?,
            (None, _) => write!(f, "{vendor} webhook")?,
        }
        if !path.is_empty() {
            write!(f, " at {path}")?;
        }
        match kind {
            DecodeErrorKind::NotJson => write!(f, ": not well-formed JSON, {expected}"),
            _ => write!(f, ": expected {expected}"),
        }
    }
}

impl fmt::Debug for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DecodeError")
            .field("kind", &self.0.kind)
            .field("message", &format_args!("{self}"))
            .finish_non_exhaustive()
    }
}

impl std::error::Error for DecodeError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self.0.source.as_ref()? {
            Source::Json(error) => Some(error),
            Source::Utf8(error) => Some(error),
        }
    }
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
    if let Some((_, expected)) = message.rsplit_once(", expected ") {
        return expected.to_owned().into();
    }
    "another form".into()
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
