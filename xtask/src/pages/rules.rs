//! How a vendor delivers: what the module `delivery_rules` says, and a table of its constants with their values.

use std::fmt::Write as _;
use std::net::Ipv4Addr;
use std::time::Duration;

use anyhow::{Context, Result};

use super::links;
use super::source::Item;

/// The module of the rules in each vendor crate.
pub(crate) const MODULE: &str = "delivery_rules";

/// The paragraph of a rule that states how well it is documented.
const STANDING: &str = "**Standing:** ";

/// Each constant of the rules by its package and name, with its value.
fn values() -> Vec<(&'static str, &'static str, String)> {
    Vec::from(include!(concat!(env!("OUT_DIR"), "/delivery_rules.rs")))
}

pub(crate) fn section(package: &str, items: &[Item]) -> Result<String> {
    let module = module(items)?;
    let about = module.doc.split("\n# ").next().unwrap_or_default();
    // The first paragraph is what the heading of the section says.
    let about = about.split_once("\n\n").map_or("", |(_, rest)| rest).trim_end();
    let mut text = links::rewritten(about, module, items)?;
    text.push_str("\n\n| rule | value | standing | meaning |\n|---|---|---|---|\n");
    let values = values();
    for rule in items.iter().filter(|item| item.module == MODULE && item.path != MODULE) {
        let (_, _, value) =
            values.iter().find(|(of, name, _)| *of == package && *name == rule.name()).with_context(
                || format!("`{}` has no value: a rule is a `pub const` on a line of its own", rule.path),
            )?;
        let standing = rule.paragraphs().find_map(|line| line.strip_prefix(STANDING).map(str::to_owned));
        let standing = standing.with_context(|| {
            format!("`{}` does not say how well it is known: add {STANDING}..", rule.path)
        })?;
        let meaning = rule.paragraphs().next().unwrap_or_default();
        writeln!(
            text,
            "| [`{}`][{}] | {value} | {} | {} |",
            rule.name(),
            rule.path,
            links::rewritten(standing.trim_end_matches('.'), rule, items)?,
            links::rewritten(&meaning, rule, items)?,
        )?;
    }
    Ok(text)
}

/// What the documentation of the module says under a heading.
pub(crate) fn chapter(heading: &str, items: &[Item]) -> Result<String> {
    let module = module(items)?;
    let start = format!("# {heading}\n\n");
    let chapter = module.doc.split_once(&start).map(|(_, rest)| rest.split("\n# ").next().unwrap_or(rest));
    let chapter =
        chapter.with_context(|| format!("the documentation of `{MODULE}` has no `{}`", start.trim()))?;
    links::rewritten(chapter.trim(), module, items)
}

fn module(items: &[Item]) -> Result<&Item> {
    items
        .iter()
        .find(|item| item.path == MODULE)
        .with_context(|| format!("the crate has no module `{MODULE}`"))
}

/// A value for readers.
fn in_words(value: &impl InWords) -> String {
    value.in_words()
}

trait InWords {
    fn in_words(&self) -> String;
}

impl InWords for &str {
    fn in_words(&self) -> String {
        format!("`{self}`")
    }
}

impl InWords for u32 {
    fn in_words(&self) -> String {
        self.to_string()
    }
}

impl InWords for usize {
    /// Whole mebibytes are a number of bytes.
    fn in_words(&self) -> String {
        const MEBIBYTE: usize = 1024 * 1024;
        if *self > 0 && self.is_multiple_of(MEBIBYTE) {
            format!("{} MiB", self / MEBIBYTE)
        } else {
            self.to_string()
        }
    }
}

impl InWords for Duration {
    fn in_words(&self) -> String {
        const DAY: u64 = 24 * 60 * 60;
        let seconds = self.as_secs();
        if seconds > DAY && seconds.is_multiple_of(DAY) {
            format!("{} days", seconds / DAY)
        } else {
            format!("{} s", self.as_secs_f64())
        }
    }
}

impl<const N: usize> InWords for [Ipv4Addr; N] {
    fn in_words(&self) -> String {
        self.map(|address| format!("`{address}`")).join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_written_in_the_largest_exact_unit() {
        assert_eq!(in_words(&Duration::from_secs(15)), "15 s");
        assert_eq!(in_words(&Duration::from_millis(1500)), "1.5 s");
        assert_eq!(in_words(&Duration::from_secs(172_800)), "2 days");
        assert_eq!(in_words(&Duration::from_secs(172_801)), "172801 s");
        assert_eq!(in_words(&(5 * 1024 * 1024_usize)), "5 MiB");
        assert_eq!(in_words(&16_usize), "16");
        assert_eq!(in_words(&[Ipv4Addr::new(192, 0, 2, 1), Ipv4Addr::LOCALHOST]), "`192.0.2.1`, `127.0.0.1`");
    }
}
