//! The line about an event, from what most payloads have: a title, a few plain values, a link.

use std::fmt::Write as _;

use http::Uri;
use serde_json::{Map, Value};

use crate::stored::StoredDelivery;

/// The maximum number of characters of a payload's text in a line.
const MAX_TEXT: usize = 120;
/// The maximum number of plain values in a line without a title.
const MAX_VALUES: usize = 6;
/// The maximum depth at which a title or a link is searched.
const MAX_DEPTH: usize = 3;
/// The longest link that is shown.
const MAX_LINK_BYTES: usize = 2_000;

/// The keys under which vendors put the payload.
const PAYLOADS: [&str; 3] = ["payload", "data", "object"];
/// The keys of titles and names, the best first.
const TITLES: [&str; 4] = ["title", "name", "shortDescription", "number"];
/// The keys of links to the entity, the best first; not of pictures and attachments.
const LINKS: [&str; 8] =
    ["reportUrl", "report_url", "htmlUrl", "html_url", "webUrl", "link", "url", "vcsUrl"];

/// `qase · run.completed · ORBIT · id 902, passed 251 · <https://..|open>`
pub(super) fn line(delivery: &StoredDelivery) -> String {
    let row = &delivery.row;
    let mut line = format!("*{}*", shown(&row.vendor));
    let mut add = |text: &str| {
        // Writing to a text does not fail.
        let _ = write!(line, " · {text}");
    };
    add(&shown(row.event.as_deref().unwrap_or("an event without a name")));
    if let Some(account) = &row.account {
        add(&shown(account));
    }
    let Ok(Value::Object(envelope)) = serde_json::from_slice(&delivery.body) else {
        return line;
    };
    let payload = payload(&envelope);
    let title = TITLES.iter().find_map(|key| find(payload, key, MAX_DEPTH, text));
    if let Some(title) = title {
        add(&shown(&title));
    } else {
        let value =
            |(key, value): (&String, &Value)| Some(format!("{} {}", shown(key), shown(&text(value)?)));
        let values: Vec<String> = payload.iter().filter_map(value).take(MAX_VALUES).collect();
        if !values.is_empty() {
            add(&values.join(", "));
        }
    }
    if let Some(link) = LINKS.iter().find_map(|key| find(payload, key, MAX_DEPTH, link)) {
        add(&format!("<{link}|open>"));
    }
    line
}

/// The object that the event is about.
fn payload(envelope: &Map<String, Value>) -> &Map<String, Value> {
    let inner = PAYLOADS.iter().find_map(|key| envelope.get(*key)?.as_object());
    inner.map_or(envelope, payload)
}

/// The usable value of a key that is nearest to the root. Elements of lists are not searched.
fn find<T>(
    object: &Map<String, Value>,
    key: &str,
    depth: usize,
    of_use: fn(&Value) -> Option<T>,
) -> Option<T> {
    object.get(key).and_then(of_use).or_else(|| {
        let inner = object.values().filter_map(Value::as_object);
        inner.filter(|_| depth > 0).find_map(|inner| find(inner, key, depth - 1, of_use))
    })
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.trim().is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        _ => None,
    }
}

/// A link of the web, in which nothing ends the link.
fn link(value: &Value) -> Option<String> {
    let text = value.as_str()?;
    let is_plain = |byte: u8| byte.is_ascii_graphic() && !b"<>|\"`\\".contains(&byte);
    if text.len() > MAX_LINK_BYTES || !text.bytes().all(is_plain) {
        return None;
    }
    let uri: Uri = text.parse().ok()?;
    let is_web = matches!(uri.scheme_str(), Some("http" | "https"));
    // Text before an `@` looks like the host but is not.
    let authority = uri.authority().filter(|authority| !authority.as_str().contains('@'))?;
    (is_web && !authority.host().is_empty()).then(|| text.replace('&', "&amp;"))
}

/// Text of a payload on the line: short, without control characters, and without links and mentions.
fn shown(text: &str) -> String {
    let mut shown = String::new();
    for (count, letter) in text.trim().chars().enumerate() {
        if count == MAX_TEXT {
            shown.push('…');
            break;
        }
        match letter {
            '&' => shown.push_str("&amp;"),
            '<' => shown.push_str("&lt;"),
            '>' => shown.push_str("&gt;"),
            // It would quote the rest of the line.
            '`' => shown.push('\''),
            // Mentions and disguised links in the syntax of Mattermost: a zero-width character after these makes them
            // plain text.
            '@' | ']' => {
                shown.push(letter);
                shown.push('\u{200b}');
            }
            _ if letter.is_control() || reorders(letter) => shown.push(' '),
            _ => shown.push(letter),
        }
    }
    shown
}

/// Whether a character changes the order or the appearance of the text around it.
fn reorders(letter: char) -> bool {
    matches!(letter, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_of_a_payload_mentions_nobody_and_hides_no_link() {
        assert_eq!(shown("<!channel> & <http://x|y>"), "&lt;!channel&gt; &amp; &lt;http://x|y&gt;");
        assert_eq!(shown("@here [a](http://x) `b"), "@\u{200b}here [a]\u{200b}(http://x) 'b");
        assert_eq!(shown("a\nb\u{202e}c\u{1b}[0m"), "a b c [0m");
        assert_eq!(shown(&"é".repeat(200)).chars().count(), MAX_TEXT + 1);
    }

    #[test]
    fn a_link_is_one_of_the_web_and_ends_where_it_seems_to() {
        let link = |text: &str| link(&Value::String(text.to_owned()));
        assert_eq!(link("https://a.example/x?y=1&z=2").as_deref(), Some("https://a.example/x?y=1&amp;z=2"));
        for bad in [
            "javascript:alert(1)",
            "https://a.example/|b>c",
            "https://good.example@evil.example/",
            "https:///x",
            "/path",
            "https://a.example/ b",
            "",
        ] {
            assert_eq!(link(bad), None, "{bad}");
        }
    }
}
