//! What the commands print, and how it looks on a terminal; anything else gets plain text.

use std::fmt::Display;

use anstyle::{AnsiColor, Style};

/// A heading or a name.
pub(crate) const NAME: Style = Style::new().bold();
/// What explains.
pub(crate) const FAINT: Style = Style::new().dimmed();
/// What surprises.
pub(crate) const WARNING: Style = AnsiColor::Yellow.on_default();
/// What failed.
pub(crate) const ERROR: Style = AnsiColor::Red.on_default().bold();

/// A text in a style.
pub(crate) fn styled(style: Style, text: impl Display) -> String {
    format!("{style}{text}{style:#}")
}

/// One line for the person at the terminal, beside the output.
pub(crate) fn complain(message: &str) {
    anstream::eprintln!("{} {message}", styled(ERROR, "error:"));
}

/// Text of a sender on one line: nothing in it can move the cursor or forge a line.
pub(crate) fn plain(text: &str) -> String {
    text.chars()
        .flat_map(|letter| if letter.is_control() { letter.escape_default().collect() } else { vec![letter] })
        .collect()
}
