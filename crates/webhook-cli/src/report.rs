//! What there is to say about one payload, for a person and for a program: read from a file or received.

use std::fmt;
use std::io::{self, Write};

use chrono::{DateTime, SecondsFormat, Utc};
use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use webhook_core::drift::{self, Drift};
use webhook_core::{DecodeError, DecodeErrorKind, Delivery, Envelope, RawJson};

use crate::output::{ERROR, FAINT, NAME, WARNING, plain, styled};
use crate::vendor::{Vendor, with_webhook};

/// The keys stand in the order in which they are printed, and every one is always there.
#[derive(Default, Serialize)]
pub(crate) struct Report {
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    received_at: Option<String>,
    vendor: Option<&'static str>,
    event: Option<String>,
    listed: bool,
    pub(crate) decoded: bool,
    occurred_at: Option<String>,
    account: Option<String>,
    delivery_id: Option<String>,
    key: Option<String>,
    drift: Vec<Finding>,
    error: Option<Failure>,
    webhook: Option<RawJson>,
    #[serde(skip)]
    meaning: Option<&'static str>,
    #[serde(skip)]
    payload_key: &'static str,
    #[serde(skip)]
    is_object: bool,
}

#[derive(Serialize)]
struct Finding {
    path: String,
    kind: &'static str,
    json: Option<&'static str>,
}

#[derive(Serialize)]
struct Failure {
    path: String,
    message: String,
}

impl Report {
    /// A payload in a file, whose vendor may have to be recognised.
    pub(crate) fn of_file(file: String, vendor: Option<Vendor>, body: &[u8]) -> Self {
        let report = match vendor.or_else(|| Vendor::recognise(body)) {
            Some(vendor) => with_webhook!(vendor, decoded(body)),
            None => Self { error: Some(unrecognised(body)), ..Self::default() },
        };
        Self { file: Some(file), ..report }
    }

    /// A file that cannot be read.
    pub(crate) fn of_unread(file: String, error: &std::io::Error) -> Self {
        let message = format!("failed to read: {error}");
        Self { file: Some(file), error: Some(Failure { path: String::new(), message }), ..Self::default() }
    }

    /// A delivery.
    pub(crate) fn of_delivery<T: Envelope>(received_at: DateTime<Utc>, delivery: &Delivery<T>) -> Self {
        Self { received_at: Some(text(received_at)), ..decoded::<T>(delivery.body()) }
    }

    /// Whether the body was at least a JSON object.
    pub(crate) fn is_object(&self) -> bool {
        self.is_object
    }

    /// One line for a person who watches deliveries come in, and one more per warning.
    pub(crate) fn write_line(&self, out: &mut impl Write) -> io::Result<()> {
        let or = |value: &Option<String>| value.as_deref().map_or_else(|| "-".to_owned(), plain);
        write!(
            out,
            "{} {} {} {} {}",
            styled(FAINT, or(&self.received_at)),
            self.vendor.unwrap_or("-"),
            styled(NAME, or(&self.event)),
            or(&self.account),
            styled(FAINT, or(&self.key)),
        )?;
        for (path, value) in self.leading().into_iter().take(3) {
            write!(out, "  {}={}", plain(&path), plain(&value))?;
        }
        writeln!(out)?;
        self.warnings().try_for_each(|warning| writeln!(out, "  {warning}"))
    }

    /// The drift as lines of plain text that can be told from one another.
    pub(crate) fn drift_lines(&self) -> impl Iterator<Item = String> {
        let vendor = self.vendor.unwrap_or("-");
        let event = self.event.as_deref().map_or_else(|| "-".to_owned(), plain);
        self.drift.iter().map(move |finding| {
            let path = without_positions(&finding.path);
            format!("{vendor}\t{event}\t{path}\t{}\t{}", finding.kind, finding.json.unwrap_or("-"))
        })
    }

    /// What surprises and what failed, a line each.
    fn warnings(&self) -> impl Iterator<Item = String> {
        let drift = self.drift.iter().map(|finding| {
            let kind = finding.kind.replace('_', " ");
            let json = finding.json.map(|json| format!(" ({json})")).unwrap_or_default();
            format!("{} {kind} {}{json}", styled(WARNING, "drift:"), finding.path)
        });
        let error = self.error.iter().map(|error| format!("{} {}", styled(ERROR, "error:"), error.message));
        drift.chain(error)
    }

    fn leading(&self) -> Vec<(String, String)> {
        self.webhook.as_ref().map(|webhook| leading(webhook, self.payload_key)).unwrap_or_default()
    }
}

/// A path that means every element of a list: the thousandth unknown field of a list is not new.
fn without_positions(path: &str) -> String {
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
    text
}

