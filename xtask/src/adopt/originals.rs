//! The replaced texts, which must not occur in the output.

use std::collections::HashMap;

/// The minimum length in bytes: shorter texts identify nobody.
pub(super) const TELLING: usize = 4;

/// Texts in lower case, indexed by their first bytes, so that one pass finds any of thousands.
#[derive(Debug, Default, Clone)]
pub(super) struct Originals {
    by_start: HashMap<[u8; TELLING], Vec<String>>,
}

impl Originals {
    /// Adds a text, unless it is too short to identify anybody.
    pub(super) fn insert(&mut self, text: &str) {
        let text = text.to_lowercase();
        let Some(start) = text.as_bytes().first_chunk() else { return };
        let same_start = self.by_start.entry(*start).or_default();
        if !same_start.contains(&text) {
            same_start.push(text);
        }
    }

    /// Whether one of the texts is in this one, which is in lower case.
    pub(super) fn are_in(&self, text: &str) -> bool {
        text.as_bytes().windows(TELLING).enumerate().any(|(at, window)| {
            let same_start = window.first_chunk().and_then(|start| self.by_start.get(start));
            let rest = text.as_bytes().get(at..).unwrap_or_default();
            same_start.is_some_and(|texts| texts.iter().any(|original| rest.starts_with(original.as_bytes())))
        })
    }

    pub(super) fn extend(&mut self, other: Self) {
        for text in other.by_start.into_values().flatten() {
            self.insert(&text);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Originals;

    #[test]
    fn a_text_is_found_at_any_position_in_any_case() {
        let mut originals = Originals::default();
        for text in ["Grace Hopper", "grace@deepwater.io", "abc", "größe"] {
            originals.insert(text);
        }
        for text in ["grace hopper", "by grace hopper.", "x größe", "grace@deepwater.io"] {
            assert!(originals.are_in(text), "{text}");
        }
        for text in ["", "abc", "grace", "grace hoppe", "deepwater"] {
            assert!(!originals.are_in(text), "{text}");
        }
    }
}
