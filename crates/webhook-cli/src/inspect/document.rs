//! The kinds of input texts: a payload, a captured request, or a line that another command of this tool wrote.

use std::borrow::Cow;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use memchr::memmem;
use serde::Deserialize;

use super::Task;
use crate::captured;
use crate::report::Report;
use crate::vendor::Vendor;

/// The report about a text.
pub(super) fn report(text: &[u8], task: Task) -> Report {
    match stored(text) {
        Some(Ok((vendor, body))) => Report::of_payload(task.vendor.or(Some(vendor)), &body, task.wanted),
        Some(Err(message)) => Report::of_failure(message),
        None => match captured::body(text) {
            Ok(body) => Report::of_payload(task.vendor, body, task.wanted),
            Err(message) => Report::of_failure(format!("not a request: {message}")),
        },
    }
}

/// Whether each line of a text is a payload: the first line is complete, and others follow. `None` if more text is
/// needed to decide.
pub(super) fn is_stream(text: &[u8]) -> Option<bool> {
    let text = text.trim_ascii_start();
    let (first, rest) = text.split_at(memchr::memchr(b'\n', text)?);
    if serde_json::from_slice::<serde::de::IgnoredAny>(first).is_err() {
        return Some(false);
    }
    (!rest.trim_ascii_start().is_empty()).then_some(true)
}

/// A delivery in the format of `inbox export` and `listen --json`.
#[derive(Deserialize)]
struct Stored<'a> {
    #[serde(borrow)]
    vendor: Cow<'a, str>,
    #[serde(borrow, default)]
    body: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    body_base64: Option<Cow<'a, str>>,
}

/// A vendor and a body.
type Body<'a> = (Vendor, Cow<'a, [u8]>);

/// The vendor and the body of a stored delivery; `None` for any other text.
fn stored(text: &[u8]) -> Option<Result<Body<'_>, String>> {
    // Most texts are payloads, so this check does not read the whole text.
    memmem::find(text, b"\"body")?;
    let stored: Stored<'_> = serde_json::from_slice(text).ok()?;
    let vendor = Vendor::of_name(&stored.vendor)?;
    let body = match (stored.body, stored.body_base64) {
        (Some(Cow::Borrowed(body)), None) => Cow::Borrowed(body.as_bytes()),
        (Some(Cow::Owned(body)), None) => Cow::Owned(body.into_bytes()),
        (None, Some(body)) => match BASE64_STANDARD.decode(&*body) {
            Ok(body) => Cow::Owned(body),
            Err(_) => return Some(Err("`body_base64` is not base64".to_owned())),
        },
        _ => return None,
    };
    Some(Ok((vendor, body)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_has_a_complete_first_line_and_a_second() {
        for stream in ["{}\n{}", "\n{\"a\":1}\r\n{", "1\n2\n"] {
            assert_eq!(is_stream(stream.as_bytes()), Some(true), "{stream}");
        }
        for whole in ["{\n}\n", "[\n{}\n]", "POST / HTTP/1.1\n\n{}"] {
            assert_eq!(is_stream(whole.as_bytes()), Some(false), "{whole}");
        }
        for undecided in ["", "{}", "{", "{}\n", "{}\n \n"] {
            assert_eq!(is_stream(undecided.as_bytes()), None, "{undecided}");
        }
    }

    #[test]
    fn a_stored_delivery_is_told_from_a_payload() {
        let body = |line: &str| {
            stored(line.as_bytes())
                .map(|found| found.map(|(_, body)| String::from_utf8_lossy(&body).into_owned()))
        };
        assert_eq!(body(r#"{"seq":1,"vendor":"qase","body":"{}"}"#), Some(Ok("{}".to_owned())));
        assert_eq!(body(r#"{"body":"\u007b}","vendor":"qase"}"#), Some(Ok("{}".to_owned())));
        assert_eq!(body(r#"{"vendor":"qase","body_base64":"e30="}"#), Some(Ok("{}".to_owned())));
        assert!(body(r#"{"vendor":"qase","body_base64":"?"}"#).unwrap().is_err());
        for payload in
            [r#"{"body":"{}"}"#, r#"{"vendor":"x","body":"{}"}"#, r#"{"vendor":"qase","body":1}"#, "{}"]
        {
            assert_eq!(body(payload), None, "{payload}");
        }
    }
}
