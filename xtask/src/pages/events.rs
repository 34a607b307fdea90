//! The listed events: when each is sent, how well it is known, its type and its sample.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use anyhow::{Context, Result, ensure};
use webhook_core::EventInfo;

use super::source::{self, Item};
use crate::samples;
use crate::vendor::{Vendor, workspace_root};

pub(crate) fn section(vendor: Vendor, items: &[Item]) -> Result<String> {
    let fixtures = vendor.fixtures()?;
    let shown: BTreeSet<_> = fixtures.iter().map(|fixture| fixture.event.as_str()).collect();
    let bare: Vec<_> =
        vendor.catalogue().iter().map(|info| info.name).filter(|name| !shown.contains(name)).collect();
    ensure!(
        bare.is_empty(),
        "{}: no fixture for {}; add one under fixtures/{}/<event>/",
        vendor.name(),
        bare.join(", "),
        vendor.name()
    );
    let mut text = standings(vendor.catalogue())?;
    text.push_str(
        "\n| event | sent when | identity | standing | type | sample |\n|---|---|---|---|---|---|\n",
    );
    for info in vendor.catalogue() {
        writeln!(
            text,
            "| `{name}` | {summary} | {identity} | [{standing}]({source}) | {payload} | `{sample}` |",
            name = info.name,
            summary = info.summary,
            identity = identity(info),
            standing = info.standing,
            source = info.source,
            payload = payload(info, items)?,
            sample = samples::constant(info.name),
        )?;
    }
    Ok(text)
}

/// The paths in the payload of which one must have a usable value.
fn identity(info: &EventInfo) -> String {
    let paths: Vec<_> = info.identity().iter().map(|path| format!("`{path}`")).collect();
    if paths.is_empty() { "none".to_owned() } else { paths.join(" or ") }
}

/// The type of the payload, as a link.
fn payload(info: &EventInfo, items: &[Item]) -> Result<String> {
    let found = items.iter().find(|item| item.name() == info.payload);
    let found =
        found.with_context(|| format!("`{}`, the type of {}, is not public", info.payload, info.name))?;
    Ok(format!("[`{}`][{}]", info.payload, found.path))
}

/// What the standings in the table mean, by the documentation of their type.
fn standings(catalogue: &[EventInfo]) -> Result<String> {
    let core = source::items(&workspace_root().join("crates/webhook-core/src/lib.rs"))?;
    let mut text = String::new();
    for item in &core {
        let Some(variant) = item.name().strip_prefix("Standing::") else { continue };
        let Some(info) =
            catalogue.iter().find(|info| info.standing.to_string() == variant.to_ascii_lowercase())
        else {
            continue;
        };
        writeln!(text, "- `{}`: {}", info.standing, item.paragraphs().next().unwrap_or_default())?;
    }
    Ok(text)
}
