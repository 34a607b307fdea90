//! Numbers, in their original spelling.

use super::{NotJson, Reader};

/// A JSON number as its text, such as `25`, `-0.50` or `1e3`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Number<'de>(&'de str);

impl<'de> Number<'de> {
    /// The spelling.
    pub fn as_str(self) -> &'de str {
        self.0
    }

    /// The number as an integer, from any spelling (`25`, `25.0`, `1e2`) of up to 38 digits; otherwise `None`.
    pub fn whole(self) -> Option<i128> {
        whole(self.0)
    }
}

impl<'de> Reader<'de> {
    /// Reads a number. Returns `None` for any other value, which is skipped.
    ///
    /// # Errors
    ///
    /// The text is not JSON.
    pub fn number(&mut self) -> Result<Option<Number<'de>>, NotJson> {
        match self.token() {
            Some(b'0'..=b'9' | b'-') => self.number_text().map(|text| Some(Number(text))),
            _ => self.skip().map(|()| None),
        }
    }

    /// The next value, if it is an integer of up to 19 digits without a sign; otherwise the reader stays where it is.
    #[inline]
    pub(crate) fn plain_integer(&mut self) -> Option<u64> {
        let first = self.token()?.wrapping_sub(b'0');
        if first > 9 { None } else { self.plain_digits(first) }
    }

    fn plain_digits(&mut self, first: u8) -> Option<u64> {
        let start = self.at;
        let mut number = u64::from(first);
        let mut at = start + 1;
        let mut after = b',';
        for &byte in self.text.as_bytes().get(at..)? {
            let digit = byte.wrapping_sub(b'0');
            if digit > 9 {
                after = byte;
                break;
            }
            number = number.wrapping_mul(10).wrapping_add(u64::from(digit));
            at += 1;
        }
        // Up to 19 digits fit into 64 bits.
        let usual = at - start <= 19 && (first != 0 || at == start + 1);
        if !usual || matches!(after, b'.' | b'e' | b'E') {
            return None;
        }
        self.at = at;
        Some(number)
    }

    /// The number at the position of the reader, by the grammar of JSON.
    pub(super) fn number_text(&mut self) -> Result<&'de str, NotJson> {
        let rest = self.text.as_bytes().get(self.at..).ok_or(NotJson)?;
        let length = length(rest).ok_or(NotJson)?;
        let start = self.at;
        self.at += length;
        Ok(self.since(start))
    }
}

/// The integer that a text spells as a JSON number: `25`, `-3`, `25.0`, `1e2`; `None` for everything else and beyond 38
/// digits.
pub fn whole(text: &str) -> Option<i128> {
    if length(text.as_bytes()) != Some(text.len()) {
        return None;
    }
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (sign, mantissa) = match mantissa.strip_prefix('-') {
        Some(mantissa) => ("-", mantissa),
        None => ("", mantissa),
    };
    let (integer, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let fraction = fraction.trim_end_matches('0');
    let digits = format!("{integer}{fraction}");
    let digits = digits.trim_start_matches('0');
    if digits.is_empty() {
        return Some(0);
    }
    // The position of the decimal point after the digits: to the right it adds zeros, to the left it removes digits.
    let shift = exponent.parse::<i32>().ok()?.checked_sub(i32::try_from(fraction.len()).ok()?)?;
    let significant = digits.trim_end_matches('0').len();
    let length = i32::try_from(digits.len()).ok()?.checked_add(shift)?;
    let length = usize::try_from(length).ok()?;
    if length < significant || length > 38 {
        return None;
    }
    let (kept, _) = digits.split_at(length.min(digits.len()));
    format!("{sign}{kept:0<length$}").parse().ok()
}

/// The number of bytes at the front that are a number by the grammar of JSON.
fn length(bytes: &[u8]) -> Option<usize> {
    let digits = |from: usize| {
        bytes.get(from..).unwrap_or_default().iter().take_while(|byte| byte.is_ascii_digit()).count()
    };
    let mut at = usize::from(bytes.first() == Some(&b'-'));
    let integer = digits(at);
    if integer == 0 || (integer > 1 && bytes.get(at) == Some(&b'0')) {
        return None;
    }
    at += integer;
    if bytes.get(at) == Some(&b'.') {
        let fraction = digits(at + 1);
        if fraction == 0 {
            return None;
        }
        at += 1 + fraction;
    }
    if matches!(bytes.get(at), Some(b'e' | b'E')) {
        at += 1 + usize::from(matches!(bytes.get(at + 1), Some(b'+' | b'-')));
        let exponent = digits(at);
        if exponent == 0 {
            return None;
        }
        at += exponent;
    }
    Some(at)
}

#[cfg(test)]
mod tests {
    use super::whole;

    #[test]
    fn an_integer_is_read_in_every_spelling_of_json() {
        for (text, number) in [
            ("25", 25),
            ("-3", -3),
            ("25.0", 25),
            ("25.000", 25),
            ("1e2", 100),
            ("1E+2", 100),
            ("1.5e1", 15),
            ("120e-1", 12),
            ("0", 0),
            ("-0.0", 0),
            ("0e99999999999", 0),
            ("0.0012e4", 12),
            ("18446744073709551616", 18_446_744_073_709_551_616),
            ("123456789012345678901.0", 123_456_789_012_345_678_901),
        ] {
            assert_eq!(whole(text), Some(number), "{text}");
        }
    }

    #[test]
    fn text_that_is_not_a_json_integer_is_none() {
        for text in [
            "",
            "-",
            "+1",
            "01",
            "1.",
            ".5",
            "2.5",
            "1e-1",
            "1e",
            "1e99",
            "1e999999999",
            "x",
            "1 ",
            "0x10",
            "NaN",
        ] {
            assert_eq!(whole(text), None, "{text}");
        }
    }
}
