//! Suggestions for mistyped names ("did you mean").

/// The minimum similarity of two names, from 0 to 1. Below it a suggestion is only a guess.
const MIN_LIKENESS: f64 = 0.85;

/// The name that is most similar to a word.
pub(crate) fn nearest<'n>(word: &str, names: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let alike = |name: &str| strsim::jaro_winkler(&word.to_lowercase(), &name.to_lowercase());
    let scored = names.into_iter().map(|name| (alike(name), name));
    let best = scored.filter(|(likeness, _)| *likeness >= MIN_LIKENESS);
    best.max_by(|(one, _), (other, _)| one.total_cmp(other)).map(|(_, name)| name)
}

/// "; did you mean `..`?", or nothing.
pub(crate) fn did_you_mean<'n>(word: &str, names: impl IntoIterator<Item = &'n str>) -> String {
    nearest(word, names).map(|name| format!("; did you mean `{name}`?")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_slip_is_recognised_and_another_word_is_not() {
        let names = ["run.started", "run.completed", "case.created", "AUDIT_COMPLETED"];
        for (word, meant) in [
            ("run.complete", "run.completed"),
            ("run.complted", "run.completed"),
            ("run_started", "run.started"),
            ("RUN.STARTED", "run.started"),
            ("audit_completed", "AUDIT_COMPLETED"),
        ] {
            assert_eq!(nearest(word, names), Some(meant), "{word}");
        }
        for word in ["", "x", "defect.resolved", "something else"] {
            assert_eq!(nearest(word, names), None, "{word}");
        }
    }
}
