//! `cargo xtask features`: every published library builds without features, with each one alone, and with all of them.

use std::process::Command;

use anyhow::{Context, Result, ensure};
use clap::Args;

use crate::vendor::workspace_root;

/// Build the libraries with each of their features alone.
#[derive(Args)]
pub(crate) struct Arguments {}

/// The libraries. Their features are read from the manifests.
const LIBRARIES: &[&str] = &["webhook-core", "qase-webhooks", "deepsource-webhooks", "monitorqa-webhooks"];

pub(crate) fn run(_: &Arguments) -> Result<()> {
    for library in LIBRARIES {
        check(library, &["--no-default-features"])?;
        for feature in features(library)? {
            check(library, &["--no-default-features", "--features", &feature])?;
        }
        check(library, &["--all-features"])?;
    }
    Ok(())
}

fn check(library: &str, flags: &[&str]) -> Result<()> {
    println!("checking {library} {}", flags.join(" "));
    let status = Command::new(env!("CARGO"))
        .args(["check", "--quiet", "--package", library])
        .args(flags)
        .current_dir(workspace_root())
        .env("RUSTFLAGS", "--deny warnings")
        // A separate target folder, because other flags would rebuild everything for other commands.
        .env("CARGO_TARGET_DIR", workspace_root().join("target/features"))
        .status()
        .context("failed to start cargo")?;
    ensure!(status.success(), "{library} does not build with {}", flags.join(" "));
    Ok(())
}

/// The features of a library, from its manifest.
fn features(library: &str) -> Result<Vec<String>> {
    let manifest = workspace_root().join("crates").join(library).join("Cargo.toml");
    let manifest = std::fs::read_to_string(&manifest).context("failed to read a manifest")?;
    let (_, rest) =
        manifest.split_once("[features]").with_context(|| format!("{library} has no features"))?;
    let section = rest.split("\n[").next().unwrap_or_default();
    let names =
        section.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once(" = "));
    Ok(names.map(|(name, _)| name.trim().to_owned()).filter(|name| name != "default").collect())
}
