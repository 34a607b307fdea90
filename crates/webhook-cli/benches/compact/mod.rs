//! Payloads as services send them.

/// A payload without the white space between its tokens, with its keys in the vendor's order. The order decides how a
/// payload is read: a parsed and rewritten one would have its keys sorted, and the payload before the name of the event.
pub(crate) fn compact(body: &str) -> String {
    let (mut in_text, mut escaped) = (false, false);
    body.chars()
        .filter(|letter| {
            let ends = *letter == '"' && !escaped;
            escaped = in_text && *letter == '\\' && !escaped;
            in_text ^= ends;
            in_text || !letter.is_ascii_whitespace()
        })
        .collect()
}
