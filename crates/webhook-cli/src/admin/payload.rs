//! A body as lines of HTML. Every character is escaped, in one pass, and the size is limited for browsers.
//!
//! The spelling of the sender is kept: the order of keys, numbers and escapes. Therefore this reads tokens, not values,
//! and also works for a body that is not JSON.

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};

use maud::{Escaper, Markup, PreEscaped};

use crate::output::plain;

/// How many lines are shown.
const MAX_LINES: usize = 2_000;

/// How many characters of one text or number are shown.
const MAX_TOKEN_CHARACTERS: usize = 1_000;

/// The approximate maximum size of the HTML in bytes.
const MAX_HTML_BYTES: usize = 512 * 1024;

/// The deepest indentation.
const MAX_INDENT: usize = 40;

/// The maximum depth of values with a path: drift is not deeper.
const MAX_PATH_DEPTH: usize = 128;

/// A body that is shown, and whether all of it is.
pub(super) struct Shown {
    pub(super) html: Markup,
    pub(super) complete: bool,
}

/// The notes at one place of a body.
pub(super) type Notes = BTreeMap<String, Vec<String>>;

/// Shows a body, with notes at their paths. Paths that were found are removed: the remaining notes do not belong to a
/// place in the body.
pub(super) fn shown(body: &[u8], notes: &mut Notes) -> Shown {
    let text = String::from_utf8_lossy(body);
    let mut writer = Writer::new(notes);
    let complete = writer.write(&text).is_ok();
    writer.finish_line();
    Shown { html: PreEscaped(writer.html), complete }
}

struct Writer<'n> {
    html: String,
    line: String,
    lines: usize,
    notes: &'n mut Notes,
    /// The notes for the line that is being written.
    said: Vec<String>,
    path: String,
    open: Vec<Container>,
}

/// A container that is not closed yet.
struct Container {
    is_object: bool,
    /// The place of the next element.
    index: usize,
    /// The length of the path of the container itself.
    path: usize,
    /// A key was read, and its value was not.
    in_value: bool,
    is_empty: bool,
}

/// Longer than the maximum.
struct Full;

impl From<fmt::Error> for Full {
    fn from(_: fmt::Error) -> Self {
        Self
    }
}

impl<'n> Writer<'n> {
    fn new(notes: &'n mut Notes) -> Self {
        Self {
            html: String::new(),
            line: String::new(),
            lines: 0,
            notes,
            said: Vec::new(),
            path: String::new(),
            open: Vec::new(),
        }
    }

    fn write(&mut self, text: &str) -> Result<(), Full> {
        let mut rest = text.trim_ascii_start();
        while let Some(first) = rest.chars().next() {
            let length = match first {
                '{' | '[' => self.enter(first)?,
                '}' | ']' => self.leave(first)?,
                ',' => self.comma(),
                ':' => {
                    self.raw(": ");
                    1
                }
                '"' => self.string(rest)?,
                _ => self.other(rest)?,
            };
            rest = rest.get(length..).unwrap_or_default().trim_ascii_start();
            // Text that is not JSON may have no line end.
            if self.html.len() + self.line.len() >= MAX_HTML_BYTES {
                return Err(Full);
            }
        }
        Ok(())
    }

    fn enter(&mut self, bracket: char) -> Result<usize, Full> {
        self.before_value()?;
        self.token("punctuation", bracket.encode_utf8(&mut [0; 4]));
        let path = self.path.len();
        let is_object = bracket == '{';
        self.open.push(Container { is_object, index: 0, path, in_value: false, is_empty: true });
        Ok(1)
    }

    fn leave(&mut self, bracket: char) -> Result<usize, Full> {
        if let Some(container) = self.open.pop() {
            self.path.truncate(container.path);
            if !container.is_empty {
                self.break_line()?;
            }
        }
        self.token("punctuation", bracket.encode_utf8(&mut [0; 4]));
        Ok(1)
    }

    fn comma(&mut self) -> usize {
        self.raw(",");
        if let Some(container) = self.open.last_mut() {
            container.in_value = false;
            container.index += 1;
            self.path.truncate(container.path);
        }
        1
    }

