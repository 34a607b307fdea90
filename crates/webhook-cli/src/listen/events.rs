//! The selected events: names, and patterns in which `*` matches any text.

/// Patterns. An event is selected if any of them matches, or if there is none.
#[derive(Debug, Clone, Default)]
pub(super) struct Patterns(Vec<String>);

impl Patterns {
    pub(super) fn new(patterns: &[String]) -> Self {
        Self(patterns.to_vec())
    }

    /// Whether an event is selected. A delivery without a name is selected only if there is no pattern.
    pub(super) fn matches(&self, event: Option<&str>) -> bool {
        self.0.is_empty() || event.is_some_and(|event| self.0.iter().any(|pattern| matches(pattern, event)))
    }
}

/// Whether a pattern matches any of these names.
pub(crate) fn fits_any<'n>(pattern: &str, mut names: impl Iterator<Item = &'n str>) -> bool {
    names.any(|name| matches(pattern, name))
}

fn matches(pattern: &str, text: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else {
        return pattern == text;
    };
    let Some(mut text) = text.strip_prefix(start) else {
        return false;
    };
    let mut parts: Vec<&str> = rest.split('*').collect();
    // The part after the last star must be the end of the text.
    let end = parts.pop().unwrap_or_default();
    for part in parts {
        match text.split_once(part) {
            Some((_, behind)) => text = behind,
            None => return false,
        }
    }
    text.ends_with(end)
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn a_star_stands_for_any_text() {
        for (pattern, text, expected) in [
            ("run.completed", "run.completed", true),
            ("run.completed", "run.completed2", false),
            ("run.*", "run.completed", true),
            ("run.*", "rerun.completed", false),
            ("*.created", "defect.created", true),
            ("*.created", "defect.created.x", false),
            ("*", "", true),
            ("a*a", "a", false),
            ("a*b*c", "a-b-c", true),
            ("a*b*c", "a-c-b", false),
            ("**", "anything", true),
        ] {
            assert_eq!(matches(pattern, text), expected, "{pattern} {text}");
        }
    }
}
