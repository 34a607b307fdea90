//! The JSON reader, for payloads, names, keys, drift and tools.
//!
//! [`Reader`] reads a text value by value, in one pass. It accepts exactly the texts that `serde_json` accepts as one
//! value. It has no error messages: parse a malformed text with `serde_json` to find the fault. It is faster because it
//! compares the next key with the key that the vendor usually sends there, and because [`NotJson`] contains no data.
//!
//! Unlike `serde_json`, it keeps the spelling of a number, it distinguishes a string with a lone surrogate from
//! malformed JSON, and it skips unwanted values at any depth.

mod keys;
mod number;
mod reader;
mod skip;
mod text;

pub(crate) use keys::Key;
pub use keys::Keys;
#[doc(hidden)]
pub use keys::UNKNOWN;
pub use number::{Number, whole};
pub use reader::Reader;

use std::fmt;

/// The text is not JSON at this place. `serde_json` reports the position and the reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotJson;

impl fmt::Display for NotJson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not well-formed JSON")
    }
}

impl std::error::Error for NotJson {}

crate::vocabulary! {
    /// The kind of a JSON value.
    pub enum JsonKind {
        /// `null`.
        Null = "null",
        /// `true` or `false`.
        Boolean = "boolean",
        /// A number.
        Number = "number",
        /// A string.
        String = "string",
        /// An array.
        Array = "array",
        /// An object.
        Object = "object",
    }
}

/// A byte order mark, which some senders write before the body. It is not part of the JSON.
pub(crate) fn without_byte_order_mark(body: &[u8]) -> &[u8] {
    body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body)
}
