//! Enums whose variants hold one value each, told apart by which of them has a reading for the JSON that came.

use super::Wire;
use crate::json::{NotJson, Reader};

/// Tries one variant: the reader goes on behind the value if it has a reading, and back to its start if it has none.
///
/// # Errors
///
/// The text is no JSON.
#[inline]
pub fn first_of<T: Wire>(json: &mut Reader<'_>) -> Result<Option<T>, NotJson> {
    let start = json.clone();
    let value = T::read(json)?;
    if value.is_none() {
        *json = start;
    }
    Ok(value)
}
