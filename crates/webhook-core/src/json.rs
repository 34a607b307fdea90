//! Reading JSON: one reader for payloads, names, keys, drift and tools.
//!
//! [`Reader`] goes forward through a text, value by value, in one pass. It accepts exactly the texts that
//! `serde_json` accepts as one value, and has no messages of its own: who needs to know what is wrong with a text asks
//! `serde_json`. It is faster because it compares the next key with the one that the vendor sends there, and because
//! [`NotJson`] carries nothing.
//!
//! Unlike `serde_json` it reads values where they stand: a number keeps its spelling, a text that is no Unicode (a lone
//! surrogate) is told apart from broken JSON, and a value that nobody wants is skipped at any depth.

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

/// What stands here is no JSON. Where and why, `serde_json` says.
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

/// A byte order mark, which some senders write before the body. It is no JSON, and no part of a payload.
pub(crate) fn without_byte_order_mark(body: &[u8]) -> &[u8] {
    body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body)
}
