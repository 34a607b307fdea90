//! Text of the sender, cut to fit a database.

/// At most this many bytes of a text, cut between two characters, without the NUL that Postgres does not store.
pub(crate) fn bounded(text: &str, max_bytes: usize) -> String {
    let mut kept = String::new();
    for character in text.chars() {
        let character = if character == '\0' { char::REPLACEMENT_CHARACTER } else { character };
        if kept.len() + character.len_utf8() > max_bytes {
            break;
        }
        kept.push(character);
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::bounded;

    #[test]
    fn text_is_cut_between_characters_and_loses_its_nul() {
        assert_eq!(bounded("abc", 3), "abc");
        assert_eq!(bounded("aé", 2), "a");
        assert_eq!(bounded("a\0b", 16), "a\u{fffd}b");
    }
}
