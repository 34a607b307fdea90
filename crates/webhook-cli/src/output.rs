//! The output of the commands, with styles on a terminal and plain text elsewhere.

mod color;
mod json;
mod stdout;
mod unbuffered;

use std::fmt::Display;

use anstyle::{AnsiColor, Style};

pub(crate) use color::Color;
pub(crate) use json::{json_line, write_json, write_json_text};
pub(crate) use stdout::Stdout;
pub(crate) use unbuffered::Unbuffered;
#[cfg(unix)]
pub(crate) use unbuffered::file as stdout_file;

/// A heading or a name.
pub(crate) const NAME: Style = Style::new().bold();
/// An explanation.
pub(crate) const FAINT: Style = Style::new().dimmed();
/// A warning.
pub(crate) const WARNING: Style = AnsiColor::Yellow.on_default();
/// An error.
pub(crate) const ERROR: Style = AnsiColor::Red.on_default().bold();

/// A text in a style.
pub(crate) fn styled(style: Style, text: impl Display) -> String {
    format!("{style}{text}{style:#}")
}

/// One line for the person at the terminal, on standard error.
pub(crate) fn complain(message: &str) {
    say(ERROR, "error:", message);
}

/// A warning: one line about a valid but probably unintended use.
pub(crate) fn warn(message: &str) {
    say(WARNING, "warning:", message);
}

/// A hint: one line about what to do next.
pub(crate) fn hint(message: &str) {
    say(NAME, "hint:", message);
}

fn say(style: Style, label: &str, message: &str) {
    use std::io::Write as _;

    let line = format!("{} {message}\n", styled(style, label));
    // A closed standard error cannot be reported.
    let _ = anstream::stderr().write_all(line.as_bytes());
}

/// Text of a sender on one line: nothing in it can move the cursor, hide or reorder text, or forge a line.
pub(crate) fn plain(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for letter in text.chars() {
        if letter.is_control() {
            shown.extend(letter.escape_default());
        } else if is_format(letter) || matches!(letter, '\u{2028}' | '\u{2029}') {
            shown.extend(letter.escape_unicode());
        } else {
            shown.push(letter);
        }
    }
    shown
}

/// Whether a character is in the Unicode category Cf: it is invisible and can change how others are shown.
pub(crate) fn is_format(letter: char) -> bool {
    matches!(
        letter,
        '\u{ad}'
            | '\u{600}'..='\u{605}'
            | '\u{61c}'
            | '\u{6dd}'
            | '\u{70f}'
            | '\u{890}'..='\u{891}'
            | '\u{8e2}'
            | '\u{180e}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{110bd}'
            | '\u{110cd}'
            | '\u{13430}'..='\u{1343f}'
            | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0001}'
            | '\u{e0020}'..='\u{e007f}'
    )
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn what_moves_hides_or_reorders_is_escaped_and_what_is_read_is_not() {
        assert_eq!(plain("a\u{1b}[2J\n\u{7f}\u{9b}b"), "a\\u{1b}[2J\\n\\u{7f}\\u{9b}b");
        assert_eq!(plain("\u{202e}\u{2066}\u{200b}\u{feff}\u{2028}\u{ad}"), {
            "\\u{202e}\\u{2066}\\u{200b}\\u{feff}\\u{2028}\\u{ad}"
        });
        let read = "é e\u{301} 日本 \u{a0}हिन्दी 🎉 \\ \"";
        assert_eq!(plain(read), read);
    }
}
