//! Names of the wire as names of Rust.

/// The words of a name in any of the usual spellings, in lower case.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut last = ' ';
    let mut letters = name.chars().peekable();
    while let Some(letter) = letters.next() {
        if letter.is_ascii_alphanumeric() {
            let next_is_lower = letters.peek().is_some_and(char::is_ascii_lowercase);
            let begins = !last.is_ascii_alphanumeric()
                || (letter.is_ascii_uppercase() && (!last.is_ascii_uppercase() || next_is_lower));
            match words.last_mut() {
                Some(word) if !begins => word.push(letter.to_ascii_lowercase()),
                _ => words.push(letter.to_ascii_lowercase().to_string()),
            }
        }
        last = letter;
    }
    words
}

/// A key as the name of a field.
pub(super) fn snake(key: &str) -> String {
    let name = words(key).join("_");
    if name.starts_with(|letter: char| letter.is_ascii_digit()) { format!("n{name}") } else { name }
}

/// A text as the name of a variant.
pub(super) fn pascal(text: &str) -> String {
    let name: String = words(text).iter().map(|word| capital(word)).collect();
    if name.starts_with(|letter: char| letter.is_ascii_digit()) { format!("N{name}") } else { name }
}

/// The name of a field as `rename_all = "camelCase"` spells it.
pub(super) fn camel(field: &str) -> String {
    let words = words(field);
    let rest = words.iter().skip(1).map(|word| capital(word));
    words.first().cloned().into_iter().chain(rest).collect()
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|letter| letter.to_ascii_uppercase()).into_iter().chain(letters).collect()
}

#[cfg(test)]
mod tests {
    use super::{camel, pascal, snake};

    #[test]
    fn names_of_every_spelling_become_rust() {
        for (key, name) in [
            ("retestCount", "retest_count"),
            ("is_flaky", "is_flaky"),
            ("vcsURL", "vcs_url"),
            ("HTTPStatus", "http_status"),
            ("x-trace", "x_trace"),
            ("2fa", "n2fa"),
        ] {
            assert_eq!(snake(key), name);
        }
        assert_eq!(camel("retest_count"), "retestCount");
        assert_eq!(pascal("on_hold"), "OnHold");
        assert_eq!(pascal("BUG_RISK"), "BugRisk");
        assert_eq!(pascal("run.paused"), "RunPaused");
    }
}
