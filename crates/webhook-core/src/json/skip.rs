//! Skips a value of any kind and any depth, and returns its text.

use super::{NotJson, Reader};

impl<'de> Reader<'de> {
    /// Skips the next value.
    ///
    /// # Errors
    ///
    /// The text is not JSON.
    pub fn skip(&mut self) -> Result<(), NotJson> {
        let mut open = Open::default();
        loop {
            match self.token().ok_or(NotJson)? {
                b'"' => self.skip_text()?,
                b'0'..=b'9' | b'-' => self.number_text().map(drop)?,
                b'n' => self.word("null")?,
                b't' => self.word("true")?,
                b'f' => self.word("false")?,
                b'{' => {
                    self.at += 1;
                    if self.token() != Some(b'}') {
                        self.skip_key()?;
                        open.push(true);
                        continue;
                    }
                    self.at += 1;
                }
                b'[' => {
                    self.at += 1;
                    if self.token() != Some(b']') {
                        open.push(false);
                        continue;
                    }
                    self.at += 1;
                }
                _ => return Err(NotJson),
            }
            // A value has ended, so the enclosing value may end too.
            loop {
                let Some(in_object) = open.innermost() else { return Ok(()) };
                match (self.token().ok_or(NotJson)?, in_object) {
                    (b',', true) => {
                        self.at += 1;
                        self.skip_key()?;
                        break;
                    }
                    (b',', false) => {
                        self.at += 1;
                        break;
                    }
                    (b'}', true) | (b']', false) => {
                        self.at += 1;
                        open.pop();
                    }
                    _ => return Err(NotJson),
                }
            }
        }
    }

    /// The text of the next value, unchanged.
    ///
    /// # Errors
    ///
    /// The text is not JSON.
    pub fn raw(&mut self) -> Result<&'de str, NotJson> {
        self.token();
        let start = self.at;
        self.skip()?;
        Ok(self.since(start))
    }

    fn skip_key(&mut self) -> Result<(), NotJson> {
        if self.token() != Some(b'"') {
            return Err(NotJson);
        }
        self.skip_text()?;
        self.expect(b':')
    }
}

/// The lists and objects that are open, one bit each: 64 of them cost no memory.
#[derive(Default)]
struct Open {
    innermost: u64,
    count: usize,
    outer: Vec<u64>,
}

impl Open {
    fn push(&mut self, object: bool) {
        if self.count > 0 && self.count.is_multiple_of(64) {
            self.outer.push(self.innermost);
        }
        self.innermost = (self.innermost << 1) | u64::from(object);
        self.count += 1;
    }

    fn pop(&mut self) {
        self.count -= 1;
        self.innermost >>= 1;
        if self.count > 0 && self.count.is_multiple_of(64) {
            self.innermost = self.outer.pop().unwrap_or_default();
        }
    }

    fn innermost(&self) -> Option<bool> {
        (self.count > 0).then_some(self.innermost & 1 == 1)
    }
}
