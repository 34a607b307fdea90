//! The forms that a body may have had when it was signed, before something rewrote it.

use std::fmt::{self, Write as _};

use serde_json::Value;

use super::{MAX_REWRITTEN_BYTES, base64};
use crate::json::Reader;

/// A form of a body other than the one that the receiver was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum BodyForm {
    /// Without the white space around it.
    Trimmed,
    /// Without one newline at its end, with all other white space.
    OneNewlineLess,
    /// With a newline at its end.
    Newline,
    /// With lines that end in a line feed only.
    LineFeeds,
    /// With lines that end in a carriage return and a line feed.
    CarriageReturns,
    /// Without a byte order mark.
    NoByteOrderMark,
    /// The text inside a JSON string.
    Unquoted,
    /// The decoded bytes of base64.
    Base64,
    /// The same JSON, written in another way.
    Rewritten(Rewriting),
}

/// How a body was written when it was signed. `Display` says it in words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Rewriting {
    spacing: Spacing,
    escapes: Escapes,
    sorted_keys: bool,
    newline: bool,
}

/// The white space between tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Spacing {
    /// None, as most libraries write.
    Compact,
    /// One after every comma and colon, as Python writes.
    Spaced,
    /// Lines, indented by this many spaces per level.
    Lines(usize),
}

/// The optional escapes in strings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Escapes {
    /// As in the body.
    Kept,
    /// Nothing.
    Fewest,
    /// All non-ASCII characters, as Python and Ruby on Rails do.
    NotAscii,
    /// Slashes and all non-ASCII characters, as PHP does.
    SlashesAndNotAscii,
    /// `<`, `>` and `&`, as Go does.
    Markup,
}

/// The maximum length of a form: deeply nested brackets are short, but long when they are indented.
const MAX_WRITTEN_BYTES: usize = 2 * MAX_REWRITTEN_BYTES;

const SPACINGS: [Spacing; 4] = [Spacing::Compact, Spacing::Spaced, Spacing::Lines(2), Spacing::Lines(4)];
const ESCAPES: [Escapes; 5] =
    [Escapes::Kept, Escapes::Fewest, Escapes::NotAscii, Escapes::SlashesAndNotAscii, Escapes::Markup];

/// The first form of a body that the trial accepts, with the result of the trial.
///
/// A body that is not JSON has only the forms that do not require JSON.
pub(crate) fn find<R>(body: &[u8], mut trial: impl FnMut(&[u8]) -> Option<R>) -> Option<(BodyForm, R)> {
    let mut plain = |form, bytes: &[u8]| trial(bytes).map(|result| (form, result));
    let found = plain(BodyForm::Trimmed, body.trim_ascii())
        .or_else(|| one_newline_less(body).and_then(|less| plain(BodyForm::OneNewlineLess, less)))
        .or_else(|| plain(BodyForm::Newline, &[body, b"\n"].concat()))
        .or_else(|| plain(BodyForm::NoByteOrderMark, body.strip_prefix(b"\xef\xbb\xbf")?))
        .or_else(|| plain(BodyForm::Base64, &base64::decode(body.trim_ascii())?));
    if found.is_some() {
        return found;
    }
    let text = std::str::from_utf8(body).ok()?;
    let line_feeds = text.replace("\r\n", "\n");
    let found = plain(BodyForm::LineFeeds, line_feeds.as_bytes())
        .or_else(|| plain(BodyForm::CarriageReturns, line_feeds.replace('\n', "\r\n").as_bytes()))
        .or_else(|| plain(BodyForm::Unquoted, serde_json::from_str::<String>(text).ok()?.as_bytes()));
    found.or_else(|| rewritten(text, trial))
}

fn one_newline_less(body: &[u8]) -> Option<&[u8]> {
    body.strip_suffix(b"\r\n").or_else(|| body.strip_suffix(b"\n"))
}

