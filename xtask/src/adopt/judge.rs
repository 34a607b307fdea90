//! Classification of texts: names that vendors define, or data of customers.

/// Whether a key is the name of a field, such as `branchName` or `is_flaky`.
pub(super) fn is_field_name(key: &str) -> bool {
    let first = key.chars().next().is_some_and(|letter| letter.is_ascii_alphabetic() || letter == '_');
    let plain = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-' | '$');
    first && key.len() <= 48 && key.chars().all(plain) && !holds_token(key)
}

/// Common keys of APIs, which are not personal data.
const PLAIN_KEYS: [&str; 36] = [
    "id",
    "uuid",
    "uid",
    "key",
    "name",
    "title",
    "label",
    "description",
    "text",
    "message",
    "comment",
    "type",
    "kind",
    "status",
    "state",
    "value",
    "values",
    "data",
    "items",
    "count",
    "total",
    "index",
    "position",
    "url",
    "href",
    "link",
    "links",
    "email",
    "user",
    "users",
    "tags",
    "created_at",
    "updated_at",
    "createdAt",
    "updatedAt",
    "version",
];

/// Whether a key is plain vocabulary of JSON APIs.
pub(super) fn is_plain_key(key: &str) -> bool {
    PLAIN_KEYS.contains(&key)
}

/// Whether a key is an id rather than a name: digits, or groups of hexadecimal digits.
pub(super) fn is_id(key: &str) -> bool {
    let digits = key.bytes().filter(u8::is_ascii_digit).count();
    digits > 0
        && (digits == key.len()
            || (key.len() >= 7 && key.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-')))
}

/// Whether an unlisted text can be a value of a vocabulary, such as `ON_HOLD` or `Request changes`.
pub(super) fn is_vocabulary_value(text: &str) -> bool {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-' | ' ');
    text.len() <= 48 && text.chars().all(plain) && text.split(' ').count() <= 4 && !holds_token(text)
}

/// Whether a text can be the name of an event, and with it of a folder.
pub(super) fn is_event_name(name: &str) -> bool {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-' | '.');
    let edge = |letter: Option<char>| letter.is_some_and(|letter| letter.is_ascii_alphanumeric());
    edge(name.chars().next())
        && edge(name.chars().last())
        && name.len() <= 64
        && !name.contains("..")
        && name.chars().all(plain)
        && !holds_token(name)
}

/// Whether a number under this key may be an id.
pub(super) fn is_id_key(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    ["id", "ids", "uid", "number", "phone", "code", "pin", "ssn", "iban"].iter().any(|end| key.ends_with(end))
}

/// Whether a number under this key may be a time.
pub(super) fn is_time_key(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    let ends = ["at", "at_ms", "time", "date", "stamp", "_on", "_ts", "since", "until", "created", "updated"];
    key == "ts" || ends.iter().any(|end| key.ends_with(end))
}

/// Whether a text has a part that is not a name: many digits, or digits between letters.
fn holds_token(text: &str) -> bool {
    text.split(|letter: char| !letter.is_ascii_alphanumeric()).any(|run| {
        let digits = run.bytes().filter(u8::is_ascii_digit).count();
        let turns = run.as_bytes().windows(2).filter(|pair| match pair {
            [one, other] => one.is_ascii_digit() != other.is_ascii_digit(),
            _ => false,
        });
        digits >= 5 || (run.len() >= 8 && turns.count() >= 3) || run.len() > 40
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_distinguished_from_data() {
        for name in ["id", "branchName", "is_flaky", "x-trace", "_links", "sha256", "utf8_bom", "oauth2Scope"]
        {
            assert!(is_field_name(name), "{name}");
        }
        for data in [
            "",
            "ann@acme.io",
            "https://acme.io",
            "acme.io",
            "4821",
            "Ann Lee",
            "a1b2c3d4e5",
            "run_20310501",
            "ключ",
        ] {
            assert!(!is_field_name(data), "{data}");
        }
    }

    #[test]
    fn ids_are_distinguished_from_words() {
        for id in ["0", "4821", "7f3a0c1e-52d9-4b60-1a17-08dd5c2e9b45", "deadbeef01"] {
            assert!(is_id(id), "{id}");
        }
        for word in ["", "beef", "left", "a1", "-"] {
            assert!(!is_id(word), "{word}");
        }
    }

    #[test]
    fn names_of_events_are_valid_names_of_folders() {
        for name in ["run.completed", "AUDIT_COMPLETED", "repository.analysis.activated", "a"] {
            assert!(is_event_name(name), "{name}");
        }
        for name in ["", ".", "..", "a/b", "../a", "a..b", ".a", "a b", "run.4821937", "tomas@acme.io"] {
            assert!(!is_event_name(name), "{name}");
        }
    }

    #[test]
    fn a_value_of_a_vocabulary_is_a_few_words() {
        for value in ["ON_HOLD", "request changes", "v2", "3"] {
            assert!(is_vocabulary_value(value), "{value}");
        }
        for value in ["ann@acme.io", "held back by Ann until Monday noon", "acme.io", "9f86d081884c7d65"] {
            assert!(!is_vocabulary_value(value), "{value}");
        }
    }
}
