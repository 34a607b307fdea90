//! A delivery as an event of CloudEvents 1.0.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use chrono::{DateTime, SecondsFormat, Utc};
use http::{HeaderMap, HeaderName, HeaderValue};
use serde::Serialize;
use serde_json::value::RawValue;

use super::facts::{UNNAMED_EVENT, content_type, percent_encoded};
use crate::stored::{Row, StoredDelivery};

/// The prefix of the types of a vendor's events: the vendor's domain, reversed.
pub const TYPE_PREFIXES: [(&str, &str); 3] =
    [("qase", "io.qase"), ("deepsource", "com.deepsource"), ("monitorqa", "com.monitorqa")];

/// The place of the attributes of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum CloudEventsMode {
    /// In one JSON object with the payload under `data`: `application/cloudevents+json`.
    #[default]
    Structured,
    /// In headers whose names begin with `ce-`; the body is the payload, unchanged.
    Binary,
}

/// The type of an event: the vendor's prefix and the name of the event, as `io.qase.run.completed`. A vendor without a
/// prefix has `webhooks.<vendor>`.
pub fn event_type(vendor: &str, event: Option<&str>) -> String {
    let event = event.filter(|event| !event.is_empty()).unwrap_or(UNNAMED_EVENT);
    match TYPE_PREFIXES.iter().find(|(name, _)| *name == vendor) {
        Some((_, prefix)) => format!("{prefix}.{event}"),
        None => format!("webhooks.{vendor}.{event}"),
    }
}

/// The source of an event: `/<vendor>/<account>`, or `/<vendor>` if the delivery has no account.
pub fn event_source(vendor: &str, account: Option<&str>) -> String {
    // Characters that would end a segment of a path, or begin a query or a fragment.
    let part = |text: &str| percent_encoded(text, "/?#[]\"<>\\^`{|}");
    match account {
        Some(account) => format!("/{}/{}", part(vendor), part(account)),
        None => format!("/{}", part(vendor)),
    }
}

/// The id of an event: the key of the delivery. A key that is not an id of the vendor is the fingerprint of a body, which
/// another event may have, so the [message id](Row::message_id) follows it.
fn event_id(row: &Row) -> String {
    if row.key.starts_with("id:") { row.key.clone() } else { format!("{}/{}", row.key, row.message_id()) }
}

/// The event in one JSON object, and its content type.
pub(super) fn structured(delivery: &StoredDelivery) -> Result<(Bytes, HeaderMap), serde_json::Error> {
    let row = &delivery.row;
    let json: Option<&RawValue> = serde_json::from_slice(&delivery.body).ok();
    let event = Structured {
        specversion: "1.0",
        id: event_id(row),
        source: event_source(&row.vendor, row.account.as_deref()),
        r#type: event_type(&row.vendor, row.event.as_deref()),
        time: row.occurred_at.map(time),
        datacontenttype: if json.is_some() { "application/json" } else { content_type(row) },
        data: json,
        data_base64: json.is_none().then(|| BASE64_STANDARD.encode(&delivery.body)),
    };
    let mut headers = HeaderMap::new();
    headers.insert(
        http::header::CONTENT_TYPE,
        HeaderValue::from_static("application/cloudevents+json; charset=utf-8"),
    );
    Ok((serde_json::to_vec(&event)?.into(), headers))
}

/// The attributes of the event as headers, for its unchanged body.
pub(super) fn binary(row: &Row) -> HeaderMap {
    let attributes = [
        ("ce-specversion", Some("1.0".to_owned())),
        ("ce-id", Some(event_id(row))),
        ("ce-source", Some(event_source(&row.vendor, row.account.as_deref()))),
        ("ce-type", Some(event_type(&row.vendor, row.event.as_deref()))),
        ("ce-time", row.occurred_at.map(time)),
    ];
    let mut headers = HeaderMap::new();
    for (name, value) in attributes {
        // Encoded as the HTTP binding requires, so every value is a valid header value.
        let value = value.and_then(|value| HeaderValue::try_from(percent_encoded(&value, "\"")).ok());
        if let Some(value) = value {
            headers.insert(HeaderName::from_static(name), value);
        }
    }
    headers
}

#[derive(Serialize)]
struct Structured<'a> {
    specversion: &'a str,
    id: String,
    source: String,
    r#type: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    time: Option<String>,
    datacontenttype: &'a str,
    /// The exact text of the payload.
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<&'a RawValue>,
    /// A body that is not JSON.
    #[serde(skip_serializing_if = "Option::is_none")]
    data_base64: Option<String>,
}

fn time(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_and_sources_name_the_vendor() {
        assert_eq!(event_type("qase", Some("run.completed")), "io.qase.run.completed");
        assert_eq!(event_type("monitorqa", Some("AUDIT_COMPLETED")), "com.monitorqa.AUDIT_COMPLETED");
        assert_eq!(event_type("acme", Some("x")), "webhooks.acme.x");
        assert_eq!(event_type("deepsource", None), "com.deepsource.unnamed");
        assert_eq!(event_source("qase", Some("OR/BIT é")), "/qase/OR%2FBIT%20%C3%A9");
        assert_eq!(event_source("qase", None), "/qase");
    }
}
