//! `cargo xtask minimal-versions`: builds the workspace with the oldest version of each dependency that a manifest
//! allows.

use anyhow::Result;
use clap::Args;

use crate::process::{cargo, succeed};
use crate::vendor::workspace_root;

/// Build with the oldest dependencies that the manifests allow.
#[derive(Args)]
pub(crate) struct Arguments {}

pub(crate) fn run(_: &Arguments) -> Result<()> {
    let target = workspace_root().join("target").join("minimal");
    // A separate lock file, so that the one of the workspace is not changed.
    let lock = format!("resolver.lockfile-path='{}'", target.join("Cargo.lock").display());
    for words in [
        &["update", "--quiet", "-Z", "direct-minimal-versions"][..],
        &["check", "--quiet", "--workspace", "--all-features", "--all-targets"],
    ] {
        let mut command = cargo(words.iter().copied());
        command.args(["-Z", "lockfile-path", "--config", &lock]).env("CARGO_TARGET_DIR", &target);
        // The flags are those of the nightly compiler, and do the same on the stable one.
        succeed(command.env("RUSTC_BOOTSTRAP", "1"))?;
    }
    Ok(())
}
