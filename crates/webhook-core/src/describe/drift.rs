//! Drift: how a delivery differs from the documented form of its event, as data.
//!
//! A finding is a path and a kind, never a value, so it can be used in a public issue and in a metric. Drift is found
//! on request only, in a separate pass over the body. [`decode`] skips this pass if there is nothing to find.
//!
//! For any input the findings are bounded in number, in the length of a path, and in their total size.

mod finding;
mod fit;
mod walk;

pub use self::finding::{Drift, DriftKind};
use self::walk::findings;
pub use self::walk::{MAX_BYTES, MAX_FINDINGS, MAX_PATH_BYTES};
use crate::envelope::{DecodeError, Envelope, Layout, from_slice, scan};
pub use crate::json::JsonKind;
use crate::json::without_byte_order_mark;

/// All differences between a body and the documented form of its event, in the order of the body.
///
/// For a malformed body, these are the findings before the first syntax error. An unlisted event name is a finding
/// itself; its payload is not checked.
pub fn of<T: Layout>(body: &[u8]) -> Vec<Drift> {
    let Ok(text) = simdutf8::basic::from_utf8(without_byte_order_mark(body)) else { return Vec::new() };
    findings::<T>(text, scan::whole::<T>(text).name().as_deref())
}

/// Decodes a body and finds its drift. The second pass over the body runs only if decoding met something unusual.
///
/// # Errors
///
/// See [`Envelope::from_slice`]. [`of`] has the findings of a body that does not decode.
pub fn decode<T: Envelope>(body: &[u8]) -> Result<Decoded<T>, DecodeError> {
    let (webhook, unexpected): (T, bool) = from_slice(body)?;
    let drift = match simdutf8::basic::from_utf8(without_byte_order_mark(body)) {
        Ok(text) if unexpected => findings::<T>(text, Some(webhook.name())),
        _ => Vec::new(),
    };
    Ok(Decoded { webhook, drift })
}

/// A webhook, and how its body differs from the documented form of its event.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Decoded<W> {
    /// The webhook.
    pub webhook: W,
    /// The findings, as returned by [`of`].
    pub drift: Vec<Drift>,
}
