//! Errors of decoding: the event, the path and what was expected; never the value that was found.

use std::borrow::Cow;
use std::fmt;

/// A body that does not decode.
///
/// `Display` and `Debug` name the event, the path and what was expected. They never contain a value of the payload, so
/// both can be logged. The message of the parser may contain values; it is available only through
/// [`source`](std::error::Error::source).
pub struct DecodeError(Box<Inner>);

struct Inner {
    vendor: &'static str,
    kind: DecodeErrorKind,
    /// As sent; only a listed name may be used in a message.
    event: Option<Box<str>>,
    listed: bool,
    path: String,
    expected: Cow<'static, str>,
    source: Option<Source>,
}

/// The error of the parser.
pub(crate) enum Source {
    Json(serde_json::Error),
    Utf8(std::str::Utf8Error),
}

/// The kind of fault in a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DecodeErrorKind {
    /// The body is not UTF-8.
    NotUtf8,
    /// The body is not well-formed JSON, ends too early, nests too deep, or has trailing characters.
    NotJson,
    /// The body is JSON, but not an object.
    NotAnObject,
    /// The envelope has no event name, or the name is empty or not text.
    NoEventName,
    /// A listed event whose main entity has no usable identity.
    NoIdentity,
    /// The payload does not fit the type that [`Delivery::decode_as`](crate::Delivery::decode_as) was called with.
    Payload,
}

impl DecodeError {
    /// The vendor as whose webhook the body was decoded.
    pub fn vendor(&self) -> &'static str {
        self.0.vendor
    }

    /// The kind of the fault.
    pub fn kind(&self) -> DecodeErrorKind {
        self.0.kind
    }

    /// The name of the event, listed or not; `None` if it was not read. It comes from the sender.
    pub fn event(&self) -> Option<&str> {
        self.0.event.as_deref()
    }

    /// The path in the body, as in `payload.steps[0].action`; empty for the body as a whole.
    pub fn path(&self) -> &str {
        &self.0.path
    }

    /// What was expected at that path.
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

    /// A body that is not UTF-8. The fast check does not return the position, so it is checked again.
    pub(crate) fn not_utf8(vendor: &'static str, body: &[u8]) -> Self {
        let error = Self::new(vendor, DecodeErrorKind::NotUtf8, "", "UTF-8");
        match std::str::from_utf8(body) {
            Ok(_) => error,
            Err(source) => error.caused_by(Source::Utf8(source)),
        }
    }

    /// A body that is not JSON. The parser's syntax messages are fixed texts that contain nothing of the body.
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

    /// The same error with the error of the parser.
    pub(crate) fn caused_by(mut self, source: Source) -> Self {
        self.0.source = Some(source);
        self
    }

    /// The same error with the name of the event.
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