fn rewritten<R>(text: &str, mut trial: impl FnMut(&[u8]) -> Option<R>) -> Option<(BodyForm, R)> {
    // The code below requires JSON that is well-formed and not too deep.
    let mut sorted = serde_json::from_str::<Value>(text).ok()?;
    sorted.sort_all_objects();
    let sorted = sorted.to_string();
    for (text, sorted_keys) in [(text, false), (sorted.as_str(), true)] {
        for escapes in ESCAPES.into_iter().filter(|escapes| escapes.matters(text)) {
            for spacing in SPACINGS {
                let mut written = String::with_capacity(text.len());
                if !write(text, spacing, escapes, &mut written) {
                    continue;
                }
                for newline in [false, true] {
                    if newline {
                        written.push('\n');
                    }
                    if let Some(result) = trial(written.as_bytes()) {
                        let rewriting = Rewriting { spacing, escapes, sorted_keys, newline };
                        return Some((BodyForm::Rewritten(rewriting), result));
                    }
                }
            }
        }
    }
    None
}

impl Escapes {
    /// Whether a text has anything that would be written differently, because every form costs a pass over the body.
    fn matters(self, json: &str) -> bool {
        let escaped = json.contains('\\');
        match self {
            Self::Kept => true,
            Self::Fewest => escaped,
            Self::NotAscii => escaped || !json.is_ascii(),
            Self::SlashesAndNotAscii => escaped || json.contains('/') || !json.is_ascii(),
            Self::Markup => escaped || json.contains(['<', '>', '&', '\u{2028}', '\u{2029}']),
        }
    }
}

/// Writes well-formed JSON in another form. Numbers and the order of keys are not changed. Returns `false` if the
/// result becomes too long.
fn write(json: &str, spacing: Spacing, escapes: Escapes, out: &mut String) -> bool {
    let mut rest = json;
    let mut depth = 0_usize;
    // Whether the last token is an opening bracket.
    let mut opened = false;
    while let Some(first) = rest.chars().next() {
        if out.len() > MAX_WRITTEN_BYTES {
            return false;
        }
        let length = match first {
            '"' => Reader::new(rest).raw().map_or(rest.len(), str::len),
            _ => first.len_utf8(),
        };
        let (token, behind) = rest.split_at_checked(length).unwrap_or((rest, ""));
        rest = behind;
        if matches!(first, ' ' | '\t' | '\r' | '\n') {
            continue;
        }
        let closes = matches!(first, '}' | ']');
        depth = depth.saturating_sub(closes.into());
        // Brackets without anything between them stay on one line.
        if opened != closes {
            line(spacing, depth, out);
        }
        opened = matches!(first, '{' | '[');
        depth = depth.saturating_add(opened.into());
        match first {
            ',' => {
                out.push(',');
                match spacing {
                    Spacing::Compact => {}
                    Spacing::Spaced => out.push(' '),
                    Spacing::Lines(_) => line(spacing, depth, out),
                }
            }
            ':' => out.push_str(if spacing == Spacing::Compact { ":" } else { ": " }),
            '"' => string(token, escapes, out),
            _ => out.push_str(token),
        }
    }
    true
}

/// A new line, where the spacing has lines.
fn line(spacing: Spacing, depth: usize, out: &mut String) {
    if let Spacing::Lines(indent) = spacing {
        out.push('\n');
        out.extend(std::iter::repeat_n(' ', indent.saturating_mul(depth)));
    }
}

fn string(token: &str, escapes: Escapes, out: &mut String) {
    if escapes == Escapes::Kept {
        return out.push_str(token);
    }
    let Ok(text) = serde_json::from_str::<String>(token) else {
        return out.push_str(token);
    };
    // The shortest form is valid, and it does not contain the characters that are still to be escaped.
    let shortest = Value::String(text).to_string();
    for letter in shortest.chars() {
        let escape = match escapes {
            Escapes::Kept | Escapes::Fewest => false,
            Escapes::NotAscii | Escapes::SlashesAndNotAscii => !letter.is_ascii(),
            Escapes::Markup => matches!(letter, '<' | '>' | '&' | '\u{2028}' | '\u{2029}'),
        };
        if escape {
            for unit in letter.encode_utf16(&mut [0; 2]) {
                // Writing to a string cannot fail.
                let _ = write!(out, "\\u{unit:04x}");
            }
        } else if letter == '/' && escapes == Escapes::SlashesAndNotAscii {
            out.push_str("\\/");
        } else {
            out.push(letter);
        }
    }
}

