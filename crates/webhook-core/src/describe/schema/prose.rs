//! Doc comments for readers who do not read Rust.

/// A doc comment without links to items: `` [`Plan`](crate::Plan) `` becomes `` `Plan` ``. Links to pages stay.
pub fn plain(doc: &str) -> String {
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
                text.push_str(label);
                behind
            }
            None if label.starts_with('`') => {
                text.push_str(label);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_to_items_go_and_everything_else_stays() {
        for (doc, expected) in [
            ("See [`team_member`](Self::team_member).", "See `team_member`."),
            ("Like [`Plan`], or [a plan](crate::Plan).", "Like `Plan`, or a plan."),
            ("On [its page](https://example.com/a).", "On [its page](https://example.com/a)."),
            ("`[]` is empty; a[0] is the first [", "`[]` is empty; a[0] is the first ["),
            ("", ""),
        ] {
            assert_eq!(plain(doc), expected);
        }
    }
}