    fn string(&mut self, rest: &str) -> Result<usize, Full> {
        let length = string_length(rest);
        let text = rest.get(..length).unwrap_or(rest);
        let is_key = self.open.last().is_some_and(|container| container.is_object && !container.in_value);
        if is_key {
            self.before_key(text)?;
            self.token("key", text);
        } else {
            self.before_value()?;
            self.token("string", text);
        }
        Ok(length)
    }

    /// A number, a word, or any text that is not JSON.
    fn other(&mut self, rest: &str) -> Result<usize, Full> {
        let ends = |letter: char| {
            matches!(letter, ',' | ':' | '{' | '}' | '[' | ']' | '"') || letter.is_ascii_whitespace()
        };
        let length = rest.find(ends).unwrap_or(rest.len()).max(1);
        self.before_value()?;
        self.token("literal", rest.get(..length).unwrap_or(rest));
        Ok(length)
    }

    fn before_key(&mut self, text: &str) -> Result<(), Full> {
        self.first_or_next()?;
        let Some(container) = self.open.last_mut() else { return Ok(()) };
        container.in_value = true;
        self.path.truncate(container.path);
        if self.open.len() <= MAX_PATH_DEPTH {
            let key: String = serde_json::from_str(text).unwrap_or_default();
            write_key(&mut self.path, &key)?;
            self.say();
        }
        Ok(())
    }

    fn before_value(&mut self) -> Result<(), Full> {
        let Some(container) = self.open.last() else { return self.room() };
        if container.is_object {
            return Ok(());
        }
        let index = container.index;
        self.first_or_next()?;
        if self.open.len() <= MAX_PATH_DEPTH {
            write!(self.path, "[{index}]")?;
            self.say();
        }
        Ok(())
    }

    /// The start of a member or an element, on a new line.
    fn first_or_next(&mut self) -> Result<(), Full> {
        if let Some(container) = self.open.last_mut() {
            container.is_empty = false;
        }
        self.break_line()
    }

    fn say(&mut self) {
        if let Some(notes) = self.notes.remove(&self.path) {
            self.said.extend(notes);
        }
    }

    fn break_line(&mut self) -> Result<(), Full> {
        self.finish_line();
        self.room()?;
        let indent = self.open.len().min(MAX_INDENT);
        self.line.push_str(&"  ".repeat(indent));
        Ok(())
    }

    fn room(&self) -> Result<(), Full> {
        if self.lines >= MAX_LINES || self.html.len() >= MAX_HTML_BYTES { Err(Full) } else { Ok(()) }
    }

    fn finish_line(&mut self) {
        let said = std::mem::take(&mut self.said);
        if said.is_empty() {
            self.html.push_str(&self.line);
        } else {
            self.html.push_str("<mark>");
            self.html.push_str(&self.line);
            self.html.push_str("</mark>");
            for note in said {
                self.html.push_str(" <strong class=\"note\">\u{25c0} ");
                escape(&mut self.html, &note);
                self.html.push_str("</strong>");
            }
        }
        self.html.push('\n');
        self.line.clear();
        self.lines += 1;
    }

    fn raw(&mut self, text: &str) {
        self.line.push_str(text);
    }

    fn token(&mut self, class: &str, text: &str) {
        let (start, left_out) = cut(text, MAX_TOKEN_CHARACTERS);
        self.raw("<span class=\"");
        self.raw(class);
        self.raw("\"><bdi>");
        escape(&mut self.line, &plain(start));
        self.raw("</bdi></span>");
        if left_out > 0 {
            let _ = write!(self.line, "<em>\u{2026} {left_out} more bytes</em>");
        }
    }
}

