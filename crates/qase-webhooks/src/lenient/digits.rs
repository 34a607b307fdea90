//! Decimal digits as text.

/// The number that decimal digits stand for; `parse` alone would take a plus sign.
pub(crate) fn number(text: &str) -> Option<u64> {
    if text.bytes().all(|byte| byte.is_ascii_digit()) { text.parse().ok() } else { None }
}