impl fmt::Display for BodyForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Trimmed => "white space was added around the body after it was signed",
            Self::OneNewlineLess => "a newline was added at the end of the body after it was signed",
            Self::Newline => "the newline at the end of the body was removed",
            Self::LineFeeds => "the line ends of the body were changed to CRLF after it was signed",
            Self::CarriageReturns => "the line ends of the body were CRLF when it was signed",
            Self::NoByteOrderMark => "a byte order mark was added to the body after it was signed",
            Self::Unquoted => "the body was encoded as a JSON string after it was signed",
            Self::Base64 => {
                "the body is still encoded as base64, as some gateways deliver it; decode it first"
            }
            Self::Rewritten(rewriting) => {
                return write!(
                    f,
                    "the body was parsed and written again by a proxy or an extractor; it was signed as JSON \
                     {rewriting}; pass on the raw bytes"
                );
            }
        })
    }
}

impl fmt::Display for Rewriting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.spacing {
            Spacing::Compact => f.write_str("without spaces")?,
            Spacing::Spaced => f.write_str("with a space after every comma and colon")?,
            Spacing::Lines(indent) => write!(f, "on lines indented by {indent}")?,
        }
        if self.sorted_keys {
            f.write_str(", with sorted keys")?;
        }
        f.write_str(match self.escapes {
            Escapes::Kept => "",
            Escapes::Fewest => ", with only the necessary escapes",
            Escapes::NotAscii => ", with all non-ASCII characters escaped",
            Escapes::SlashesAndNotAscii => ", with slashes and all non-ASCII characters escaped",
            Escapes::Markup => ", with < > & escaped",
        })?;
        f.write_str(if self.newline { ", with a newline at its end" } else { "" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(json: &str, spacing: Spacing, escapes: Escapes) -> String {
        let mut out = String::new();
        assert!(write(json, spacing, escapes, &mut out));
        out
    }

    #[test]
    fn a_body_is_written_as_libraries_write_it() {
        let json = r#" {"b" : [1.50, {}, [ ], "ü/😀\"<"],"a":{"c":null,"d":[true]}} "#;
        let value: Value = serde_json::from_str(json).unwrap();
        assert_eq!(
            written(json, Spacing::Compact, Escapes::Kept),
            r#"{"b":[1.50,{},[],"ü/😀\"<"],"a":{"c":null,"d":[true]}}"#
        );
        assert_eq!(
            written(json, Spacing::Spaced, Escapes::NotAscii),
            r#"{"b": [1.50, {}, [], "\u00fc/\ud83d\ude00\"<"], "a": {"c": null, "d": [true]}}"#
        );
        assert_eq!(
            written(&value.to_string(), Spacing::Lines(2), Escapes::Kept),
            serde_json::to_string_pretty(&value).unwrap()
        );
        assert_eq!(written(r#"["a/é"]"#, Spacing::Compact, Escapes::SlashesAndNotAscii), r#"["a\/\u00e9"]"#);
        assert_eq!(written(r#"["\u00e9\/"]"#, Spacing::Compact, Escapes::Fewest), r#"["é/"]"#);
        assert_eq!(written(r#"["<&>"]"#, Spacing::Compact, Escapes::Markup), r#"["\u003c\u0026\u003e"]"#);
    }

    #[test]
    fn a_form_that_grows_without_bound_is_not_written() {
        let nested = format!("{}{}1{}", "[".repeat(100), "1,".repeat(100_000), "]".repeat(100));
        let mut out = String::new();
        assert!(!write(&nested, Spacing::Lines(4), Escapes::Kept, &mut out));
        assert!(out.len() < 2 * MAX_WRITTEN_BYTES);
        assert!(write(&nested, Spacing::Compact, Escapes::Kept, &mut String::new()));
        let mut trials = 0;
        let deep = "[".repeat(MAX_REWRITTEN_BYTES / 2) + &"]".repeat(MAX_REWRITTEN_BYTES / 2);
        let found = find(deep.as_bytes(), |body| {
            trials += 1;
            assert!(body.len() <= 2 * MAX_WRITTEN_BYTES);
            None::<()>
        });
        assert!(found.is_none() && trials > 0);
    }
}
