//! The keys of an object, found by comparison with the key that is expected next, which nearly always matches.

use std::borrow::Cow;

use super::{NotJson, Reader};

/// The number of an unknown key.
pub const UNKNOWN: u16 = u16::MAX;

/// After this many keys out of order, the expected order is ignored.
const MAX_MISSES: u8 = 2;

/// How many keys in a row may be missing without counting as out of order.
const MAX_GAP: usize = 3;

/// An object that is being read. See [`Reader::object`].
#[derive(Debug)]
pub struct Keys {
    /// The keys in the order in which the vendor sends them, from the quotation mark to the colon, with their numbers.
    expected: &'static [(&'static str, u16)],
    next: usize,
    misses: u8,
    any: bool,
}

/// What [`Reader::next_key`] found.
#[derive(Debug)]
pub(crate) enum Key<'de> {
    /// One of the expected keys, by its number.
    Expected(u16),
    /// Another spelling, or a key that is not expected here.
    Text(Cow<'de, str>),
    /// The object has ended.
    End,
}

impl<'de> Reader<'de> {
    /// Enters an object. Returns `None` for any other value, and for an object that nests too deep; both are skipped.
    ///
    /// # Errors
    ///
    /// The text is not JSON.
    #[inline]
    pub(crate) fn object_of(
        &mut self,
        expected: &'static [(&'static str, u16)],
    ) -> Result<Option<Keys>, NotJson> {
        if self.token() == Some(b'{') && self.enter() {
            let misses = if expected.is_empty() { 0 } else { MAX_MISSES };
            return Ok(Some(Keys { expected, next: 0, misses, any: false }));
        }
        self.skip().map(|()| None)
    }

    /// Enters an object. Returns `None` for any other value, and for an object that nests too deep; both are skipped.
    ///
    /// Call [`next_text_key`](Self::next_text_key) before each value until there is none.
    ///
    /// # Errors
    ///
    /// The text is not JSON.
    pub fn object(&mut self) -> Result<Option<Keys>, NotJson> {
        self.object_of(&[])
    }

    /// The next key of the object, with the reader before its value; `None` at the end of the object.
    ///
    /// # Errors
    ///
    /// The text is not JSON.
    pub fn next_text_key(&mut self, keys: &mut Keys) -> Result<Option<Cow<'de, str>>, NotJson> {
        match self.step(keys)? {
            Key::End => Ok(None),
            Key::Text(text) => Ok(Some(text)),
            // Only an object that expects keys finds one.
            Key::Expected(_) => Err(NotJson),
        }
    }

    /// The next key of the object, with the reader before its value.
    #[inline]
    pub(crate) fn next_key(&mut self, keys: &mut Keys) -> Result<Key<'de>, NotJson> {
        if self.byte() == Some(b',')
            && keys.any
            && keys.misses > 0
            && let Some(number) = self.expected(keys, self.at + 1)
        {
            return Ok(Key::Expected(number));
        }
        self.step(keys)
    }

    /// Whether the key that is expected next is at this place.
    #[inline]
    fn expected(&mut self, keys: &mut Keys, at: usize) -> Option<u16> {
        let (key, number) = keys.expected.get(keys.next)?;
        if !self.text.as_bytes().get(at..)?.starts_with(key.as_bytes()) {
            return None;
        }
        self.at = at + key.len();
        keys.next += 1;
        Some(*number)
    }

    #[inline(never)]
    fn step(&mut self, keys: &mut Keys) -> Result<Key<'de>, NotJson> {
        match self.token() {
            Some(b'}') => {
                self.leave();
                return Ok(Key::End);
            }
            Some(b'"') if !keys.any => {}
            Some(b',') if keys.any => {
                self.at += 1;
                if self.token() != Some(b'"') {
                    return Err(NotJson);
                }
            }
            _ => return Err(NotJson),
        }
        keys.any = true;
        let missed = keys.misses > 0;
        if missed {
            // Optional keys may be missing.
            let next = keys.next;
            for skipped in 0..MAX_GAP {
                keys.next = next + skipped;
                if let Some(number) = self.expected(keys, self.at) {
                    return Ok(Key::Expected(number));
                }
            }
            keys.next = next;
            keys.misses -= 1;
        }
        let start = self.at;
        let text = self.key_text()?;
        if missed {
            // The keys may be in another order, which continues from here.
            let key = self.since(start);
            let found = keys
                .expected
                .iter()
                .position(|(expected, _)| expected.len() == key.len() + 1 && expected.starts_with(key));
            if let Some(place) = found {
                keys.next = place + 1;
            }
        }
        self.expect(b':')?;
        Ok(Key::Text(text))
    }
}
