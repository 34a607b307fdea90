//! JSON for programs, safe to show on a terminal: on one line, at most [`MAX_DEPTH`] levels deep, and without the
//! characters that move a cursor or reorder text.

mod escaped;

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::{Formatter, Serializer};

use self::escaped::write_escaped;

/// The maximum nesting that is printed: the lowest limit of widely used parsers (`System.Text.Json` of .NET). A deeper
/// value is printed as a string with its JSON text.
const MAX_DEPTH: usize = 64;

/// A value as a line of JSON, with its newline.
pub(crate) fn json_line(value: &impl Serialize) -> io::Result<Vec<u8>> {
    let mut line = Vec::with_capacity(512);
    write_json(value, 0, &mut line)?;
    line.push(b'\n');
    Ok(line)
}

/// Appends a value as JSON at a depth of `outer` levels.
pub(crate) fn write_json(value: &impl Serialize, outer: usize, out: &mut Vec<u8>) -> io::Result<()> {
    let start = out.len();
    let mut safe = Safe { depth: outer, deepest: outer };
    value.serialize(&mut Serializer::with_formatter(&mut *out, &mut safe))?;
    // Outside of strings JSON has only safe characters, so all strings are searched at once.
    if !out.get(start..).is_none_or(is_safe) {
        let json = out.split_off(start);
        escape(&String::from_utf8_lossy(&json), out)?;
    }
    if safe.deepest > MAX_DEPTH {
        let deep = out.split_off(start);
        flatten(&deep, outer, out)?;
    }
    Ok(())
}

/// Appends bytes that may be JSON themselves, which has many quotation marks, as a JSON string. Appends nothing and
/// returns `false` if they are not UTF-8.
pub(crate) fn write_json_text(bytes: &[u8], out: &mut Vec<u8>) -> io::Result<bool> {
    // A minimum of all bytes is computed many bytes at once.
    let has_controls = bytes.iter().fold(u8::MAX, |least, byte| least.min(*byte)) < b' ';
    if has_controls || !bytes.is_ascii() || !is_safe(bytes) {
        let Ok(text) = str::from_utf8(bytes) else { return Ok(false) };
        write_json(&text, 0, out)?;
        return Ok(true);
    }
    out.push(b'"');
    write_escaped(bytes, out);
    out.push(b'"');
    Ok(true)
}

/// Whether no byte can belong to an escaped character: all bytes are below U+007F. No byte of a text is 255.
fn is_safe(json: &[u8]) -> bool {
    json.iter().fold(0, |bits, byte| bits | byte.wrapping_add(1)) < 0x80
}

/// A compact formatter that records the depth, and writes raw JSON without its white space.
struct Safe {
    depth: usize,
    deepest: usize,
}

impl Safe {
    fn enter(&mut self) {
        self.depth += 1;
        self.deepest = self.deepest.max(self.depth);
    }

    fn leave(&mut self) {
        self.depth = self.depth.saturating_sub(1);
    }
}

impl Formatter for &mut Safe {
    fn begin_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.enter();
        out.write_all(b"[")
    }

    fn end_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.leave();
        out.write_all(b"]")
    }

    fn begin_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.enter();
        out.write_all(b"{")
    }

    fn end_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.leave();
        out.write_all(b"}")
    }

    /// Raw JSON may have white space between its tokens, including newlines.
    fn write_raw_fragment<W: ?Sized + Write>(&mut self, out: &mut W, fragment: &str) -> io::Result<()> {
        let mut rest = fragment;
        while let Some(at) = rest.find(|letter: char| {
            letter.is_ascii_whitespace() || matches!(letter, '"' | '[' | '{' | ']' | '}')
        }) {
            let (before, token) = rest.split_at(at);
            out.write_all(before.as_bytes())?;
            let length = match token.as_bytes().first() {
                Some(b'"') => string_length(token.as_bytes()),
                Some(b'[' | b'{') => {
                    self.enter();
                    1
                }
                Some(b']' | b'}') => {
                    self.leave();
                    1
                }
                _ => 0,
            };
            let (token, behind) = token.split_at(length);
            out.write_all(token.as_bytes())?;
            rest = if length == 0 { behind.trim_ascii_start() } else { behind };
        }
        out.write_all(rest.as_bytes())
    }
}

/// Writes JSON with the controls U+007F to U+009F, line separators and the marks that reorder text
/// as escapes.
fn escape<W: ?Sized + Write>(text: &str, out: &mut W) -> io::Result<()> {
    let mut written = 0;
    for (at, letter) in text.char_indices().filter(|(_, letter)| is_unsafe(*letter)) {
        out.write_all(text.get(written..at).unwrap_or_default().as_bytes())?;
        write!(out, "\\u{:04x}", u32::from(letter))?;
        written = at + letter.len_utf8();
    }
    out.write_all(text.get(written..).unwrap_or_default().as_bytes())
}

