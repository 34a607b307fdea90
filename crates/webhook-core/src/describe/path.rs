//! Paths in a body, in the notation of `jq`.

use std::borrow::Cow;
use std::fmt::{self, Write};

use crate::json::{JsonKind, NotJson, Reader};

/// A longer key is shortened in the middle, because keys come from the sender and a path is for people.
const MAX_KEY_BYTES: usize = 64;

/// Appends a key: `.steps`, or `["a key"]` if it is not a plain word. Keys come from the sender, so a key that is not a
/// plain word is escaped and a long key is shortened. A path is always one line of printable text.
///
/// # Errors
///
/// Never: writing to a string does not fail.
pub fn write_key(path: &mut String, key: &str) -> fmt::Result {
    let plain = key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-');
    let shortened = shorten(key, MAX_KEY_BYTES);
    if !plain || key.is_empty() {
        return write!(path, "[{shortened:?}]");
    }
    if !path.is_empty() {
        path.push('.');
    }
    path.write_str(&shortened)
}

/// A text of at most this many bytes, with an ellipsis in place of the removed middle.
pub(super) fn shorten(text: &str, max: usize) -> Cow<'_, str> {
    const POINTS: &str = "...";
    if text.len() <= max {
        return text.into();
    }
    let (mut front, mut back) = (max / 2, text.len() - (max / 2 - POINTS.len()));
    while !text.is_char_boundary(front) {
        front -= 1;
    }
    while !text.is_char_boundary(back) {
        back += 1;
    }
    [text.get(..front).unwrap_or_default(), POINTS, text.get(back..).unwrap_or_default()].concat().into()
}

/// A path within a path.
pub(crate) fn join(path: &str, inner: &str) -> String {
    let separator = if path.is_empty() || inner.is_empty() || inner.starts_with('[') { "" } else { "." };
    format!("{path}{separator}{inner}")
}

/// The path of the innermost value that reaches to a position of a text.
pub(crate) fn path_at(text: &str, position: usize) -> String {
    let mut path = String::new();
    let _ = walk(&mut Reader::new(text), position, &mut path);
    path
}

/// Whether the value that comes next reaches to the position.
fn walk(json: &mut Reader<'_>, position: usize, path: &mut String) -> Result<bool, NotJson> {
    let length = path.len();
    match json.kind()? {
        JsonKind::Array => {
            let Some(mut list) = json.list()? else { return Ok(json.position() >= position) };
            let mut index = 0;
            while json.next_element(&mut list)? {
                // Writing to a string cannot fail.
                let _ = write!(path, "[{index}]");
                if walk(json, position, path)? {
                    return Ok(true);
                }
                path.truncate(length);
                index += 1;
            }
        }
        JsonKind::Object => {
            let Some(mut keys) = json.object()? else { return Ok(json.position() >= position) };
            while let Some(key) = json.next_text_key(&mut keys)? {
                let _ = write_key(path, &key);
                if walk(json, position, path)? {
                    return Ok(true);
                }
                path.truncate(length);
            }
        }
        _ => json.skip()?,
    }
    Ok(json.position() >= position)
}

#[cfg(test)]
mod tests {
    use super::{path_at, write_key};

    #[test]
    fn only_plain_words_are_not_quoted() {
        let mut path = String::new();
        for key in ["payload", "all_checks", "test-coverage", "a.b", "line\nbreak", ""] {
            write_key(&mut path, key).unwrap();
        }
        assert_eq!(path, r#"payload.all_checks.test-coverage["a.b"]["line\nbreak"][""]"#);
    }

    #[test]
    fn a_long_key_is_shortened_in_the_middle() {
        let mut path = String::new();
        write_key(&mut path, &format!("{}é{}", "a".repeat(31), "z".repeat(1_000))).unwrap();
        assert_eq!(path, format!("[\"{}...{}\"]", "a".repeat(31), "z".repeat(29)));
    }

    #[test]
    fn a_position_has_the_path_of_its_value() {
        let text = r#"{"a": [1, {"b": 25}], "c": 3}"#;
        let path = |part: &str| path_at(text, text.find(part).unwrap() + part.len());
        assert_eq!(path("25"), "a[1].b");
        assert_eq!(path("3"), "c");
        assert_eq!(path("[1"), "a[0]");
    }
}
