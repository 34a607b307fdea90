//! An event that no page of the vendor describes.

use crate::wire::RawJson;

/// An event whose name is not listed: the name and the raw payload.
///
/// Vendors add events without notice, so this is not an error. `Debug` shows the length of the payload only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnlistedEvent {
    name: Box<str>,
    payload: RawJson,
}

impl UnlistedEvent {
    /// Creates an unlisted event from its name and payload. For vendor crates.
    pub fn new(name: Box<str>, payload: RawJson) -> Self {
        Self { name, payload }
    }

    /// The name as sent.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The raw payload; `null` if the envelope has none.
    pub fn payload(&self) -> &RawJson {
        &self.payload
    }
}
