//! The metadata of a delivery that sinks pass on.

use std::fmt::Write as _;

use crate::stored::Row;

/// The name in subjects and types for an event without a readable name.
pub const UNNAMED_EVENT: &str = "unnamed";

/// The subject of NATS for an event: `webhooks.<vendor>.<event>`.
///
/// Characters with a special meaning in a subject are replaced by `_`: white space, `*`, `>` and control characters. So
/// are empty parts.
///
/// ```
/// use webhook_inbox::sinks::subject;
///
/// assert_eq!(subject("qase", Some("run.completed")), "webhooks.qase.run.completed");
/// assert_eq!(subject("qase", Some("a..b *")), "webhooks.qase.a._.b__");
/// assert_eq!(subject("qase", None), "webhooks.qase.unnamed");
/// ```
pub fn subject(vendor: &str, event: Option<&str>) -> String {
    let mut subject = "webhooks".to_owned();
    let event = event.filter(|event| !event.is_empty()).unwrap_or(UNNAMED_EVENT);
    for part in std::iter::once(vendor).chain(event.split('.')) {
        subject.push('.');
        if part.is_empty() {
            subject.push('_');
        }
        let is_special =
            |letter: char| letter.is_whitespace() || letter.is_control() || ".*>".contains(letter);
        subject.extend(part.chars().map(|letter| if is_special(letter) { '_' } else { letter }));
    }
    subject
}

/// The type of the body, by the sender's header.
pub(crate) fn content_type(row: &Row) -> &str {
    let stored = row.headers.iter().find(|(name, _)| name == "content-type");
    stored.map_or("application/json", |(_, value)| value.as_str())
}

/// Text with everything but printable ASCII percent-encoded, and also those characters that `also` names.
pub(crate) fn percent_encoded(text: &str, also: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_graphic() && byte != b'%' && !also.as_bytes().contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_header_cannot_hold_is_encoded() {
        assert_eq!(percent_encoded("a b%\"é\n", "\""), "a%20b%25%22%C3%A9%0A");
        assert_eq!(percent_encoded("a/b", "/"), "a%2Fb");
    }

    #[test]
    fn no_name_can_widen_a_subject() {
        assert_eq!(subject("qase", Some(">")), "webhooks.qase._");
        assert_eq!(subject("qase", Some("*.run")), "webhooks.qase._.run");
        assert_eq!(subject("a.b", Some("")), "webhooks.a_b.unnamed");
    }
}
