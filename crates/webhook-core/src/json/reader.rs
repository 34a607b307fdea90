//! The reader: its position, and the simple values.

use super::{JsonKind, NotJson};

/// The maximum nesting of lists and objects that are read as values. A deeper value is skipped.
const MAX_DEPTH: u8 = 127;

/// A reader of JSON values from a text.
///
/// Every method reads the next value, skips white space before it, and leaves the reader after it. After an error the
/// position is undefined.
#[derive(Debug, Clone)]
pub struct Reader<'de> {
    pub(super) text: &'de str,
    pub(super) at: usize,
    /// How much deeper values may nest.
    pub(super) depth: u8,
    /// Whether drift may have findings about the values that were read.
    unexpected: bool,
}

impl<'de> Reader<'de> {
    /// Starts at the first byte of a text.
    pub fn new(text: &'de str) -> Self {
        Self { text, at: 0, depth: MAX_DEPTH, unexpected: false }
    }

    /// The kind of the next value, of which only the first byte is read.
    ///
    /// # Errors
    ///
    /// No value starts here.
    #[inline]
    pub fn kind(&mut self) -> Result<JsonKind, NotJson> {
        match self.token() {
            Some(b'"') => Ok(JsonKind::String),
            Some(b'0'..=b'9' | b'-') => Ok(JsonKind::Number),
            Some(b'{') => Ok(JsonKind::Object),
            Some(b'[') => Ok(JsonKind::Array),
            Some(b'n') => Ok(JsonKind::Null),
            Some(b't' | b'f') => Ok(JsonKind::Boolean),
            _ => Err(NotJson),
        }
    }

    /// Reads `true` or `false`. Returns `None` for any other value, which is skipped.
    ///
    /// # Errors
    ///
    /// The text is not JSON.
    pub fn boolean(&mut self) -> Result<Option<bool>, NotJson> {
        match self.token() {
            Some(b't') => self.word("true").map(|()| Some(true)),
            Some(b'f') => self.word("false").map(|()| Some(false)),
            _ => self.skip().map(|()| None),
        }
    }

    /// Reads `null` if it is the next value, and returns whether it was.
    ///
    /// # Errors
    ///
    /// The next value starts like `null` but is not JSON.
    #[inline]
    pub fn take_null(&mut self) -> Result<bool, NotJson> {
        if self.token() == Some(b'n') { self.word("null").map(|()| true) } else { Ok(false) }
    }

    /// Enters a list. Returns `None` for any other value, and for a list that nests too deep; both are skipped.
    ///
    /// Call [`next_element`](Self::next_element) before each element until it returns `false`.
    ///
    /// # Errors
    ///
    /// The text is not JSON.
    #[inline]
    pub fn list(&mut self) -> Result<Option<List>, NotJson> {
        if self.token() == Some(b'[') && self.enter() {
            return Ok(Some(List { any: false }));
        }
        self.skip().map(|()| None)
    }

    /// Whether another element of the list follows.
    ///
    /// # Errors
    ///
    /// Neither an element nor the end of the list follows.
    #[inline]
    pub fn next_element(&mut self, list: &mut List) -> Result<bool, NotJson> {
        match (self.token(), list.any) {
            (Some(b']'), _) => {
                self.leave();
                Ok(false)
            }
            (Some(b','), true) => {
                self.at += 1;
                Ok(true)
            }
            (Some(_), false) => {
                list.any = true;
                Ok(true)
            }
            _ => Err(NotJson),
        }
    }

    /// Whether nothing but white space is left.
    pub fn at_end(&mut self) -> bool {
        self.token().is_none()
    }

    /// How many bytes of the text have been read.
    pub fn position(&self) -> usize {
        self.at
    }

    /// Notes that [drift](crate::drift) may have findings about what was read: an unlisted value, or a part that is left
    /// out. Without a note the search for drift may be skipped, so note it in case of doubt.
    ///
    /// A value that is read as `None` needs no note: the caller adds it.
    #[inline]
    pub fn note_unexpected(&mut self) {
        self.unexpected = true;
    }

    /// Whether anything was noted.
    pub(crate) fn met_unexpected(&self) -> bool {
        self.unexpected
    }

    /// Notes a value that was read as `None`, unless it is an expected `null`.
    #[doc(hidden)]
    #[inline(never)]
    pub fn note_none(&mut self, null_expected: bool) {
        // No other value ends with these letters.
        let is_null = self.text.as_bytes().get(..self.at).is_some_and(|read| read.ends_with(b"null"));
        if !(is_null && null_expected) {
            self.unexpected = true;
        }
    }

    /// The text from a position to the current position.
    pub(crate) fn since(&self, start: usize) -> &'de str {
        self.text.get(start..self.at).unwrap_or_default()
    }

    #[inline]
    pub(super) fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Skips white space and returns the next byte.
    #[inline]
    pub(crate) fn token(&mut self) -> Option<u8> {
        match self.byte() {
            Some(byte) if byte > b' ' => Some(byte),
            None => None,
            Some(_) => self.token_behind_space(),
        }
    }

    #[inline(never)]
    fn token_behind_space(&mut self) -> Option<u8> {
        while let Some(byte) = self.byte() {
            if !matches!(byte, b' ' | b'\n' | b'\r' | b'\t') {
                return Some(byte);
            }
            self.at += 1;
        }
        None
    }

    #[inline]
    pub(super) fn expect(&mut self, byte: u8) -> Result<(), NotJson> {
        if self.token() != Some(byte) {
            return Err(NotJson);
        }
        self.at += 1;
        Ok(())
    }

    pub(super) fn word(&mut self, word: &str) -> Result<(), NotJson> {
        let rest = self.text.as_bytes().get(self.at..).ok_or(NotJson)?;
        if !rest.starts_with(word.as_bytes()) {
            return Err(NotJson);
        }
        self.at += word.len();
        Ok(())
    }

    /// Steps over the opening bracket, unless that would be too deep.
    #[inline]
    pub(super) fn enter(&mut self) -> bool {
        let Some(depth) = self.depth.checked_sub(1) else { return false };
        self.depth = depth;
        self.at += 1;
        true
    }

    /// Steps over the closing bracket.
    #[inline]
    pub(super) fn leave(&mut self) {
        self.depth += 1;
        self.at += 1;
    }
}

/// A list that is being read. See [`Reader::list`].
#[derive(Debug)]
pub struct List {
    any: bool,
}
