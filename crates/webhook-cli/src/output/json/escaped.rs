//! The characters of a JSON string, for text that is JSON itself.

/// The number of words that are escaped before they are appended.
const WORDS: usize = 8;

/// The space for them, with each byte escaped, and for a word beyond the last one.
const SPACE: usize = (2 * WORDS + 1) * size_of::<u64>();

/// Appends ASCII text without controls, with a backslash before each quotation mark and each backslash.
///
/// JSON has so many quotation marks that the search for the next one and a copy of the text before it cost more than
/// this does: it handles eight bytes at once as a number, the first byte of which is the lowest.
pub(super) fn write_escaped(text: &[u8], out: &mut Vec<u8>) {
    out.reserve(text.len() + text.len() / 8);
    let (words, rest) = text.as_chunks();
    for words in words.chunks(WORDS) {
        let mut escaped = Escaped { bytes: [0; SPACE], length: 0 };
        for word in words {
            escaped.add(u64::from_le_bytes(*word));
        }
        out.extend_from_slice(escaped.bytes.get(..escaped.length).unwrap_or_default());
    }
    for byte in rest {
        if matches!(byte, b'"' | b'\\') {
            out.push(b'\\');
        }
        out.push(*byte);
    }
}

struct Escaped {
    bytes: [u8; SPACE],
    length: usize,
}

impl Escaped {
    fn add(&mut self, mut word: u64) {
        let mut left = 8;
        let mut marks = equal_bytes(word, b'"') | equal_bytes(word, b'\\');
        while marks != 0 {
            let before = marks.trailing_zeros() / 8;
            self.put(word, before);
            self.put(u64::from(b'\\'), 1);
            // The marked byte is now the first one.
            word >>= 8 * before;
            marks = marks >> (8 * before) & !0x80;
            left -= before;
        }
        self.put(word, left);
    }

    /// Appends the first bytes of a word. Writing all of them and counting some is faster than writing some.
    fn put(&mut self, word: u64, count: u32) {
        let end = self.bytes.get_mut(self.length..);
        if let Some(place) = end.and_then(<[u8]>::first_chunk_mut) {
            *place = word.to_le_bytes();
        }
        self.length += count as usize;
    }
}

/// The high bit of each byte of an ASCII text that is equal to one ASCII character.
fn equal_bytes(word: u64, character: u8) -> u64 {
    const ONES: u64 = u64::MAX / 0xff;
    const HIGH_BITS: u64 = ONES << 7;
    let differences = word ^ (ONES * u64::from(character));
    // No byte borrows from the next one, because each has its high bit set.
    !((differences | HIGH_BITS) - ONES) & HIGH_BITS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_of_a_word_is_escaped_as_serde_json_does() {
        let letters = [b'a', b'"', b'\\', b'~', b' '];
        // All texts of four letters, at each place of a word.
        for code in 0..letters.len().pow(4) {
            let four: Vec<u8> =
                (0..4).map(|at| letters[code / letters.len().pow(at) % letters.len()]).collect();
            for at in 0..9 {
                let text = [&b"xyxyxyxyx"[..at], &four, &four, b"zzzzz"].concat();
                let mut out = Vec::new();
                write_escaped(&text, &mut out);
                let expected = serde_json::to_string(str::from_utf8(&text).unwrap()).unwrap();
                assert_eq!(format!("\"{}\"", String::from_utf8(out).unwrap()), expected);
            }
        }
    }
}
