//! Why a body did not decode: which event, which path, what was expected; never what was found.

use std::borrow::Cow;
use std::fmt;

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

/// What the parser said.
pub(crate) enum Source {
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
    /// The envelope has no event name, or one that is no text or empty.
    NoEventName,
    /// A listed event whose main entity has no usable identity.
    NoIdentity,
    /// The payload is not what [`Delivery::decode_as`](crate::Delivery::decode_as) was asked for.
    Payload,
}

impl DecodeError {
    /// The vendor whose webhook the body was taken for.
    pub fn vendor(&self) -> &'static str {
        self.0.vendor
    }

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

    pub(crate) fn new(
        vendor: &'static str,
        kind: DecodeErrorKind,
        path: impl Into<String>,
        expected: impl Into<Cow<'static, str>>,
    ) -> Self {
        let (path, expected) = (path.into(), expected.into());
        Self(Box::new(Inner { vendor, kind, event: None, listed: false, path, expected, source: None }))
    }

    /// A body that is not UTF-8; the fast check does not say where, so it is checked again.
    pub(crate) fn not_utf8(vendor: &'static str, body: &[u8]) -> Self {
        let error = Self::new(vendor, DecodeErrorKind::NotUtf8, "", "UTF-8");
        match std::str::from_utf8(body) {
            Ok(_) => error,
            Err(source) => error.caused_by(Source::Utf8(source)),
        }
    }

    /// A body that is no JSON. The parser's messages about syntax are fixed texts, which repeat nothing of the body.
    pub(crate) fn not_json(vendor: &'static str, error: serde_json::Error) -> Self {
        let message = error.to_string();
        let message = message.rsplit_once(" at line ").map_or(message.as_str(), |(message, _)| message);
        let place = format!("{message} at line {} column {}", error.line(), error.column());
        Self::new(vendor, DecodeErrorKind::NotJson, "", place).caused_by(Source::Json(error))
    }

    /// An envelope without a name.
    pub(crate) fn no_name(vendor: &'static str, key: &'static str) -> Self {
        Self::new(vendor, DecodeErrorKind::NoEventName, key, "the name of an event as text")
    }

    /// The same error with what the parser said.
    pub(crate) fn caused_by(mut self, source: Source) -> Self {
        self.0.source = Some(source);
        self
    }

    /// The same error, for which the name of the event is known.
    pub(crate) fn of_event(mut self, name: &str, listed: bool) -> Self {
        self.0.listed = listed;
        self.0.event = Some(name.into());
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
