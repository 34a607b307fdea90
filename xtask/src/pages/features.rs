//! The features of a vendor crate, with what its manifest says of each.

use std::fmt::Write as _;
use std::fs;

use anyhow::{Context, Result};

use crate::vendor::Vendor;

pub(crate) fn section(vendor: Vendor) -> Result<String> {
    let path = vendor.crate_root().join("Cargo.toml");
    let manifest = fs::read_to_string(&path).with_context(|| format!("failed to read {}", path.display()))?;
    let features = manifest.split_once("[features]\n").context("the manifest has no features")?.1;
    let features = features.split("\n[").next().unwrap_or_default();
    let mut text = String::from("| feature | what it adds |\n|---|---|\n");
    let mut meaning = Vec::new();
    for line in features.lines() {
        if let Some(comment) = line.strip_prefix('#') {
            meaning.push(comment.trim());
        } else if let Some((name, _)) = line.split_once(" = ").filter(|(name, _)| *name != "default") {
            writeln!(text, "| `{name}` | {} |", meaning.join(" "))?;
            meaning.clear();
        }
    }
    Ok(text)
}
