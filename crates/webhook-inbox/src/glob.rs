//! Patterns for names of events: `*` matches any text, every other character matches itself.

/// Whether a name matches a pattern.
pub(crate) fn matches(pattern: &str, name: &str) -> bool {
    let mut parts = pattern.split('*');
    // `split` yields at least one part.
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = name.strip_prefix(first) else { return false };
    let Some(last) = parts.next_back() else { return rest.is_empty() };
    for part in parts {
        match rest.find(part) {
            Some(at) => rest = rest.get(at + part.len()..).unwrap_or_default(),
            None => return false,
        }
    }
    rest.ends_with(last)
}

/// The same pattern for SQLite's `GLOB`.
pub(crate) fn sqlite(pattern: &str) -> String {
    escaped(pattern, |character| match character {
        '?' => Some("[?]"),
        '[' => Some("[[]"),
        _ => None,
    })
}

/// The same pattern for the `LIKE` of Postgres.
#[cfg(feature = "postgres")]
pub(crate) fn postgres(pattern: &str) -> String {
    escaped(pattern, |character| match character {
        '*' => Some("%"),
        '%' => Some("\\%"),
        '_' => Some("\\_"),
        '\\' => Some("\\\\"),
        _ => None,
    })
}

fn escaped(pattern: &str, escape: impl Fn(char) -> Option<&'static str>) -> String {
    let mut text = String::with_capacity(pattern.len());
    for character in pattern.chars() {
        match escape(character) {
            Some(escaped) => text.push_str(escaped),
            None => text.push(character),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{matches, sqlite};

    #[test]
    fn a_star_stands_for_any_text_and_everything_else_for_itself() {
        for (pattern, name, fits) in [
            ("run.*", "run.completed", true),
            ("run.*", "runner.started", false),
            ("*", "", true),
            ("*.created", "defect.created", true),
            ("*a*a*", "banana", true),
            ("*a*a*a*a", "banana", false),
            ("ab*ba", "aba", false),
            ("run.completed", "run.completed", true),
            ("run.completed", "run.completed2", false),
            ("a?c", "abc", false),
            ("[ab]", "a", false),
        ] {
            assert_eq!(matches(pattern, name), fits, "{pattern} {name}");
        }
        assert_eq!(sqlite("a?[b]*"), "a[?][[]b]*");
    }
}
