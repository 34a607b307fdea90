//! Doc comments for readers who do not know Rust.

/// A doc comment without the parts that are specific to Rust. A link to an item is replaced by its name, references to
/// Rust items are left out, and `None` becomes `null`. Links to pages stay.
pub fn plain(doc: &str) -> String {
    let mut doc = doc.to_owned();
    for (opening, closing) in [(" See [", ""), (": see [", "."), ("; see [", "."), ("; use [", ".")] {
        while let Some(start) = doc.find(opening) {
            let rest = doc.get(start..).unwrap_or_default();
            let end = rest.find(". ").map_or(rest.len(), |dot| dot + 1);
            if rest.get(..end).is_none_or(|pointer| pointer.contains("://")) {
                break;
            }
            doc.replace_range(start..start + end, closing);
        }
    }
    unlinked(&doc).replace("`None`", "`null`")
}

fn unlinked(doc: &str) -> String {
    let mut text = String::with_capacity(doc.len());
    let mut rest = doc;
    while let Some((before, after)) = rest.split_once('[') {
        text.push_str(before);
        let Some((label, behind)) = after.split_once(']') else {
            text.push('[');
            rest = after;
            continue;
        };
        let target = behind.strip_prefix('(').and_then(|target| target.split_once(')'));
        rest = match target {
            Some((target, behind)) if !target.contains("://") => {
                text.push_str(&without_path(label));
                behind
            }
            None if label.starts_with('`') => {
                text.push_str(&without_path(label));
                behind
            }
            _ => {
                text.push('[');
                after
            }
        };
    }
    text.push_str(rest);
    text
}

/// The last name of a path: `` `Check::sequence` `` is `` `sequence` ``.
fn without_path(label: &str) -> String {
    match label.rsplit_once("::") {
        Some((_, name)) => format!("`{name}"),
        None => label.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_specific_to_rust_are_removed() {
        for (doc, expected) in [
            ("The order of [`cases`](Self::cases) counts.", "The order of `cases` counts."),
            ("Like [`Plan`], or [a plan](crate::Plan).", "Like `Plan`, or a plan."),
            ("Not that of [`Check::sequence`].", "Not that of `sequence`."),
            ("How it ended: see [`failed`](Self::failed). Or not.", "How it ended. Or not."),
            ("Text. See [`text`](Self::text).", "Text."),
            ("Below `audit`; use [`details`](Self::details) to get them.", "Below `audit`."),
            ("The suite; `None` at the top level.", "The suite; `null` at the top level."),
            ("See. See [its page](https://example.com/a).", "See. See [its page](https://example.com/a)."),
            ("`[]` is empty; a[0] is the first [", "`[]` is empty; a[0] is the first ["),
            ("", ""),
        ] {
            assert_eq!(plain(doc), expected);
        }
    }
}