fn text(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

fn decoded<T: Envelope>(body: &[u8]) -> Report {
    let event = T::peek(body).ok().map(|front| front.name().to_owned());
    let info = T::catalogue().iter().find(|info| Some(info.name) == event.as_deref());
    let mut report = Report {
        vendor: Some(T::VENDOR),
        listed: info.is_some(),
        meaning: info.map(|info| info.summary),
        event,
        key: Some(T::key_of(body).to_string()),
        drift: drift::of::<T>(body).into_iter().map(Finding::from).collect(),
        payload_key: T::PAYLOAD_KEY,
        is_object: true,
        ..Report::default()
    };
    match T::from_slice(body) {
        Ok(webhook) => {
            report.decoded = true;
            report.occurred_at = webhook.occurred_at().map(text);
            report.account = webhook.account().map(str::to_owned);
            report.delivery_id = webhook.event_id().map(str::to_owned);
            report.webhook = serde_json::to_string(&webhook)
                .map(|json| on_one_line(&json))
                .and_then(RawJson::from_text)
                .ok();
        }
        Err(error) => {
            report.is_object = is_object(body);
            report.error = Some(Failure::from(&error));
        }
    }
    report
}

/// Whether a body is a JSON object, also one with a number or a depth that the decoder cannot hold.
fn is_object(body: &[u8]) -> bool {
    let json = std::str::from_utf8(body).ok().filter(|text| serde_json::from_str::<IgnoredAny>(text).is_ok());
    json.is_some_and(|text| text.trim_ascii_start().starts_with('{'))
}

/// JSON without the white space between its tokens. What is kept as it came may be spread over many lines.
fn on_one_line(json: &str) -> String {
    let (mut in_text, mut escaped) = (false, false);
    json.chars()
        .filter(|letter| {
            let kept = in_text || !letter.is_ascii_whitespace();
            if *letter == '"' && !escaped {
                in_text = !in_text;
            }
            escaped = in_text && *letter == '\\' && !escaped;
            kept
        })
        .collect()
}

/// What is wrong with a body in which no vendor recognises its envelope.
fn unrecognised(body: &[u8]) -> Failure {
    // Any vendor's decoder says what is wrong with a body that is no JSON object.
    let message = match qase_webhooks::Webhook::from_slice(body) {
        Err(error) if body.trim_ascii().is_empty() => format!("empty: {}", bare(&error)),
        Err(error) if error.kind() == DecodeErrorKind::NotUtf8 => "not UTF-8".to_owned(),
        Err(error) if error.kind() == DecodeErrorKind::NotJson => bare(&error),
        Err(error) if error.kind() == DecodeErrorKind::NotAnObject => "expected an object".to_owned(),
        _ => "no vendor's envelope; name the vendor with --vendor".to_owned(),
    };
    Failure { path: String::new(), message }
}

/// The message without the vendor whose decoder was asked.
fn bare(error: &DecodeError) -> String {
    format!("not well-formed JSON, {}", error.expected())
}

impl From<Drift> for Finding {
    fn from(drift: Drift) -> Self {
        Self { path: drift.path, kind: drift.kind.into(), json: drift.json.map(Into::into) }
    }
}

impl From<&DecodeError> for Failure {
    fn from(error: &DecodeError) -> Self {
        Self { path: error.path().to_owned(), message: error.to_string() }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(file) = &self.file {
            writeln!(f, "{}", styled(NAME, plain(file)))?;
        }
        if let Some(vendor) = self.vendor {
            let event = self.event.as_deref().map_or_else(|| "(no event name)".to_owned(), plain);
            let meaning = match (self.meaning, &self.event) {
                (Some(meaning), _) => meaning,
                (None, Some(_)) => "not listed: kept as it came",
                (None, None) => "",
            };
            writeln!(f, "  {vendor} {}  {}", styled(NAME, event), styled(FAINT, meaning))?;
        }
        for (label, value) in
            [("occurred at", &self.occurred_at), ("account", &self.account), ("key", &self.key)]
        {
            if let Some(value) = value {
                line(f, label, &plain(value))?;
            }
        }
        for (path, value) in self.leading() {
            line(f, &plain(&path), &plain(&value))?;
        }
        self.warnings().try_for_each(|warning| writeln!(f, "  {warning}"))
    }
}

fn line(f: &mut fmt::Formatter<'_>, label: &str, value: &str) -> fmt::Result {
    let label = styled(FAINT, format_args!("{label:<16}"));
    writeln!(f, "  {label} {value}")
}

/// What stands plainly at the top of the payload, in the order of its type: enough to know which thing it is about.
fn leading(webhook: &RawJson, payload_key: &str) -> Vec<(String, String)> {
    const MOST: usize = 8;
    const LONGEST: usize = 100;
    let payload = webhook.parse().ok().and_then(|envelope: Entries| envelope.object(payload_key));
    let Some(payload) = payload else {
        return Vec::new();
    };
    // A vendor that wraps the thing in a single key means the thing.
    let shown = payload.object("object").unwrap_or(payload);
    let text = |value: &RawJson| match value.parse().ok()? {
        Value::String(text) if text.is_empty() => None,
        Value::String(text) => Some(text.chars().take(LONGEST).collect()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    };
    shown.0.into_iter().filter_map(|(key, value)| Some((key, text(&value)?))).take(MOST).collect()
}

/// An object with its keys in order.
struct Entries(Vec<(String, RawJson)>);

impl Entries {
    /// The object under a key.
    fn object(&self, key: &str) -> Option<Self> {
        self.0.iter().find(|(name, _)| name == key)?.1.parse().ok()
    }
}

impl<'de> Deserialize<'de> for Entries {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;

        impl<'de> Visitor<'de> for InOrder {
            type Value = Entries;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Entries, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Entries(entries))
            }
        }

        deserializer.deserialize_map(InOrder)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_space_between_tokens_goes() {
        let spread = "{\n  \"a b\": \"c \\\" \\\\\",\t\"d\" : [1, 2]\r\n}";
        assert_eq!(on_one_line(spread), r#"{"a b":"c \" \\","d":[1,2]}"#);
    }

    #[test]
    fn a_position_in_a_list_is_no_new_path() {
        assert_eq!(without_positions("payload.steps[12].tags[0]"), "payload.steps[].tags[]");
        assert_eq!(without_positions(r#"payload["a key"]"#), r#"payload["a key"]"#);
    }
}
