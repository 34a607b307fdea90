//! Where in a body something stands, in the notation that people know from `jq`.

use std::fmt::{self, Write};

/// Appends a key: `.steps`, or `["a key"]` when it is no plain word. Keys come from the sender, so whatever is no plain
/// word is escaped: a path is always one line of printable text.
///
/// # Errors
///
/// None: writing to a string does not fail.
pub fn write_key(path: &mut String, key: &str) -> fmt::Result {
    let plain = key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-');
    if !plain || key.is_empty() {
        return write!(path, "[{key:?}]");
    }
    if !path.is_empty() {
        path.push('.');
    }
    path.write_str(key)
}

#[cfg(test)]
mod tests {
    use super::write_key;

    #[test]
    fn only_plain_words_stand_unquoted() {
        let mut path = String::new();
        for key in ["payload", "all_checks", "test-coverage", "a.b", "line\nbreak", ""] {
            write_key(&mut path, key).unwrap();
        }
        assert_eq!(path, r#"payload.all_checks.test-coverage["a.b"]["line\nbreak"][""]"#);
    }
}
