//! Surprising behaviour of a vendor: documented at the item, and collected on the front page.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};

use super::links;
use super::source::Item;
use crate::vendor::rust_below;

/// The beginning of a paragraph of a doc comment that describes a trap.
const MARK: &str = "**Trap:** ";

/// A list of the traps in the sources of a folder.
pub(crate) fn section(folder: &Path, items: &[Item]) -> Result<String> {
    let mut text = String::new();
    let mut collected = 0;
    for item in items {
        for paragraph in item.paragraphs() {
            if let Some(trap) = paragraph.strip_prefix(MARK) {
                collected += 1;
                let trap = links::rewritten(trap, item, items)?;
                writeln!(text, "- [`{}`][{}]: {trap}", item.name(), item.path)?;
            }
        }
    }
    let told = told(folder)?;
    ensure!(
        told == collected,
        "{}: {told} times `{}`, of which {collected} begin a paragraph about an item that the documentation shows",
        folder.display(),
        MARK.trim_end(),
    );
    Ok(text)
}

/// The number of traps in the sources, at any place.
fn told(folder: &Path) -> Result<usize> {
    let mut count = 0;
    for path in rust_below(folder)? {
        let source =
            fs::read_to_string(&path).with_context(|| format!("failed to read {}", path.display()))?;
        count += source.matches(MARK.trim_end()).count();
    }
    Ok(count)
}
