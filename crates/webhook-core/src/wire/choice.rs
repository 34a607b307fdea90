//! Enums whose variants have one value each. The first variant that can read the JSON is chosen.

use super::Wire;
use crate::json::{NotJson, Reader};

/// Tries one variant. If it cannot read the value, the reader is reset to the start of the value.
///
/// # Errors
///
/// The text is not JSON.
#[inline]
pub fn first_of<T: Wire>(json: &mut Reader<'_>) -> Result<Option<T>, NotJson> {
    let start = json.clone();
    let value = T::read(json)?;
    if value.is_none() {
        *json = start;
        if json.kind().is_ok_and(|kind| T::shape().container(kind).is_some()) {
            // Drift walks it as this form, the first that it fits, and not as the one that has a reading.
            json.note_unexpected();
        }
    }
    Ok(value)
}
