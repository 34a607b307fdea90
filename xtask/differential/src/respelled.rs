//! Another spelling of the same JSON.

use std::fmt::Write as _;

/// The same JSON with other white space and escapes.
pub(crate) fn respelled(text: &str) -> String {
    let mut other = String::with_capacity(text.len() * 2);
    let mut characters = text.chars().peekable();
    let mut in_text = false;
    while let Some(character) = characters.next() {
        match character {
            '"' if !in_text => {
                in_text = true;
                other.push('"');
                if let Some(first) = characters.next_if(char::is_ascii_alphanumeric) {
                    // Writing to a string cannot fail.
                    let _ = write!(other, "\\u{:04X}", u32::from(first));
                }
            }
            '"' => {
                in_text = false;
                other.push('"');
            }
            '\\' if in_text => {
                other.push('\\');
                other.extend(characters.next());
            }
            ':' | ',' | '}' | ']' if !in_text => {
                other.push_str("\n ");
                other.push(character);
                other.push('\t');
            }
            _ => other.push(character),
        }
    }
    other
}
