//! The report about one payload, for people and for programs.

mod people;
mod received;

use std::borrow::Cow;
use std::io;
use std::sync::Arc;

use bytes::Bytes;
use chrono::{DateTime, SecondsFormat, Utc};
use serde::de::IgnoredAny;
use serde::{Serialize, Serializer};
use webhook_core::drift::{self, Decoded, Drift, JsonKind};
use webhook_core::{Authenticated, DecodeError, DecodeErrorKind, Envelope, ForVendor};

use self::received::Received;
pub(crate) use self::received::{Body, Forwarded};
use crate::output::write_json;
use crate::vendor::Vendor;

/// The keys are in the order in which they are printed; `webhook` is printed after them.
#[derive(Default, Serialize)]
pub(crate) struct Report {
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "shared")]
    file: Option<Arc<str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    received_at: Option<String>,
    pub(crate) vendor: Option<&'static str>,
    pub(crate) event: Option<String>,
    pub(crate) listed: bool,
    pub(crate) decoded: bool,
    occurred_at: Option<String>,
    account: Option<String>,
    delivery_id: Option<String>,
    key: Option<String>,
    pub(crate) drift: Vec<Drift>,
    pub(crate) error: Option<Failure>,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    received: Option<Received>,
    /// The decoded webhook as JSON, safe to print.
    #[serde(skip)]
    webhook: Option<Vec<u8>>,
    #[serde(skip)]
    meaning: Option<&'static str>,
    #[serde(skip)]
    payload_key: &'static str,
    #[serde(skip)]
    is_object: bool,
}

/// Why a payload does not decode.
#[derive(Serialize)]
pub(crate) struct Failure {
    path: String,
    pub(crate) message: String,
}

/// The parts of a report. Each costs a separate pass.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wanted {
    /// How the payload differs from the documented form of its event.
    pub(crate) drift: bool,
    /// The key and the decoded webhook, which are printed and not counted.
    pub(crate) webhook: bool,
}

impl Wanted {
    /// All parts.
    pub(crate) const ALL: Self = Self { drift: true, webhook: true };
}

impl Report {
    /// The report about a payload, whose vendor is detected if it is not given.
    pub(crate) fn of_payload(vendor: Option<Vendor>, body: &[u8], wanted: Wanted) -> Self {
        if let Some(vendor) = vendor {
            return vendor.run(Decode { body, event: None, wanted });
        }
        if let Some((vendor, event)) = Vendor::of_listed_event(body) {
            return vendor.run(Decode { body, event: Some(event.into_owned()), wanted });
        }
        match Vendor::of_body(body) {
            Some(vendor) => vendor.run(Decode { body, event: None, wanted }),
            None => Self::of_failure(unrecognised(body)),
        }
    }

    /// The report about a text that is not a payload.
    pub(crate) fn of_failure(message: String) -> Self {
        Self { error: Some(Failure { path: String::new(), message }), ..Self::default() }
    }

    /// The report with the place of the payload: a file, and the line in a stream of payloads.
    #[must_use]
    pub(crate) fn of_file(self, file: Arc<str>, line: Option<u64>) -> Self {
        Self { file: Some(file), line, ..self }
    }

    /// The place of the payload.
    pub(crate) fn place(&self) -> String {
        let line = self.line.map(|line| format!(":{line}")).unwrap_or_default();
        self.file.as_deref().unwrap_or_default().to_owned() + &line
    }

    /// A delivery, with its exact body.
    pub(crate) fn of_delivery<W: Envelope>(
        received_at: DateTime<Utc>,
        body: Bytes,
        decode: impl FnOnce(&[u8]) -> Result<Decoded<W>, DecodeError>,
    ) -> Self {
        let outcome = decode(&body);
        let outcome = outcome.map(|Decoded { webhook, drift, .. }| (webhook, drift));
        let report = report(&body, outcome, None, Wanted::ALL);
        Self { received_at: Some(text(received_at)), received: Some(Received::of(body)), ..report }
    }

    /// Adds how often the key occurred before, and the answer of the application to which the delivery was forwarded.
    pub(crate) fn add(&mut self, repeat: u64, forwarded: Option<Forwarded>) {
        if let Some(received) = &mut self.received {
            received.repeat = repeat;
            received.forwarded = forwarded;
        }
    }

    /// The key of the delivery.
    pub(crate) fn key(&self) -> Option<&str> {
        self.key.as_deref()
    }

    /// Whether the body was at least a JSON object.
    pub(crate) fn is_object(&self) -> bool {
        self.is_object
    }

    /// Appends the line of JSON for programs, with its newline.
    pub(crate) fn write_json_line(&self, out: &mut Vec<u8>) -> io::Result<()> {
        write_json(self, 0, out)?;
        // The longest parts are appended as they are.
        out.pop();
        if let Some(received) = &self.received {
            out.push(b',');
            received.write_body(out)?;
        }
        out.extend_from_slice(b",\"webhook\":");
        out.extend_from_slice(self.webhook.as_deref().unwrap_or(b"null"));
        out.extend_from_slice(b"}\n");
        Ok(())
    }

