//! Almost correct credentials, which show how a receiver compares.

use webhook_core::Authentication;

/// The characters that are appended to the right credential.
const MORE: &str = "0123456789";

/// Wrong credentials of the right length.
pub(crate) fn alike(scheme: Authentication, right: &str) -> Vec<(&'static str, String)> {
    let last = right.chars().count().saturating_sub(1);
    let mut forged = vec![
        ("an invented credential", right.chars().rev().collect()),
        ("the right credential with its first letter changed", changed(right, 0)),
        ("the right credential with its middle letter changed", changed(right, last.div_ceil(2))),
        ("the right credential with its last letter changed", changed(right, last)),
    ];
    // The case of a signature and of escapes in a URL is not significant.
    let either_case = match scheme {
        Authentication::BodyHmac { .. } => true,
        Authentication::UrlToken => right.contains('%'),
        _ => false,
    };
    if !either_case {
        forged.push(("the right credential with upper and lower case swapped", swapped(right)));
    }
    forged.retain(|(_, forged)| forged != right);
    forged
}

/// Every prefix of the right credential, and the right credential with additional characters.
pub(crate) fn parts(scheme: Authentication, right: &str) -> Vec<(String, String)> {
    let begin = right.char_indices().enumerate().map(|(count, (end, _))| {
        let what = match count {
            0 => "an empty credential".to_owned(),
            1 => "the first character of the right one".to_owned(),
            _ => format!("the first {count} characters of the right one"),
        };
        (what, right.get(..end).unwrap_or_default().to_owned())
    });
    let extended = (1..=MORE.len()).map(|count| {
        let what = format!("the right one and {count} more");
        (what, format!("{right}{}", MORE.get(..count).unwrap_or_default()))
    });
    let inner = right.chars().skip(1).collect();
    let mut parts: Vec<(String, String)> = begin.chain(extended).collect();
    parts.push(("the right one without its first character".to_owned(), inner));
    parts.push(("the right one after another character".to_owned(), format!("0{right}")));
    // White space around the value of a header is not part of it.
    if scheme == Authentication::UrlToken {
        parts.push(("the right one after a space".to_owned(), format!("%20{right}")));
        parts.push(("the right one before a space".to_owned(), format!("{right}%20")));
    }
    parts.retain(|(_, part)| !same_on_the_wire(part, right));
    parts
}

/// If a secret has white space at its ends, some of its prefixes are sent exactly like the secret itself.
fn same_on_the_wire(one: &str, other: &str) -> bool {
    let white_space = [' ', '\t'];
    one.trim_matches(white_space) == other.trim_matches(white_space)
}

/// Changes the character at a position. A hexadecimal digit is replaced by another one, so that only a comparison
/// detects it.
fn changed(right: &str, position: usize) -> String {
    let letters = right.chars().enumerate();
    letters
        .map(|(at, letter)| match letter {
            _ if at != position => letter,
            '0' => '1',
            _ => '0',
        })
        .collect()
}

fn swapped(right: &str) -> String {
    let swap = |letter: char| {
        if letter.is_ascii_lowercase() { letter.to_ascii_uppercase() } else { letter.to_ascii_lowercase() }
    };
    right.chars().map(swap).collect()
}
