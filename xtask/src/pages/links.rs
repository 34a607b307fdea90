//! Links to items, on a page that is read in the documentation and outside of it.
//!
//! On the page a link is a reference whose label is the path of the item: ``[`cases`][run::RunTotals::cases]``. The page
//! defines each label as an address on docs.rs, for readers on GitHub and on crates.io. The documentation of the crate
//! includes a file before the page that defines the same labels as the items themselves, and what is defined first counts.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use anyhow::{Context, Result, bail, ensure};
use pulldown_cmark::{BrokenLink, CowStr, Event, LinkType, Options, Parser, Tag};

use super::source::Item;

/// What the labels of a page stand for.
pub(crate) struct Definitions {
    /// For the page: addresses.
    pub(crate) addresses: String,
    /// For the documentation: items.
    pub(crate) items: String,
}

/// The text of a doc comment with its links to items as the page writes them.
pub(crate) fn rewritten(text: &str, of: &Item, items: &[Item]) -> Result<String> {
    let mut written = String::with_capacity(text.len());
    let mut end = 0;
    let unresolved =
        |link: BrokenLink<'_>| Some((CowStr::from(link.reference.to_string()), CowStr::from("")));
    let parser = Parser::new_with_broken_link_callback(text, Options::empty(), Some(unresolved));
    for (event, range) in parser.into_offset_iter() {
        let Event::Start(Tag::Link { link_type, dest_url, .. }) = event else { continue };
        if link_type == LinkType::Autolink || dest_url.contains("://") {
            continue;
        }
        let link = text.get(range.clone()).unwrap_or_default();
        let label_end = link.rfind("](").or_else(|| link.rfind("][")).or_else(|| link.rfind(']'));
        let label = label_end.and_then(|end| link.get(1..end)).context("a link without a label")?;
        let target = target(dest_url.trim_matches('`'), of, items)?;
        written.push_str(text.get(end..range.start).unwrap_or_default());
        write!(written, "[{label}][{}]", target.path)?;
        end = range.end;
    }
    written.push_str(text.get(end..).unwrap_or_default());
    Ok(written)
}

/// The item to which a link in the doc comment of another leads.
fn target<'a>(link: &str, of: &Item, items: &'a [Item]) -> Result<&'a Item> {
    let whole = |path: &str| items.iter().find(|item| item.path == path);
    let found = if let Some(part) = link.strip_prefix("Self::") {
        let itself = if of.name().contains("::") { of.path.rsplit_once("::") } else { None };
        let itself = itself.map_or(&*of.path, |(parent, _)| parent);
        whole(&format!("{itself}::{part}"))
    } else if let Some(path) = link.strip_prefix("crate::") {
        whole(path)
    } else {
        // An imported item has its name from another module. A name in two modules is ambiguous.
        let end = format!("::{link}");
        let mut imported = items.iter().filter(|item| item.path.ends_with(&end));
        let only = imported.next().filter(|_| imported.next().is_none());
        whole(&format!("{}::{link}", of.module)).or_else(|| whole(link)).or(only)
    };
    found.with_context(|| {
        format!("the documentation of `{}` links to `{link}`, which is not an item", of.path)
    })
}

/// What has to be defined for the links of a page of this package.
pub(crate) fn definitions(page: &str, package: &str, items: &[Item]) -> Result<Definitions> {
    let mut labels: BTreeMap<String, String> = BTreeMap::new();
    let mut clashes = Vec::new();
    let mut inline = Vec::new();
    let undefined = |link: BrokenLink<'_>| {
        let label = link.reference.to_string();
        // Markdown does not tell capitals from small letters in labels.
        let taken = labels.insert(label.to_lowercase(), label.clone());
        if let Some(other) = taken.filter(|taken| *taken != label) {
            clashes.push(format!("[{other}] and [{label}]"));
        }
        Some((CowStr::from(label), CowStr::from("")))
    };
    let options = Options::ENABLE_TABLES;
    for event in Parser::new_with_broken_link_callback(page, options, Some(undefined)) {
        if let Event::Start(Tag::Link { link_type: LinkType::Inline, dest_url, .. }) = event
            && !dest_url.contains("://")
        {
            inline.push(dest_url.to_string());
        }
    }
    ensure!(
        inline.is_empty(),
        "a link outside of the documentation leads nowhere: write {} as [..][path]",
        inline.join(", ")
    );
    ensure!(clashes.is_empty(), "{} are one label in Markdown", clashes.join("; "));
    let root = format!("https://docs.rs/{package}/latest/{}", package.replace('-', "_"));
    let mut definitions = Definitions { addresses: String::new(), items: String::new() };
    for label in labels.values() {
        let path = label.trim_matches('`');
        let Some(item) = items.iter().find(|item| item.path == path) else {
            bail!("the page links to [{label}], which is not an item of {package}");
        };
        writeln!(definitions.addresses, "[{label}]: {root}/{}", item.page)?;
        writeln!(definitions.items, "[{label}]: {path}")?;
    }
    Ok(definitions)
}
