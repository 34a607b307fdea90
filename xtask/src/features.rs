//! `cargo xtask features`: every published library builds without features, with each one alone, and with all of them.

use std::fs;

use anyhow::{Context, Result};
use clap::Args;

use crate::package::libraries;
use crate::process::{cargo, succeed};
use crate::vendor::workspace_root;

/// Build the libraries with each of their features alone.
#[derive(Args)]
pub(crate) struct Arguments {}

pub(crate) fn run(_: &Arguments) -> Result<()> {
    for library in libraries() {
        check(library, &["--no-default-features"])?;
        for (feature, _) in features(library)? {
            check(library, &["--no-default-features", "--features", &feature])?;
        }
        check(library, &["--all-features"])?;
    }
    Ok(())
}

fn check(library: &str, flags: &[&str]) -> Result<()> {
    println!("checking {library} {}", flags.join(" "));
    let mut check = cargo(["check", "--quiet", "--package", library]);
    check
        .args(flags)
        .env("RUSTFLAGS", "--deny warnings")
        // A separate target folder, because other flags would rebuild everything for other commands.
        .env("CARGO_TARGET_DIR", workspace_root().join("target/features"));
    succeed(&mut check)
}

/// The features of a library, from its manifest, each with the comment above it.
pub(crate) fn features(library: &str) -> Result<Vec<(String, String)>> {
    let path = workspace_root().join("crates").join(library).join("Cargo.toml");
    let manifest = fs::read_to_string(&path).with_context(|| format!("failed to read {}", path.display()))?;
    let section = manifest.split_once("[features]\n").map_or("", |(_, rest)| rest);
    let section = section.split("\n[").next().unwrap_or_default();
    let (mut features, mut meaning) = (Vec::new(), Vec::new());
    for line in section.lines() {
        if let Some(comment) = line.strip_prefix('#') {
            meaning.push(comment.trim());
        } else if let Some((name, _)) = line.split_once(" = ").filter(|(name, _)| *name != "default") {
            features.push((name.to_owned(), meaning.join(" ")));
            meaning.clear();
        }
    }
    Ok(features)
}