/// The length of a string token with its quotes, or of the rest if the string has no end.
fn string_length(rest: &str) -> usize {
    let mut escaped = false;
    for (at, byte) in rest.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

/// The start of a text, and the number of bytes after it.
pub(super) fn cut(text: &str, characters: usize) -> (&str, usize) {
    let end = text.char_indices().nth(characters).map_or(text.len(), |(at, _)| at);
    (text.get(..end).unwrap_or(text), text.len() - end)
}

fn escape(html: &mut String, text: &str) {
    // Writing into a text cannot fail.
    let _ = Escaper::new(html).write_str(text);
}

/// Appends a key in the notation in which drift is reported.
fn write_key(path: &mut String, key: &str) -> fmt::Result {
    let is_plain = key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-');
    if !is_plain || key.is_empty() {
        return write!(path, "[{key:?}]");
    }
    if !path.is_empty() {
        path.push('.');
    }
    path.write_str(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(body: &str) -> String {
        let html = shown(body.as_bytes(), &mut Notes::new()).html.into_string();
        // The text without the tags.
        let mut text = String::new();
        let mut rest = html.as_str();
        while let Some((before, tag)) = rest.split_once('<') {
            text.push_str(before);
            rest = tag.split_once('>').map_or("", |(_, after)| after);
        }
        text + rest
    }

    #[test]
    fn a_body_is_shown_with_one_member_a_line_in_its_own_spelling() {
        let body = r#"{"b":1.00,"a":[true,{}, [ ]],"c":{"d":"\u0041"}}"#;
        let expected = "{\n  &quot;b&quot;: 1.00,\n  &quot;a&quot;: [\n    true,\n    {},\n    []\n  ],\n  \
                        &quot;c&quot;: {\n    &quot;d&quot;: &quot;\\u0041&quot;\n  }\n}\n";
        assert_eq!(of(body), expected);
    }

    #[test]
    fn what_is_no_json_is_shown_too() {
        for body in
            ["", "}}}]]", "{\"a", "\"\\", "[1,2", "nonsense <b>", "{:,}", "{\"a\":{\"b\":[", "\u{1b}[2J"]
        {
            let html = shown(body.as_bytes(), &mut Notes::new()).html.into_string();
            assert!(!html.contains("<b>") && !html.contains('\u{1b}'), "{html}");
        }
        let _ = shown(&[0xff, 0xfe, b'{'], &mut Notes::new());
    }

    #[test]
    fn markup_and_invisible_characters_of_the_sender_are_text() {
        let html =
            shown("{\"<script>\":\"</pre>\u{202e}&\"}".as_bytes(), &mut Notes::new()).html.into_string();
        assert!(html.contains("&lt;script&gt;") && html.contains("&lt;/pre&gt;\\u{202e}&amp;"), "{html}");
        assert!(!html.contains("<script") && !html.contains("</pre") && !html.contains('\u{202e}'), "{html}");
    }

    #[test]
    fn a_large_body_makes_a_page_of_a_bounded_size() {
        let bodies = [
            format!("{{\"text\":\"{}\"}}", "x".repeat(5 << 20)),
            format!("[{}]", "1,".repeat(1 << 20)),
            "[".repeat(5 << 20),
            format!("{{{}}}", "\"k\":{\"k\":[],".repeat(1 << 18)),
            format!("[{}]", "\"\u{202e}\",".repeat(1 << 19)),
            format!("[{}]", format!("\"{}\",", "<".repeat(4_000)).repeat(1_000)),
            "x".repeat(5 << 20),
            ":".repeat(5 << 20),
        ];
        for body in bodies {
            let shown = shown(body.as_bytes(), &mut Notes::new());
            let start = body.get(..20).unwrap_or(&body);
            assert!(shown.html.0.len() < 2 * MAX_HTML_BYTES, "{start}: {}", shown.html.0.len());
        }
    }

    #[test]
    fn a_note_stands_at_its_path() {
        let mut notes = Notes::new();
        for path in
            ["payload.steps[1].\"x\"", "payload.steps[1].new", "payload[\"a key\"]", "payload.missing"]
        {
            notes.insert(path.to_owned(), vec!["unknown field".to_owned()]);
        }
        let body = r#"{"payload":{"steps":[{"new":1},{"new":2}],"a key":3}}"#;
        let html = shown(body.as_bytes(), &mut notes).html.into_string();
        assert_eq!(html.matches("<mark>").count(), 2, "{html}");
        let marked = html.lines().find(|line| line.contains("<mark>")).unwrap();
        assert!(marked.contains("new") && marked.contains('2'), "{marked}");
        assert_eq!(notes.len(), 2, "what was not met is left: {notes:?}");
    }
}
