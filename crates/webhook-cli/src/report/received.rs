//! The report about a delivery in addition to its payload.

use std::{fmt, io};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use serde::Serialize;

use crate::output::{ERROR, plain, styled, write_json, write_json_text};

/// The exact bytes of a delivery, and its outcome.
#[derive(Serialize)]
pub(super) struct Received {
    /// How often the key occurred before.
    pub(super) repeat: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) forwarded: Option<Forwarded>,
    #[serde(skip)]
    body: Bytes,
}

/// An exact body as a key of a JSON object: `body`, or `body_base64` when it is not UTF-8.
#[derive(Serialize)]
pub(crate) enum Body {
    /// Text.
    #[serde(rename = "body")]
    Text(String),
    /// Anything else, in base64.
    #[serde(rename = "body_base64")]
    Bytes(String),
}

/// The answer of an application to a forwarded delivery.
#[derive(Debug, Clone, Default, Serialize)]
pub(crate) struct Forwarded {
    /// The status; absent when there was no answer.
    pub(crate) status: Option<u16>,
    /// The time that it took.
    pub(crate) milliseconds: u64,
    /// The start of the answer's body, as text.
    pub(crate) body: Option<String>,
    /// Why there was no answer.
    pub(crate) error: Option<String>,
}

impl Body {
    pub(crate) fn of(body: &[u8]) -> Self {
        match str::from_utf8(body) {
            Ok(text) => Self::Text(text.to_owned()),
            Err(_) => Self::Bytes(BASE64_STANDARD.encode(body)),
        }
    }
}

impl Received {
    pub(super) fn of(body: Bytes) -> Self {
        Self { repeat: 0, forwarded: None, body }
    }

    /// Appends the body as a key of a JSON object, as [`Body`] has it.
    pub(super) fn write_body(&self, out: &mut Vec<u8>) -> io::Result<()> {
        let start = out.len();
        out.extend_from_slice(b"\"body\":");
        if !write_json_text(&self.body, out)? {
            out.truncate(start);
            out.extend_from_slice(b"\"body_base64\":");
            write_json(&BASE64_STANDARD.encode(&self.body), 0, out)?;
        }
        Ok(())
    }
}

impl fmt::Display for Forwarded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.status, &self.error) {
            (Some(status), _) if (200..300).contains(&status) => write!(f, "forwarded: {status}")?,
            (Some(status), _) => write!(f, "{} {status}", styled(ERROR, "forwarded:"))?,
            (None, error) => {
                let error = error.as_deref().unwrap_or("no answer");
                write!(f, "{} {}", styled(ERROR, "not forwarded:"), plain(error))?;
            }
        }
        write!(f, " in {} ms", self.milliseconds)?;
        match self.body.as_deref().map(str::trim) {
            None | Some("") => Ok(()),
            Some(body) => write!(f, ": {}", plain(body)),
        }
    }
}