fn is_unsafe(letter: char) -> bool {
    matches!(
        letter,
        '\u{7f}'..='\u{9f}'
            | '\u{61c}'
            | '\u{200e}' | '\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2066}'..='\u{2069}'
    )
}

/// The length in bytes of the JSON string that begins here, with its quotes.
fn string_length(text: &[u8]) -> usize {
    let mut bytes = text.iter().enumerate().skip(1);
    while let Some((at, byte)) = bytes.next() {
        match byte {
            b'"' => return at + 1,
            b'\\' => drop(bytes.next()),
            _ => {}
        }
    }
    text.len()
}

/// Copies JSON, with everything below [`MAX_DEPTH`] levels as a string with its text.
fn flatten(json: &[u8], outer: usize, out: &mut Vec<u8>) -> io::Result<()> {
    let mut depth = outer;
    let mut deep_from = 0;
    let mut at = 0;
    while let Some(byte) = json.get(at) {
        let length = if *byte == b'"' { string_length(json.get(at..).unwrap_or_default()) } else { 1 };
        let opens = matches!(byte, b'[' | b'{');
        let closes = matches!(byte, b']' | b'}');
        if opens {
            depth += 1;
            if depth == MAX_DEPTH + 1 {
                deep_from = at;
            }
        }
        let end = at + length;
        if depth <= MAX_DEPTH {
            out.extend_from_slice(json.get(at..end).unwrap_or_default());
        } else if closes && depth == MAX_DEPTH + 1 {
            let deep = String::from_utf8_lossy(json.get(deep_from..end).unwrap_or_default());
            serde_json::to_writer(&mut *out, &deep)?;
        }
        if closes {
            depth = depth.saturating_sub(1);
        }
        at = end;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::Value;
    use serde_json::value::RawValue;

    use super::*;

    fn written(value: &impl Serialize) -> String {
        String::from_utf8(json_line(value).unwrap()).unwrap()
    }

    #[test]
    fn what_a_terminal_acts_on_is_escaped_and_reads_back_the_same() {
        let text = "\u{7f}\u{9b}\u{80}\u{61c}\u{200e}\u{202e}\u{2066}\u{2028} é 日本 \u{1b} \" \\";
        let line = written(&text);
        assert_eq!(
            line,
            "\"\\u007f\\u009b\\u0080\\u061c\\u200e\\u202e\\u2066\\u2028 é 日本 \\u001b \\\" \\\\\"\n"
        );
        assert_eq!(serde_json::from_str::<String>(&line).unwrap(), text);
    }

    #[test]
    fn a_text_is_written_the_same_either_way() {
        for text in [
            "",
            "plain",
            "{\"a\":\"\\\"b\\\\\"}",
            "\"",
            "\\",
            "a\nb\t\u{0}",
            "\u{7f}\u{80}é\u{202e}\"",
            "\u{10ffff}",
        ] {
            let mut line = Vec::new();
            assert!(write_json_text(text.as_bytes(), &mut line).unwrap());
            assert_eq!(String::from_utf8(line).unwrap() + "\n", written(&text));
        }
    }

    #[test]
    fn bytes_that_are_no_text_are_not_written() {
        for bytes in [&b"\xff"[..], b"a\x80", b"{\"a\":\"\xc3\"}", b"\n\xff"] {
            let mut line = Vec::new();
            assert!(!write_json_text(bytes, &mut line).unwrap() && line.is_empty());
        }
    }

    #[test]
    fn raw_json_goes_on_one_line_and_keeps_its_texts() {
        let raw = "{\n  \"a b\": \"c \\\" \\\\\u{7f}\",\t\"d\" : [1, 2e400, { } ]\r\n}";
        let raw = RawValue::from_string(raw.to_owned()).unwrap();
        assert_eq!(written(&raw), "{\"a b\":\"c \\\" \\\\\\u007f\",\"d\":[1,2e400,{}]}\n");
    }

    #[test]
    fn what_is_too_deep_for_a_reader_is_kept_as_text() {
        let deep = |depth: usize| format!("{}\"]\u{9b}\"{}", "[".repeat(depth), "]".repeat(depth));
        for depth in [1, MAX_DEPTH, MAX_DEPTH + 1, 120, 100_000] {
            let raw = RawValue::from_string(deep(depth)).unwrap();
            let line = written(&raw);
            let mut value: Value = serde_json::from_str(&line).unwrap();
            let mut levels = 0;
            while let Value::Array(mut list) = value {
                assert_eq!(list.len(), 1);
                value = list.remove(0);
                levels += 1;
            }
            assert_eq!(levels, depth.min(MAX_DEPTH));
            let text = value.as_str().unwrap();
            if depth > MAX_DEPTH {
                assert_eq!(text, deep(depth - MAX_DEPTH).replace('\u{9b}', "\\u009b"));
            } else {
                assert_eq!(text, "]\u{9b}");
            }
        }
    }
}
