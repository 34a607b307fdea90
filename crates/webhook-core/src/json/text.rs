//! Strings: borrowed where nothing is escaped.

use std::borrow::Cow;

use super::{NotJson, Reader};

impl<'de> Reader<'de> {
    /// Reads a string. Returns `None` for any other value, which is skipped, and for a string with a lone surrogate,
    /// which is not Unicode.
    ///
    /// # Errors
    ///
    /// The text is not JSON.
    #[inline]
    pub fn text(&mut self) -> Result<Option<Cow<'de, str>>, NotJson> {
        match self.usual_text() {
            Some(text) => Ok(Some(Cow::Borrowed(text))),
            None => self.unusual_text(),
        }
    }

    /// Like [`text`](Self::text), if it is known that the next value is not a string without escapes.
    #[cold]
    #[inline(never)]
    pub(crate) fn unusual_text(&mut self) -> Result<Option<Cow<'de, str>>, NotJson> {
        if self.token() != Some(b'"') {
            return self.skip().map(|()| None);
        }
        self.escaped(false).map(|text| text.map(Cow::Owned))
    }

    /// Reads a string that may be a key: lone surrogates become U+FFFD, which no known key contains.
    pub(super) fn key_text(&mut self) -> Result<Cow<'de, str>, NotJson> {
        if self.token() != Some(b'"') {
            return Err(NotJson);
        }
        match self.plain_text() {
            Some(text) => Ok(Cow::Borrowed(text)),
            None => Ok(Cow::Owned(self.escaped(true)?.unwrap_or_default())),
        }
    }

    /// The next value, if it is a string in which nothing is escaped; otherwise the reader stays before it.
    pub(crate) fn usual_text(&mut self) -> Option<&'de str> {
        if self.token() == Some(b'"') { self.plain_text() } else { None }
    }

    /// The string at the position of the reader, if it has no escapes; otherwise the reader does not move.
    #[inline]
    fn plain_text(&mut self) -> Option<&'de str> {
        let start = self.at + 1;
        let end = self.plain(start)?;
        if self.text.as_bytes().get(end) != Some(&b'"') {
            return None;
        }
        self.at = end + 1;
        self.text.get(start..end)
    }

    /// Skips the string at the position of the reader.
    pub(super) fn skip_text(&mut self) -> Result<(), NotJson> {
        let mut at = self.at + 1;
        loop {
            at = self.plain(at).ok_or(NotJson)?;
            match self.text.as_bytes().get(at..) {
                Some([b'"', ..]) => {
                    self.at = at + 1;
                    return Ok(());
                }
                Some([b'\\', b'u', a, b, c, d, ..]) => {
                    hexadecimal([*a, *b, *c, *d])?;
                    at += 6;
                }
                Some([b'\\', b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't', ..]) => at += 2,
                _ => return Err(NotJson),
            }
        }
    }

    /// The position of the first byte that ends or interrupts a string.
    #[inline]
    fn plain(&self, start: usize) -> Option<usize> {
        const ONES: u64 = u64::MAX / 255;
        let bytes = self.text.as_bytes();
        let mut rest = bytes.get(start..)?;
        // Eight bytes at once. A false match is only possible after a true match, so the first match is always true.
        while let Some((chunk, after)) = rest.split_first_chunk::<8>() {
            let chunk = u64::from_le_bytes(*chunk);
            let control = chunk.wrapping_sub(ONES * 0x20) & !chunk;
            let quote = chunk ^ (ONES * u64::from(b'"'));
            let quote = quote.wrapping_sub(ONES) & !quote;
            let escape = chunk ^ (ONES * u64::from(b'\\'));
            let escape = escape.wrapping_sub(ONES) & !escape;
            let found = (control | quote | escape) & (ONES << 7);
            if found != 0 {
                return Some(bytes.len() - rest.len() + found.trailing_zeros() as usize / 8);
            }
            rest = after;
        }
        let end = rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | ..0x20))?;
        Some(bytes.len() - rest.len() + end)
    }

    /// The string at the position of the reader, unescaped. With a lone surrogate it is `None`, or the surrogate is
    /// replaced by U+FFFD if requested.
    #[cold]
    fn escaped(&mut self, replace: bool) -> Result<Option<String>, NotJson> {
        let mut at = self.at + 1;
        // Most texts are short: one allocation holds them.
        let mut text = String::with_capacity(48);
        let mut unicode = true;
        loop {
            let end = self.plain(at).ok_or(NotJson)?;
            text.push_str(self.text.get(at..end).ok_or(NotJson)?);
            let (character, length) = match self.text.as_bytes().get(end..).ok_or(NotJson)? {
                [b'"', ..] => {
                    self.at = end + 1;
                    return Ok(unicode.then_some(text));
                }
                [b'\\', b'u', a, b, c, d, rest @ ..] => match hexadecimal([*a, *b, *c, *d])? {
                    high @ 0xD800..=0xDBFF => match rest {
                        [b'\\', b'u', a, b, c, d, ..] => match hexadecimal([*a, *b, *c, *d])? {
                            low @ 0xDC00..=0xDFFF => {
                                let code = 0x1_0000 + ((high - 0xD800) << 10) + (low - 0xDC00);
                                (char::from_u32(code), 12)
                            }
                            _ => (None, 6),
                        },
                        _ => (None, 6),
                    },
                    code => (char::from_u32(code), 6),
                },
                [b'\\', escape, ..] => {
                    let character = match escape {
                        b'"' => '"',
                        b'\\' => '\\',
                        b'/' => '/',
                        b'b' => '\u{8}',
                        b'f' => '\u{c}',
                        b'n' => '\n',
                        b'r' => '\r',
                        b't' => '\t',
                        _ => return Err(NotJson),
                    };
                    (Some(character), 2)
                }
                _ => return Err(NotJson),
            };
            unicode &= character.is_some() || replace;
            text.push(character.unwrap_or(char::REPLACEMENT_CHARACTER));
            at = end + length;
        }
    }
}

fn hexadecimal(digits: [u8; 4]) -> Result<u32, NotJson> {
    digits.iter().try_fold(0, |sum, digit| {
        let value = match digit {
            b'0'..=b'9' => digit - b'0',
            b'a'..=b'f' => digit - b'a' + 10,
            b'A'..=b'F' => digit - b'A' + 10,
            _ => return Err(NotJson),
        };
        Ok(sum * 16 + u32::from(value))
    })
}
