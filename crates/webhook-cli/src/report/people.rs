//! A report as text for people.

use std::fmt;
use std::io::{self, Write};

use serde_json::Value;
use serde_json::value::RawValue;

use super::Report;
use crate::entries::Entries;
use crate::output::{ERROR, FAINT, NAME, WARNING, plain, styled};

impl Report {
    /// One line for a person who watches deliveries, and one more line per warning.
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
        if let Some(received) = self.received.as_ref().filter(|received| received.repeat > 0) {
            write!(out, "  {}", styled(WARNING, format_args!("repeat {}", received.repeat)))?;
        }
        for (path, value) in self.leading().into_iter().take(3) {
            write!(out, "  {}={}", plain(&path), plain(&value))?;
        }
        writeln!(out)?;
        if let Some(forwarded) = self.received.as_ref().and_then(|received| received.forwarded.as_ref()) {
            writeln!(out, "  {forwarded}")?;
        }
        self.warnings().try_for_each(|warning| writeln!(out, "  {warning}"))
    }

    /// Drift and failures, one line each.
    fn warnings(&self) -> impl Iterator<Item = String> {
        let drift = self
            .drift
            .iter()
            .map(|finding| format!("{} {}", styled(WARNING, "drift:"), plain(&finding.to_string())));
        let error =
            self.error.iter().map(|error| format!("{} {}", styled(ERROR, "error:"), plain(&error.message)));
        drift.chain(error)
    }

    fn leading(&self) -> Vec<(String, String)> {
        self.webhook.as_ref().map(|webhook| leading(webhook, self.payload_key)).unwrap_or_default()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.file.is_some() {
            writeln!(f, "{}", styled(NAME, plain(&self.place())))?;
        }
        if let Some(vendor) = self.vendor {
            let event = self.event.as_deref().map_or_else(|| "(no event name)".to_owned(), plain);
            let meaning = match (self.meaning, &self.event) {
                (Some(meaning), _) => meaning,
                (None, Some(_)) => "not listed: kept as raw JSON",
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

/// The plain values at the top of the payload, in the order of its type, to identify the entity.
fn leading(webhook: &[u8], payload_key: &str) -> Vec<(String, String)> {
    const MAX_FIELDS: usize = 8;
    const MAX_LETTERS: usize = 100;
    let payload =
        serde_json::from_slice(webhook).ok().and_then(|envelope: Entries<'_>| envelope.object(payload_key));
    let Some(payload) = payload else {
        return Vec::new();
    };
    // If the payload has a single key, the object in it is used.
    let shown = payload.object("object").unwrap_or(payload);
    let text = |value: &RawValue| match serde_json::from_str(value.get()).ok()? {
        Value::String(text) if text.is_empty() => None,
        Value::String(text) => Some(text.chars().take(MAX_LETTERS).collect()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    };
    let fields = shown.0.into_iter().filter_map(|(key, value)| Some((key.into_owned(), text(value)?)));
    fields.take(MAX_FIELDS).collect()
}
