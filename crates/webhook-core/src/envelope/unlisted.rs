//! An event that no page of the vendor describes.

use crate::wire::RawJson;

/// An event whose name is not listed: the name and the payload as they came.
///
/// A vendor adds events without notice, so this is an ordinary outcome and not an error. `Debug` shows the length of
/// the payload only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnlistedEvent {
    name: Box<str>,
    payload: RawJson,
}

impl UnlistedEvent {
    /// Puts a name and a payload together; for vendor crates.
    pub fn new(name: Box<str>, payload: RawJson) -> Self {
        Self { name, payload }
    }

    /// The name as it came.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The payload as it came; `null` when the envelope had none.
    pub fn payload(&self) -> &RawJson {
        &self.payload
    }
}