    /// The drift as lines of plain text, without repetitions.
    pub(crate) fn drift_lines(&self) -> impl Iterator<Item = String> {
        let vendor = self.vendor.unwrap_or("-");
        let event = self.event.as_deref().map_or_else(|| "-".to_owned(), crate::output::plain);
        self.drift.iter().map(move |finding| {
            let path = without_positions(&finding.path);
            let json = finding.json.map_or("-", JsonKind::as_str);
            format!("{vendor}\t{event}\t{path}\t{}\t{json}", finding.kind)
        })
    }
}

/// A path with a placeholder for list elements, so that an unknown field in each element is one kind.
pub(crate) fn without_positions(path: &str) -> Cow<'_, str> {
    if !path.contains('[') {
        return path.into();
    }
    let mut text = String::with_capacity(path.len());
    for part in path.split_inclusive('[') {
        match part.split_once(']') {
            Some((position, rest)) if position.bytes().all(|byte| byte.is_ascii_digit()) => {
                text.push(']');
                text.push_str(rest);
            }
            _ => text.push_str(part),
        }
    }
    text.into()
}

/// A text that many reports share, as text.
#[expect(clippy::ref_option, reason = "what serde calls")]
fn shared<S: Serializer>(text: &Option<Arc<str>>, serializer: S) -> Result<S::Ok, S::Error> {
    text.as_deref().serialize(serializer)
}

fn text(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

/// A report of a payload of a known vendor.
struct Decode<'a> {
    body: &'a [u8],
    /// The name of the event, where it is known already.
    event: Option<String>,
    wanted: Wanted,
}

impl ForVendor for Decode<'_> {
    type Output = Report;

    fn run<W: Authenticated>(self) -> Report {
        let outcome = if self.wanted.drift {
            drift::decode::<W>(self.body).map(|Decoded { webhook, drift, .. }| (webhook, drift))
        } else {
            W::from_slice(self.body).map(|webhook| (webhook, Vec::new()))
        };
        report(self.body, outcome, self.event, self.wanted)
    }
}

fn report<T: Envelope>(
    body: &[u8],
    outcome: Result<(T, Vec<Drift>), DecodeError>,
    event: Option<String>,
    wanted: Wanted,
) -> Report {
    let event = match &outcome {
        Ok((webhook, _)) => Some(webhook.name().to_owned()),
        Err(_) => event.or_else(|| T::peek(body).ok().map(|front| front.name().to_owned())),
    };
    let info = T::catalogue().iter().find(|info| Some(info.name) == event.as_deref());
    let mut report = Report {
        vendor: Some(T::VENDOR),
        listed: info.is_some(),
        meaning: info.map(|info| info.summary),
        event,
        payload_key: T::PAYLOAD_KEY,
        is_object: true,
        ..Report::default()
    };
    if wanted.webhook {
        report.key = Some(T::key_of(body).to_string());
    }
    match outcome {
        Ok((webhook, drift)) => {
            report.decoded = true;
            report.drift = drift;
            if wanted.webhook {
                report.delivery_id = webhook.event_id().map(str::to_owned);
                report.occurred_at = webhook.occurred_at().map(text);
                report.account = webhook.account().map(str::to_owned);
                report.webhook = json(&webhook, body.len());
            }
        }
        Err(error) => {
            report.is_object = is_object(body);
            if wanted.drift {
                report.drift = drift::of::<T>(body);
            }
            report.error = Some(Failure::from(&error));
        }
    }
    report
}

/// A webhook as JSON, inside the object of the report.
fn json(webhook: &impl Serialize, length: usize) -> Option<Vec<u8>> {
    let mut json = Vec::with_capacity(length + 256);
    write_json(webhook, 1, &mut json).ok()?;
    Some(json)
}

/// Whether a body is a JSON object, even if the decoder cannot represent its numbers or its depth.
fn is_object(body: &[u8]) -> bool {
    let json = std::str::from_utf8(body).ok().filter(|text| serde_json::from_str::<IgnoredAny>(text).is_ok());
    json.is_some_and(|text| text.trim_ascii_start().starts_with('{'))
}

/// The error for a body whose envelope matches no vendor.
pub(crate) fn unrecognised(body: &[u8]) -> String {
    // Any vendor's decoder reports the error of a body that is not a JSON object.
    match qase_webhooks::Webhook::from_slice(body) {
        Err(error) if body.trim_ascii().is_empty() => format!("empty: {}", bare(&error)),
        Err(error) if error.kind() == DecodeErrorKind::NotUtf8 => "not UTF-8".to_owned(),
        Err(error) if error.kind() == DecodeErrorKind::NotJson => bare(&error),
        Err(error) if error.kind() == DecodeErrorKind::NotAnObject => "expected an object".to_owned(),
        _ => "the envelope matches no vendor; set the vendor with --vendor".to_owned(),
    }
}

/// The message without the vendor of the decoder.
fn bare(error: &DecodeError) -> String {
    format!("not well-formed JSON, {}", error.expected())
}

impl From<&DecodeError> for Failure {
    fn from(error: &DecodeError) -> Self {
        Self { path: error.path().to_owned(), message: error.to_string() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_position_in_a_list_is_no_new_path() {
        assert_eq!(without_positions("payload.steps[12].tags[0]"), "payload.steps[].tags[]");
        assert_eq!(without_positions(r#"payload["a key"]"#), r#"payload["a key"]"#);
    }
}
